"""The template workbooks: one builder a template, on the kit, and the files they become."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.templates.kit.required import REQUIRED
from xladdin.workbook.file.comparison import differences
from xladdin.workbook.model import read_model
from xladdin.workbook.render import recalculate

# Each template's name and the module whose `template()` makes it, imported when it is first built.
TEMPLATES: dict[str, str] = {
    "futures-planner": "xladdin.templates.futures_planner",
    "liquidation-ladder": "xladdin.templates.liquidation_ladder",
    "funding-planner": "xladdin.templates.funding_planner",
    "positions": "xladdin.templates.positions",
    "mining-leveraged": "xladdin.templates.mining_leveraged",
    "mining-hedge": "xladdin.templates.mining_hedge",
    "collateral-loan": "xladdin.templates.collateral_loan",
    "staking-loop": "xladdin.templates.staking_loop",
    "position-sizing": "xladdin.templates.position_sizing",
    "liquidation-probability": "xladdin.templates.liquidation_probability",
}

_IN_CHECKOUT = Path(__file__).parents[2] / "templates"
_IN_WHEEL = Path(__file__).parent / "built"


def build(name: str, path: Path) -> None:
    """Build a template with its values computed; the same version gives the same bytes on the same kind of processor.

    Raises
    ------
    UserError
        When there is no template of this name, or the file can't be written.
    """
    module = importlib.import_module(_module(name))
    with tempfile.TemporaryDirectory() as folder:
        without_values = Path(folder) / path.name
        template = module.template()
        template.required = REQUIRED[name]
        without_values.write_bytes(template.to_bytes())
        recalculate(read_model(without_values), path)


def templates_path(name: str) -> Path:
    """The built file of a template: of the checkout, or of the installed package.

    Raises
    ------
    UserError
        When there is no template of this name, or it has not been built.
    """
    _module(name)
    for folder in (_IN_WHEEL, _IN_CHECKOUT):
        path = folder / f"{name}.xlsx"
        if path.is_file():
            return path
    raise UserError(f"Template {name} is not built: run `xladdin templates build`.")


def find(template: str) -> Path:
    """The workbook that a person means: a template's name, or the path of an .xlsx of their own.

    Raises
    ------
    UserError
        When it is neither.
    """
    if template in TEMPLATES:
        return templates_path(template)
    path = Path(template)
    if path.is_file():
        return path
    if template and (path.is_dir() or path.suffix):
        what = "a folder" if path.is_dir() else "not there"
        raise UnreadableError(
            f"{quoted(template)} is {what}; a template is an .xlsx file or one of {', '.join(TEMPLATES)}."
        )
    raise UserError(f"{quoted(template)} is neither a file nor a template: there are {', '.join(TEMPLATES)}.")


def build_all(folder: Path = _IN_CHECKOUT) -> list[Path]:
    """Build every template into a folder; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.xlsx" for name in TEMPLATES]
    for path in paths:
        build(path.stem, path)
    return paths


def stale(folder: Path = _IN_CHECKOUT) -> list[str]:
    """The names of the templates whose file in a folder is missing or not the workbook that their builder makes."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for fresh in build_all(Path(scratch)):
            kept = folder / fresh.name
            if not kept.is_file() or differences(kept, fresh):
                found.append(fresh.stem)
    return found


def _module(name: str) -> str:
    if name not in TEMPLATES:
        raise UserError(f"There is no template {name!r}: there are {', '.join(TEMPLATES)}.")
    return TEMPLATES[name]

"""A template for the host that it will be opened in: each stores our functions' names in its own way."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xladdin.core.errors import UserError
from xladdin.hosts.registry import host_of
from xladdin.workbook import flag
from xladdin.workbook.model import Model
from xladdin.workbook.render import recalculate


def write(model: Model, target: Path, inputs: Mapping[str, Any], host: str = "excel", form: str = "xlsx") -> str:
    """Fill in and compute a workbook, and write it in the form that a host wants.

    Parameters
    ----------
    model : Model
        The workbook.
    target : Path
        Where it is written.
    inputs : mapping
        Values by the name of the input.
    host : str
        One of `registry.HOSTS`.
    form : str
        "xlsx", or "xlsm" for one that carries the functions' macros itself.

    Returns
    -------
    str
        What its own flag says where one of its checks fails, or nothing.

    Raises
    ------
    UserError
        When the file can't be written, its ending is another, or host and form do not go together.
    """
    check_ending(target, form)
    known = host_of(host)
    edition = known.edition
    if form == "xlsm":
        if known.macro_edition is None:
            raise UserError(
                f"--format xlsm has the functions as macros and does not go with --host {host}; choose one."
            )
        edition = known.macro_edition if model.path.suffix.lower() != ".xlsm" else None
    if edition is None:
        return flag.failing(model, recalculate(model, target, inputs))
    with tempfile.TemporaryDirectory() as folder:
        computed = Path(folder) / "computed.xlsx"
        values = recalculate(model, computed, inputs)
        edition(computed, target)
    return flag.failing(model, values)


def check_ending(path: Path, form: str) -> None:
    """Refuse a file whose ending says that it is another kind.

    Raises
    ------
    UserError
        When it is.
    """
    if form not in ("xlsx", "xlsm") or path.suffix.lower() != f".{form}":
        allowed = f".{form}" if form in ("xlsx", "xlsm") else ".xlsx or .xlsm"
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        raise UserError(f"{path} {ending}; allowed here is {allowed}.")

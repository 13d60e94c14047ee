"""The gallery of the templates: templates/README.md, and a picture of each dashboard drawn by LibreOffice.

The pictures take LibreOffice and poppler's pdftoppm.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice.installation import find_program
from xladdin.templates import names, workbook_path
from xladdin.templates.library import ORIGINAL, languages_of, text_path
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.values_only import values_only

_CHECKOUT = Path(__file__).parents[1]
_PICTURES = _CHECKOUT / "docs" / "images"
_PIXELS_WIDE = 900
_HEAD = """# The templates

Each is a workbook that answers one question: on Inputs change the blue cells and read the results beside them;
Dashboard shows them at a glance, Calculations how they come about, Checks that they agree with plain formulas, Read
me what is assumed. The pictures are the dashboards as shipped; each worked example is the same workbook filled in
with another case. `xladdin templates NAME` lists every input with its unit, default and limits; `xladdin report` fills
a template in for each row of a table. None of it is advice.
"""


def text() -> str:
    """The gallery's page, as Markdown."""
    return "\n".join([_HEAD, *(f"- [{_title(name)}](#{_anchor(name)})" for name in names()), "", *_parts()])


def picture(name: str) -> Path:
    """The picture of a template's dashboard."""
    return _PICTURES / f"{name}.png"


def draw(wanted: Sequence[str]) -> None:
    """Draw the dashboards of templates.

    Raises
    ------
    UserError
        When LibreOffice or poppler is missing.
    """
    office = find_program("soffice")
    if office is None or None in map(shutil.which, ("pdftoppm", "pdftotext")):
        raise UserError("The gallery's pictures take LibreOffice (soffice) and poppler (pdftoppm, pdftotext).")
    with tempfile.TemporaryDirectory() as scratch:
        profile = (Path(scratch) / "profile").as_uri()
        options = ["--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir", scratch]
        _run(office, *options, *(_copy_of_values(name, Path(scratch)) for name in wanted))
        for name in wanted:
            _draw_dashboard(Path(scratch) / f"{name}.pdf", picture(name))


def _copy_of_values(name: str, folder: Path) -> Path:
    """A template's values alone, which need no extension in LibreOffice."""
    workbook = workbook_path(name)
    copy = folder / workbook.name
    copy.write_bytes(values_only(workbook.read_bytes(), workbook.name))
    return copy


def _parts() -> Iterable[str]:
    for name in names():
        properties = openpyxl.load_workbook(workbook_path(name)).properties
        model = read_model(workbook_path(name))
        yield f"## {properties.title}\n"
        yield f"{properties.description}\n"
        yield (
            f"{len(model.inputs)} inputs, {len(model.outputs)} results. [{name}.xlsx](../templates/{name}.xlsx) · "
            f"[a worked example](../workbooks/{name}-example.xlsx){_languages(name)}\n"
        )
        yield f"![The dashboard of {name}](../docs/images/{name}.png)\n"


def _languages(name: str) -> str:
    """In which other languages it is there."""
    others = [f"`--language {each}`" for each in languages_of(text_path(name)) if each != ORIGINAL]
    return f" · {', '.join(others)}" if others else ""


def _title(name: str) -> str:
    return str(openpyxl.load_workbook(workbook_path(name), read_only=True).properties.title)


def _anchor(name: str) -> str:
    return _title(name).lower().replace(" ", "-")


def _draw_dashboard(document: Path, picture: Path) -> None:
    page = str(_dashboard_page(document))
    size = ["-scale-to-x", str(_PIXELS_WIDE), "-scale-to-y", "-1"]
    _run("pdftoppm", "-png", "-singlefile", "-f", page, "-l", page, *size, document, picture.with_suffix(""))


def _dashboard_page(document: Path) -> int:
    """The number of the page whose header names the sheet Dashboard."""
    pages = _run("pdftotext", "-layout", document, "-").split("\f")
    return next(number for number, page in enumerate(pages, 1) if page.split()[:1] == ["Dashboard"])


def _run(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout

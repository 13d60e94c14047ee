"""The pictures of docs/templates.md: its two templates, built, and their sheets drawn by LibreOffice and poppler."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice.installation import find_program
from xladdin.templates.build import write
from xladdin.templates.library import fields_path
from xladdin.templates.read import read_template

_CHECKOUT = Path(__file__).parents[1]
PAGE = _CHECKOUT / "docs" / "templates.md"
_IMAGES = _CHECKOUT / "docs" / "images"
_RESOLUTION = 72

# Of which template and page each picture is, and how much of it from the top: width and height in pixels.
PICTURES = {
    "first-look": ("tutorial", "Dashboard", 596, 470),
    "read-me": ("language", "Read me", 596, 400),
    "inputs": ("language", "Inputs", 842, 330),
    "list": ("language", "Bookings", 842, 330),
    "calculations": ("language", "Calculations", 596, 540),
    "dashboard": ("language", "Dashboard", 596, 440),
    "checks": ("language", "Checks", 596, 400),
}


def texts() -> dict[str, list[str]]:
    """The blocks of TOML on the page: those of the tutorial, and those of the language."""
    tutorial, _, language = PAGE.read_text(encoding="utf-8").partition("## The language on one page")
    parts = {"tutorial": tutorial, "language": language}
    return {name: re.findall(r"```toml\n(.*?)```", part, re.DOTALL) for name, part in parts.items()}


def picture(name: str) -> Path:
    """The file of a picture."""
    return _IMAGES / f"template-{name}.png"


def draw() -> None:
    """Draw all pictures of the page.

    Raises
    ------
    UserError
        When LibreOffice or poppler is missing.
    """
    office = find_program("soffice")
    if office is None or None in map(shutil.which, ("pdftoppm", "pdftotext")):
        raise UserError("These pictures take LibreOffice (soffice) and poppler (pdftoppm, pdftotext).")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, blocks in texts().items():
            text = folder / f"{name}.toml"
            text.write_text("\n".join(blocks), encoding="utf-8")
            write(read_template(text, fields_path()), folder / f"{name}.xlsx")
        profile = (folder / "profile").as_uri()
        options = ["--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir", scratch]
        _run(office, *options, *(folder / f"{name}.xlsx" for name in texts()))
        for name, (template, sheet, width, height) in PICTURES.items():
            _draw_page(folder / f"{template}.pdf", sheet, picture(name), width, height)


def _draw_page(document: Path, sheet: str, target: Path, width: int, height: int) -> None:
    """The top of the first page whose header names the sheet."""
    pages = _run("pdftotext", "-layout", document, "-").split("\f")
    page = str(next(number for number, text in enumerate(pages, 1) if text.strip().startswith(sheet)))
    size = ["-r", str(_RESOLUTION), "-x", "0", "-y", "0", "-W", str(width), "-H", str(height)]
    _run("pdftoppm", "-png", "-singlefile", "-f", page, "-l", page, *size, document, target.with_suffix(""))


def _run(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    draw()

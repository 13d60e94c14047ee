"""A workbook for Google Sheets: its calls of our functions as formulas that Sheets has itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

from xladdin import installed
from xladdin.core.errors import UserError
from xladdin.hosts.host import PROBE, Finding, Host, live
from xladdin.hosts.sheets import script
from xladdin.hosts.sheets.inline import inlined, takes_whole_ranges
from xladdin.workbook.engine import evaluate
from xladdin.workbook.file.package import compress, open_package, with_members
from xladdin.workbook.file.writing import write_whole

_CELL = re.compile(r'(<(?:\w+:)?c [^>]*?r="([A-Z]+\d+)"[^>]*><(?:\w+:)?f)([^>/]*)>([^<]*)<')
_NAME = re.compile(r"(<(?:\w+:)?(?:definedName|formula|formula1|formula2|calculatedColumnFormula)(?: [^>]*)?>)([^<]*)<")


def with_plain_formulas(source: Path, target: Path) -> None:
    """Write a copy of a workbook that needs nothing installed; its values stay as they are.

    Raises
    ------
    UserError
        When the source can't be read, the target can't be written, or a formula has no form without our functions.
    """
    package = open_package(source)
    changed = {}
    for part in package.members:
        if part.startswith(("xl/worksheets/", "xl/workbook.xml", "xl/tables/")) and part.endswith(".xml"):
            text = package.read(part).decode()
            try:
                plain = _NAME.sub(_plain_text, _CELL.sub(_plain_cell, text))
            except UserError as error:
                raise UserError(f"{source.name}, {part}: {error}") from None
            if plain != text:
                changed[part] = compress(plain.encode())
    write_whole(target, with_members(package, changed))


def _plain_cell(found: re.Match[str]) -> str:
    start, cell, attributes, formula = found.groups()
    text = unescape(formula)
    try:
        plain = inlined(text)
    except UserError as error:
        raise UserError(f"cell {cell}: {error}") from None
    if plain != text and takes_whole_ranges(text) and " t=" not in attributes:
        attributes = f' t="array" ref="{cell}"{attributes}'
    return f"{start}{attributes}>{escape(plain)}<"


def _plain_text(found: re.Match[str]) -> str:
    return f"{found[1]}{escape(inlined(unescape(found[2])))}<"


def _findings() -> Iterator[Finding]:
    yield live("sheets", "a call in plain formulas", _in_plain_formulas, installed.again())


def _in_plain_formulas() -> Any:
    name, arguments, _ = PROBE
    plain = inlined(f"={name}({','.join(map(str, arguments))})")
    return evaluate(re.sub(r"_xl(?:fn|ws|pm)\.", "", plain))


HOST = Host(
    name="sheets",
    where="Google Sheets",
    how="`xladdin new futures-planner --host sheets -o FILE.xlsx`, or the script of `xladdin build sheets -o FILE.gs` "
    "([more](docs/google-sheets.md))",
    proved="the script by node, the formulas by a formula engine. **Not run in Google Sheets.**",
    findings=_findings,
    edition=with_plain_formulas,
    build=script.build,
    built="The script for Google Sheets, a .gs file.",
)

"""What is wrong with the sheets of a workbook, by the place of the cell: what no library says."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from openpyxl.utils.cell import column_index_from_string

from xladdin.core.errors import CODES, UnreadableError, UserError, quoted
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.sheet import MOST_COLUMNS, MOST_ROWS, address_of

_FAR = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br=["\']([A-Z]{3,}\d{1,18}|[A-Z]*\d{7,18})')  # what may be off a sheet
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br=["\'](\d+)')
_BEYOND_Z = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br=["\']([A-Z]{2,3})(\d+)')
_MOST_BLANK = 30_000_000  # cells that are read even if nearly all are blank: the columns to Z of a whole sheet
_MOST_SPARSE = 50  # blank cells for each with something in it, beyond that
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ATTRIBUTE = re.compile(rb"(\w+)=[\"']([^\"']*)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_PLACE = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_OF_A_CELL = ((b"r", b"A1"), (b"t", b"n"))
_SHOWN = 60  # characters of what was found
_KINDS = {
    "n": "a number",
    "s": "the number of a shared text",
    "b": "0 or 1",
    "e": "an error such as #N/A",
    "str": "a text",
    "inlineStr": "a text",
    "d": "a date",
}


def check_places(path: Path, package: packages.Package) -> None:
    """A cell far off a sheet would be read with all the blank ones before it."""
    try:
        parts = packages.sheet_parts(package)
    except (UserError, KeyError, ElementTree.ParseError):
        return  # is said where the sheets are read
    for name, part in parts.items():
        xml = package.read(part)
        for found in _FAR.finditer(xml):
            place = found[1].decode()
            row, column = address_of(place)
            if row > MOST_ROWS or column > MOST_COLUMNS:
                what = "cell" if column else "row"
                raise UnreadableError(
                    f"{path}, sheet {name}: found the {what} {place[:20]}; allowed are rows to {MOST_ROWS} and "
                    "columns to XFD."
                )
        _check_gaps(path, name, xml)


def _check_gaps(path: Path, name: str, xml: bytes) -> None:
    """A cell far from all others is read with all the blank ones between, which no memory holds."""
    rows = [int(row) for row in _ROW.findall(xml)]
    last_row = max(rows, default=1)
    places = _BEYOND_Z.findall(xml)
    letters = max((letters for letters, _ in places), key=lambda letters: (len(letters), letters), default=b"Z")
    size = last_row * column_index_from_string(letters.decode())
    if size > _MOST_BLANK and size > _MOST_SPARSE * (xml.count(b"<c ") + xml.count(b":c ")):
        place = next((f"{found.decode()}{row.decode()}" for found, row in places if found == letters), f"A{last_row}")
        raise UnreadableError(
            f"{path}, sheet {name}: found the cell {place} far from the others, with {size:,} cells to the row "
            f"{last_row}; allowed is a table whose cells are together."
        )


def odd_cell(path: Path) -> str:
    """The first cell of a workbook that holds what its kind does not allow, and what is allowed; or nothing."""
    try:
        package = packages.open_package(path)
        strings = sum(
            package.read(part).count(b"<si")
            for part in packages.related(package, "xl/workbook.xml", "/sharedStrings")
            if part in package.members
        )
        sheets = {name: package.read(part) for name, part in packages.sheet_parts(package).items()}
    except (UserError, KeyError, ElementTree.ParseError):
        return ""
    for name, xml in sheets.items():
        for attributes, inside in _CELL.findall(xml):
            if said := _oddity(dict(_ATTRIBUTE.findall(attributes)), inside, strings):
                return f", sheet {name}{said}"
    return ""


def _oddity(attributes: dict[bytes, bytes], inside: bytes, strings: int) -> str:
    place, kind = (attributes.get(key, default).decode("utf-8", "replace") for key, default in _OF_A_CELL)
    value = _VALUE.search(inside)
    text = unescape(value[1].decode("utf-8", "replace")) if value else ""
    if not _PLACE.fullmatch(place):
        return f": found a cell at {quoted(place[:_SHOWN])}; allowed are places such as B3"
    if kind not in _KINDS:
        return f", cell {place}: found the kind {quoted(kind[:_SHOWN])}; allowed are {', '.join(_KINDS)}"
    if value and not _is_of_kind(kind, text, strings):
        return f", cell {place}: found {quoted(text[:_SHOWN])}; allowed is {_KINDS[kind]}"
    return ""


def _is_of_kind(kind: str, text: str, strings: int) -> bool:
    """Whether a cell of a kind may hold a text."""
    if kind == "s":
        return text.isdecimal() and int(text) < strings
    if kind == "b":
        return text in ("0", "1")
    if kind == "e":
        return text in CODES
    try:
        return kind != "n" or float(text) == float(text)
    except ValueError:
        return False

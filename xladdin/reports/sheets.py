"""A table on a sheet of a workbook, of Excel or of LibreOffice: every value as it is stored, errors among them."""

from __future__ import annotations

import datetime
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars
from openpyxl.utils.cell import column_index_from_string
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.reports import sheet_faults
from xladdin.reports.remarks import Doubt
from xladdin.reports.text_files import first_line, header_of
from xladdin.reports.unpacking import Unpacked
from xladdin.reports.wording import listed
from xladdin.workbook.file import budget
from xladdin.workbook.file import package as packages

KINDS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OPEN_XML = (".xlsx", ".xlsm")
_LARGEST = 300 * 2**20  # bytes of a workbook with a table, unpacked, unless more is allowed
_OF_CELLS = ("xl/worksheets/", "xl/sharedStrings.xml")
_STARTS = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x09\x08\x10\x00", b"\x09\x08\x08\x00")  # of workbooks of all kinds
_LINES = 200  # that are looked at to find the header
_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>([^<]*)</v>')
_UNCOMPUTED = re.compile(rb'<c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*>([^<]*)</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>')


@dataclass(frozen=True)
class SheetLayout:
    """Which sheet of a workbook is read, its names and their line."""

    source: Unpacked
    sheet: str
    header: int
    names: list[str]
    broken: dict[tuple[int, int], str]  # what stands in cells without a value: an error, a formula not computed
    remarks: list[str] = field(default_factory=list)


def layout_of(path: Path, source: Unpacked, sheet: str | None = None, header: int | None = None) -> SheetLayout:
    """Find out which sheet of a workbook is read.

    Raises
    ------
    UnreadableError
        When the file can't be read, or no sheet has a table.
    """
    try:
        return _layout_of(path, source, sheet, header)
    except BaseException as error:
        is_given_up = type(error).__name__ == "PanicException"  # of a class that can't be imported
        if not isinstance(error, CalamineError) and not is_given_up:
            raise
        odd = sheet_faults.odd_cell(source.path) if source.path.suffix.lower() in _OPEN_XML else ""
        what = first_line(error) if isinstance(error, CalamineError) else "its sheets are damaged"
        said = odd or f" can't be read as a table: {what}"
        raise UnreadableError(f"{path}{said}.") from None


def _layout_of(path: Path, source: Unpacked, sheet: str | None, header: int | None) -> SheetLayout:
    book = _opened(path, source)
    names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None:
        chosen = next((name for name in names if name.casefold() == sheet.casefold()), None)
        if chosen is None:
            raise UnreadableError(f"{path} has no sheet {quoted(sheet)}; its sheets are {listed(names)}.")
        candidates, others = [chosen], []
    else:
        seen = [
            each.name
            for each in book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        ]
        candidates = [name for name in seen or names if _height(book, name) > 1]
        others = candidates[1:]
    if not candidates:
        raise UnreadableError(f"{path} has no rows; a table has a line of column names and at least one row below it.")
    rows = [[text_of(value) or "" for value in row] for row in _first_rows(book, candidates[0])]
    found = header - 1 if header else header_of(rows)
    cells = [name.strip() for name in rows[found]] if found < len(rows) else []
    while cells and not cells[-1]:
        cells.pop()
    if not cells or _height(book, candidates[0]) <= found + 1:
        raise UnreadableError(f"{path} has no rows; a table has a line of column names and at least one row below it.")
    told = f"{path} has more sheets with rows ({listed(others)}); read is {candidates[0]}."
    remarks: list[str] = [Doubt(told)] if others else []
    broken = _broken(source.path, candidates[0]) if source.path.suffix.lower() in _OPEN_XML else {}
    return SheetLayout(source, candidates[0], found + 1, cells, broken, remarks)


def frames(layout: SheetLayout, size: int) -> Iterator[polars.DataFrame]:
    """The rows below the header, every value a text, numbers to their last digit."""
    sheet = CalamineWorkbook.from_path(str(layout.source.path)).get_sheet_by_name(layout.sheet)
    width = len(layout.names) + 1
    names = [f"column_{position}" for position in range(width)]
    first_column = sheet.start[1] if sheet.start else 0
    batch: list[list[str | None]] = []
    for row, values in enumerate(sheet.iter_rows()):
        if row < layout.header:
            continue
        texts = [None] * first_column + [text_of(value) for value in values]
        if layout.broken:
            for column in range(width):
                if (row + 1, column + 1) in layout.broken:
                    texts += [None] * (column + 1 - len(texts))
                    texts[column] = layout.broken[row + 1, column + 1]
        beyond = next((text for text in texts[width - 1 :] if text is not None), None)
        batch.append([*texts[: width - 1], *[None] * (width - 1 - len(texts)), beyond])
        if len(batch) == size:
            yield _frame(batch, names)
            batch = []
    if batch:
        yield _frame(batch, names)


def text_of(value: Any) -> str | None:
    """A cell's value as text: a number to its last digit, a date as ISO 8601."""
    if type(value) is str:
        return value or None
    if type(value) is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.timedelta):
        return repr(value / datetime.timedelta(days=1))
    return str(value)


def _frame(rows: list[list[str | None]], names: list[str]) -> polars.DataFrame:
    return polars.DataFrame(rows, schema=dict.fromkeys(names, polars.String), orient="row")


def _height(book: CalamineWorkbook, name: str) -> int:
    """The number of the last row with a value."""
    end = book.get_sheet_by_name(name).end
    return end[0] + 1 if end else 0


def _first_rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    sheet = book.get_sheet_by_name(name)
    first_row, first_column = sheet.start or (0, 0)
    most = first_row + _LINES
    return [[""] * first_column + list(row) for row in itertools.islice(sheet.iter_rows(), most)]


def _package(path: Path) -> packages.Package:
    """A workbook of which only one sheet is read, and no model made: its cells may be more than those of others."""
    most = budget.budget().size
    with budget.allowed(max(most, _LARGEST)):
        package = packages.open_package(path)
    others = sum(member.size for name, member in package.members.items() if not name.startswith(_OF_CELLS))
    if others > most:
        raise budget.refuse(f"{path} unpacks to {others:,} bytes without its sheets", others, most)
    return package


def _opened(path: Path, source: Unpacked) -> CalamineWorkbook:
    kind = source.path.suffix.lower()
    if kind in _OPEN_XML:
        package = _package(source.path)  # has the sentences for what is encrypted, cut, or another file
        sheet_faults.check_places(path, package)
    try:
        return CalamineWorkbook.from_path(str(source.path))
    except PasswordError:
        raise UnreadableError(f"{path} is encrypted; save it without a password.") from None
    except CalamineError:
        with source.path.open("rb") as file:
            is_workbook = file.read(4) in _STARTS
        if is_workbook:
            raise
        raise UnreadableError(
            f"{path} is no workbook, whatever its name says; save it anew as .xlsx or .csv."
        ) from None
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{path} can't be read as a table: {first_line(error)}.") from None


def _broken(path: Path, name: str) -> dict[tuple[int, int], str]:
    """The cells of a sheet that hold an error, or a formula that nobody has computed."""
    try:
        package = _package(path)
        part = packages.sheet_parts(package).get(name)
        xml = package.read(part) if part else b""
    except (UserError, KeyError, zipfile.BadZipFile):
        return {}
    found = {}
    for pattern, mark in ((_UNCOMPUTED, "="), (_ERROR, "")):
        for column, row, text in pattern.findall(xml):
            found[int(row), column_index_from_string(column.decode())] = mark + text.decode("utf-8", "replace")
    return found

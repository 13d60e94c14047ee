"""References in formulas: cells, ranges and the columns of tables, as places of a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import formualizer
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.table import Table

from xladdin.workbook.file.sheet import Address

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_PART = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
_ESCAPED = re.compile(r"'(.)")
_CORNERS = re.compile(r"(\$?[A-Za-z]{1,3})?(\$?)(\d+)(?::(\$?[A-Za-z]{1,3})?(\$?)(\d+))?")


class NoReferenceError(ValueError):
    """A reference that does not name cells of this workbook."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells on one sheet."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def is_cell(self) -> bool:
        return self.first_row == self.last_row and self.first_column == self.last_column

    @property
    def size(self) -> int:
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)

    def rows(self) -> Iterator[list[Address]]:
        for row in range(self.first_row, self.last_row + 1):
            yield [(row, column) for column in range(self.first_column, self.last_column + 1)]

    def within(self, row: int, column: int) -> Area:
        """The part up to a sheet's last used cell: a whole column is as long as what is in it."""
        if self.last_row < _LAST_ROW and self.last_column < _LAST_COLUMN:
            return self
        return Area(
            self.sheet,
            self.first_row,
            self.first_column,
            max(self.first_row, min(self.last_row, row)),
            max(self.first_column, min(self.last_column, column)),
        )


def area_of(reference: str, sheet: str) -> Area:
    """The cells of a reference such as B7, $A$1:$C$9, A:A or 'My sheet'!B7.

    Raises
    ------
    NoReferenceError
        When it is none, or one of several sheets or of another workbook.
    """
    title, _, cells = reference.rpartition("!")
    if is_external(reference) or (":" in title and not title.startswith("'")):
        raise NoReferenceError(reference)
    name = title[1:-1].replace("''", "'") if title.startswith("'") else title
    try:
        first_column, first_row, last_column, last_row = range_boundaries(cells)
    except (ValueError, TypeError):
        raise NoReferenceError(reference) from None
    rows = sorted((first_row or 1, last_row or _LAST_ROW))  # B9:B7 is what B7:B9 is
    left, right = sorted((first_column or 1, last_column or _LAST_COLUMN))
    return Area(name or sheet, rows[0], left, rows[1], right)


def corners(reference: str) -> re.Match[str] | None:
    """The parts of a reference's cells, without its sheet: column, $ and row of its first corner and of its last."""
    found = _CORNERS.fullmatch(reference.rpartition("!")[2])
    return found if found and (found[1] or found[6]) else None


def around_rows(formula: str, row: int) -> list[str | int]:
    """A formula of this row as it is in any row: texts, and between them how far below its own row a relative one is.

    Examples
    --------
    >>> around_rows("=B8*$C8+D$2+E7", 8)
    ['=B', 0, '*$C', 0, '+D$2+E', -1, '']
    """
    marked: list[str | int] = []
    source = formula.encode()
    position = 0
    for token in formualizer.tokenize(formula):
        found = corners(token.value) if token and str(token.subtype) == "Range" else None
        if not token or not found:
            continue
        before = len(token.value[: found.start() + len(token.value) - len(found.string)].encode())
        for fixed, number in ((2, 3), (5, 6)):
            if found[number] and not found[fixed]:
                start = token.start + before + found.start(number)
                marked += [source[position:start].decode(), int(found[number]) - row]
                position = start + len(found[number])
    return [*marked, source[position:].decode()]


def is_external(reference: str) -> bool:
    """Whether a reference leads into another workbook, such as [other.xlsx]Sheet1!A1."""
    return "[" in reference.rpartition("!")[0]


def without_tables(formula: str, row: int, tables: Mapping[str, tuple[str, Table]]) -> str:
    """The formula with its references to tables as plain ones; those that can't be resolved stay.

    Parameters
    ----------
    formula : str
        The formula with its equals sign.
    row : int
        The row of its cell, for references to the same row of a table.
    tables : mapping
        Each table with its sheet, by its name in lower case.
    """
    text = formula.casefold()
    if not any(name in text for name in tables):
        return formula
    return rewritten(formula, lambda reference: _plain(reference, row, tables) or reference)


def rewritten(formula: str, change: Callable[[str], str]) -> str:
    """The formula, with its equals sign, with each reference in it changed."""
    source = formula.encode()
    out: list[bytes] = []
    position = 0
    for token in formualizer.tokenize(formula):
        if token and str(token.subtype) == "Range":
            out += [source[position : token.start], change(token.value).encode()]
            position = token.end
    return (b"".join(out) + source[position:]).decode()


def _plain(reference: str, row: int, tables: Mapping[str, tuple[str, Table]]) -> str | None:
    name, _, rest = reference.partition("[")
    if name.casefold() not in tables:
        return None
    sheet, table = tables[name.casefold()]
    first_column, first_row, last_column, last_row = range_boundaries(table.ref)
    header, totals = table.headerRowCount if table.headerRowCount is not None else 1, table.totalsRowCount or 0
    body = (first_row + header, last_row - totals)
    keywords, named = _specifiers(rest.removesuffix("]"))
    columns = [_header(column.name) for column in table.tableColumns]
    try:
        places = [columns.index(_header(column)) + first_column for column in named]
    except ValueError:
        return None
    rows = {
        (): body,
        ("#data",): body,
        ("#all",): (first_row, last_row),
        ("#headers",): (first_row, first_row),
        ("#totals",): (last_row, last_row),
        ("#this row",): (row, row),
        ("#headers", "#data"): (first_row, body[1]),
        ("#data", "#totals"): (body[0], last_row),
    }.get(tuple(keywords))
    if rows is None:
        return None
    left, right = (min(places), max(places)) if places else (first_column, last_column)
    quoted = sheet.replace("'", "''")
    fixed = "" if keywords == ["#this row"] else "$"
    first = f"'{quoted}'!${get_column_letter(left)}{fixed}{rows[0]}"
    return first if (left, rows[0]) == (right, rows[1]) else f"{first}:${get_column_letter(right)}{fixed}{rows[1]}"


def _header(name: str) -> str:
    """A column's name to compare by: a file has a line break in it as _x000a_."""
    return str(unescape(name)).replace("\r", "").casefold()


def _specifiers(inside: str) -> tuple[list[str], list[str]]:
    """The keywords (#This Row and its kin) and the columns that stand between a table's brackets."""
    if inside.startswith("@"):
        column = inside[1:]
        found = _PART.findall(column) or ([column] if column else [])
        return ["#this row"], [_ESCAPED.sub(r"\1", name) for name in found]
    parts = _PART.findall(inside) if inside.startswith("[") else [inside] if inside else []
    keywords = [part.casefold() for part in parts if part.startswith("#")]
    return keywords, [_ESCAPED.sub(r"\1", part) for part in parts if not part.startswith("#")]

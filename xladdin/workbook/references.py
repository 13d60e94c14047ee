"""References in formulas: cells, ranges and the columns of tables, as places of a workbook."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import formualizer
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from xladdin.workbook.file.sheet import Address
from xladdin.workbook.file.splice import spliced

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_VAST = 1_000_000  # cells
_PART = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
_ESCAPED = re.compile(r"'(.)")
_CELLS = re.compile(r"([A-Za-z]{1,3})?(\d{1,7})?(?::([A-Za-z]{1,3})?(\d{1,7})?)?")
_CORNER = re.compile(r"(?:(\$?)([A-Za-z]{1,3}))?(?:(\$?)(\d{1,7}))?")
_LAST_LETTERS = "XFD"
_WEAKEST_FIRST = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
_CORNERS = re.compile(r"(\$?[A-Za-z]{1,3})?(\$?)(\d+)(?::(\$?[A-Za-z]{1,3})?(\$?)(\d+))?")


class Table(Protocol):
    """What is asked of an Excel table."""

    @property
    def sheet(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def first_row(self) -> int: ...
    @property
    def last_row(self) -> int: ...
    @property
    def first_column(self) -> int: ...
    @property
    def last_column(self) -> int: ...
    @property
    def header_rows(self) -> int: ...
    @property
    def has_totals(self) -> bool: ...
    def holds(self, sheet: str, row: int, column: int) -> bool: ...


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

    @property
    def is_unbounded(self) -> bool:
        """Whether it is of whole rows or columns."""
        return self.last_row >= _LAST_ROW or self.last_column >= _LAST_COLUMN

    @property
    def is_clipped(self) -> bool:
        """Whether it is read only as far as its sheet is used: most of its cells must be blank."""
        return self.is_unbounded or self.size > _VAST

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns it has."""
        return self.last_row - self.first_row + 1, self.last_column - self.first_column + 1

    @property
    def written(self) -> str:
        """The area as a formula has it."""
        title = self.sheet.replace("'", "''")
        corners = ((self.first_row, self.first_column), (self.last_row, self.last_column))
        return f"'{title}'!" + ":".join(f"${get_column_letter(column)}${row}" for row, column in corners)

    def of(self, height: int, width: int) -> Area:
        """As many rows and columns from its first cell on."""
        last = min(self.first_row + height - 1, _LAST_ROW), min(self.first_column + width - 1, _LAST_COLUMN)
        return Area(self.sheet, self.first_row, self.first_column, *last)

    def cell(self, row: int, column: int) -> Area:
        """One cell of its sheet."""
        return Area(self.sheet, row, column, row, column)

    def on(self, sheet: str) -> Area:
        """The same cells of another sheet."""
        return Area(sheet, self.first_row, self.first_column, self.last_row, self.last_column)

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.sheet == other.sheet
            and self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_column <= other.last_column
            and other.first_column <= self.last_column
        )

    def rows(self) -> Iterator[list[Address]]:
        for row in range(self.first_row, self.last_row + 1):
            yield [(row, column) for column in range(self.first_column, self.last_column + 1)]

    def within(self, row: int, column: int) -> Area:
        """The part up to a sheet's last used cell: a whole column is as long as what is in it."""
        if not self.is_clipped:
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
    found = _CELLS.fullmatch(cells.replace("$", ""))
    if found is None:
        raise NoReferenceError(reference)
    left, top, right, bottom = found.groups()
    if not (top or bottom) and not (left and right):  # a column alone, or a row
        raise NoReferenceError(reference)
    is_range = ":" in cells
    if is_range and ((left is None) != (right is None) or (top is None) != (bottom is None)):
        raise NoReferenceError(reference)
    if not is_range:
        right, bottom = left, top
    if not is_range and not (left and top):
        raise NoReferenceError(reference)
    rows = sorted((int(top or 1), int(bottom or _LAST_ROW)))  # B9:B7 is what B7:B9 is
    first, last = sorted((column_number(left or "A"), column_number(right or _LAST_LETTERS)))
    if rows[0] < 1 or rows[1] > _LAST_ROW or last > _LAST_COLUMN:
        raise NoReferenceError(reference)
    return Area(name or sheet, rows[0], first, rows[1], last)


def areas_of(reference: str, sheet: str, sheets: Sequence[str]) -> list[Area]:
    """The cells of a reference, which may be of several sheets from one to another (Jan:Dec!B7).

    Raises
    ------
    NoReferenceError
        When it is none.
    """
    title, _, cells = reference.rpartition("!")
    plain = title.strip("'").replace("''", "'")
    if ":" not in plain or is_external(reference):
        return [area_of(reference, sheet)]
    known = [name.casefold() for name in sheets]
    try:
        first, last = sorted(known.index(name.casefold()) for name in plain.split(":"))
    except ValueError:
        raise NoReferenceError(reference) from None
    return [area_of(cells, name) for name in sheets[first : last + 1]]


@functools.cache
def column_number(letters: str) -> int:
    """The number of a column."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def is_cell(text: str) -> bool:
    """Whether a word is the address of a cell, in either way of writing such."""
    found = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", text)
    if found:
        return column_number(found[1]) <= _LAST_COLUMN and 1 <= int(found[2]) <= _LAST_ROW
    return bool(re.fullmatch(r"[Rr]\d+[Cc]\d+", text))


def parsed(formula: str) -> dict[str, Any]:
    """A formula, with its equals sign, as a tree.

    Raises
    ------
    formualizer.ParserError, formualizer.TokenizerError, ValueError
        When it is none.
    """
    try:
        tree: dict[str, Any] = formualizer.parse(formula).to_dict()
    except formualizer.ParserError as error:
        found = _parsed_in_parts(formula) if "height limit" in str(error) else None
        if found is None:
            raise
        return found
    return tree


def _parsed_in_parts(formula: str) -> dict[str, Any] | None:
    """A formula of more operators one after another than the parser takes; nothing where it is deep without such."""
    tokens = [token for token in formualizer.tokenize(formula) if token]
    source = formula.encode()
    for signs in _WEAKEST_FIRST:
        starts: list[tuple[int, int, str]] = []
        depth = 0
        for token in tokens:
            text = token.value.strip()
            depth += text.endswith(("(", "{")) - (text in (")", "}"))
            if depth == 0 and text in signs and "Infix" in str(token.token_type):
                starts.append((token.start, token.end, text))
        if starts:
            edges = [(0, 1, ""), *starts, (len(source), len(source), "")]
            parts = [source[end:start].decode() for (_, end, _), (start, _, _) in itertools.pairwise(edges)]
            if not parts[-1].strip():
                raise ValueError("unexpected end")
            tree = parsed(f"={parts[0]}")
            for (_, _, sign), part in zip(starts, parts[1:], strict=True):
                tree = {"node_type": "BinaryOp", "operator": sign, "left": tree, "right": parsed(f"={part}")}
            return tree
    return None


def shifted(formula: str, down: int, right: int) -> str:
    """A formula, with its equals sign, as it is so many rows below and columns to the right."""
    if not down and not right:
        return formula
    return rewritten(formula, lambda reference: _shifted(reference, down, right))


def _shifted(reference: str, down: int, right: int) -> str:
    title, mark, cells = reference.rpartition("!")
    parts = [_CORNER.fullmatch(part) for part in cells.split(":")]
    if not all(parts) or (len(parts) == 1 and not (parts[0] and parts[0][2] and parts[0][4])):
        return reference

    def moved(part: re.Match[str]) -> str:
        letters, number = part[2], part[4]
        if letters and not part[1]:
            letters = get_column_letter((column_number(letters) + right - 1) % _LAST_COLUMN + 1)
        if number and not part[3]:
            number = str((int(number) + down - 1) % _LAST_ROW + 1)
        return f"{part[1] or ''}{letters or ''}{part[3] or ''}{number or ''}"

    return f"{title}{mark}" + ":".join(moved(part) for part in parts if part)


def corners(reference: str) -> re.Match[str] | None:
    """The parts of a reference's cells, without its sheet: column, $ and row of its first corner and of its last."""
    found = _CORNERS.fullmatch(reference.rpartition("!")[2])
    return found if found and (found[1] or found[6]) else None


def is_relative(reference: str) -> bool:
    """Whether a reference in a row names another row when its formula stands in another."""
    found = corners(reference)
    return bool(found and (not found[2] or (found[6] and not found[5])))


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


def without_tables(formula: str, place: tuple[str, int, int], tables: Mapping[str, Table]) -> str:
    """The formula with its references to tables as plain ones; those that can't be resolved stay.

    Parameters
    ----------
    formula : str
        The formula with its equals sign.
    place : tuple
        The sheet, row and column of its cell, for references to the same row and to the table around it.
    tables : mapping
        Each table by its name in lower case.
    """
    text = formula.casefold()
    if not tables or ("[" not in text and not any(name in text for name in tables)):
        return formula
    return rewritten(formula, lambda reference: _plain(reference, place, tables) or reference)


def rewritten(formula: str, change: Callable[[str], str]) -> str:
    """The formula, with its equals sign, with each reference in it changed."""
    changes = [
        (token.start, token.end, change(token.value).encode())
        for token in formualizer.tokenize(formula)
        if token and str(token.subtype) == "Range"
    ]
    return spliced(formula.encode(), changes).decode()


def _plain(reference: str, place: tuple[str, int, int], tables: Mapping[str, Table]) -> str | None:
    name, mark, rest = reference.partition("[")
    row = place[1]
    table = tables.get(name.rpartition("!")[2].casefold())
    if not name and mark:  # a column without its table's name is of the table around the cell
        table = next((each for each in tables.values() if each.holds(*place)), None)
    if table is None:
        return None
    first_row, last_row = table.first_row - table.header_rows, table.last_row + table.has_totals
    body = (table.first_row, table.last_row)
    keywords, named = _specifiers(rest.removesuffix("]"))
    columns = [column.casefold() for column in table.columns]
    try:
        numbers = [columns.index(_header(column)) + table.first_column for column in named]
    except ValueError:
        return None
    if keywords == ["#headers"] and not table.header_rows:
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
    left, right = (min(numbers), max(numbers)) if numbers else (table.first_column, table.last_column)
    quoted = table.sheet.replace("'", "''")
    fixed = "" if keywords == ["#this row"] else "$"
    first = f"'{quoted}'!${get_column_letter(left)}{fixed}{rows[0]}"
    return first if (left, rows[0]) == (right, rows[1]) else f"{first}:${get_column_letter(right)}{fixed}{rows[1]}"


def _header(name: str) -> str:
    """A column's name to compare by: a file has a line break in it as _x000a_."""
    return " ".join(str(unescape(name)).split()).casefold()


def _specifiers(inside: str) -> tuple[list[str], list[str]]:
    """The keywords (#This Row and its kin) and the columns that stand between a table's brackets."""
    if inside.startswith("@"):
        column = inside[1:]
        found = _PART.findall(column) or ([column] if column else [])
        return ["#this row"], [_ESCAPED.sub(r"\1", name) for name in found]
    parts = _PART.findall(inside) if inside.startswith("[") else [inside] if inside else []
    keywords = [part.casefold() for part in parts if part.startswith("#")]
    return keywords, [_ESCAPED.sub(r"\1", part) for part in parts if not part.startswith("#")]

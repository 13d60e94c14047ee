"""The Excel tables of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpyxl.utils import range_boundaries
from openpyxl.utils.escape import unescape

from xladdin.core.errors import UnreadableError, quoted
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import MOST_ROWS


@dataclass(frozen=True)
class ExcelTable:
    """An Excel table: its columns, and where its body is."""

    name: str
    sheet: str
    columns: tuple[str, ...]
    first_row: int
    last_row: int
    first_column: int
    has_totals: bool
    header_rows: int = 1
    is_filtered: bool = False  # whether a filter of it hides rows

    @property
    def last_column(self) -> int:
        return self.first_column + len(self.columns) - 1

    @property
    def capacity(self) -> int:
        """How many rows it can have on its sheet."""
        return MOST_ROWS - self.first_row + 1 - self.has_totals

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell is of the table, its header and totals among it."""
        return (
            sheet == self.sheet
            and self.first_row - self.header_rows <= row <= self.last_row + self.has_totals
            and self.first_column <= column <= self.last_column
        )

    def of(self, count: int) -> ExcelTable:
        """The table with so many rows."""
        return replace(self, last_row=self.first_row + count - 1)


def tables_of(package: Package) -> list[ExcelTable]:
    """The Excel tables of a workbook."""
    found = []
    for title, sheet in packages.sheet_parts(package).items():
        for part in packages.related(package, sheet, "/table"):
            root = package.parse(part)
            first_column, first_row, last_row = _corners(package, part, root.get("ref", ""))
            has_totals = int(root.get("totalsRowCount", "0")) > 0
            columns = tuple(header(column.get("name", "")) for column in root.iterfind(".//{*}tableColumn"))
            header_rows = int(root.get("headerRowCount", "1"))
            body = first_row + header_rows
            name, last = root.get("displayName", ""), last_row - has_totals
            is_filtered = root.find("{*}autoFilter/{*}filterColumn") is not None
            found.append(
                ExcelTable(name, title, columns, body, last, first_column, has_totals, header_rows, is_filtered)
            )
    return found


def _corners(package: Package, part: str, reference: str) -> tuple[int, int, int]:
    try:
        first_column, first_row, _, last_row = range_boundaries(reference)
    except ValueError:
        first_row = None
    if not (first_row and first_column and last_row):
        raise UnreadableError(
            f"{package.path} is damaged: its part {part} says that the table is in {quoted(reference[:60])}; allowed "
            "is a range such as B2:D9."
        )
    return first_column, first_row, last_row


def header(name: str) -> str:
    """A column's name as it is written in its cell, on one line."""
    return " ".join(unescape(name).split())

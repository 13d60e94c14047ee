"""Where everything of a template stands, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from xladdin.templates.language import Axis, Entries, Grid, Lines, ListSheet, Table, Template

FIRST_ROW = 5  # below the heading that every sheet has
FIRST_COLUMN = 2  # column A is a margin
LAST_REPEATED = 4  # of a list that is printed on several pages side by side: such as symbol, venue, side
INPUT_WIDTHS = (27, 16, 12, 38)
RESULT_COLUMN = FIRST_COLUMN + len(INPUT_WIDTHS) + 1
INPUTS, CALCULATIONS, DASHBOARD, CHECKS, READ_ME = "Inputs", "Calculations", "Dashboard", "Checks", "Read me"


@dataclass(frozen=True)
class Area:
    """A cell or a rectangle of them on a sheet."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> str:
        """Its address without the sheet, absolute."""
        first, last = f"${get_column_letter(self.left)}${self.top}", f"${get_column_letter(self.right)}${self.bottom}"
        return first if first == last else f"{first}:{last}"

    @property
    def address(self) -> str:
        """Its address with the sheet, absolute."""
        quoted = f"'{self.sheet}'" if not self.sheet.isidentifier() else self.sheet
        return f"{quoted}!{self.cells}"

    @property
    def count(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def plain(self) -> str:
        """Its address on its own sheet, as conditional formats and validations name it."""
        return self.cells.replace("$", "")


def cell(sheet: str, row: int, column: int) -> Area:
    """One cell."""
    return Area(sheet, row, column, row, column)


@dataclass(frozen=True)
class Panel:
    """Lines of label, value, unit and note below headings."""

    sheet: str
    column: int
    width: int
    headings: dict[int, str]
    rows: dict[str, int]  # by name


@dataclass(frozen=True)
class Body:
    """A title, perhaps a note, headers, and the body below them: a table, a table to fill in, a grid or a list."""

    sheet: str
    title_row: int
    note_row: int | None
    header_row: int
    first: int
    last: int
    columns: dict[str, int]
    row_names: Mapping[str, int] = field(default_factory=dict)

    @property
    def right(self) -> int:
        return max(self.columns.values())

    @property
    def whole(self) -> Area:
        """The body of all columns."""
        return Area(self.sheet, self.first, min(self.columns.values()), self.last, self.right)

    def column(self, name: str) -> Area:
        """A column's body."""
        return Area(self.sheet, self.first, self.columns[name], self.last, self.columns[name])


@dataclass
class Places:
    """Where everything stands: named cells, named ranges, and the blocks by their names."""

    inputs: Panel
    results: Panel
    names: dict[str, Area] = field(default_factory=dict)
    entries: dict[str, Body] = field(default_factory=dict)
    lists: dict[str, Body] = field(default_factory=dict)  # by the list's name
    lines: dict[str, Panel] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)  # tables and grids, by name
    breaks: list[int] = field(default_factory=list)  # the rows on Calculations before which a page begins
    last_columns: dict[str, int] = field(default_factory=dict)
    last_rows: dict[str, int] = field(default_factory=dict)


# On Checks: the marks of decimals and of thousands, as the spreadsheet writes them that has the workbook open.
NUMBER_MARKS = cell(CHECKS, FIRST_ROW + 4, FIRST_COLUMN + 1)


def rows_of(table: Table) -> int:
    """How many rows a table has."""
    given = table.rows if isinstance(table.rows, int) else len(table.rows)
    return max([given, *(len(column.values) for column in table.columns.values())])


def headers_of(axis: Axis) -> list[float | str]:
    """The headers of a grid's side: numbers, and formulas."""
    if axis.values:
        return list(axis.values)
    return [axis.first, *[axis.next] * ((axis.count or 1) - 1)]


def places_of(template: Template) -> Places:
    """Work out where everything of a template stands."""
    left = _panel(INPUTS, FIRST_COLUMN, 4, FIRST_ROW, template.inputs)
    right = _panel(INPUTS, RESULT_COLUMN, 4, FIRST_ROW, template.results)
    places = Places(left, right)
    _name(places, left, FIRST_COLUMN + 1)
    sentences = {name for lines in template.results.values() for name, line in lines.items() if not line.label}
    for name, row in right.rows.items():
        places.names[name] = cell(INPUTS, row, RESULT_COLUMN + (name not in sentences))
    row = max(_end(left), _end(right))
    for name, entries in template.tables.items():
        places.entries[name] = _entries(entries, row + 1)
        row = places.entries[name].last + 2
    places.last_columns[INPUTS] = RESULT_COLUMN + len(INPUT_WIDTHS) - 1
    places.last_rows[INPUTS] = row
    for title, sheet in template.sheets.items():
        places.lists[sheet.name] = _list(title, sheet)
        places.last_columns[title] = max(places.lists[sheet.name].right, FIRST_COLUMN + len(sheet.widths) - 1)
        places.last_rows[title] = places.lists[sheet.name].last + 1
    _calculations(template, places)
    return places


def _panel(sheet: str, column: int, width: int, row: int, sections: Mapping[str, Mapping[str, object]]) -> Panel:
    headings, rows = {}, {}
    for title, lines in sections.items():
        row += row > FIRST_ROW
        headings[row] = title
        for name in lines:
            row += 1
            rows[name] = row
        row += 1
    return Panel(sheet, column, width, headings, rows)


def _end(panel: Panel) -> int:
    """The row below all lines of a panel."""
    return max([FIRST_ROW - 1, *panel.headings, *panel.rows.values()]) + 1


def _name(places: Places, panel: Panel, column: int) -> None:
    for name, row in panel.rows.items():
        places.names[name] = cell(panel.sheet, row, column)


def _entries(entries: Entries, row: int) -> Body:
    note = row + 1 if entries.note else None
    header = row + 1 + bool(entries.note)
    gap = RESULT_COLUMN - 1  # too narrow for anything: a fifth column stands beyond it
    columns = {name: column + (column >= gap) for column, name in enumerate(entries.columns, FIRST_COLUMN)}
    return Body(INPUTS, row, note, header, header + 1, header + entries.rows, columns)


def _list(title: str, sheet: ListSheet) -> Body:
    header = FIRST_ROW + len(sheet.steps) + len(sheet.notes)
    columns = {name: column for column, name in enumerate(sheet.columns, FIRST_COLUMN)}
    return Body(title, FIRST_ROW, None, header, header + 1, header + len(sheet.example), columns)


def _calculations(template: Template, places: Places) -> None:
    row = FIRST_ROW
    widths = template.pages.calculations.widths or [26, *[14] * 6]
    last_column = FIRST_COLUMN + len(widths) - 1
    for name, block in template.calculations.items():
        if block.new_page:
            places.breaks.append(row)
        if isinstance(block, Lines):
            panel = _panel(CALCULATIONS, FIRST_COLUMN, 0, row, {block.title: block.lines})
            places.lines[name] = panel
            _name(places, panel, FIRST_COLUMN + 1)
            row = _end(panel) + 1
            continue
        body = _grid(block, row) if isinstance(block, Grid) else _table(block, row)
        places.bodies[name] = body
        last_column = max(last_column, body.right)
        row = body.last + 2
    places.last_columns[CALCULATIONS] = last_column
    places.last_rows[CALCULATIONS] = row


def _table(table: Table, row: int) -> Body:
    note = row + 1 if table.note else None
    header = row + 1 + bool(table.note)
    columns = {name: column for column, name in enumerate(table.columns, FIRST_COLUMN)}
    named = table.rows if isinstance(table.rows, list) else []
    row_names = {str(cells["row"]): header + place for place, cells in enumerate(named, 1) if "row" in cells}
    return Body(CALCULATIONS, row, note, header, header + 1, header + rows_of(table), columns, row_names)


def _grid(grid: Grid, row: int) -> Body:
    """A grid's columns are numbered from 1; column 0 holds the headers of its rows."""
    note = row + 1 if grid.note else None
    header = row + 2 + bool(grid.note)
    columns = {str(number): FIRST_COLUMN + number for number in range(len(headers_of(grid.columns)) + 1)}
    return Body(CALCULATIONS, row, note, header, header + 1, header + len(headers_of(grid.rows)), columns)


def named_cells(places: Places) -> Iterator[tuple[str, Area]]:
    """Each name of the workbook and what it points to; a table across the gap is no range to be filled in."""
    yield from places.names.items()
    for name, body in places.entries.items():
        if body.right < RESULT_COLUMN:
            yield name, Area(body.sheet, body.first, FIRST_COLUMN, body.last, body.right)

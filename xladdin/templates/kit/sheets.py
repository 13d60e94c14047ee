"""What stands on a sheet: headings, inputs and results, grids, tables, cards and charts, each written downwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.formatting.rule import ColorScaleRule, Rule
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableFormula, TableStyleInfo

from xladdin.templates.kit import styles
from xladdin.templates.kit.allowed import Allowed
from xladdin.templates.kit.styles import align, fill, font

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from xladdin.templates.kit.template import Template

FIRST_ROW = 5  # below the heading that every sheet has
FIRST_COLUMN = 2  # column A is a margin
LONGEST_NOTE = 46


@dataclass(frozen=True)
class Axis:
    """One side of a grid: numbers are inputs of their own (`allowed` says which), texts are formulas.

    "{previous}" in a formula stands for the header cell before it.
    """

    label: str
    values: Sequence[float | str]
    number_format: str
    allowed: Allowed | None = None


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `formula` is given the place (from 0) and the row on the sheet; a whole number instead of a formula numbers the row.
    """

    header: str
    unit: str
    formula: Callable[[int, int], str | int]
    number_format: str = styles.MONEY


@dataclass(frozen=True)
class InputColumn:
    """One column of a table that is filled in."""

    header: str
    unit: str
    allowed: Allowed
    number_format: str = styles.MONEY


@dataclass(frozen=True)
class Card:
    """A key figure: a label, a formula, how it is shown, and a formula or text below it."""

    label: str
    formula: str
    number_format: str
    caption: str = ""


@dataclass(frozen=True)
class Grid:
    """Where a grid stands, as addresses for charts and formulas."""

    row_headers: str
    column_headers: str
    rows: list[str]
    columns: list[str]


@dataclass
class Sheet:
    """A worksheet that is written from the top down; `row` is the next free one."""

    template: Template
    worksheet: Worksheet
    row: int = FIRST_ROW
    last_column: int = FIRST_COLUMN
    portrait: bool = False
    one_page: bool = False

    def widths(self, *widths: float) -> None:
        """The widths of the columns from B on; they are also what is printed."""
        self.worksheet.column_dimensions["A"].width = 2
        for column, width in enumerate(widths, FIRST_COLUMN):
            self.worksheet.column_dimensions[get_column_letter(column)].width = width
        self.last_column = max(self.last_column, FIRST_COLUMN + len(widths) - 1)

    def address(self, first: tuple[int, int], last: tuple[int, int] | None = None) -> str:
        """A cell or range (row, column) with its sheet, absolute."""
        corners = [f"${get_column_letter(column)}${row}" for row, column in (first, last or first)]
        title = self.worksheet.title
        name = f"'{title}'" if " " in title else title
        return f"{name}!{corners[0]}" + (f":{corners[1]}" if last else "")

    def section(self, title: str, *, column: int = FIRST_COLUMN, width: int | None = None) -> None:
        """A heading across the columns of the sheet, or of a part of it."""
        self.heading(self.row, column, width or self.last_column - column + 1, title)
        self.row += 1

    def heading(self, row: int, column: int, width: int, title: str) -> None:
        self.worksheet.row_dimensions[row].height = 20
        for place in range(column, column + width):
            cell = self.worksheet.cell(row, place)
            cell.fill = fill(styles.BAND)
            cell.font = font(12, bold=True, colour=styles.NAVY)
            cell.alignment = align()
        self.worksheet.cell(row, column, title)

    def text(self, words: str, *, quiet: bool = True, bold: bool = False, size: int = 11) -> None:
        """One line of text, or a formula that gives one (starting with =); it runs over the cells to its right."""
        cell = self.worksheet.cell(self.row, FIRST_COLUMN, words)
        cell.font = font(size, bold=bold, italic=quiet, colour=styles.QUIET if quiet else styles.INK)
        cell.alignment = align()
        self.row += 1

    def space(self, rows: int = 1) -> None:
        """Empty rows."""
        self.row += rows

    def page_break(self) -> None:
        """Print what follows on a new page."""
        self.worksheet.row_breaks.append(Break(id=self.row - 1))

    def formula(self, row: int, column: int, formula: str | int, number_format: str) -> Cell:
        """A formula cell, as every formula cell looks."""
        cell = self.worksheet.cell(row, column, formula if isinstance(formula, int) else f"={formula}")
        cell.number_format = number_format
        cell.font = font()
        cell.alignment = align("right" if number_format != styles.TEXT else "center")
        return cell

    def value(
        self, row: int, column: int, value: Any, number_format: str, allowed: Allowed, title: str, help_text: str = ""
    ) -> Cell:
        """An input cell: unlocked, coloured, validated, with a prompt, and marked while it breaks its rule."""
        cell = self._unlocked(row, column, value, number_format)
        validation = allowed.validation(title, help_text, number_format)
        self.worksheet.add_data_validation(validation)
        validation.add(cell.coordinate)
        self.mark(cell.coordinate, allowed.broken(cell.coordinate), styles.VERMILLION)
        return cell

    def _unlocked(self, row: int, column: int, value: Any, number_format: str) -> Cell:
        cell = self.worksheet.cell(row, column, value)
        cell.number_format = number_format
        cell.font = font(colour=styles.INPUT_TEXT)
        cell.fill = fill(styles.INPUT_FILL)
        cell.border = styles.BOX
        cell.protection = Protection(locked=False)
        cell.alignment = align("right")
        return cell

    def mark(self, cells: str, formula: str, colour: str) -> None:
        """A background for the cells of which a formula (written for the first of them) is true."""
        self.worksheet.conditional_formatting.add(
            cells, Rule(type="expression", formula=[formula], dxf=styles.marked(colour))
        )

    def mark_verdicts(self, cells: str) -> None:
        """The colour of its word behind each verdict."""
        first = cells.partition(":")[0]
        for word, colour in styles.VERDICTS.items():
            self.mark(cells, f'{first}="{word}"', colour)

    def header(self, row: int, column: int, words: str, *, horizontal: str = "right") -> Cell:
        """A column's heading."""
        cell = self.worksheet.cell(row, column, words)
        cell.font = font(10, bold=True, colour=styles.QUIET)
        cell.alignment = align(horizontal, wrap=True)
        cell.border = styles.UNDERLINE
        return cell

    def grid(
        self,
        title: str,
        note: str,
        rows: Axis,
        columns: Axis,
        cell: Callable[[str, str], str],
        number_format: str,
        *,
        mark: tuple[str, str] | None = None,
        heat: bool = False,
    ) -> Grid:
        """A two-way table of one-cell formulas.

        Parameters
        ----------
        title, note : str
            The heading, and one line on what is varied and what colours mean.
        rows, columns : Axis
            What is varied downwards and across.
        cell : callable
            Gives the formula for a row's header cell and a column's header cell, for example ("$B12", "C$11").
        number_format : str
            Of the body.
        mark : (formula, colour), optional
            Background for cells of which the formula is true; "{cell}" stands for the cell.
        heat : bool
            Colours from loss (orange) over zero (white) to profit (blue).
        """
        self.section(title)
        self.text(note)
        across = self.header(self.row, FIRST_COLUMN + 1, f"{columns.label} →", horizontal="left")
        across.alignment = align("left")
        self.header(self.row + 1, FIRST_COLUMN, f"{rows.label} ↓", horizontal="left")
        top = self.row + 1
        first, last_column = FIRST_COLUMN + 1, FIRST_COLUMN + len(columns.values)
        bottom = top + len(rows.values)
        for place, value in enumerate(columns.values):
            self._axis_cell(top, first + place, value, columns, f"{get_column_letter(first + place - 1)}{top}")
        for place, value in enumerate(rows.values, 1):
            self._axis_cell(
                top + place, FIRST_COLUMN, value, rows, f"{get_column_letter(FIRST_COLUMN)}{top + place - 1}"
            )
            for column in range(first, last_column + 1):
                body = cell(f"${get_column_letter(FIRST_COLUMN)}{top + place}", f"{get_column_letter(column)}${top}")
                self.formula(top + place, column, body, number_format).border = styles.UNDERLINE
        corner = f"{get_column_letter(first)}{top + 1}"
        body_range = f"{corner}:{get_column_letter(last_column)}{bottom}"
        if mark:
            self.mark(body_range, mark[0].format(cell=corner), mark[1])
        if heat:
            self.worksheet.conditional_formatting.add(body_range, _heat())
        self.last_column = max(self.last_column, last_column)
        self.row = bottom + 2
        return Grid(
            self.address((top + 1, FIRST_COLUMN), (bottom, FIRST_COLUMN)),
            self.address((top, first), (top, last_column)),
            [self.address((row, first), (row, last_column)) for row in range(top + 1, bottom + 1)],
            [self.address((top + 1, column), (bottom, column)) for column in range(first, last_column + 1)],
        )

    def _axis_cell(self, row: int, column: int, value: float | str, axis: Axis, previous: str) -> None:
        if isinstance(value, str):
            self.formula(row, column, value.format(previous=previous), axis.number_format).font = font(bold=True)
        else:
            assert axis.allowed is not None
            cell = self.value(row, column, value, axis.number_format, axis.allowed, axis.label)
            cell.font = font(bold=True, colour=styles.INPUT_TEXT)

    def table(self, title: str, note: str, columns: Sequence[Column], count: int) -> list[str]:
        """A table of formulas, `count` rows; gives the address of each column's body."""
        self.section(title)
        if note:
            self.text(note)
        self._headers([(spec.header, spec.unit) for spec in columns])
        first = self.row
        for place in range(count):
            for column, spec in enumerate(columns, FIRST_COLUMN):
                self.formula(first + place, column, spec.formula(place, first + place), spec.number_format)
        self.row = first + count + 1
        return [
            self.address((first, column), (first + count - 1, column))
            for column in range(FIRST_COLUMN, FIRST_COLUMN + len(columns))
        ]

    def input_table(
        self,
        name: str,
        title: str,
        note: str,
        columns: Sequence[InputColumn],
        rows: Sequence[Sequence[Any]],
        count: int,
    ) -> list[str]:
        """A table to fill in, `count` rows of which the first are given and the rest blank.

        Its body is the range named `name`; gives the address of each column's body.
        """
        self.section(title)
        if note:
            self.text(note)
        self._headers([(spec.header, spec.unit) for spec in columns])
        first, last = self.row, self.row + count - 1
        addresses = []
        for place, spec in enumerate(columns):
            column = FIRST_COLUMN + place
            for offset in range(count):
                value = rows[offset][place] if offset < len(rows) else None
                self._unlocked(first + offset, column, value, spec.number_format)
            self._restrict(first, last, column, spec)
            addresses.append(self.address((first, column), (last, column)))
        self.template.define_range(name, self.address((first, FIRST_COLUMN), (last, FIRST_COLUMN + len(columns) - 1)))
        self.row = last + 2
        return addresses

    def excel_table(
        self, name: str, columns: Sequence[InputColumn | Column], rows: Sequence[Sequence[Any]]
    ) -> dict[str, str]:
        """A table that grows as rows are added, with columns to fill in and calculated ones.

        Its name is for formulas such as name[Header]; gives the address of each column's body by its header.
        """
        header, first, last = self.row, self.row + 1, self.row + len(rows)
        right = FIRST_COLUMN + len(columns) - 1
        table = Table(displayName=name, name=name, ref=f"B{header}:{get_column_letter(right)}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        self.worksheet.add_table(table)
        table._initialise_columns()
        given = 0
        for column, spec in enumerate(columns, FIRST_COLUMN):
            self.header(header, column, spec.header)
            table.tableColumns[column - FIRST_COLUMN].name = spec.header
            if isinstance(spec, Column):
                table.tableColumns[column - FIRST_COLUMN].calculatedColumnFormula = TableFormula(
                    attr_text=str(spec.formula(0, first))
                )
                for place in range(len(rows)):
                    self.formula(first + place, column, spec.formula(place, first + place), spec.number_format)
            else:
                for place, row in enumerate(rows):
                    self._unlocked(first + place, column, row[given], spec.number_format)
                self._restrict(first, last, column, spec)
                given += 1
        self.worksheet.row_dimensions[header].height = 32
        self.last_column = max(self.last_column, right)
        self.row = last + 1
        return {
            spec.header: self.address((first, column), (last, column))
            for column, spec in enumerate(columns, FIRST_COLUMN)
        }

    def _restrict(self, first: int, last: int, column: int, spec: InputColumn) -> None:
        """One validation and one mark for a column of inputs; a blank cell is no mistake there."""
        letter = get_column_letter(column)
        validation = spec.allowed.validation(spec.header, "", spec.number_format)
        validation.allow_blank = True
        self.worksheet.add_data_validation(validation)
        validation.add(f"{letter}{first}:{letter}{last}")
        top = f"{letter}{first}"
        self.mark(f"{top}:{letter}{last}", f"AND(NOT(ISBLANK({top})),{spec.allowed.broken(top)})", styles.VERMILLION)

    def _headers(self, columns: Sequence[tuple[str, str]]) -> None:
        """The headings of a table, each with its unit below."""
        for column, (words, unit) in enumerate(columns, FIRST_COLUMN):
            self.header(self.row, column, words + (f"\n{unit}" if unit else ""))
        self.worksheet.row_dimensions[self.row].height = 32
        self.last_column = max(self.last_column, FIRST_COLUMN + len(columns) - 1)
        self.row += 1

    def cards(self, cards: Sequence[Card], *, each_row: int = 4) -> None:
        """Key figures in rows; on a sheet whose columns B, D, F, ... are wide and C, E, G, ... narrow gaps."""
        for place, card in enumerate(cards):
            row = self.row + 4 * (place // each_row)
            column = FIRST_COLUMN + 2 * (place % each_row)
            self._card(row, column, card)
        self.row += 4 * math.ceil(len(cards) / each_row)

    def _card(self, row: int, column: int, card: Card) -> None:
        label, shown, caption = (self.worksheet.cell(row + offset, column) for offset in range(3))
        label.value, shown.value, caption.value = card.label, f"={card.formula}", card.caption
        shown.number_format = card.number_format
        label.font = font(10, bold=True, colour=styles.QUIET)
        shown.font = font(20, bold=True, colour=styles.NAVY)
        caption.font = font(9, colour=styles.QUIET)
        for cell in (label, shown, caption):
            cell.fill = fill(styles.CARD)
            cell.alignment = align("left", indent=1)
        self.worksheet.row_dimensions[row + 1].height = 30
        self.worksheet.row_dimensions[row + 3].height = 8
        self.mark_verdicts(shown.coordinate)

    def place(self, chart: Any, rows: int = 20) -> None:
        """A chart below what is there, over the width of the sheet and this many rows."""
        start = AnchorMarker(col=FIRST_COLUMN - 1, row=self.row - 1)
        end = AnchorMarker(col=self.last_column, row=self.row - 1 + rows)
        chart.anchor = TwoCellAnchor(editAs="oneCell", _from=start, to=end)
        self.worksheet.add_chart(chart)
        self.row += rows + 1


@dataclass
class Panel:
    """Lines of label, value, unit and note, from one column on; two panels stand side by side on Inputs."""

    sheet: Sheet
    column: int
    row: int = FIRST_ROW
    beside: bool = False

    def section(self, title: str) -> None:
        """A heading over the lines that follow."""
        if self.row > FIRST_ROW:
            self.row += 1
        alone = self.sheet.last_column - self.column + 1
        self.sheet.heading(self.row, self.column, min(alone, 4) if self.beside else alone, title)
        self._next()

    def input(
        self, name: str, label: str, value: Any, unit: str, note: str, allowed: Allowed, number_format: str = "General"
    ) -> None:
        """A line to fill in: one cell with a value, named `name`, that holds only what is `allowed`."""
        template = self.sheet.template
        self.sheet.value(self.row, self.column + 1, value, number_format, allowed, label, note)
        template.define(name, self.sheet, self.row, self.column + 1)
        template.add_limits(label, name, allowed, number_format)
        self._line(label, unit, note)

    def output(
        self, name: str, label: str, formula: str, unit: str, note: str, number_format: str = styles.MONEY
    ) -> None:
        """A line of result: one cell with a formula, named `name`. Verdict words get their colour."""
        cell = self.sheet.formula(self.row, self.column + 1, formula, number_format)
        cell.font = font(bold=True)
        cell.alignment = align("right")
        cell.border = styles.UNDERLINE
        self.sheet.template.define(name, self.sheet, self.row, self.column + 1)
        if number_format == styles.TEXT:
            cell.alignment = align("center")
            self.sheet.mark_verdicts(cell.coordinate)
        self._line(label, unit, note)

    def sentence(self, name: str, formula: str) -> None:
        """A line of result in words, over the width of the panel."""
        cell = self.sheet.worksheet.cell(self.row, self.column, f"={formula}")
        cell.font = font()
        cell.alignment = align("left")
        self.sheet.template.define(name, self.sheet, self.row, self.column)
        self._next()

    def _line(self, label: str, unit: str, note: str) -> None:
        if len(note) > LONGEST_NOTE:
            raise ValueError(f"the note {note!r} is longer than {LONGEST_NOTE} characters and would be cut off")
        cells = [self.sheet.worksheet.cell(self.row, self.column + offset) for offset in (0, 2, 3)]
        for cell, words in zip(cells, (label, unit, note), strict=True):
            cell.value = words or None
            cell.alignment = align("left", indent=cell is cells[1])
        cells[0].font = font()
        cells[1].font = cells[2].font = font(10, colour=styles.QUIET)
        self._next()

    def _next(self) -> None:
        self.row += 1
        self.sheet.row = max(self.sheet.row, self.row)


def cells_of(address: str) -> list[str]:
    """The addresses of the single cells of a range of one row or column with its sheet."""
    sheet, _, cells = address.rpartition("!")
    left, top, right, bottom = range_boundaries(cells)
    return [
        f"{sheet}!${get_column_letter(column)}${row}"
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


def _heat() -> Any:
    return ColorScaleRule(
        start_type="min",
        start_color="F3B58C",
        mid_type="num",
        mid_value=0,
        mid_color=styles.WHITE,
        end_type="max",
        end_color="9CCBEB",
    )

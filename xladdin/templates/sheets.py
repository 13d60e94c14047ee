"""A sheet and the cells on it: headings, texts, formulas, cells to fill in, colours, print set-up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xladdin.templates import styles
from xladdin.templates.allowed import Allowed
from xladdin.templates.own_texts import ENGLISH, OwnTexts
from xladdin.templates.places import FIRST_COLUMN, LAST_REPEATED
from xladdin.templates.styles import align, fill, font
from xladdin.workbook.flag import PASSES

_WIDTH_OF_A_LINK = 10
_LEAST_SCALE = 0.6  # of a print that can be read: 11 points are 6.6 then; further pages rather than less
_PAPER = (8.27, 11.69)  # A4, in inches
_SIDES, _TOP_AND_BOTTOM = 0.8, 1.5  # both margins together
_DEFAULT_WIDTH, _ROW_HEIGHT = 8.43, 17


@dataclass
class Sheet:
    """A worksheet of a template."""

    worksheet: Worksheet
    last_column: int
    last_row: int = 0
    header_row: int = 4  # the last row that stays in sight; that of the headings where a list grows
    portrait: bool = False
    one_page: bool = False
    has_links: bool = True
    verdicts: Mapping[str, str] = field(default_factory=lambda: styles.VERDICTS)
    own: OwnTexts = ENGLISH

    def widths(self, *widths: float) -> None:
        """The widths of the columns from B on."""
        self.worksheet.column_dimensions["A"].width = 2
        for column, width in enumerate(widths, FIRST_COLUMN):
            self.worksheet.column_dimensions[get_column_letter(column)].width = width

    def heading(self, row: int, title: str, column: int = FIRST_COLUMN, width: int | None = None) -> None:
        """A heading across the columns of the sheet, or of a part of it."""
        self.worksheet.row_dimensions[row].height = 20
        for place in range(column, column + (width or self.last_column - column + 1)):
            cell = self.worksheet.cell(row, place)
            cell.fill = fill(styles.BAND)
            cell.font = font(12, bold=True, colour=styles.NAVY)
            cell.alignment = align()
        self.worksheet.cell(row, column, title)

    def text(
        self,
        row: int,
        words: str,
        *,
        quiet: bool = True,
        bold: bool = False,
        size: int = 11,
        column: int = FIRST_COLUMN,
    ) -> None:
        """One line of text, or a formula that gives one (starting with =); it runs over the cells to its right."""
        cell = self.worksheet.cell(row, column, words)
        cell.font = font(size, bold=bold, italic=quiet, colour=styles.QUIET if quiet else styles.INK)
        cell.alignment = align()

    def formula(self, row: int, column: int, formula: str | float, number_format: str) -> Cell:
        """A formula cell, as every formula cell looks; a number stands as it is."""
        cell = self.worksheet.cell(row, column, f"={formula}" if isinstance(formula, str) else formula)
        cell.number_format = number_format
        cell.font = font()
        cell.alignment = align("right" if number_format != styles.TEXT else "center")
        return cell

    def value(
        self,
        row: int,
        column: int,
        value: Any,
        number_format: str,
        allowed: Allowed,
        title: str,
        help_text: str = "",
        *,
        required: bool = False,
        optional: bool = False,
    ) -> Cell:
        """A cell to fill in: unlocked, coloured, validated, with a prompt, and marked while it breaks its rule."""
        cell = self.unlocked(row, column, value, number_format)
        blank = self.own("May be blank.")
        help_text = f"{help_text} {blank}".strip() if optional else help_text
        validation = allowed.validation(title, help_text, number_format, self.own)
        validation.allow_blank = not required  # so any workbook says what is the case itself
        self.worksheet.add_data_validation(validation)
        validation.add(cell.coordinate)
        broken = allowed.broken(cell.coordinate)
        filled = f"NOT(ISBLANK({cell.coordinate}))"
        self.mark(cell.coordinate, f"AND({filled},{broken})" if optional else broken, styles.VERMILLION)
        return cell

    def unlocked(self, row: int, column: int, value: Any, number_format: str) -> Cell:
        """A cell to fill in, without its rule."""
        cell = self.worksheet.cell(row, column, value)
        cell.number_format = number_format
        cell.font = font(colour=styles.INPUT_TEXT)
        cell.fill = fill(styles.INPUT_FILL)
        cell.border = styles.BOX
        cell.protection = Protection(locked=False)
        cell.alignment = align("right")
        return cell

    @property
    def pages_wide(self) -> int:
        """How many pages side by side a print has that can be read; the first columns stand on each of them again."""
        page = _PAPER[not self.portrait] - _SIDES
        whole = self._inches(1, self.last_column)
        if page >= _LEAST_SCALE * whole:
            return 1
        again = self._inches(1, LAST_REPEATED)
        return 1 + math.ceil((_LEAST_SCALE * whole - page) / (page - _LEAST_SCALE * again))

    @property
    def pages_high(self) -> int:
        """One page where a print of that can be read, or as many as it takes, which is 0."""
        height = sum(self.worksheet.row_dimensions[row].height or _ROW_HEIGHT for row in range(1, self.last_row + 1))
        page = _PAPER[self.portrait] - _TOP_AND_BOTTOM
        return int(self.one_page and page >= _LEAST_SCALE * height / 72)

    def _inches(self, first: int, last: int) -> float:
        """How wide some columns are: 7 pixels a character and 5 around it, 96 to the inch."""
        columns = map(get_column_letter, range(first, last + 1))
        dimensions = self.worksheet.column_dimensions
        widths = [dimensions[column].width if column in dimensions else _DEFAULT_WIDTH for column in columns]
        return sum(7 * width + 5 for width in widths) / 96

    @property
    def columns(self) -> range:
        """The numbers of its columns, without the margin."""
        return range(FIRST_COLUMN, self.last_column + 1)

    def link(self, row: int, column: int, sheet: str) -> None:
        """The name of another sheet, which leads there."""
        cell = self.worksheet.cell(row, column, sheet)
        quoted = sheet.replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1", display=sheet)
        cell.font = font(10, colour=styles.BLUE, underlined=True)
        cell.alignment = align("left")

    def mark(self, cells: str, formula: str, colour: str) -> None:
        """A background for the cells of which a formula (written for the first of them) is true."""
        self.worksheet.conditional_formatting.add(
            cells, Rule(type="expression", formula=[formula], dxf=styles.marked(colour))
        )

    def mark_verdicts(self, cells: str) -> None:
        """The colour of its word behind each verdict."""
        first = cells.partition(":")[0]
        for word, colour in self.verdicts.items():
            self.mark(cells, f'{first}="{word}"', colour)

    def header(self, row: int, column: int, words: str, *, horizontal: str = "right") -> Cell:
        """A column's heading."""
        cell = self.worksheet.cell(row, column, words)
        cell.font = font(10, bold=True, colour=styles.QUIET)
        cell.alignment = align(horizontal, wrap=True)
        cell.border = styles.UNDERLINE
        return cell


def new_sheet(workbook: Workbook, title: str, tab: str, last_column: int, last_row: int = 0) -> Sheet:
    """A further sheet of a workbook, with the colour of its tab."""
    worksheet = workbook.create_sheet(title)
    worksheet.sheet_properties.tabColor = tab
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_format.defaultRowHeight = 17
    worksheet.sheet_format.customHeight = True
    return Sheet(worksheet, last_column, last_row)


def finish(sheet: Sheet, title: str, sheets: Sequence[str]) -> None:
    """What every sheet has: the heading, links to the others, the overall flag, protection and print set-up."""
    worksheet, last = sheet.worksheet, get_column_letter(sheet.last_column)
    for column in range(1, sheet.last_column + 1):
        worksheet.cell(1, column).fill = fill(styles.NAVY)
    heading = worksheet.cell(1, FIRST_COLUMN, title)
    heading.font, heading.alignment = font(18, bold=True, colour=styles.WHITE), align()
    worksheet.row_dimensions[1].height = 32
    if sheet.has_links:
        _link(sheet, [other for other in sheets if other != worksheet.title])
    flag = worksheet.cell(2, FIRST_COLUMN, "=overall_flag")
    flag.font, flag.alignment = font(9, colour=styles.QUIET), align("left")
    worksheet.row_dimensions[2].height = 20
    worksheet.row_dimensions[3].height = 16
    passes = sheet.own(PASSES).partition(" ")[0]
    sheet.mark(f"B2:{last}2", f'LEFT($B$2,{len(passes)})<>"{passes}"', styles.VERMILLION)
    worksheet.freeze_panes = f"A{sheet.header_row + 1}"
    worksheet.protection.sheet = not worksheet.tables  # or the table could not grow
    worksheet.protection.formatColumns = worksheet.protection.formatRows = False
    _set_up_print(sheet, title, last)


def _link(sheet: Sheet, others: Sequence[str]) -> None:
    """Links to the other sheets, in the columns of rows 3 and 4 that are wide enough for one."""
    widths = {column: sheet.worksheet.column_dimensions[get_column_letter(column)].width for column in sheet.columns}
    wide = [column for column, width in widths.items() if width >= _WIDTH_OF_A_LINK]
    each = len(others) if len(others) <= len(wide) else math.ceil(len(others) / 2)  # none is left alone
    places = [(row, column) for row in (3, 4) for column in wide[:each]]
    for other, (row, column) in zip(others, places, strict=False):
        sheet.link(row, column, other)
    if each < len(others):
        sheet.worksheet.row_dimensions[4].height = 26  # the second line keeps its distance from what is below
        for cell in sheet.worksheet[4]:
            cell.alignment = align("left", vertical="top")


def _set_up_print(sheet: Sheet, title: str, last: str) -> None:
    worksheet = sheet.worksheet
    worksheet.print_area = f"A1:{last}{sheet.last_row}"
    worksheet.print_title_rows = f"1:{sheet.header_row}"
    if sheet.pages_wide > 1:
        worksheet.print_title_cols = f"A:{get_column_letter(LAST_REPEATED)}"
    worksheet.page_setup.orientation = "portrait" if sheet.portrait else "landscape"
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth = sheet.pages_wide
    worksheet.page_setup.fitToHeight = sheet.pages_high
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.print_options.horizontalCentered = True
    worksheet.page_margins.left = worksheet.page_margins.right = 0.4
    worksheet.page_margins.top = worksheet.page_margins.bottom = 0.75
    worksheet.page_margins.header = worksheet.page_margins.footer = 0.3
    worksheet.oddFooter.left.text = title.replace("&", "&&")  # one alone begins a code
    worksheet.oddFooter.center.text = sheet.own("Page &P of &N")
    worksheet.oddFooter.right.text = "xladdin"
    worksheet.oddHeader.right.text = "&A"

"""A template workbook under construction: its five sheets, its names, its checks, and the file it becomes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

import xladdin
from xladdin.templates.kit import styles
from xladdin.templates.kit.allowed import LARGEST, SMALLEST, Allowed, number
from xladdin.templates.kit.required import mark
from xladdin.templates.kit.saving import to_bytes
from xladdin.templates.kit.sheets import FIRST_COLUMN, Panel, Sheet
from xladdin.templates.kit.styles import align, fill, font

_TOLERANCE = 1e-9
_README_CHARACTERS = 112  # on one line of the column, in the widest usual font
_LOOKS_LIKE_A_CELL = re.compile(r"[a-z]{1,3}\d+|[rc]\d*|r\d*c\d*", re.IGNORECASE)
_INPUT_WIDTHS = (27, 16, 12, 38)


@dataclass(frozen=True)
class _Check:
    label: str
    result: str
    native: str
    number_format: str
    note: str


@dataclass(frozen=True)
class _Rule:
    label: str
    holds: str
    note: str


@dataclass(frozen=True)
class _Limits:
    label: str
    name: str
    allowed: Allowed
    number_format: str


@dataclass
class Template:
    """A workbook of five sheets: Read me, Inputs (results beside them), Calculations, Dashboard, Checks.

    Parameters
    ----------
    title : str
        What the workbook is called.
    purpose : str
        The question that it answers, in one or two sentences.
    steps : sequence of three str
        What to do with it.
    assumptions, limits : sequence of str
        What is taken for granted, and what is left out.
    required : frozenset of str
        The inputs that are the case itself.
    """

    title: str
    purpose: str
    steps: Sequence[str]
    assumptions: Sequence[str]
    limits: Sequence[str]
    required: frozenset[str] = frozenset()
    workbook: Workbook = field(default_factory=Workbook)
    _checks: list[_Check] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _input_limits: list[_Limits] = field(default_factory=list)
    _table_sheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workbook.remove(self.workbook.active)
        self.workbook.properties.creator = "xladdin"
        self.workbook.properties.title = self.title
        self.workbook.properties.description = self.purpose
        self._read_me = self._sheet("Read me", styles.QUIET)
        self._inputs_sheet = self._sheet("Inputs", styles.ORANGE)
        self.calculations = self._sheet("Calculations", styles.SKY)
        self.dashboard = self._sheet("Dashboard", styles.BLUE)
        self._checks_sheet = self._sheet("Checks", styles.GREEN)
        self._inputs_sheet.widths(*_INPUT_WIDTHS, 3, *_INPUT_WIDTHS)
        self.calculations.widths(26, *[14] * 6)
        self.dashboard.widths(*[27, 2] * 3, 27)
        for sheet in (self.calculations, self.dashboard, self._checks_sheet):
            sheet.portrait = True
        for sheet in (self._read_me, self._inputs_sheet, self.dashboard, self._checks_sheet):
            sheet.one_page = True
        self.inputs = Panel(self._inputs_sheet, FIRST_COLUMN, beside=True)
        self.results = Panel(self._inputs_sheet, FIRST_COLUMN + len(_INPUT_WIDTHS) + 1, beside=True)

    def table_sheet(self, title: str) -> Sheet:
        """A further sheet, after Inputs, for a table that grows; it is not protected, or the table could not grow."""
        sheet = self._sheet(title, styles.ORANGE)
        self.workbook.move_sheet(sheet.worksheet, 2 + len(self._table_sheets) - len(self.workbook.sheetnames) + 1)
        self._table_sheets.append(sheet)
        return sheet

    def define(self, name: str, sheet: Sheet, row: int, column: int) -> None:
        """Name a cell."""
        self.define_range(name, sheet.address((row, column)))

    def define_range(self, name: str, address: str) -> None:
        """Name a cell or a range by its address."""
        if not re.fullmatch(r"[a-z][a-z_]*[a-z]", name) or _LOOKS_LIKE_A_CELL.fullmatch(name):
            raise ValueError(f"{name!r} is no name in lower snake case, or looks like a cell")
        if name in self.workbook.defined_names:
            raise ValueError(f"{name!r} is named twice")
        self.workbook.defined_names[name] = DefinedName(name, attr_text=address)

    def address(self, name: str) -> str:
        """Where a named cell stands, for a chart."""
        return str(self.workbook.defined_names[name].attr_text)

    def add_limits(self, label: str, name: str, allowed: Allowed, number_format: str) -> None:
        """Have Checks say whether an input is within its limits."""
        self._input_limits.append(_Limits(label, name, allowed, number_format))

    def check(self, label: str, result: str, native: str, number_format: str = styles.MONEY, note: str = "") -> None:
        """Have Checks compare a result with the same figure by native formulas.

        Parameters
        ----------
        label : str
            What is compared.
        result, native : str
            Two formulas without "=": usually an output's name, and the same without any LEV_ function.
        """
        self._checks.append(_Check(label, result, native, number_format, note))

    def rule(self, label: str, holds: str, note: str) -> None:
        """Have Checks say whether a formula is true, for what a single input's limits can't say."""
        self._rules.append(_Rule(label, holds, note))

    def to_bytes(self) -> bytes:
        """The finished workbook as a file, without values."""
        self._write_read_me()
        self._write_checks()
        for sheet in self._sheets():
            self._finish(sheet)
        mark(self.workbook, self.required)
        return to_bytes(self.workbook)

    def _sheets(self) -> list[Sheet]:
        return [
            self._read_me,
            self._inputs_sheet,
            *self._table_sheets,
            self.calculations,
            self.dashboard,
            self._checks_sheet,
        ]

    def _sheet(self, title: str, tab: str) -> Sheet:
        worksheet = self.workbook.create_sheet(title)
        worksheet.sheet_properties.tabColor = tab
        worksheet.sheet_view.showGridLines = False
        worksheet.sheet_format.defaultRowHeight = 17
        worksheet.sheet_format.customHeight = True
        return Sheet(self, worksheet)

    def _write_read_me(self) -> None:
        sheet = self._read_me
        sheet.widths(14, 110)
        self._paragraphs("Purpose", [("", self.purpose)])
        self._paragraphs("In three steps", [(str(place), step) for place, step in enumerate(self.steps, 1)])
        colours = sheet.row + 1
        self._paragraphs(
            "Colours",
            [
                ("Input", "Blue on pale yellow: yours to change. Each tells what it takes when you select it."),
                ("Result", "Black: a formula. Locked, without a password (Review, Unprotect sheet)."),
                ("SAFE", "The word says it too: nothing to do."),
                ("WATCH", "Near a threshold that is set on Inputs."),
                ("DANGER", "Beyond a threshold that is set on Inputs, or a check that fails."),
            ],
        )
        self._show_colours(colours)
        self._paragraphs("Assumptions", [("•", line) for line in self.assumptions])
        self._paragraphs("Limits", [("•", line) for line in self.limits])
        availability = (
            '=IF(ISERROR(LEV_RATIO(1,1)),"The LEV_ functions are NOT available here: numbers are the last ones '
            'computed and do not follow the inputs.","The LEV_ functions are available here: numbers follow the '
            'inputs.")'
        )
        status = sheet.row + 1
        self._paragraphs(
            "Status",
            [
                ("Functions", availability),
                ("Format", f"Made by xladdin, workbook format {xladdin.FORMAT}"),
                ("Not advice", "A calculator, not financial, tax or legal advice. Venues' own figures decide."),
            ],
        )
        self.define("functions_available", sheet, status, FIRST_COLUMN + 1)

    def _paragraphs(self, title: str, lines: Sequence[tuple[str, str]]) -> None:
        sheet = self._read_me
        sheet.section(title)
        for key, words in lines:
            left = sheet.worksheet.cell(sheet.row, FIRST_COLUMN, key or None)
            right = sheet.worksheet.cell(sheet.row, FIRST_COLUMN + 1, words)
            left.font, right.font = font(bold=True), font()
            left.alignment, right.alignment = (
                align("right" if len(key) == 1 else "left", vertical="top", indent=1),
                align("left", wrap=True, vertical="top"),
            )
            shown = 0 if words.startswith("=") else len(words)
            sheet.worksheet.row_dimensions[sheet.row].height = 17 * max(1, math.ceil(shown / _README_CHARACTERS))
            sheet.row += 1
        sheet.space()

    def _show_colours(self, row: int) -> None:
        cells = [self._read_me.worksheet.cell(row + place, FIRST_COLUMN) for place in range(5)]
        cells[0].font, cells[0].fill = font(colour=styles.INPUT_TEXT), fill(styles.INPUT_FILL)
        cells[1].font = font(bold=True)
        for cell in cells[2:]:
            cell.font, cell.fill = font(bold=True, colour=styles.BLACK), fill(styles.VERDICTS[cell.value])
        for place, cell in enumerate(cells):
            cell.border, cell.alignment = styles.BOX, align("center")
            self._read_me.worksheet.cell(row + place, FIRST_COLUMN + 1).alignment = align("left", indent=1)

    def _write_checks(self) -> None:
        sheet = self._checks_sheet
        sheet.widths(32, 17, 20, 20, 12, 60)
        sheet.section("Overall")
        summary = sheet.row
        sheet.row += 5
        self._write_limits(sheet)  # causes before consequences: the flag names the first check that fails
        self._write_rules(sheet)
        self._write_comparisons(sheet, f"$C${summary + 2}")
        self._write_overall(sheet, summary)
        sheet.mark_verdicts(f"F{summary}:F{sheet.row}")

    def _write_overall(self, sheet: Sheet, row: int) -> None:
        verdicts, labels = (f"${column}${row + 5}:${column}${sheet.row}" for column in "FB")
        flag = (
            'IF(ISERROR(LEV_RATIO(1,1)),"FUNCTIONS MISSING: see Read me",IF(checks_failed=0,"ALL CHECKS PASS",'
            f'"CHECK FAILED: "&INDEX({labels},MATCH("CHECK",{verdicts},0))))'
        )
        lines = (
            ("Flag", flag, styles.GENERAL, "overall_flag", "Shown on every sheet; names the first check that fails"),
            ("Checks that fail", f'COUNTIF({verdicts},"CHECK")', styles.WHOLE, "checks_failed", "Of all below"),
        )
        for place, (label, formula, number_format, name, note) in enumerate(lines):
            self._label(sheet, row + place, label, note)
            sheet.formula(row + place, FIRST_COLUMN + 1, formula, number_format).alignment = align("left")
            self.define(name, sheet, row + place, FIRST_COLUMN + 1)
        self._label(sheet, row + 2, "Difference allowed", "Relative to the figure, or absolute where that is below 1")
        sheet.value(
            row + 2, FIRST_COLUMN + 1, _TOLERANCE, styles.DIFFERENCE, number(0, 0.01), "Difference allowed"
        ).alignment = align("left")
        self.define("check_tolerance", sheet, row + 2, FIRST_COLUMN + 1)

    def _write_comparisons(self, sheet: Sheet, tolerance: str) -> None:
        self._check_heading(sheet, "Results against native formulas", "LEV_ result", "Native formula", "Difference")
        for check in self._checks:
            row = sheet.row
            self._label(sheet, row, check.label, check.note)
            sheet.formula(row, 3, check.result, check.number_format)
            sheet.formula(row, 4, check.native, check.number_format)
            sheet.formula(row, 5, f"IF(AND(ISERROR(C{row}),ISERROR(D{row})),0,C{row}-D{row})", styles.DIFFERENCE)
            verdict = f'IF(ISERROR(E{row}),"CHECK",IF(E{row}=0,"OK",IF(ABS(E{row})<={tolerance}*MAX(1,ABS(D{row})),'
            sheet.formula(row, 6, verdict + '"OK","CHECK")))', styles.TEXT)
            sheet.row += 1
        sheet.space()

    def _write_rules(self, sheet: Sheet) -> None:
        self._check_heading(sheet, "Rules between inputs", "Holds", "", "")
        for rule in self._rules:
            self._label(sheet, sheet.row, rule.label, rule.note)
            sheet.formula(sheet.row, 3, f"IFERROR({rule.holds},FALSE)", styles.GENERAL)
            sheet.formula(sheet.row, 6, f'IF(C{sheet.row},"OK","CHECK")', styles.TEXT)
            sheet.row += 1
        sheet.space()

    def _write_limits(self, sheet: Sheet) -> None:
        self._check_heading(sheet, "Inputs within their limits", "Value", "Lowest", "Highest")
        for limits in self._input_limits:
            row, allowed = sheet.row, limits.allowed
            self._label(sheet, row, limits.label, allowed.described(limits.number_format))
            sheet.formula(row, 3, limits.name, limits.number_format)
            if allowed.words:
                sheet.worksheet.cell(row, 7, ",".join(allowed.words))  # also what the formula looks in
                inside = f'ISNUMBER(SEARCH(","&C{row}&",",","&G{row}&","))'
            elif allowed.length:
                self._bound(sheet, row, 5, allowed.length, styles.WHOLE)
                inside = f"LEN(C{row})<=E{row}"
            else:
                self._bound(sheet, row, 4, allowed.low, _bound_format(allowed.low, limits.number_format))
                self._bound(sheet, row, 5, allowed.high, _bound_format(allowed.high, limits.number_format))
                inside = f"AND(ISNUMBER(C{row}),C{row}>=D{row},C{row}<=E{row})"
            if allowed.whole:
                inside = f"IF({inside},C{row}=INT(C{row}))"
            sheet.formula(row, 6, f'IF({inside},"OK","CHECK")', styles.TEXT)
            sheet.row += 1
        sheet.space()

    def _bound(self, sheet: Sheet, row: int, column: int, value: float, number_format: str) -> None:
        cell = sheet.worksheet.cell(row, column, value)
        cell.number_format = number_format
        cell.font, cell.alignment = font(colour=styles.QUIET), align("right")

    def _check_heading(self, sheet: Sheet, title: str, *columns: str) -> None:
        sheet.section(title)
        words = ("Check", *columns, "Verdict", "Note")
        for column, word in enumerate(words, FIRST_COLUMN):
            middle = "center" if word == "Verdict" else "right"
            cell = sheet.header(sheet.row, column, word, horizontal="left" if word in ("Check", "Note") else middle)
            if word == "Note":
                cell.alignment = align("left", indent=1)
        sheet.row += 1

    def _label(self, sheet: Sheet, row: int, label: str, note: str) -> None:
        left, right = sheet.worksheet.cell(row, FIRST_COLUMN, label), sheet.worksheet.cell(row, 7, note or None)
        left.font, right.font = font(), font(10, colour=styles.QUIET)
        left.alignment, right.alignment = align(), align("left", indent=1)

    def _finish(self, sheet: Sheet) -> None:
        worksheet, last = sheet.worksheet, get_column_letter(sheet.last_column)
        for column in range(1, sheet.last_column + 1):
            worksheet.cell(1, column).fill = fill(styles.NAVY)
        heading = worksheet.cell(1, FIRST_COLUMN, self.title)
        heading.font, heading.alignment = font(18, bold=True, colour=styles.WHITE), align()
        worksheet.row_dimensions[1].height = 32
        name = worksheet.cell(2, FIRST_COLUMN, worksheet.title)
        name.font = font(12, bold=True, colour=styles.QUIET)
        flag = worksheet.cell(3, FIRST_COLUMN, "=overall_flag")
        flag.font, flag.alignment = font(bold=True, colour=styles.BLACK), align("left", indent=1)
        worksheet.row_dimensions[2].height = worksheet.row_dimensions[3].height = 20
        sheet.mark(f"B3:{last}3", 'LEFT($B$3,3)<>"ALL"', styles.VERMILLION)
        sheet.mark(f"B3:{last}3", 'LEFT($B$3,3)="ALL"', styles.GREEN)
        worksheet.freeze_panes = "A4"
        worksheet.protection.sheet = not worksheet.tables
        worksheet.protection.formatColumns = worksheet.protection.formatRows = False
        self._set_up_print(sheet, last)

    def _set_up_print(self, sheet: Sheet, last: str) -> None:
        worksheet = sheet.worksheet
        worksheet.print_area = f"A1:{last}{sheet.row}"
        worksheet.print_title_rows = "1:4"
        worksheet.page_setup.orientation = "portrait" if sheet.portrait else "landscape"
        worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
        worksheet.page_setup.fitToWidth = 1
        worksheet.page_setup.fitToHeight = 1 if sheet.one_page else 0
        worksheet.sheet_properties.pageSetUpPr.fitToPage = True
        worksheet.print_options.horizontalCentered = True
        worksheet.page_margins.left = worksheet.page_margins.right = 0.4
        worksheet.page_margins.top = worksheet.page_margins.bottom = 0.75
        worksheet.page_margins.header = worksheet.page_margins.footer = 0.3
        worksheet.oddFooter.left.text = self.title
        worksheet.oddFooter.center.text = "Page &P of &N"
        worksheet.oddFooter.right.text = "xladdin"
        worksheet.oddHeader.right.text = "&A"


def _bound_format(bound: float, number_format: str) -> str:
    return {SMALLEST: "0.00000000", LARGEST: styles.WHOLE}.get(bound, number_format)

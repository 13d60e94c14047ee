"""The sheet Read me: what the workbook is for, how it is used, what is taken for granted."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openpyxl.workbook.defined_name import DefinedName

from xladdin import FORMAT
from xladdin.templates import styles
from xladdin.templates.language import Template
from xladdin.templates.places import FIRST_COLUMN, FIRST_ROW, READ_ME, cell
from xladdin.templates.sheets import Sheet
from xladdin.templates.styles import align, fill, font

_CHARACTERS = 112  # on one line of the column, in the widest usual font
_COLOURS = (
    ("Input", "Blue on pale yellow: yours to change. Each tells what it takes when you select it."),
    ("Result", "Black: a formula. Locked, without a password (Review, Unprotect sheet)."),
    ("SAFE", "The word says it too: nothing to do."),
    ("WATCH", "Near a threshold that is set on Inputs."),
    ("DANGER", "Beyond a threshold that is set on Inputs, or a check that fails."),
)
_AVAILABILITY = (
    '=IF(ISERROR(LEV_RATIO(1,1)),"The LEV_ functions are NOT available here: numbers are the last ones '
    'computed and do not follow the inputs.","The LEV_ functions are available here: numbers follow the '
    'inputs.")'
)


def write_read_me(sheet: Sheet, template: Template) -> None:
    """All of the sheet."""
    sheet.widths(14, 110)
    steps = [(str(number), step) for number, step in enumerate(template.steps, 1)]
    row = _write(sheet, FIRST_ROW, "Purpose", [("", template.purpose)])
    row = _write(sheet, row, "In three steps", steps)
    colours = row + 1
    row = _write(sheet, row, "Colours", _COLOURS)
    _show_colours(sheet, colours)
    row = _write(sheet, row, "Assumptions", [("•", line) for line in template.assumptions])
    row = _write(sheet, row, "Limits", [("•", line) for line in template.limits])
    status = cell(READ_ME, row + 1, FIRST_COLUMN + 1)
    sheet.last_row = _write(
        sheet,
        row,
        "Status",
        [
            ("Functions", _AVAILABILITY),
            ("Format", f"Made by xladdin, workbook format {FORMAT}"),
            ("Not advice", "A calculator, not financial, tax or legal advice. Venues' own figures decide."),
        ],
    )
    sheet.worksheet.parent.defined_names["functions_available"] = DefinedName(
        "functions_available", attr_text=status.address
    )


def _write(sheet: Sheet, row: int, title: str, lines: Sequence[tuple[str, str]]) -> int:
    """A heading and its paragraphs; gives the row of the next."""
    sheet.heading(row, title)
    for key, words in lines:
        row += 1
        left = sheet.worksheet.cell(row, FIRST_COLUMN, key or None)
        right = sheet.worksheet.cell(row, FIRST_COLUMN + 1, words)
        left.font, right.font = font(bold=True), font()
        left.alignment = align("right" if len(key) == 1 else "left", vertical="top", indent=1)
        right.alignment = align("left", wrap=True, vertical="top")
        shown = 0 if words.startswith("=") else len(words)
        sheet.worksheet.row_dimensions[row].height = 17 * max(1, math.ceil(shown / _CHARACTERS))
    return row + 2


def _show_colours(sheet: Sheet, row: int) -> None:
    cells = [sheet.worksheet.cell(row + place, FIRST_COLUMN) for place in range(len(_COLOURS))]
    cells[0].font, cells[0].fill = font(colour=styles.INPUT_TEXT), fill(styles.INPUT_FILL)
    cells[1].font = font(bold=True)
    for shown in cells[2:]:
        shown.font, shown.fill = font(bold=True, colour=styles.BLACK), fill(styles.VERDICTS[str(shown.value)])
    for place, shown in enumerate(cells):
        shown.border, shown.alignment = styles.BOX, align("center")
        sheet.worksheet.cell(row + place, FIRST_COLUMN + 1).alignment = align("left", indent=1)

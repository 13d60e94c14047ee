"""The sheet Read me: what the workbook is for, how it is used, what is taken for granted."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openpyxl.workbook.defined_name import DefinedName

from xladdin import FORMAT
from xladdin.templates import styles
from xladdin.templates.checks import MISSING
from xladdin.templates.meaning import Meaning
from xladdin.templates.own_texts import OwnTexts
from xladdin.templates.places import (
    CALCULATIONS,
    CHECKS,
    DASHBOARD,
    FIRST_COLUMN,
    FIRST_ROW,
    INPUTS,
    READ_ME,
    Area,
    cell,
)
from xladdin.templates.sheets import Sheet
from xladdin.templates.styles import align, fill, font
from xladdin.workbook.values_only import NOT_OF_VALUES

_CHARACTERS = 112  # on one line of the column, in the widest usual font
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
_CELLS = (
    ("Input", "Blue on pale yellow: yours to change. Each tells what it takes when you select it."),
    ("Result", "Black: a formula. Locked, without a password (Review, Unprotect sheet)."),
)
_VERDICTS = {
    "SAFE": "The word says it too: nothing to do.",
    "WATCH": "Near a threshold that is set on Inputs.",
    "DANGER": "Beyond a threshold that is set on Inputs, or a check that fails.",
}
_NOT_ADVICE = "A calculator, not financial, tax or legal advice."
_VENUES_DECIDE = "Venues' own figures decide."
_AVAILABLE = "functions_available"
_NOT_AVAILABLE = (
    "The LEV_ functions are NOT available here: numbers are the last ones computed and do not follow the inputs."
)
_IS_AVAILABLE = "The LEV_ functions are available here: numbers follow the inputs."
_SHEETS = {
    DASHBOARD: "The answer at a glance, with charts.",
    INPUTS: "The inputs, and the results beside them.",
    CALCULATIONS: "How the figures come about.",
    CHECKS: "Whether inputs are within their limits and results agree with plain formulas.",
}
_LIST = "A list, with a row each."


def write_read_me(sheet: Sheet, meaning: Meaning) -> None:
    """All of the sheet."""
    template, own = meaning.template, meaning.own
    not_of_values: list[Area] = []  # what is false of a copy without formulas
    sheet.widths(14, 110)
    row = _write(sheet, FIRST_ROW, own("Purpose"), [("", template.purpose)])
    if template.steps:
        count = len(template.steps)
        in_steps = own("In {count} steps").format(count=own(_NUMBERS.get(count, str(count))))
        title = in_steps if count > 1 else own("In one step")
        not_of_values.append(_lines(row, 1 + count))
        row = _write(sheet, row, title, [(str(number), step) for number, step in enumerate(template.steps, 1)])
    titles = [title for title in sheet.worksheet.parent.sheetnames if title != READ_ME]
    first = row + 1
    row = _write(sheet, row, own("Sheets"), [(title, own(_SHEETS.get(title, _LIST))) for title in titles])
    for place, title in enumerate(titles, first):
        sheet.link(place, FIRST_COLUMN, title)
    colours = [*((own(cell), own(said)) for cell, said in _CELLS), *_words(meaning)]
    first = row + 1
    row = _write(sheet, row, own("Colours"), colours)
    _show_colours(sheet, first, colours)
    not_of_values.append(_lines(first, len(_CELLS)))
    for title, lines in (("Assumptions", template.assumptions), ("Limits", template.limits)):
        if lines:
            row = _write(sheet, row, own(title), [("•", line) for line in lines])
    made_by = own("Made by xladdin, workbook format {number}").format(number=FORMAT)
    status = [(own("Format"), made_by), (own("Not advice"), own(_NOT_ADVICE))]
    if meaning.uses_our_functions:
        available = cell(READ_ME, row + 1, FIRST_COLUMN + 1)
        sheet.worksheet.parent.defined_names[_AVAILABLE] = DefinedName(_AVAILABLE, attr_text=available.address)
        not_of_values.append(_lines(row + 1, 1))
        advice = f"{own(_NOT_ADVICE)} {own(_VENUES_DECIDE)}"
        status = [(own("Functions"), _availability(own)), status[0], (own("Not advice"), advice)]
    sheet.last_row = _write(sheet, row, own("Status"), status)
    for title, rows in template.sheets.items():
        top, right = meaning.places.lists[rows.name].title_row, meaning.places.last_columns[title]
        if rows.steps:
            not_of_values.append(Area(title, top, FIRST_COLUMN, top + len(rows.steps) - 1, right))
    areas = ",".join(area.address for area in not_of_values)
    sheet.worksheet.parent.defined_names[NOT_OF_VALUES] = DefinedName(NOT_OF_VALUES, attr_text=areas, hidden=True)


def _lines(row: int, count: int) -> Area:
    """So many lines of the sheet from a row on."""
    return Area(READ_ME, row, FIRST_COLUMN, row + count - 1, FIRST_COLUMN + 1)


def _availability(own: OwnTexts) -> str:
    """By the flag, or the two would be computed at different times and say different things."""
    missing = own(MISSING).partition(" ")[0]
    return f'=IF(LEFT(overall_flag,LEN("{missing}"))="{missing}","{own(_NOT_AVAILABLE)}","{own(_IS_AVAILABLE)}")'


def _words(meaning: Meaning) -> list[tuple[str, str]]:
    """The words of the verdicts that the template gives, and what each means."""
    used = {case.word for name in meaning.verdicts for case in meaning.verdict_of(name)}
    known = [(word, meaning.own(said)) for word, said in _VERDICTS.items() if word in used]
    return known + [(word, meaning.own("A word of the answer on Inputs.")) for word in meaning.template.words]


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


def _show_colours(sheet: Sheet, row: int, colours: Sequence[tuple[str, str]]) -> None:
    for place, (word, _) in enumerate(colours):
        shown = sheet.worksheet.cell(row + place, FIRST_COLUMN, word)
        shown.font, shown.border, shown.alignment = font(bold=True), styles.BOX, align("center")
        if word in sheet.verdicts:
            shown.font, shown.fill = font(bold=True, colour=styles.BLACK), fill(sheet.verdicts[word])
        elif word == sheet.own("Input"):
            shown.font, shown.fill = font(colour=styles.INPUT_TEXT), fill(styles.INPUT_FILL)
        sheet.worksheet.cell(row + place, FIRST_COLUMN + 1).alignment = align("left", indent=1)

"""The sheet Dashboard: key figures on cards, sentences, and charts below them."""

from __future__ import annotations

import math

from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

from xladdin.templates import styles
from xladdin.templates.charts import chart_of
from xladdin.templates.language import Card, Chart
from xladdin.templates.meaning import Meaning
from xladdin.templates.places import FIRST_COLUMN, FIRST_ROW
from xladdin.templates.sheets import Sheet
from xladdin.templates.styles import align, fill, font, format_of

_CARDS_EACH_ROW = 4
_ROWS_EACH_CARD = 4
_WIDTHS = [*[27, 2] * 3, 27, 2]  # four cards, and a margin without which the edge of the print cuts a chart's frame
LAST_COLUMN = FIRST_COLUMN + len(_WIDTHS) - 1


def write_dashboard(sheet: Sheet, meaning: Meaning) -> None:
    """All of the sheet."""
    said = meaning.template.dashboard
    sheet.widths(*_WIDTHS)
    sheet.text(FIRST_ROW, meaning.shown(said.heading), quiet=False, bold=True, size=14)
    if meaning.as_of:
        sheet.text(FIRST_ROW + 1, meaning.as_of, size=10)
    row = FIRST_ROW + 2 + bool(meaning.as_of)
    for place, card in enumerate(said.cards):
        column = FIRST_COLUMN + 2 * (place % _CARDS_EACH_ROW)
        _write_card(sheet, row + _ROWS_EACH_CARD * (place // _CARDS_EACH_ROW), column, card, meaning)
    row += _ROWS_EACH_CARD * math.ceil(len(said.cards) / _CARDS_EACH_ROW)
    for name in said.sentences:
        sheet.text(row, f"={name}", quiet=False)
        row += 1
    for note in said.notes:
        sheet.text(row, note)
        row += 1
    row += 1
    for chart in said.charts:
        row = _place(sheet, row, chart, meaning)
    sheet.last_row = row


def _write_card(sheet: Sheet, row: int, column: int, card: Card, meaning: Meaning) -> None:
    label, shown, caption = (sheet.worksheet.cell(row + offset, column) for offset in range(3))
    label.value, shown.value = card.label, f"={meaning.formula(card.shows)}"
    caption.value = meaning.shown(card.caption, otherwise=meaning.own("see Checks"))
    shown.number_format = format_of(card.format)
    label.font = font(10, bold=True, colour=styles.QUIET)
    shown.font = font(20, bold=True, colour=styles.NAVY)
    caption.font = font(9, colour=styles.QUIET)
    for cell in (label, shown, caption):
        cell.fill = fill(styles.CARD)
        cell.alignment = align("left", indent=1)
    sheet.worksheet.row_dimensions[row + 1].height = 30
    sheet.worksheet.row_dimensions[row + 3].height = 8
    sheet.mark_verdicts(shown.coordinate)


def _place(sheet: Sheet, row: int, chart: Chart, meaning: Meaning) -> int:
    """A chart over the width of the sheet; gives the row below it."""
    made = chart_of(chart, meaning, sheet.worksheet.parent)
    start = AnchorMarker(col=FIRST_COLUMN - 1, row=row - 1)
    end = AnchorMarker(col=sheet.last_column - 1, row=row - 1 + chart.height)  # where the margin begins
    made.anchor = TwoCellAnchor(editAs="oneCell", _from=start, to=end)
    sheet.worksheet.add_chart(made)
    return row + chart.height + 1

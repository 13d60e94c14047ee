"""The kit that every template workbook is made with.

How to write a template
-----------------------
One file in `xladdin/templates/`, with one function `template()` that gives a finished `Template`, and one line in
`xladdin.templates.TEMPLATES`. Formulas are written without "=" and call inputs and outputs by their names::

    from xladdin.templates.kit import ABOVE_ZERO, Axis, Card, Line, Template, chart, number, one_of, styles

    def template() -> Template:
        book = Template("Title", "The question it answers.", steps=[...], assumptions=[...], limits=[...])

        book.inputs.section("Position")                      # left half of the sheet Inputs
        book.inputs.input("side", "Side", "long", "", "Direction.", one_of("long", "short"))
        book.inputs.input("entry", "Entry price", 50000, "=currency", "Average fill.", ABOVE_ZERO, styles.PRICE)

        book.results.section("Liquidation")                  # right half of the sheet Inputs
        book.results.output("liquidation_price", "Liquidation price", "LEV_LIQPRICE(entry,...)", "=currency", "note")
        book.results.output("verdict", "Verdict", 'IF(...,"DANGER","SAFE")', "", "note", styles.TEXT)
        book.results.sentence("answer", f'"Liquidated at "&{price_text("liquidation_price")}&": "&verdict')

        grid = book.calculations.grid("Title", "What varies.", rows=Axis("Leverage", [2, 5], styles.MULTIPLE,
            number(1, 125)), columns=Axis(...), cell=lambda row, column: f"LEV_...({row},{column})",
            number_format=styles.PRICE, heat=True)           # grid.rows[0], grid.row_headers: addresses for charts
        move, profit = book.calculations.table("Title", "Note.", [Column("Move", "%", lambda place, row: ...)], 41)
        book.calculations.input_table("tiers", "Margin tiers", "Note.", [InputColumn("Floor", "quote", number()), ...],
            rows=[[0, 0.004], [50000, 0.005]], count=12)     # a table to fill in; its body is the range named tiers
        helpers = Panel(book.calculations, 2, book.calculations.row)    # named helper lines on Calculations, by
        helpers.output("side_sign", ...)                                # the same section() and output()

        book.dashboard.cards([Card("Verdict", "verdict", styles.TEXT, "=answer")])    # four in a row
        book.dashboard.place(chart("scatter", "Title", "x (unit)", "y (unit)", [Line("Profit", move, profit)],
            alternative_text="What one sees."))

        book.check("Liquidation price", "liquidation_price", "entry*(1-...)")         # at least six, native formulas
        book.rule("Stop is below entry", "stop<entry", "A long's stop is below its entry.")
        return book

What the kit does without being asked: headings and the overall flag on every sheet, the Read me, validation with a
prompt and a mark on every input, a line on Checks for every input's limits, colours behind SAFE, WATCH, DANGER, OK and
CHECK, protection, print set-up, alternative text, the same bytes for the same input.

What a template must keep to (tests/templates/test_template_rules.py holds it to that): no number but 0 and 1 in a
formula unless it is structural (INDEX, MATCH, ROUND, ...), no volatile function, no merged cell, names in lower snake
case and in the field's words, notes of at most 46 characters, units in brackets on every axis, and for the values as
shipped no error in any cell.
"""

from xladdin.templates.kit import styles
from xladdin.templates.kit.allowed import ABOVE_ZERO, FRACTION, Allowed, number, one_of, text, whole
from xladdin.templates.kit.charts import Line, Mark, chart
from xladdin.templates.kit.sheets import Axis, Card, Column, Grid, InputColumn, Panel, Sheet, cells_of
from xladdin.templates.kit.template import Template
from xladdin.templates.kit.words import (
    money_text,
    multiple_text,
    percent_text,
    price_text,
    signed_percent_text,
    signed_text,
)

__all__ = [
    "ABOVE_ZERO",
    "FRACTION",
    "Allowed",
    "Axis",
    "Card",
    "Column",
    "Grid",
    "InputColumn",
    "Line",
    "Mark",
    "Panel",
    "Sheet",
    "Template",
    "cells_of",
    "chart",
    "money_text",
    "multiple_text",
    "number",
    "one_of",
    "percent_text",
    "price_text",
    "signed_percent_text",
    "signed_text",
    "styles",
    "text",
    "whole",
]

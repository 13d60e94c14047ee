"""What each formula and text of a template is in a cell."""

from __future__ import annotations

from typing import Any

from support.template_texts import formula


def test_a_verdict_looks_at_the_checks_first(build: Any) -> None:
    text = formula(build(), "state")
    assert text.startswith("=IF(")
    assert text.index("income>cost") < text.index('"DANGER"')


def test_a_unit_may_be_what_an_input_says(build: Any) -> None:
    book = build()
    sheet, _, cell = book.defined_names["income"].attr_text.rpartition("!")
    unit = book[sheet.strip("'")][cell.replace("$", "")].offset(0, 1).value
    assert str(unit) == "=currency"

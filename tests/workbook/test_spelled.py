"""Numbers, days and times that a text spells."""

from __future__ import annotations

import math

import pytest

from xladdin.workbook.spelled import number_of_text, spells_date


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 12 ", 12), ("1,234.5", 1234.5), ("50%", 0.5), ("$5", 5), ("-$5", -5), ("(5)", -5), ("1e3", 1000),
        ("1 1/2", 1.5), ("2024-01-10", 45301), ("1/10/2024", 45301), ("10-Jan-2024", 45301),
        ("January 10, 2024", 45301), ("1/10/29", 47128), ("1/10/30", 10968), ("12:00", 0.5), ("6 PM", 0.75),
        ("2024-01-10 06:00", 45301.25), ("36:00", 1.5), ("", None), ("abc", None), ("--5", None),
        ("2/30/2024", None), ("13 PM", None), ("1:75", None), ("(5", None),
    ],
)  # fmt: skip
def test_a_text_spells_a_number_or_none(text: str, number: float | None) -> None:
    found = number_of_text(text)
    assert math.isnan(found) if number is None else found == number


@pytest.mark.parametrize(("text", "is_one"), [("2024-01-10", True), ("12:00", True), ("12", False), ("x", False)])
def test_days_and_times_are_told_from_numbers(text: str, is_one: bool) -> None:
    assert spells_date(text) is is_one

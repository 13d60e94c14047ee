"""Formulas and texts with figures, as they come to stand in cells."""

from __future__ import annotations

from typing import Any

import pytest
from support.template_texts import formula


def test_a_piece_is_put_in_with_what_it_is_given(build: Any) -> None:
    assert formula(build(), "income") == "=rate*days"
    book = build(("{paid(days)}", "{paid(days+1)}"), ("rate*{days}", "rate*({days})"))
    assert formula(book, "income") == "=rate*(days+1)"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{currency}", "currency"),
        ('All of \\"it\\"', '"All of ""it"""'),
        ("Rich: {income>5}.", '"Rich: "&(income>5)&"."'),  # & would bind before >
        ('{IF(days>1,\\"{days:0} days\\",\\"a day\\")}.', 'IF(days>1,TEXT(days,"0")&" days","a day")&"."'),
        ("{days:date}", 'TEXT(YEAR(days),"0000")&"-"&TEXT(MONTH(days),"00")&"-"&TEXT(DAY(days),"00")'),
        ("{rate:+0%;-0%}", 'TEXT(rate,"+0%;-0%")'),
        ("{rate:0.0}", 'TEXT(rate,"0"&LEFT(Checks!$C$9)&"0")'),
        ("{rate:#,##0}", 'TEXT(rate,"#"&RIGHT(Checks!$C$9)&"##0")'),
        ("{rate:multiple}", 'TEXT(rate,"0"&LEFT(Checks!$C$9)&"0\\x")'),
    ],
)
def test_texts_with_figures(build: Any, text: str, made: str) -> None:
    book = build(("{income:money} {currency} in {days:0} days.", text))
    assert formula(book, "said") == f'=IFERROR({made},"Nothing.")'


def test_marks_of_numbers_are_those_of_the_spreadsheet_that_has_the_workbook_open(build: Any) -> None:
    """TEXT takes a format in the marks of its own language, and a file holds it in one."""
    checks = build()["Checks"]
    assert checks["C9"].value == "=MID(1/2,2,1)&MID(FIXED(1000000,0),2,1)"
    made = build(("{income:money}", "{income:probability}"))
    shown = '"[=0]0%;[<0"&LEFT(Checks!$C$9)&"0001]""below 0.01%"";0"&LEFT(Checks!$C$9)&"0%"'
    assert f"TEXT(income,{shown})" in formula(made, "said")


def test_newer_functions_are_stored_with_their_prefix(build: Any) -> None:
    book = build(('"MAX({plan.cost})"', "'IFNA(MAX({plan.cost}),LEN(\"IFNA(\"))'"))
    assert formula(book, "cost") == '=_xlfn.IFNA(MAX(Calculations!$D$7:$D$11),LEN("IFNA("))'

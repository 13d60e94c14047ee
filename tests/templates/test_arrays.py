"""Which formulas are array formulas: those that Calc computes only so, and those that it is to compute at opening."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from xladdin import templates
from xladdin.templates.arrays import hands_over_computed_range, says_what_is_missing


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=SUMPRODUCT(LEV_LIQACCOUNT(D8,positions[Entry],positions[Quantity]*(positions[Venue]=B8),"long",1%))', True),
        ("=LEV_AVGENTRY(A1:A3*2,B1:B3)", True),
        ("=LEV_AVGENTRY(A1:A3,B1:B3)", False),
        ("=LEV_SIZE(A1*2,5)", False),
        ("=SUM(A1:A3*2)", False),
    ],
)
def test_only_a_computed_range_makes_an_array_formula(formula: str, expected: bool) -> None:
    assert hands_over_computed_range(formula) is expected


def test_the_account_of_positions_is_computed_so() -> None:
    book = openpyxl.load_workbook(templates.find("positions"))
    formulas = [cell.value for row in book["Calculations"] for cell in row]
    moves = [each for each in formulas if "LEV_LIQACCOUNT" in str(getattr(each, "text", each))]
    assert moves
    assert all(isinstance(each, ArrayFormula) for each in moves)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=overall_flag", True),
        ('=IF(ISERROR(LEV_RATIO(1,1)),"MISSING","there")', True),
        ("=checks_failed", False),
        ("overall_flag", False),  # a text
    ],
)
def test_what_tells_that_the_functions_are_missing_is_computed_at_opening(formula: str, expected: bool) -> None:
    assert says_what_is_missing(formula) is expected

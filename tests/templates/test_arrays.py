"""Formulas that hand a computed range to a function of ours are array formulas: Calc computes them only so."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from xladdin import templates
from xladdin.templates.arrays import hands_over_computed_range


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

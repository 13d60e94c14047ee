"""Criteria, and what meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": "Bananas", "A2": "Oranges", "A3": "Apples", "A4": "Pears", "B1": 25.0, "B2": 38.0, "B3": 40.0}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=COUNTIF(B1:B5,">30")', 2.0),
        ('=COUNTIF(A1:A4,"*an*")', 2.0),
        ('=COUNTIF(A1:A4,"<>Pears")', 3.0),
        ('=COUNTIF(A1:A4,"a~*")', 0.0),
        ('=COUNTIF(A1:A4,"apples")', 1.0),
        ('=COUNTIF(B1:B5,"")', 2.0),
        ('=COUNTIF(B1:B5,"<>")', 3.0),
        ('=COUNTIF(B1:B5,"=38")', 1.0),
        ('=COUNTIFS(B1:B4,">=25",A1:A4,"?????*",B1:B4,"<40")', 2.0),
        ('=COUNTIFS(B1:B4,">1",A1:A3,"a")', '#VALUE!'),
        ('=SUMIF(A1:A4,"*es",B1:B4)', 78.0),
        ('=SUMIF(B1:B4,">26")', 78.0),
        ('=SUMIFS(B1:B4,A1:A4,"<>Apples")', 63.0),
        ('=AVERAGEIF(B1:B4,"<40")', 31.5),
        ('=AVERAGEIF(B1:B4,">99")', '#DIV/0!'),
        ('=_xlfn.MAXIFS(B1:B4,A1:A4,"b*")', 25.0),
        ('=_xlfn.MINIFS(B1:B4,A1:A4,"x")', 0.0),
    ],
)  # fmt: skip
def test_what_meets_a_criterion(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

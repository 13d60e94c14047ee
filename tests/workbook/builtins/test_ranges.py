"""Functions of the numbers of ranges, with the values of their documentation or such as anybody can count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": 1.0, "A2": 3.0, "A3": 5.0, "A4": 8.0, "A5": True, "A6": "text"}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=SUM(A1:A6)', 17.0),
        ('=AVERAGE(A1:A6)', 4.25),
        ('=AVERAGEA(A1:A6)', 3.0),
        ('=COUNT(A1:A6)', 4.0),
        ('=COUNTA(A1:A6)', 6.0),
        ('=COUNTBLANK(A1:A7)', 1.0),
        ('=MAX(A1:A6)', 8.0),
        ('=MIN(A1:A6)', 1.0),
        ('=MAXA(A5:A6)', 1.0),
        ('=MINA(A1:A6)', 0.0),
        ('=MEDIAN(A1:A6)', 4.0),
        ('=LARGE(A1:A6,2)', 5.0),
        ('=SMALL(A1:A6,1)', 1.0),
        ('=LARGE(A1:A6,5)', '#NUM!'),
        ('=PRODUCT(A1:A6)', 120.0),
        ('=SUMSQ(A1:A6)', 99.0),
        ('=DEVSQ(A1:A6)', 26.75),
        ('=AVEDEV(A1:A6)', 2.25),
        ('=STDEV(A1:A6)', 2.9860788111948193),
        ('=STDEVP(A1:A6)', 2.5860201081971503),
        ('=VAR(A1:A6)', 8.916666666666666),
        ('=VARP(A1:A6)', 6.6875),
        ('=AVERAGE(A6:A7)', '#DIV/0!'),
        ('=STDEV(A1:A1)', '#DIV/0!'),
        ('=SUMPRODUCT(A1:A4,A1:A4)', 99.0),
        ('=SUMPRODUCT(A1:A4,A1:A3)', '#VALUE!'),
        ('=MAXA(A7:A8)', 0.0),
        ('=MINA(A7:A8)', 0.0),
        ('=AVERAGEA(A7:A8)', '#DIV/0!'),
        ('=VARA(A1:A2,NA())', '#N/A'),
        ('=MAXA(A1:A2,"x")', '#VALUE!'),
        ('=STDEV({1,#N/A,3})', '#N/A'),
        ('=VARA({1,#N/A,3})', '#N/A'),
        ('=AVERAGEA(A7:A8)+0', '#DIV/0!'),
    ],
)  # fmt: skip
def test_the_numbers_of_a_range(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)

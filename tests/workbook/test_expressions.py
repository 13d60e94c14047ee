"""Syntax trees as calls: what is looked at, once for all rows or row by row."""

from __future__ import annotations

from typing import Any

import pytest
from support.books import Make

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place

ROWS = [{"a": 1.0, "b": 10.0}, {"a": 2.0, "b": "x"}, {"a": None, "b": 0.0}]


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("=a+b", [11.0, "#VALUE!", 0.0]),
        ("=IF(a>1,a,b)", [10.0, 2.0, 0.0]),
        ('=IFERROR(b/a,"none")', [10.0, "none", "none"]),
        ("=-a%", [-0.01, -0.02, 0.0]),
        ('=a&"|"&b', ["1|10", "2|x", "|0"]),
        ("=SUM({1,2,3}*a)", [6.0, 12.0, 0.0]),
        ("=IF(FALSE,1/0,5)", [5.0, 5.0, 5.0]),
        ("=LEV_RATIO(b,a)", [10.0, "#VALUE!", "#N/A"]),
    ],
)
def test_a_formula_over_rows(make: Make, formula: str, values: list[Any]) -> None:
    model = read_model(make({"A1": 1, "B1": 1, "C1": formula}, {"a": "S!$A$1", "b": "S!$B$1"}))
    assert [row[Place("S", 1, 3)] for row in compute(model, ROWS)] == values

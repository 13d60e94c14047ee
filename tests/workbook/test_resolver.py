"""What references lead to, through names too."""

from __future__ import annotations

from typing import Any

import pytest
from support.books import Make

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place

CELLS = {"A1": 1, "A2": 2, "A3": "=A1+A2", "B1": "x"}
NAMES = {"one": "S!$A$1", "all_of_it": "S!$A$1:$A$3", "rate": "0.5", "twice": "one*2", "gone": "#REF!"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM(all_of_it)", 6.0),
        ("=rate*one", 0.5),
        ("=twice", 2.0),
        ("=ALL_OF_IT", "#VALUE!"),
        ("=gone", "#REF!"),
        ("=nowhere", "#NAME?"),
        ("=SUM(A:A)", 6.0),
        ("=COUNTA(1:1)", 2.0),
        ("=Missing!A1", "#REF!"),
    ],
)
def test_names_and_whole_columns_lead_to_their_cells(make: Make, formula: str, value: Any) -> None:
    (values,) = compute(read_model(make({**CELLS, "Z9": formula}, NAMES)), [{}])
    assert values[Place("S", 9, 26)] == value

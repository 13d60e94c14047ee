"""Parts of formulas that can be computed: what depends on what."""

from __future__ import annotations

from typing import Any

import pytest
from support.books import Make

from xladdin.core.errors import UnreadableError
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place
from xladdin.workbook.references import area_of
from xladdin.workbook.terms import intersected, spread


def test_a_column_beside_a_cell_means_the_cell_in_its_row() -> None:
    here = Place("S", 3, 5)
    assert intersected(area_of("A1:A9", "S"), here) == area_of("A3", "S")
    assert intersected(area_of("A4:A9", "S"), here) is None
    assert intersected(area_of("A1:J1", "S"), here) == area_of("E1", "S")


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        (7.0, [[7.0, 7.0], [7.0, 7.0], [7.0, 7.0]]),
        ([[1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]),
        ([[1.0], [2.0], [3.0]], [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]),
    ],
)
def test_a_value_fills_the_cells_of_an_array_formula(value: Any, cells: list[list[float]]) -> None:
    assert spread(value, 3, 2) == cells


def test_a_circle_is_told_when_a_workbook_is_compiled(make: Make) -> None:
    with pytest.raises(UnreadableError, match="has a circular reference"):
        compile_model(read_model(make({"A1": 1, "A2": "=A3+A1", "A3": "=A2"}, {"a": "S!$A$1"})))

"""A model's values: rows of inputs in, the value of every formula out."""

from __future__ import annotations

from support.books import Make

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place


def test_each_row_has_its_own_values_and_the_workbooks_where_it_has_none(make: Make) -> None:
    model = read_model(make({"A1": 2, "B1": 10, "C1": "=A1*B1", "D1": "=C1&B1"}, {"a": "S!$A$1", "b": "S!$B$1"}))
    rows = list(compute(model, [{}, {"a": 3.0}, {"a": "x", "b": 1.0}, {"b": None}]))
    assert [row[Place("S", 1, 3)] for row in rows] == [20, 30, "#VALUE!", 0]
    assert [row[Place("S", 1, 4)] for row in rows] == ["2010", "3010", "#VALUE!", "0"]


def test_no_rows_give_no_values(make: Make) -> None:
    assert list(compute(read_model(make({"A1": 2, "B1": "=A1"}, {})), [])) == []

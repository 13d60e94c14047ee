"""Cells that hold a number, text, a condition or nothing, another in each row of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import make_book

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place

ROWS: list[dict[str, Any]] = [{"x": 2.0, "y": 3.0}, {"x": "a", "y": 5.0}, {"x": "a", "y": "b"}, {"x": True, "y": None}]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(A1:A2)", [5.0, 5.0, 0.0, 0.0]),
        ("=SUM(A1:A3)", [9.0, 9.0, 4.0, 4.0]),
        ("=SUM(A1,4)", [6.0, 4.0, 4.0, 4.0]),
        ("=PRODUCT(A1:A2)", [6.0, 5.0, 0.0, 0.0]),
        ("=MIN(A1:A2)", [2.0, 5.0, 0.0, 0.0]),
        ("=MAX(A1:A2)", [3.0, 5.0, 0.0, 0.0]),
        ("=MAX(A1:A3)", [4.0, 5.0, 4.0, 4.0]),
        ("=MIN(A1:A3)", [2.0, 4.0, 4.0, 4.0]),
        ("=COUNT(A1:A3)", [3.0, 2.0, 1.0, 1.0]),
        ("=SUMSQ(A1:A2)", [13.0, 25.0, 0.0, 0.0]),
        ("=AVERAGE(A1:A3)", [3.0, 4.5, 4.0, 4.0]),
        ("=MEDIAN(A1:A3)", [3.0, 4.5, 4.0, 4.0]),
        # A criterion that is another in each row, alone and with another one.
        ("=COUNTIF(A1:A3,A1)", [1.0, 1.0, 1.0, 1.0]),
        ('=COUNTIF(A1:A3,"<>"&A1)', [2.0, 2.0, 2.0, 2.0]),
        ('=SUMIF(A1:A3,">="&A2)', [7.0, 5.0, 0.0, 0.0]),
        ('=COUNTIFS(A1:A3,"<>"&A1,A1:A3,"<>4")', [1.0, 1.0, 1.0, 1.0]),
        # To 15 digits 2 is the square of its root; texts and conditions are above all numbers.
        ("=A1>SQRT(2)^2", [False, True, True, True]),
        ("=A1>=SQRT(2)^2", [True, True, True, True]),
        # Texts and errors.
        ('=A1&"-"&A3', ["2-4", "a-4", "a-4", "TRUE-4"]),
        ("=A1&NA()", ["#N/A"] * 4),
        ("=A1&A2/A2", ["21", "a1", "#VALUE!", "#DIV/0!"]),
        ("=IFNA(A1,7)", [2.0, "a", "a", True]),
        ('=SWITCH(A1,"a",1,2,5,9)', [5.0, 1.0, 1.0, 9.0]),
        ('=SWITCH(A2,"",1,0,6,3,5,9)', [5.0, 9.0, 9.0, 6.0]),
        ("=ISNUMBER(A1)", [True, False, False, False]),
        ('=_xlfn.TEXTBEFORE(A1&"-x","-")', ["2", "a", "a", "TRUE"]),
        ("=COUNTIF(A1:A3,A1)+COUNTIF(A1:A3,A3)", [2.0, 2.0, 2.0, 2.0]),
    ],
)
def test_each_row_is_computed_of_its_own_cells(tmp_path: Path, formula: str, expected: list[Any]) -> None:
    cells = {"A1": 1.0, "A2": 1.0, "A3": 4.0, "B1": formula}
    model = read_model(make_book(tmp_path / "book.xlsx", cells, {"x": "S!$A$1", "y": "S!$A$2"}))
    assert [row[Place("S", 1, 2)] for row in compute(model, ROWS)] == expected


@pytest.mark.parametrize("varies", ["A1", "A500"])
@pytest.mark.parametrize("count", [999, 1000])
def test_a_function_of_ours_fills_a_long_range_of_which_a_cell_varies(tmp_path: Path, varies: str, count: int) -> None:
    cells: dict[str, Any] = {f"A{row}": 1.0 for row in range(1, count + 1)}
    cells["B1"] = ("B1", f"=SUM(LEV_SIZE(A1:A{count},2))")  # twice each
    model = read_model(make_book(tmp_path / "book.xlsx", cells, {"x": f"S!${varies[0]}${varies[1:]}"}))
    values = [row[Place("S", 1, 2)] for row in compute(model, [{}, {"x": 4.0}])]
    assert values == [2.0 * count, 2.0 * count + 6.0]


@pytest.mark.parametrize("count", [999, 1000])
def test_a_function_of_ours_fills_an_array_that_is_computed(tmp_path: Path, count: int) -> None:
    cells = {"A1": 2.0, "B1": ("B1", f"=SUM(LEV_SIZE(_xlfn.SEQUENCE({count}),A1))")}
    model = read_model(make_book(tmp_path / "book.xlsx", cells, {"x": "S!$A$1"}))
    values = [row[Place("S", 1, 2)] for row in compute(model, [{}, {"x": 4.0}])]
    assert values == [count * (count + 1.0), 2 * count * (count + 1.0)]
    (value,) = compute(model, [{}])
    assert value[Place("S", 1, 2)] == values[0]

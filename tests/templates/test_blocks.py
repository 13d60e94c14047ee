"""Lines, tables and grids as they stand in the built workbook."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest


def cells(book: openpyxl.Workbook, title: str) -> dict[Any, str]:
    return {cell.value: cell.coordinate for row in book[title] for cell in row if cell.value is not None}


def test_a_table_has_its_rows_and_a_grid_its_two_axes(build: Any) -> None:
    book = build()
    found = cells(book, "Calculations")
    assert {"Day by day", "Income", "=$B16*C$15"} <= set(found)
    days = [cell.value for row in book["Calculations"] for cell in row if cell.value in (1, 2, 3, 4, 5)]
    assert days[:5] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("count", [3, 8])
def test_a_table_is_as_long_as_it_says(build: Any, count: int) -> None:
    formulas = [cell.value for row in build(("rows = 5", f"rows = {count}"))["Calculations"] for cell in row]
    assert sum('"late"' in str(formula) for formula in formulas) == count

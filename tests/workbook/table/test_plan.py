"""The formulas of a table's rows for all rows at once, and what is computed of the whole table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xladdin.reports import into


def table_of(path: Path, formula: str, total: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["amount", "made"], [1, formula]):
        sheet.append(row)
    table = Table(displayName="t", ref="A1:B2")
    table._initialise_columns()
    for column, name in zip(table.tableColumns, ("amount", "made"), strict=True):
        column.name = name
    sheet.add_table(table)
    sheet["E1"] = total
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("formula", "total", "made", "summed"),
    [
        ("=A2*2", "=SUM(t[made])", [4, 10, 6], 20),
        ("=A2/SUM(A$2:A$2)", "=ROUND(SUM(t[made]),9)", [0.2, 0.5, 0.3], 1),
        ("=SUM(A$2:A2)", "=MAX(t[made])", [2, 7, 10], 10),
        ("=N(B1)+A2", "=MAX(t[made])", [2, 7, 10], 10),
        ('=IF(A2=E$1,"most","")', "=MAX(t[amount])", ["", "most", ""], 5),
        ("=ROW()-ROW(A$1)", "=COUNT(t[made])", [1, 2, 3], 3),
    ],
)
def test_rows_and_what_is_computed_of_all_of_them(
    tmp_path: Path, formula: str, total: str, made: list[Any], summed: float
) -> None:
    rows = tmp_path / "t.csv"
    rows.write_text("amount\n2\n5\n3\n")
    into.fill(rows, table_of(tmp_path / "own.xlsx", formula, total), tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True).active
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == pytest.approx(made) if made[0] != "" else made
    assert sheet["E1"].value == summed

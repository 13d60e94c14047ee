"""The formulas of a table's rows for all rows at once, and what is computed of the whole table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
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


@pytest.mark.parametrize(
    ("formula", "total", "made", "summed"),
    [
        # A running sum as people write it: the reference grows from row to row.
        ("=SUM(t[[#Headers],[amount]]:A2)", "=SUM(t[made])", [2, 7, 10], 19),
        ("=SUM(INDEX(t[amount],1):A2)", "=SUM(t[made])", [2, 7, 10], 19),
        ("=SUM(t[amount] A2:B2)", "=SUM(t[made])", [2, 5, 3], 10),
        # What leads to the table's cells is known only when it is computed.
        ("=A2*2", "=SUM(INDEX(t[made],1):INDEX(t[made],2))", [4, 10, 6], 14),
        ("=A2*2", '=SUM(INDIRECT("t[made]"))', [4, 10, 6], 20),
        ("=A2*2", "=SUM(COUNTIF(t[made],{4,6}))", [4, 10, 6], 2),
        ("=COUNTIF(t[amount],t[amount])", "=SUM(1/COUNTIF(t[amount],t[amount]))", [1, 1, 1], 3),
        ("=SUM((t[amount]<=A2)*t[amount])", "=MAX(t[made])", [2, 10, 5], 10),
    ],
)
@pytest.mark.parametrize("is_array", [False, True], ids=["plain", "total as an array formula"])
def test_references_to_the_tables_cells(
    tmp_path: Path, formula: str, total: str, made: list[Any], summed: float, is_array: bool
) -> None:
    rows = tmp_path / "t.csv"
    rows.write_text("amount\n2\n5\n3\n")
    template = table_of(tmp_path / "own.xlsx", formula, total)
    book = openpyxl.load_workbook(template)
    if "(t[amount]<" in formula:
        book.active["B2"] = ArrayFormula("B2", formula)
    if is_array or "1/COUNTIF" in total:
        book.active["E1"] = ArrayFormula("E1", total)
    book.save(template)
    into.fill(rows, template, tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True).active
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == made
    assert sheet["E1"].value == summed


def test_what_waits_for_a_cell_that_only_computing_leads_to(tmp_path: Path) -> None:
    rows = tmp_path / "t.csv"
    rows.write_text("amount\n2\n5\n3\n")
    template = table_of(tmp_path / "own.xlsx", "=A2*2", '=SUM(INDIRECT("t[made]"))')
    book = openpyxl.load_workbook(template)
    book.active["F1"] = "=E1+1"
    book.active["G1"], book.active["H1"] = ArrayFormula("G1:H1", "=E1:F1*10"), 0
    book.save(template)
    into.fill(rows, template, tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True).active
    assert [sheet[cell].value for cell in ("E1", "F1", "G1", "H1")] == [20, 21, 200, 210]

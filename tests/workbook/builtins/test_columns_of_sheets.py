"""Whole columns of sheets of different lengths: each is as long as the other."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=SUMIF(S!A:A,"a",Long!A:A)', 5.0),
        ('=SUMIF(Long!A:A,">1",S!B:B)', 50.0),
        ('=SUMIFS(Long!A:A,S!A:A,"",Long!A:A,"<6")', 3.0),
        ('=COUNTIFS(S!A:A,"",Long!A:A,">0")', 3.0),
        ('=COUNTIFS(Long!A:A,"",S!A:A,"")', 1048570.0),
        # What is blank below the shorter column meets these.
        ('=AVERAGEIFS(Long!A:A,S!A:A,"<>a")', 4.25),
        ('=SUMIF(S!A:A,"",Long!A:A)', 15.0),
        ('=SUMIF(S!A:C,"<>a",Long!A:C)', 17.0),
        ('=SUMIF(Long!A:C,"",S!A:C)', 60.0),
        ('=COUNTIFS(Long!A:C,">1",S!A:C,"<>a")', 4.0),
        ('=COUNTIFS(Long!A:C,"",S!A:C,">10")', 2.0),
        ('=_xlfn.MAXIFS(Long!A:A,S!A:A,"<>b")', 6.0),
        ("=SUMPRODUCT(S!B:B,Long!A:A)", 170.0),
        ("=SUMPRODUCT(S!B:B*Long!A:A)", 170.0),
        ('=SUMPRODUCT((S!A:A="a")*Long!A:A)', 5.0),
        ("=SUMPRODUCT(S!A:C,Long!A:C)", 0.0),  # text is none
        ("=SUMXMY2(S!B:B,Long!A:A)", 1081.0),  # 9 9, 18 18 and 26 26
        ("=SLOPE(Long!A:A,S!B:B)", 0.15),
        ('=_xlfn.XLOOKUP("b",S!A:A,Long!A:A)', 2.0),
        ("=_xlfn.XLOOKUP(3,Long!A:A,S!A:A,5)", 0.0),
        ("=LOOKUP(25,S!B:B,Long!A:A)", 2.0),
        ("=COUNTBLANK(S!A:C)", 3 * 1048576 - 6.0),
        ("=COUNTBLANK(Long!A:C)", 3 * 1048576 - 6.0),
        # One column by each of several, of the same sheet or of another that ends elsewhere.
        ("=SUMPRODUCT(Long!A1:A100*Long!A1:B100)", 102.0),
        ("=SUMPRODUCT(S!B1:B100*Long!A1:B100)", 170.0),
        ("=SUMPRODUCT(Long!A1:B100*S!B1:B100)", 170.0),
        ("=SUMPRODUCT(S!B:B*Long!A:B)", 170.0),
        ("=SUMPRODUCT(Long!A:B*S!B:B)", 170.0),
        ("=SUMPRODUCT((S!B1:B100+1)*(Long!A1:B100+1))", 512.0),
        ("=SUMPRODUCT(S!A1:B100*Long!A1:A100)", "#VALUE!"),
        ("=SUM(INDEX(Long!A1:A100,0,1))", 22.0),
        ("=MATCH(S!C1,Long!A:A,0)", "#N/A"),
        ("=MATCH(0,Long!A:A,0)", "#N/A"),
        ("=VLOOKUP(25,S!B1:B100,1)", 20.0),
        ("=MATCH(25,S!B1:B100)", 2.0),
        ("=_xlfn.XMATCH(25,S!B1:B100)", "#N/A"),
        ("=_xlfn.XLOOKUP(25,S!B1:B100,S!B1:B100,7)", 7.0),
    ],
)
def test_whole_columns_of_sheets_of_different_lengths(tmp_path: Path, formula: str, expected: float | str) -> None:
    book = openpyxl.Workbook()
    sheet, long = book.active, book.create_sheet("Long")
    sheet.title = "S"
    for row in (["a", 10], ["b", 20], ["a", 30]):
        sheet.append(row)
    for value in (1, 2, 4, 3, 6, 6):
        long.append([value])
    sheet["D1"] = formula
    book.save(tmp_path / "book.xlsx")
    (values,) = compute(read_model(tmp_path / "book.xlsx"), [{}])
    assert values[Place("S", 1, 4)] == expected


def test_running_totals_of_plain_cells(tmp_path: Path) -> None:
    count = 300
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for row in range(1, count + 1):
        sheet.append(["text" if row == 40 else row, f"=SUM(A$1:A{row})", f"=COUNT(A$1:A{row})", f"=MAX(A{row}:A$300)"])
    book.save(tmp_path / "book.xlsx")
    (values,) = compute(read_model(tmp_path / "book.xlsx"), [{}])
    total = 0
    for row in range(1, count + 1):
        total += 0 if row == 40 else row
        found = [values[Place("S", row, column)] for column in (2, 3, 4)]
        assert found == [total, row - (row >= 40), count], row

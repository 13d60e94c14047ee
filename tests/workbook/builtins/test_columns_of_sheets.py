"""Whole columns of sheets of different lengths: each is as long as the other."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from xladdin.workbook.compute import compute
from xladdin.workbook.model import read_model
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
    ],
)
def test_whole_columns_of_sheets_of_different_lengths(tmp_path: Path, formula: str, expected: float) -> None:
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

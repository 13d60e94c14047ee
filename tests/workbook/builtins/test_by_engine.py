"""Functions of the formula engine, given what a spreadsheet's cells hold; the values are those of documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": "13", "A2": True, "F2": 25, "A3": None}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=BITAND(13,25)", 9.0),
        ("=BITAND(A1,25)", 9.0),  # text that spells a number
        ("=BITAND(13,A1:A3)", 13.0),  # of a range the cell beside the formula
        ('=CONVERT(1,"lbm","kg")', 0.45359237),
        ("=CONVERT(A2,\"lbm\",\"kg\")", "#VALUE!"),
        ("=COMPLEX(3,4)", "3+4i"),
        ('=IMREAL("6-9i")', 6.0),
        ("=DEC2BIN(9,4)", "1001"),
        ("=BESSELJ(1.9,2)", 0.329925829),
        ("=FACTDOUBLE(6)", 48.0),
        ("=TBILLPRICE(DATE(2008,3,31),DATE(2008,6,1),0.09)", 98.45),
        ("=BASE(7,2)", "111"),
        ('=DECIMAL("FF",16)', 255.0),
        ("=FIXED(1234.567)", "1,234.57"),
        ("=GESTEP(5)", 1.0),
        ("=ISPMT(0.1/12,1,36,8000000)", -64814.8148),
        ("=SQRTPI(1)", 1.772454),
        ('=IMDIV("-238+240i","10+24i")', "5+12i"),
        ('=IMSUB("13+4i","5+3i")', "8+i"),
    ],
)  # fmt: skip
def test_a_function_is_as_documented(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert found == (pytest.approx(expected, rel=1e-6) if isinstance(expected, float) else expected)

"""Numbers in other bases, with what Excel gives for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import make_book

from xladdin.workbook.compute import compute
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=BIN2DEC(11111111111)", "#NUM!"),  # of more than ten digits
        ('=BIN2DEC("12")', "#NUM!"),
        ("=DEC2BIN(9,4)", "1001"),
        ("=DEC2BIN(-25,1)", "1111100111"),  # all digits, however few are asked for
        ("=DEC2BIN(-25,11)", "#NUM!"),
        ("=DEC2BIN(9,3)", "#NUM!"),
        ("=DEC2BIN(0,0)", "#NUM!"),
        ("=DEC2BIN(512)", "#NUM!"),
        ("=DEC2BIN(9.9)", "1001"),
        ("=DEC2BIN(TRUE)", "#VALUE!"),
        ('=DEC2BIN("E",1)', "#VALUE!"),
        ('=DEC2BIN("E",11)', "#NUM!"),
        ("=DEC2HEX(-2)", "FFFFFFFFFE"),
        ("=DEC2OCT(-536870912)", "4000000000"),
        ("=DEC2OCT(-536870913)", "#NUM!"),
        ('=BIN2OCT("a")', "#NUM!"),
        ('=BIN2OCT("")', "0"),
        ("=BIN2DEC(1001010101)", -427.0),
        ("=BIN2HEX(-25)", "#NUM!"),
        ("=OCT2BIN(10,5)", "01000"),
        ("=OCT2BIN(7777777001)", "1000000001"),
        ("=OCT2HEX(8)", "#NUM!"),
        ('=HEX2DEC("a2")', 162.0),
        ('=HEX2DEC("FFFFFFFE99")', -359.0),
        ("=HEX2OCT(20000001)", "#NUM!"),
        ('=HEX2DEC("g")', "#NUM!"),
        ("=HEX2DEC(1/0)", "#DIV/0!"),
        ("=BIN2DEC(TRUE)", "#VALUE!"),
        ("=HEX2OCT(TRUE)", "#VALUE!"),
    ],
)
def test_it_is_as_excel_has_it(tmp_path: Path, formula: str, expected: Any) -> None:
    (values,) = compute(read_model(make_book(tmp_path / "book.xlsx", {"A1": formula}, {})), [{}])
    assert values[Place("S", 1, 1)] == expected

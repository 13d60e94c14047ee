"""What is looked up, found or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import make_book, value_of

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model

CELLS = {
    "A1": "Bananas",
    "A2": "Oranges",
    "A3": "Apples",
    "A4": "Pears",
    "B1": 25.0,
    "B2": 38.0,
    "B3": 40.0,
    "B4": 41.0,
}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=MATCH(39,B1:B4,1)', 2.0),
        ('=MATCH(41,B1:B4,0)', 4.0),
        ('=MATCH(40,B1:B4,-1)', '#N/A'),
        ('=MATCH("p*",A1:A4,0)', 4.0),
        ('=MATCH("APPLES",A1:A4,0)', 3.0),
        ('=VLOOKUP("Oranges",A1:B4,2,FALSE)', 38.0),
        ('=VLOOKUP("Kiwis",A1:B4,2,FALSE)', '#N/A'),
        ('=VLOOKUP("Oranges",A1:B4,3,FALSE)', '#REF!'),
        ('=HLOOKUP("Bananas",A1:B4,3,FALSE)', 'Apples'),
        ('=INDEX(A1:B4,2,2)', 38.0),
        ('=INDEX(A1:B4,5,1)', '#REF!'),
        ('=INDEX(B1:B4,0)', 25.0),
        ('=SUM(INDEX(B1:B4,0))', 144.0),
        ('=LOOKUP(39,B1:B4,A1:A4)', 'Oranges'),
        ('=LOOKUP(1,B1:B4)', '#N/A'),
        ('=_xlfn.XLOOKUP(39,B1:B4,A1:A4,"none",-1)', 'Oranges'),
        ('=_xlfn.XLOOKUP(39,B1:B4,A1:A4,"none",1)', 'Apples'),
        ('=_xlfn.XLOOKUP(99,B1:B4,A1:A4,"none")', 'none'),
        ('=_xlfn.XMATCH("?ears",A1:A4,2)', 4.0),
        ('=_xlfn.XMATCH(40,B1:B4,0,-1)', 3.0),
        ('=ROWS(A1:B4)', 4.0),
        ('=COLUMNS(A1:B4)', 2.0),
        ('=MATCH(40,B1:B4,"x")', '#VALUE!'),
        ('=MATCH(1/0,B1:B4,0)', '#DIV/0!'),
        ('=MATCH(C1,{1;0},0)', 2.0),
        ('=MATCH(39,{41;40;38},-1)', 2.0),
        ('=MATCH(40,{41;"x";40;38},-1)', 3.0),
        ('=MATCH(10,{41;40;38},-1)', 3.0),
        ('=INDEX({1,2;3,4},1/0,1)', '#DIV/0!'),
        ('=VLOOKUP("Oranges",A1:B4,0,FALSE)', '#VALUE!'),
        ('=VLOOKUP("Oranges",A1:B4,1/0,FALSE)', '#DIV/0!'),
        ('=VLOOKUP(1,"text",1)', '#VALUE!'),
        ('=HLOOKUP(3,{1,2,3;"a","b","c";"d","e","f"},2,TRUE)', 'c'),
        ('=HLOOKUP(1,"text",1)', '#VALUE!'),
        ('=LOOKUP("C",{"a","b","c","d";1,2,3,4})', 3.0),
        ('=LOOKUP("bump",{"a",1;"b",2;"c",3})', 2.0),
        ('=LOOKUP(C1,{-1;0;1},{1;2;3})', 2.0),
        ('=_xlfn.XLOOKUP(38,B1:B4,A1:A3)', '#VALUE!'),
        ('=_xlfn.XLOOKUP(2,{1,2,3},{4,5,6})', 5.0),
        ('=SUM(_xlfn.XLOOKUP(2,{1,2,3},{4,5,6;7,8,9}))', 13.0),
        ('=_xlfn.XLOOKUP("x",A1:A4,A1:B4)', '#N/A'),
        ('=_xlfn.XMATCH(40,B1:B4,5)', '#VALUE!'),
        ('=_xlfn.XMATCH(40,B1:B4,0,3)', '#VALUE!'),
        ('=_xlfn.XMATCH(40,B1:B4,1/0)', '#DIV/0!'),
        ('=_xlfn.XMATCH(40,B1:B4,0,2)', 3.0),
        ('=_xlfn.XMATCH(4,{5,4,3},0,-2)', 2.0),
        ('=_xlfn.XMATCH(39,{41,40,38},-1,-2)', 3.0),
        ('=_xlfn.XMATCH(39,B1:B4,1,2)', 3.0),
        ('=_xlfn.XMATCH(1,B1:B4,-1)', '#N/A'),
        ('=_xlfn.XMATCH(99,B1:B4,1)', '#N/A'),
        ('=_xlfn.XMATCH(C1,C1:C3)', 1.0),
        ('=MATCH("Pears",A:A,0)', 4.0),
        ('=MATCH("P*",A:A,0)', 4.0),
        ('=MATCH(TRUE,A:A,0)', '#N/A'),
        ('=MATCH(C1,B:B,0)', '#N/A'),
        ('=MATCH(1/0,A:A,0)', '#DIV/0!'),
        ('=MATCH(39,B:B)', 2.0),
        ('=INDEX(A:B,3,2)', 40.0),
        ('=INDEX(A:B,-1,1)', '#VALUE!'),
        ('=INDEX(A:B,1,3)', '#REF!'),
        ('=VLOOKUP("Oranges",A:B,2,FALSE)', 38.0),
        ('=VLOOKUP("Kiwis",A:B,2,FALSE)', '#N/A'),
        ('=VLOOKUP("Oranges",A:B,3,FALSE)', '#REF!'),
        ('=VLOOKUP("Oranges",A:B,0,FALSE)', '#VALUE!'),
        ('=VLOOKUP("Oranges",A:B,2,1/0)', '#DIV/0!'),
        ('=ROWS(B:B)', 1048576.0),
        ('=_xlfn.XMATCH(40,B1:B4,"x")', '#VALUE!'),
        ('=SUM(INDEX(B:B,{2;3},1))', 78.0),
        ('=SUM(INDEX(A:B,{3;9},2))', 40.0),
        ('=ISERROR(SUM(INDEX(A:B,{-1;3},2)))', True),
        ('=INDEX({5,6},0,2)', 6.0),
        ('=VLOOKUP(25,B1:B4,0,FALSE)', '#VALUE!'),
        ('=VLOOKUP(99,B1:B4,0,FALSE)', '#N/A'),
        ('=VLOOKUP(25,B1:B4,1,FALSE)', 25.0),
        # Halving ends beside where the value would be: of equal ones it meets the nearest.
        ('=_xlfn.XMATCH(2.5,{4,3,3,3,2},1,-2)', 4.0),
        ('=_xlfn.XMATCH(3.5,{1,3,3,3,4},-1,2)', 4.0),
        ('=_xlfn.XMATCH(2.5,{4,3,3,3,2},1)', 2.0),
        ('=_xlfn.XMATCH(3.5,{1,3,3,3,4},-1)', 2.0),
        ('=_xlfn.XMATCH(2.5,{4,3,3,3,2},-1)', 5.0),
        ('=VLOOKUP(39,B1:B4,1)', 38.0),
        ('=HLOOKUP(39,{25,38,40},1)', 38.0),
        ('=_xlfn.XLOOKUP(39,B1:B4,B1:B4,"none")', 'none'),
        ('=_xlfn.XMATCH(39,B1:B4)', '#N/A'),
        ('=VLOOKUP(25,B1:B4,0,NA())', '#N/A'),
        ('=LOOKUP(25,{25;38},{1,2;3,4})', '#N/A'),
        ('=SUM(_xlfn.XLOOKUP(38,B:B,B:C))', 38.0),
        ('=_xlfn.XLOOKUP(38,B:B,A1:A3)', '#VALUE!'),
    ],
)  # fmt: skip
def test_what_is_looked_up(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)


def test_another_cell_in_each_row(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book.xlsx", CELLS | {"C1": 1.0, "D1": "=INDEX(A1:B4,C1,2)"}, {"which": "S!$C$1"})
    rows = compute(read_model(book), [{"which": which} for which in (4.0, 1.0, 5.0, "x", 4.0)])
    assert [list(row.values()) for row in rows] == [[41.0], [25.0], ["#REF!"], ["#VALUE!"], [41.0]]


def test_another_cell_of_a_single_row_in_each_row(tmp_path: Path) -> None:
    cells = CELLS | {"C1": 1.0, "D1": "=INDEX(A1:B1,C1,2)", "D2": "=INDEX(B1:B4,2,C1)"}
    rows = compute(read_model(make_book(tmp_path / "book.xlsx", cells, {"which": "S!$C$1"})), [{}, {"which": 0.0}])
    assert [list(row.values()) for row in rows] == [[25.0, 38.0], [25.0, 38.0]]

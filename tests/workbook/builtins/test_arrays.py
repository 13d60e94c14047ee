"""Functions that give whole ranges, seen through one of their cells or their sum."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": 1.0, "A2": 3.0, "A3": 5.0, "A4": 8.0, "A5": 1.0, "B1": "a", "B2": "b", "B3": "c", "B4": "d"}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=SUM(MMULT({1,3;7,2},{2,0;0,2}))', 26.0),
        ('=MDETERM({3,6,1;1,1,0;3,10,2})', 1.0),
        ('=INDEX(MINVERSE({4,-1;2,0}),2,1)', -1.0),
        ('=MMULT({1,2},{1,2})', '#VALUE!'),
        ('=INDEX(TRANSPOSE(A1:A4),1,3)', 5.0),
        ('=INDEX(_xlfn._xlws.SORT(A1:A4,1,-1),1)', 8.0),
        ('=INDEX(_xlfn.SORTBY(B1:B4,A1:A4,-1),1)', 'd'),
        ('=SUM(_xlfn._xlws.FILTER(A1:A4,A1:A4>2))', 16.0),
        ('=_xlfn._xlws.FILTER(A1:A4,A1:A4>9,"none")', 'none'),
        ('=SUM(_xlfn.UNIQUE(A1:A5))', 17.0),
        ('=SUM(_xlfn.SEQUENCE(3,2,1,2))', 36.0),
        ('=SUM(_xlfn.TAKE(A1:A4,-2))', 13.0),
        ('=SUM(_xlfn.DROP(A1:A4,1))', 16.0),
        ('=SUM(_xlfn.VSTACK(A1:A2,A4))', 12.0),
        ('=COLUMNS(_xlfn.HSTACK(A1:A2,B1:B2))', 2.0),
        ('=INDEX(_xlfn.TOCOL(A1:B2),2)', 'a'),
        ('=ROWS(_xlfn.WRAPROWS(A1:A4,3,0))', 2.0),
        ('=INDEX(_xlfn.TEXTSPLIT("a,b,c",","),1,2)', 'b'),
        ('=SUM(FREQUENCY(A1:A4,{2,5}))', 4.0),
        ('=INDEX(FREQUENCY(A1:A4,{2,5}),2)', 2.0),
        ('=ARABIC("MCMXCIV")', 1994.0),
        ('=SUM(_xlfn.BYROW(A1:A4,_xlfn.LAMBDA(_xlpm.r,MAX(_xlpm.r)*2)))', 34.0),
        ('=INDEX(_xlfn.SCAN(0,A1:A4,_xlfn.LAMBDA(_xlpm.t,_xlpm.v,_xlpm.t+_xlpm.v)),3)', 9.0),
        ('=SUM(_xlfn.MAKEARRAY(2,2,_xlfn.LAMBDA(_xlpm.r,_xlpm.c,_xlpm.r*_xlpm.c)))', 9.0),
    ],
)  # fmt: skip
def test_a_range_that_is_computed(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

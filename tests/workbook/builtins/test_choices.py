"""What chooses, asks and decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": 1.0, "A2": "MF8C", "A3": 5.0, "A4": None}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=IF(A4,1,2)', 2.0),
        ('=IF("x",1,2)', '#VALUE!'),
        ('=IF(0,1)', False),
        ('=IFERROR(1/0,"no")', 'no'),
        ('=_xlfn.IFNA(NA(),"no")', 'no'),
        ('=_xlfn.IFNA(1/0,"no")', '#DIV/0!'),
        ('=_xlfn.IFS(FALSE,1,TRUE,2)', 2.0),
        ('=_xlfn.IFS(FALSE,1)', '#N/A'),
        ('=_xlfn.SWITCH(3,1,"a",2,"b","other")', 'other'),
        ('=_xlfn.SWITCH(3,1,"a")', '#N/A'),
        ('=CHOOSE(2,"a","b")', 'b'),
        ('=CHOOSE(3,"a","b")', '#VALUE!'),
        ('=CHOOSE(1,"a",1/0)', 'a'),
        ('=AND(TRUE,1,A1)', True),
        ('=AND("x")', '#VALUE!'),
        ('=OR(A4,FALSE)', False),
        ('=_xlfn.XOR(TRUE,TRUE,TRUE)', True),
        ('=NOT(0)', True),
        ('=ISBLANK(A4)', True),
        ('=ISBLANK("")', False),
        ('=ISNUMBER(A3)', True),
        ('=ISTEXT(A2)', True),
        ('=ISNONTEXT(A4)', True),
        ('=ISERR(NA())', False),
        ('=ISNA(NA())', True),
        ('=ISEVEN(-1.9)', False),
        ('=ISODD(3)', True),
        ('=TYPE("a")', 2.0),
        ('=TYPE(1/0)', 16.0),
        ('=ERROR.TYPE(NA())', 7.0),
        ('=ERROR.TYPE(1)', '#N/A'),
        ('=DELTA(5,5)', 1.0),
        ('=ISLOGICAL(TRUE)', True),
        ('=ISLOGICAL("TRUE")', False),
        ('=ERROR.TYPE(#REF!)', 4.0),
        ('=ERROR.TYPE(#NUM!)', 6.0),
        ('=ERROR.TYPE(#NULL!)', 1.0),
        ('=ERROR.TYPE(#NAME?)', 5.0),
        ('=ERROR.TYPE(5)', '#N/A'),
        ('=_xlfn.XOR({1,1,1,1},"")', False),
        ('=_xlfn.XOR({1,1,1},"")', True),
        ('=DELTA(0)', 1.0),
    ],
)  # fmt: skip
def test_what_is_chosen(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)

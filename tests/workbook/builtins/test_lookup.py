"""What is looked up, found or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

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
    ],
)  # fmt: skip
def test_what_is_looked_up(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

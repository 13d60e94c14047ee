"""The operators, between values of any kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": "Fluorine", "A2": "MF8C", "A3": 5.0, "A4": None}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=1+"2"', 3.0),
        ('=1+TRUE', 2.0),
        ('="a"+1', '#VALUE!'),
        ('=A4+1', 1.0),
        ('=1/0', '#DIV/0!'),
        ('=-"3"', -3.0),
        ('=50%', 0.5),
        ('=-2^2', 4.0),
        ('=2^3^2', 64.0),
        ('=2^-1', 0.5),
        ('=(-8)^(1/3)', '#NUM!'),
        ('="a"&1&TRUE', 'a1TRUE'),
        ('=1="1"', False),
        ('="a"="A"', True),
        ('=1<"a"', True),
        ('="z"<FALSE', True),
        ('=A4=0', True),
        ('=A4=""', True),
        ('=A4=FALSE', True),
        ('=0.1+0.2=0.3', True),
        ('=1+2&3', '33'),
        ('=1-1-1', -1.0),
        ('=NA()=1', '#N/A'),
        ('=1E+308*10', '#NUM!'),
        ('=+"a"', 'a'),
        ('=SUM({1,2,3}*{1,2})', '#N/A'),
        ('=SUM(IFERROR({1,2,3}*{1,2},10))', 15.0),
        ('=SUM(IFERROR({1;2;3}*{1;2},10))', 15.0),
        ('=(0.1+0.2<=0.3)&(0.1+0.2<0.3)&(0.1+0.2>=0.3)', 'TRUEFALSETRUE'),
        ('=SUM(--({0.3,"a"}>=0.1+0.2))', 2.0),
        ('=SUM(--({0.3,"a"}>0.1+0.2))', 1.0),
        ('=1-0.9-0.1', 0.0),
    ],
)  # fmt: skip
def test_an_operator_between_any_values(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)

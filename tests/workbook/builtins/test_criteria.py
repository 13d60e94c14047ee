"""Criteria, and what meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS: dict[str, Any] = {
    "A1": "Bananas",
    "A2": "Oranges",
    "A3": "Apples",
    "A4": "Pears",
    "B1": 25.0,
    "B2": 38.0,
    "B3": 40.0,
}
CELLS |= {"C1": "=NA()", "C2": "=1/0", "C3": True, "C5": 5}
CELLS |= {"F1": 5, "F2": '="5"', "F3": 0}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=COUNTIF(B1:B5,">30")', 2.0),
        ('=COUNTIF(A1:A4,"*an*")', 2.0),
        ('=COUNTIF(A1:A4,"<>Pears")', 3.0),
        ('=COUNTIF(A1:A4,"a~*")', 0.0),
        ('=COUNTIF(A1:A4,"apples")', 1.0),
        ('=COUNTIF(B1:B5,"")', 2.0),
        ('=COUNTIF(B1:B5,"<>")', 3.0),
        ('=COUNTIF(B1:B5,"=38")', 1.0),
        ('=COUNTIFS(B1:B4,">=25",A1:A4,"?????*",B1:B4,"<40")', 2.0),
        ('=COUNTIFS(B1:B4,">1",A1:A3,"a")', '#VALUE!'),
        ('=SUMIF(A1:A4,"*es",B1:B4)', 78.0),
        ('=SUMIF(B1:B4,">26")', 78.0),
        ('=SUMIFS(B1:B4,A1:A4,"<>Apples")', 63.0),
        ('=AVERAGEIF(B1:B4,"<40")', 31.5),
        ('=AVERAGEIF(B1:B4,">99")', '#DIV/0!'),
        ('=_xlfn.MAXIFS(B1:B4,A1:A4,"b*")', 25.0),
        ('=_xlfn.MINIFS(B1:B4,A1:A4,"x")', 0.0),
        ('=COUNTIF(C1:C6,"#N/A")', 1.0),
        ('=COUNTIF(C1:C6,"<>#N/A")', 5.0),
        ('=COUNTIF(C1:C6,"#div/0!")', 1.0),
        ('=COUNTIF(C1:C6,"TRUE")', 1.0),
        ('=COUNTIF(C1:C6,"<>TRUE")', 5.0),
        ('=COUNTIF(C1:C6,TRUE)', 1.0),
        ('=COUNTIF(C1:C6,NA())', 1.0),
        ('=COUNTIF(C1:C6,"=")', 2.0),
        ('=COUNTIF(C1:C6,">")', 0.0),
        ('=COUNTIF(C1:C6,5)', 1.0),
        ('=COUNTIF(A1:A4,">B")', 3.0),
        ('=COUNTIF(A1:A4,"<=oranges")', 3.0),
        ('=SUMIFS(B1:B3,A1:A4,"x")', '#VALUE!'),
        ('=AVERAGEIFS(B1:B3,A1:A4,"x")', '#VALUE!'),
        ('=_xlfn.MAXIFS(B1:B3,A1:A4,"x")', '#VALUE!'),
        ('=AVERAGEIFS(B1:B4,A1:A4,"*s",B1:B4,">30")', 39.0),
        # Whole columns.
        ('=COUNTIFS(A:A,"*s",B:B,">30")', 2.0),
        ('=COUNTIFS(B:B,"",A:A,"P*")', 1.0),
        ('=COUNTIFS(D:D,"",E:E,"")', 1048576.0),
        ('=COUNTIFS(A:A,"*s",B1:B4,">30")', '#VALUE!'),
        ('=COUNTIFS(A:A,"*s",A:B,">30")', '#VALUE!'),
        ('=COUNTIF(A:A,NA())', 0.0),
        ('=COUNTIF(C:C,NA())', 1.0),
        ('=COUNTIF(F:F,5)', 2.0),  # a number, and text that spells it
        ('=COUNTIF(F1:F3,5)', 2.0),
        ('=COUNTIF(F1:F3,F4)', 1.0),  # what is blank asks for 0
        ('=SUMIF(A:A,"*es",B:B)', 78.0),
        ('=SUMIF(B:B,">26")', 78.0),
        ('=SUMIFS(B:B,A:A,"*s",A:A,"<>Apples")', 63.0),
        ('=SUMIFS(B:B,A:B,"x")', '#VALUE!'),
        ('=AVERAGEIF(A:A,"*es",B:B)', 39.0),
        ('=AVERAGEIF(B:B,"<40")', 31.5),
        ('=AVERAGEIF(B:B,">99")', '#DIV/0!'),
        ('=AVERAGEIFS(B:B,A:B,"x")', '#VALUE!'),
        ('=SUMIF(C:C,"<>x",C:C)', '#N/A'),
        ('=AVERAGEIF(C:C,"<>x",C:C)', '#N/A'),
        ('=_xlfn.MAXIFS(B:B,A:A,"*an*")', 38.0),
        ('=_xlfn.MAXIFS(B:B,A:B,"x")', '#VALUE!'),
        ('=SUMIFS(B:B,A:A,"x",A:B,"x")', '#VALUE!'),
        ('=_xlfn.MINIFS(B:B,A:A,"x")', 0.0),
        ('=_xlfn.MINIFS(C:C,C:C,"<>x")', '#N/A'),
        ('=COUNTIF(C1:C6,"FALSE")', 0.0),
        ('=_xlfn.MAXIFS(B1:B4,B1:B4,">1",A1:A4,A2)', 38.0),
    ],
)  # fmt: skip
def test_what_meets_a_criterion(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    "wanted", ["abc", "ABC", "=abc", "i", "straße", "STRASSE", "k", "s", "true", "#N/A", "12", "a*", "a~*", "", "<b"]
)
def test_a_text_is_counted_alike_in_a_long_range(tmp_path: Path, wanted: str) -> None:
    texts = ["abc", "Abc", "I", "\u0130", "\u0131", "Straße", "strasse", "\u212a", "\u017f", "TRUE", "12", "a*", "b"]
    cells = {f"A{row}": texts[row % len(texts)] for row in range(1, 1301)} | {"C1": wanted}
    short = sum(value_of(tmp_path, f"=COUNTIF(A{row}:A{row},C1)", cells) for row in range(1, len(texts) + 1))
    assert value_of(tmp_path, "=COUNTIF(A1:A1300,C1)", cells) == 100 * short

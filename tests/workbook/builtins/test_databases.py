"""Functions of databases on the orchard of Excel's documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

_ROWS = [
    ["Tree", "Height", "Age", "Yield", "Profit", "Height"],
    ['="=Apple"', ">10", None, None, None, "<16"],
    ['="=Pear"', None, None, None, None, None],
    ["Tree", "Height", "Age", "Yield", "Profit", None],
    ["Apple", 18, 20, 14, 105, None],
    ["Pear", 12, 12, 10, 96, None],
    ["Cherry", 13, 14, 9, 105, None],
    ["Apple", 14, 15, 10, 75, None],
    ["Pear", 9, 8, 8, 76.8, None],
    ["Apple", 8, 9, 6, 45, None],
    ["Tree", None, None, None, None, None],
    ["App", None, None, None, None, None],
]
CELLS: dict[str, Any] = {
    f"{letter}{row}": value
    for row, values in enumerate(_ROWS, 1)
    for letter, value in zip("ABCDEF", values, strict=True)
    if value is not None
}
CELLS |= {"H1": "Tree", "H2": "Plum", "I1": "Age", "I2": '="12"', "I4": "Found", "I5": "<>none"}
CELLS |= {"J1": "Found", "J2": 1, "J3": "=1/0", "J4": 3}


def in_orchard(tmp_path: Path, formula: str) -> Any:
    return value_of(tmp_path, formula, CELLS)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=DSUM(A4:E10,"Profit",A1:A2)', 225.0),
        ('=DSUM(A4:E10,"Profit",A1:F3)', 247.8),
        ('=DPRODUCT(A4:E10,"Yield",A1:F3)', 800.0),
        ('=DAVERAGE(A4:E10,"Yield",A1:B2)', 12.0),
        ("=DAVERAGE(A4:E10,3,A4:E10)", 13.0),
        ('=DCOUNT(A4:E10,"Age",A1:F2)', 1.0),
        ("=DCOUNT(A4:E10,,A1:A2)", 3.0),
        ('=DCOUNTA(A4:E10,"Profit",A1:F2)', 1.0),
        ('=DMAX(A4:E10,"Profit",A1:F3)', 96.0),
        ('=DMIN(A4:E10,"Profit",A1:F3)', 75.0),
        ('=DGET(A4:E10,"Yield",A1:F2)', 10.0),
        ('=DGET(A4:E10,"Yield",A1:A3)', "#NUM!"),
        ('=DSTDEV(A4:E10,"Yield",A1:A3)', 2.96648),
        ('=DVARP(A4:E10,"Yield",A1:A3)', 7.04),
        ('=DSUM(A4:E10,"Profit",A11:A12)', 225.0),  # plain text is met by what begins so
        ('=DSUM(A4:E10,"None",A1:A2)', "#VALUE!"),
        ("=DSUM(A4:E10,6,A1:A2)", "#VALUE!"),
        ("=DSUM(A4:E10,0.9,A1:A2)", "#VALUE!"),
        ("=DCOUNTA(A4:E10,1,A1:A2)", 3.0),
        ('=DMIN(A4:E10,"Profit",H1:H2)', 0.0),  # of no tree
        ('=DMAX(A4:E10,"Profit",H1:H2)', 0.0),
        ("=DSUM(A4:E10,NA(),A1:A2)", "#N/A"),
        ('=DSUM(A4:E10,"Profit",A1:A1)', "#VALUE!"),
        ('=DSUM(A4:E4,"Profit",A1:A2)', "#VALUE!"),
        ('=DGET(A4:E10,"Yield",H1:H2)', "#VALUE!"),
        ('=DAVERAGE(A4:E10,"Yield",H1:H2)', "#DIV/0!"),
        ('=DSTDEV(A4:E10,"Yield",A1:F2)', "#DIV/0!"),  # of a single tree
        ('=DMAX(A4:E10,"Yield",H1:H2)', 0.0),
        ('=DPRODUCT(A4:E10,"Yield",H1:H2)', 0.0),
        ('=DSUM(A4:E10,"Profit",I1:I2)', 96.0),  # text that spells a number is met by it
        ('=DCOUNT(J1:J4,"Found",I4:I5)', 2.0),  # errors are no numbers
        ('=DCOUNTA(J1:J4,"Found",I4:I5)', 3.0),
        ('=DSUM(J1:J4,"Found",I4:I5)', "#DIV/0!"),
        ('=DSTDEVP(A4:E10,"Yield",A1:A3)', 2.65329983),
        ('=DVAR(A4:E10,"Yield",A1:A3)', 8.8),
    ],
)
def test_a_database_is_as_documented(tmp_path: Path, formula: str, expected: Any) -> None:
    found = in_orchard(tmp_path, formula)
    assert found == (pytest.approx(expected, abs=1e-5) if isinstance(expected, float) else expected)

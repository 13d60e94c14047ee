"""Lines through points, with the values of Excel's documentation."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from support.books import value_of

from xladdin.workbook.compute import compute
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model

# Office buildings: floor space, offices, entrances, age, value.
BUILDINGS = [
    [2310, 2, 2, 20, 142000], [2333, 2, 2, 12, 144000], [2356, 3, 1.5, 33, 151000], [2379, 3, 2, 43, 150000],
    [2402, 2, 3, 53, 139000], [2425, 4, 2, 23, 169000], [2448, 2, 1.5, 99, 126000], [2471, 2, 2, 34, 142900],
    [2494, 3, 3, 23, 163000], [2517, 4, 4, 55, 169000], [2540, 2, 3, 22, 149000],
]  # fmt: skip
MONTHS = [
    [month, sold] for month, sold in zip(range(11, 17), (33100, 47300, 69000, 102000, 150000, 220000), strict=True)
]


def filled(tmp_path: Path, rows: list[list[float]], formula: str, reference: str) -> list[list[Any]]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    sheet["H1"] = ArrayFormula(reference, formula)
    book.save(tmp_path / "book.xlsx")
    (values,) = compute(read_model(tmp_path / "book.xlsx"), [{}])
    area = [[cell.coordinate for cell in row] for row in sheet[reference]] if ":" in reference else [["H1"]]
    places = [[openpyxl.utils.cell.coordinate_to_tuple(each) for each in row] for row in area]
    return [[values[Place("Sheet", *each)] for each in row] for row in places]


def test_all_that_linest_says_of_many_variables(tmp_path: Path) -> None:
    found = filled(tmp_path, BUILDINGS, "=LINEST(E1:E11,A1:D11,TRUE,TRUE)", "H1:L5")
    assert found[0] == pytest.approx([-234.2371645, 2553.21066, 12529.76817, 27.64138737, 52317.83051])
    assert found[1] == pytest.approx([13.26801148, 530.6691519, 400.0668382, 5.429374042, 12237.3616])
    assert found[2][:2] == pytest.approx([0.996747993, 970.5784629])
    assert found[3][:2] == pytest.approx([459.7536742, 6])
    assert found[4][:2] == pytest.approx([1732393319, 5652135.316])
    assert found[2][2:] == ["#N/A"] * 3


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=LINEST({1;9;5;7},{0;4;2;3})", [2, 1]),
        ("=LINEST({1,9,5,7},{0,4,2,3},FALSE)", [67 / 29, 0]),
        ("=LINEST({3;5;7})", [2, 1]),
        ("=LINEST({3;5;7},{2;2;2})", [0, 5]),  # what says nothing has no slope
        ("=LOGEST(B1:B6,A1:A6)", [1.463275628, 495.3047702]),
        ("=LINEST(B1:B6,A1:A5)", ["#REF!", "#REF!"]),
        ('=LINEST({1;9;5;7},{0;4;"x";3})', ["#VALUE!", "#VALUE!"]),
        ("=LOGEST({1;-9;5;7},{0;4;2;3})", ["#NUM!", "#NUM!"]),
        ("=TREND({1;9;5;7},{0;4;2;3},{5,6})", [11, 13]),
        ("=TRANSPOSE(GROWTH(B1:B6,A1:A6,{17;18}))", [320196.7184, 468536.0542]),
        ("=TREND({1,3,5},{1,2,3;1,4,9},{4,5;16,25})", [7, 9]),
        ("=TREND({1;3;5},,{4,5})", [7, 9]),
        ("=TREND({1,2})", [1, 2]),
        ("=TREND({1;2;3},{1;2})", ["#REF!", "#REF!"]),
        ("=GROWTH({1;-2},{1;2})", ["#NUM!", "#NUM!"]),
        ("=LOGEST({0.5;1;2;4},{1;2;3;4})", [2, 0.25]),
        ("=TREND({3;5;7},{1;2;3},{4,5})", [9, 11]),
        # Of two columns of which one is ten times the other the first says nothing: its slope is 0.
        ("=LINEST({1;3;5;7},{10000010,1000001;20000020,2000002;30000030,3000003;40000040,4000004})", [0, 2 / 10000010]),
    ],
)
def test_slopes_and_what_lies_on_the_line(tmp_path: Path, formula: str, expected: list[Any]) -> None:
    (found,) = filled(tmp_path, MONTHS, formula, "H1:I1")
    assert found == (expected if isinstance(expected[0], str) else pytest.approx(expected))


def test_how_well_a_line_fits_three_points(tmp_path: Path) -> None:
    """The points are 1/6, 1/3 and 1/6 away from the line 1.5 x - 2/3: 1/6 in squares, of one degree of freedom."""
    found = filled(tmp_path, BUILDINGS, "=LINEST({1;2;4},{1;2;3},TRUE,TRUE)", "H1:I5")
    assert found[0] == pytest.approx([1.5, -2 / 3])
    assert found[1] == pytest.approx([math.sqrt(1 / 12), math.sqrt(7 / 18)])
    assert found[2] == pytest.approx([27 / 28, math.sqrt(1 / 6)])
    assert found[3] == pytest.approx([27, 1])
    assert found[4] == pytest.approx([4.5, 1 / 6])


def test_how_well_a_line_through_nothing_fits(tmp_path: Path) -> None:
    """Of the squares 1 + 4 + 16 the line 17/14 x leaves 5/14."""
    found = filled(tmp_path, BUILDINGS, "=LINEST({1;2;4},{1;2;3},FALSE,TRUE)", "H1:I5")
    assert found[0] == pytest.approx([17 / 14, 0])
    assert found[1][0] == pytest.approx(math.sqrt(5 / 28 / 14))
    assert found[2] == pytest.approx([1 - 5 / 14 / 21, math.sqrt(5 / 28)])
    assert found[4] == pytest.approx([21 - 5 / 14, 5 / 14])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=ROWS(LINEST({1;2;4},{1;2;3}))", 1.0),  # nothing but the line where no more is asked for
        ("=COUNTA(LINEST({1;2;4;3},{1,1;2,4;3,9;4,16},TRUE,TRUE))", 15.0),  # five lines of as many columns each
    ],
)
def test_how_large_what_is_said_of_a_line_is(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, {}) == expected

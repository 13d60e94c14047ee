"""Functions of numbers, with the values of their documentation or such as anybody can see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=ROUND(2.15,1)', 2.2),
        ('=ROUND(-1.475,2)', -1.48),
        ('=ROUND(21.5,-1)', 20.0),
        ('=ROUND(626.3,-3)', 1000.0),
        ('=ROUNDUP(3.2,0)', 4.0),
        ('=ROUNDUP(-3.14159,1)', -3.2),
        ('=ROUNDDOWN(-3.14159,1)', -3.1),
        ('=TRUNC(-8.9)', -8.0),
        ('=INT(-8.9)', -9.0),
        ('=MOD(-3,2)', 1.0),
        ('=MOD(3,-2)', -1.0),
        ('=MOD(3,0)', '#DIV/0!'),
        ('=QUOTIENT(-10,3)', -3.0),
        ('=SIGN(-0.001)', -1.0),
        ('=ABS(-4)', 4.0),
        ('=CEILING(2.5,1)', 3.0),
        ('=CEILING(-2.5,-2)', -4.0),
        ('=CEILING(-2.5,2)', -2.0),
        ('=CEILING(2.5,-2)', '#NUM!'),
        ('=CEILING(0.234,0.01)', 0.24),
        ('=FLOOR(3.7,2)', 2.0),
        ('=FLOOR(-2.5,-2)', -2.0),
        ('=FLOOR(2.5,-2)', '#NUM!'),
        ('=_xlfn.CEILING.MATH(24.3,5)', 25.0),
        ('=_xlfn.CEILING.MATH(-8.1,2)', -8.0),
        ('=_xlfn.CEILING.MATH(-5.5,2,-1)', -6.0),
        ('=_xlfn.FLOOR.MATH(-8.1,2)', -10.0),
        ('=_xlfn.FLOOR.MATH(-5.5,2,-1)', -4.0),
        ('=MROUND(10,3)', 9.0),
        ('=MROUND(-10,-3)', -9.0),
        ('=MROUND(5,-2)', '#NUM!'),
        ('=EVEN(1.5)', 2.0),
        ('=EVEN(-1)', -2.0),
        ('=ODD(1.5)', 3.0),
        ('=ODD(0)', 1.0),
        ('=FACT(5)', 120.0),
        ('=FACT(-1)', '#NUM!'),
        ('=COMBIN(8,2)', 28.0),
        ('=SQRT(16)', 4.0),
        ('=SQRT(-16)', '#NUM!'),
        ('=EXP(1)', 2.718281828459045),
        ('=LN(86)', 4.454347296253507),
        ('=LN(0)', '#NUM!'),
        ('=LOG(8,2)', 3.0),
        ('=LOG10(100000)', 5.0),
        ('=POWER(5,2)', 25.0),
        ('=0^0', '#NUM!'),
        ('=ATAN2(1,1)', 0.7853981633974483),
        ('=ATAN2(0,0)', '#DIV/0!'),
        ('=DEGREES(PI())', 180.0),
        ('=RADIANS(270)', 4.71238898038469),
        ('=ASIN(2)', '#NUM!'),
        ('=_xlfn.NORM.S.DIST(1.333333,TRUE)', 0.9087887256040926),
        ('=NORMSINV(0.9087888)', 1.3333334536056365),
        ('=NORMSINV(1)', '#NUM!'),
    ],
)  # fmt: skip
def test_a_number_is_what_excel_makes_of_it(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(("form", "letters"), [(0, "CDXCIX"), (1, "LDVLIV"), (2, "XDIX"), (3, "VDIV"), (4, "ID")])
def test_roman_numbers_are_as_short_as_their_form_allows(tmp_path: Path, form: int, letters: str) -> None:
    assert value_of(tmp_path, f"=ROMAN(499,{form})", {}) == letters

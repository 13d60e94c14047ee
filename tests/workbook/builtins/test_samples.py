"""Statistics of samples and pairs, with the values of Excel's documentation."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import mpmath
import pytest
from support.books import value_of

CELLS: dict[str, Any] = {"A1": 2, "A2": "x", "A3": 4, "B1": 1, "B2": 5, "B3": 3, "C1": 10, "C2": 3}
CELLS |= {f"H{row}": value for row, value in enumerate([89, 88, 92, 101, 94, 97, 95], 1)}
CELLS |= {f"I{row}": value for row, value in enumerate([7, 3.5, 3.5, 1, 2], 1)}
CELLS |= {"J1": 1, "J2": "=NA()", "J3": 1, "K1": True}


@pytest.mark.parametrize(
    ("formula", "expected", "digits"),
    [
        ("=CORREL({3;2;4;5;6},{9;7;12;15;17})", 0.997054, 6),
        ("=SLOPE({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})", 0.305556, 6),
        ("=INTERCEPT({2;3;9;1;8},{6;5;11;7;5})", 0.0483871, 7),
        ("=STEYX({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})", 3.305719, 6),
        ("=RSQ({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})", 0.05795, 5),
        ("=FORECAST(30,{6;7;9;15;21},{20;28;31;38;40})", 10.607253, 6),
        ("=SUMX2MY2({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})", -55.0, 9),
        ("=SUMX2PY2({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})", 521.0, 9),
        ("=SUMXMY2({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})", 79.0, 9),
        ("=SUMXMY2(A1:A3,B1:B3)", 2.0, 9),  # only where both are numbers
        ("=COVARIANCE.P({3,2,4,5,6},{9,7,12,15,17})", 5.2, 9),
        ("=GEOMEAN({4,5,8,7,11,4,3})", 5.476987, 6),
        ("=HARMEAN({4,5,8,7,11,4,3})", 5.028376, 6),
        ("=SKEW({3,4,5,2,3,4,5,6,4,7})", 0.359543, 6),
        ("=SKEW.P({3,4,5,2,3,4,5,6,4,7})", 0.303193, 6),
        ("=KURT({3,4,5,2,3,4,5,6,4,7})", -0.1518, 4),
        ("=MODE({5.6,4,4,3,2,4})", 4.0, 9),
        ("=PERCENTILE({1,3,2,4},0.3)", 1.9, 9),
        ("=PERCENTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},0.25)", 15.0, 9),
        ("=QUARTILE({1,2,4,7,8,9,10,12},1)", 3.5, 9),
        ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},2)", 0.333, 9),
        ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},5)", 0.583, 9),
        ("=TRIMMEAN({4,5,6,7,2,3,4,5,1,2,3},0.2)", 3.778, 3),
        ("=RANK(3,B1:B3,1)", 2.0, 9),
        ("=GCD(24,36)", 12.0, 9),
        ("=LCM(C1,C2,C3)", 30.0, 9),
        ("=MULTINOMIAL(2,3,4)", 1260.0, 9),
        ("=PROB({0,1,2,3},{0.2,0.3,0.1,0.4},1,3)", 0.8, 9),
        ("=SERIESSUM(2,0,1,{1,1,1})", 7.0, 9),
        ("=CHISQ.TEST({58,35;11,25;10,23},{45.35,47.65;17.56,18.44;16.09,16.91})", 0.000308, 6),
        ("=F.TEST({6,7,9,15,21},{20,28,31,38,40})", 0.64831785, 8),
        ("=T.TEST({3,4,5,8,9,1,2,4,5},{6,19,3,2,14,4,5,17,1},2,1)", 0.196016, 6),
        ("=Z.TEST({3,6,7,8,6,5,4,2,1,9},4)", 0.090574, 6),
        ("=Z.TEST({3,6,7,8,6,5,4,2,1,9},6)", 0.863043, 6),
        ("=RANK.AVG(94,H1:H7)", 4.0, 9),
        ("=RANK.EQ(7,I1:I5,1)", 5.0, 9),
        ("=RANK.EQ(2,I1:I5)", 4.0, 9),
        ("=RANK.AVG(3.5,I1:I5,1)", 3.5, 9),
        ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},7)", 0.7, 9),
        ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},5.43)", 0.381, 9),
        ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},5.43,1)", 0.3, 9),
        ("=QUARTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},3)", 43.0, 9),
        ("=PROB({0,1,2,3},{0.2,0.3,0.1,0.4},2)", 0.1, 9),
        ("=COVARIANCE.S({2,4,8},{5,11,12})", 9.666666667, 9),
        ("=PEARSON({9,7,5,3,1},{10,6,1,5,3})", 0.699379, 6),
        ("=PERCENTRANK.INC({1,2,3,4},2)", 0.333, 9),
        ("=PERCENTRANK.EXC({1,2,3,4},2)", 0.4, 9),
        ("=RANK.AVG(101,H1:H7)", 1.0, 9),
        ("=RANK.EQ(101,H1:H7)", 1.0, 9),
    ],
)
def test_a_statistic_is_as_documented(tmp_path: Path, formula: str, expected: float, digits: int) -> None:
    assert value_of(tmp_path, formula, CELLS) == pytest.approx(expected, abs=0.51 * 10**-digits)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=CORREL(A1:A3,B1:B2)", "#N/A"),
        ("=MODE({1,2,3})", "#N/A"),
        ("=TRIMMEAN({1,2},1)", "#NUM!"),
        ("=TRIMMEAN({1,2},-0.1)", "#NUM!"),
        ("=GCD(-1,2)", "#NUM!"),
        ("=STEYX({1;2},{1;2})", "#DIV/0!"),
        ("=GEOMEAN({1,0})", "#NUM!"),
        ("=HARMEAN({1,-1})", "#NUM!"),
        ("=SKEW({1,2})", "#DIV/0!"),
        ("=SKEW({2,2,2})", "#DIV/0!"),
        ("=SKEW.P({1,2})", "#DIV/0!"),
        ("=KURT({1,2,3})", "#DIV/0!"),
        ("=MODE(J1:J3)", "#N/A"),
        ('=MODE("x")', "#VALUE!"),
        ("=MODE.MULT({1,2,3})", "#N/A"),
        ('=GCD("x",2)', "#VALUE!"),
        ("=GCD(K1:K2)", "#VALUE!"),
        ("=GCD(Y1)", "#VALUE!"),
        ("=GCD(2^53,2)", "#NUM!"),
        ("=LCM(2^40,3^20)", "#NUM!"),
        ("=MULTINOMIAL(-1,2)", "#NUM!"),
        ("=MULTINOMIAL(1000,1000,1000)", "#NUM!"),
        ('=SERIESSUM("x",0,1,{1,1})', "#VALUE!"),
        ("=PERCENTILE(Y1:Y3,0.5)", "#NUM!"),
        ("=PERCENTILE({1,2},1.1)", "#NUM!"),
        ('=PERCENTILE({1,2},"x")', "#VALUE!"),
        ("=PERCENTILE.EXC({1,2,3},0.2)", "#NUM!"),
        ("=QUARTILE({1,2,3},5)", "#NUM!"),
        ("=QUARTILE({1,2,3},-1)", "#NUM!"),
        ("=QUARTILE.EXC({1,2,3},4)", "#NUM!"),
        ("=QUARTILE.EXC({1,2,3},0)", "#NUM!"),
        ("=PERCENTRANK({1,2,3},2,0)", "#NUM!"),
        ("=PERCENTRANK({1,2,3},4)", "#N/A"),
        ("=RANK(4,B1:B3)", "#N/A"),
        ("=TRIMMEAN(Y1:Y3,0.2)", "#NUM!"),
        ("=SLOPE(J1:J3,B1:B3)", "#N/A"),
        ("=CORREL(Y1:Y3,B1:B3)", "#DIV/0!"),
        ("=CORREL({1,1},{1,2})", "#DIV/0!"),
        ("=COVARIANCE.S({1},{2})", "#DIV/0!"),
        ("=SUMXMY2({1,2},{1,2,3})", "#N/A"),
        ("=FORECAST(30,{6;7},{20;20})", "#DIV/0!"),
        ('=FORECAST("x",{6;7},{20;28})', "#VALUE!"),
        ("=PROB({0,1},{0.2,0.3},0,1)", "#NUM!"),
        ("=PROB({0,1},{1.2,-0.2},0,1)", "#NUM!"),
        ("=PROB({0,1,2},{0.5,0.5},0,1)", "#N/A"),
        ("=CHISQ.TEST({1},{2})", "#N/A"),
        ("=CHISQ.TEST({1,2},{1,2,3})", "#N/A"),
        ("=F.TEST({1},{2,3})", "#DIV/0!"),
        ("=F.TEST({1,2},{3,3})", "#DIV/0!"),
        ("=T.TEST({1,2},{3,4},3,1)", "#NUM!"),
        ("=T.TEST({1,2},{3,4},2,4)", "#NUM!"),
        ("=T.TEST({1,2},{3,4,5},2,1)", "#N/A"),
        ('=T.TEST({1,2},{3,4},"x",1)', "#VALUE!"),
        ("=Z.TEST(Y1:Y3,4)", "#N/A"),
        ("=Z.TEST({3},4)", "#DIV/0!"),
    ],
)
def test_what_is_no_sample_is_an_error(tmp_path: Path, formula: str, expected: Any) -> None:
    assert value_of(tmp_path, formula, CELLS) == expected


def _t_above(statistic: float, degrees: float) -> float:
    """The part of Student's distribution above, as mpmath has its integral."""
    density = lambda t: (1 + t * t / degrees) ** (-(degrees + 1) / 2)  # noqa: E731
    above = mpmath.quad(density, [statistic, 10, 100, mpmath.inf])
    return float(above / (mpmath.sqrt(degrees) * mpmath.beta(0.5, degrees / 2)))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # Of two degrees of freedom the part above is half of what t over the root of (2 + t t) lacks to 1.
        ("=T.TEST({1,2},{3,5},1,2)", (1 - math.sqrt(5 / 7)) / 2),
        ("=T.TEST({1,2},{3,5},2,2)", 1 - math.sqrt(5 / 7)),
        ("=T.TEST({1,2},{3,4},1,3)", (1 - math.sqrt(8 / 10)) / 2),
        ("=T.TEST({1,2,6},{2,4,6},1,1)", (1 - math.sqrt(3 / 5)) / 2),
        # Unequal spreads, of degrees of freedom that are not whole: means 2 and 6, spreads 1/3 and 4/1.
        ("=T.TEST({1,2,3},{4,8},2,3)", 2 * _t_above(4 / math.sqrt(13 / 3), (13 / 3) ** 2 / (1 / 18 + 16))),
        ("=Z.TEST({3,6,7,8,6,5,4,2,1,9},4,2)", float(mpmath.erfc(1.1 * mpmath.sqrt(5) / 2) / 2)),
        ("=SKEW.P({0,0,3})", 1 / math.sqrt(2)),
        ("=SUM(MODE.MULT({1,2,2,3,3}))", 5.0),
        ("=GCD(Y1,6.9,9)", 3.0),
        ("=LCM(4,6)", 12.0),
        ("=LCM(0,6)", 0.0),
        ("=PERCENTILE({7},1)", 7.0),
        ("=PERCENTRANK({7},7)", 1.0),
        ("=RSQ({1,2,3},{2,4,6})", 1.0),
        ("=CHISQ.TEST({10,20},{15,15})", math.erfc(math.sqrt(5 / 3))),  # of one degree of freedom
        ("=F.TEST({1,2,3},{2,4,6})", 0.4),  # of two and two: twice 1 / (1 + 4)
        ('=MODE({"x",1,1})', 1.0),
        ("=MODE(1,1)", 1.0),
        ("=MULTINOMIAL(514,515)", float(math.comb(1029, 514))),  # the most that a number holds
        ("=PERCENTRANK({1,2,3,4},2)", 0.333),
        ("=QUARTILE({1,2,4},4)", 4.0),
        ("=QUARTILE({1,2,4},0.9)", 1.0),
        ("=STEYX({1,2,4},{1,2,3})", 1 / math.sqrt(6)),  # from the line 1.5 x - 2/3 they are 1/6, 1/3 and 1/6 away
    ],
)
def test_a_sample_so_small_that_it_can_be_reckoned(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, CELLS) == pytest.approx(expected, rel=1e-11)

"""Statistics of samples and pairs, with the values of Excel's documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

CELLS = {"A1": 2, "A2": "x", "A3": 4, "B1": 1, "B2": 5, "B3": 3, "C1": 10, "C2": 3}


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
    ],
)
def test_what_is_no_sample_is_an_error(tmp_path: Path, formula: str, expected: Any) -> None:
    assert value_of(tmp_path, formula, CELLS) == expected

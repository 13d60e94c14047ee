"""One formula without a workbook gives what a cell of a workbook gives, and says why it is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.books import value_of

from xladdin.cli import main
from xladdin.core.errors import UserError
from xladdin.workbook.one_formula import evaluate

FORMULAS = [
    ('=TEXT(82.177675,"[>=100]0;0.00####")', "82.177675"),
    ("=PPMT(0.1,1,3,1000,0,1)", -365.5589123867069),
    ('=WEEKDAY("2/14/2008")', 5),
    ('=DATEDIF("6/1/2001","8/15/2002","yd")', 75),
    ("=COUPNUM(DATE(2011,1,25),DATE(2011,11,15),4)", 4),
    ("=XNPV(0.1,{100,121},{36526,36525})", "#NUM!"),
    ("=DATE(-1,1,2)", "#NUM!"),
    ('=TEXT(TRUE,"0.00")', "TRUE"),
    ("=1=1", True),
    ("=ROW(B3)", 3),
    ("=COLUMNS(A1:C3)", 3),
    ("=IF(FALSE,A1,2)", 2),
    ("=LEV_LIQPRICE(50000,10,1%)", 45500),
    ("=nobody(1)", "#NAME?"),
]


@pytest.mark.parametrize(("formula", "expected"), FORMULAS)
def test_a_formula_gives_what_a_cell_gives(tmp_path: Path, formula: str, expected: Any) -> None:
    found = evaluate(formula)
    assert found == (expected if isinstance(expected, (str, bool)) else pytest.approx(expected, rel=1e-12))
    if "nobody" not in formula:
        assert found == value_of(tmp_path, formula, {"F9": 1})


@pytest.mark.parametrize(
    ("formula", "cell"),
    [("=A1", "A1"), ("=A1*2", "A1"), ("=SUM(B2:B9)", "B2"), ("=IFERROR(C3,1)", "C3"), ("=OFFSET(A1,1,1)", "B2")],
)
def test_a_cell_of_a_formula_that_stands_alone_has_no_value(formula: str, cell: str) -> None:
    """A blank in its place gave 0, with nothing said."""
    sentence = f"There is no cell {cell}: a formula here stands in no sheet"
    with pytest.raises(UserError, match=sentence):
        evaluate(formula)
    result = CliRunner().invoke(main, ["eval", formula])
    assert (result.exit_code, result.stdout, sentence in result.stderr) == (2, "", True)


def test_a_range_is_rows() -> None:
    assert evaluate("=SEQUENCE(2,2)") == [[1.0, 2.0], [3.0, 4.0]]
    assert evaluate("=LEV_PROFIT({50000;60000},{51000,61000},1)") == [[1000.0, 11000.0], [-9000.0, 1000.0]]
    assert evaluate('=SUM(LEV_TIERS("binance","BTCUSDT"))') > 1e8


def test_why_an_error_is_one() -> None:
    told: list[str] = []
    assert evaluate("=IFERROR(LEV_LIQPRICE(50000,10,50%),LEV_LIQPRICE(50000,10))", told.append) == "#VALUE!"
    assert told[-1] == "LEV_LIQPRICE needs entry, leverage, mmr; mmr is missing"
    told.clear()
    assert evaluate("=1+LEV_LIQPRICE({50000,60000},10,50%)", told.append) == [["#NUM!", "#NUM!"]]
    assert told == ["LEV_LIQPRICE gives #NUM!: mmr 0.5 is 50%; the initial margin at 10x is 10%"]


UNFIT = "the shapes of the ranges do not fit together"


@pytest.mark.parametrize(
    ("formula", "shown", "reason"),
    [
        (
            "=LEV_LIQPRICE({50000,60000},{10,20,30},0.01)",
            "45500\t57600\t#N/A\n",
            f"#N/A: {UNFIT} at row 1, column 3: entry is 1 x 2, leverage is 1 x 3 (rows x columns)",
        ),
        (
            "=LEV_SIZE({1,2},{1,2,3})",
            "1\t4\t#N/A\n",
            f"#N/A: {UNFIT} at row 1, column 3: margin is 1 x 2, leverage is 1 x 3 (rows x columns)",
        ),
        (
            "=LEV_LIQPRICE({50000;60000},{10,20;1,2;4,5},0.01)",
            "45500\t48000\n600\t30600\n#N/A\t#N/A\n",
            f"#N/A: {UNFIT} at row 3, column 1: entry is 2 x 1, leverage is 3 x 2 (rows x columns)",
        ),
        # What is wrong before that place is said of the argument that is wrong.
        (
            '=LEV_LIQPRICE(50000,{10,20,30},{0.01,0.01},{"long","up"})',
            "45500\t#VALUE!\t#N/A\n",
            '#VALUE!: side is \'up\'; allowed is "long" or "short"',
        ),
        (
            "=LEV_PAPERTRADE({100;110},{1000},5,{100;109},{99;108})",
            "#NUM!\n",
            "#NUM!: bar 2 has prices outside its high 109 and low 108",
        ),
        (
            '=LEV_TIERS("bybit",{"BTCUSDT","ETHUSDT"})',
            "#VALUE!\n",
            "#VALUE!: symbol is a range, where one value is wanted",
        ),
    ],
)
def test_of_ranges_that_do_not_fit_what_does_is_computed_and_why_the_rest_is_not(
    formula: str, shown: str, reason: str
) -> None:
    result = CliRunner().invoke(main, ["eval", formula])
    assert (result.exit_code, result.stdout) == (1, shown)
    assert f" gives {reason}" in result.stderr


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=" + "+".join(["1"] * 300), 300),
        ("=" + "+".join(["LEV_SIZE(1,2)"] * 300), 600),
        ("=" + "&".join(['"a"'] * 300), "a" * 300),
        ("=(" + ")*(".join(["2-1"] * 300) + ")", 1),
    ],
)
def test_a_long_chain_of_operators_is_computed_as_in_a_cell(tmp_path: Path, formula: str, value: Any) -> None:
    assert evaluate(formula) == value
    assert value_of(tmp_path, formula, {}) == value


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        (
            "=" + "ABS(" * 100 + "1" + ")" * 100,
            "more than 72 times, and 72 are allowed; compute a part of it by itself",
        ),
        ("=" + "(" * 100 + "1" + ")" * 100, "more than 72 times, and 72 are allowed; compute a part of it by itself"),
        ("=1" + "%" * 300, "more than 256 times, and 256 are allowed; compute a part of it by itself"),
        ("=1+SUM(" + "+".join(["1"] * 300) + ")", "more than 256 times, and 256 are allowed"),
        ("=" + "+".join(["1"] * 20000), "it is longer than 16384 numbers, names and signs, which is what is allowed"),
        ("=" + "+".join(["1"] * 300) + "+", "it ends too early"),
    ],
)
def test_what_is_too_deep_or_too_long_is_said_in_plain_words(formula: str, sentence: str) -> None:
    result = CliRunner().invoke(main, ["eval", formula])
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert ("is too deep" in result.stderr) == ("more than" in sentence)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=LAMBDA(x,y,x+y)(1)", "LAMBDA gives #VALUE!: it takes x, y; given are 1"),
        ("=LAMBDA(x,[y],x+y)()", "LAMBDA gives #VALUE!: it takes x, [y]; given are 0"),
        ("=LET(f,LAMBDA(x,x),f(1,2,3))", "LAMBDA gives #VALUE!: it takes x; given are 3"),
        ("=REDUCE(0,{1,2},LAMBDA(x,x))", "LAMBDA gives #VALUE!: it takes x; given are 2"),
        ("=LET(x,5,x,6,x)", "x stands twice among the names of a LET or LAMBDA; allowed is once"),
        ("=LET(A1,5,A1)", "A1 is a cell, and no name for a LET or LAMBDA"),
    ],
)
def test_names_and_parameters_that_excel_refuses_give_no_value_and_are_said(formula: str, reason: str) -> None:
    result = CliRunner().invoke(main, ["eval", formula])
    assert (result.exit_code, result.stdout) == (1, "#VALUE!\n")
    assert f"xladdin: {reason}" in result.stderr


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=LAMBDA(x,[y],IF(ISOMITTED(y),"none",y))(1)', "none"),
        ('=LAMBDA(x,[y],IF(ISOMITTED(y),"none",y))(1,2)', 2),
        ("=LET(x,1,y,LET(x,2,x),x+y)", 3),
        ("=LET(xfe1,5,xfe1)", 5),
    ],
)
def test_optional_parameters_and_names_within_names(formula: str, value: Any) -> None:
    assert evaluate(formula) == value

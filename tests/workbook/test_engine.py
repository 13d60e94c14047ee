"""Whole formulas through the engine, with our functions in them."""

from __future__ import annotations

from typing import Any

import pytest

from xladdin.core.errors import UserError
from xladdin.workbook.engine import FormulaError, evaluate, fill_in, shown


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=LEV_LIQPRICE(50000,10,1%)", "45500"),
        ('=LEV_LIQPRICE(50000,10,1%,"short")', "54500"),
        ("=LEV_PROFIT(50000,52500,0.02,10)", "500"),
        ("=LEV_RATIO(10000,1000)", "10"),
        ("=LEV_BREAKEVEN(300,12)", "25"),
        ("=LEV_MINEPROFIT(10000,2,5%,300,1%)", "500"),
        ("=LEV_LIQPRICE(-1,10,1%)", "#NUM!"),
        ('=LEV_LIQPRICE("x",10,1%)', "#VALUE!"),
        ("=LEV_LIQPRICE(1/0,10,1%)", "#DIV/0!"),
        ("=LEV_LIQPRICE(NA(),10,1%)", "#N/A"),
        ("=LEV_NOSUCH(1)", "#NAME?"),
        ("lev_ratio(10000,1000)", "10"),
        ("=0.1+0.2", "0.3"),
        ("=1=1", "TRUE"),
        ('="a"&1', "a1"),
        ("=SUM(LEV_SIZE({1,2},3))+1", "10"),
        ("=LEV_SIZE({1;2},{10,20})", "10\t20\n20\t40"),
        ("={1,2;3,4}", "1\t2\n3\t4"),
    ],
)
def test_a_formula_gives_what_a_cell_would_show(formula: str, expected: str) -> None:
    assert shown(evaluate(formula)) == expected


def test_one_bad_row_in_a_block_alone_is_an_error() -> None:
    block = evaluate("=LEV_LIQPRICE({50000;0;60000},{5,10,20},1%)")
    assert block[1] == ["#NUM!"] * 3
    assert [block[0], block[2]] == [
        pytest.approx([40500, 45500, 48000], rel=1e-15),
        pytest.approx([48600, 54600, 57600], rel=1e-15),
    ]


@pytest.mark.parametrize(
    ("formula", "like"),
    [
        ('=LEV_LIQPRICE(50000,10,1%,,"mark")', '=LEV_LIQPRICE(50000,10,1%,"long","mark")'),
        ("=LEV_LIQPRICE(50000,10,1%,)", "=LEV_LIQPRICE(50000,10,1%)"),
        ('="é"&LEV_ROI(100,110,2,,,)', '="é"&LEV_ROI(100,110,2)'),
        ("=LEV_LIQPRICE(50000,,1%)", "=NA()"),
        ('=LEV_SIZE(SUM(1,,2),LEV_RATIO(4,2))&",,"', '=6&",,"'),
    ],
)
def test_an_argument_left_out_between_commas_is_left_out(formula: str, like: str) -> None:
    assert evaluate(formula) == evaluate(like)


def test_nothing_is_filled_in_outside_our_functions() -> None:
    for formula in ("=SUM(1,,2)", '=IF(A1,,"LEV_(,,)")', "=INDEX(A1:B2,,1)"):
        assert fill_in(formula) == formula


@pytest.mark.parametrize("text", ["=1+", "=LEV_RATIO(1", "=)", '="x', "="])
def test_what_is_no_formula_is_said_in_one_sentence(text: str) -> None:
    with pytest.raises(FormulaError, match="is not a formula") as caught:
        evaluate(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [12, 1.5, "text", True, None])
def test_what_a_cell_can_hold_is_shown(value: Any) -> None:
    assert shown(value) == {None: "", True: "TRUE"}.get(value, str(value))


@pytest.mark.parametrize("formula", ["=1e400", "=-1e400", "=1e400*1"])
def test_a_number_too_large_is_an_error(formula: str) -> None:
    assert evaluate(formula) == "#NUM!"


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("=LEV_LIQPRICE(50000;10;1%)", "arguments are separated by commas"),
        ("=\udcff", "bytes that are not UTF-8"),
        ("=" + "1+" * 500, "…"),
        ("=" + "(" * 3000, "…"),
    ],
)
def test_what_is_no_formula_is_refused_in_a_short_plain_sentence(formula: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        evaluate(formula)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 160
    assert "TokenSpan" not in str(caught.value)

"""Why a call gives an error, in words."""

from __future__ import annotations

import doctest
from typing import Any

import pytest
from support.cells import CATALOGUE, example

from xladdin import udfs
from xladdin.core import reasons
from xladdin.core.functions import account, fills, liquidation, loans, mining, risk, tiers
from xladdin.core.reasons import why


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        (liquidation.liquidation_price, (50000, 10, 0.5), "#NUM!: mmr 0.5 is 50%; the initial margin at 10x is 10%"),
        (
            udfs.LEV_PAPERTRADE,
            ([[100], [110]], 1000, 5, [[100], [109]], [[99], [108]]),
            "#NUM!: bar 2 has prices outside its high 109 and low 108",
        ),
        (
            udfs.LEV_LIQACCOUNT,
            (1000, [[100], [110]], [[1], [-1]], [["long"], ["long"]], 0.01),
            "#NUM!: quantity -1 of position 2 is negative although its side is given",
        ),
        (
            udfs.LEV_TIERS,
            ("bybit", "BTCUSDT"),
            "#N/A: There are no tiers of bybit here; `xladdin tiers fetch bybit` or `xladdin tiers import` brings some",
        ),
        (liquidation.liquidation_price, (50000, -10, 0.01), "#NUM!: leverage is -10; allowed is > 0"),
        (liquidation.liquidation_price, (50000, 10, None), "#N/A: mmr is blank and has no default"),
        (liquidation.liquidation_price, ("#REF!", 10, 0.01), "#REF!: entry is #REF! itself"),
        (
            liquidation.liquidation_price,
            (50000, "10x", 0.01),
            "#VALUE!: leverage is the text '10x'; allowed is a number > 0; write 10, without quotation marks",
        ),
        (
            liquidation.liquidation_price,
            ("61,240.50", 10, 0.01),
            "#VALUE!: entry is the text '61,240.50'; allowed is a number > 0; write 61240.50, without quotation marks",
        ),
        (
            liquidation.liquidation_price,
            ("0,500", 10, 0.01),
            "#VALUE!: entry is the text '0,500'; allowed is a number > 0; write 0.500, without quotation marks",
        ),
        (
            liquidation.liquidation_price,
            (50000, 10, 0.01, "lnog"),
            '#VALUE!: side is \'lnog\'; allowed is "long" or "short"; did you mean long',
        ),
        (
            liquidation.liquidation_price,
            (50000, [[10], [20], [-3]], 0.01),
            "#NUM!: leverage is -3; allowed is > 0",  # the first error of a range
        ),
        (
            account.account_liquidation_move,
            (2000, [[50000], [3000]], [[0.2]], "long", 0.01),
            "#VALUE!: the ranges differ in length: entries 2, quantities 1",
        ),
        (
            account.account_liquidation_move,
            (2000, [[50000], [3000]], [[0.2], [-2]], "long", 0.01),
            "#NUM!: quantity -2 of position 2 is negative although its side is given",
        ),
        (
            account.account_liquidation_move,
            (2000, [[50000], [0]], [[0.2], [2]], "long", 0.01),
            "#NUM!: entries has 0 at place 2; allowed is > 0",
        ),
        (
            account.account_liquidation_move,
            (2000, [[50000], [3000]], [[0.2], [2]], [["long"], ["up"]], 0.01),
            '#VALUE!: sides has \'up\' at place 2; allowed is "long", "short" or blank',
        ),
        (
            account.account_free_margin,
            (2000, [[50000], ["#REF!"]], [[0.2], [2]], "long", 0.01),
            "#REF!: entries has #REF! at place 2; allowed is > 0",
        ),
        (
            account.account_liquidation_prices,
            ([[2000], [3000]], 50000, 0.2, "long", 0.01),
            "#VALUE!: wallet is a range, where one value is wanted",
        ),
        (
            fills.realized,
            ([[100], [None]], [[1], [-1]]),
            "#N/A: prices is blank at place 2, where others are filled in",
        ),
        (
            risk.largest_quantity,
            (1000, 200, 100, 0, "long", "linear", [[0, 0.01, 125]]),
            "#NUM!: leverage 200 is more than the 125 that the first tier allows",
        ),
        (
            loans.amortization,
            (1000, 0.1, 2.5),
            "#NUM!: months 2.5 and grace 0 are to be whole numbers, and the grace shorter than the loan",
        ),
        (liquidation.liquidation_price, (50000, 10, 0.1), "#NUM!: mmr 0.1 is 10%; the initial margin at 10x is 10%"),
        (
            liquidation.liquidation_price,
            (50000, 10, 1),
            "#NUM!: mmr is 1; allowed is >= 0 and < 1; 1% is written 1% or 0.01",
        ),
        (
            liquidation.liquidation_price,
            (50000, 10, 100),
            "#NUM!: mmr is 100; allowed is >= 0 and < 1; 100% is written 100% or 1",
        ),
        (liquidation.liquidation_price, (50000, 10, 101), "#NUM!: mmr is 101; allowed is >= 0 and < 1"),
        (liquidation.liquidation_price, (50000, 10, 0.01, 7.0), '#VALUE!: side is 7; allowed is "long" or "short"'),
        (
            liquidation.liquidation_price,
            (50000, "short", 0.01),
            "#VALUE!: leverage is the text 'short'; allowed is a number > 0; 'short' is a word of side",
        ),
        (
            liquidation.liquidation_price,
            ([["10x"]], 10, 0.01),
            "#VALUE!: entry is the text '10x'; allowed is a number > 0; write 10, without quotation marks",
        ),
        (
            liquidation.liquidation_price,
            (50000, "x" * 300, 0.01),
            f"#VALUE!: leverage is the text '{'x' * 40}...'; allowed is a number > 0",
        ),
        (
            liquidation.liquidation_price,
            ([[1, 2], [3]], 10, 0.01),
            "#VALUE!: a range has rows of different lengths, or none",
        ),
        # A column beside a row: the first error is of the third number of the row.
        (
            liquidation.liquidation_price,
            ([[50000], [60000]], [[10, 20, -3]], 0.01),
            "#NUM!: leverage is -3; allowed is > 0",
        ),
        (liquidation.liquidation_price, ([[50000, -1]], [[10], [20]], 0.01), "#NUM!: entry is -1; allowed is > 0"),
        # A place that is blank in all ranges is passed over.
        (
            fills.realized,
            ([[100], [None], ["#REF!"]], [[1], [None], [2]]),
            "#REF!: prices has #REF! at place 3; allowed is > 0",
        ),
        (fills.realized, ([[None]], [[None]]), "#N/A: prices is blank"),
        (
            liquidation.liquidation_price,
            ([[50000, 60000]], [[10, 20, 30]], 0.01),
            "#VALUE!: the shapes of the ranges do not fit together: entry is 1 x 2, leverage is 1 x 3 (rows x columns)"
            "; allowed is as many as the others have, or 1",
        ),
        (
            tiers.maintenance_margin,
            (1000, [[0, 0.01], [100, "2%"]]),
            "#VALUE!: tiers has '2%' in row 2, column 2; allowed is a number",
        ),
        (
            liquidation.top_up,
            (50000, 1, 5000, 0.01, 45000, "long", "entry", 0, "linear", [[1, 0.1]]),
            "#NUM!: allowed for tiers: range with a row a tier, ascending: floor, maintenance margin rate[, "
            "maximum leverage]; first floor 0",
        ),
        (
            tiers.tiered_liquidation_price,
            (2614.8, 5.7, 5722, [["x"]]),
            "#VALUE!: tiers is the text 'x'; allowed is a range of rows",
        ),
        (
            tiers.tiered_liquidation_price,
            ("x", 5.7, 5722, [[0, 0.01]]),
            "#VALUE!: entry is the text 'x'; allowed is a number > 0",
        ),
        (loans.amortization, ("x", 0.1, 12), "#VALUE!: principal is the text 'x'; allowed is a number > 0"),
        (mining.payback_days, (3000, 4, 10), "#NUM!: it is never paid"),
        (
            loans.compounded_yield,
            (1e308, 2),
            "#NUM!: what comes out is no number, or one that is too large for a cell",
        ),
        (tiers.venue_tiers, ("binance", "BTCUSDT", None, "rate", 1e8), "#REF!: row is 100000000; there are fewer"),
        (loans.amortization, (1000, 0.1, 2, 0, 0, "all", 9), "#REF!: row is 9; there are fewer"),
    ],
)
def test_the_argument_its_value_and_what_is_allowed(function: Any, arguments: tuple[Any, ...], reason: str) -> None:
    assert why(function, *arguments) == reason
    assert why(getattr(udfs, function.signature.name), *arguments) == why(function, *arguments)


@pytest.mark.parametrize("name", CATALOGUE)
def test_there_is_a_reason_for_every_error_and_none_without(name: str) -> None:
    call, good = getattr(udfs, name), example(CATALOGUE[name])
    for place in range(len(good)):
        for bad in ("x", "#DIV/0!", None, -1e300, 1e300, [], [[]]):
            given = [*good[:place], bad, *good[place + 1 :]]
            result, reason = call(*given), why(call, *given)
            shown = [cell for row in result for cell in row] if isinstance(result, list) else [result]
            errors = [cell for cell in shown if isinstance(cell, str)]
            assert reason.startswith(f"{errors[0]}: ") if errors else reason == ""
            assert not errors or len(reason) > len(errors[0]) + 5


@pytest.mark.parametrize("name", CATALOGUE)
def test_ranges_of_any_shape_have_a_reason_too(name: str) -> None:
    call, good = getattr(udfs, name), example(CATALOGUE[name])
    for place in range(len(good)):
        for other in range(len(good)):
            for bad in ([[1, 2]], [[-1], ["x"]], [[0.5]], [["#REF!", None]]):
                given = list(good)
                given[place], given[other] = bad, [[3, 4, 5]]
                result, reason = call(*given), why(call, *given)
                shown = [cell for row in result for cell in row] if isinstance(result, list) else [result]
                errors = [cell for cell in shown if isinstance(cell, str)]
                assert reason.startswith(f"{errors[0]}: ") if errors else reason == ""
                assert not reason.endswith("has no value for these arguments")


def test_what_python_names_is_explained_too() -> None:
    given = [50000, 50000], 10
    found = reasons.errors(liquidation.liquidation_price, *given, mmr=[0.01, 0.5], side="short")
    assert found.tolist() == ["", "#NUM!: mmr 0.5 is 50%; the initial margin at 10x is 10%"]
    with pytest.raises(ValueError, match=r"takes \"long\" or \"short\" for side, not 'lnog'; did you mean long$"):
        liquidation.liquidation_price(50000, 10, 0.01, "lnog")


def test_the_examples_are_right() -> None:
    assert doctest.testmod(reasons).failed == 0

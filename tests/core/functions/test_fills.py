"""Ladders and realised profit, against loops of exact fractions."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.udfs import LEV_AVGENTRY, LEV_LADDER, LEV_LIQPRICE, LEV_REALIZED


def column(values: list[Any]) -> list[list[Any]]:
    return [[value] for value in values]


def first(units: list[Fraction]) -> Fraction:
    return units.pop(0)


def last(units: list[Fraction]) -> Fraction:
    return units.pop()


def mean(units: list[Fraction]) -> Fraction:
    units[:] = [sum(units, Fraction(0)) / len(units)] * len(units)
    return units.pop()


def by_units(prices: list[int], quantities: list[int], take: Callable[[list[Fraction]], Fraction]) -> tuple[Any, ...]:
    """Every coin by itself: what it was opened at, and what it closed at."""
    profit, units, sign = Fraction(0), [], 1
    for price, quantity in zip(prices, quantities, strict=True):
        for _ in range(abs(quantity)):
            if units and (quantity > 0) != (sign > 0):
                profit += sign * (price - take(units))
            else:
                sign = 1 if quantity > 0 else -1
                units.append(Fraction(price))
        if take is mean and units:
            units.append(mean(units))
    return profit, sign * len(units), sum(units, Fraction(0)) / len(units) if units else None


@pytest.mark.parametrize(("method", "take"), [("average", mean), ("fifo", first), ("lifo", last)])
def test_realised_profit_is_that_of_every_coin_by_itself(method: str, take: Callable[..., Fraction]) -> None:
    dice = random.Random(method)
    flat = 0
    for _ in range(300):
        count = dice.randint(1, 30)
        prices = [dice.randint(50, 150) for _ in range(count)]
        quantities = [dice.choice([-1, 1]) * dice.randint(0, 9) for _ in range(count)]
        if dice.random() < 0.2:
            prices.append(100)
            quantities.append(-sum(quantities))
        profit, held, entry = by_units(prices, quantities, take)
        ((shown, open_, average),) = LEV_REALIZED(column(prices), column(quantities), method)
        assert shown == pytest.approx(float(profit), rel=1e-9, abs=1e-9)
        assert open_ == held
        flat += held == 0
        assert average == ("#N/A" if entry is None else pytest.approx(float(entry), rel=1e-9))
    assert flat > 30


def test_when_all_is_closed_every_method_has_earned_the_same() -> None:
    prices, quantities = column([100, 110, 90, 130]), column([1, 2, 1, -4])
    earned = [LEV_REALIZED(prices, quantities, method)[0][0] for method in ("average", "fifo", "lifo")]
    assert earned == pytest.approx([110] * 3)
    coins = [LEV_REALIZED(prices, quantities, method, 0, "inverse")[0][0] for method in ("average", "fifo", "lifo")]
    assert coins == pytest.approx([1 / 100 + 2 / 110 + 1 / 90 - 4 / 130] * 3)


def test_fees_of_every_fill_are_paid() -> None:
    assert LEV_REALIZED(column([100, 110]), column([1, -1]), None, 0.001)[0][0] == pytest.approx(10 - 0.21)
    assert LEV_REALIZED(column([100, 110]), column([1, -1]), None, column([0.001, None]))[0][0] == pytest.approx(9.9)
    assert LEV_REALIZED(column([100]), column([50]), None, 0.01, "inverse")[0][0] == pytest.approx(-0.005)


def test_a_fill_beyond_the_position_turns_it() -> None:
    assert LEV_REALIZED(column([100, 120, 110]), column([1, -3, 1])) == [[30.0, -1.0, 120.0]]
    assert LEV_REALIZED(column([100, 120]), column([50, -50]), None, None, "inverse") == [
        [pytest.approx(50 / 100 - 50 / 120), 0.0, "#N/A"]
    ]


def test_what_floats_leave_over_is_no_position() -> None:
    for method in ("average", "fifo", "lifo"):
        ((_, held, entry),) = LEV_REALIZED(column([100, 101, 102]), column([0.1, 0.2, -0.3]), method)
        assert (held, entry) == (0.0, "#N/A")


@pytest.mark.parametrize("contract", ["linear", "inverse"])
@pytest.mark.parametrize("side", ["long", "short"])
def test_each_rung_is_the_average_entry_and_the_liquidation_price_so_far(side: str, contract: str) -> None:
    dice = random.Random(side + contract)
    prices = [dice.uniform(80, 120) for _ in range(12)]
    quantities = [dice.uniform(0.5, 2) * (100 if contract == "inverse" else 1) for _ in range(12)]
    margin = 40 if contract == "linear" else 0.4
    rows = LEV_LADDER(column(prices), column(quantities), margin, 0.01, side, "mark", 0.0005, contract)
    for count, (entry, held, leverage, liquidation) in enumerate(rows, start=1):
        average = LEV_AVGENTRY(column(prices[:count]), column(quantities[:count]), contract)
        assert entry == pytest.approx(average, rel=1e-12)
        assert held == pytest.approx(sum(quantities[:count]))
        value = held / entry if contract == "inverse" else held * entry
        assert leverage == pytest.approx(value / margin)
        alone = LEV_LIQPRICE(entry, leverage, 0.01, side, "mark", 0.0005, contract)
        assert liquidation == (alone if isinstance(alone, str) else pytest.approx(alone, rel=1e-12))


def test_a_rung_that_cannot_be_opened_spoils_no_other_and_a_blank_one_keeps_its_place() -> None:
    rows = LEV_LADDER(column([100, None, 90, 80]), column([1, None, 1, 50]), 60, 0.05)
    assert rows[0] == [100.0, 1.0, pytest.approx(100 / 60), pytest.approx(45.0)]
    assert rows[1] == ["#N/A"] * 4
    assert rows[2][3] == pytest.approx(95 - 30 + 4.75)
    assert rows[3][3] == "#NUM!"
    assert LEV_LADDER(column([100, 90]), column([1, 0]), 60, 0.05) == "#NUM!"
    assert LEV_LADDER(column([100, 90]), column([1]), 60, 0.05) == "#VALUE!"
    assert LEV_LADDER(column([100, "#DIV/0!"]), column([1, 1]), 60, 0.05) == "#DIV/0!"
    assert LEV_LADDER(column([100, 90]), column([1, 1]), [[60], [70]], 0.05) == "#VALUE!"


def far(price: Any) -> float:
    """How far away a long's liquidation is: never, at a price, or there already."""
    return {"#N/A": math.inf, "#NUM!": -math.inf}.get(price, 0.0) if isinstance(price, str) else -price


@given(
    st.lists(st.tuples(st.floats(1, 1e5), st.floats(1e-3, 1e3)), min_size=1, max_size=12),
    st.floats(1, 1e6),
    st.floats(1.001, 10),
    st.sampled_from(["entry", "mark"]),
    st.sampled_from(["linear", "inverse"]),
)
def test_more_margin_takes_every_rung_further_from_its_liquidation(
    fills: list[tuple[float, float]], margin: float, times: float, method: str, contract: str
) -> None:
    prices, quantities = (column(list(values)) for values in zip(*fills, strict=True))
    less, more = (
        LEV_LADDER(prices, quantities, behind, 0.01, "long", method, 0.0005, contract, "liquidation")
        for behind in (margin, margin * times)
    )
    for (near,), (away,) in zip(less, more, strict=True):
        assert far(away) >= far(near) - 1e-9 * abs(far(near) if math.isfinite(far(near)) else 0)


@pytest.mark.parametrize("method", ["fifo", "lifo", "average"])
def test_a_trillionth_of_the_coins_earns_a_trillionth(method: str) -> None:
    prices, quantities = [100, 110, 120], [2.0, -0.5, -1.0]
    small = LEV_REALIZED([[price] for price in prices], [[quantity * 1e-12] for quantity in quantities], method)
    assert small[0] == pytest.approx([25e-12, 0.5e-12, 100], rel=1e-12, abs=0)

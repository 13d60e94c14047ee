"""Liquidation by steps, after funding, and of spot positions: what the equation says holds at the answer."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.udfs import (
    LEV_HEALTH,
    LEV_HEALTHPRICE,
    LEV_LIQAFTER,
    LEV_LIQPARTIAL,
    LEV_LIQPRICE,
    LEV_LIQSPOT,
    LEV_LIQTIERED,
    LEV_MAINTMARGIN,
    LEV_MAXQTY,
)

TIERS = [[0, 0.004, 125], [50_000, 0.005, 100], [250_000, 0.01, 50], [1_000_000, 0.025, 20], [5_000_000, 0.05, 10]]
SIDES = st.sampled_from([1.0, -1.0])


@given(st.floats(1e-2, 1e5), st.floats(1, 60), st.floats(0.001, 0.015), SIDES, st.sampled_from(["entry", "mark"]))
def test_when_nothing_is_paid_it_is_the_liquidation_price(
    entry: float, leverage: float, mmr: float, side: float, method: str
) -> None:
    now, plain = (
        LEV_LIQAFTER(entry, leverage, mmr, 0.01, 0, side, method),
        LEV_LIQPRICE(entry, leverage, mmr, side, method),
    )
    assert now == (plain if isinstance(plain, str) else pytest.approx(plain, rel=1e-9))
    later = LEV_LIQAFTER(entry, leverage, mmr, 0.0001, 30, side, method)
    if isinstance(plain, float) and isinstance(later, float):
        assert side * later > side * plain  # what is paid brings it nearer
        value = entry if method == "entry" else later
        equity = 1 / leverage - 0.003 + side * (later - entry) / entry
        assert equity == pytest.approx(mmr * value / entry, abs=1e-9)


def test_margin_that_is_eaten_up_leaves_a_price_that_only_a_profit_keeps_off() -> None:
    assert LEV_LIQAFTER(100, 10, 0.01, 0.001, 95) == pytest.approx(100.5)
    assert LEV_LIQAFTER(100, 10, 0.1, 0.001, 95) == "#NUM!"
    assert LEV_LIQAFTER(100, 1, 0, 0, 1) == "#N/A"


def stepped(entry: float, quantity: float, margin: float, price: float, penalty: float, side: float) -> list[float]:
    """The same by whole coins: one is closed at a time until the next tier below is reached, again and again."""
    held, left = quantity, margin
    floors = [row[0] for row in TIERS]
    while held > 0 and left + held * side * (price - entry) <= LEV_MAINTMARGIN(held * price, TIERS):
        kept = max(floor for floor in floors if floor < held * price * (1 - 1e-12)) / price
        left += (held - kept) * (side * (price - entry) - penalty * price)
        held = kept
    return [quantity - held, penalty * (quantity - held) * price, max(left, 0.0)]


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_position_goes_down_tier_by_tier_until_what_is_left_is_covered(side: float) -> None:
    dice, kinds = random.Random(side), set()
    for _ in range(400):
        entry, quantity = 100.0, 10 ** dice.uniform(1, 5)
        margin = entry * quantity / dice.uniform(5, 60)
        price = entry - side * dice.uniform(0, 25)
        penalty = dice.choice([0, 0.005])
        ((closed, paid, left),) = LEV_LIQPARTIAL(entry, quantity, margin, TIERS, price, penalty, side)
        expected = stepped(entry, quantity, margin, price, penalty, side)
        assert [closed, paid, left] == pytest.approx(expected, rel=1e-9, abs=1e-6)
        kinds.add("none" if closed == 0 else "all" if closed == quantity else "some")
        rest = quantity - closed
        if rest > 0:  # what is left opens again with what is left
            assert left + rest * side * (price - entry) > LEV_MAINTMARGIN(rest * price, TIERS)
    assert kinds == {"none", "some", "all"}


def test_nothing_is_closed_before_the_liquidation_price() -> None:
    price = LEV_LIQTIERED(100, 10_000, 40_000, TIERS)
    assert LEV_LIQPARTIAL(100, 10_000, 40_000, TIERS, price * 1.0001) == [[0.0, 0.0, 40_000.0]]
    assert LEV_LIQPARTIAL(100, 10_000, 40_000, TIERS, price * 0.9999)[0][0] > 0


def test_the_order_cost_that_an_exchange_prints() -> None:
    # Bybit Help Center, "Order Cost (USDT Contract)": 1 BTC at 50,000, 10x, 0.06%, costs 5,057.
    assert LEV_MAXQTY(5057, 10, 50000, 0.0006) == pytest.approx(1)
    # The same page of a sell order: fee to close on 1 + 1/leverage of the value.
    assert LEV_MAXQTY(5000 + 30 + 33, 10, 50000, 0.0006, "short") == pytest.approx(1)


@given(st.floats(1, 1e6), st.floats(1, 125), st.floats(1, 1e5), st.floats(0, 0.002), SIDES)
def test_the_largest_order_costs_the_wallet(
    wallet: float, leverage: float, price: float, fee: float, side: float
) -> None:
    quantity = LEV_MAXQTY(wallet, leverage, price, fee, side)
    value = quantity * price
    assert value / leverage + fee * value + fee * value * (1 - side / leverage) == pytest.approx(wallet)
    coins = LEV_MAXQTY(wallet, leverage, price, fee, side, "inverse") / price
    assert coins / leverage + fee * coins + fee * coins * (1 + side / leverage) == pytest.approx(wallet)


def test_the_largest_order_keeps_to_the_leverage_of_its_tier() -> None:
    def most(leverage: float, tiers: Any = TIERS) -> Any:
        return LEV_MAXQTY(1e6, leverage, 100, 0, "long", "linear", tiers)

    assert most(125) == 500  # up to 50,000 of value
    assert most(100) == 2500
    assert most(10) == 100_000  # every tier allows it: the wallet is the limit
    assert most(126) == "#NUM!"
    assert most(10, [row[:2] for row in TIERS]) == "#N/A"
    assert most(10, [[0, 0.01, 50], [10, "x", 20]]) == "#VALUE!"
    assert LEV_MAXQTY(1e6, [[125], [126], [10]], 100, 0, "long", "linear", TIERS) == [[500.0], ["#NUM!"], [100_000.0]]


@given(st.floats(0.1, 100), st.floats(0.2, 0.95), st.floats(0, 0.2), st.floats(0, 0.002), st.floats(1, 1e5))
def test_at_the_price_of_a_spot_position_the_debt_and_its_margin_are_all_there_is(
    assets: float, share: float, rate: float, fee: float, price: float
) -> None:
    debt = assets * price * share
    found = LEV_LIQSPOT(assets, debt, rate, "long", fee)
    assert assets * found == pytest.approx(debt * (1 + rate) * (1 + fee))
    money, coins = assets * price, assets * share
    found = LEV_LIQSPOT(money, coins, rate, "short", fee)
    assert money == pytest.approx(coins * found * (1 + rate) * (1 + fee))


def test_a_spot_position_without_a_debt() -> None:
    assert LEV_LIQSPOT(1, 0, 0.05) == "#N/A"
    assert LEV_LIQSPOT(1, 0, 0.05, "short") == "#N/A"
    assert LEV_LIQSPOT([[1.1], [0]], 50000, 0.05) == [[pytest.approx(47727.2727272727)], ["#NUM!"]]


@given(
    st.lists(st.tuples(st.floats(0.1, 100), st.floats(0.3, 0.95), st.floats(1, 1e4)), min_size=1, max_size=6), st.data()
)
def test_at_the_price_the_health_is_one(rows: list[tuple[float, float, float]], data: st.DataObject) -> None:
    coins, thresholds, prices = ([[cell] for cell in cells] for cells in zip(*rows, strict=True))
    which = data.draw(st.integers(1, len(rows)))
    peg = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    debt = data.draw(st.floats(0.2, 1.5)) * sum(coin * part * price for coin, part, price in rows)
    found = LEV_HEALTHPRICE(coins, thresholds, prices, debt, which, peg)
    if found == "#N/A":
        return
    move = found / prices[which - 1][0] - 1
    moved = [
        [coin * price * (1 + move * (1 if place == which else peg))]
        for place, (coin, _, price) in enumerate(rows, start=1)
    ]
    assert LEV_HEALTH(moved, thresholds, debt) == pytest.approx(1, rel=1e-6)


def test_a_collateral_that_cannot_liquidate_alone_and_one_that_is_not_there() -> None:
    arguments = ([[10], [1]], [[0.8], [0.75]], [[2000], [40000]])
    assert LEV_HEALTHPRICE(*arguments, 20000, 1) == "#N/A"
    assert LEV_HEALTHPRICE(*arguments, 36000, 3) == "#NUM!"
    assert LEV_HEALTHPRICE(*arguments, 36000, 0) == "#NUM!"
    assert LEV_HEALTHPRICE(*arguments, 36000, [[1], [9], ["x"], [2]]) == [
        [750.0],
        ["#NUM!"],
        ["#VALUE!"],
        [pytest.approx(20000 / 0.75)],
    ]
    assert LEV_HEALTHPRICE([[10], [0]], *arguments[1:], 15000, 2) == "#N/A"


@given(
    st.floats(10, 1e4),
    st.floats(0.001, 0.2),
    st.floats(1.001, 3),
    st.floats(-0.2, 0.2),
    SIDES,
    st.sampled_from(["marginal", "flat"]),
)
def test_with_more_margin_no_more_is_closed(
    quantity: float, part: float, times: float, moved: float, side: float, tiering: str
) -> None:
    margin = part * quantity * 1000
    less, more = (
        LEV_LIQPARTIAL(1000, quantity, behind, TIERS, 1000 * (1 + moved), 0.005, side, tiering)[0]
        for behind in (margin, margin * times)
    )
    assert more[0] <= less[0]
    assert more[1] <= less[1] * (1 + 1e-12)
    assert more[2] >= less[2] * (1 - 1e-12)


@given(
    st.floats(1, 1e7),
    st.floats(1.001, 10),
    st.floats(1, 125),
    st.floats(0, 0.01),
    SIDES,
    st.sampled_from(["linear", "inverse"]),
)
def test_a_larger_wallet_opens_more_and_a_higher_fee_less(
    wallet: float, times: float, leverage: float, fee: float, side: float, contract: str
) -> None:
    most = LEV_MAXQTY(wallet, leverage, 100, fee, side, contract)
    assert LEV_MAXQTY(wallet * times, leverage, 100, fee, side, contract) > most
    assert LEV_MAXQTY(wallet, leverage, 100, fee + 0.001, side, contract) < most
    held = LEV_MAXQTY(wallet, leverage, 100, fee, side, contract, TIERS)
    assert held <= most
    assert LEV_MAXQTY(wallet * times, leverage, 100, fee, side, contract, TIERS) >= held

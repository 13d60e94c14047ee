"""Margin by tiers: continuous where the rates rise by the part, and what a flat venue charges."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cells import stepped
from support.cells import tiers as random_tiers

from xladdin.udfs import (
    LEV_LIQPARTIAL,
    LEV_LIQPRICE,
    LEV_LIQTIERED,
    LEV_MAINTMARGIN,
    LEV_MAXLEVERAGE,
    LEV_MAXQTY,
    LEV_MMR,
    LEV_PROFIT,
    LEV_TOPUP,
)

prices = st.floats(1e-3, 1e6)
leverages = st.floats(1.01, 125)
rates = stepped(0, 0.007)
fees = stepped(0, 0.0009)
quantities = st.floats(1e-3, 1e4)
sides = st.sampled_from(["long", "short"])
contracts = st.sampled_from(["linear", "inverse"])


@given(st.integers(0, 10**6), prices, st.floats(1.2, 60), st.floats(0.3, 0.97), sides, fees, contracts)
def test_a_top_up_with_tiers_moves_the_tiered_price_to_the_target(
    seed, entry, leverage, reach, side, fee, contract
) -> None:
    dice = random.Random(seed)
    tiers = random_tiers(dice)
    value = 10 ** dice.uniform(2, 9)
    quantity = value * entry if contract == "inverse" else value / entry
    now = LEV_LIQTIERED(entry, quantity, value / leverage, tiers, side, fee, contract)
    assume(not isinstance(now, str) and now < 100 * entry)
    target = now * reach if side == "long" else now / reach
    added = LEV_TOPUP(entry, quantity, value / leverage, 0, target, side, "mark", fee, contract, tiers)
    assert added > 0
    moved = LEV_LIQTIERED(entry, quantity, value / leverage + added, tiers, side, fee, contract)
    assert moved == pytest.approx(target, rel=1e-9)


@given(prices, quantities, leverages, rates, sides, fees, contracts)
def test_tiered_equals_simple_within_one_tier(entry, quantity, leverage, mmr, side, fee, contract) -> None:
    notional = quantity / entry if contract == "inverse" else quantity * entry
    simple = LEV_LIQPRICE(entry, leverage, mmr, side, "mark", fee, contract)
    tiered = LEV_LIQTIERED(entry, quantity, notional / leverage, [[0, mmr]], side, fee, contract)
    if isinstance(simple, str) or isinstance(tiered, str):
        assert simple == tiered
    else:
        # notional/leverage - notional rounds twice, and what is left of a low leverage is small.
        left = max(entry / simple, simple / entry)
        assert tiered == pytest.approx(simple, rel=1e-15 * (4 + 4 * left), abs=0)


@given(st.integers(0, 10**6), prices, leverages, sides, contracts)
def test_at_the_tiered_price_the_equity_is_what_the_tiers_ask(seed, entry, leverage, side, contract) -> None:
    dice = random.Random(seed)
    tiers = random_tiers(dice)
    notional = 10 ** dice.uniform(2, 9)
    margin = notional / leverage
    quantity = notional * entry if contract == "inverse" else notional / entry
    price = LEV_LIQTIERED(entry, quantity, margin, tiers, side, 0, contract)
    at_entry = LEV_MAINTMARGIN(notional, tiers)
    if price == "#NUM!":
        assert at_entry >= margin * (1 - 1e-12)
        return
    assume(price != "#N/A")
    value = quantity / price if contract == "inverse" else quantity * price
    equity = margin + LEV_PROFIT(entry, price, quantity, 1, side, 0, 0, 0, contract)
    assert equity == pytest.approx(LEV_MAINTMARGIN(value, tiers), abs=1e-13 * (notional + value))


@given(st.integers(0, 10**6), prices, st.floats(2, 50), sides, contracts)
def test_the_tiered_price_is_continuous_in_the_quantity(seed, entry, leverage, side, contract) -> None:
    tiers = random_tiers(random.Random(seed))
    assume(len(tiers) > 1)
    for floor, *_ in tiers[1:]:
        found = []
        for notional in (floor * (1 - 1e-9), floor * (1 + 1e-9)):
            quantity = notional * entry if contract == "inverse" else notional / entry
            found.append(LEV_LIQTIERED(entry, quantity, notional / leverage, tiers, side, 0, contract))
        if not any(isinstance(price, str) for price in found):
            # A price moves by at most some hundred times what the size moves: 1/(1 - rate) of rates below a half,
            # and in coin the price is the inverse of a difference that may be as small as a hundredth.
            assert found[0] == pytest.approx(found[1], rel=1e-6)


@given(st.integers(0, 10**6))
def test_the_maintenance_margin_is_continuous_and_rises(seed) -> None:
    tiers = random_tiers(random.Random(seed))
    for floor, *_ in tiers[1:]:
        below, at, above = (LEV_MAINTMARGIN(size, tiers) for size in (floor * (1 - 1e-12), floor, floor * (1 + 1e-12)))
        assert at == pytest.approx(below, abs=1e-12 * floor)
        assert at == pytest.approx(above, abs=1e-12 * floor)
        assert below <= at * (1 + 1e-15)
        assert at <= above * (1 + 1e-15)


def test_a_tier_begins_at_its_floor() -> None:
    tiers = [[0, 0.01, 100], [50, 0.02, 50]]
    assert LEV_MMR(49.999, tiers) == 0.01
    assert LEV_MMR(50, tiers) == 0.02
    assert LEV_MAXLEVERAGE(50, tiers) == 50
    assert LEV_MAXLEVERAGE(50, [[0, 0.01]]) == "#N/A"


def flat_requirement(value: float, tiers: list[list[float]]) -> float:
    return value * max(rate for floor, rate, *_ in tiers if floor <= value)


@given(st.integers(0, 10**6), prices, st.floats(1.05, 60), sides, fees, contracts)
def test_with_flat_tiers_the_equity_covers_the_requirement_up_to_the_price_and_not_beyond(
    seed, entry, leverage, side, fee, contract
) -> None:
    dice = random.Random(seed)
    tiers = random_tiers(dice)
    notional = 10 ** dice.uniform(2, 9)
    margin = notional / leverage
    quantity = notional * entry if contract == "inverse" else notional / entry
    price = LEV_LIQTIERED(entry, quantity, margin, tiers, side, fee, contract, "flat")

    def is_covered(at: float) -> bool:
        value = quantity / at if contract == "inverse" else quantity * at
        return margin + LEV_PROFIT(entry, at, quantity, 1, side, 0, 0, 0, contract) > (
            flat_requirement(value, tiers) + fee * value
        )

    if price == "#NUM!":
        assert not is_covered(entry * (1 - 1e-12)) or not is_covered(entry * (1 + 1e-12)) or tiers[-1][1] + fee >= 1
        return
    # A position that can't be liquidated is covered at prices as far as one likes.
    last = (entry * 1e-6 if side == "long" else entry * 1e6) if price == "#N/A" else price
    for step in range(1, 200):
        assert is_covered(entry + (last - entry) * step / 200 * (1 - 1e-9)), step
    if price != "#N/A":
        assert not is_covered(price * (1 - 1e-9 if side == "long" else 1 + 1e-9))


def test_flat_tiers_charge_the_whole_size_and_a_venue_says_which() -> None:
    # Bitget's own example of 2025-11-10: 3 BTC at 110,000, 0.4% up to 200,000 and 0.5% above, 0.06% fee.
    tiers = [[0, 0.004], [200000, 0.005]]
    for word in ("flat", "bitget 2024", "OKX", "kucoin"):
        assert LEV_MAINTMARGIN(330000, tiers, word) + 0.0006 * 330000 == pytest.approx(1848, rel=1e-14)
    for word in ("marginal", "bitget", "binance", "bybit", "gate"):
        assert LEV_MAINTMARGIN(330000, tiers, word) + 0.0006 * 330000 == pytest.approx(1648, rel=1e-14)
    assert LEV_MAINTMARGIN(330000, tiers) == LEV_MAINTMARGIN(330000, tiers, "marginal")
    assert LEV_MAINTMARGIN(330000, tiers, "dydx") == "#VALUE!", "its rate is the same for every size"


def test_a_short_that_grows_into_a_dearer_flat_tier_goes_at_its_floor() -> None:
    # One coin short at 90 with 20: equity 20 - (P - 90); 1% of 100 is 1, but from 100 on 30% is asked.
    assert LEV_LIQTIERED(90, 1, 20, [[0, 0.01], [100, 0.3]], "short", 0, "linear", "flat") == 100
    # A long that enters above the floor of 100 is out of the dear tier before it reaches its price.
    assert LEV_LIQTIERED(101, 1, 31, [[0, 0.01], [100, 0.3]], "long", 0, "linear", "flat") == pytest.approx(100)
    assert LEV_LIQTIERED(101, 1, 40, [[0, 0.01], [100, 0.3]], "long", 0, "linear", "flat") == pytest.approx(61 / 0.99)


TIERS = [[0, 0.004, 125], [50_000, 0.005, 100], [250_000, 0.01, 50], [1_000_000, 0.025, 20], [5_000_000, 0.05, 10]]
SIDES = st.sampled_from([1.0, -1.0])


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

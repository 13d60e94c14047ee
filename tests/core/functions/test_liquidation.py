from __future__ import annotations

import random

import mpmath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cells import stepped
from support.cells import tiers as random_tiers

from xladdin.udfs import (
    LEV_BANKRUPTCY,
    LEV_LIQCROSS,
    LEV_LIQDISTANCE,
    LEV_LIQPRICE,
    LEV_LIQTIERED,
    LEV_MAINTMARGIN,
    LEV_MAXLEVERAGE,
    LEV_MMR,
    LEV_PROFIT,
    LEV_ROI,
    LEV_TOPUP,
)

mpmath.mp.dps = 50
prices = st.floats(1e-3, 1e6)
leverages = st.floats(1.01, 125)
rates = stepped(0, 0.007)
fees = stepped(0, 0.0009)
quantities = st.floats(1e-3, 1e4)
sides = st.sampled_from(["long", "short"])
methods = st.sampled_from(["entry", "mark"])
contracts = st.sampled_from(["linear", "inverse"])


def test_the_formula_of_the_guides_is_not_ours() -> None:
    assert LEV_LIQPRICE(50000, 10, 0.01) == 45500
    assert LEV_LIQPRICE(50000, 10, 0.01) != 50000 * (1 - 0.01 / 10) == 49950


@given(prices, leverages, rates, sides, methods, fees, contracts)
def test_liquidation_lies_between_bankruptcy_and_entry(entry, leverage, mmr, side, method, fee, contract) -> None:
    bankruptcy = LEV_BANKRUPTCY(entry, leverage, side, contract)
    found = LEV_LIQPRICE(entry, leverage, mmr, side, method, fee, contract)
    assert not isinstance(found, str) or bankruptcy == "#N/A" == found
    if not isinstance(found, str) and not isinstance(bankruptcy, str):
        low, high = sorted([bankruptcy, entry])
        assert low * (1 - 1e-14) <= found <= high * (1 + 1e-14)


@given(prices, leverages, rates, sides, fees, contracts)
def test_at_liquidation_the_equity_is_the_maintenance_margin(entry, leverage, mmr, side, fee, contract) -> None:
    price = LEV_LIQPRICE(entry, leverage, mmr, side, "mark", fee, contract)
    assume(not isinstance(price, str))
    value = entry / price if contract == "inverse" else price / entry  # of one unit of value at entry
    equity = (1 + LEV_ROI(entry, price, leverage, side, 0, 0, 0, contract)) / leverage
    assert equity == pytest.approx((mmr + fee) * value, abs=1e-15 * (2 + 2 * value))


@given(prices, leverages, sides, methods, fees, contracts)
def test_a_margin_that_does_not_cover_maintenance_opens_nothing(entry, leverage, side, method, fee, contract) -> None:
    mmr = min(1.0001 / leverage, 0.999)
    assert LEV_LIQPRICE(entry, leverage, mmr, side, method, fee, contract) == "#NUM!"


@given(prices, leverages, rates, sides, methods, contracts, st.integers(-8, 8))
def test_another_currency_scales_the_prices(entry, leverage, mmr, side, method, contract, power) -> None:
    found = LEV_LIQPRICE(entry, leverage, mmr, side, method, 0, contract)
    scaled = LEV_LIQPRICE(entry * 2.0**power, leverage, mmr, side, method, 0, contract)
    assert scaled == (found if isinstance(found, str) else found * 2.0**power)


@given(prices, st.floats(1e7, 1e9), sides, methods)
def test_linear_and_inverse_agree_to_first_order(entry, leverage, side, method) -> None:
    mmr = 0.5 / leverage
    linear, inverse = (LEV_LIQPRICE(entry, leverage, mmr, side, method, 0, kind) for kind in ("linear", "inverse"))
    assert linear == pytest.approx(inverse, rel=2 / leverage**2 + 1e-15)


@pytest.mark.parametrize("leverage", [1 + 1e-12, 1.001, 3, 125, 1e9])
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("method", ["entry", "mark"])
@pytest.mark.parametrize("contract", ["linear", "inverse"])
def test_liquidation_price_in_fifty_digits(leverage: float, side: int, method: str, contract: str) -> None:
    entry, mmr, fee = 64123.7, 0.4 / leverage / 4, 0.0
    e, lev, m = map(mpmath.mpf, (entry, leverage, mmr))
    s = side
    if contract == "inverse":
        denominator = 1 + s / lev - s * m if method == "entry" else 1 + s / lev
        exact = e / denominator if method == "entry" else e * (1 + s * m) / denominator
    else:
        exact = e * (1 - s / lev + s * m) if method == "entry" else e * (1 - s / lev) / (1 - s * m)
    found = LEV_LIQPRICE(entry, leverage, mmr, side, method, fee, contract)
    assert found == "#N/A" if contract == "inverse" and exact <= 0 else abs(found / exact - 1) < 1e-15


@given(prices, leverages, rates, sides, methods)
def test_the_distance_is_the_move_to_the_price(entry, leverage, mmr, side, method) -> None:
    price = LEV_LIQPRICE(entry, leverage, mmr, side, method)
    assume(not isinstance(price, str))
    distance = LEV_LIQDISTANCE(entry, price, side)
    assert distance >= 0
    assert entry * (1 - distance if side == "long" else 1 + distance) == pytest.approx(price, rel=1e-13)


@given(prices, quantities, leverages, rates, st.floats(0.01, 0.99), sides, methods, fees, contracts)
def test_a_top_up_moves_the_liquidation_price_to_the_target(
    entry, quantity, leverage, mmr, reach, side, method, fee, contract
) -> None:
    now = LEV_LIQPRICE(entry, leverage, mmr, side, method, fee, contract)
    assume(not isinstance(now, str) and now < 1e9 * entry)
    target = now * reach if side == "long" else now / reach
    value = quantity / entry if contract == "inverse" else quantity * entry
    added = LEV_TOPUP(entry, quantity, value / leverage, mmr, target, side, method, fee, contract)
    assert added > 0
    moved = LEV_LIQPRICE(entry, value / (value / leverage + added), mmr, side, method, fee, contract)
    # The new leverage is that of a sum of margins: its rounding counts as the entry's, and so may exceed the target's.
    assert moved == pytest.approx(target, rel=1e-15 * (8 + 8 * max(entry / target, target / entry)))


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


@given(prices, quantities, leverages, rates, st.floats(1.0001, 2), sides, methods)
def test_no_top_up_where_the_price_is_beyond_the_target(entry, quantity, leverage, mmr, back, side, method) -> None:
    now = LEV_LIQPRICE(entry, leverage, mmr, side, method)
    assume(not isinstance(now, str))
    target = now * back if side == "long" else now / back
    assert LEV_TOPUP(entry, quantity, entry * quantity / leverage, mmr, target, side, method) == 0


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
        assert tiered == pytest.approx(simple, rel=1e-15 * (4 + 4 * left))


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


@given(prices, quantities, leverages, rates, sides)
def test_cross_with_the_margin_alone_is_isolated(entry, quantity, leverage, mmr, side) -> None:
    margin = quantity * entry / leverage
    cross = LEV_LIQCROSS(margin, entry, quantity, mmr, side)
    isolated = LEV_LIQPRICE(entry, leverage, mmr, side, "mark")
    if isinstance(isolated, str):
        assert cross == isolated
    else:
        assert cross == pytest.approx(isolated, rel=1e-15 * (4 + 4 * entry / isolated))


def test_cross_counts_the_other_positions() -> None:
    alone = LEV_LIQCROSS(1000, 100, 20, 0.01)
    assert LEV_LIQCROSS(1000, 100, 20, 0.01, "long", 0, 100, 100) == alone
    assert LEV_LIQCROSS(1000, 100, 20, 0.01, "long", 0, 100) > alone
    assert LEV_LIQCROSS(1000, 100, 20, 0.01, "long", 50, 0, -50) == alone
    assert LEV_LIQCROSS(3000, 100, 20, 0.01) == "#N/A"


def test_what_cannot_be_liquidated() -> None:
    assert LEV_LIQPRICE(100, 1, 0) == "#N/A"
    assert LEV_LIQPRICE(100, 0.5, 0.01) == "#N/A"
    assert LEV_LIQPRICE(100, 1, 0.01, "short", "mark", 0, "inverse") == "#N/A"
    assert LEV_BANKRUPTCY(100, 1) == "#N/A"
    assert LEV_BANKRUPTCY(100, 1, "short", "inverse") == "#N/A"
    assert LEV_LIQTIERED(100, 1, 150, [[0, 0.01]]) == "#N/A"
    assert LEV_LIQTIERED(100, 1, 1, [[0, 0.01]]) == "#NUM!"


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


@given(prices, quantities, leverages, rates, sides, fees, contracts)
def test_cross_with_a_fee_and_in_coin_is_isolated_too(entry, quantity, leverage, mmr, side, fee, contract) -> None:
    margin = (quantity / entry if contract == "inverse" else quantity * entry) / leverage
    cross = LEV_LIQCROSS(margin, entry, quantity, mmr, side, 0, 0, 0, fee, contract)
    isolated = LEV_LIQPRICE(entry, leverage, mmr, side, "mark", fee, contract)
    if isolated == "#NUM!":  # the cross price is then on the winning side of the entry
        assert LEV_LIQDISTANCE(entry, cross, side) <= 1e-12
    elif isinstance(isolated, str) or isinstance(cross, str):
        assert cross == isolated or max(isolated, 0) > 1e12 * entry
    else:
        left = max(entry / isolated, isolated / entry)
        assert cross == pytest.approx(isolated, rel=1e-15 * (8 + 8 * left))

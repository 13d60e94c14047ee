"""Liquidation prices: what the equation says holds at the answer."""

from __future__ import annotations

import mpmath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cells import stepped

from xladdin.udfs import (
    LEV_BANKRUPTCY,
    LEV_LIQAFTER,
    LEV_LIQCROSS,
    LEV_LIQDISTANCE,
    LEV_LIQPARTIAL,
    LEV_LIQPRICE,
    LEV_LIQSPOT,
    LEV_LIQTIERED,
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
    assert entry * (1 - distance if side == "long" else 1 + distance) == pytest.approx(price, rel=1e-13, abs=0)


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
    assert moved == pytest.approx(target, rel=1e-15 * (8 + 8 * max(entry / target, target / entry)), abs=0)


@given(prices, quantities, leverages, rates, st.floats(1.0001, 2), sides, methods)
def test_no_top_up_where_the_price_is_beyond_the_target(entry, quantity, leverage, mmr, back, side, method) -> None:
    now = LEV_LIQPRICE(entry, leverage, mmr, side, method)
    assume(not isinstance(now, str))
    target = now * back if side == "long" else now / back
    assert LEV_TOPUP(entry, quantity, entry * quantity / leverage, mmr, target, side, method) == 0


@given(prices, quantities, leverages, rates, sides)
def test_cross_with_the_margin_alone_is_isolated(entry, quantity, leverage, mmr, side) -> None:
    margin = quantity * entry / leverage
    cross = LEV_LIQCROSS(margin, entry, quantity, mmr, side)
    isolated = LEV_LIQPRICE(entry, leverage, mmr, side, "mark")
    if isinstance(isolated, str):
        assert cross == isolated
    else:
        assert cross == pytest.approx(isolated, rel=1e-15 * (4 + 4 * entry / isolated), abs=0)


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
        assert cross == pytest.approx(isolated, rel=1e-15 * (8 + 8 * left), abs=0)


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


def test_where_fee_and_margin_rate_are_all_of_the_value_there_is_no_price() -> None:
    assert LEV_LIQCROSS(1000, 100, 1, 0.5, "short", 0, 0, 0, 0.5) == "#NUM!"
    assert LEV_LIQCROSS(1000, 100, 1, 0.5, "short", 0, 0, 0, 0.25) == 1100 / 1.75


def test_a_margin_that_is_just_what_is_required_is_liquidated() -> None:
    """10,000 ask for 50 and 250; at 300 the upper tier is closed, and the 50 of the lower one are there."""
    tiers = [[0, 0.01], [5000, 0.05]]
    assert LEV_LIQPARTIAL(100, 100, 300, tiers, 100) == [[50, 0, 300]]
    assert LEV_LIQPARTIAL(100, 100, 300.01, tiers, 100) == [[0, 0, 300.01]]
    assert LEV_LIQPARTIAL(100, 50, 10, tiers, 100) == [[50, 0, 10]]  # at the floor itself it is of the lower tier

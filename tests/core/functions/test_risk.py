from __future__ import annotations

import itertools
import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cells import call, stepped

from xladdin.core.functions import risk
from xladdin.udfs import LEV_LIQPRICE, LEV_LIQPROB, LEV_POSITIONSIZE, LEV_PROFIT, LEV_REBALANCE, LEV_STOPLEVERAGE

mpmath.mp.dps = 50
prices = st.floats(1e-3, 1e6)
sides = st.sampled_from(["long", "short"])
methods = st.sampled_from(["entry", "mark"])
contracts = st.sampled_from(["linear", "inverse"])
rates = stepped(0, 0.2)


def probability(
    price: float, liq_price: float, volatility: float, years: float, drift: float, carry: float
) -> mpmath.mpf:
    """First passage of a geometric Brownian motion in fifty digits, straight from the textbook."""
    p, b, v, t, d, c = map(mpmath.mpf, (price, liq_price, volatility, years, drift, carry))
    if p == b:
        return mpmath.mpf(1)
    if t == 0:
        return mpmath.mpf(0)
    away = abs(mpmath.log(b / p))
    towards = (1 if b > p else -1) * (d - c - v**2 / 2)
    spread = v * mpmath.sqrt(t)

    def below(x: mpmath.mpf) -> mpmath.mpf:
        return mpmath.erfc(-x / mpmath.sqrt(2)) / 2

    reflected = mpmath.exp(2 * towards * away / v**2) * below(-(towards * t + away) / spread)
    return below((towards * t - away) / spread) + reflected


def doubt(price: float, liq_price: float, volatility: float, years: float, drift: float, carry: float) -> float:
    """How far the rounding of the arguments' own arithmetic may move the probability, relative to it.

    A standard score of size z carries an absolute error of about z last digits, and the tail of the normal
    distribution multiplies it by z again. A drift that is a difference carries what its terms lost.
    """
    away = abs(math.log(liq_price) - math.log(price))
    pull = abs(drift) + abs(carry) + volatility**2 / 2
    spread = volatility * math.sqrt(years)
    size = (pull * years + away) / spread
    score = (abs(drift - carry - volatility**2 / 2) * years + away) / spread
    return 2**-52 * (4 + 2 * score * size + 4 * pull * away / volatility**2)


@pytest.mark.parametrize("volatility", [1e-6, 1e-3, 0.05, 0.6, 3.0, 100.0])
@pytest.mark.parametrize("years", [1e-9, 1e-3, 0.08, 1.0, 30.0, 1e6])
def test_liquidation_probability_in_fifty_digits(volatility: float, years: float) -> None:
    nearness = (1e-12, 1e-6, 1e-3, 0.1, 0.5, 0.99)
    liq_prices = [100 * (1 + sign * near) for near in nearness for sign in (-1, 1)] + [100.0, 1e-4, 1e7]
    drifts = [(0.0, 0.0), (0.1, 0.0), (-0.5, 0.0), (0.3, 0.28), (volatility**2 / 2, 0.0)]
    for liq_price, (drift, carry) in itertools.product(liq_prices, drifts):
        arguments = (100.0, liq_price, volatility, years, drift, carry)
        exact = probability(*arguments)
        found = LEV_LIQPROB(*arguments)
        (in_range,) = call("LEV_LIQPROB", [[100.0]], *arguments[1:])[0]
        # What is smaller than the smallest normal number has no digits to compare.
        within = max(1e-12, doubt(*arguments)) * exact + mpmath.mpf(2.3e-308)
        assert abs(found - exact) <= within, arguments
        assert abs(in_range - exact) <= within, arguments


@given(prices, prices, st.floats(1e-6, 100), st.floats(1e-9, 1e6), st.floats(-2, 2), st.floats(-2, 2))
def test_liquidation_probability_is_one(price, liq_price, volatility, years, drift, carry) -> None:
    found = LEV_LIQPROB(price, liq_price, volatility, years, drift, carry)
    assert 0 <= found <= 1


@given(prices, prices, st.floats(0.01, 5), st.floats(1e-6, 100), st.floats(1, 3), st.floats(-1, 1))
def test_liquidation_probability_grows_with_time(price, liq_price, volatility, years, longer, drift) -> None:
    short, long = (LEV_LIQPROB(price, liq_price, volatility, time, drift) for time in (years, years * longer))
    assert long >= short * (1 - 1e-12)


@given(prices, st.floats(0.2, 5), st.floats(0.01, 2), st.floats(1, 3), st.floats(1e-3, 10))
def test_liquidation_probability_grows_with_volatility_where_nothing_drifts(
    price, ratio, volatility, more, years
) -> None:
    # With the drift of half the variance the logarithm goes nowhere, and then only its width counts.
    calm, wild = (
        LEV_LIQPROB(price, price * ratio, width, years, width * width / 2) for width in (volatility, volatility * more)
    )
    assert wild >= calm * (1 - 1e-12)


@given(prices, prices, st.floats(0.01, 2), st.floats(1e-3, 10), st.floats(-1, 1), st.integers(-8, 8))
def test_liquidation_probability_knows_no_currency(price, liq_price, volatility, years, drift, power) -> None:
    scale = 2.0**power
    found = LEV_LIQPROB(price, liq_price, volatility, years, drift)
    assert LEV_LIQPROB(price * scale, liq_price * scale, volatility, years, drift) == found


def test_liquidation_probability_at_the_limits() -> None:
    assert LEV_LIQPROB(100, 100, 0.5, 0) == 1
    assert LEV_LIQPROB(100, 90, 0.5, 0) == 0
    assert LEV_LIQPROB(100, 90, 0.5, 1, 0.02, 0.02) == LEV_LIQPROB(100, 90, 0.5, 1)
    assert LEV_LIQPROB(100, 110, 1e-300, 1, 0.2) == 1  # nothing but drift, and it gets there
    assert LEV_LIQPROB(100, 110, 1e-300, 1, 0.02) == 0


@given(st.floats(1, 1e7), st.floats(0.001, 1), prices, st.floats(0.01, 0.9), stepped(0, 0.01), sides, contracts)
def test_position_size_loses_the_risk_at_the_stop(balance, part, entry, distance, fee, side, contract) -> None:
    stop = entry * (1 - distance if side == "long" else 1 + distance)
    quantity = LEV_POSITIONSIZE(balance, part, entry, stop, fee, contract)
    lost = -LEV_PROFIT(entry, stop, quantity, 1, side, fee, fee, 0, contract)
    assert lost == pytest.approx(balance * part, rel=1e-12)


def test_position_size_where_nothing_would_be_lost() -> None:
    assert LEV_POSITIONSIZE(1000, 0.02, 100, 100) == "#NUM!"
    assert LEV_POSITIONSIZE(1000, 0.02, 100, 100, 0.001) == pytest.approx(100)


@given(st.floats(1, 1e6), st.floats(1e-3, 0.5), prices, st.floats(1e-4, 0.5), st.floats(0.1, 50), contracts)
def test_position_size_is_cut_to_the_leverage(balance, part, entry, distance, most, contract) -> None:
    uncut = LEV_POSITIONSIZE(balance, part, entry, entry * (1 - distance), 0, contract)
    found = LEV_POSITIONSIZE(balance, part, entry, entry * (1 - distance), 0, contract, most)
    cut = balance * most * entry if contract == "inverse" else balance * most / entry
    assert found == pytest.approx(min(uncut, cut), rel=1e-14, abs=0)
    assert LEV_POSITIONSIZE(balance, part, entry, entry * (1 - distance), 0, contract, 0) == uncut


@given(prices, st.floats(0.001, 0.9), rates, sides, methods, stepped(0, 0.01), contracts)
def test_the_liquidation_price_of_the_stop_leverage_is_the_stop(
    entry, distance, mmr, side, method, fee, contract
) -> None:
    stop = entry * (1 - distance if side == "long" else 1 + distance)
    leverage = LEV_STOPLEVERAGE(entry, stop, mmr, side, method, fee, contract)
    assert LEV_LIQPRICE(entry, leverage, mmr, side, method, fee, contract) == pytest.approx(stop, rel=1e-12)


@given(prices, st.floats(0, 0.9), rates, sides, methods)
def test_a_stop_on_the_winning_side_is_no_stop(entry, distance, mmr, side, method) -> None:
    stop = entry * (1 + distance if side == "long" else 1 - distance)
    assert LEV_STOPLEVERAGE(entry, stop, mmr, side, method) == "#NUM!"


@given(st.floats(0, 1e6), st.floats(1, 1e6), st.floats(0, 10))
def test_rebalancing_reaches_the_target(size, equity, target) -> None:
    # What is bought is a difference: the sum is right to the digits of the larger.
    assert size + LEV_REBALANCE(size, equity, target) == pytest.approx(
        target * equity, abs=1e-15 * (size + 11 * equity)
    )


@pytest.mark.parametrize(
    ("entry", "stop", "target"), [(100, 95, 99), (100, 105, 110), (100, 95, 100), (100, 100, 110), (100, 95, 90)]
)
def test_stop_and_target_on_the_same_side(entry: float, stop: float, target: float) -> None:
    assert call("LEV_RISKREWARD", entry, stop, target) == "#NUM!"


def test_half_kelly_is_half_of_it() -> None:
    assert call("LEV_KELLY", 0.7, 0.8, 0.1, 0.5) == pytest.approx(call("LEV_KELLY", 0.7, 0.8, 0.1) / 2, rel=1e-15)
    assert call("LEV_KELLYBET", 0.6, 2, 0.5) == pytest.approx(call("LEV_KELLYBET", 0.6, 2) / 2, rel=1e-15)
    assert call("LEV_KELLY", -0.1, 0.5) == pytest.approx(-0.4)
    assert call("LEV_KELLYBET", 0.1, 1) == pytest.approx(-0.8)
    assert risk.kelly_bet(1, 2) == 1


@pytest.mark.parametrize("away", [11.9, 12.1, 12.5, 12.9, 13.1])
@pytest.mark.parametrize("drift", [0.0, 0.4])
def test_the_chance_of_a_far_price_is_that_of_two_tails(away: float, drift: float) -> None:
    """A path that drifts comes to a price so many deviations below, by its end or before."""
    volatility, price = mpmath.mpf(0.2), mpmath.mpf(100)
    with mpmath.workdps(60):
        far = float(price * mpmath.exp(-away * volatility))
        log = mpmath.log(price / mpmath.mpf(far))
        down = -(mpmath.mpf(drift) - volatility * volatility / 2)
        straight, mirrored = (down - log) / volatility, (down + log) / volatility
        expected = mpmath.ncdf(straight) + mpmath.exp(2 * down * log / volatility**2) * mpmath.ncdf(-mirrored)
    assert LEV_LIQPROB(100, far, 0.2, 1, drift) == pytest.approx(float(expected), rel=1e-11, abs=0)

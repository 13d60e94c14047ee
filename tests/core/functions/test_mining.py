from __future__ import annotations

import itertools
import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.udfs import (
    LEV_BORROWCOST,
    LEV_BREAKEVEN,
    LEV_HASHPRICE,
    LEV_HASHREVENUE,
    LEV_MINEDAILY,
    LEV_MINEPROFIT,
    LEV_MINETOTAL,
    LEV_PAYBACK,
    LEV_POWERCOST,
)

mpmath.mp.dps = 40
amounts = st.floats(1e-3, 1e6)


def earned(days: mpmath.mpf, revenue: float, running: float, growth: float) -> mpmath.mpf:
    """What a rig has earned after some days, by quadrature."""
    return mpmath.quad(lambda t: revenue * mpmath.mpf(1 + mpmath.mpf(growth)) ** (-t / 30) - running, [0, days])


@pytest.mark.parametrize("growth", [-0.5, -0.03, -1e-9, 0.0, 1e-12, 0.01, 0.05, 0.5])
def test_at_the_payback_time_the_hardware_is_paid(growth: float) -> None:
    solved = 0
    for cost, running in itertools.product([1.0, 50.0, 1500.0, 1e5], [0.0, 1e-6, 4.0, 9.0, 9.999]):
        days = LEV_PAYBACK(cost, 10, running, growth)
        if days == "#NUM!":
            continue
        solved += 1
        slope = abs(10 * (1 + mpmath.mpf(growth)) ** (-mpmath.mpf(days) / 30) - running)
        # Where little is left of the revenue after costs, a last digit of it moves the time by so much more.
        within = 1e-15 * max(4, 4 * (10 + running) / slope)
        assert abs(earned(mpmath.mpf(days), 10, running, growth) - cost) <= within * slope * days
    assert solved >= 5


@pytest.mark.parametrize(
    ("cost", "revenue", "running", "growth"),
    [
        (1000, 10, 10, 0),  # nothing is left
        (1000, 10, 11, 0),
        (1000, 10, 10, 0.03),
        (1e6, 10, 4, 0.03),  # the revenue sinks to the cost before it is paid
        (1e6, 10, 0, 0.03),  # all that there ever will be is less
    ],
)
def test_what_is_never_paid(cost: float, revenue: float, running: float, growth: float) -> None:
    assert LEV_PAYBACK(cost, revenue, running, growth) == "#NUM!"


def test_the_last_payback_before_never() -> None:
    # With 3% growth the most that 10 a day less 4 a day ever earns, to both sides.
    decay = mpmath.log1p(mpmath.mpf(0.03)) / 30
    most = float((6 - 4 * mpmath.log(mpmath.mpf(10) / 4)) / decay)
    longest = float(mpmath.log(mpmath.mpf(10) / 4) / decay)
    assert LEV_PAYBACK(most * (1 + 1e-9), 10, 4, 0.03) == "#NUM!"
    assert LEV_PAYBACK(most * (1 - 1e-9), 10, 4, 0.03) == pytest.approx(longest, rel=1e-4)


def test_a_revenue_next_to_the_running_cost_pays_what_little_it_leaves() -> None:
    given = (0.0034797275322720005, 283.38252968369017, 283.3506821609889, 0.015548740732981441)
    days = LEV_PAYBACK(*given)
    assert days == pytest.approx(0.218524554264129, rel=1e-9)
    cost, *rest = given
    assert abs(earned(mpmath.mpf(days), *rest) - cost) <= 1e-12 * cost


def test_rigs_that_earn_from_growth_alone() -> None:
    assert LEV_PAYBACK(1000, 10, 11, -0.03) > LEV_PAYBACK(1000, 10, 9, -0.03) > 0
    assert LEV_PAYBACK(1e300, 1, 0.5, -0.5) == pytest.approx(29734.283144929664, rel=1e-14)
    assert LEV_PAYBACK(0, 10, 11, 0.5) == 0


@given(amounts, st.floats(1, 100), st.floats(0, 0.99), st.floats(-0.2, 0.2))
def test_the_slower_the_growth_the_sooner_it_is_paid(cost, revenue, share, growth) -> None:
    slow, fast = (LEV_PAYBACK(cost, revenue, revenue * share, rate) for rate in (growth, growth + 0.01))
    assert slow != "#NUM!" or fast == "#NUM!"
    if fast != "#NUM!":
        assert slow <= fast * (1 + 1e-9)


@given(amounts, amounts)
def test_payback_without_cost_or_growth_is_break_even(cost, revenue) -> None:
    assert LEV_PAYBACK(cost, revenue) == LEV_BREAKEVEN(cost, revenue)


@given(st.floats(1, 1e6), st.floats(1e3, 1e15), st.floats(0.1, 50), st.floats(1, 1e6))
def test_a_petahash_day_is_the_hash_price(hashrate, difficulty, reward, price) -> None:
    revenue = LEV_HASHREVENUE(1000, difficulty, reward) * price
    assert LEV_HASHPRICE(difficulty, reward, price) == pytest.approx(revenue, rel=1e-14, abs=0)
    assert LEV_HASHREVENUE(hashrate, difficulty, reward, 7) == pytest.approx(
        hashrate / 1000 * 7 * revenue / price, rel=1e-14, abs=0
    )


@given(
    st.floats(1, 1e4), st.floats(1, 1e4), st.floats(1e3, 1e15), st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 0.05)
)
def test_a_day_is_revenue_less_power_less_interest(hashrate, watts, difficulty, price, tariff, pool_fee) -> None:
    revenue = LEV_HASHREVENUE(hashrate, difficulty, 3.125, 1, pool_fee) * price
    power = LEV_POWERCOST(watts, tariff)
    found = LEV_MINEDAILY(hashrate, watts, difficulty, 3.125, price, tariff, pool_fee, 2.5)
    assert found == pytest.approx(revenue - power - 2.5, abs=1e-15 * (revenue + power + 2.5))


@given(amounts, st.floats(1, 20), st.floats(-0.5, 0.5), amounts)
def test_a_price_loss_of_the_yield_leaves_the_borrowing(capital, leverage, rate, cost) -> None:
    left = LEV_MINEPROFIT(capital, leverage, rate, cost, rate)
    assert left == pytest.approx(-cost, abs=1e-15 * (cost + capital * leverage))


def test_borrowing_for_a_year_costs_the_rate() -> None:
    assert LEV_BORROWCOST(1000, 0.12, 365) == 120
    assert LEV_BORROWCOST(1000, 0.12, 0) == 0


FUTURES = [
    (growth, price_growth, halving)
    for growth in (0.0, 0.03, -0.02)
    for price_growth in (0.0, 0.01)
    for halving in (0, 90)
]


def mined(
    days: float, revenue: float, running: float, growth: float, halving: float, price_growth: float
) -> mpmath.mpf:
    """What a rig has earned after some days, by quadrature up to the halving and from it on."""
    rate = (1 + mpmath.mpf(price_growth)) / (1 + mpmath.mpf(growth))
    until = min(halving, days) if halving else days
    first = mpmath.quad(lambda t: revenue * rate ** (t / 30) - running, [0, until])
    return first + mpmath.quad(lambda t: revenue / 2 * rate ** (t / 30) - running, [until, days])


@pytest.mark.parametrize(("growth", "price_growth", "halving"), FUTURES)
def test_a_period_earns_the_integral_of_what_it_earns_a_day(growth: float, price_growth: float, halving: int) -> None:
    for days in (0, 30, 90, 400):
        expected = mined(days, 10 * 0.9, 4, growth, halving, price_growth)
        shown = LEV_MINETOTAL(10, days, 4, growth, halving, 0.9, price_growth)
        assert shown == pytest.approx(float(expected), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(("growth", "price_growth", "halving"), FUTURES)
def test_at_the_payback_time_the_period_has_earned_the_cost(growth: float, price_growth: float, halving: int) -> None:
    for cost in (50, 400, 700):
        days = LEV_PAYBACK(cost, 10, 2, growth, halving, 0.95, price_growth)
        if days != "#NUM!":
            assert LEV_MINETOTAL(10, days, 2, growth, halving, 0.95, price_growth) == pytest.approx(cost, rel=1e-9)


def test_a_halving_before_the_payback_takes_longer_and_one_after_it_nothing() -> None:
    assert LEV_PAYBACK(600, 10, 2, 0, 200) == LEV_PAYBACK(600, 10, 2) == 75
    assert LEV_PAYBACK(600, 10, 2, 0, 60) == pytest.approx(60 + 120 / 3)
    assert LEV_PAYBACK(600, 10, 6, 0, 60) == "#NUM!"  # from then on it earns less than it costs


def test_what_earns_just_its_cost_is_paid_when_it_earns_no_more() -> None:
    """At 2 a day that halve every 30 days, and 1 a day to run, the most is earned in 30 days: 30 (1 / ln 2 - 1)."""
    most = 30 * (1 / math.log(2) - 1)
    assert LEV_PAYBACK(most * (1 - 1e-12), 2, 1, 1) == pytest.approx(30, abs=1e-3)
    assert LEV_PAYBACK(most * (1 + 1e-12), 2, 1, 1) == "#NUM!"

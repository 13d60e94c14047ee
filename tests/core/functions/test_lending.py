from __future__ import annotations

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.core.functions.lending import loop_exposure
from xladdin.udfs import (
    LEV_COLLATERAL,
    LEV_DEPEG,
    LEV_HEALTH,
    LEV_HEALTHPRICE,
    LEV_LOANPRICE,
    LEV_LOOP,
    LEV_LOOPAPY,
    LEV_LTV,
)

mpmath.mp.dps = 50
amounts = st.floats(1e-3, 1e9)
fractions = st.floats(0.01, 0.99)


@pytest.mark.parametrize("loops", [0, 0.5, 1, 2, 6, 100, 1e6, 1e300])
@pytest.mark.parametrize("ltv", [0.0, 5e-324, 1e-12, 0.1, 0.5, 0.75, 0.99, 1 - 1e-9, 1 - 2**-53])
def test_exposure_of_a_loop_in_fifty_digits(ltv: float, loops: float) -> None:
    ratio, count = mpmath.mpf(ltv), mpmath.mpf(loops)
    exact = (1 - ratio ** (count + 1)) / (1 - ratio) if loops < 1e300 or ltv < 0.9 else 1 / (1 - ratio)
    assert abs(LEV_LOOP(ltv, loops) / exact - 1) < 1e-14
    assert abs(LEV_LOOP([[ltv]], loops)[0][0] / exact - 1) < 1e-14


@given(fractions, st.integers(0, 30))
def test_a_loop_is_the_sum_of_its_rounds(ltv, loops) -> None:
    assert LEV_LOOP(ltv, loops) == pytest.approx(sum(ltv**round_ for round_ in range(loops + 1)), rel=1e-13)


@given(amounts, amounts, fractions)
def test_a_loan_at_its_trigger_price_has_the_trigger_ltv(debt, collateral, ltv) -> None:
    price = LEV_LOANPRICE(debt, collateral, ltv)
    assert LEV_LTV(debt, collateral, price) == pytest.approx(ltv, rel=1e-14)
    assert LEV_COLLATERAL(debt, price, ltv) == pytest.approx(collateral, rel=1e-14)


@given(amounts, fractions, amounts)
def test_health_of_one_collateral_is_its_threshold_over_the_ltv(value, threshold, debt) -> None:
    assert LEV_HEALTH(value, threshold, debt) == pytest.approx(threshold / LEV_LTV(debt, value, 1), rel=1e-14, abs=0)


@given(st.floats(1, 20), fractions)
def test_after_the_depeg_the_health_factor_is_one(leverage, threshold) -> None:
    fall = LEV_DEPEG(leverage, threshold)
    if leverage * threshold <= leverage - 1:
        assert fall == "#NUM!"
    elif leverage > 1:
        # The fall is a difference from 1: what it keeps are the digits of 1.
        health = LEV_HEALTH(leverage * (1 - fall), threshold, leverage - 1)
        assert health == pytest.approx(1, rel=1e-15 * (2 + leverage / (leverage - 1)) / (1 - fall))
    else:
        assert fall == 1


@given(st.floats(1, 20), st.floats(-0.5, 0.5))
def test_a_loop_that_borrows_at_what_it_earns_wins_nothing(leverage, rate) -> None:
    assert LEV_LOOPAPY(leverage, rate, rate) == pytest.approx(rate, abs=1e-15 * leverage)


@pytest.mark.parametrize("ltv", [0.0, 0.1, 0.7, 0.75, 0.999999])
def test_no_loops_leave_the_capital_alone(ltv: float) -> None:
    assert loop_exposure(ltv, 0) == 1


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

"""Loans over time, against the closed forms of an annuity in 40 digits."""

from __future__ import annotations

import itertools
import math
import random

import mpmath
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.udfs import LEV_AMORTIZE, LEV_APR, LEV_APY, LEV_LOANDAYS

mpmath.mp.dps = 40


def pmt(rate: mpmath.mpf, count: int, present: mpmath.mpf, future: mpmath.mpf) -> mpmath.mpf:
    """A spreadsheet's PMT without its sign: what is paid each month for a loan that leaves `future` at the end."""
    if rate == 0:
        return (present - future) / count
    grown = (1 + rate) ** count
    return (present * grown - future) * rate / (grown - 1)


def owed(rate: mpmath.mpf, month: int, present: mpmath.mpf, payment: mpmath.mpf) -> mpmath.mpf:
    """A spreadsheet's FV without its sign: what is left after so many months."""
    if rate == 0:
        return present - payment * month
    return present * (1 + rate) ** month - payment * ((1 + rate) ** month - 1) / rate


def test_payments_interest_and_principal_are_those_of_numpy_financial() -> None:
    """Its pmt, ipmt and ppmt know neither a grace nor a last payment with the balloon in it."""
    dice = random.Random(16)
    for _ in range(200):
        principal, months, apr = dice.uniform(1000, 1e6), dice.randint(2, 120), dice.uniform(0.001, 0.4)
        balloon = dice.choice([0, dice.uniform(0, 0.5) * principal])
        rows = LEV_AMORTIZE(principal, apr, months, balloon)
        loan = (months, principal, -balloon)
        payment = -numpy_financial.pmt(apr / 12, *loan)
        for month, (paid, interest, repaid, _) in enumerate(rows, start=1):
            last = balloon if month == months else 0
            close = {"rel": 1e-9, "abs": 1e-9 * principal}
            assert paid == pytest.approx(payment + last, **close)
            assert interest == pytest.approx(-float(numpy_financial.ipmt(apr / 12, month, *loan)), **close)
            assert repaid == pytest.approx(-float(numpy_financial.ppmt(apr / 12, month, *loan)) + last, **close)


@pytest.mark.parametrize("seed", range(12))
def test_the_rows_are_those_of_an_annuity(seed: int) -> None:
    dice = random.Random(seed)
    principal = mpmath.mpf(dice.choice([1000, 12345.67, 1e6]))
    months, apr = dice.randint(1, 60), dice.choice([0, 1e-9, 0.03, 0.12, 1.5])
    grace, balloon = dice.randint(0, months - 1), dice.choice([0, 250.5, 1000])
    rows = LEV_AMORTIZE(float(principal), apr, months, balloon, grace)
    rate = mpmath.mpf(apr) / 12
    payment = pmt(rate, months - grace, principal, mpmath.mpf(balloon))
    assert len(rows) == months
    within = 1e-10 * float(principal)
    for month, (paid, interest, repaid, balance) in enumerate(rows, start=1):
        before = principal if month <= grace else owed(rate, month - 1 - grace, principal, payment)
        after = principal if month <= grace else owed(rate, month - grace, principal, payment)
        if month == months:
            assert abs(after - balloon) < within  # the closed forms agree with themselves
            assert balance == 0
            assert abs(paid - (payment + balloon)) < within
        else:
            assert abs(balance - after) < within
            assert abs(paid - (before * rate if month <= grace else payment)) < within
        assert abs(interest - before * rate) < within
        assert abs(paid - interest - repaid) < within
    assert math.fsum(row[2] for row in rows) == pytest.approx(float(principal), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((1000, 0.1, 2.5), "#NUM!"),
        ((1000, 0.1, 12, 0, 12), "#NUM!"),
        ((1000, 0.1, 12, 0, 1.5), "#NUM!"),
        ((1000, 0.1, 0), "#NUM!"),
        ((0, 0.1, 12), "#NUM!"),
        ((1000, "10%", 12), "#VALUE!"),
        ((1000, 0.1, None), "#N/A"),
        ((1000, 0.1, 12, 0, 0, "rest"), "#VALUE!"),
    ],
)
def test_what_is_no_loan(arguments: tuple[object, ...], error: str) -> None:
    assert LEV_AMORTIZE(*arguments) == error


@given(st.floats(-0.9, 5), st.sampled_from([1, 2, 4, 12, 52, 365, 1095, 8760]))
def test_the_rate_of_a_yield_of_a_rate_is_the_rate(rate: float, periods: int) -> None:
    grown = LEV_APY(rate, periods)
    assert LEV_APR(grown, periods) == pytest.approx(rate, rel=1e-9, abs=1e-15)
    spared = 1e-319  # below the smallest normal number each of the periods may lose a last digit
    of_yield = mpmath.expm1(periods * mpmath.log1p(mpmath.mpf(rate) / periods))
    assert grown == pytest.approx(float(of_yield), rel=1e-12, abs=spared)
    assert grown >= rate or grown == pytest.approx(rate, rel=1e-12, abs=spared)


@given(st.floats(0.05, 0.9), st.floats(1.001, 3), st.floats(0.001, 2), st.floats(0, 1))
def test_after_those_days_the_loan_is_at_its_liquidation(ltv: float, times: float, apr: float, share: float) -> None:
    supply = apr * share * 0.99
    days = LEV_LOANDAYS(ltv, ltv * times, apr, supply)
    assert ltv * math.exp((apr - supply) * days / 365) == pytest.approx(ltv * times, rel=1e-9)


def test_a_loan_that_is_there_already_and_one_that_never_is() -> None:
    assert LEV_LOANDAYS(0.8, 0.8, 0.1) == 0
    assert LEV_LOANDAYS(0.9, 0.8, 0) == 0
    assert LEV_LOANDAYS(0.5, 0.8, 0.02, 0.04) == "#N/A"
    assert LEV_LOANDAYS(0.5, 0.8, 0) == "#N/A"
    assert LEV_LOANDAYS([[0.5], [0.9], ["x"]], 0.8, 0)[0:3] == [["#N/A"], [0.0], ["#VALUE!"]]


@given(
    st.floats(1, 1e7),
    st.floats(0, 3),
    st.integers(1, 120),
    st.floats(0, 0.99),
    st.data(),
)
def test_the_balance_falls_every_month_after_the_grace(
    principal: float, apr: float, months: int, left: float, data: st.DataObject
) -> None:
    grace = data.draw(st.integers(0, months - 1))
    balances = [line[3] for line in LEV_AMORTIZE(principal, apr, months, principal * left, grace)]
    assert balances[:grace] == [principal] * grace
    assert all(later < sooner for sooner, later in itertools.pairwise([principal, *balances[grace:]]))
    assert balances[-1] == 0


@given(st.floats(0.01, 0.79), st.floats(1e-3, 2), st.floats(1.001, 3))
def test_a_larger_debt_and_a_higher_rate_leave_fewer_days(ltv: float, apr: float, times: float) -> None:
    days = LEV_LOANDAYS(ltv, 0.8, apr)
    assert LEV_LOANDAYS(min(ltv * times, 0.8), 0.8, apr) < days
    assert LEV_LOANDAYS(ltv, 0.8, apr * times) < days
    assert LEV_LOANDAYS(ltv, 0.8, apr, apr / 2) > days


def test_what_is_at_its_limit_is_liquidated_today_whatever_the_rates() -> None:
    assert LEV_LOANDAYS(0.8, 0.8, 0.02, 0.02) == 0
    assert LEV_LOANDAYS(0.8, 0.8, 0.05, 0.02) == 0

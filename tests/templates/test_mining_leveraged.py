"""mining-leveraged: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import lending, liquidation, mining
from xladdin.workbook.model import Model, read_model


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("mining-leveraged"))


def drawn(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    return {
        "earnings_from": "yield" if seed % 4 == 0 else "hash rate",
        "capital": draw.uniform(1e3, 1e6),
        "leverage": draw.uniform(1, 4),
        "apr": draw.uniform(0, 0.3),
        "term_months": draw.randint(1, 60),
        "quoted_yield": draw.uniform(0, 1),
        "terahash_price": draw.uniform(5, 40),
        "efficiency": draw.uniform(10, 40),
        "tariff": draw.uniform(0.01, 0.15),
        "uptime": draw.uniform(0.5, 1),
        "pool_fee": draw.uniform(0, 0.04),
        "price": draw.uniform(2e4, 3e5),
        "difficulty": draw.uniform(5e13, 3e14),
        "difficulty_growth": draw.uniform(-0.05, 0.1),
        "halving_months": draw.randint(0, 60),
        "price_loss": draw.uniform(-1, 0.9),
        "tax_rate": draw.uniform(0, 0.5),
    }


def plan(given: dict[str, Any], daily_revenue: float, daily_power: float) -> tuple[float, float]:
    """What the term earns after power, and the tax on it, month by month."""
    term, earned, tax = given["term_months"], 0.0, 0.0
    borrowed = given["capital"] * (given["leverage"] - 1)
    interest = mining.borrow_cost(borrowed, given["apr"], 30)
    for month in range(term):
        revenue = daily_revenue * 30 * (1 - given["price_loss"]) ** (month / term)
        revenue /= (1 + given["difficulty_growth"]) ** month * (2 if month >= given["halving_months"] else 1)
        kept = max(0.0, revenue - daily_power * 30)
        earned += kept
        tax += given["tax_rate"] * max(0.0, kept - interest)
    return earned, tax


def expected(given: dict[str, Any]) -> dict[str, Any]:
    capital, leverage, price, days = given["capital"], given["leverage"], given["price"], given["term_months"] * 30
    exposure, borrowed = capital * leverage, capital * (leverage - 1)
    hashrate = exposure / given["terahash_price"] * given["uptime"]
    coins = mining.hash_revenue(hashrate, given["difficulty"], 3.125, 1, given["pool_fee"])
    revenue, power = coins * price, mining.power_cost(hashrate * given["efficiency"], given["tariff"])
    if given["earnings_from"] == "yield":
        revenue, power = exposure * given["quoted_yield"] / days, 0.0
    earned, tax = plan(given, revenue, power)
    cost = mining.borrow_cost(borrowed, given["apr"], days)
    profit = mining.mining_profit(capital, leverage, earned / exposure, cost, given["price_loss"])
    liquidated = lending.loan_price(borrowed, exposure / price, 0.8)
    return {
        "borrowed": borrowed,
        "loan_to_value": lending.loan_to_value(borrowed, exposure / price, price),
        "liquidation_price": liquidated,
        "liquidation_distance": liquidation.liquidation_distance(price, liquidated),
        "daily_revenue": revenue,
        "daily_power": power,
        "daily_net": revenue - power,
        "borrow_cost": cost,
        "net_profit": profit,
        "profit_after_tax": profit - tax,
        "breakeven_days": mining.breakeven_days(cost, revenue - power) if revenue > power else "never",
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = [drawn(seed) for seed in range(20)]
    for given, found in zip(sets, results(model, sets), strict=True):
        size = given["capital"] * given["leverage"]
        for name, value in expected(given).items():
            # Differences of amounts of the size of the exposure round in its last digits.
            close = value if isinstance(value, str) else pytest.approx(value, rel=1e-12, abs=1e-12 * size)
            assert found[name] == close, (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_the_defining_formulas(model: Model) -> None:
    found = result(model, {})
    exposure = 50000 * 1.8
    assert found["net_profit"] == pytest.approx(
        exposure * found["term_yield"] - found["borrow_cost"] - exposure * 0.1, rel=1e-12
    )
    assert found["breakeven_days"] == pytest.approx(found["borrow_cost"] / found["daily_net"], rel=1e-12)


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"capital": -50000}, "Your own money"),
        ({"leverage": 0}, "Leverage"),
        ({"leverage": "two"}, "Leverage"),
        ({"apr": 11}, "Interest"),
        ({"term_months": 2.5}, "Term of the loan"),
        ({"term_months": 0}, "Term of the loan"),
        ({"earnings_from": "luck"}, "Earnings from"),
        ({"terahash_price": 0}, "Price of hash rate"),
        ({"tariff": -0.05}, "Price of power"),
        ({"pool_fee": 1.5}, "Pool fee"),
        ({"price": -1}, "Price of the coin"),
        ({"difficulty": 0}, "Difficulty"),
        ({"price_loss": 1}, "Price loss over the term"),
        ({"margin_call_ltv": 0.9}, "Margin call before liquidation"),
        ({"leverage": 6}, "Loan can be opened"),
        ({"reward_after": 4}, "Block reward does not grow"),
        ({"danger_distance": 0.9}, "DANGER is nearer than WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert found["overall_flag"] == f"CHECK FAILED: {failing}", bad
        assert found["profit_in_words"] == found["risk_in_words"] == "No answer: see Checks.", bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"capital": -50000}, ["borrowed", "liquidation_price", "net_profit", "breakeven_days"]),
        ({"leverage": 0}, ["borrowed", "liquidation_price", "net_profit", "breakeven_days"]),
        ({"term_months": 0}, ["net_profit", "term_yield", "payback_month"]),
        ({"earnings_from": "luck"}, ["daily_revenue", "daily_net", "net_profit", "breakeven_days", "payback_month"]),
        ({"terahash_price": 0}, ["hashrate", "daily_revenue", "net_profit"]),
        ({"tariff": -0.05}, ["daily_power", "daily_net", "net_profit"]),
        ({"pool_fee": 1.5}, ["daily_revenue", "daily_coins", "net_profit"]),
        ({"price": -1}, ["loan_to_value", "liquidation_price", "daily_revenue", "net_profit"]),
        ({"difficulty": 0}, ["daily_revenue", "net_profit", "breakeven_days"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_a_plan_that_reaches_the_liquidation_price_is_danger(model: Model) -> None:
    found = result(model, {"price_loss": 0.5})
    assert found["verdict"] == "DANGER"
    assert "YOUR OWN PRICE PLAN GOES THERE" in found["risk_in_words"]


def test_rigs_that_do_not_pay_their_power_never_pay_the_loan(model: Model) -> None:
    found = result(model, {"tariff": 0.3})
    assert found["verdict"] == "DANGER"
    assert found["breakeven_days"] == "never"
    assert found["term_yield"] == 0


def test_without_a_loan_there_is_nothing_to_liquidate(model: Model) -> None:
    found = result(model, {"leverage": 1})
    assert found["verdict"] == "SAFE"
    assert found["collateral_level"] == "no loan"
    assert found["net_profit"] == found["profit_alone"]
    assert found["risk_in_words"] == "No loan: nothing to liquidate."


def test_the_example_is_sound(model: Model) -> None:
    assert result(model, EXAMPLES["mining-leveraged"])["overall_flag"] == "ALL CHECKS PASS"

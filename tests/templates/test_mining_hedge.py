"""mining-hedge: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import hedging, liquidation, mining, position
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

SHORT = -1
ENTRY_METHODS = ("entry", "delta")


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("mining-hedge"))


def drawn(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    price = draw.uniform(2e4, 3e5)
    return {
        "hashrate": draw.uniform(1e4, 1e6),
        "uptime": draw.uniform(0.5, 1),
        "efficiency": draw.uniform(10, 40),
        "tariff": draw.uniform(0.01, 0.15),
        "pool_fee": draw.uniform(0, 0.04),
        "price": price,
        "difficulty": draw.uniform(5e13, 3e14),
        "block_reward": draw.uniform(1.5, 4),
        "difficulty_growth": 0 if seed == 0 else draw.uniform(-0.05, 0.1),
        "hedge_days": draw.randint(10, 400),
        "hedge_ratio": draw.uniform(0.2, 1.5),
        "contract_size": draw.choice([0.001, 0.01]),
        "entry": price * draw.uniform(0.95, 1.1),
        "leverage": draw.uniform(1, 8),
        "method": draw.choice(["entry", "mark", "bybit", "delta", "okx"]),
        "maintenance_margin_rate": draw.uniform(0, 0.03),
        "fee": draw.uniform(-0.001, 0.005),
        "funding_rate": draw.uniform(-0.001, 0.001),
        "daily_settlements": draw.choice([1, 3, 24]),
        "reserve": draw.uniform(0, 1e6),
        "stress_rise": draw.uniform(0.05, 1),
        "stress_fall": draw.uniform(0.05, 0.9),
    }


def expected(given: dict[str, Any]) -> dict[str, Any]:
    rate, days, price, entry = given["hashrate"] * given["uptime"], given["hedge_days"], given["price"], given["entry"]
    growth, leverage, rest = given["difficulty_growth"], given["leverage"], given["maintenance_margin_rate"]
    method = "entry" if given["method"] in ENTRY_METHODS else "mark"
    full = (1 - (1 + growth) ** (-days / 30)) * 30 / math.log(1 + growth) if growth else days
    coins = mining.hash_revenue(rate, given["difficulty"], given["block_reward"], full, given["pool_fee"])
    contracts = math.floor(hedging.hedge_contracts(coins, given["contract_size"], given["hedge_ratio"]) + 0.5)
    quantity = contracts * given["contract_size"]
    size = quantity * entry
    margin = position.initial_margin(size, leverage)
    equity = margin + quantity * (entry - price)
    stop = liquidation.liquidation_price(entry, leverage, rest, SHORT, method)
    funding = position.funding(size, given["funding_rate"], given["daily_settlements"] * days, SHORT)
    power = mining.power_cost(rate * given["efficiency"], given["tariff"], days)

    def hedged(end: float) -> float:
        fee = given["fee"]
        gain = position.profit(entry, end, quantity, 1, SHORT, fee, fee, funding) if end < stop else -margin
        return coins * end - power + gain

    rise, fall = price * (1 + given["stress_rise"]), price * (1 - given["stress_fall"])
    return {
        "coins_mined": coins,
        "daily_earnings": mining.mining_daily(
            rate, 0, given["difficulty"], given["block_reward"], price, 0, given["pool_fee"]
        ),
        "power_cost": power,
        "contracts": contracts,
        "margin": margin,
        "current_leverage": position.leverage_ratio(quantity * price, equity),
        "collateral_level": equity / (quantity * price),
        "liquidation_price": stop,
        "liquidation_distance": liquidation.liquidation_distance(price, stop, SHORT),
        "price_with_reserve": liquidation.liquidation_price(
            entry, position.leverage_ratio(size, margin + given["reserve"]), rest, SHORT, method
        ),
        "top_up": liquidation.top_up(entry, quantity, margin, rest, rise, SHORT, method),
        "funding_paid": funding,
        "unhedged_at_fall": coins * fall - power,
        "hedged_at_fall": hedged(fall),
        "hedged_at_today": hedged(price),
        "hedged_at_rise": hedged(rise),
        "liquidated_then_fall": coins * fall - power - margin,
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = [drawn(seed) for seed in range(20)]
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            # Differences of amounts of the size of the production round in its last digits.
            is_difference = "_at_" in name or "fall" in name
            size = found["coins_mined"] * given["price"] + found["power_cost"] if is_difference else 1
            assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-12 * size), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"hashrate": 0}, "Hash rate"),
        ({"hashrate": "many"}, "Hash rate"),
        ({"uptime": 1.2}, "Uptime"),
        ({"tariff": -0.05}, "Price of power"),
        ({"pool_fee": 1.5}, "Pool fee"),
        ({"price": -1}, "Price of the coin"),
        ({"difficulty": 0}, "Difficulty"),
        ({"difficulty": 110}, "Less than the whole network mines"),
        ({"hedge_days": 2.5}, "Hedge period"),
        ({"hedge_ratio": -1}, "Hedge ratio"),
        ({"contract_size": 0}, "Contract size"),
        ({"entry": 0}, "Futures price"),
        ({"leverage": 0}, "Leverage"),
        ({"method": "bibyt"}, "Venue or method"),
        ({"reserve": -1}, "Cash reserve"),
        ({"uptime": 0}, "Some coins are mined"),
        ({"contract_size": 5}, "At least one contract"),
        ({"leverage": 120}, "Short can be opened"),
        ({"price": 140000}, "Short is alive"),
        ({"price": 65000}, "Futures price is near spot"),
        ({"entry": 115000, "largest_basis": 0.21}, "Futures price is near spot"),
        ({"efficiency": 0.0175}, "Efficiency"),
        ({"danger_distance": 0.9}, "DANGER is nearer than WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad
        assert found["hedge_in_words"] == found["risk_in_words"] == "No answer: see Checks.", bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"hashrate": "many"}, ["coins_mined", "contracts", "hedged_at_fall", "top_up"]),
        ({"tariff": -0.05}, ["daily_power", "power_cost", "hedged_at_fall", "unhedged_at_fall"]),
        ({"pool_fee": 1.5}, ["coins_mined", "contracts", "hedged_at_fall"]),
        ({"price": -1}, ["daily_earnings", "liquidation_distance", "collateral_level", "top_up", "unhedged_at_fall"]),
        ({"difficulty": 0}, ["coins_mined", "contracts", "margin", "hedged_at_fall"]),
        ({"hedge_ratio": -1}, ["contracts", "margin", "hedged_at_fall"]),
        ({"contract_size": 0}, ["contracts", "margin", "current_leverage", "top_up", "hedged_at_fall"]),
        ({"entry": 0}, ["liquidation_price", "liquidation_distance", "top_up", "hedged_at_fall"]),
        ({"leverage": 0}, ["margin", "liquidation_price", "current_leverage", "hedged_at_fall"]),
        ({"method": "bibyt"}, ["liquidation_price", "liquidation_distance", "top_up", "hedged_at_fall"]),
        ({"leverage": 120}, ["liquidation_price", "liquidation_distance", "hedged_at_rise"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_a_reserve_that_cannot_carry_the_stress_is_danger(model: Model) -> None:
    found = result(model, {"reserve": 1000})
    assert found["verdict"] == "DANGER"
    assert "MORE THAN YOUR RESERVE" in found["stress_in_words"]


def test_more_sold_than_mined_is_watch(model: Model) -> None:
    found = result(model, {"hedge_ratio": 1.2, "reserve": 100000})
    assert found["verdict"] == "WATCH"
    assert "MORE SOLD THAN MINED" in found["profit_in_words"]


def test_a_full_hedge_fixes_the_profit(model: Model) -> None:
    """With a contract small enough and no fees the profit hardly depends on the price, short of liquidation."""
    found = result(model, {"hedge_ratio": 1, "contract_size": 1e-6, "fee": 0})
    assert found["hedged_at_fall"] == pytest.approx(found["hedged_at_today"], abs=1e-6 * 95000)


def test_the_example_is_sound(model: Model) -> None:
    assert result(model, EXAMPLES["mining-hedge"])["overall_flag"] == "ALL CHECKS PASS"

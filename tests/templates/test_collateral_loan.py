"""collateral-loan: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import lending, liquidation, mining, risk
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("collateral-loan"))


def drawn(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    collateral, price = draw.uniform(0.1, 500), draw.uniform(0.5, 2e5)
    return {
        "collateral": collateral,
        "price": price,
        "debt": collateral * price * draw.uniform(0.05, 0.95),
        "apr": draw.uniform(0, 0.4),
        "term_days": draw.randint(0, 1000),
        "margin_call_ltv": draw.uniform(0.6, 0.75),
        "liquidation_ltv": draw.uniform(0.75, 0.95),
        "target_ltv": draw.uniform(0.1, 0.59),
        "reserve": collateral * draw.uniform(0, 2),
        "expected_fall": draw.uniform(0, 0.9),
    }


def expected(given: dict[str, Any]) -> dict[str, float]:
    collateral, price, debt = given["collateral"], given["price"], given["debt"]
    fallen, both, target = price * (1 - given["expected_fall"]), collateral + given["reserve"], given["target_ltv"]
    liquidated = lending.loan_price(debt, collateral, given["liquidation_ltv"])
    interest = mining.borrow_cost(debt, given["apr"], given["term_days"])
    value = collateral * price
    return {
        "loan_to_value": lending.loan_to_value(debt, collateral, price),
        "health": lending.health_factor([value], [given["liquidation_ltv"]], debt),
        "margin_call_price": lending.loan_price(debt, collateral, given["margin_call_ltv"]),
        "liquidation_price": liquidated,
        "liquidation_at_end": lending.loan_price(debt + interest, collateral, given["liquidation_ltv"]),
        "liquidation_with_reserve": lending.loan_price(debt, both, given["liquidation_ltv"]),
        "liquidation_distance": liquidation.liquidation_distance(price, liquidated),
        "interest": interest,
        "fallen_ltv": lending.loan_to_value(debt, collateral, fallen),
        "fallen_ltv_with_reserve": lending.loan_to_value(debt, both, fallen),
        "top_up": max(0, lending.collateral_needed(debt, fallen, target) - collateral),
        "repayment": max(0, debt - target * collateral * fallen),
        "rebalance": risk.rebalance(value, value - debt, 1 / (1 - target)),
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = [drawn(seed) for seed in range(20)]
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            # Differences of amounts of the size of the collateral or its value round in its last digits.
            size = given["collateral"] if name == "top_up" else given["collateral"] * given["price"]
            close = 1e-12 * (size if name in ("top_up", "repayment", "rebalance") else 1)
            assert found[name] == pytest.approx(value, rel=1e-12, abs=close), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_topped_up_repaid_or_rebalanced_it_is_at_the_target(model: Model) -> None:
    sets = [{**drawn(seed), "expected_fall": 0.9} for seed in range(5)]
    for given, found in zip(sets, results(model, sets), strict=True):
        collateral, price, debt, fallen = given["collateral"], given["price"], given["debt"], found["fallen_price"]
        for now in (
            lending.loan_to_value(debt, collateral + found["top_up"], fallen),
            lending.loan_to_value(debt - found["repayment"], collateral, fallen),
            lending.loan_to_value(debt + found["rebalance"], collateral + found["rebalance_coins"], price),
        ):
            # A debt near nothing, left of a large one, keeps fewer digits of its own.
            assert now == pytest.approx(given["target_ltv"], rel=1e-10), given


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"collateral": 0}, "Collateral"),
        ({"price": -95000}, "Price of the coin"),
        ({"price": "high"}, "Price of the coin"),
        ({"debt": -1}, "Owed today"),
        ({"apr": 9}, "Interest"),
        ({"term_days": 1.5}, "Still to run"),
        ({"liquidation_ltv": 0}, "Liquidation at"),
        ({"liquidation_fee": 2}, "Liquidation fee"),
        ({"target_ltv": 1}, "Target"),
        ({"reserve": -1}, "Reserve"),
        ({"expected_fall": 1}, "Fall to prepare for"),
        ({"debt": 200000}, "Collateral is worth more than the debt"),
        ({"margin_call_ltv": 0.9}, "Margin call before liquidation"),
        ({"target_ltv": 0.75}, "Target is below the margin call"),
        ({"danger_distance": 0.9}, "DANGER is nearer than WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad
        assert found["loan_in_words"] == found["fall_in_words"] == "No answer: see Checks.", bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"collateral": 0}, ["loan_to_value", "liquidation_price", "liquidation_distance", "fallen_ltv"]),
        ({"price": -95000}, ["loan_to_value", "liquidation_distance", "fallen_ltv", "top_up", "health"]),
        ({"debt": -1}, ["loan_to_value", "margin_call_price", "liquidation_price", "interest", "top_up"]),
        ({"liquidation_ltv": 0}, ["liquidation_price", "liquidation_distance", "left_after_liquidation"]),
        ({"target_ltv": 1}, ["rebalance", "rebalance_coins"]),
        ({"expected_fall": 1}, ["fallen_ltv", "top_up", "call_top_up"]),
        ({"debt": 200000}, ["rebalance", "rebalance_coins"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_a_reserve_too_small_is_danger(model: Model) -> None:
    found = result(model, {"reserve": 0, "expected_fall": 0.5})
    assert found["verdict"] == "DANGER"
    assert "YOUR RESERVE IS TOO SMALL" in found["fall_in_words"]


def test_a_loan_that_is_due_for_liquidation_says_so(model: Model) -> None:
    found = result(model, {"debt": 160000})
    assert found["verdict"] == "DANGER"
    assert found["risk_in_words"] == "Liquidation is due at today's price."


def test_a_small_loan_is_safe(model: Model) -> None:
    found = result(model, {"debt": 30000})
    assert found["verdict"] == "SAFE"
    assert found["top_up"] == 0


def test_the_example_is_sound(model: Model) -> None:
    assert result(model, EXAMPLES["collateral-loan"])["overall_flag"] == "ALL CHECKS PASS"

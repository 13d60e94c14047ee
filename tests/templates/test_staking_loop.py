"""staking-loop: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import lending, mining
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("staking-loop"))


def drawn(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    return {
        "capital": draw.uniform(0.1, 1000),
        "sizing": "leverage" if seed % 2 else "loops",
        "loops": draw.randint(1, 20),
        "loop_ltv": draw.uniform(0.3, 0.88),
        "chosen_leverage": draw.uniform(1.1, 9),
        "stake_apr": draw.uniform(0, 0.1),
        "borrow_apr": draw.uniform(0, 0.1),
        "round_trip_cost": draw.uniform(0, 0.01),
        "days": draw.randint(1, 1000),
        "depeg": draw.uniform(0, 0.3),
    }


def expected(given: dict[str, Any]) -> dict[str, float]:
    capital, chosen = given["capital"], given["sizing"] == "leverage"
    leverage = given["chosen_leverage"] if chosen else lending.loop_exposure(given["loop_ltv"], given["loops"])
    staked, debt = capital * leverage, capital * (leverage - 1)
    net = lending.loop_yield(leverage, given["stake_apr"], given["borrow_apr"])
    return {
        "leverage": leverage,
        "staked": staked,
        "debt": debt,
        "loan_to_value": lending.loan_to_value(debt, staked, 1),
        "net_apy": net,
        "daily_earnings": mining.borrow_cost(staked, given["stake_apr"], 1),
        "daily_cost": mining.borrow_cost(debt, given["borrow_apr"], 1),
        "profit": mining.borrow_cost(capital, net, given["days"]) - staked * given["round_trip_cost"],
        "health": lending.health_factor([staked], [0.93], debt),
        "liquidation_depeg": lending.depeg_to_liquidation(leverage, 0.93),
        "liquidation_price": lending.loan_price(debt, staked, 0.93),
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = [drawn(seed) for seed in range(20)]
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            # Differences of amounts of the size of what is staked round in its last digits.
            close = 1e-12 * max(1, found["staked"])
            assert found[name] == pytest.approx(value, rel=1e-12, abs=close), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_the_leverage_that_survives_is_liquidated_by_just_that_depeg(model: Model) -> None:
    found = result(model, {})
    assert lending.depeg_to_liquidation(found["safe_leverage"], 0.93) == pytest.approx(0.07, rel=1e-12)


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"capital": -1}, "Your own coins"),
        ({"capital": "ten"}, "Your own coins"),
        ({"sizing": "luck"}, "Leverage from"),
        ({"loops": 2.5}, "Loops"),
        ({"loop_ltv": 1}, "Borrowed each loop"),
        ({"sizing": "leverage", "chosen_leverage": 0}, "Leverage"),
        ({"stake_apr": 3}, "Staking yields"),
        ({"borrow_apr": "low"}, "Borrowing costs"),
        ({"days": 0}, "Days held"),
        ({"threshold": 0}, "Liquidation threshold"),
        ({"depeg": 1.5}, "Depeg to prepare for"),
        ({"sizing": "leverage", "chosen_leverage": 12}, "Loan to value is allowed"),
        ({"max_ltv": 0.95}, "The market lends below its threshold"),
        ({"danger_health": 1.5}, "DANGER is nearer than WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad
        assert found["yield_in_words"] == found["risk_in_words"] == "No answer: see Checks.", bad


def test_a_loop_that_is_liquidated_as_it_is_opened_says_so(model: Model) -> None:
    """20x borrows 19 of 20, and the market liquidates at 93%; the dashboard has a sentence and no bare error."""
    given = {"sizing": "leverage", "chosen_leverage": 20}
    found = result(model, given)
    said = "Liquidated as it is opened: 20.00x borrows 95.0% of the value, and the market liquidates at 93.0%."
    assert (found["verdict"], found["risk_in_words"]) == ("CHECK", said)
    (values,) = compute(model, [given])
    shown = [value for place, value in values.items() if place.sheet == "Dashboard"]
    assert "see Checks" in shown
    assert not [value for value in shown if str(value).startswith("#")]


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"capital": -1}, ["debt", "staked", "loan_to_value", "daily_earnings", "profit", "health"]),
        ({"sizing": "luck"}, ["leverage", "debt", "net_apy", "profit", "health", "liquidation_depeg"]),
        ({"loop_ltv": 1}, ["leverage", "debt", "net_apy", "profit", "health", "liquidation_depeg"]),
        ({"sizing": "leverage", "chosen_leverage": 0}, ["debt", "net_apy", "profit", "health", "liquidation_depeg"]),
        ({"borrow_apr": "low"}, ["net_apy", "daily_cost", "profit"]),
        ({"threshold": 0}, ["liquidation_depeg", "liquidation_price"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_a_depeg_beyond_what_it_survives_is_danger(model: Model) -> None:
    found = result(model, {"depeg": 0.3})
    assert found["verdict"] == "DANGER"
    assert "LESS THAN THE 30.0% TO PREPARE FOR" in found["risk_in_words"]


def test_dear_borrowing_is_danger(model: Model) -> None:
    assert result(model, {"borrow_apr": 0.08})["verdict"] == "DANGER"


def test_without_a_loop_there_is_nothing_to_liquidate(model: Model) -> None:
    found = result(model, {"loops": 0})
    assert found["verdict"] == "SAFE"
    assert found["health"] == found["collateral_level"] == "no loan"
    assert found["risk_in_words"] == "No loan: nothing to liquidate."
    assert found["overall_flag"] == "ALL CHECKS PASS"


def test_the_example_is_sound(model: Model) -> None:
    assert result(model, EXAMPLES["staking-loop"])["overall_flag"] == "ALL CHECKS PASS"

"""position-sizing: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import math
from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import liquidation, position, risk
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

METHODS = ("entry", "mark", "bybit", "binance", "okx", "gate", "mexc", "kraken", "hyperliquid", "dydx")


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("position-sizing"))


def cases() -> list[dict[str, Any]]:
    """Twenty plausible trades: each venue's method, long and short, small coins and large ones."""
    return [
        {
            "side": side,
            "method": method,
            "entry": entry,
            "stop": entry * (1 - sign * (0.01 + 0.005 * place)),
            "target": entry * (1 + sign * (0.03 + 0.01 * place)),
            "balance": 2000.0 * (place + 1),
            "risk": 0.002 * (place + 1),
            "leverage": 2.0 + place,
            "maintenance_margin_rate": 0.004 + 0.001 * place,
            "fee": 0.0001 * place,
            "win_rate": 0.3 + 0.03 * place,
            "kelly_fraction": 0.1 * (place + 1),
            "kelly_cap": 0.01 * (place + 1),
            "losing_run": place + 3,
            "trades": 50 * (place + 1),
        }
        for side, sign, entry in (("long", 1, 61850.5), ("short", -1, 0.1423))
        for place, method in enumerate(METHODS)
    ]


def expected(given: dict[str, Any]) -> dict[str, float]:
    entry, stop, target, fee, side = (given[name] for name in ("entry", "stop", "target", "fee", "side"))
    rate, method, win_rate = given["maintenance_margin_rate"], given["method"], given["win_rate"]
    quantity = risk.position_size_for_risk(given["balance"], given["risk"], entry, stop, fee)
    lost = -position.profit(entry, stop, quantity, 1, side, fee, fee)
    won = position.profit(entry, target, quantity, 1, side, fee, fee)
    kelly = risk.kelly_bet(win_rate, won / lost)
    return {
        "quantity": quantity,
        "position_size": quantity * entry,
        "risk_amount": lost,
        "profit_at_target": won,
        "margin": position.initial_margin(quantity * entry, given["leverage"]),
        "account_leverage": position.leverage_ratio(quantity * entry, given["balance"]),
        "stop_leverage": risk.stop_leverage(entry, stop, rate, side, method),
        "liquidation_price": liquidation.liquidation_price(entry, given["leverage"], rate, side, method),
        "risk_reward": risk.risk_reward(entry, stop, target),
        "needed_win_rate": lost / (lost + won),
        "expectancy": win_rate * won - (1 - win_rate) * lost,
        "kelly_risk": kelly,
        "capped_kelly_risk": max(0.0, min(given["kelly_cap"], given["kelly_fraction"] * kelly)),
        "drawdown": 1 - (1 - given["risk"]) ** given["losing_run"],
        "balance_after_run": given["balance"] * (1 - given["risk"]) ** given["losing_run"],
        "usual_run": math.log(given["trades"] * win_rate) / -math.log(1 - win_rate),
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = cases()
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            # The two orders of the same few operations differ by roundings of the last digits; where figures near each
            # other are subtracted (a win and the losses that it pays for), of the last digits of these.
            assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-12), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"balance": 0}, "Account balance"),
        ({"balance": "plenty"}, "Account balance"),
        ({"risk": 2}, "Risk for each trade"),
        ({"side": "sideways"}, "Side"),
        ({"method": "nowhere"}, "Venue or method"),
        ({"entry": -60000}, "Entry price"),
        ({"leverage": 0}, "Leverage set"),
        ({"fee": -0.01}, "Fee of one leg"),
        ({"win_rate": 1.2}, "Trades that win"),
        ({"losing_run": 2.5}, "Losses in a row"),
        ({"kelly_cap": 0}, "Cap on Kelly's risk"),
        ({"stop": 61000}, "Stop is on the losing side"),
        ({"target": 59000}, "Target is on the winning side"),
        ({"target": 60010}, "Target pays the fees"),
        ({"leverage": 100, "venue_leverage": 150}, "Position can be opened"),
        ({"leverage": 60}, "Leverage is within the venue's"),
        ({"danger_drawdown": 0.1}, "DANGER is beyond WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert found["reason_in_words"] == "Something is not right: see Checks.", bad
        assert failing_check(found["overall_flag"]) == failing, bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"entry": -60000}, ["quantity", "position_size", "risk_amount", "margin", "liquidation_price", "payoff"]),
        ({"balance": -1}, ["quantity", "risk_amount", "profit_at_target", "margin", "balance_after_run"]),
        ({"balance": "plenty"}, ["quantity", "risk_amount", "profit_at_target", "margin", "balance_after_run"]),
        ({"risk": 2}, ["quantity", "risk_amount", "profit_at_target", "expectancy", "drawdown", "recovery"]),
        ({"leverage": 0}, ["margin", "liquidation_price"]),
        ({"side": "sideways"}, ["risk_amount", "profit_at_target", "liquidation_price", "kelly_risk"]),
        ({"win_rate": 1.2}, ["kelly_risk", "capped_kelly_risk", "usual_run", "expectancy"]),
        ({"stop": 61000}, ["stop_leverage", "leverage_limit", "risk_reward"]),
        ({"losing_run": -3}, ["drawdown", "balance_after_run", "recovery"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_the_verdict_has_its_reason(model: Model) -> None:
    cases = [
        ({}, "SAFE", "within your limits"),
        ({"leverage": 30}, "DANGER", "before the stop"),
        ({"risk": 0.1, "leverage": 2}, "DANGER", "margin is more"),
        ({"win_rate": 0.25}, "DANGER", "No edge"),
        ({"win_rate": 0.32, "risk": 0.05}, "DANGER", "full Kelly"),
        ({"risk": 0.05, "losing_run": 10}, "DANGER", "ready to lose"),
        ({"risk": 0.04, "losing_run": 2}, "WATCH", "capped Kelly"),
        ({"leverage": 20}, "WATCH", "above the limit"),
        ({"risk": 0.02}, "WATCH", "good part of the balance"),
        ({"target": 62500, "win_rate": 0.6}, "WATCH", "small for the risk"),
    ]
    for (given, verdict, words), found in zip(cases, results(model, [given for given, _, _ in cases]), strict=True):
        assert found["verdict"] == verdict, given
        assert words in found["reason_in_words"], given


def test_the_example_is_plausible(model: Model) -> None:
    found = result(model, EXAMPLES["position-sizing"])
    assert found["overall_flag"] == "ALL CHECKS PASS"
    assert found["size_in_words"].startswith("Sell ")

"""liquidation-probability: figures are the Python functions', and what can't be is never shown as a number."""

from __future__ import annotations

from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import liquidation, risk
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

METHODS = ("entry", "mark", "bybit", "binance", "okx", "gate", "mexc", "kraken", "hyperliquid", "dydx")


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("liquidation-probability"))


def cases() -> list[dict[str, Any]]:
    """Twenty positions: each venue's method, long and short, calm coins and wild ones, days and a year."""
    return [
        {
            "side": side,
            "method": method,
            "entry": entry,
            "price_now": entry * (1 + 0.002 * (place - 4)),
            "leverage": 1.5 + place,
            "maintenance_margin_rate": 0.004 + 0.001 * place,
            "volatility": 0.15 + 0.15 * place,
            "drift": 0.1 * (place - 5),
            "carry": 0.02 * place,
            "horizon_days": 1 + 40 * place,
            "short_days": 1 + place,
            "stress_factor": 1 + 0.1 * place,
        }
        for side, entry in (("long", 61850.5), ("short", 0.1423))
        for place, method in enumerate(METHODS)
    ]


def expected(given: dict[str, Any]) -> dict[str, float]:
    side, now, volatility = given["side"], given["price_now"], given["volatility"]
    liq = liquidation.liquidation_price(
        given["entry"], given["leverage"], given["maintenance_margin_rate"], side, given["method"]
    )

    def chance(days: float, volatility: float) -> float:
        return float(risk.liquidation_probability(now, liq, volatility, days / 365, given["drift"], given["carry"]))

    return {
        "liquidation_price": liq,
        "liquidation_distance": liquidation.liquidation_distance(now, liq, side),
        "probability": chance(given["horizon_days"], volatility),
        "probability_short": chance(given["short_days"], volatility),
        "probability_day": chance(1, volatility),
        "probability_stressed": chance(given["horizon_days"], volatility * given["stress_factor"]),
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = cases()
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-300), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"side": "sideways"}, "Side"),
        ({"method": "nowhere"}, "Venue or method"),
        ({"entry": -60000}, "Entry price"),
        ({"leverage": 0}, "Leverage"),
        ({"price_now": 0}, "Price now"),
        ({"price_now": "high"}, "Price now"),
        ({"volatility": 0}, "Volatility"),
        ({"horizon_days": -30}, "Days held"),
        ({"horizon_days": 2.5}, "Days held"),
        ({"days_a_year": 0}, "Days in a year"),
        ({"stress_factor": -1}, "Volatility under stress"),
        ({"outer_share": 0.6}, "Outside the wide fan"),
        ({"leverage": 120}, "Position can be opened"),
        ({"price_now": 48000}, "Not liquidated already"),
        ({"danger_probability": 0.05}, "DANGER is beyond WATCH"),
        ({"inner_share": 0.01}, "Narrow fan is inside the wide"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"entry": -60000}, ["liquidation_price", "liquidation_distance", "probability", "probability_stressed"]),
        ({"leverage": 0}, ["liquidation_price", "probability", "probability_day", "odds"]),
        ({"price_now": 0}, ["liquidation_distance", "deviations_away", "probability", "probability_short"]),
        ({"volatility": 0}, ["deviations_away", "probability", "probability_stressed", "odds"]),
        ({"horizon_days": -30}, ["deviations_away", "probability", "probability_stressed", "odds"]),
        ({"days_a_year": 0}, ["deviations_away", "probability", "probability_day"]),
        ({"price_now": 48000}, ["probability", "probability_short", "probability_day", "probability_stressed", "odds"]),
        ({"side": "sideways"}, ["liquidation_price", "liquidation_distance", "probability"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_verdicts_follow_the_thresholds(model: Model) -> None:
    assert [result(model, {"leverage": leverage})["verdict"] for leverage in (2, 5, 10)] == ["SAFE", "WATCH", "DANGER"]


def test_a_position_without_liquidation_is_safe(model: Model) -> None:
    found = result(model, {"leverage": 1, "method": "mark"})
    assert (found["verdict"], found["probability"]) == ("SAFE", 0)
    assert found["distance_in_words"] == "It can't be liquidated."


def test_the_limits_are_kept(model: Model) -> None:
    found = result(model, {})
    within = result(model, {"leverage": found["leverage_within_limit"]})
    assert within["probability"] < 0.1
    assert result(model, {"horizon_days": int(found["days_within_limit"])})["probability"] < 0.1


def test_the_example_is_plausible(model: Model) -> None:
    assert result(model, EXAMPLES["liquidation-probability"])["overall_flag"] == "ALL CHECKS PASS"


def test_a_chance_below_a_hundredth_of_a_percent_is_said_so_and_not_as_none(model: Model) -> None:
    found = result(model, {"volatility": 0.75})
    assert 0 < found["probability_day"] < 0.0001
    assert found["stress_in_words"].endswith("Within one day, as it is now: below 0.01%.")
    assert model.outputs["probability_day"].number_format == '[=0]0%;[<0.0001]"below 0.01%";0.00%'

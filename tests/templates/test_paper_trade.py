"""paper-trade: the sheet's figures are the Python function's on the same bars, and what can't be is said."""

from __future__ import annotations

import random
import tomllib
from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.templates.library import text_path
from xladdin.udfs import LEV_PAPERTRADE
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("paper-trade"))


@pytest.fixture(scope="module")
def bars() -> list[list[list[float]]]:
    """The columns open, high, low and close that the template comes with."""
    example = tomllib.loads(text_path("paper-trade").read_text(encoding="utf-8"))["sheets"]["Prices"]["example"]
    return [[[float(row[column])] for row in example] for column in (1, 2, 3, 4)]


def drawn(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    side = draw.choice(["long", "short"])
    sign = 1 if side == "long" else -1
    return {
        "side": side,
        "margin": draw.uniform(100, 1e5),
        "leverage": draw.uniform(1, 15),
        "entry": draw.choice([0, 80000 * (1 - sign * draw.uniform(0, 0.05))]),
        "stop": draw.choice([0, 80000 * (1 - sign * draw.uniform(0.06, 0.2))]),
        "target": draw.choice([0, 80000 * (1 + sign * draw.uniform(0.02, 0.2))]),
        "band": draw.choice([0, draw.uniform(0.05, 0.5)]),
        "addition": draw.choice([0, draw.uniform(50, 5000)]),
        "nearer_than": draw.choice([0, draw.uniform(0.02, 0.2)]),
        "maintenance_margin_rate": draw.uniform(0, 0.02),
        "funding_rate": draw.gauss(0, 0.0005),
        "fee": draw.uniform(0, 0.001),
    }


def lived(bars: list[list[list[float]]], given: dict[str, Any], leverage: float) -> Any:
    opens, highs, lows, closes = bars
    terms = (
        "maintenance_margin_rate",
        "side",
        "entry",
        "stop",
        "target",
        "funding_rate",
        "fee",
        "band",
        "addition",
        "nearer_than",
    )
    rest = [given[name] for name in terms]
    return LEV_PAPERTRADE(closes, given["margin"], leverage, highs, lows, opens, *rest)


def test_results_are_the_function(model: Model, bars: list[list[list[float]]]) -> None:
    sets = [drawn(seed) for seed in range(20)]
    for given, found in zip(sets, results(model, sets), strict=True):
        rows = lived(bars, given, given["leverage"])
        others = [lived(bars, given, multiple)[-1][4] for multiple in range(1, 21)]
        expected = {
            "equity_at_end": rows[-1][4],
            "profit": rows[-1][4] - given["margin"] - sum(row[6] for row in rows),
            "margin_added": sum(row[6] for row in rows),
            "deepest_drawdown": max(row[5] for row in rows),
            "lowest_equity": min(row[4] for row in rows),
            "filled": sum(row[0] == 1 for row in rows) or sum(row[0] in (3, 5) for row in rows),
            "funding_paid": sum(row[3] for row in rows),
            "rebalanced": sum(row[0] == 2 for row in rows),
            "stopped": sum(row[0] == 3 for row in rows),
            "taken": sum(row[0] == 4 for row in rows),
            "liquidated": sum(row[0] == 5 for row in rows),
            "best_equity": max(others),
            "best_leverage": others.index(max(others)) + 1,
            "dead_count": sum(other <= 0 for other in others),
        }
        for name, value in expected.items():
            close = pytest.approx(value, rel=1e-12, abs=1e-12 * given["margin"] * given["leverage"])
            assert found[name] == close, (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_bad_inputs_are_named(model: Model) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"side": "up"}, "Side"),
        ({"margin": 0}, "Margin"),
        ({"margin": "much"}, "Margin"),
        ({"leverage": 0}, "Leverage"),
        ({"leverage": 1000}, "Leverage"),
        ({"entry": -1}, "Entry price"),
        ({"stop": "none"}, "Stop price"),
        ({"target": -5}, "Target price"),
        ({"band": -0.1}, "Rebalance beyond"),
        ({"addition": -1}, "Margin to add"),
        ({"nearer_than": 1}, "When liquidation is within"),
        ({"maintenance_margin_rate": 2}, "Maintenance margin rate"),
        ({"funding_rate": 1}, "Funding rate"),
        ({"fee": 0.5}, "Fee of each trade"),
        ({"danger_drawdown": 0.1}, "DANGER is deeper than WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad
        assert found["outcome_in_words"] == found["best_in_words"] == "No answer: see Checks.", bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases: list[dict[str, Any]] = [{"margin": 0}, {"leverage": "two"}, {"entry": -1}, {"fee": 2}, {"side": "up"}]
    for bad, found in zip(cases, results(model, cases), strict=True):
        for name in ("equity_at_end", "profit", "deepest_drawdown", "funding_paid"):
            assert isinstance(found[name], str), (bad, name, found[name])


def test_a_liquidated_trade_is_danger_and_says_so(model: Model) -> None:
    found = result(model, {"leverage": 100, "band": 0})
    assert found["verdict"] == "DANGER"
    assert found["why"] == "The trade was liquidated."
    assert found["outcome_in_words"].endswith("LIQUIDATED.")


def test_an_order_that_no_bar_reaches_is_never_filled(model: Model) -> None:
    found = result(model, {"entry": 1000})
    assert found["outcome_in_words"] == f"Never filled in {found['bars']:.0f} bars."
    assert found["profit"] == 0


def test_the_example_is_sound(model: Model) -> None:
    assert result(model, EXAMPLES["paper-trade"])["overall_flag"] == "ALL CHECKS PASS"

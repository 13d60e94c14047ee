"""funding-planner: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from support.flags import failing_check
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import liquidation, position
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("funding-planner"))


def computed(model: Model, given: dict[str, Any]) -> dict[Place, Any]:
    (values,) = compute(model, [given])
    return values


def cases() -> list[dict[str, Any]]:
    """Twenty positions: both sides, rates of both signs, from a day to ninety."""
    sizes = [(80000.0, 2000.0, 10.0), (3150.75, 640, 4), (185.2, 1500, 7), (0.00001234, 90, 3), (101000, 50000, 12)]
    terms = [("long", "delta", 0.0001, 30), ("short", "okx", 0.00005, 90), ("long", "gate", -0.0002, 14)]
    terms.append(("short", "entry", -0.00015, 1))
    return [
        {
            "entry": entry,
            "exit_price": entry * (1.08 if side == "long" else 0.92),
            "margin": margin,
            "leverage": leverage,
            "side": side,
            "method": method,
            "funding_rate": rate,
            "days_held": days,
            "open_fee": 0.0002,
            "close_fee": 0.0005,
            "maintenance_margin_rate": 0.008,
            "liquidation_fee": 0.0005,
        }
        for (entry, margin, leverage), (side, method, rate, days) in itertools.product(sizes, terms)
    ]


def liquidated_at(given: dict[str, Any], paid: float) -> float:
    margin, size = given["margin"], given["margin"] * given["leverage"]
    return liquidation.liquidation_price(
        given["entry"], size / (margin - paid), 0.008, given["side"], given["method"], 0.0005
    )


def expected(given: dict[str, Any]) -> dict[str, float]:
    entry, exit_price, margin, leverage, side = (
        given[name] for name in ("entry", "exit_price", "margin", "leverage", "side")
    )
    size, quantity = position.position_size(margin, leverage), position.quantity(margin, leverage, entry)
    paid = position.funding(size, given["funding_rate"], 3 * given["days_held"], side)
    a_day = position.funding(size, given["funding_rate"], 3, side)
    before = position.profit(entry, exit_price, quantity, 1, side, 0.0002, 0.0005)
    price = liquidated_at(given, paid)
    found = {
        "position_size": size,
        "funding_cost": paid,
        "funding_a_day": a_day,
        "profit_before": before,
        "profit_after": position.profit(entry, exit_price, quantity, 1, side, 0.0002, 0.0005, paid),
        "roi_before": position.return_on_margin(entry, exit_price, leverage, side, 0.0002, 0.0005),
        "roi_after": position.return_on_margin(entry, exit_price, leverage, side, 0.0002, 0.0005, paid / size),
        "share_taken": paid / before,
        "breakeven_price": position.breakeven_price(entry, side, 0.0002, 0.0005, paid / size),
        "liquidation_price": price,
        "liquidation_distance": liquidation.liquidation_distance(entry, price, side),
    }
    if a_day > 0:
        found |= {"days_of_profit": before / a_day, "days_alive": (margin - size * 0.0085) / a_day}
    return found


def test_results_are_the_functions(model: Model) -> None:
    sets = cases()
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            # The two orders of the same few operations differ by roundings of the last digits.
            assert found[name] == pytest.approx(value, rel=1e-12), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given


def test_every_day_is_the_functions(model: Model) -> None:
    given = cases()[0]
    values = computed(model, given)
    sheet = {place: value for place, value in (model.constants | values).items() if place.sheet == "Calculations"}
    (header,) = [place for place, value in sheet.items() if value == "Day by day"]
    first = header.row + 3
    for day in range(91):
        row = [sheet[Place("Calculations", first + day, column)] for column in range(2, 12)]
        paid = position.funding(20000, 0.0001, 3 * day, "long")
        # 1e-12 of the price: the two orders of operations differ by roundings of the last digits.
        assert row[0] == day
        assert row[2] == pytest.approx(paid, rel=1e-12)
        assert row[6] == pytest.approx(liquidated_at(given, paid), rel=1e-12)


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"leverage": 0}, "Leverage"),
        ({"leverage": "ten"}, "Leverage"),
        ({"entry": -80000}, "Entry price"),
        ({"exit_price": 0}, "Exit price"),
        ({"margin": -5}, "Margin"),
        ({"side": "sideways"}, "Side"),
        ({"method": "nowhere"}, "Venue or method"),
        ({"funding_rate": 0.5}, "Funding rate"),
        ({"settlements_a_day": 2.5}, "Settlements a day"),
        ({"settlements_a_day": 0}, "Settlements a day"),
        ({"days_held": 91}, "Days held"),
        ({"days_held": "a month"}, "Days held"),
        ({"maintenance_margin_rate": 1.5}, "Maintenance margin rate"),
        ({"exit_price": 79000}, "Exit price is on the winning side"),
        ({"exit_price": 80010}, "Exit price pays the fees"),
        ({"leverage": 150, "maintenance_margin_rate": 0.01}, "Position can be opened"),
        ({"watch_share": 0.6}, "WATCH comes before DANGER"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"entry": -80000}, ["profit_after", "roi_after", "breakeven_price", "liquidation_price", "share_taken"]),
        ({"leverage": 0}, ["position_size", "funding_cost", "profit_after", "roi_after", "liquidation_price"]),
        ({"margin": -5}, ["position_size", "funding_cost", "profit_after", "breakeven_price", "liquidation_price"]),
        ({"side": "sideways"}, ["funding_cost", "profit_after", "roi_after", "breakeven_price", "liquidation_price"]),
        ({"method": "nowhere"}, ["liquidation_price", "liquidation_distance"]),
        ({"days_held": "a month"}, ["funding_cost", "profit_after", "roi_after", "breakeven_price"]),
        ({"exit_price": "high"}, ["profit_before", "profit_after", "roi_before", "share_taken", "days_of_profit"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_funding_that_takes_the_margin_is_danger(model: Model) -> None:
    found = result(model, {"funding_rate": 0.002, "days_held": 20, "leverage": 20})
    assert found["verdict"] == "DANGER"
    assert found["roi_after"] == -1
    assert found["profit_after"] == -2000
    assert found["liquidation_price"] == "#NUM!"
    assert found["prices_in_words"] == "Funding alone has liquidated it by then."
    assert found["overall_flag"] == "ALL CHECKS PASS"


def test_funding_that_is_received_is_safe(model: Model) -> None:
    found = result(model, {"funding_rate": -0.0001})
    assert found["verdict"] == "SAFE"
    assert found["days_of_profit"] == found["days_alive"] == "#N/A"
    assert "you receive 180.00 USDT" in found["cost_in_words"]
    assert found["overall_flag"] == "ALL CHECKS PASS"

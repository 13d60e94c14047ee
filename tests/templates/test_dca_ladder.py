"""dca-ladder: the figures are the Python functions', and an order that comes too late is said."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.flags import failing_check
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import fills, liquidation, position
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

METHODS = ("entry", "mark", "bybit", "binance", "okx", "gate", "mexc", "kraken", "hyperliquid", "dydx")
ORDERS = [(60000, 0.05), (58000, 0.06), (56000, 0.07), (54000, 0.08), (52000, 0.1)]


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("dca-ladder"))


def cases() -> list[dict[str, Any]]:
    """Twenty ladders: each venue's method, long and short, thin margins and thick ones."""
    return [
        {
            "side": side,
            "method": method,
            "margin": 2100.0 + 400 * place,
            "maintenance_margin_rate": 0.004 + 0.001 * place,
            "liquidation_fee": 0.0002 * place,
            "open_fee": 0.0001 * place,
            "close_fee": 0.00055,
            "price_now": 61000.0 - 100 * place,
        }
        for side in ("long", "short")
        for place, method in enumerate(METHODS)
    ]


def expected(given: dict[str, Any]) -> dict[str, Any]:
    prices, quantities = ([[order[place]] for order in ORDERS] for place in (0, 1))
    terms = [given[name] for name in ("margin", "maintenance_margin_rate", "side", "method", "liquidation_fee")]
    rungs = fills.ladder(prices, quantities, *terms)
    entry, quantity, leverage, price = map(float, rungs[-1])
    side, first = given["side"], ORDERS[0][0]
    sign = 1 if side == "long" else -1
    one = position.leverage_ratio(quantity * first, given["margin"])
    rate, method, fee = given["maintenance_margin_rate"], given["method"], given["liquidation_fee"]
    late = [sign * (ORDERS[place + 1][0] - float(rung[3])) <= 0 for place, rung in enumerate(rungs[:-1])]
    return {
        "average_entry": entry,
        "full_quantity": quantity,
        "full_leverage": leverage,
        "liquidation_shown": price,
        "last_distance": liquidation.liquidation_distance(ORDERS[-1][0], price, side),
        "survives": liquidation.liquidation_distance(given["price_now"], price, side),
        "break_even": position.breakeven_price(entry, side, given["open_fee"], given["close_fee"]),
        "orders_lost": sum(late),
        "one_leverage": one,
        "one_liquidation": liquidation.liquidation_price(first, one, rate, side, method, fee),
        "one_break_even": position.breakeven_price(first, side, given["open_fee"], given["close_fee"]),
    }


def test_outputs_are_the_functions(model: Model) -> None:
    for given, found in zip(cases(), results(model, cases()), strict=True):
        for name, value in expected(given).items():
            assert math.isfinite(value)
            assert found[name] == pytest.approx(value, rel=1e-12), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given


def test_bad_inputs_are_named(model: Model) -> None:
    bad = [
        ({"side": "up"}, "Side"),
        ({"method": "nowhere"}, "Venue or method"),
        ({"margin": 0}, "Margin"),
        ({"margin": "much"}, "Margin"),
        ({"maintenance_margin_rate": 0.6}, "Maintenance margin rate"),
        ({"liquidation_fee": -0.1}, "Liquidation fee"),
        ({"open_fee": 0.06}, "Fee to open"),
        ({"close_fee": "low"}, "Fee to close"),
        ({"price_now": -5}, "Price now"),
        ({"watch_distance": 1.5}, "WATCH when nearer than"),
        ({"danger_distance": 0.2}, "DANGER is nearer than WATCH"),
    ]
    for (given, failing), found in zip(bad, results(model, [given for given, _ in bad]), strict=True):
        assert failing_check(found["overall_flag"]) == failing, given
        assert found["verdict"] == "CHECK", given


def with_orders(tmp_path: Path, orders: list[tuple[Any, Any]]) -> dict[str, Any]:
    book = openpyxl.load_workbook(templates.workbook_path("dca-ladder"))
    ((_, area),) = book.defined_names["orders"].destinations
    for place, row in enumerate(book["Inputs"][area.replace("$", "")]):
        row[0].value, row[1].value = orders[place] if place < len(orders) else (None, None)
    book.save(tmp_path / "orders.xlsx")
    return result(read_model(tmp_path / "orders.xlsx"), {})


@pytest.mark.parametrize(
    ("orders", "failing"),
    [
        ([], "There are orders"),
        ([(60000, 0.05), (58000, None)], "Every order has a price and a quantity"),
        ([(60000, 0.05), (None, 1)], "Every order has a price and a quantity"),
        ([(60000, -1)], "Every order has a price and a quantity"),
        ([(60000, 0.05), (None, None), (58000, 0.05)], "No gaps between the orders"),
    ],
)
def test_bad_orders_are_named(tmp_path: Path, orders: list[tuple[Any, Any]], failing: str) -> None:
    found = with_orders(tmp_path, orders)
    assert failing_check(found["overall_flag"]) == failing
    assert found["verdict"] == "CHECK"


def test_an_order_beyond_the_liquidation_before_it_comes_too_late(tmp_path: Path) -> None:
    found = with_orders(tmp_path, [(60000, 0.5), (50000, 0.1)])  # 2,500 behind 30,000: liquidated near 55,500
    assert found["orders_lost"] == 1
    assert found["verdict"] == "DANGER"
    assert "1 orders come too late" in found["survives_in_words"]

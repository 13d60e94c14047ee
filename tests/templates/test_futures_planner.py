"""futures-planner: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import call
from support.flags import failing_check
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import liquidation, position, risk
from xladdin.reports.run import run
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

POSITIONS = Path(__file__).parents[2] / "workbooks" / "positions.csv"
WORDS = {"client", "symbol", "venue", "side", "method", "currency", "sizing"}


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("futures-planner"))


def rows() -> list[dict[str, Any]]:
    with POSITIONS.open(newline="") as file:
        return [
            {name: text if name in WORDS else float(text) for name, text in row.items()} for row in csv.DictReader(file)
        ]


def expected(row: dict[str, Any]) -> dict[str, float]:
    entry, leverage, side = row["entry"], row["leverage"], row["side"]
    size = {"margin": row["amount"] * leverage, "size": row["amount"], "quantity": row["amount"] * entry}[row["sizing"]]
    margin = position.initial_margin(size, leverage)
    quantity = position.quantity(margin, leverage, entry)
    funding = position.funding(size, row["funding_rate"], row["settlements"], side)
    fees = (row["open_fee"], row["close_fee"])
    liq = liquidation.liquidation_price(entry, leverage, row["maintenance_margin_rate"], side, row["method"])
    return {
        "position_size": size,
        "margin": margin,
        "quantity": quantity,
        "liquidation_price": liq,
        "liquidation_distance": liquidation.liquidation_distance(entry, liq, side),
        "bankruptcy_price": liquidation.bankruptcy_price(entry, leverage, side),
        "breakeven_price": position.breakeven_price(entry, side, *fees, funding / size),
        "stop_leverage": risk.stop_leverage(entry, row["stop"], row["maintenance_margin_rate"], side, row["method"]),
        "profit_at_target": position.profit(entry, row["target"], quantity, 1, side, *fees, funding),
        "roi_at_target": position.return_on_margin(entry, row["target"], leverage, side, *fees, funding / size),
        "risk_reward": risk.risk_reward(entry, row["stop"], row["target"]),
        "funding_cost": funding,
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = [{"price_now": None, **row} for row in rows()]
    for row, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(row).items():
            # The two orders of the same few operations differ by roundings of the last digits.
            assert found[name] == pytest.approx(value, rel=1e-12), (row, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", row
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), row


def test_positions_are_within_the_template_s_limits(model: Model) -> None:
    for row in rows():
        for name, value in row.items():
            rule = model.inputs[name].rule if name in model.inputs else None
            assert rule is None or rule.admits(value), (name, value)
    assert len(rows()) == 24


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"leverage": 0}, "Leverage"),
        ({"entry": -50000}, "Entry price"),
        ({"entry": "fifty"}, "Entry price"),
        ({"side": "sideways"}, "Side"),
        ({"method": "nowhere"}, "Venue or method"),
        ({"amount": -1}, "Amount"),
        ({"maintenance_margin_rate": 1.5}, "Maintenance margin rate"),
        ({"settlements": 2.5}, "Settlements held"),
        ({"sizing": "guess"}, "Amount given as"),
        ({"stop": 51000}, "Stop is on the losing side"),
        ({"target": 49000}, "Target is on the winning side"),
        ({"leverage": 100}, "Position can be opened"),
        ({"danger_distance": 0.2}, "DANGER is nearer than WATCH"),
        ({"client": "x" * 41}, "Client"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        ({"entry": -50000}, ["quantity", "liquidation_price", "breakeven_price", "profit_at_target", "profit_at_stop"]),
        ({"leverage": 0}, ["position_size", "margin", "liquidation_price", "profit_at_target", "profit_at_stop"]),
        ({"side": "sideways"}, ["liquidation_price", "breakeven_price", "profit_at_target", "profit_at_stop"]),
        ({"amount": -1}, ["position_size", "margin", "quantity", "profit_at_target", "profit_at_stop"]),
        ({"sizing": "guess"}, ["position_size", "margin", "quantity", "profit_at_target", "profit_at_stop"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def test_liquidation_before_the_stop_is_danger_and_costs_the_margin(model: Model) -> None:
    found = result(model, {"leverage": 25})
    assert found["verdict"] == "DANGER"
    assert found["profit_at_stop"] == -1000
    assert "BEFORE the stop" in found["risk_in_words"]


def test_the_price_now_tells_the_profit_and_the_distance_from_it(model: Model) -> None:
    found = result(model, {"price_now": 46000})
    assert found["unrealised_profit"] == pytest.approx(position.profit(50000, 46000, 0.2), rel=1e-12)
    assert found["unrealised_return"] == pytest.approx(-0.8, rel=1e-12)
    far = liquidation.liquidation_distance(46000, found["liquidation_price"], "long")
    assert found["liquidation_distance"] == pytest.approx(far, rel=1e-12)
    assert found["verdict"] == "DANGER"
    assert result(model, {"price_now": None})["unrealised_profit"] == 0


def test_stop_and_target_may_be_left_blank(model: Model) -> None:
    found = result(model, {"stop": None, "target": None, "leverage": 25})
    assert found["overall_flag"] == "ALL CHECKS PASS"
    for name in ("profit_at_target", "roi_at_target", "profit_at_stop", "roi_at_stop", "risk_reward", "stop_leverage"):
        assert found[name] == "none", name
    assert found["verdict"] == "DANGER"  # by the distance: 3.03%
    assert found["risk_in_words"].endswith("away; no stop is set.")
    assert found["plan_in_words"] == "No target, no stop."
    assert result(model, {"stop": None})["plan_in_words"] == "Target +1,179.34 (+117.9%), no stop."


def test_a_report_leaves_blank_what_its_table_has_not(tmp_path: Path) -> None:
    """And never takes the example's stop, target or price for somebody's own."""
    (tmp_path / "t.csv").write_text("side,entry,amount,leverage,stop\nlong,61000,500,8,\nshort,3200,800,5,3300\n")
    outcome = run(tmp_path / "t.csv", templates.find("futures-planner"), tmp_path / "out")
    assert (outcome.made, outcome.rejected, outcome.with_errors) == (2, 0, 0)
    assert "Blank in every report: price_now, target." in outcome.remarks
    made = [read_model(tmp_path / "out" / f"report-{number}.xlsx") for number in (1, 2)]
    assert [[model.inputs[name].default for name in ("price_now", "stop", "target")] for model in made] == [
        [None, None, None],
        [None, 3300, None],
    ]


def test_a_position_without_liquidation_is_safe(model: Model) -> None:
    found = result(model, {"leverage": 1, "method": "mark"})
    assert found["liquidation_price"] == "#N/A"
    assert found["verdict"] == "SAFE"
    assert found["risk_in_words"] == "It can't be liquidated."


@pytest.mark.parametrize(
    ("stop", "said", "marked"),
    [
        (59700, "Entry 60,000.00, break-even 60,066.03, stop 59,700.00", []),
        (56000, "Entry 60,000.00, break-even 60,066.03", ["Stop 56,000.00"]),
    ],
)
def test_labels_that_would_overlap_on_the_chart_are_one(
    tmp_path: Path, stop: float, said: str, marked: list[str]
) -> None:
    """A point whose price stands in the entry's label has a blank one."""
    path = tmp_path / "plan.xlsx"
    given = ("entry=60000", "leverage=10", f"stop={stop}", "target=66000", "open_fee=0.0005", "close_fee=0.0005")
    given = (*given, "funding_rate=0.0001", "settlements=1", "maintenance_margin_rate=0.005")
    call("new", "futures-planner", "-o", path, *(word for each in given for word in ("--set", each)))
    sheet = openpyxl.load_workbook(path, data_only=True)["Calculations"]
    (top,) = [cell for row in sheet for cell in row if cell.value == "Points on the chart"]
    points = list(sheet.iter_rows(top.row + 3, top.row + 8, top.column, top.column + 2, values_only=True))
    assert points[0][0] == said
    drawn = [label for label, _, _ in points if label.startswith(("Break", "Stop"))]
    assert drawn == marked

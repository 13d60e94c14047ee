"""trading-journal: the figures are a plain count of the rows, and the venue's own closed P&L is met to the cent."""

from __future__ import annotations

import csv
import datetime
import itertools
import random
import statistics
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import position
from xladdin.reports import into
from xladdin.workbook.model import Model, read_model

HEADERS = ("symbol", "side", "setup", "opened", "closed", "entry", "exit_price", "quantity", "leverage")
HEADERS = (*HEADERS, "fees", "funding", "stop", "realised")


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("trading-journal"))


def given_rows() -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(templates.workbook_path("trading-journal"))["Trades"]
    _, *rows = sheet[sheet.tables["trades"].ref]
    return [dict(zip(HEADERS, (cell.value for cell in row), strict=False)) for row in rows]


def made_up(count: int) -> list[dict[str, Any]]:
    """Closed trades as Bybit writes them: closed P&L after fees and funding, in cents."""
    chance = random.Random(16)
    rows = []
    for place in range(count):
        entry = round(chance.uniform(50000, 70000), 1)
        exit_price = round(entry * chance.uniform(0.97, 1.035), 1)
        side, quantity = chance.choice(("long", "short")), chance.choice((0.1, 0.2, 0.5))
        fees = round(0.00055 * quantity * (entry + exit_price), 2)
        funding = round(chance.uniform(-3, 5), 2)
        sign = 1 if side == "long" else -1
        realised = round(sign * (exit_price - entry) * quantity - fees - funding, 2)
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=place // 4)
        values = (
            "BTCUSDT",
            side,
            "range",
            day,
            day,
            entry,
            exit_price,
            quantity,
            10,
            fees,
            funding,
            entry * (1 - sign / 50),
        )
        rows.append(dict(zip(HEADERS, (*values, realised), strict=True)))
    return rows


def expected(rows: list[dict[str, Any]], start: float) -> dict[str, float]:
    nets, returns, multiples = [], [], []
    for row in rows:
        entry, quantity = row["entry"], row["quantity"]
        paid = row["fees"] + row["funding"]
        nets.append(position.position_profit(entry, row["exit_price"], quantity, row["side"], 0, 0, paid))
        returns.append(nets[-1] / position.initial_margin(quantity * entry, row["leverage"]))
        multiples.append(nets[-1] / abs(entry - row["stop"]) / quantity)
    won, lost = [net for net in nets if net > 0], [net for net in nets if net < 0]
    equity = peak = start
    deepest = 0.0
    for net in nets:
        equity += net
        peak = max(peak, equity)
        deepest = max(deepest, 1 - equity / peak)
    runs = [len(list(run)) for losing, run in itertools.groupby(nets, lambda net: net < 0) if losing]
    return {
        "net_profit": sum(nets),
        "end_balance": equity,
        "win_rate": len(won) / len(nets),
        "expectancy": statistics.fmean(nets),
        "average_win": statistics.fmean(won),
        "average_loss": statistics.fmean(lost),
        "profit_factor": sum(won) / -sum(lost),
        "average_r": statistics.fmean(multiples),
        "sharpe_like": statistics.fmean(returns) / statistics.stdev(returns),
        "largest_drawdown": deepest,
        "longest_losing_run": max(runs),
        "compared_count": len(nets),
        "off_venue": 0.0,
    }


def test_figures_are_a_plain_count_of_the_rows(model: Model) -> None:
    starts = [500.0 * (place + 1) for place in range(20)]
    for start, found in zip(starts, results(model, [{"start_balance": start} for start in starts]), strict=True):
        for name, value in expected(given_rows(), start).items():
            assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-12), (start, name)
        assert found["overall_flag"] == "ALL CHECKS PASS"


BYBIT = ("symbol", "side", "avgEntryPrice", "avgExitPrice", "closedSize", "closedPnl", "updatedTime")


def as_bybit_says(count: int, *, fees: bool) -> tuple[list[list[Any]], int]:
    """Closed trades as GET /v5/position/closed-pnl answers, and their P&L in units of 1e-8: the side is that of the
    order that closes, closedPnl is after both fees.
    """
    chance = random.Random(5)
    rows: list[list[Any]] = [[*BYBIT, "openFee", "closeFee"][: 9 if fees else 7]]
    total, time = 0, 1767225600000
    for _ in range(count):
        closing = chance.choice(("Buy", "Sell"))
        sign = -1 if closing == "Buy" else 1
        quantity = Decimal(chance.choice(("0.011", "0.1", "0.253")))
        entry = Decimal(chance.randint(5_000_000, 9_000_000)) / 100
        exit_price = (entry * Decimal(chance.randint(9_700, 10_350)) / 10_000).quantize(Decimal("0.01"))
        paid = [(price * quantity * Decimal("0.00055")).quantize(Decimal("1e-8")) for price in (entry, exit_price)]
        closed = sign * (exit_price - entry) * quantity - sum(paid)
        total += int(closed * 10**8)
        time += chance.randint(600_000, 9_000_000)
        rows.append(["BTCUSDT", closing, entry, exit_price, quantity, closed, time, *(paid if fees else [])])
    return rows, total


@pytest.mark.parametrize("fees", [True, False])
def test_1000_rows_of_bybit_agree_with_its_closed_profit_to_the_cent(fees: bool, tmp_path: Path) -> None:
    """With its fees every trade is held against closedPnl; without, closedPnl is the profit and says what was paid."""
    rows, total = as_bybit_says(1000, fees=fees)
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    outcome = into.fill(tmp_path / "t.csv", templates.find("trading-journal"), tmp_path / "one.xlsx")
    assert (outcome.made, outcome.rejected, outcome.with_errors) == (1000, 0, 0)
    stored = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)
    found = {}
    for name in ("net_profit", "compared_count", "off_venue", "overall_flag"):
        ((title, cell),) = stored.defined_names[name].destinations
        found[name] = stored[title][cell].value
    assert found["net_profit"] == pytest.approx(total / 1e8, abs=1e-6)
    assert found["compared_count"] == (1000 if fees else 0)
    assert found["off_venue"] == 0
    assert found["overall_flag"] == "ALL CHECKS PASS"


def test_many_rows_agree_with_the_venue_to_the_cent(tmp_path: Path) -> None:
    count = 150
    rows = made_up(count)
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        writer.writerows(rows)
    outcome = into.fill(tmp_path / "t.csv", templates.find("trading-journal"), tmp_path / "one.xlsx")
    assert (outcome.made, outcome.rejected) == (count, 0)
    stored = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)
    for name, value in expected(rows, 10000).items():
        ((title, cell),) = stored.defined_names[name].destinations
        assert stored[title][cell].value == pytest.approx(value, rel=1e-10, abs=1e-9), name
    ((title, cell),) = stored.defined_names["overall_flag"].destinations
    assert stored[title][cell].value == "ALL CHECKS PASS"


def test_bad_inputs_are_named(model: Model) -> None:
    bad = [
        ({"start_balance": 0}, "Balance at the start"),
        ({"start_balance": "much"}, "Balance at the start"),
        ({"tolerance": -1}, "Difference allowed"),
        ({"as_of": "soon"}, "As of"),
        ({"client": "x" * 41}, "Client"),
        ({"currency": "x" * 9}, "Quote currency"),
        ({"watch_drawdown": 1.5}, "WATCH when drawdown exceeds"),
        ({"danger_drawdown": -0.1}, "DANGER when it exceeds"),
        ({"watch_drawdown": 0.4}, "WATCH comes before DANGER"),
    ]
    for (given, failing), found in zip(bad, results(model, [given for given, _ in bad]), strict=True):
        assert found["overall_flag"] == f"CHECK FAILED: {failing}", given
        assert found["verdict"] == "CHECK", given


@pytest.mark.parametrize(
    ("header", "value", "failing"),
    [
        ("side", "up", "Every row can be computed"),
        ("entry", -1, "Every row can be computed"),
        ("exit_price", None, "Every row can be computed"),
        ("quantity", "many", "Every row can be computed"),
        ("leverage", 0, "Every row can be computed"),
        ("fees", "few", "Every row can be computed"),
        ("closed", None, "Every row can be computed"),
        ("realised", 0, "The venue says the same"),
        ("realised", -97.50, "The venue says the same"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, header: str, value: Any, failing: str) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("trading-journal"))
    sheet = book["Trades"]
    second = sheet[sheet.tables["trades"].ref][2]
    second[HEADERS.index(header)].value = value
    book.save(tmp_path / "bad.xlsx")
    found = result(read_model(tmp_path / "bad.xlsx"), {})
    where = f": ETHUSDT in row {second[0].row}" if failing == "Every row can be computed" else ""
    assert found["overall_flag"] == f"CHECK FAILED: {failing}{where}"
    assert found["verdict"] == "CHECK"


def test_a_row_below_the_table_is_said(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("trading-journal"))
    sheet = book["Trades"]
    for cell in sheet[sheet.tables["trades"].ref][-1][: len(HEADERS)]:
        sheet.cell(cell.row + 1, cell.column, cell.value)
    book.save(tmp_path / "below.xlsx")
    assert result(read_model(tmp_path / "below.xlsx"), {})["overall_flag"] == "CHECK FAILED: No rows outside the table"

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
from support.command import call
from support.exports import EXPORTS
from support.flags import failing_check
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import position
from xladdin.reports import into
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

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
    assert found["off_venue"] == (0 if fees else "none")
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


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({}, "after fees and funding"),
        ({"fees": 12, "funding": 12, "realised": 12}, "before fees, which are not given"),
        ({"fees": 12, "realised": 12}, "before fees, which are not given"),
        ({"funding": 12, "realised": 12}, "after fees, funding not given"),
        ({"fees": 2, "realised": 2}, "after fees and funding; 2 without fees"),
        ({"fees": 2, "funding": 12, "realised": 12}, "after fees, funding not given; 2 without fees"),
        ({"fees": 12, "funding": 12}, "after fees and funding"),  # in the closed P&L of the venue
    ],
)
def test_after_fees_is_said_of_fees_that_are_given(tmp_path: Path, without: dict[str, int], said: str) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("trading-journal"))
    _, *rows = book["Trades"][book["Trades"].tables["trades"].ref]
    for header, count in without.items():
        for row in rows[:count]:
            row[HEADERS.index(header)].value = None
    book.save(tmp_path / "some.xlsx")
    changed = read_model(tmp_path / "some.xlsx")
    found = result(changed, {})
    assert f" USDT {said}: " in found["made_in_words"]
    (values,) = compute(changed, [{}])
    shown = {place.reference: value for place, value in values.items() if place.sheet == "Dashboard"}
    card = "before fees, which are not given" if said.startswith("before") else "of fees and funding in it"
    assert sum(str(value).endswith(card) for value in shown.values()) == 1
    assert found["overall_flag"] == "ALL CHECKS PASS"


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
        assert failing_check(found["overall_flag"]) == failing, given
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
    assert failing_check(found["overall_flag"]) == f"{failing}{where}"
    assert found["verdict"] == "CHECK"


def test_a_row_below_the_table_is_said(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("trading-journal"))
    sheet = book["Trades"]
    for cell in sheet[sheet.tables["trades"].ref][-1][: len(HEADERS)]:
        sheet.cell(cell.row + 1, cell.column, cell.value)
    book.save(tmp_path / "below.xlsx")
    assert failing_check(result(read_model(tmp_path / "below.xlsx"), {})["overall_flag"]) == "No rows outside the table"


CCXT = "timestamp,datetime,symbol,side,takerOrMaker,price,amount,cost,fee\n"
FEE = "\"{'cost': 0.3, 'currency': 'USDT'}\""


def journal_of(fills: str, folder: Path, *options: str) -> tuple[Any, dict[str, Any], list[dict[str, Any]]]:
    """The command's answer to a journal of fills, the named results in it, and the rows of the Trades."""
    (folder / "fills.csv").write_text(fills, encoding="utf-8")
    path = folder / "journal.xlsx"
    said = call("report", folder / "fills.csv", "--template", "trading-journal", "--into", path, *options)
    stored = openpyxl.load_workbook(path, data_only=True)
    found = {}
    for name in ("net_profit", "compared_count", "off_venue", "overall_flag", "reconciled_in_words"):
        ((title, cell),) = stored.defined_names[name].destinations
        found[name] = stored[title][cell].value
    sheet = stored["Trades"]
    _, *rows = sheet[sheet.tables["trades"].ref]
    return said, found, [dict(zip(HEADERS, (cell.value for cell in row), strict=False)) for row in rows]


def test_fills_without_the_venues_profit_have_nothing_to_be_compared_with(tmp_path: Path) -> None:
    """What we make of the fills is not the venue's word, and does not agree with itself."""
    rows = (
        f"1767225600000,,X/USDT:USDT,buy,taker,100,1,100,{FEE}\n1767225601000,,X/USDT:USDT,sell,taker,110,1,110,{FEE}\n"
    )
    said, found, (trade,) = journal_of(CCXT + rows, tmp_path)
    assert said.exit_code == 0
    assert trade["realised"] is None
    assert (found["compared_count"], found["off_venue"]) == (0, "none")
    assert found["reconciled_in_words"].startswith("Against the venue: nothing to compare")
    assert found["net_profit"] == pytest.approx(10 - 0.6, rel=1e-12)
    assert found["overall_flag"] == "ALL CHECKS PASS"


def test_a_venues_profit_that_is_another_than_that_of_the_fills_is_off(tmp_path: Path) -> None:
    header = "Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit\n"
    rows = "2026-01-01 09:00:00,XUSDT,BUY,100,1,100,0.1USDT,0\n2026-01-01 10:00:00,XUSDT,SELL,120,1,120,0.1USDT,19\n"
    _, found, (trade,) = journal_of(header + rows, tmp_path)
    assert trade["realised"] == pytest.approx(19 - 0.2, rel=1e-12)
    assert (found["compared_count"], found["off_venue"]) == (1, 1)
    assert failing_check(found["overall_flag"]) == "The venue says the same"


def test_funding_of_fills_is_an_amount_paid_in_the_journal(tmp_path: Path) -> None:
    text = (EXPORTS / "paradex-fills.csv").read_text(encoding="utf-8")  # 0.05 of funding was paid
    said, found, (trade,) = journal_of(text, tmp_path)
    assert said.exit_code == 0
    assert (trade["funding"], trade["realised"]) == (0.05, pytest.approx(9.827, rel=1e-14))
    assert found["net_profit"] == pytest.approx(9.827, rel=1e-12)
    assert (found["compared_count"], found["off_venue"], found["overall_flag"]) == (1, 0, "ALL CHECKS PASS")


def test_what_is_closed_of_an_open_position_is_a_trade_and_what_is_open_is_told(tmp_path: Path) -> None:
    """2,000 bought at 1 and 1.1, 1,500 sold at 1.2: 1,500 * (1.2 - 1.05), and three quarters of the fees of opening."""
    rows = (
        f"1767225600000,,X/USDT:USDT,buy,taker,1,1000,1000,{FEE}\n"
        f"1767225601000,,X/USDT:USDT,buy,taker,1.1,1000,1100,{FEE}\n"
        f"1767225602000,,X/USDT:USDT,sell,taker,1.2,1500,1800,{FEE}\n"
        f"1767225603000,,Y/USDT:USDT,sell,taker,10,2,20,{FEE}\n"
        f"1767225604000,,Y/USDT:USDT,buy,taker,9,2,18,{FEE}\n"
        f"1767225605000,,Z/USDT:USDT,sell,taker,9,2,18,{FEE}\n"
    )
    said, found, (first, second) = journal_of(CCXT + rows, tmp_path)
    assert said.exit_code == 0
    assert "still open at the end, and no trade yet: X/USDT:USDT long 500, Z/USDT:USDT short 2." in said.stderr
    assert "column closed" not in said.stderr
    assert not list(tmp_path.glob("*rejected*"))
    assert (first["symbol"], first["side"], first["quantity"], first["exit_price"]) == (
        "X/USDT:USDT",
        "long",
        1500,
        1.2,
    )
    assert (first["entry"], first["fees"]) == (pytest.approx(1.05, rel=1e-14), pytest.approx(0.45 + 0.3, rel=1e-14))
    assert second["symbol"] == "Y/USDT:USDT"  # in the order of closing
    assert found["net_profit"] == pytest.approx(225 - 0.75 + 2 - 0.6, rel=1e-12)
    assert found["overall_flag"] == "ALL CHECKS PASS"


def test_what_is_bought_after_a_part_was_sold_does_not_change_that_part(tmp_path: Path) -> None:
    rows = (
        f"1767225600000,,X/USDT:USDT,buy,taker,100,2,200,{FEE}\n"
        f"1767225601000,,X/USDT:USDT,sell,taker,110,1,110,{FEE}\n"
        f"1767225602000,,X/USDT:USDT,buy,taker,130,1,130,{FEE}\n"
    )
    _, found, (trade,) = journal_of(CCXT + rows, tmp_path)
    assert (trade["entry"], trade["quantity"], trade["fees"]) == (100, 1, pytest.approx(0.15 + 0.3, rel=1e-14))
    assert found["net_profit"] == pytest.approx(10 - 0.45, rel=1e-12)


def test_fills_of_which_none_closes_anything_make_no_journal(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{CCXT}1767225600000,,X/USDT:USDT,buy,taker,100,2,200,{FEE}\n")
    said = call("report", tmp_path / "t.csv", "--template", "trading-journal", "--into", tmp_path / "j.xlsx")
    assert said.exit_code == 3
    assert "has no closed trade; still open: X/USDT:USDT long 2." in said.stderr
    assert not (tmp_path / "j.xlsx").exists()


@pytest.mark.parametrize(("title", "column"), [("By symbol", "symbol"), ("By setup", "setup")])
def test_the_summaries_name_what_stands_on_trades(tmp_path: Path, title: str, column: str) -> None:
    rows = made_up(40)
    for place, row in enumerate(rows):
        row["symbol"], row["setup"] = ("BTCUSDT", "ETHUSDT", "SOLUSDT")[place % 3], ("range", "break")[place % 2]
    rows[5][column] = ""
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        writer.writerows(rows)
    into.fill(tmp_path / "t.csv", templates.find("trading-journal"), tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)["Calculations"]
    (top,) = [cell for row in sheet for cell in row if cell.value == title]
    below = sheet.iter_rows(top.row + 3, top.row + 10, top.column, top.column + 3, values_only=True)
    found = {name: (count, net) for _, name, count, net in below if name != "none"}
    wanted: dict[str, tuple[int, float]] = {}
    for row in filter(lambda row: row[column], rows):
        count, net = wanted.get(row[column], (0, 0.0))
        wanted[row[column]] = count + 1, net + row["realised"]
    assert list(found) == list(wanted)
    for name, (count, net) in wanted.items():
        assert found[name] == (count, pytest.approx(net, rel=1e-9)), name


def test_the_axis_of_few_trades_has_whole_numbers(tmp_path: Path) -> None:
    """A chart of two trades would be numbered 0.5, 1, 1.5: the dashed lines go on to the tenth."""
    rows = (
        f"1767225600000,,X/USDT:USDT,buy,taker,100,1,100,{FEE}\n1767225601000,,X/USDT:USDT,sell,taker,110,1,110,{FEE}\n"
    )
    journal_of(CCXT + rows, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "journal.xlsx", data_only=True)["Calculations"]
    (top,) = [cell for row in sheet for cell in row if str(cell.value).startswith("Axis")]
    widths = [sheet.cell(top.row + place, top.column).value for place in range(1, 51)]
    assert (widths[0], widths[-1]) == (0, pytest.approx(10, rel=1e-12))

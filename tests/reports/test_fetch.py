"""A table from a venue through ccxt itself: a server on this machine answers as Hyperliquid says it does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import call

from xladdin.reports import fetch

ccxt = pytest.importorskip("ccxt")

META = [
    {"universe": [
        {"name": "ETH", "szDecimals": 4, "maxLeverage": 25}, {"name": "SOL", "szDecimals": 2, "maxLeverage": 20},
    ]},
    [
        {"funding": "0.0000125", "markPx": "2900.0", "midPx": "2900.0", "oraclePx": "2900.0", "prevDayPx": "2900.0",
         "dayNtlVlm": "1", "openInterest": "1", "premium": "0", "impactPxs": ["2900", "2900"]},
        {"funding": "0.0000125", "markPx": "150.0", "midPx": "150.0", "oraclePx": "150.0", "prevDayPx": "150.0",
         "dayNtlVlm": "1", "openInterest": "1", "premium": "0", "impactPxs": ["150", "150"]},
    ],
]  # fmt: skip
STATE = {
    "assetPositions": [
        {
            "type": "oneWay",
            "position": {
                "coin": "ETH", "szi": "-0.2", "entryPx": "3000.0", "positionValue": "580.0", "unrealizedPnl": "20.0",
                "leverage": {"type": "cross", "value": 10}, "liquidationPx": "3900.5", "marginUsed": "58.0",
                "maxLeverage": 25, "returnOnEquity": "0.3",
            },
        }
    ],
    "time": 1767225600000,
}  # fmt: skip
FILLS = [
    {"coin": "ETH", "px": "3000", "sz": "0.2", "side": "A", "time": 1767225600000, "dir": "Open Short",
     "closedPnl": "0", "fee": "0.27", "feeToken": "USDC", "oid": 1, "tid": 1, "hash": "0x1"},
    {"coin": "ETH", "px": "2900", "sz": "0.2", "side": "B", "time": 1767225601000, "dir": "Close Short",
     "closedPnl": "20", "fee": "0.261", "feeToken": "USDC", "oid": 2, "tid": 2, "hash": "0x2"},
]  # fmt: skip
FUNDING = [
    {"time": 1767225600000, "hash": "0x3", "delta": {"type": "funding", "coin": "ETH", "usdc": "-0.5", "szi": "-0.2",
     "fundingRate": "0.0000125", "nSamples": None}},
]  # fmt: skip
ANSWERS: dict[str, Any] = {
    "metaAndAssetCtxs": META, "clearinghouseState": STATE, "userFills": FILLS, "userFillsByTime": FILLS,
    "userFunding": FUNDING, "perpDexs": [None], "spotMeta": {"tokens": [], "universe": []},
}  # fmt: skip


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The venue; gives what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(question)
            answer = ANSWERS.get(question["type"])
            if answer is FILLS and question.get("startTime", 0) > FILLS[-1]["time"]:
                answer = []
            data = json.dumps(answer).encode()
            self.send_response(200 if question["type"] in ANSWERS else 422)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(fetch, "connection", partial(fetch.connection, address=address))
    yield asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_positions_go_into_a_workbook_in_one_line(venue: list[dict[str, Any]], tmp_path: Path) -> None:
    fetched = call("fetch", "hyperliquid", "positions", "--user", "0x0000000000000000000000000000000000000001")
    assert fetched.exit_code == 0, fetched.stderr
    assert "hyperliquid does not tell maintenanceMarginPercentage" in fetched.stderr
    assert {question.get("user") for question in venue} == {None, "0x0000000000000000000000000000000000000001"}
    table = tmp_path / "p.csv"
    table.write_text(fetched.stdout)
    made = call("report", table, "--template", "positions", "--into", tmp_path / "one.xlsx")
    assert made.exit_code == 1, made.stderr  # the venue does not tell what every row needs
    assert 'CHECK FAILED: not so: "Every row can be computed"' in made.stderr
    assert "read as: ccxt positions" in made.stderr
    book = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    (row,) = [row for row in rows if "ETH/USDC:USDC" in row]
    assert {"short", 3000, 0.2, 10, 2900} <= set(row)


def test_trades_become_positions_with_the_venues_profit(venue: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    arguments = ["fetch", "hyperliquid", "trades", "--user", "0x1", "--since", "2025-12-31", "-o", path]
    assert call(*arguments).exit_code == 0
    again = call(*arguments)
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    checked = json.loads(call("check", path, "--json").stdout)
    (row,) = checked["rows"]
    assert (row["side"], row["entry"], row["exit_price"], row["quantity"]) == ("short", 3000, 2900, 0.2)
    assert row["realised"] == pytest.approx(19.469, abs=1e-9)


def test_funding_and_prices(venue: list[dict[str, Any]], tmp_path: Path) -> None:
    funding = call("fetch", "hyperliquid", "funding", "--user", "0x1")
    assert "ETH/USDC:USDC,USDC,-0.5," in funding.stdout
    prices = call("fetch", "hyperliquid", "prices", "--symbol", "SOL/USDC:USDC")
    assert prices.stdout.splitlines()[1].startswith("SOL/USDC:USDC,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "positions"), "ccxt knows no venue 'nowhere'"),
        (("hyperliquid", "positions"), "asks for more"),
        (("hyperliquid", "prices", "--symbol", "XYZ/USDC:USDC"), "does not know one of the symbols XYZ/USDC:USDC"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    venue: list[dict[str, Any]], arguments: tuple[str, ...], said: str
) -> None:
    result = call("fetch", *arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


def test_a_venue_that_is_not_there_is_one_sentence_and_keys_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLADDIN_HYPERLIQUID_SECRET", "0xverysecret")
    monkeypatch.setattr(fetch, "connection", partial(fetch.connection, address="http://127.0.0.1:9"))
    result = call("fetch", "hyperliquid", "positions", "--user", "0x1")
    assert result.exit_code == 2
    assert "hyperliquid can't be reached" in result.stderr
    assert "verysecret" not in result.output

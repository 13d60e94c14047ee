"""Tiers that are brought in: files of ccxt's and freqtrade's form, and an exchange asked through ccxt itself."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from xladdin import cli, tier_files
from xladdin.core import tier_sets
from xladdin.core.errors import UnreadableError, UserError
from xladdin.udfs import LEV_TIERS

TODAY = datetime.date(2026, 11, 26)


def tier(floor: float, rate: float, leverage: float, **more: Any) -> dict[str, Any]:
    """A tier as ccxt and freqtrade write it, with what they write beside the three that count."""
    named = {"minNotional": floor, "maxNotional": None, "maintenanceMarginRate": rate, "maxLeverage": leverage}
    return {"tier": 1.0, "currency": "USDT"} | named | {"info": {"cum": "0.0"}} | more


BTC = [tier(0, 0.004, 125), tier(50000, 0.005, 100)]
ROWS = [[0, 0.004, 125], [50000, 0.005, 100]]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tier_sets, "user_folder", lambda: tmp_path / "tiers")
    tier_sets.read.cache_clear()
    return tmp_path / "tiers"


def written(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize(
    "content",
    [
        {"BTC/USDT:USDT": BTC, "ETH/USDT:USDT": BTC},
        [each | {"symbol": "BTC/USDT:USDT"} for each in BTC],
        {"updated": "2026-11-20 06:00:00+00:00", "data": {"BTC/USDT:USDT": BTC}},
    ],
    ids=["fetchLeverageTiers", "fetchMarketLeverageTiers", "freqtrade's copy"],
)
def test_a_file_of_tiers_is_imported_and_a_cell_has_them(tmp_path: Path, content: Any) -> None:
    path = written(tmp_path, "okx_tiers.json", content)
    os.utime(path, (1763600000, 1763600000))
    outcome = tier_files.import_file(path, None, None)
    assert outcome.path.name == ("okx-2026-11-20.json" if "updated" in content else "okx-2025-11-20.json")
    assert outcome.tables == 1
    assert not outcome.left_out
    assert LEV_TIERS("okx", "BTCUSDT") == ROWS


def test_the_venue_and_the_day_may_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, "today.json", {"BTC/USDT:USDT": BTC})
    with pytest.raises(UserError, match=r"'today\.json' is no venue that is known; name it with --venue: bybit"):
        tier_files.import_file(path, None, None)
    with pytest.raises(UserError, match="'mtgox' is no venue"):
        tier_files.import_file(path, "mtgox", None)
    assert tier_files.import_file(path, "Gate", TODAY).path.name == "gate-2026-11-26.json"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no JSON"),
        ("7", "holds no leverage tiers"),
        ({}, "holds no leverage tiers"),
        ({"BTC/USDT:USDT": {"minNotional": 0}}, "holds no leverage tiers"),
        (BTC, "holds no leverage tiers"),
    ],
)
def test_a_file_of_another_form_is_one_sentence(tmp_path: Path, content: Any, said: str, own: Path) -> None:
    with pytest.raises(UnreadableError, match=said):
        tier_files.import_file(written(tmp_path, "okx.json", content), "okx", None)
    assert not own.exists()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ([tier(0, 0.01, 50), tier(0, 0.02, 20)], "floors that do not rise"),
        ([tier(5, 0.01, 50)], "floors that do not rise"),
        ([tier(0, 0.02, 50), tier(9, 0.01, 20)], "a rate that falls"),
        ([tier(0, 1.5, 50)], "not below 1"),
        ([tier(0, "x", 50)], "could not convert"),
        ([{"minNotional": 0, "maxLeverage": 5}], "tier 1 has no maintenanceMarginRate"),
        ([None], "tier 1 is no object"),
        ([], "no tiers"),
    ],
)
def test_a_symbol_with_bad_tiers_is_left_out_and_said(tmp_path: Path, bad: Any, said: str) -> None:
    path = written(tmp_path, "okx.json", {"BAD/USDT:USDT": bad, "BTC/USDT:USDT": BTC})
    outcome = tier_files.import_file(path, "okx", TODAY)
    assert list(outcome.left_out) == ["BAD/USDT:USDT"]
    assert said in outcome.left_out["BAD/USDT:USDT"]
    assert LEV_TIERS("okx", "BADUSDT") == "#N/A"
    assert LEV_TIERS("okx", "BTCUSDT") == ROWS
    with pytest.raises(UserError, match=r"No symbol of .* has usable tiers; BAD"):
        tier_files.import_file(written(tmp_path, "gate.json", {"BAD/USDT:USDT": bad}), "gate", TODAY)


def test_a_set_that_is_imported_again_is_the_new_one(tmp_path: Path) -> None:
    tier_files.import_file(written(tmp_path, "okx.json", {"BTC/USDT:USDT": BTC}), "okx", TODAY)
    assert LEV_TIERS("okx", "BTCUSDT") == ROWS
    tier_files.import_file(written(tmp_path, "okx.json", {"BTC/USDT:USDT": [tier(0, 0.1, 5)]}), "okx", TODAY)
    assert LEV_TIERS("okx", "BTCUSDT") == [[0, 0.1, 5]]


class _Gate(http.server.BaseHTTPRequestHandler):
    """What Gate answers to a question for its risk limit tiers."""

    def do_GET(self) -> None:
        known = "/futures/usdt/risk_limit_tiers" in self.path
        tiers = [
            {"contract": "BTC_USDT", "tier": 1, "initial_rate": "0.008", "maintenance_rate": "0.004"}
            | {"leverage_max": "125", "risk_limit": "1000000"},
            {"contract": "BTC_USDT", "tier": 2, "initial_rate": "0.01", "maintenance_rate": "0.005"}
            | {"leverage_max": "100", "risk_limit": "2000000"},
        ]
        body = json.dumps(tiers if known else {"label": "NOT_FOUND"}).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def gate() -> Iterator[Any]:
    """ccxt's own Gate, which asks a server on this machine."""
    ccxt = pytest.importorskip("ccxt")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Gate)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    exchange = ccxt.gate({"options": {"defaultType": "swap"}})
    address = f"http://127.0.0.1:{server.server_port}"
    exchange.urls["api"]["public"]["futures"] = address
    market = {"id": "BTC_USDT", "symbol": "BTC/USDT:USDT", "base": "BTC", "quote": "USDT", "settle": "USDT"}
    market |= {"type": "swap", "swap": True, "contract": True, "linear": True, "contractSize": 0.0001, "active": True}
    exchange.set_markets([market | {"spot": False, "future": False, "option": False, "inverse": False, "info": {}}])
    yield exchange
    exchange.session.close()
    server.shutdown()
    server.server_close()


def test_an_exchange_is_asked_through_ccxt(gate: Any) -> None:
    outcome = tier_files.fetch("gate", [], TODAY, gate)
    assert outcome.path.name == "gate-2026-11-26.json"
    assert LEV_TIERS("gate", "BTC_USDT") == [[0, 0.004, 125], [1000000, 0.005, 100]]
    assert "gate through ccxt" in tier_sets.find("gate").source


def test_what_an_exchange_does_not_give_is_one_sentence(gate: Any, own: Path) -> None:
    gate.urls["api"]["public"]["futures"] += "/elsewhere"
    with pytest.raises(UserError, match="gate gave no tiers"):
        tier_files.fetch("gate", ["BTC/USD:BTC"], TODAY, gate)
    gate.has["fetchLeverageTiers"] = False
    with pytest.raises(UserError, match="one symbol at a time: name those you want"):
        tier_files.fetch("gate", [], TODAY, gate)
    gate.has["fetchMarketLeverageTiers"] = False
    with pytest.raises(UserError, match="can't ask gate"):
        tier_files.fetch("gate", [], TODAY, gate)
    with pytest.raises(UserError, match="no venue 'mtgox'"):
        tier_files.fetch("mtgox", [], TODAY)
    assert not own.exists()


def test_a_venue_that_ccxt_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pytest.importorskip("ccxt"), "mexc")
    with pytest.raises(UserError, match="ccxt has no exchange mexc; bring a file"):
        tier_files.fetch("MEXC", [], TODAY)


def test_without_ccxt_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ccxt", None)
    with pytest.raises(UserError, match=r"ccxt is not installed; .* or install it: .*\[exchange\]"):
        tier_files.fetch("mexc", [], TODAY)


def test_binance_gives_its_tiers_to_a_key_alone(own: Path) -> None:
    pytest.importorskip("ccxt")
    with pytest.raises(UserError, match="binance gives its tiers only to a key of yours"):
        tier_files.fetch("binance", [], TODAY, _without_a_key())
    assert not own.exists()


def _without_a_key() -> Any:
    import ccxt

    exchange = ccxt.binanceusdm()
    exchange.set_markets([])
    return exchange


def call(*arguments: str) -> Any:
    return CliRunner().invoke(cli.main, ["tiers", *arguments])


def test_the_commands(tmp_path: Path) -> None:
    path = written(tmp_path, "okx.json", {"BTC/USDT:USDT": BTC, "BAD/USDT:USDT": []})
    said = call("import", str(path), "--venue", "okx", "--date", "2020-01-31")
    assert said.exit_code == 0
    assert "1 symbols with 1 different tables" in said.stderr
    assert "Left out: 1, the first BAD/USDT:USDT: no tiers" in said.stderr
    shown = call("okx", "btc-usdt")
    assert shown.exit_code == 0
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert lines[1:] == [["0", "0.004", "125", "0"], ["50000", "0.005", "100", "50"]]
    assert "okx BTC/USDT:USDT, tiers of 2020-01-31" in shown.stderr
    assert "`xladdin tiers fetch okx`" in shown.stderr, "it is older than 90 days"
    old = call("binance", "BTCUSDT", "--as-of", "2024-12-01")
    assert "tiers of 2024-10-24, 38 days old; source" in old.stderr
    assert old.stdout.split()[5:9] == ["0", "0.004", "125", "0"]
    listed = call()
    assert {line.partition(":")[0] for line in listed.stdout.splitlines()} == {"binance", "okx"}
    for bad, code in ((("okx", "ETHUSDT"), 2), (("nowhere", "BTCUSDT"), 2), (("okx", "BTCUSDT", "--as-of", "x"), 2)):
        failed = call(*bad)
        assert failed.exit_code == code
        assert not failed.stdout
    assert call("import", str(tmp_path / "none.json"), "--venue", "okx").exit_code == 3


def test_the_age_is_said_to_the_day() -> None:
    found = tier_sets.find("binance", datetime.date(2024, 10, 24))
    assert tier_files.aged(found, datetime.date(2025, 1, 22)) == "tiers of 2024-10-24, 90 days old"
    assert "`xladdin tiers fetch binance`" in tier_files.aged(found, datetime.date(2025, 1, 23))

"""Exports in forms that were found in public importers and their tests; the rows are made up."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import call
from support.exports import EXPORTS, report

POSITIONS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "Bybit transaction log: what is paid is negative, and spot has no OPEN or CLOSE": (
        "Bybit transaction log",
        "UID: 1,Company Name: ,Country: \n"
        "Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,"
        "Wallet Balance,Action,Time(UTC)\n"
        "1,USDT,SOLUSDT,TRADE,SELL,2,0,110,0,-0.12,20,19.88,1019.6,CLOSE,2026-03-02 10:00:00\n"
        "1,USDT,SOLUSDT,SETTLEMENT,BUY,--,2,--,-0.3,0,0,-0.3,999.7,SETTLEMENT,2026-03-01 16:00:00\n"
        "1,SOL,SOLUSDT,TRADE,BUY,5,0,100,0,-0.005,5,4.995,4.995,--,2026-03-01 12:00:00\n"
        "1,USDT,SOLUSDT,TRADE,BUY,2,2,100,0,-0.1,0,-0.1,1000,OPEN,2026-03-01 10:00:00\n",
        [{"side": "long", "entry": 100, "exit_price": 110, "quantity": 2, "fees": 0.22, "realised": 19.48}],
    ),
    "Bybit trade history of 2026: lines of funding, the clock before the day": (
        "Bybit trade history",
        "Market,Filled Type,Filled Quantity,Filled Price,Order Price,Fee Rate,Trading Fee,feeCoin,ExecFeeV2,Direction,"
        "Order Type,Transaction ID,Order No.,Transaction Time(UTC+0)\n"
        "SOLUSDT,Trade,2,110,110,0.0005,0.12,USDT,0.12,Short,Limit,a,o,12:00 2026-03-02\n"
        "SOLUSDT,Funding,2,105,0,0.0001,0.3,USDT,0.3,Long,--,f,g,16:00 2026-03-01\n"
        "SOLUSDT,Trade,2,100,100,0.0005,0.1,USDT,0.1,Long,Market,b,p,10:00 2026-03-01\n",
        [{"side": "long", "entry": 100, "exit_price": 110, "quantity": 2, "fees": 0.22, "realised": 19.48}],
    ),
    "Bybit closed P&L of 2026: the profit before costs says the side": (
        "Bybit closed P&L",
        "Market,Order Quantity,Entry Price,Exit Price,Opening Fee,Closing Fee,Funding Fee,Trade Type,Realized P&L,"
        "Trade time\n"
        "SOLUSDT,2,100,110,0.1,0.12,0.3,Trade,19.48,12:00 2026-03-02\n"
        "ADAUSDT,10,5,4.99,0.05,0.0499,0,Trade,0.0001,13:00 2026-03-02\n"
        "XRPUSDT,10,5,4.99,0.05,0.0499,0,Trade,-0.1999,14:00 2026-03-02\n",
        [
            {"symbol": "SOLUSDT", "side": "long", "quantity": 2, "realised": 19.48},
            {"symbol": "ADAUSDT", "side": "short", "quantity": 10, "realised": 0.0001},
            {"symbol": "XRPUSDT", "side": "long", "quantity": 10, "realised": -0.1999},
        ],
    ),
    "OKX position history: contracts by their face value": (
        "OKX position history",
        "Position Create Time,Position Update Time,Business Line,Index,Instrument Name,Margin Mode,Direction,Leverage,"
        "Max Position Quantity,Total Close Quantity,Average Open Price,Average Close Price,Margin Currency,Pnl,Fee,"
        "Funding Fee,Type,Contract Face Value,Contract Multiplier\n"
        "2026-03-01 10:00:00,2026-03-02 10:00:00,Perpetual,SOL-USDT,SOL-USDT-SWAP,Cross,Long,10,20,20,100,110,USDT,20,"
        "-0.2,-0.1,Close position,0.1,1\n",
        [{"symbol": "SOL-USDT-SWAP", "side": "Long", "entry": 100, "quantity": 2, "leverage": 10}],
    ),
    "OKX trading history with trades of spot": (
        "OKX trading history",
        "UID: 1\n"
        "id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,"
        "Position Balance,Balance Change,Balance,Balance Unit\n"
        "1,1,2026-03-01 09:00:00,Spot,SOL-USDT,Buy,2,SOL,100,0,-0.002,SOL,0,0,2,2,SOL\n"
        "2,2,2026-03-01 10:00:00,Perpetual,SOL-USDT-SWAP,Open long,2,cont,100,0,-0.1,USDT,2,2,-0.1,0,USDT\n"
        "3,3,2026-03-02 10:00:00,Perpetual,SOL-USDT-SWAP,Close long,2,cont,110,20,-0.12,USDT,-2,0,19.88,0,USDT\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
    "Bitget position history": (
        "Bitget position history",
        "Futures,Opening time,Average entry price,Average closing price,Closed amount,Closed value,Position Pnl,"
        "Realized PnL,Fees,Opening fee,Closing fee,Closed time\n"
        "SOLUSDT Short\u00b7Cross,2026-03-01 10:00:00,110,100,2SOL,200USDT,20USDT,19.78USDT,0USDT,-0.12USDT,-0.1USDT,"
        "2026-03-02 10:00:00\n",
        [{"symbol": "SOLUSDT", "side": "short", "entry": 110, "quantity": 2, "realised": 19.78}],
    ),
    "Bitget orders: fees that are paid are negative": (
        "Bitget order history",
        "Order ID,Futures,Direction,Avg Price,Filled Qty,Realized PnL,Fee,Order Time,Status\n"
        "1,SOLUSDT,Open long,100,2,0,-0.1,2026-03-01 10:00:00,Filled\n"
        "2,SOLUSDT,Open long,--,0,0,0,2026-03-01 11:00:00,Cancelled\n"
        "3,SOLUSDT,Close long,110,2,20,-0.12,2026-03-02 10:00:00,Filled\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
    "BloFin": (
        "BloFin order history",
        "Underlying Asset,Margin Mode,Leverage,Order Time,Side,Avg Fill,Price,Filled,Total,PNL,PNL%,Fee,Order Options,"
        "Reduce-only,Status\n"
        "SOLUSDT,Isolated,3,03/21/2026 18:02:59,Sell,110 USDT,Market,2 SOL,2 SOL,20 USDT,1%,0.12 USDT,GTC,Y,Filled\n"
        "SOLUSDT,Isolated,3,03/20/2026 18:02:59,Buy,100 USDT,Market,2 SOL,2 SOL,--,--,0.1 USDT,GTC,N,Filled\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
    "MEXC": (
        "MEXC futures orders",
        "UID,Time(UTC+08:00),Futures Trading Pair,Direction,Leverage,Order Type,Order Quantity,Filled Qty(Crypto),"
        "Filled Qty (Cont.),Order Price,Avg Filled Price,Closing PNL,Trading Fee,Status\n"
        "1,2026-03-01 10:00:00,SOL_USDT,buy long,10,limit,2,2,20,100,100,0,0.1,Completed\n"
        "1,2026-03-02 10:00:00,SOL_USDT,sell long,10,limit,2,2,20,110,110,20,0.12,Completed\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
    "Binance spot, its coins behind the numbers": (
        "Binance spot trade history",
        "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n"
        "2026-03-02 10:00:00,SOLUSDT,SELL,110.00,2SOL,220USDT,0.12USDT\n"
        "2026-03-01 10:00:00,SOLUSDT,BUY,100.00,2SOL,200USDT,0.1USDT\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
    "Binance orders, some of them cancelled": (
        "Binance order history",
        "Date(UTC),OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
        "2026-03-02 10:00:00,2,SOLUSDT,LIMIT,SELL,110,2SOL,2026-03-02 10:00:00,2SOL,110,220USDT,FILLED\n"
        "2026-03-01 11:00:00,3,SOLUSDT,LIMIT,BUY,90,2SOL,2026-03-01 11:00:00,0SOL,0,0USDT,CANCELED\n"
        "2026-03-01 10:00:00,1,SOLUSDT,LIMIT,BUY,100,2SOL,2026-03-01 10:00:00,2SOL,100,200USDT,FILLED\n",
        [{"side": "long", "entry": 100, "quantity": 2, "realised": 20}],
    ),
    "KuCoin spot, in another zone": (
        "KuCoin spot orders",
        "UID,Account Type,Order ID,Symbol,Side,Order Type,Avg. Filled Price,Filled Amount,Filled Volume,"
        "Filled Volume (USDT),Filled Time(UTC+02:00),Fee,Maker/Taker,Fee Currency\n"
        "1,main,1,SOL-USDT,BUY,LIMIT,100,2,200,200,2026-03-01 10:00:00,0.1,TAKER,USDT\n"
        "1,main,2,SOL-USDT,SELL,LIMIT,110,2,220,220,2026-03-02 10:00:00,0.12,TAKER,USDT\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
    "Kraken": (
        "Kraken trades",
        "txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers\n"
        "T1,O1,SOLUSD,2026-03-01 10:00:00.1234,buy,limit,100,200,0.1,2,0,,L1\n"
        "T2,O2,SOLUSD,2026-03-02 10:00:00.1234,sell,limit,110,220,0.12,2,0,,L2\n",
        [{"side": "long", "entry": 100, "quantity": 2, "fees": 0.22, "realised": 19.78}],
    ),
}


@pytest.mark.parametrize("case", POSITIONS)
def test_positions_come_out_of_each_form(tmp_path: Path, case: str) -> None:
    name, text, expected = POSITIONS[case]
    table = tmp_path / "t.csv"
    table.write_text(text, encoding="utf-8")
    result, made = report(table, tmp_path)
    assert f"read as: {name}." in result.output
    assert len(made) == len(expected), result.output
    for found, wanted in zip(made, expected, strict=True):
        assert {key: found[key] for key in wanted} == {
            key: pytest.approx(value, rel=1e-12) if isinstance(value, (int, float)) else value
            for key, value in wanted.items()
        }


def _saved_anew(folder: Path, rows: list[list[str]]) -> Iterator[Path]:
    """The rows in the forms in which people and programs save them again."""

    def text(name: str, separator: str, encoding: str, lines: list[list[str]] = rows, quoting: int = 0) -> Path:
        with (folder / name).open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=separator, quoting=quoting).writerows(lines)
        return folder / name

    def sheet(name: str, cell: Callable[[str], Any]) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append([cell(value) for value in row])
        book.save(folder / name)
        return folder / name

    def typed(value: str) -> Any:
        for kind in (float, lambda each: datetime.datetime.strptime(each, "%Y-%m-%d %H:%M:%S")):
            try:
                return kind(value)
            except ValueError:
                pass
        return value or None

    quoted = text("quoted.csv", ",", "utf-8", quoting=csv.QUOTE_ALL)
    yield quoted
    yield text("semicolons.csv", ";", "utf-8-sig")
    yield text("tabs.csv", "\t", "utf-16")
    yield text("tabs.tsv", "\t", "utf-8")
    yield text("titled.csv", ",", "utf-8", [["Export of mine"], [], *rows, [], [""] * len(rows[0])])
    (folder / "packed.csv.gz").write_bytes(gzip.compress(quoted.read_bytes()))
    yield folder / "packed.csv.gz"
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.write(quoted, "export.csv")
    yield folder / "packed.zip"
    yield sheet("texts.xlsx", lambda value: value or None)
    yield sheet("numbers.xlsx", typed)


def _as_understood(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """What a table is known as, and its first rows in our words: numbers as such, whatever they were written as."""
    found = json.loads(call("check", path, "--json").stdout)
    return found["source"], [{name: _value(value) for name, value in row.items() if value} for row in found["rows"]]


def _value(value: Any) -> Any:
    try:
        return pytest.approx(float(value), rel=1e-14)
    except ValueError:
        return value


ANEW = {case: text for case, (_, text, _) in POSITIONS.items()} | {
    name: (EXPORTS / name).read_text("utf-8-sig")
    for name in (
        "binance-position-history.csv",
        "binance-trade-history.csv",
        "bybit-closed-pnl.csv",
        "ccxt-positions.csv",
        "hyperliquid-trades.csv",
        "okx-trading-history.csv",
        "paradex-fills.csv",
    )
}


@pytest.mark.parametrize("case", ANEW)
def test_it_may_have_been_saved_anew(tmp_path: Path, case: str) -> None:
    (tmp_path / "as_it_came.csv").write_text(ANEW[case], encoding="utf-8")
    source, understood = _as_understood(tmp_path / "as_it_came.csv")
    assert source
    assert understood
    lines = [row for row in csv.reader(io.StringIO(ANEW[case])) if row]
    for path in _saved_anew(tmp_path, lines):
        assert _as_understood(path) == (source, understood), path.name


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (
            "Order ID,Instrument,Order Type,Side,Avg Fill Price,Filled Quantity,PnL,Fee,Order Time",
            "5,SOL-USDT-SWAP,limit,buy,100,10,20,-0.3,2026-03-01 10:00:00",
            "read as: OKX order history, orders counted in contracts of a size that it does not say",
        ),
        (
            "UID,Account Type,Order ID,Order Time(UTC+08:00),Symbol,Side,Order Type,Order Price,Order Quantity,"
            "Avg. Filled Price,Filled Quantity,Filled Volume,Fee,Fee Currency,Status",
            "1,f,1,2026-03-01 10:00:00,XBTUSDTM,buy,limit,60000,100,60000,100,6000,3.6,USDT,done",
            "read as: KuCoin futures orders, orders counted in contracts",
        ),
        (
            "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark",
            "1,2026-03-01 10:00:00,USD-MFutures,Fee,USDT,-0.5,",
            "read as: Binance account statement, an account's changes: no positions in it; Fee -0.5 USDT",
        ),
        (
            "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance",
            "L,T,2026-03-01 10:00:00,trade,,currency,ZUSD,-6000,9.6,1000",
            "read as: Kraken ledgers",
        ),
        (
            "Transaction,Type,Currency,Amount,USD Equivalent,Details,Outstanding Loan,Date / Time",
            "NX,Interest,USDT,1.5,$1.5,approved,$0.00,2026-03-01 10:00:00",
            "read as: Nexo transactions, interest and transfers: no loan and no position in it; Interest 1.5 USDT",
        ),
        (
            "time,pnl,side,contract,text,max_size,first_open_time,long_price,short_price",
            "1700000000,12.5,long,BTC_USDT,web,10,1699990000,60000,61000",
            "read as: Gate closed positions (API), positions counted in contracts",
        ),
        (
            "Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,"
            "Wallet Balance,Action,Time",
            "SOL,SOLUSDT,TRADE,BUY,5,0,100,0,-0.005,5,4.995,4.995,--,2026-03-01 12:00:00",
            "read as: Bybit transaction log, has no fills of futures, only TRADE --.",
        ),
    ],
)
def test_what_has_no_positions_is_said_in_one_sentence(tmp_path: Path, header: str, row: str, words: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"{header}\n{row}\n")
    result = call("check", table, "--template", "positions")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert words in result.stderr


def test_blank_last_lines_of_an_export_are_no_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text((EXPORTS / "bybit-closed-pnl.csv").read_text("utf-8") + ",,,,,,,,,\n\n", "utf-8")
    result = call("check", tmp_path / "t.csv", "--template", "trading-journal")
    assert result.exit_code == 0
    assert "rows that can be used: 2, rejected: 0" in result.stdout
    assert "Closed 2026-02-05 10:05:40, Entry 0.63," in result.stdout, "a day is shown as one"

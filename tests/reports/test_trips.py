"""Fills become positions: from flat to flat, with what they earned."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import call
from support.exports import fills, positions, report


def test_fills_from_the_newest_to_the_oldest_with_a_turn_from_long_to_short(tmp_path: Path) -> None:
    """3 bought at 100 and 110, 5 sold at 120: 3 earn 3 * (120 - 316.666/3), and 2 are a short at 120."""
    path = fills(
        tmp_path / "t.csv",
        [
            "2026-01-02 09:00:00,XUSDT,BUY,118,2,236,0.2USDT,4",
            "2026-01-01 10:00:00,XUSDT,SELL,120,5,600,0.5USDT,50",
            "2026-01-01 09:00:01,XUSDT,BUY,110,1,110,0.1USDT,0",
            "2026-01-01 09:00:00,XUSDT,BUY,100,2,200,0.2USDT,0",
        ],
    )
    long, short = positions(path)
    assert (long["side"], long["quantity"], long["exit_price"], long["status"]) == ("long", 3, 120, "closed")
    assert long["entry"] == pytest.approx(310 / 3, rel=1e-15)
    assert long["realised"] == pytest.approx(50 - 0.2 - 0.1 - 0.3, rel=1e-14)
    assert (short["side"], short["quantity"], short["entry"], short["exit_price"]) == ("short", 2, 120, 118)
    assert short["realised"] == pytest.approx(4 - 0.2 - 0.2, rel=1e-14)


def test_a_fill_that_closes_what_is_not_there_is_refused(tmp_path: Path) -> None:
    path = fills(tmp_path / "t.csv", ["2026-01-01 09:00:00,XUSDT,SELL,120,1,120,0.1USDT,7"])
    result, made = report(path, tmp_path)
    assert (result.exit_code, made) == (3, [])
    assert "line 2: the fill closes a position in XUSDT that no line before it opens" in result.stderr


@pytest.mark.parametrize(("last", "is_told"), [("0.4", True), ("0.1", False)])
def test_of_fills_that_do_not_say_what_closes_an_open_end_is_a_doubt(last: str, is_told: bool, tmp_path: Path) -> None:
    """A list may begin in the middle of a position, of which it then makes another that never was."""
    path = tmp_path / "t.csv"
    path.write_text(
        "time,symbol,side,price,quantity,fee\n2026-11-01 10:00,XUSDT,SELL,120,0.1,2\n"
        f"2026-11-02 10:00,XUSDT,BUY,110,{last},8\n"
    )
    result = call("report", path, "--template", "trading-journal", "--into", tmp_path / "j.xlsx", "--quiet")
    told = "no line says whether it opens or closes; what is open at the end, XUSDT long 0.3, is right where nothing"
    assert (result.exit_code, told in result.stderr) == (0, is_told), result.stderr


def test_a_profit_that_is_not_the_venues_own_is_told(tmp_path: Path) -> None:
    path = fills(
        tmp_path / "t.csv",
        ["2026-01-01 09:00:00,XUSDT,BUY,100,1,100,0,0", "2026-01-01 10:00:00,XUSDT,SELL,120,1,120,0,19"],
    )
    assert (
        "the fills of XUSDT earn 20.00, and Binance futures trade history says 19.00"
        in report(path, tmp_path)[0].stderr
    )


def test_the_venues_profit_of_a_fill_that_turns_a_position_is_that_of_what_it_closes(tmp_path: Path) -> None:
    path = fills(
        tmp_path / "t.csv",
        [
            "2026-01-01 09:00:00,XUSDT,BUY,100,1,100,0,0",
            "2026-01-01 10:00:00,XUSDT,SELL,120,2,240,0,20",
            "2026-01-01 11:00:00,XUSDT,BUY,110,1,110,0,10",
        ],
    )
    told, made = report(path, tmp_path)
    assert [row["realised"] for row in made] == [20, 10]
    assert "earn" not in told.stderr


def test_fills_of_an_inverse_contract_earn_coins(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    header = "symbol,side,execPrice,execQty,execFee,execTime\n"
    path.write_text(
        f"{header}BTCUSD,Buy,50000,10000,0.0001,1767225600000\nBTCUSD,Sell,40000,10000,0.0001,1767225601000\n"
    )
    (found,) = positions(path)
    assert found["realised"] == pytest.approx(10000 * (1 / 50000 - 1 / 40000) - 0.0002, rel=1e-13)
    assert found["contract"] == "inverse"


def test_contracts_of_a_size_that_a_file_does_not_say_are_not_read(tmp_path: Path) -> None:
    path = fills(tmp_path / "t.csv", ["2026-01-01 09:00:00,BTCUSD_PERP,BUY,50000,10,0,0,0"])
    result, made = report(path, tmp_path)
    assert (result.exit_code, made) == (3, [])
    assert "BTCUSD_PERP is counted in contracts of a size that the file does not say" in result.stderr
    path.write_text("symbol,currentQty,avgEntryPrice,markPrice,leverage\nXBTUSD,-500,60000,61000,5\nETHUSD,3,1,1,5\n")
    result, made = report(path, tmp_path)
    assert [(row["symbol"], row["side"], row["quantity"]) for row in made] == [("XBTUSD", "short", 500)]
    assert "line 3, column quantity: found ''; it is blank and needed" in result.stderr


def test_a_long_and_a_short_of_one_symbol_are_two_in_hedge_mode(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "symbol,side,price,qty,realizedPnl,commission,time,positionSide\n"
        "X,BUY,100,1,0,0,1767225600000,LONG\nX,SELL,101,1,0,0,1767225601000,SHORT\n"
        "X,SELL,103,1,3,0,1767225602000,LONG\nX,BUY,99,1,2,0,1767225603000,SHORT\n"
    )
    assert [(row["side"], row["realised"]) for row in positions(path)] == [("long", 3), ("short", 2)]


def test_funding_among_the_fills_is_the_positions(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    header = "id,Time,Trade Type,Symbol,Action,Amount,Filled Price,PnL,Fee,Position Change,Balance Change"
    path.write_text(
        f"{header}\n1,2026-01-01 00:00:00,Perpetual,X,Open long,1,100,0,-0.1,1,-0.1\n"
        "2,2026-01-01 08:00:00,Perpetual,X,Funding fee expense,1,100,0,0,0,-0.5\n"
        "3,2026-01-02 00:00:00,Perpetual,X,Close long,1,110,10,-0.1,-1,9.9\n"
    )
    (found,) = positions(path)
    assert (found["funding"], found["realised"]) == (-0.5, pytest.approx(9.3, rel=1e-14))


def test_fees_in_another_coin_are_told_and_left_out(tmp_path: Path) -> None:
    path = fills(
        tmp_path / "t.csv",
        ["2026-01-01 09:00:00,XUSDT,BUY,100,1,100,0.001BNB,0", "2026-01-01 10:00:00,XUSDT,SELL,120,1,120,0.1USDT,20"],
    )
    result, (made,) = report(path, tmp_path)
    assert made["realised"] == pytest.approx(19.9, rel=1e-14)
    assert "fees in BNB are not taken off the realised profit" in result.stderr


def test_ccxts_trades_with_a_fee_as_a_dictionary_or_as_nonsense(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    header = "timestamp,datetime,symbol,side,takerOrMaker,price,amount,cost,fee\n"
    fee = "\"{'cost': 0.1, 'currency': 'USDT'}\""
    rows = "1767225600000,,X/USDT:USDT,buy,taker,100,10,100,{0}\n1767225601000,,X/USDT:USDT,sell,maker,110,10,110,{0}\n"
    path.write_text(header + rows.format(fee))
    (found,) = positions(path)
    assert (found["quantity"], found["realised"]) == (1, pytest.approx(9.8, rel=1e-13))
    path.write_text(header + rows.format("much"))
    assert "column fee: found 'much'; allowed is a number" in report(path, tmp_path)[0].stderr


def test_a_log_from_the_newest_line_with_months_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Date,Instrument,Type,Side,Amount,Price,Fee Charged,Cash Flow\n"
        "27 Mar 2026 08:00:01,BTC-PERPETUAL,trade,close sell,1000,50000,0.000001,0\n"
        "26 Mar 2026 08:00:01,BTC-PERPETUAL,settlement,-,0,0,0,0\n"
        "25 Mar 2026 08:00:01,BTC-27MAR26-80000-C,trade,open buy,1,0.1,0,0\n"
        "24 Mar 2026 08:00:01,BTC-PERPETUAL,trade,open buy,1000,40000,0.000001,0\n"
    )
    (found,) = positions(path)
    assert (found["side"], found["entry"], found["exit_price"], found["contract"]) == ("long", 40000, 50000, "inverse")
    assert found["realised"] == pytest.approx(1000 * (1 / 40000 - 1 / 50000) - 0.000002, rel=1e-12)


HYPERLIQUID_DAYS = """time,coin,dir,px,sz,ntl,fee,closedPnl
3/2/2026 - 10:00:00,BTC,Sell,66000,1,66000,7,0
2/3/2026 - 11:00:00,BTC,Buy,65000,1,65000,7,0
"""


@pytest.mark.parametrize(("said", "side"), [("dmy", "short"), ("mdy", "long")])
def test_fills_whose_order_hangs_on_the_day_are_asked_about(said: str, side: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(HYPERLIQUID_DAYS)
    refused, _ = report(table, tmp_path)
    assert refused.exit_code == 3
    assert "say which with --dates dmy or --dates mdy" in refused.output
    taken, made = report(table, tmp_path, "--dates", said)
    assert taken.exit_code == 0, taken.output
    assert made[0]["side"] == side

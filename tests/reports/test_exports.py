"""Exports in the form in which venues write them: a person's own numbers come out, or one sentence."""

from __future__ import annotations

import csv
import math
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import polars
import pytest
from click.testing import CliRunner, Result
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from xladdin.cli import main
from xladdin.reports import exports, trips
from xladdin.reports.table import open_table

HERE = Path(__file__).parent
EXPORTS = HERE / "exports"
FIELDS = (
    *("symbol", "side", "entry", "quantity", "exit_price", "realised", "client", "margin_mode", "profit", "leverage"),
    *("price", "maintenance_margin_rate", "fees", "funding"),
)
NEEDED = ("side", "entry", "quantity")
SAID = {
    "thousand-dots.csv": ("--decimal", ","),
    "bot-log.tsv": ("--set", "quantity=1"),
}


def template(path: Path) -> Path:
    """A workbook with a name for every field; side, entry and quantity are needed, the rest may be blank."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for row, name in enumerate(FIELDS, 1):
        book.defined_names[name] = DefinedName(name, attr_text=f"S!$B${row}")
        if name in ("client", "symbol", "margin_mode"):
            rule = DataValidation(type="textLength", operator="lessThan", formula1="99")
        elif name == "side":
            rule = DataValidation(type="list", formula1='"long,short"')
        else:
            rule = DataValidation(type="decimal", operator="greaterThan", formula1="-1000000000")
        rule.allow_blank = name not in NEEDED
        rule.add(f"B{row}")
        sheet.add_data_validation(rule)
    sheet["B20"] = "=B3*B4"
    book.defined_names["value"] = DefinedName("value", attr_text="S!$B$20")
    book.save(path)
    return path


def report(table: Path, folder: Path, *options: str) -> tuple[Result, list[dict[str, Any]]]:
    """The command, and the fields of each report."""
    out = folder / "out"
    given = ["report", str(table), "--template", str(template(folder / "own.xlsx")), "--out", str(out), *options]
    result = CliRunner().invoke(main, given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    made = []
    for path in sorted(out.glob("report-*.xlsx"), key=lambda path: int(path.stem.partition("-")[2])):
        sheet = openpyxl.load_workbook(path)["S"]
        made.append({name: sheet.cell(row, 2).value for row, name in enumerate(FIELDS, 1)})
    return result, made


def expected() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (EXPORTS / "expected.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], []).append(row)
    return found


@pytest.mark.parametrize("name", [name for name, rows in expected().items() if rows[0]["side"]])
def test_what_an_export_says_comes_out(tmp_path: Path, name: str) -> None:
    result, made = report(EXPORTS / name, tmp_path, *SAID.get(name, ()))
    assert len(made) == len(expected()[name]), result.stderr
    names = {"exit": "exit_price", "realised_after_fees": "realised"}
    for row, found in zip(expected()[name], made, strict=True):
        for field in ("symbol", "side", "entry", "quantity", "exit", "realised_after_fees"):
            value = found[names.get(field, field)]
            if not row[field]:
                continue
            if field in ("symbol", "side"):
                assert str(value).casefold() == row[field].casefold()
            else:
                assert value == pytest.approx(float(row[field]), rel=1e-14)
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kraken-futures-log.csv", ["Kraken futures account log", "funding paid 0.0002 ETH", "fee 0.0004 ETH"]),
        ("nexo.csv", ["interest", "no loan and no position"]),
        ("thousand-dots.csv", ["'65.000'", "--decimal"]),
    ],
)
def test_what_has_no_position_or_two_meanings_is_refused_in_one_sentence(
    tmp_path: Path, name: str, said: list[str]
) -> None:
    result, made = report(EXPORTS / name, tmp_path)
    assert (result.exit_code, made, result.stderr.count("\n")) == (3, [], 1)
    assert all(words in result.stderr for words in said)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("mark", "entry"), [(",", 65000), (".", 65)])
def test_a_number_of_two_meanings_is_read_as_it_was_said(tmp_path: Path, mark: str, entry: float) -> None:
    _, ((made),) = report(EXPORTS / "thousand-dots.csv", tmp_path, "--decimal", mark)
    assert made["entry"] == entry


def test_what_else_the_exports_hold(tmp_path: Path) -> None:
    _, first = report(EXPORTS / "binance-position-history.csv", tmp_path)
    assert [(row["margin_mode"], row["profit"]) for row in first] == [("Cross", 17.4), ("Isolated", -38.4)]
    (tmp_path / "two").mkdir()
    _, second = report(EXPORTS / "ccxt-positions.csv", tmp_path / "two")
    assert (second[0]["price"], second[0]["leverage"], second[0]["maintenance_margin_rate"]) == (1.71, 10, 0.0065)
    (tmp_path / "three").mkdir()
    _, third = report(EXPORTS / "latin1.csv", tmp_path / "three")
    assert third[0]["client"] == "M\u00fcller & S\u00f6hne"
    (tmp_path / "four").mkdir()
    result, fourth = report(EXPORTS / "titled.csv", tmp_path / "four")
    assert fourth[0]["leverage"] == 10
    assert "taken for no row: line 6 (Total)" in result.stderr


def fills(path: Path, rows: list[str]) -> Path:
    header = "Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def positions(path: Path) -> list[dict[str, Any]]:
    table = open_table(path)
    source = exports.recognised(table)
    assert source is not None
    return [row for frame in trips.positions_of(table, source).frames(100) for row in frame.data.iter_rows(named=True)]


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


def test_a_profit_that_is_not_the_venues_own_is_told(tmp_path: Path) -> None:
    path = fills(
        tmp_path / "t.csv",
        ["2026-01-01 09:00:00,XUSDT,BUY,100,1,100,0,0", "2026-01-01 10:00:00,XUSDT,SELL,120,1,120,0,19"],
    )
    assert (
        "the fills of XUSDT earn 20.00, and Binance futures trade history says 19.00"
        in report(path, tmp_path)[0].stderr
    )


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


SOURCES = sorted(path.stem for path in (Path(exports.__file__).parent / "sources").glob("*.toml"))


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_known_by_its_own_header_and_by_no_other(name: str) -> None:
    source = exports.read_source(Path(exports.__file__).parent / "sources" / f"{name}.toml")
    header = [names[0] for names in source.header]
    known = [each for each in exports.sources() if each.knows(header)]
    assert max(known, key=lambda each: len(each.header)).name == source.name
    if source.kind == "fills":
        found = source.found_in(header)
        assert {"symbol", "direction", "price", "quantity"} <= set(found)


def test_a_user_adds_a_source_with_a_file_of_his_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    text = 'name = "My broker"\nkind = "positions"\nheader = ["Wert", "Kaufkurs", "Stk"]\n'
    text += '[columns]\nsymbol = "Wert"\nentry = "Kaufkurs"\nquantity = { column = "Stk", absolute = true }\n'
    text += 'side = { column = "Stk", as_text = "side" }\n'
    assert tomllib.loads(text)
    (folder / "broker.toml").write_text(text)
    monkeypatch.setenv(exports.OF_USERS, str(folder))
    exports.sources.cache_clear()
    table = tmp_path / "t.csv"
    table.write_text("Wert,Kaufkurs,Stk\nABC,5.5,-3\n")
    try:
        result, (made,) = report(table, tmp_path)
    finally:
        exports.sources.cache_clear()
    assert "read as: My broker." in result.stderr
    assert (made["side"], made["quantity"], made["entry"]) == ("short", 3, 5.5)


def test_an_inverse_position_is_rejected_where_the_workbook_knows_no_contract(tmp_path: Path) -> None:
    table = open_table(EXPORTS / "ccxt-positions.csv")
    source = exports.recognised(table)
    assert source is not None
    frame = next(exports.in_our_words(table, source).frames(10))
    assert frame.data["contract"].to_list() == ["linear", "inverse"]
    assert math.isclose(frame.data["quantity"].to_list()[1], 10000)
    arguments = ["report", str(EXPORTS / "ccxt-positions.csv"), "--template", "positions"]
    result = CliRunner().invoke(main, [*arguments, "--into", str(tmp_path / "one.xlsx")])
    assert "1 row in" in result.stderr
    assert "line 3, column contract: found 'inverse'" in result.stderr


@pytest.mark.parametrize(
    ("rates", "options", "read"),
    [
        (["0.4"], (), None),
        (["0.4", "0.5"], (), None),
        (["0.4", "1"], (), [0.004, 0.01]),
        (["0.4", "0.005"], (), [0.4, 0.005]),
        (["0.4%"], (), [0.004]),
        (["0.4"], ("--map", "mmr=maintenance_margin_rate (%)"), [0.004]),
        (["0.4"], ("--map", "mmr=maintenance_margin_rate (fraction)"), [0.4]),
    ],
)
def test_a_rate_is_a_fraction_or_in_percent_as_all_rows_say(
    tmp_path: Path, rates: list[str], options: tuple[str, ...], read: list[float] | None
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,entry,quantity,mmr\n" + "".join(f"long,1,1,{rate}\n" for rate in rates))
    result, made = report(table, tmp_path, *options)
    if read is None:
        assert result.exit_code == 3
        assert "which can be" in result.stderr
    else:
        assert [row["maintenance_margin_rate"] for row in made] == pytest.approx(read, rel=1e-15)


@pytest.mark.parametrize(
    ("header", "cell", "read"), [("MMR %", "0.65", 0.0065), ("MMR (bps)", "65", 0.0065), ("mmr", "0.65%", 0.0065)]
)
def test_a_header_says_its_unit(tmp_path: Path, header: str, cell: str, read: float) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,quantity,{header}\nlong,1,1,{cell}\n")
    _, (made,) = report(table, tmp_path)
    assert made["maintenance_margin_rate"] == pytest.approx(read, rel=1e-15)


@pytest.mark.parametrize(
    ("side", "quantity", "read"),
    [
        ("BUY", "2", ("long", 2)),
        ("Sell", "2", ("short", 2)),
        ("1", "2", ("long", 2)),
        ("-1", "2", ("short", 2)),
        ("Close Long", "2", ("long", 2)),
        ("Open Short", "2", ("short", 2)),
        ("short", "-2", ("short", 2)),
        ("BOTH", "-2", ("short", 2)),
        ("both", "2 BTC", ("long", 2)),
        ("SHORT", "(2)", ("SHORT", 2)),
    ],
)
def test_a_side_as_venues_say_it(tmp_path: Path, side: str, quantity: str, read: tuple[str, float]) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f'direction,avg price,size\n{side},"1,055.81",{quantity}\n')
    _, (made,) = report(table, tmp_path)
    assert (made["side"], made["quantity"], made["entry"]) == (*read, 1055.81)


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


def test_a_workbook_for_fills_gets_fills(tmp_path: Path) -> None:
    """One that has the columns of an export under their own names is for what the export holds itself."""
    book = openpyxl.Workbook()
    names = ("Time", "Symbol", "Side", "Price", "Quantity", "Fee")
    for row, name in enumerate(names, 1):
        book.active.cell(row, 2, "x")
        book.defined_names[name] = DefinedName(name, attr_text=f"Sheet!$B${row}")
    book.save(tmp_path / "fills.xlsx")
    arguments = ["report", str(EXPORTS / "binance-trade-history.csv"), "--template", str(tmp_path / "fills.xlsx")]
    result = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "out")])
    assert "3 reports and a summary" in result.stdout


@pytest.mark.parametrize("header", ["Size (USDT)", "Qty (Cont)", "quantity [$]", "Size (k BTC)"])
def test_a_quantity_in_another_unit_is_asked_about(header: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,{header}\nlong,65000,1000\n")
    refused, _ = report(table, tmp_path)
    assert refused.exit_code == 3
    assert f"line 1: the column '{header}' is in" in refused.output
    taken, made = report(table, tmp_path, "--map", f"{header}=quantity")
    assert taken.exit_code == 0, taken.output
    assert made[0]["quantity"] == 1000


def test_a_price_in_thousands_is_asked_about_and_one_with_a_currency_is_not(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,Entry Price (k USDT),Size (BTC)\nlong,65,1\n")
    refused, _ = report(table, tmp_path)
    assert refused.exit_code == 3
    assert "is in k USDT, which is not what the input entry" in refused.output
    table.write_text("side,Entry Price (USDT),Size (BTC)\nlong,65000,1\n")
    taken, made = report(table, tmp_path)
    assert taken.exit_code == 0, taken.output
    assert made[0]["entry"] == 65000


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


def test_a_list_in_a_cell_is_shown_as_one(tmp_path: Path) -> None:
    table = tmp_path / "t.parquet"
    polars.DataFrame({"side": ["long"], "entry": [[1.0, 2.0]], "quantity": [1.0]}).write_parquet(table)
    refused, _ = report(table, tmp_path)
    assert "line 1, column entry: found '[1.0, 2.0]'; allowed is" in refused.output


@pytest.mark.parametrize(
    ("column", "cell", "unit"),
    [
        ("quantity", "1000 USDT", "USDT"),
        ("quantity", "$1000", "$"),
        ("quantity", "USD 1000", "USD"),
        ("quantity", '"1,000.5 EUR"', "EUR"),
        ("quantity", "5 CONT", "CONT"),
        ("fees", "3 BNB", "BNB"),
    ],
)
def test_a_unit_in_a_cell_that_is_not_the_inputs_is_asked_about(
    column: str, cell: str, unit: str, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    row = {"side": "long", "entry": "65000 USDT", "quantity": "2 BTC", "fees": "1.5 USDT"}
    good, bad = ",".join(row.values()), ",".join((row | {column: cell}).values())
    table.write_text(f"{','.join(row)}\n{good}\n{bad}\n")
    result, made = report(table, tmp_path)
    assert (result.exit_code, [(each["entry"], each["quantity"], each["fees"]) for each in made]) == (
        1,
        [(65000, 2, 1.5)],
    )
    assert f"line 3, column {column}: found" in result.stderr
    assert f"{unit} is not what the input {column} counts" in result.stderr
    (tmp_path / "said").mkdir()
    result, made = report(table, tmp_path / "said", "--map", f"{column}={column}")
    assert (result.exit_code, len(made)) == (0, 2), result.stderr


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["65000 USD,,", "65000 JPY,,"], "column entry: found '65000 USD' and '65000 JPY', which are two currencies"),
        (["$65000,,", "\u20ac65000,,"], "column entry: found"),
        (["65000 USDT,9000000 JPY,"], "columns entry and exit_price: found '65000 USDT' and '9000000 JPY'"),
        (["65000 USDT,,1 EUR"], "columns entry and fees: found"),
        (["65000 USDT,65000 USDC,1 USD", "$5,,"], ""),
        (["0.05 BTC,0.06 BTC,", "65000,,"], ""),
    ],
)
def test_prices_and_fees_of_one_table_are_in_one_currency(rows: list[str], said: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    lines = [f"long,1,{row}" for row in rows]
    table.write_text("\n".join(["side,quantity,entry,exit_price,fees", *lines]) + "\n", encoding="utf-8")
    result, made = report(table, tmp_path)
    if said:
        assert (result.exit_code, made, result.stderr.count("\n")) == (3, [], 1)
        assert said in result.stderr
    else:
        assert (result.exit_code, len(made)) == (0, len(rows)), result.stderr

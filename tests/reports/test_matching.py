"""Columns to inputs: by the units in their headers, and by what was said."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from support.books import make_portfolio
from support.command import call
from support.exports import report


@pytest.mark.parametrize(
    ("header", "cell", "read"),
    [
        ("MMR %", "0.65", 0.0065),
        ("MMR%", "0.65", 0.0065),
        ("MMR in %", "0.65", 0.0065),
        ('"MMR, %"', "0.65", 0.0065),
        ("mmr_pct", "0.65", 0.0065),
        ("MMR bps", "65", 0.0065),
        ("MMR (bps)", "65", 0.0065),
        ("mmr", "0.65%", 0.0065),
    ],
)
def test_a_header_says_its_unit(tmp_path: Path, header: str, cell: str, read: float) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,quantity,{header}\nlong,1,1,{cell}\n")
    _, (made,) = report(table, tmp_path)
    assert made["maintenance_margin_rate"] == pytest.approx(read, rel=1e-15)


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


def test_what_was_said_of_columns_is_kept_on_wish(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "template.xlsx")
    table = tmp_path / "t.csv"
    table.write_text("ding,a,b,c\nBTC,1,2,3\n")
    said = ["--map", "ding=Coin", "--map", "a=entry", "--map", "b=quantity", "--map", "c=price"]
    arguments = ["report", table, "--template", template, "--into"]
    assert call(*arguments, tmp_path / "one.xlsx").exit_code == 3
    assert call(*arguments, tmp_path / "two.xlsx", *said, "--keep-map").exit_code == 0
    assert call(*arguments, tmp_path / "three.xlsx").exit_code == 0
    assert (tmp_path / "two.xlsx").read_bytes() == (tmp_path / "three.xlsx").read_bytes()
    (tmp_path / "t.csv.map.toml").write_text("columns = 3\n")
    assert "t.csv.map.toml says no columns and inputs" in call(*arguments, tmp_path / "four.xlsx").stderr
    for wrong, words in (("x", "says no column and input"), ("nix=entry", "that"), ("a=nix", "names an input 'nix'")):
        (tmp_path / "t.csv.map.toml").unlink(missing_ok=True)
        result = call(*arguments, tmp_path / "five.xlsx", "--map", wrong)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert words in result.stderr


PLANNER = "side,entry,amount,leverage,stop,target"


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        ("side,entry,amount,leverage,SL %,target", "long,100,10,5,2,120", "the column 'SL %' is in %"),
        (PLANNER, "long,100,10,5,2%,120", "column stop: found '2%'; % is not what the input stop counts"),
        (f"{PLANNER},open fee (USDT)", "long,100,10,5,90,120,0.02", "the column 'open fee (USDT)' is in USDT"),
        (
            "side,Entry (EUR),amount,leverage,Stop (USDT),target",
            "long,100,10,5,90,120",
            "the column 'Entry (EUR)' is in EUR, which is not what the input entry of futures-planner.xlsx counts; "
            "allowed is USDT or another dollar",
        ),
        (
            "side,entry,amount,leverage,stop,target",
            "long,100 USD,10,5,90 EUR,120",
            "found '100 USD' and '90 EUR', which are two currencies",
        ),
    ],
)
def test_a_unit_that_an_input_has_not_is_asked_about(tmp_path: Path, header: str, row: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(f"{header}\n{row}\n")
    result = call("report", tmp_path / "t.csv", "--template", "futures-planner", "--out", tmp_path / "out")
    assert words in result.stderr
    assert not list((tmp_path / "out").glob("*.xlsx")) or "0 reports" in result.stderr


@pytest.mark.parametrize(
    ("template", "given", "words"),
    [
        ("positions", "quantity=1000 USDT", "'quantity=1000 USDT': USDT is not what Quantity counts"),
        ("positions", "price=5%", "'price=5%': % is not what Price counts"),
        ("futures-planner", "amount=1,000", "'amount=1,000' can be 1000 or 1.000; allowed is one of these"),
        ("futures-planner", "open_fee=0.04", "'open_fee=0.04' can be 0.04% or 4%; allowed is 0.04% (or 0.0004) or 4%"),
        ("futures-planner", "maintenance_margin_rate=0.4", "can be 0.4% or 40%"),
    ],
)
def test_one_value_for_all_rows_is_in_its_unit_too(tmp_path: Path, template: str, given: str, words: str) -> None:
    (tmp_path / "t.csv").write_text("side,entry,leverage\nlong,100,5\n")
    target = ("--into", tmp_path / "one.xlsx") if template == "positions" else ("--out", tmp_path / "out")
    result = call("report", tmp_path / "t.csv", "--template", template, *target, "--set", given)
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize(
    ("column", "values", "is_taken"),
    [
        ("Mode", ("cross", "Isolated"), True),
        ("Type", ("isolated", "isolated"), True),
        ("Margin Type", ("cross", "isolated"), True),
        ("Mode", ("hedge", "one-way"), False),
        ("Mode", ("cross", "hedge"), False),
        ("Type", ("limit", "market"), False),
    ],
)
def test_a_name_of_several_meanings_is_taken_by_its_values(
    tmp_path: Path, column: str, values: tuple[str, str], is_taken: bool
) -> None:
    rows = "".join(f"{each},BTC,okx,long,100,2,10,0.01,101\n" for each in values)
    table = tmp_path / "t.csv"
    table.write_text(f"{column},symbol,venue,side,entry,quantity,leverage,maintenance_margin_rate,price\n{rows}")
    result = call("check", table, "--template", "positions", "--json")
    found = {each["column"]: each["input"] for each in json.loads(result.stdout)["columns"]}
    assert found.get(column) == ("Margin mode" if is_taken else None)


@pytest.mark.parametrize(
    ("column", "values", "meant"),
    [
        ("Contract", ("BTCUSDT", "ETH-USDT-SWAP"), "Symbol"),
        ("Contracts", ("XBTUSD", "1000PEPEUSDT"), "Symbol"),
        ("contract", ("BTC/USDT:USDT", ""), "Symbol"),
        ("Contract", ("linear", "inverse"), "Contract"),
        ("Contract", ("INVERSE", "LINEAR"), "Contract"),
        ("Contract", ("perpetual", "perpetual"), "Contract"),
    ],
)
def test_a_column_called_contract_is_the_symbol_where_it_has_symbols(
    tmp_path: Path, column: str, values: tuple[str, str], meant: str
) -> None:
    rows = "".join(f"{each},isolated,okx,long,100,2,10,0.01,101\n" for each in values)
    table = tmp_path / "t.csv"
    table.write_text(f"{column},margin mode,venue,side,entry,quantity,leverage,mmr,price\n{rows}")
    found = json.loads(call("check", table, "--template", "positions", "--json").stdout)
    assert {each["column"]: each["input"] for each in found["columns"]}[column] == meant
    assert (found["rejected"] == 0) == (values[0] != "perpetual")


def test_an_input_of_any_text_has_the_column_of_its_own_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, (name, value) in enumerate([("symbol", "A"), ("contract", "B"), ("both", "=B1&B2")], 1):
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, value)
        book.defined_names[name] = DefinedName(name, attr_text=f"Sheet!$B${row}")
    book.save(tmp_path / "own.xlsx")
    table = tmp_path / "t.csv"
    table.write_text("symbol,contract\nBTC,BTCUSDT\n")
    found = json.loads(call("check", table, "--template", tmp_path / "own.xlsx", "--json").stdout)
    assert {each["column"]: each["input"] for each in found["columns"]} == {"symbol": "symbol", "contract": "contract"}


def test_contracts_are_a_quantity_where_they_are_numbers(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("symbol,contracts,side,entry,leverage,mmr,price\nBTCUSDT,2,long,100,10,0.01,101\n")
    found = json.loads(call("check", table, "--template", "positions", "--json").stdout)
    assert {each["column"]: each["input"] for each in found["columns"]}["contracts"] == "Quantity"


def test_a_symbol_beside_a_contract_that_is_one_too_is_kept(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("symbol,contract,side,entry,quantity,leverage,mmr,price\nBTC,BTCUSDT,long,100,1,10,0.01,101\n")
    found = json.loads(call("check", table, "--template", "positions", "--json").stdout)
    assert ({each["column"]: each["input"] for each in found["columns"]}["symbol"], found["unused"]) == (
        "Symbol",
        ["contract"],
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Symbol,Seite,Geschlossen,Einstieg,Ausstieg,Menge,Gebühren", "X,long,03.11.2026,100,110,2,3"),
        ("Symbol,Seite,Geschlossen,Einstieg,Ausstieg,Menge,Gebuehren", "X,long,03.11.2026,100,110,2,3"),
        ("symbol,side,date,entry,exit,quantity,commission", "X,long,2026-11-03,100,110,2,3"),
        ("symbol,side,date,close time,entry,exit,quantity,fees", "X,long,2026-11-01,2026-11-03,100,110,2,3"),
    ],
)
def test_a_list_of_trades_in_other_words(header: str, row: str, tmp_path: Path) -> None:
    table, book = tmp_path / "t.csv", tmp_path / "j.xlsx"
    table.write_text(f"{header}\n{row}\n", encoding="utf-8")
    result = call("report", table, "--template", "trading-journal", "--into", book)
    assert result.exit_code == 0, result.output
    (trade,) = (
        row for row in openpyxl.load_workbook(book, data_only=True)["Trades"].iter_rows(values_only=True) if "X" in row
    )
    assert datetime.datetime(2026, 11, 3) in trade
    assert 3 in trade
    assert 17 in trade  # 2 * 10 - 3


def test_a_date_that_is_none_is_not_the_day_of_closing(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("symbol,side,date,entry,exit,quantity\nX,long,soon,100,110,2\n")
    result = call("report", table, "--template", "trading-journal", "--into", tmp_path / "j.xlsx")
    assert result.exit_code == 3
    assert "has no column for Closed" in result.stderr

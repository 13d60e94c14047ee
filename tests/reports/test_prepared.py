"""Lists of a workbook beside the rows of a table: given by hand, asked for, or left out; never a template's example."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import call

MINING = "credit_share,apr,term_months,tariff,price,difficulty\n0.5,0.1,24,0.05,90000,1.1e14\n"
LADDER = "price_now,side,margin\n60000,long,500\n"
GRID = "side,margin,leverage,entry,stop,target\nlong,1000,5,60000,58500,63000\n"
POSITIONS = (
    "symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr\n"
    "XRPUSDT,binance,long,cross,1.6,1000,10,1.7,1%\nBTCUSDT,bybit,long,isolated,60000,1,10,61000,0.5%\n"
)
PRICES = "day,open,high,low,close\n2026-01-01,60000,61000,59000,60500\n2026-01-02,60500,62000,60000,61000\n"
TABLES = {"mining-leveraged": MINING, "dca-ladder": LADDER, "paper-trade": GRID, "positions": POSITIONS}
OWN_LIST = """
title = "Own"
purpose = "A list of its own and one beside it."
[inputs.One]
factor = { label = "Factor", example = 2, allowed = "above zero", required = true }
[tables.rates]
title = "Rates"
rows = 3
example = [[1, 0.5], [2, 0.6]]
[tables.rates.columns]
level = { header = "Level", allowed = "above zero", required = true }
rate = { header = "Rate", unit = "of value", allowed = "share", required = true }
[sheets.Things]
name = "things"
example = [[3], [4]]
[sheets.Things.columns]
amount = { header = "Amount", allowed = "above zero", required = true }
[results.Figures]
total = { label = "Total", formula = "factor*SUM({things.amount})+SUM({rates.rate})" }
[dashboard]
heading = "Own"
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def block(path: Path, sheet: str, cells: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path, data_only=True)[sheet][cells]]


def area(path: Path, name: str) -> list[list[Any]]:
    """What stands in the table to fill in of a name."""
    sheet, _, cells = openpyxl.load_workbook(path).defined_names[f"_list_{name}"].attr_text.rpartition("!")
    return block(path, sheet.strip("'"), cells.replace("$", ""))


@pytest.mark.parametrize(
    ("template", "name"),
    [("mining-leveraged", "rigs"), ("dca-ladder", "orders"), ("paper-trade", "prices"), ("positions", "positions")],
)
def test_a_report_of_each_row_asks_for_the_list_that_is_the_case(tmp_path: Path, template: str, name: str) -> None:
    table = written(tmp_path / "t.csv", TABLES[template])
    result = call("report", table, "--template", template, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert f"only the example rows of its template in the list {name} (" in result.stderr
    assert f"--set {name}=FILE" in result.stderr
    assert ("--into FILE" in result.stderr) == (template in ("paper-trade", "positions"))
    assert not (tmp_path / "out").exists()
    checked = call("check", table, "--template", template)
    assert (checked.exit_code, f"in the list {name} (" in checked.stdout) == (
        (1, False) if template == "positions" else (3, True)  # its position in cross margin has no wallet
    )


def test_a_list_is_given_as_a_table_in_its_units(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", MINING)
    rigs = written(tmp_path / "rigs.csv", "Price;Model;Number;Hash rate (GH/s);Power\n2900;S21;100;200000;3500\n")
    result = call("report", table, "--template", "mining-leveraged", "--out", tmp_path / "out", "--set", f"rigs={rigs}")
    assert result.exit_code == 0, result.stderr
    assert "1 row for the list rigs" in result.stderr
    made = area(tmp_path / "out" / "report-1.xlsx", "rigs")
    assert made[0][:4] == ["S21", 100, 200, 3500]
    assert made[0][-1] == 2900
    assert not any(value is not None for row in made[1:] for value in row)
    names = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx", data_only=True).defined_names
    assert block(tmp_path / "out" / "report-1.xlsx", "Inputs", "G5:H30")
    assert "rig_cost" in names
    sheet, _, cell = names["rig_cost"].attr_text.rpartition("!")
    assert openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx", data_only=True)[sheet][cell].value == 290000


def test_a_run_goes_on_by_the_rows_of_its_list(tmp_path: Path) -> None:
    table, out = written(tmp_path / "t.csv", LADDER), tmp_path / "out"
    orders = written(tmp_path / "orders.csv", "Price,Quantity\n60000,0.01\n55000,0.02\n")
    options = ("--template", "dca-ladder", "--out", out, "--resume")
    assert call("report", table, *options, "--set", f"orders={orders}").exit_code == 0
    assert "1 more there already" in call("report", table, *options, "--set", f"orders={orders}").stdout
    written(orders, "Price,Quantity\n60000,0.01\n50000,0.02\n")
    assert call("report", table, *options, "--set", f"orders={orders}").stderr.startswith(f"xladdin: {orders}: 2 rows")
    assert area(out / "report-1.xlsx", "orders")[:3] == [[60000, 0.01], [50000, 0.02], [None, None]]


def test_a_list_that_grows_is_given_to_all_reports(tmp_path: Path) -> None:
    table, prices = written(tmp_path / "t.csv", GRID), written(tmp_path / "prices.csv", PRICES)
    result = call("report", table, "--template", "paper-trade", "--out", tmp_path / "out", "--set", f"prices={prices}")
    assert result.exit_code == 0, result.stderr
    sheet = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx", data_only=True)["Prices"]
    first, last = sheet.tables["prices"].ref.split(":")
    assert sheet[last].row - sheet[first].row == 2
    assert [cell.value for cell in sheet[sheet[last].row][2:6]] == [60500, 62000, 60000, 61000]


def test_the_examples_of_a_second_list_are_nobodys(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", POSITIONS)
    result = call("report", table, "--template", "positions", "--into", tmp_path / "one.xlsx")
    assert result.exit_code == 1, result.stderr  # there is no wallet for what is in cross margin
    assert 'CHECK FAILED: not so: "Every row can be computed"' in result.stderr
    assert "the example rows of the list wallets are left out; --set wallets=FILE" in result.stderr
    assert not any(value is not None for row in area(tmp_path / "one.xlsx", "wallets") for value in row)
    wallets = written(tmp_path / "wallets.csv", "Venue,Wallet balance\nbinance,5000\n")
    result = call(
        *("report", table, "--template", "positions", "--into", tmp_path / "two.xlsx"),
        *("--set", f"wallets={wallets}", "--set", "watch_distance=20%", "--allow-errors"),
    )
    assert result.exit_code == 0, result.stderr
    assert area(tmp_path / "two.xlsx", "wallets")[:2] == [["binance", 5000, None, None], [None] * 4]
    assert "watch_distance" not in result.stderr
    assert ["WATCH when nearer than", 0.2] in block(tmp_path / "two.xlsx", "Inputs", "B5:C40")
    result = call("report", table, "--template", "positions", "--into", tmp_path / "three.xlsx", "--defaults")
    assert "From the template: the example rows of wallets." in result.stderr
    assert area(tmp_path / "three.xlsx", "wallets")[0] == ["bybit", 9000, None, None]


def test_ones_own_rows_are_kept(tmp_path: Path) -> None:
    """A second list that somebody has filled in is his, in whatever workbook."""
    mine = tmp_path / "mine.xlsx"
    assert call("new", "positions", "-o", mine).stderr == f"{mine} is ready.\n"
    book = openpyxl.load_workbook(mine)
    sheet, _, cells = book.defined_names["_list_wallets"].attr_text.rpartition("!")
    book[sheet][cells.replace("$", "")][0][1].value = 777
    book.save(mine)
    table = written(tmp_path / "t.csv", POSITIONS)
    result = call("report", table, "--template", mine, "--into", tmp_path / "one.xlsx")
    assert "wallets" not in result.stderr
    assert area(tmp_path / "one.xlsx", "wallets")[0] == ["bybit", 777, None, None]


def test_an_update_takes_no_example_for_ones_own_rows(tmp_path: Path) -> None:
    mine = tmp_path / "mine.xlsx"
    assert call("new", "positions", "-o", mine).exit_code == 0
    result = call("update", mine, written(tmp_path / "t.csv", POSITIONS), "--key", "symbol")
    assert result.exit_code == 1, result.stderr  # a check fails: there is no wallet
    assert "the example rows of the list positions are left out" in result.stderr
    assert "the example rows of the list wallets are left out" in result.stderr
    sheet = openpyxl.load_workbook(mine)["Positions"]
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables["positions"].ref]]
    assert [row[0] for row in rows[1:]] == ["XRPUSDT", "BTCUSDT"]
    again = call("update", mine, tmp_path / "t.csv", "--key", "symbol", "--force")
    assert "example" not in again.stderr


def test_inputs_beside_the_rows_are_asked_for(tmp_path: Path) -> None:
    table, own = written(tmp_path / "t.csv", "Amount\n5\n7\n"), written(tmp_path / "own.toml", OWN_LIST)
    rates = written(tmp_path / "rates.csv", "Level,Rate\n10,25%\n")
    options = ("report", table, "--template", own, "--into", tmp_path / "one.xlsx")
    for given, sentence in (
        ((), "in the list rates (Level, Rate): --set rates=FILE gives it"),
        (("--set", f"rates={rates}"), "own.xlsx needs factor beside the rows: --set factor=VALUE gives it"),
        (("--set", "rates="), "--set 'rates=' leaves out what own.xlsx needs"),
        (("--set", f"rates={tmp_path}/no.csv"), "no.csv is not there"),
    ):
        result = call(*options, *given)
        assert result.exit_code in (2, 3)
        assert sentence in result.stderr
        assert not (tmp_path / "one.xlsx").exists()
    result = call(*options, "--set", f"rates={rates}", "--set", "factor=3")
    assert result.exit_code == 0, result.stderr
    assert ["Total", 36.25] in block(tmp_path / "one.xlsx", "Inputs", "G5:H9")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Level,Rate\n1,0.5\n2,2\n", "line 3, column Rate: found '2'; allowed is a number from 0 to 1"),
        ("Level,Rate\n1,0.1\n2,0.1\n3,0.1\n4,0.1\n", "has 4 rows; the list rates of own.xlsx has room for 3"),
        ("Level,Other\n1,0.1\n", "has no column for Rate of the list rates of own.xlsx; its columns are Level, Other"),
        ("Level,Rate\n,0.1\n", "line 2, column Level: found ''; it is blank and needed"),
    ],
)
def test_a_list_is_given_whole_or_not_at_all(tmp_path: Path, text: str, sentence: str) -> None:
    table, own = written(tmp_path / "t.csv", "factor\n5\n"), written(tmp_path / "own.toml", OWN_LIST)
    rates, things = written(tmp_path / "rates.csv", text), written(tmp_path / "things.csv", "Amount\n1\n")
    result = call(
        *("report", table, "--template", own, "--out", tmp_path / "out"),
        *("--set", f"rates={rates}", "--set", f"things={things}"),
    )
    assert result.exit_code == 3
    assert sentence in result.stderr


def test_new_is_given_lists_too_and_says_what_is_an_example(tmp_path: Path) -> None:
    orders = written(tmp_path / "orders.csv", "Price,Quantity\n60000,0.01\n")
    result = call("new", "dca-ladder", "-o", tmp_path / "a.xlsx", "--set", f"orders={orders}", "--set", "side=short")
    assert result.exit_code == 0, result.stderr
    assert area(tmp_path / "a.xlsx", "orders")[:2] == [[60000, 0.01], [None, None]]
    result = call("new", "dca-ladder", "-o", tmp_path / "b.xlsx", "--set", "side=short")
    assert "From the template: the example rows of orders." in result.stderr


def rows_of(tmp_path: Path, *commands: str) -> dict[str, tuple[str | Path, ...]]:
    """The commands that take a list from a file."""
    table = written(tmp_path / "t.csv", MINING)
    every = {
        "new": ("new", "mining-leveraged", "-o", tmp_path / "mine.xlsx"),
        "report": ("report", table, "--template", "mining-leveraged", "--out", tmp_path / "out"),
        "check": ("check", table, "--template", "mining-leveraged"),
    }
    return {name: every[name] for name in commands or every}


@pytest.mark.parametrize("command", ["new", "report", "check"])
@pytest.mark.parametrize(
    ("rigs", "mended"),
    [
        ('Model,Number,Hash rate,Power,Price\nS21,100,200,"3,500",2900\n', "3500"),
        ("Model,Number,Hash rate,Power,Price (k USD)\nS21,100,200,3500,2900\n", "map"),
        ("Model,Number,Hash rate,Power,Price,price\nS21,100,200,3500,2900,2900\n", "map"),
    ],
)
def test_what_is_advised_for_a_list_is_what_the_command_has(
    tmp_path: Path, command: str, rigs: str, mended: str
) -> None:
    """Each advice is followed, and then it goes."""
    arguments = rows_of(tmp_path)[command]
    path = written(tmp_path / "rigs.csv", rigs)
    given = ("--set", f"rigs={path}")
    result = call(*arguments, *given)
    assert result.exit_code == 3, result.output
    said = result.stderr
    has_options = command != "new"
    assert ("--decimal" in said) == (has_options and mended == "3500")
    assert "--map" not in said
    if mended == "map":
        line = re.search(r'the line ("[^"]+" = "[^"]+") below \[columns\] in (\S+\.map\.toml)', said)
        assert line
        written(Path(line[2]), f"[columns]\n{line[1]}\n")
    elif has_options:
        given += ("--decimal", ".")
    else:
        assert said.endswith("write 3500 or 3.5 in the file.\n")
        written(path, rigs.replace('"3,500"', "3500"))
    assert call(*arguments, *given).exit_code in (0, 1)


@pytest.mark.parametrize("command", ["new", "report", "check"])
def test_nothing_is_given_twice_in_one_command(tmp_path: Path, command: str) -> None:
    arguments = rows_of(tmp_path)[command]
    rigs = written(tmp_path / "rigs.csv", "Model,Number,Hash rate,Power,Price\nS21,100,200,3500,2900\n")
    for given in (("--set", "hedge_share=0", "--set", "hedge_share=10%"), ("--set", f"rigs={rigs}") * 2):
        result = call(*arguments, *given)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
        assert result.stderr.endswith("; allowed is one.\n")
    assert not (tmp_path / "mine.xlsx").exists()
    assert not (tmp_path / "out").exists()


def test_what_is_made_blank_is_said(tmp_path: Path) -> None:
    made = call("new", "futures-planner", "-o", tmp_path / "plan.xlsx", "--set", "close_fee=")
    assert (made.exit_code, made.stderr.splitlines()[0]) == (0, "xladdin: Blank, as --set says: close_fee.")
    table = written(
        tmp_path / "t.csv",
        "client,symbol,side,entry,amount,leverage,maintenance_margin_rate\nann,BTCUSDT,long,50000,1000,10,1%\n",
    )
    options = ("--template", "futures-planner", "--out", tmp_path / "out", "--set", "close_fee=")
    told = [line for line in call("report", table, *options).stderr.splitlines() if "Blank in every report: " in line]
    assert len(told) == 1
    assert "close_fee" in told[0]
    positions = written(tmp_path / "p.csv", POSITIONS)
    into = ("report", positions, "--template", "positions", "--into", tmp_path / "one.xlsx", "--set", "portfolio=")
    assert "xladdin: Blank, as --set says: portfolio." in call(*into).stderr.splitlines()


@pytest.mark.parametrize(
    ("header", "balance", "said"),
    [
        ("venue,balance", 5500, "w.csv has no column Wallet name, Contract; blank in the list wallets."),
        ("venue,total", None, "w.csv has no column Wallet balance, Wallet name, Contract; blank in the list wallets."),
        ("name,wallet balance", 5500, "columns not used: name (did you mean Wallet name?)"),
    ],
)
def test_what_a_list_has_no_column_for_is_said(tmp_path: Path, header: str, balance: float | None, said: str) -> None:
    table = written(
        tmp_path / "p.csv", "symbol,venue,side,entry,quantity,leverage,price,mmr\nBTC,okx,long,9,1,2,9,1%\n"
    )
    wallets = written(tmp_path / "w.csv", f"{header}\nokx,5500\n")
    target = tmp_path / "one.xlsx"
    result = call("report", table, "--template", "positions", "--into", target, "--set", f"wallets={wallets}")
    assert said in result.stderr
    assert block(target, "Inputs", "C42:C42") == [[balance]]


def test_how_a_line_that_names_a_column_looks_is_said_and_holds(tmp_path: Path) -> None:
    rigs = written(tmp_path / "rigs.csv", "model;qty;hashrate;watts;unit price\nS21;40;200;3500;3200\n")
    new = ("new", "mining-leveraged", "-o", tmp_path / "one.xlsx", "--set", f"rigs={rigs}")
    result = call(*new)
    line, place = '"COLUMN" = "Number"', f"below [columns] in {rigs}.map.toml"
    assert (result.exit_code, f"lines for them such as {line} {place}" in result.stderr) == (3, True), result.stderr
    written(tmp_path / "rigs.csv.map.toml", f'[columns]\n{line.replace("COLUMN", "qty")}\n"unit price" = "Price"\n')
    result = call(*new)
    assert result.exit_code == 0, result.stderr
    assert area(tmp_path / "one.xlsx", "rigs")[0][1] == 40

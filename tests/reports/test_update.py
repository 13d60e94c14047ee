"""A workbook that is kept: new values by key, the former file beside it, nothing written over unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.worksheet.table import Table
from support.books import make_portfolio

from xladdin.cli import main


def call(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def book(tmp_path: Path) -> Path:
    """A workbook of two positions, with a word of its owner beside the table."""
    table = tmp_path / "first.csv"
    table.write_text(
        "coin,side,entry,quantity,price,opened\nBTC,long,100,1,110,2026-01-02\nETH,short,10,5,9,2026-01-03\n"
    )
    template = make_portfolio(tmp_path / "template.xlsx")
    assert call("report", table, "--template", template, "--into", tmp_path / "mine.xlsx").exit_code == 0
    return tmp_path / "mine.xlsx"


def rows(path: Path, count: int) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["My book"]
    return [[sheet.cell(row, column).value for column in (2, 3, 4, 5, 6, 9)] for row in range(6, 6 + count)]


def test_new_prices_and_rows_come_in_and_all_else_stays(tmp_path: Path) -> None:
    mine = book(tmp_path)
    before = mine.read_bytes()
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price,Entry,Quantity\neth,8,,\nSOL,12,10,2\n")
    result = call("update", mine, table, "--key", "coin")
    assert result.exit_code == 0, result.stderr
    assert rows(mine, 3) == [
        ["BTC", "long", 100, 1, 110, 10.5],
        ["ETH", "short", 10, 5, 8, 10.5],
        ["SOL", None, 10, 2, 12, 4.5],
    ]
    sheet = openpyxl.load_workbook(mine, data_only=True)["My book"]
    assert (str(sheet["G6"].value), sheet["P6"].value, sheet["B13"].value) == (
        "2026-01-02 00:00:00",
        "beside",
        "The end",
    )
    assert sheet["I9"].value == 25.5  # the total
    assert (tmp_path / "mine.xlsx.bak").read_bytes() == before


def test_a_row_that_is_new_needs_all_of_it_and_a_key_comes_once(tmp_path: Path) -> None:
    mine = book(tmp_path)
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price\nSOL,12\nBTC,120\nBTC,130\nETH,x\n")
    result = call("update", mine, table, "--key", "Coin")
    assert result.exit_code == 1
    assert "line 2, column Coin: found 'SOL'; it is new, and has no Entry, Quantity" in result.stderr
    assert "line 4, column Coin: found 'BTC'; another line has it already" in result.stderr
    assert "line 5, column Price: found 'x'" in result.stderr
    assert [row[4] for row in rows(mine, 2)] == [120, 9]
    assert (tmp_path / "mine-rejected.csv").read_text().splitlines()[0] == "rejected line,rejected because,Coin,Price"


def test_an_older_copy_an_open_workbook_and_a_wrong_key_are_said(tmp_path: Path) -> None:
    mine = book(tmp_path)
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price\nBTC,120\n")
    assert "--key 'symbol' is no column of both" in call("update", mine, table, "--key", "symbol").stderr
    assert call("update", mine, table, "--key", "coin").exit_code == 0
    again = call("update", mine, table, "--key", "coin")
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)
    assert "mine.xlsx.bak is there already" in again.stderr
    assert call("update", mine, table, "--key", "coin", "--force").exit_code == 0
    (tmp_path / "mine.xlsx.bak").unlink()
    (tmp_path / ".~lock.mine.xlsx#").touch()
    assert "is open in a spreadsheet" in call("update", mine, table, "--key", "coin").stderr


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    mine = book(tmp_path)
    before = mine.read_bytes()
    template, table = tmp_path / "template.xlsx", tmp_path / "first.csv"
    for arguments in (
        ("report", table, "--template", template, "--into", mine),
        ("report", table, "--template", template, "--into", f"file://{mine}"),
        ("new", "futures-planner", "-o", mine),
    ):
        result = call(*arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert "is there already" in result.stderr
        assert mine.read_bytes() == before
        assert call(*arguments, "--force").exit_code == 0
        mine.write_bytes(before)


def test_a_table_that_follows_the_filled_one_row_by_row_is_named(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "template.xlsx")
    workbook = openpyxl.load_workbook(template)
    sheet = workbook.create_sheet("Mirror")
    for values in [("Coin", "Twice"), *((f"='My book'!B{n}", f"='My book'!I{n}*2") for n in (6, 7, 8))]:
        sheet.append(values)
    mirror = Table(displayName="mirror", ref="A1:B4")
    mirror._initialise_columns()
    for column, name in zip(mirror.tableColumns, ("Coin", "Twice"), strict=True):
        column.name = name
    sheet.add_table(mirror)
    workbook.save(template)
    table = tmp_path / "t.csv"
    table.write_text("coin,entry,quantity,price\n" + "BTC,1,1,1\n" * 5)
    result = call("report", table, "--template", template, "--into", tmp_path / "one.xlsx")
    assert result.exit_code == 0
    assert "the table mirror of the sheet Mirror follows book row by row and has 3 rows as before" in result.stderr
    table.write_text("coin,entry,quantity,price\n" + "BTC,1,1,1\n" * 3)
    assert "follows book" not in call("report", table, "--template", template, "--into", tmp_path / "two.xlsx").stderr


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


def test_check_says_what_would_be_read_and_writes_nothing(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(
        "Konto;Seite;Einstieg;Menge;Hebel\nA;long;61.240,50;0,02;10\nB;up;7,5;1;5\nSumme;;;;\n".encode("cp1252")
    )
    result = call("check", table, "--template", "positions", "--set", "price=5", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["form"], found["header"], found["usable"], found["rejected"]) == (
        *("UTF-8, semicolons between the values", 1, 1, 1),
    )
    assert {each["column"]: each["input"] for each in found["columns"]} == {
        **{"Seite": "Side", "Einstieg": "Entry", "Menge": "Quantity", "Hebel": "Leverage"},
    }
    assert found["rows"][0]["Entry"] == 61240.5
    assert found["unused"] == ["Konto"]
    assert found["faults"] == ["line 3, column Seite: found 'up'; allowed is one of long, short"]
    lacking = call("check", table, "--template", "positions")
    assert (lacking.exit_code, "missing: Price" in lacking.stdout) == (3, True)
    assert "Einstieg -> entry" in call("check", table).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 3, "has no column for entry"),
        (("--set", "entry=5"), 0, "From the template in every report: leverage 10, side long."),
        (("--defaults",), 0, "From the template in every report: entry 50,000, leverage 10, side long."),
    ],
)
def test_an_input_that_is_the_case_is_never_taken_unsaid(
    workbook: Path, tmp_path: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    book = openpyxl.load_workbook(workbook)
    rules = book["In puts"].data_validations.dataValidation
    rules[1].sqref = "B2"
    rule = openpyxl.worksheet.datavalidation.DataValidation(type="decimal", operator="greaterThan", formula1="0")
    rule.allow_blank = False
    rule.add("B1")
    book["In puts"].add_data_validation(rule)
    book.save(workbook)
    table = tmp_path / "t.csv"
    table.write_text("note\nx\n")
    result = call("report", table, "--template", workbook, "--out", tmp_path / "out", *options)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    if not code:
        lines = (tmp_path / "out" / "manifest.csv").read_text().splitlines()
        assert "leverage side" in lines[1]


@pytest.mark.parametrize(("blank", "made", "value"), [("default", 2, 10), ("keep", 2, None), ("reject", 1, None)])
def test_a_blank_is_what_was_said(workbook: Path, tmp_path: Path, blank: str, made: int, value: Any) -> None:
    table = tmp_path / "t.csv"
    table.write_text("entry,leverage\n5,3\n6,\n")
    result = call("report", table, "--template", workbook, "--out", tmp_path / "out", "--blank", blank)
    assert result.exit_code == (0 if blank == "default" else 1)  # what is computed of a blank is an error
    reports = sorted((tmp_path / "out").glob("report-*.xlsx"))
    assert len(reports) == made
    if made == 2:
        assert openpyxl.load_workbook(reports[1])["In puts"]["B2"].value == value


def test_rows_with_an_error_among_their_results_are_counted_in_one_workbook_too(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "template.xlsx", Extra="=1/D{row}-1/(D{row}-5)")
    table = tmp_path / "t.csv"
    table.write_text("coin,entry,quantity,price\nBTC,1,1,1\nETH,5,1,1\nSOL,5,1,1\n")
    result = call("report", table, "--template", template, "--into", tmp_path / "one.xlsx")
    assert "3 rows in" in result.stderr
    assert "2 with an error or a failing check" in result.stderr

"""A workbook that is kept: new values by key, the former file beside it, nothing written over unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from support.books import make_portfolio
from support.command import call


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


def test_a_row_is_known_by_all_keys_that_are_named(tmp_path: Path) -> None:
    first = tmp_path / "hedge.csv"
    first.write_text(
        "coin,side,entry,quantity,price,opened\nBTC,long,100,1,110,\nBTC,short,120,2,110,\nETH,long,10,5,9,\n"
    )
    mine, template = tmp_path / "hedge.xlsx", make_portfolio(tmp_path / "template.xlsx")
    assert call("report", first, "--template", template, "--into", mine).exit_code == 0
    table = tmp_path / "new.csv"
    table.write_text("coin,side,entry,quantity,price\nbtc,Short,125,3,110\nETH,short,11,4,9\n")
    result = call("update", mine, table, "--key", "coin", "--key", "side")
    assert result.exit_code == 0, result.stderr
    assert [row[:4] for row in rows(mine, 4)] == [
        ["BTC", "long", 100, 1],
        ["BTC", "short", 125, 3],
        ["ETH", "long", 10, 5],
        ["ETH", "short", 11, 4],
    ]
    table.write_text("coin,side,entry\nBTC,short,130\nBTC,short,131\n")
    told = call("update", mine, table, "--key", "coin", "--key", "side")
    assert (told.exit_code, "for the same Coin BTC and Side short" in told.stderr) == (1, True), told.stderr


def test_a_price_goes_to_every_row_of_its_key_and_what_stays_is_said(tmp_path: Path) -> None:
    mine = book(tmp_path)
    second = tmp_path / "second.csv"
    second.write_text(
        "coin,side,entry,quantity,price,opened\nBTC,long,100,1,110,\nETH,short,10,5,9,\nBTC,short,90,2,110,\n"
    )
    template = tmp_path / "template.xlsx"
    assert call("report", second, "--template", template, "--into", mine, "--force").exit_code == 0
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price\nbtc,120\n")
    result = call("update", mine, table, "--key", "coin")
    assert result.exit_code == 0, result.stderr
    assert [row[4] for row in rows(mine, 3)] == [120, 9, 120]
    assert "has several rows with Coin btc, and each is written" in result.stderr
    assert "rows that new.csv has not, which stay as they are: 1." in result.stderr
    assert "2 rows written into" in result.stdout + result.stderr
    table.write_text("Coin,Price\nBTC,130\nBTC,140\n")
    result = call("update", mine, table, "--key", "coin", "--force")
    assert (result.exit_code, "mine.xlsx is as it was" in result.stderr) == (1, True), result.stderr
    assert [row[4] for row in rows(mine, 3)] == [120, 9, 120]


def test_lines_without_a_value_are_no_rows_that_were_written(tmp_path: Path) -> None:
    mine = book(tmp_path)
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price\nBTC,\nETH,8\n")
    result = call("update", mine, table, "--key", "coin")
    assert "1 row written into" in result.stdout + result.stderr
    assert "new.csv: lines with no value beside Coin, which change nothing: 1." in result.stderr


def test_the_legs_of_a_hedge_are_not_made_alike(tmp_path: Path) -> None:
    first, table = tmp_path / "first.csv", tmp_path / "t.csv"
    first.write_text("coin,Side,entry,QUANTITY,Price\nBTC,long,100,0.5,110\nBTC,short,120,0.3,110\n", encoding="utf-8")
    mine = tmp_path / "mine.xlsx"
    made = call("report", first, "--template", make_portfolio(tmp_path / "template.xlsx"), "--into", mine)
    assert made.exit_code == 0, made.output
    before = mine.read_bytes()
    asked = "2 rows for it, which differ in this; allowed is --key Coin --key Side, or a table without"
    for text, found in (("quantity\nBTC,0.4", "0.4"), ("price,side\nBTC,111,long", "long")):
        table.write_text(f"coin,{text}\n", encoding="utf-8")
        refused = call("update", mine, table, "--key", "coin", "--force")
        assert (refused.exit_code, f"found '{found}'; mine.xlsx has {asked}" in refused.stderr) == (1, True), (
            refused.stderr
        )
    assert mine.read_bytes() == before
    (tmp_path / "mine-rejected.csv").unlink()
    table.write_text("coin,side,quantity\nBTC,long,0.4\n", encoding="utf-8")
    assert call("update", mine, table, "--key", "coin", "--key", "side").exit_code == 0
    table.write_text("coin,price\nBTC,112\n", encoding="utf-8")
    assert call("update", mine, table, "--key", "coin", "--force").exit_code == 0
    assert [row[4] for row in rows(mine, 2)] == [112, 112]


def test_a_row_that_is_new_needs_all_of_it_and_a_key_comes_once(tmp_path: Path) -> None:
    mine = book(tmp_path)
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price\nSOL,12\nBTC,120\nBTC,130\nETH,x\n", encoding="utf-8")
    result = call("update", mine, table, "--key", "Coin")
    assert result.exit_code == 1
    assert "line 2, column Coin: found 'SOL'; it is new, and has no Entry, Quantity" in result.stderr
    assert "line 3, column Price: found '120'; line 4 has '130' for the same Coin BTC; allowed is one" in result.stderr
    assert "line 4, column Price: found '130'; line 3 has '120' for the same Coin BTC" in result.stderr
    assert "line 5, column Price: found 'x'" in result.stderr
    assert [row[4] for row in rows(mine, 2)] == [110, 9]
    assert (tmp_path / "mine-rejected.csv").read_text().splitlines()[0] == "rejected line,rejected because,Coin,Price"


def test_the_same_price_twice_is_one_price(tmp_path: Path) -> None:
    mine = book(tmp_path)
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price,Quantity\nBTC,120,\nBTC,120.0,\nbtc,,2\nETH,8,\nETH,8,\n", encoding="utf-8")
    result = call("update", mine, table, "--key", "Coin", "--quiet")
    assert result.exit_code == 0, result.stderr
    assert [(row[3], row[4]) for row in rows(mine, 2)] == [(2, 120), (5, 8)]
    assert "line 6 is the same as line 5; it is written once." in result.stderr
    assert "2 rows written" in call("update", mine, table, "--key", "Coin").stdout


def test_an_older_copy_an_open_workbook_and_a_wrong_key_are_said(tmp_path: Path) -> None:
    mine = book(tmp_path)
    openpyxl.Workbook().save(tmp_path / "template2.xlsx")
    table = tmp_path / "new.csv"
    table.write_text("Coin,Price\nBTC,120\n")
    assert "--key 'symbol' is no column of both" in call("update", mine, table, "--key", "symbol").stderr
    assert call("update", mine, table, "--key", "coin").exit_code == 0
    yesterday, copy = mine.read_bytes(), tmp_path / "mine.xlsx.bak"
    assert call("update", mine, table, "--key", "coin").exit_code == 0  # the second day: its own copy of the first
    assert copy.read_bytes() == yesterday
    for other in (b"mine, in another way", (tmp_path / "template2.xlsx").read_bytes()):
        copy.write_bytes(other)
        again = call("update", mine, table, "--key", "coin")
        assert (again.exit_code, again.stderr.count("\n")) == (2, 1)
        assert "mine.xlsx.bak is there and is no earlier state of mine.xlsx" in again.stderr
        assert copy.read_bytes() == other
    assert "is no column of both" in call("update", mine, table, "--key", "con").stderr  # --force would not mend it
    assert call("update", mine, table, "--key", "coin", "--force").exit_code == 0
    (tmp_path / "mine.xlsx.bak").unlink()
    (tmp_path / ".~lock.mine.xlsx#").touch()
    before = mine.read_bytes()
    for options in ((), ("--force",)):  # which a second day asks for, whoever has it open
        result = call("update", mine, table, "--key", "coin", *options)
        assert (result.exit_code, "is open in a spreadsheet" in result.stderr) == (2, True)
    assert mine.read_bytes() == before


def test_a_workbook_of_values_is_refused_for_nothing_in_it_can_be_computed_anew(tmp_path: Path) -> None:
    rows = "client,coin,side,entry,quantity,price\nann,BTC,long,100,1,110\nann,ETH,short,10,5,9\n"
    table, out = tmp_path / "t.csv", tmp_path / "out"
    table.write_text(rows)
    template = make_portfolio(tmp_path / "template.xlsx")
    made = call("report", table, "--template", template, "--group-by", "client", "--out", out, "--values")
    assert made.exit_code == 0, made.stderr
    mine, prices = out / "ann.xlsx", tmp_path / "new.csv"
    before = mine.read_bytes()
    prices.write_text("Coin,Price\nBTC,120\n")
    result = call("update", mine, prices, "--key", "coin")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith(f"xladdin: {mine} has no formulas, as one made with --values: ")
    assert mine.read_bytes() == before
    assert not (out / "ann.xlsx.bak").exists()


def test_a_list_of_somebody_else_is_not_taken_for_that_of_rejected_rows(tmp_path: Path) -> None:
    mine, table, other = book(tmp_path), tmp_path / "new.csv", tmp_path / "mine-rejected.csv"
    other.write_text("name,reason\nmine,own\n")
    for rows in ("Coin,Price\nBTC,120\n", "Coin,Price\nBTC,up\n"):
        table.write_text(rows)
        result = call("update", mine, table, "--key", "coin")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert f"{other} is there and is no list of rejected rows" in result.stderr
        assert other.read_text() == "name,reason\nmine,own\n"
        assert not (tmp_path / "mine.xlsx.bak").exists()
    assert call("update", mine, table, "--key", "coin", "--force").exit_code == 1
    assert other.read_text().startswith("rejected line,")


@pytest.mark.parametrize("price", ["120", "up"])
def test_the_corrected_list_of_rejected_rows_stays_where_it_is_the_table(tmp_path: Path, price: str) -> None:
    mine, corrected = book(tmp_path), tmp_path / "mine-rejected.csv"
    corrected.write_text(f"rejected line,rejected because,Coin,Price\n3,it was so,BTC,{price}\n")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for options in ((), ("--force",)):
        result = call("update", mine, corrected, "--key", "coin", *options)
        assert (result.exit_code, result.stderr) == (
            2,
            f"xladdin: {corrected} is read, and the list of rejected rows of this run is written there; give what is "
            "read another name.\n",
        )
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    corrected.rename(tmp_path / "corrected.csv")
    assert call("update", mine, tmp_path / "corrected.csv", "--key", "coin").exit_code == (price == "up")


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

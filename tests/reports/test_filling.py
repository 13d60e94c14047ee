"""What a list without validations needs: whatever its formulas read, unless a row of it can do without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from support.command import call


def own(path: Path, *rows: list[Any]) -> Path:
    """A workbook of which the list has a note that no formula reads, and a formula over entry and price."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["entry", "price", "note", "profit"])
    for number, row in enumerate(rows or ([1, 2, "first"],), 2):
        sheet.append([*row, f"=B{number}-A{number}"])
    last = sheet.max_row
    sheet.add_table(Table(displayName="trades", ref=f"A1:D{last}"))
    sheet["G1"], sheet["G2"] = "nobody", "=SUM(trades[profit])"
    sheet.title = "Own"
    for name, cell in (("client", "$G$1"), ("total", "$G$2")):
        book.defined_names[name] = DefinedName(name, attr_text=f"Own!{cell}")
    book.save(path)
    return path


def values(path: Path, count: int) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["Own"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(2, count + 1, 1, 4)]


WAYS = {"into": ("--into", "one.xlsx"), "groups": ("--group-by", "client", "--out", "out")}


@pytest.mark.parametrize("way", WAYS)
def test_a_column_that_formulas_read_is_not_left_out_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.chdir(tmp_path)
    own(Path("own.xlsx"))
    Path("t.csv").write_text("client,entry\nann,5\nann,6\n", encoding="utf-8")
    command = ("report", "t.csv", "--template", "own.xlsx", *WAYS[way])
    refused = call(*command)
    assert refused.exit_code == 3
    assert "t.csv has no column for price of own.xlsx" in refused.stderr
    assert "--defaults leaves it blank" in refused.stderr
    assert not Path("one.xlsx").exists()
    assert not Path("out").exists()
    made = "one.xlsx" if way == "into" else "out/ann.xlsx"
    assert call(*command, "--set", "price=9").exit_code == 0
    assert values(Path(made), 2) == [[5, 9, None, 4], [6, 9, None, 3]]
    Path(made).unlink()
    left_blank = call(*command, "--defaults")
    assert left_blank.exit_code == 0
    assert values(Path(made), 2) == [[5, None, None, -5], [6, None, None, -6]]
    assert "price, note" in left_blank.stderr, "what is blank is told"


@pytest.mark.parametrize("way", WAYS)
def test_a_row_that_lacks_what_formulas_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.chdir(tmp_path)
    own(Path("own.xlsx"))
    Path("t.csv").write_text("client,entry,price,note\nann,5,8,\nbob,6,,late\n", encoding="utf-8")
    command = ("report", "t.csv", "--template", "own.xlsx", *WAYS[way])
    result = call(*command)
    assert result.exit_code == 1
    assert "line 3, column price: found ''; it is blank and needed" in result.stderr
    made = "one.xlsx" if way == "into" else "out/ann.xlsx"
    assert values(Path(made), 1) == [[5, 8, None, 3]]
    checked = call("check", "t.csv", "--template", "own.xlsx")
    assert checked.exit_code == 1
    assert "line 3, column price" in checked.output
    assert call(*command, "--blank", "keep", "--force").exit_code == 0


def test_a_row_of_the_workbook_shows_what_may_be_blank(tmp_path: Path) -> None:
    book = own(tmp_path / "own.xlsx", [1, 2, "a"], [1, None, "b"], [None, None, None])
    table = tmp_path / "t.csv"
    table.write_text("entry,price\n5,\n,8\n")
    result = call("report", table, "--template", book, "--into", tmp_path / "one.xlsx")
    assert result.exit_code == 1
    assert "line 3, column entry: found ''" in result.stderr
    assert "line 2" not in result.stderr
    assert values(tmp_path / "one.xlsx", 1) == [[5, None, None, -5]]


def test_the_file_of_another_list_needs_what_formulas_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.load_workbook(own(Path("own.xlsx")))
    sheet = book.create_sheet("Costs")
    for row in (["client", "paid", "rate"], ["x", 1, 2]):
        sheet.append(row)
    sheet.add_table(Table(displayName="costs", ref="A1:C2"))
    sheet["F1"] = "=SUMPRODUCT(costs[paid],costs[rate])"
    book.save("own.xlsx")
    Path("t.csv").write_text("client,entry,price\nann,5,8\n", encoding="utf-8")
    Path("costs.csv").write_text("client,paid\nann,3\n", encoding="utf-8")
    result = call("report", "t.csv", "--template", "own.xlsx", "--into", "one.xlsx", "--set", "costs=costs.csv")
    assert result.exit_code == 3
    assert "costs.csv has no column for rate of the list costs" in result.stderr
    command = ("report", "t.csv", "--template", "own.xlsx", *WAYS["groups"], "--with", "costs=costs.csv")
    result = call(*command)
    assert result.exit_code == 3
    assert "costs.csv has no column for rate of the list costs" in result.stderr


def test_a_new_row_of_a_kept_workbook_needs_what_formulas_read(tmp_path: Path) -> None:
    book, table = own(tmp_path / "own.xlsx"), tmp_path / "t.csv"
    table.write_text("entry,price\n1,5\n7,\n")
    result = call("update", book, table, "--key", "entry")
    assert result.exit_code == 1
    assert "line 3, column entry: found '7.0'; it is new, and has no price" in result.stderr
    assert values(book, 1) == [[1, 5, "first", 4]]


def test_a_key_alone_updates_nothing(tmp_path: Path) -> None:
    book, table = own(tmp_path / "own.xlsx"), tmp_path / "t.csv"
    before = book.read_bytes()
    table.write_text("entry,colour\n1,red\n")
    result = call("update", book, table, "--key", "entry")
    assert result.exit_code == 2
    assert "has only the key entry of the table trades" in result.stderr
    assert "price, note" in result.stderr
    assert book.read_bytes() == before
    assert not (tmp_path / "own.xlsx.bak").exists()


@pytest.mark.parametrize("formula", ['=INDIRECT("B"&ROW())-A2', "=OFFSET(A2,0,1)-A2"])
def test_a_formula_that_computes_where_it_looks_may_read_any_column(tmp_path: Path, formula: str) -> None:
    book = openpyxl.load_workbook(own(tmp_path / "own.xlsx"))
    book.worksheets[0]["D2"] = formula
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "t.csv").write_text("entry,note\n5,\n")
    into = ("--into", tmp_path / "one.xlsx")
    result = call("report", tmp_path / "t.csv", "--template", tmp_path / "own.xlsx", *into)
    assert result.exit_code == 3
    assert "has no column for price" in result.stderr


def test_a_misspelt_name_beside_a_table_is_answered_with_the_nearest_of_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own(Path("own.xlsx"))
    Path("t.csv").write_text("entry,price\n5,6\n", encoding="utf-8")
    for given, near in (("cliend=ann", "client"), ("prise=6", "price")):
        refused = call("report", "t.csv", "--template", "own.xlsx", "--into", "one.xlsx", "--set", given)
        assert (refused.exit_code, f"did you mean {near}; " in refused.stderr) == (2, True), refused.stderr
        assert "the inputs are client, and those of each row entry, price, note" in refused.stderr


def test_a_book_without_some_rows_says_so(tmp_path: Path) -> None:
    """Its totals are others, and would look as good as those of all rows."""
    rows = ["symbol,venue,side,margin mode,entry,quantity,leverage,maintenance margin rate,price"]
    rows += ["BTCUSDT,bybit,long,isolated,60000,1,5,0.5%,61000", "ETHUSDT,bybit,lnog,isolated,3000,2,5,0.5%,3100"]
    (tmp_path / "t.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = tmp_path / "one.xlsx"
    done = call("report", tmp_path / "t.csv", "--template", "positions", "--into", made)
    assert done.exit_code == 1
    assert 'CHECK FAILED: not so: "No row was left out"' in done.stderr
    assert "1 row rejected" in done.stdout + done.stderr
    sheet = openpyxl.load_workbook(made, data_only=True)["Positions"]
    assert [row[0].value for row in sheet[sheet.tables["positions"].ref]] == ["Symbol", "BTCUSDT"]
    (tmp_path / "t.csv").write_text("\n".join(rows).replace("lnog", "long") + "\n", encoding="utf-8")
    assert call("report", tmp_path / "t.csv", "--template", "positions", "--into", made, "--force").exit_code == 0


def test_a_workbook_of_ones_own_is_told_how_many_rows_it_is_without(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(own(tmp_path / "own.xlsx"))
    book["Own"]["G3"], book["Own"]["G4"] = 0, "=N(G3)>0"
    for name, cell in (("rows_left_out", "$G$3"), ("is_cut", "$G$4")):
        book.defined_names[name] = DefinedName(name, attr_text=f"Own!{cell}")
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "t.csv").write_text("entry,price\n5,6\nx,6\n5,y\n", encoding="utf-8")
    made = tmp_path / "one.xlsx"
    assert call("report", tmp_path / "t.csv", "--template", tmp_path / "own.xlsx", "--into", made).exit_code == 1
    found = openpyxl.load_workbook(made, data_only=True)["Own"]
    assert [found["G3"].value, found["G4"].value] == [2, True]

"""What is left to the template, and what never is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.books import make_book, make_portfolio
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


def test_a_blank_of_which_nothing_is_said_is_not_the_example(tmp_path: Path) -> None:
    """A workbook without validation: a row without a value is rejected, unless the example is asked for."""
    template = make_book(tmp_path / "own.xlsx", {"A1": 50000, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})
    table = tmp_path / "t.csv"
    table.write_text("client,entry\nanna,100\ncarl,\n")
    result = call("report", table, "--template", template, "--out", tmp_path / "out")
    assert (result.exit_code, "line 3, column entry: found ''; it is blank and needed" in result.stderr) == (1, True)
    assert call("report", table, "--template", template, "--out", tmp_path / "two", "--blank", "default").exit_code == 0


def test_a_blank_cell_is_not_the_example_of_the_template(tmp_path: Path) -> None:
    """A symbol or a rate that stands in the template as an example is nobody's; stop and target may be blank."""
    table = tmp_path / "t.csv"
    table.write_text(
        "client,symbol,side,entry,amount,leverage,maintenance_margin_rate,stop,target\n"
        "anna,,short,3000,1000,10,,,2600\nben,ETHUSDT,short,3000,500,5,1%,,2600\n"
    )
    result = call("report", table, "--template", "futures-planner", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "line 2, column symbol: found ''; it is blank and needed;" in result.stderr
    assert "column maintenance_margin_rate: found ''; it is blank and needed;" in result.stderr
    assert "or --blank default for the template's 1%" in result.stderr
    assert [path.name for path in (tmp_path / "out").glob("report-*")] == ["report-2.xlsx"]
    checked = call("check", table, "--template", "futures-planner")
    assert "rows that can be used: 1, rejected: 1" in checked.stdout
    told = call("report", table, "--template", "futures-planner", "--out", tmp_path / "two", "--blank", "default")
    assert (told.exit_code, len(list((tmp_path / "two").glob("report-*")))) == (0, 2)


def test_a_row_that_is_cut_short_is_rejected(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "client,symbol,side,entry,amount,leverage,maintenance_margin_rate,stop,target\n"
        'ben,ETHUSDT,short,3000,500,5,1%,,\n"a, b",BTCUSDT,long,50000,1000,10,1%\n'
        '"c\nd",BTCUSDT,long,50000,1000,10,1%,,\n'
    )
    result = call("report", table, "--template", "futures-planner", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "line 3, it has fewer values than the 9 columns of the header." in result.stderr
    assert "1 row rejected" in result.stderr


@pytest.mark.parametrize("word", ["Total", "total:", "SUM", "Summe", "Gesamt", "Subtotal", "Grand total", "Insgesamt"])
def test_a_line_of_totals_is_no_row(tmp_path: Path, word: str) -> None:
    rigs = tmp_path / "rigs.csv"
    rigs.write_text(f"model,number,hash rate,power,price\nS21,40,200,3500,3200\n{word},40,8000,140000,128000\n")
    result = call("new", "mining-leveraged", "-o", tmp_path / "one.xlsx", "--set", f"rigs={rigs}")
    assert (result.exit_code, f"line 3, column model: found '{word}'; a line of totals" in result.stderr) == (3, True)
    positions = tmp_path / "t.csv"
    positions.write_text(
        "symbol,venue,side,entry,quantity,leverage,price\n"
        f"BTCUSDT,bybit,long,60000,1,10,61000\nTotal GmbH,bybit,long,60000,1,10,61000\n{word},-,,60000,2,10,61000\n"
    )
    checked = call("check", positions, "--template", "positions")
    assert f"not counted as a row: line 4 ({word}" in checked.stdout
    assert "rows that can be used: 2" in checked.stdout
    journal = tmp_path / "j.csv"
    journal.write_text(f"symbol,kind,collateral,price,debt\nBTC,a,2,95000,80000\n{word},-,4,95000,160000\n")
    result = call("report", journal, "--template", "collateral-loan", "--out", tmp_path / "out")
    assert (result.exit_code, f"line 3, column symbol: found '{word}'" in result.stderr) == (1, True), result.stderr


def test_lines_that_are_the_same_are_told(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    row = "BTCUSDT,bybit,long,60000,1,10,61000\n"
    other = row.replace("BTC", "ETH")
    header = "symbol,venue,side,entry,quantity,leverage,price\n"
    table.write_text(f"{header}{row}{other}{row.replace('61000', '62000')}\n\n{other}{row}")
    said = "line 7 is the same as line 3, line 8 is the same as line 2; each is counted."
    assert said in call("check", table, "--template", "positions").stdout
    result = call("report", table, "--template", "positions", "--into", tmp_path / "one.xlsx", "--defaults")
    assert said in result.stderr
    table.write_text(header + row + other)
    assert "the same as" not in call("check", table, "--template", "positions").stdout


def test_what_many_inputs_have_is_said_in_a_sentence_that_ends(tmp_path: Path) -> None:
    cells = {f"A{row}": row for row in range(1, 301)} | {"B1": "=A1*2"}
    names = {f"the_name_of_input_{row}": f"S!$A${row}" for row in range(1, 301)}
    template = make_book(tmp_path / "many.xlsx", cells, names)
    (tmp_path / "t.csv").write_text("the_name_of_input_1\n5\n", encoding="utf-8")
    result = call("report", tmp_path / "t.csv", "--template", template, "--out", tmp_path / "out", "--defaults")
    (line,) = (line for line in result.stderr.splitlines() if "From the template" in line)
    shown, _, more = line.partition(" and ")
    assert shown.count(",") + 1 + int(more.removesuffix(" more.")) == 299
    assert len(line) < 500

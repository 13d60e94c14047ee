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

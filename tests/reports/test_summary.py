"""The list of all reports: a line and a link each, fit to be filtered, scrolled and printed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xladdin import templates
from xladdin.reports.run import run

ROWS = "client,Entry,leverage,side\nann,50000,10,long\nbob & sons of the harbour,60000,5,short\ncy#1,70000,4,long\n"
PLANS = """client,symbol,side,method,entry,amount,leverage,stop,target,currency,desk
ann,BTCUSDT,long,bybit,50000,1000,10,47500,56000,{first},north
bob,ETHUSDT,short,okx,3200,800,8,3420,2750,{second},south
cy,BTCUSDT,long,bybit,50000,1000,25,47500,56000,{first},north
"""


@pytest.fixture
def summary(workbook: Path, tmp_path: Path) -> openpyxl.Workbook:
    (tmp_path / "t.csv").write_text(ROWS)
    run(tmp_path / "t.csv", workbook, tmp_path / "out", "{client}")
    return openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")


def of_plans(folder: Path, first: str, second: str, **options: Any) -> Path:
    (folder / "t.csv").write_text(PLANS.format(first=first, second=second))
    run(folder / "t.csv", templates.find("futures-planner"), folder / "out", "{desk}-{client}", **options)
    return folder / "out" / "summary.xlsx"


def column(sheet: Any, heading: str) -> str:
    return next(cell.column_letter for cell in sheet[3] if cell.value == heading)


def test_it_has_a_line_and_a_link_for_each_report(summary: openpyxl.Workbook, tmp_path: Path) -> None:
    (title, *_), _, header, *lines = [[cell.value for cell in row] for row in summary.active.iter_rows()]
    assert title == "own: 3 reports"
    assert header == ["Row", "Side", "client", "Report", "Liquidation", "Verdict", "Errors"]
    assert lines[0] == [1, "long", "ann", "ann.xlsx", pytest.approx(45500, rel=1e-15), "SAFE", None]
    assert [line[5] for line in lines] == ["SAFE", "DANGER", "DANGER"]
    links = [summary.active.cell(row, 4).hyperlink.target for row in (4, 5, 6)]
    assert links == ["ann.xlsx", lines[1][3], "cy%231.xlsx"]  # a # would begin a place inside the file
    assert all((tmp_path / "out" / line[3]).exists() for line in lines)


def test_it_is_filtered_scrolled_and_printed_as_a_list(summary: openpyxl.Workbook) -> None:
    sheet = summary.active
    assert sheet.auto_filter.ref == "A3:G6"
    assert sheet.freeze_panes == "E4"
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.page_setup.orientation == "landscape"
    # As many pages long as it takes, and one wide.
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth) == (0, None)


def test_its_columns_are_as_wide_as_what_they_show(summary: openpyxl.Workbook) -> None:
    widths = {letter: column.width for letter, column in summary.active.column_dimensions.items()}
    longest = len("bob & sons of the harbour.xlsx")
    assert widths == {"A": 12, "B": 12, "C": longest - 3, "D": longest + 2, "E": 12, "F": 12, "G": 12}


def test_what_a_row_is_known_by_stands_before_its_report(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(of_plans(tmp_path, "USDT", "USDT")).active
    headings = [cell.value for cell in sheet[3]][:7]
    assert headings == ["Row", "Client", "Symbol", "Side", "Quote currency", "desk", "Report"]
    known = ["bob", "ETHUSDT", "short", "USDT", "south", "south-bob.xlsx"]
    assert [cell.value for cell in sheet[5]][1:7] == known


def test_money_is_summed_and_verdicts_are_counted_and_coloured(tmp_path: Path) -> None:
    path = of_plans(tmp_path, "USDT", "USDT")
    formulas, values = openpyxl.load_workbook(path).active, openpyxl.load_workbook(path, data_only=True).active
    margin, verdict = column(formulas, "Initial margin"), column(formulas, "Verdict")
    assert formulas[f"{margin}2"].value == f"=SUBTOTAL(109,{margin}4:{margin}6)"  # of what a filter leaves
    assert values[f"{margin}2"].value == 1000 + 800 + 1000
    assert values[f"{verdict}2"].value == "1 DANGER\n2 WATCH"
    assert values[f"{column(formulas, 'Liquidation price')}2"].value is None
    marked = {str(cells.sqref): [rule.formula[0] for rule in cells.rules] for cells in formulas.conditional_formatting}
    assert f'{verdict}4="DANGER"' in marked[f"{verdict}4:{verdict}6"]


def test_two_currencies_have_a_sum_each(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(of_plans(tmp_path, "USDT", "EUR"), data_only=True).active
    assert sheet[f"{column(sheet, 'Initial margin')}2"].value == "800.00 EUR\n2,000.00 USDT"


def test_a_run_goes_on_from_a_manifest_that_does_not_say_what_reports_are_known_by(tmp_path: Path) -> None:
    """As those of a release before this one."""
    first = openpyxl.load_workbook(of_plans(tmp_path, "USDT", "EUR"), data_only=True).active
    path = tmp_path / "out" / "manifest.csv"
    with path.open(newline="") as file:
        lines = [line[:7] + line[14:] for line in csv.reader(file, quoting=csv.QUOTE_NONNUMERIC)]
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC).writerows(lines)
    kept = {each: each.stat().st_mtime_ns for each in (tmp_path / "out").glob("*-*.xlsx")}
    again = openpyxl.load_workbook(of_plans(tmp_path, "USDT", "EUR", resume=True), data_only=True).active
    assert {each: each.stat().st_mtime_ns for each in kept} == kept
    assert [[cell.value for cell in row] for row in again] == [[cell.value for cell in row] for row in first]

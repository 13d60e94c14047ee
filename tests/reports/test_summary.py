"""The list of all reports: a line and a link each, fit to be filtered, scrolled and printed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from xladdin.reports.run import run

ROWS = "client,Entry,leverage,side\nann,50000,10,long\nbob & sons of the harbour,60000,5,short\ncy#1,70000,4,long\n"


@pytest.fixture
def summary(workbook: Path, tmp_path: Path) -> openpyxl.Workbook:
    (tmp_path / "t.csv").write_text(ROWS)
    run(tmp_path / "t.csv", workbook, tmp_path / "out", "{client}")
    return openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")


def test_it_has_a_line_and_a_link_for_each_report(summary: openpyxl.Workbook, tmp_path: Path) -> None:
    header, *lines = [[cell.value for cell in row] for row in summary.active.iter_rows()]
    assert header == ["Row", "Report", "Liquidation", "Verdict", "Errors"]
    assert lines[0] == [1, "ann.xlsx", pytest.approx(45500, rel=1e-15), "SAFE", None]
    assert [line[3] for line in lines] == ["SAFE", "DANGER", "DANGER"]
    links = [summary.active.cell(row, 2).hyperlink.target for row in (2, 3, 4)]
    assert links == ["ann.xlsx", lines[1][1], "cy%231.xlsx"]  # a # would begin a place inside the file
    assert all((tmp_path / "out" / line[1]).exists() for line in lines)


def test_it_is_filtered_scrolled_and_printed_as_a_list(summary: openpyxl.Workbook) -> None:
    sheet = summary.active
    assert sheet.auto_filter.ref == "A1:E4"
    assert sheet.freeze_panes == "C2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    # As many pages long as it takes, and one wide.
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth) == (0, None)


def test_its_columns_are_as_wide_as_what_they_show(summary: openpyxl.Workbook) -> None:
    widths = {letter: column.width for letter, column in summary.active.column_dimensions.items()}
    assert widths == {"A": 12, "B": len("bob & sons of the harbour.xlsx") + 2, "C": 12, "D": 12, "E": 12}

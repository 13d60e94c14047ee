"""Rows that are rejected are a table again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from support.exports import template as of_exports
from support.tables import listed, template

from xladdin.reports.run import run


def test_rejected_rows_are_a_table_again(tmp_path: Path) -> None:
    """Sent back as they are they are rejected again; corrected, they are reports, and what was guarded is as it was."""
    own = template(tmp_path / "own.xlsx")
    table = tmp_path / "t.csv"
    table.write_text('note,entry,side,days\n=1+1,x,up,3\n"a;=b",100,long,3\n-5,-5,long,1\n"two, lines",,short,2\n')
    assert run(table, own, tmp_path / "out").rejected == 3
    first = listed(tmp_path / "out" / "rejected.csv")
    assert first == [
        ["rejected line", "rejected because", "note", "entry", "side", "days"],
        [
            "2",
            "column side: found 'up'; allowed is one of long, short | "
            "column entry: found 'x'; allowed is a number above 0",
            *["'=1+1", "x", "up", "3"],
        ],
        ["4", "column entry: found '-5'; allowed is a number above 0", "-5", "-5", "long", "1"],
        [
            "5",
            "column entry: found ''; it is blank and needed; allowed is a number above 0",
            *["two, lines", "", "short", "2"],
        ],
    ]
    again = run(tmp_path / "out" / "rejected.csv", own, tmp_path / "again")
    assert (again.made, again.rejected) == (0, 3)
    assert not any("not used" in remark for remark in again.remarks)
    text = (tmp_path / "out" / "rejected.csv").read_text()
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(
        text.replace(",x,up,", ",7,short,").replace(",-5,-5,", ",-5,5,").replace('lines",,', 'lines",9,')
    )
    outcome = run(corrected, own, tmp_path / "last")
    assert (outcome.made, outcome.rejected) == (3, 0)
    notes = [
        openpyxl.load_workbook(tmp_path / "last" / f"report-{row}.xlsx", data_only=True)["S"]["F1"].value
        for row in (1, 2, 3)
    ]
    assert notes == ["=1+1", "-5", "two, lines"]


def test_a_row_with_too_few_values_is_as_short_in_the_list(tmp_path: Path) -> None:
    """Filled up with blanks it would be a good row, also where an inner value is what is missing."""
    own = template(tmp_path / "own.xlsx")
    table = tmp_path / "t.csv"
    table.write_text("entry,side,days,note\n100,long,3\n101,long,3,a\n102,,\n")
    assert run(table, own, tmp_path / "out").rejected == 2
    first = (tmp_path / "out" / "rejected.csv").read_text().splitlines()
    assert [line.count(",") - line.count(", ") for line in first] == [5, 4, 2]
    again = run(tmp_path / "out" / "rejected.csv", own, tmp_path / "again")
    assert (again.made, again.rejected) == (0, 2)
    assert all("fewer values" in str(each) for each in again.first_rejected)


def test_a_line_of_an_export_with_too_few_values_is_rejected_each_time(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L\nX,Sell,1,100,110,9.9\nX,Sell,1,100,110\n"
    )
    own = of_exports(tmp_path / "own.xlsx")
    outcome = run(table, own, tmp_path / "out")
    assert (outcome.made, outcome.rejected) == (1, 1)
    again = run(tmp_path / "out" / "rejected.csv", own, tmp_path / "again")
    assert (again.made, again.rejected) == (0, 1)
    assert str(outcome.first_rejected[0]) == "it has fewer values than the 6 columns of the header"

"""One truth of what is rejected: every odd row by both doors, a report of each row and the one workbook."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import polars
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from xladdin.reports import into
from xladdin.reports.run import run

# Each column's first value, and its rule.
COLUMNS: dict[str, tuple[Any, dict[str, Any]]] = {
    "client": ("a", {"type": "textLength", "operator": "lessThan", "formula1": "9", "allow_blank": True}),
    "side": ("long", {"type": "list", "formula1": '"long,short"', "allow_blank": True}),
    "entry": (100.0, {"type": "decimal", "operator": "greaterThan", "formula1": "0", "allow_blank": False}),
    "days": (3, {"type": "whole", "operator": "between", "formula1": "0", "formula2": "90", "allow_blank": True}),
    "opened": (None, {"type": "date", "operator": "greaterThan", "formula1": "40000", "allow_blank": True}),
    "note": ("x", {}),
}
ODD = [
    *("", " ", "-", "N/A", "1", "1.5", "+2", "-1", "1e400", "nan", "inf", "1e-5", "12%", "1,000.5", "0,5", "abc"),
    *("TRUE", "0x1", "\uff11", "1_0", "'=1+1", "=1+1", "$1,055.81", "2 USDT", "10x", "Cross 20x", "(2)", "(2"),
    *("#N/A", "7.0", "91", "Buy", "SELL", "Close Long", "both", "sideways", "2026-01-12T21:00:00Z"),
    *("2026/01/12 21:00", "12/25/2025, 7:00:00 AM", "1768251600", "1768251600000", "1999-01-01", "yesterday"),
    *("x" * 40_000, "\U0001f600" * 17_000, "a\ufffe\x01b", "9" * 400),
]  # fmt: skip


def template(path: Path) -> Path:
    """A workbook with a name for each column, and an Excel table of the same columns under the same rules."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for number, (name, (value, rule)) in enumerate(COLUMNS.items(), 1):
        sheet.cell(1, number, value)
        sheet.cell(5, number, name)
        sheet.cell(6, number, value)
        letter = sheet.cell(1, number).column_letter
        book.defined_names[name] = DefinedName(name, attr_text=f"S!${letter}$1")
        if rule:
            validation = DataValidation(**rule)
            validation.add(f"{letter}1")
            validation.add(f"{letter}6")
            sheet.add_data_validation(validation)
    sheet.cell(2, 1, "=entry*2")
    table = Table(displayName="rows", ref=f"A5:{letter}6")
    table._initialise_columns()
    for column, name in zip(table.tableColumns, COLUMNS, strict=True):
        column.name = name
    sheet.add_table(table)
    book.save(path)
    return path


def listed(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        csv.field_size_limit(1 << 20)
        return list(csv.reader(file))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_odd_row_is_made_or_rejected_by_both_in_the_same_words(tmp_path: Path, kind: str) -> None:
    own = template(tmp_path / "own.xlsx")
    good = ["a", "long", "100", "3", "2026-01-02", "x"]
    rows = [good] + [[*good[:place], odd, *good[place + 1 :]] for place in range(len(good)) for odd in ODD]
    frame = polars.DataFrame(rows, schema=list(COLUMNS), orient="row")
    table = tmp_path / f"t.{kind}"
    {"csv": frame.write_csv, "parquet": frame.write_parquet}[kind](table)
    one = run(table, own, tmp_path / "out")
    other = into.fill(table, own, tmp_path / "one.xlsx")
    assert (one.made, one.rejected) == (other.made, other.rejected)
    assert 30 < one.rejected < len(rows) - 30
    assert listed(tmp_path / "out" / "rejected.csv") == listed(tmp_path / "one-rejected.csv")


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

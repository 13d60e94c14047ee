"""Tables on the sheets of workbooks: numbers to their last digit, errors, several sheets, damaged files."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from support.books import make_book, parts, with_parts
from support.tables import read, refused

from xladdin.reports.run import run
from xladdin.reports.table import open_table


def test_a_number_of_a_sheet_is_read_to_its_last_digit(tmp_path: Path, workbook: Path) -> None:
    numbers = [8.52345678e-6, 1 / 3, 1.23456789e-7, 1.5e-10, 123456.0625, 5e15 + 1]
    book = openpyxl.Workbook()
    for row in (["entry"], *([number] for number in numbers)):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    run(tmp_path / "t.xlsx", workbook, tmp_path / "out")
    made = [openpyxl.load_workbook(tmp_path / "out" / f"report-{n}.xlsx")["In puts"]["B1"].value for n in range(1, 7)]
    assert made == numbers


def test_an_error_or_a_formula_that_nobody_computed_is_no_blank(tmp_path: Path, workbook: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["entry", "leverage"], [1, 2], [3, "#N/A"], [4, "=5*4"], [5, 6]):
        book.active.append(row)
    book.active["B3"].data_type = "e"
    book.save(tmp_path / "t.xlsx")
    outcome = run(tmp_path / "t.xlsx", workbook, tmp_path / "out")
    assert (outcome.made, [row.line for row in outcome.first_rejected]) == (2, [3, 4])
    assert [row.faults[0].value for row in outcome.first_rejected] == ["#N/A", "=5*4"]


def test_the_first_visible_sheet_with_rows_is_read_with_its_own_line_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.append(["entry"])
    hidden.append([9])
    hidden.sheet_state = "hidden"
    book.create_sheet("Cover")["A1"] = "Positions"
    table = book.create_sheet("Table")
    table["B4"], table["C4"] = "note", "entry"
    table["B5"], table["C5"] = "x", datetime.datetime(2026, 1, 2, 3, 4, 5)
    table["B7"], table["C7"] = "y", True
    more = book.create_sheet("More")
    more.append(["entry"])
    more.append([7])
    book.save(tmp_path / "t.xlsx")
    found = open_table(tmp_path / "t.xlsx")
    assert (found.form, found.header) == ("sheet Table", 4)
    assert found.remarks == [f"{tmp_path / 't.xlsx'} has more sheets with rows (More); read is Table."]
    assert [row[0] for row in read(tmp_path / "t.xlsx")] == [5, 6, 7]
    assert read(tmp_path / "t.xlsx", sheet="more") == [(2, "7")]
    assert "has no sheet 'x'; its sheets are" in refused(tmp_path / "t.xlsx", sheet="x")


def test_damaged_workbooks_are_refused_in_our_words(tmp_path: Path) -> None:
    for name, content in (("a.xls", b"x"), ("a.ods", b"PK"), ("a.xlsx", b""), ("a.xlsb", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(content)
        assert refused(tmp_path / name).startswith(str(tmp_path / name))
    book = make_book(tmp_path / "own.xlsx", {"A1": "entry", "A2": 1}, {})
    with_parts(book, {"xl/worksheets/sheet1.xml": b"<worksheet"})
    assert "can't be read" in refused(book)


@pytest.mark.parametrize("place", ["A1048577", "B99999999", "XFE3", "ZZZZ3", "A999999999999999999999"])
def test_a_cell_off_the_sheet_is_refused_before_all_blank_ones_before_it_are_read(tmp_path: Path, place: str) -> None:
    path = make_book(tmp_path / "t.xlsx", {"A1": "entry", "A2": 1}, {})
    sheet = parts(path)["xl/worksheets/sheet1.xml"]
    cell = f'<row r="{place.strip("ABEFXZ")}"><c r="{place}"><v>5</v></c></row></sheetData>'
    with_parts(path, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", cell.encode())})
    said = refused(path)
    assert said.startswith(f"{path}, sheet S: found the ")
    assert said.endswith("; allowed are rows to 1048576 and columns to XFD.")


@pytest.mark.parametrize(("place", "cells"), [("XFD1048576", "17,179,869,184"), ("ZZ999999", "701,999,298")])
def test_a_cell_far_from_all_others_is_named_before_the_blank_ones_between_are_read(
    tmp_path: Path, place: str, cells: str
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["entry"])
    book.active.append([1])
    book.active[place] = "x"
    book.save(tmp_path / "t.xlsx")
    assert refused(tmp_path / "t.xlsx") == (
        f"{tmp_path / 't.xlsx'}, sheet Sheet: found the cell {place} far from the others, with {cells} cells "
        f"to the row {place.strip('XFDZ')}; allowed is a table whose cells are together."
    )


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ('<c r="A2" t="n"><v>abc</v></c>', ", cell A2: found 'abc'; allowed is a number."),
        ('<c r="A2" t="s"><v>999</v></c>', ", cell A2: found '999'; allowed is the number of a shared text."),
        ('<c r="A2" t="b"><v>maybe</v></c>', ", cell A2: found 'maybe'; allowed is 0 or 1."),
        ('<c r="A2" t="q"><v>1</v></c>', ", cell A2: found the kind 'q'; allowed are n, s, b, e, str, inlineStr, d."),
        ('<c r="A0"><v>1</v></c>', ": found a cell at 'A0'; allowed are places such as B3."),
    ],
)
def test_a_cell_that_is_none_is_named(tmp_path: Path, cell: str, sentence: str) -> None:
    path = make_book(tmp_path / "t.xlsx", {"A1": "entry"}, {})
    sheet = parts(path)["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", f'<row r="2">{cell}</row></sheetData>'.encode()
    )
    with_parts(path, {"xl/worksheets/sheet1.xml": sheet})
    assert refused(path) == f"{path}, sheet S{sentence}"

"""One workbook of all rows, of workbooks and tables as they also come: quotes in names, notes below, blank patterns."""

from __future__ import annotations

import csv
import datetime
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fsspec
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableFormula
from openpyxl.worksheet.worksheet import Worksheet
from support.systems import posix_words

from xladdin.core.errors import UserError
from xladdin.reports import into
from xladdin.reports.reading import Said
from xladdin.workbook.table import resize
from xladdin.workbook.table.excel_table import ExcelTable

QUOTED = "'It''s é #1'"


def add_table(
    sheet: Worksheet, headers: Sequence[str], rows: list[list[Any]], name: str = "deals", totals: Sequence[Any] = ()
) -> Table:
    """A table at B3 of a sheet; {row} in a text is the number of its row."""
    for row, values in enumerate([headers, *rows, *([totals] if totals else [])], 3):
        for column, value in enumerate(values, 2):
            if value is not None:
                sheet.cell(row, column, value.format(row=row) if isinstance(value, str) else value)
    table = Table(
        displayName=name, name=name, ref=f"B3:{get_column_letter(1 + len(headers))}{3 + len(rows) + bool(totals)}"
    )
    table._initialise_columns()
    table.totalsRowCount = 1 if totals else None
    for column, header in zip(table.tableColumns, headers, strict=True):
        column.name = header.replace("\n", "_x000a_")
    sheet.add_table(table)
    return table


def book_of(
    headers: Sequence[str], rows: list[list[Any]], *out: str, title: str = "Deals", totals: Sequence[Any] = ()
) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    add_table(book.active, headers, rows, totals=totals)
    sheet = book.create_sheet("Out")
    for row, formula in enumerate(out, 1):
        sheet.cell(row, 1, formula)
    return book


def filled(
    tmp_path: Path, book: openpyxl.Workbook, header: list[str], rows: list[list[Any]], rejected: int = 0
) -> tuple[openpyxl.Workbook, openpyxl.Workbook]:
    """The workbook of all rows, with its formulas and with their values."""
    book.save(tmp_path / "own.xlsx")
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    outcome = into.fill(tmp_path / "t.csv", tmp_path / "own.xlsx", tmp_path / "one.xlsx")
    assert (outcome.made, outcome.rejected) == (len(rows) - rejected, rejected)
    return openpyxl.load_workbook(tmp_path / "one.xlsx"), openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)


def column(book: openpyxl.Workbook, place: str) -> list[Any]:
    sheet, _, cells = place.partition("!")
    return [cell.value for (cell,) in book[sheet][cells]]


def test_references_to_a_sheet_with_an_apostrophe_follow(tmp_path: Path) -> None:
    formulas = [f"=SUM({QUOTED}!B4:B5)", f"={QUOTED}!B6", f"=SUM({QUOTED}!B5:B4)"]
    book = book_of(["A"], [[1], [2]], *formulas, title="It's é #1", totals=["=SUM(deals[A])"])
    own, values = filled(tmp_path, book, ["a"], [[1], [2], [3], [4]])
    assert column(own, "Out!A1:A3") == [f"=SUM({QUOTED}!B4:B7)", f"={QUOTED}!B8", f"=SUM({QUOTED}!B4:B7)"]
    assert column(values, "Out!A1:A3") == [10, 10, 10]


def test_headers_of_every_kind_are_found(tmp_path: Path) -> None:
    headers = ["Qty [pcs]", "Price's", "Line\nbreak", "# No"]
    out = ["=SUM(deals[Qty '[pcs']])", "=SUM(deals[Price''s])", "=SUM(deals[Line\nbreak])", "=SUM(deals['# No])"]
    book = book_of(headers, [[1, 1, 1, 1]], *out, "=ROWS(deals)")
    _, values = filled(tmp_path, book, ["qty [PCS]", "price's", "line break", "# no"], [[1, 2, 3, 4]] * 3)
    assert column(values, "Out!A1:A5") == [3, 6, 9, 12, 3]


def test_what_is_kept_in_other_parts_follows(tmp_path: Path) -> None:
    book = book_of(["A", "B"], [[1, "=B{row}"]], title="It's é #1", totals=["=SUM(deals[A])", None])
    sheet = book.active
    sheet["B8"] = "below"
    sheet["B8"].comment = Comment("a note", "me")
    sheet["B9"].hyperlink = Hyperlink(ref="B9", location=f"{QUOTED}!B8")
    sheet.row_breaks.append(Break(id=5))
    sheet.sheet_view.selection[0].activeCell = sheet.sheet_view.selection[0].sqref = "B8"
    scale = ColorScaleRule("min", start_color="FFFFFFFF", end_type="formula", end_value="$B$5", end_color="FF00FF00")
    sheet.conditional_formatting.add("B4", scale)
    other = add_table(book["Out"], ["X", "Y"], [[1, f"={QUOTED}!$B$5"]], name="other")
    other.tableColumns[1].calculatedColumnFormula = TableFormula(attr_text=f"{QUOTED}!$B$5")
    own, _ = filled(tmp_path, book, ["a"], [[1], [2], [3]])
    sheet = own[own.sheetnames[0]]
    assert (sheet["B10"].value, sheet["B10"].comment.text, sheet["B8"].comment) == ("below", "a note", None)
    assert sheet["B11"].hyperlink.location == f"{QUOTED}!B10"
    assert sheet.row_breaks.brk[0].id == 7
    assert sheet.sheet_view.selection[0].activeCell == "B10"
    (rule,) = next(iter(sheet.conditional_formatting)).rules
    assert rule.colorScale.cfvo[1].val == "$B$7"
    assert own["Out"].tables["other"].tableColumns[1].calculatedColumnFormula.attr_text == f"{QUOTED}!$B$7"
    with zipfile.ZipFile(tmp_path / "one.xlsx") as archive:
        (drawing,) = (archive.read(name) for name in archive.namelist() if name.endswith(".vml"))
    assert b":Row>9<" in drawing


def test_rules_and_charts_of_a_single_row_are_of_all_rows(tmp_path: Path) -> None:
    book = book_of(["A"], [[1]], "=Deals!B4")
    sheet = book["Deals"]
    rule = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    rule.add("B4")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add("B4", ColorScaleRule("min", start_color="FFFFFFFF"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=4))
    book["Out"].add_chart(chart, "C3")
    own, values = filled(tmp_path, book, ["a"], [[7], [2], [3]])
    assert str(own["Deals"].data_validations.dataValidation[0].sqref) == "B4:B6"
    assert [str(each.sqref) for each in own["Deals"].conditional_formatting] == ["B4:B6"]
    assert own["Out"]._charts[0].series[0].val.numRef.f == "'Deals'!$B$4:$B$6"
    assert (own["Out"]["A1"].value, values["Out"]["A1"].value) == ("=Deals!B4", 7)


def test_cells_beside_the_table_and_what_refers_to_them_stay_together(tmp_path: Path) -> None:
    book = book_of(["A"], [[1], [2], [3]], "=SUM(Deals!F4:F6)", "=Deals!F7", "=Deals!F8", totals=["=SUM(deals[A])"])
    for row in range(4, 9):
        book.active.cell(row, 6, row)
    for rows, last in ([[9]], 4), ([[9]] * 5, 8):
        own, values = filled(tmp_path, book, ["a"], rows)
        assert column(values, "Out!A1:A3") == [15, 7, 8]
        assert own["Out"]["A1"].value == "=SUM(Deals!F4:F6)"
        assert values["Deals"].cell(last + 1, 2).value == 9 * len(rows)


def test_blank_cells_of_the_pattern_are_filled_as_if_typed(tmp_path: Path) -> None:
    book = book_of(["A", "B", "C"], [[None, None, "=deals[[#This Row],[A]]+1"]], "=SUM(deals[A])", "=SUM(deals[C])")
    book.active.column_dimensions["B"].fill = PatternFill("solid", fgColor="FFFFF2CC")
    own, values = filled(tmp_path, book, ["a", "b"], [[1, "x"], ["2.5", "007"], ["3", "=1+1"], ["1e2", "1_0"]])
    assert column(values, "Deals!B4:B7") == [1, 2.5, 3, 100]
    assert column(own, "Deals!C4:C7") == ["x", "007", "=1+1", "1_0"]
    assert own["Deals"]["C6"].data_type == "s"
    assert column(values, "Out!A1:A2") == [106.5, 110.5]
    assert own["Deals"]["B5"].fill.fgColor.rgb == "FFFFF2CC"
    whole_row_blank = book_of(["A"], [[None]], "=SUM(deals[A])")
    _, values = filled(tmp_path, whole_row_blank, ["a"], [[1], [2]])
    assert values["Out"]["A1"].value == 3


def test_the_first_value_of_a_column_says_its_kind(tmp_path: Path) -> None:
    book = book_of(["Flag", "Day"], [[None, datetime.date(2020, 1, 1)], [True, None]], "=COUNTIF(deals[Flag],TRUE)")
    rows = [["TRUE", "2026-01-02"], ["false", ""], ["", "1850-01-01"], ["maybe", ""]]
    _, values = filled(tmp_path, book, ["flag", "day"], rows, rejected=2)
    assert column(values, "Deals!B4:B5") == [True, False]
    assert values["Out"]["A1"].value == 1
    with (tmp_path / "one-rejected.csv").open(newline="") as file:
        reasons = [line[1].rpartition("; ")[2] for line in csv.reader(file)][1:]
    assert reasons == ["allowed is a date at least 1900-01-01", "allowed is one of TRUE, FALSE"]


@pytest.mark.parametrize(
    ("text", "is_held"), [("x" * 32_767, True), ("x" * 32_768, False), ("\U0001f600" * 17_000, False)]
)
def test_text_that_no_cell_holds_is_rejected(tmp_path: Path, text: str, is_held: bool) -> None:
    book = book_of(["A", "B"], [[1, "x"]])
    filled(tmp_path, book, ["a", "b"], [[1, "y"], [2, text]], rejected=not is_held)
    if not is_held:
        with (tmp_path / "one-rejected.csv").open(newline="", encoding="utf-8") as file:
            line = list(csv.reader(file))[1]
        said = f"column b: found '{text[:57]}...'; allowed is text of at most 32,767 characters"
        assert line == ["3", said, "2", text]


def test_a_balance_of_which_the_first_row_is_another_is_remarked_on(tmp_path: Path) -> None:
    def remarks(first: Any, *, defaults: bool = False) -> list[str]:
        book = book_of(["A", "Balance"], [[1, first], [2, "=C4+B{row}"], [3, "=C5+B{row}"]])
        book.save(tmp_path / "own.xlsx")
        (tmp_path / "t.csv").write_text("a\n1\n2\n")
        made, said = tmp_path / "one.xlsx", Said(defaults=defaults)
        return into.fill(tmp_path / "t.csv", tmp_path / "own.xlsx", made, said=said).remarks

    said = "own.xlsx, the column Balance: Deals!C4 has {} where Deals!C5 has =C4+B5; all rows are made after the first."
    assert remarks("=B4") == [said.format("=B4")]
    with pytest.raises(UserError, match="has no column for Balance"):
        remarks(100)
    assert remarks(100, defaults=True)[1:] == [said.format("no formula")]
    assert remarks("=C3+B4") == []


def test_an_array_formula_of_a_row_is_of_its_own_row(tmp_path: Path) -> None:
    book = book_of(["A", "Both"], [[1, None]], "=SUM(deals[Both])")
    book.active["C4"] = ArrayFormula("C4", "=SUM(B4*{1,2})")
    own, values = filled(tmp_path, book, ["a"], [[1], [2], [3]])
    assert [(each.ref, each.text) for each in column(own, "Deals!C4:C6")] == [
        (f"C{row}", f"=SUM(B{row}*{{1,2}})") for row in (4, 5, 6)
    ]
    assert values["Out"]["A1"].value == 18


@pytest.mark.parametrize("formula", ["='[other.xlsx]S'!B{row}+1", "=Gone!B{row}+1"])
def test_a_row_that_refers_to_no_cell_here_has_an_error(tmp_path: Path, formula: str) -> None:
    _, values = filled(tmp_path, book_of(["A", "B"], [[1, formula]]), ["a"], [[1], [2]])
    assert column(values, "Deals!C4:C5") == ["#REF!", "#REF!"]


def test_a_first_row_that_a_filter_hides_hides_no_other(tmp_path: Path) -> None:
    book = book_of(["A"], [[1], [2]])
    book.active.row_dimensions[4].hidden = True
    own, _ = filled(tmp_path, book, ["a"], [[1], [2], [3]])
    assert [own["Deals"].row_dimensions[row].hidden for row in (4, 5, 6)] == [False] * 3


def test_a_new_folder_takes_the_list_of_rejected_rows_too(tmp_path: Path) -> None:
    book_of(["A"], [[1]]).save(tmp_path / "own.xlsx")
    (tmp_path / "t.csv").write_text("a\nx\n2\n")
    outcome = into.fill(tmp_path / "t.csv", tmp_path / "own.xlsx", tmp_path / "new" / "one.xlsx")
    assert (outcome.made, outcome.rejected) == (1, 1)
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"one.xlsx", "one-rejected.csv"}


def test_a_url_without_a_folder_is_its_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book_of(["A"], [[1]]).save(tmp_path / "own.xlsx")
    (tmp_path / "t.csv").write_text("a\nx\n2\n")
    into.fill(tmp_path / "t.csv", tmp_path / "own.xlsx", "memory://root.xlsx")
    assert {"/root.xlsx", "/root-rejected.csv"} <= set(fsspec.filesystem("memory").find("/"))
    assert {path.name for path in tmp_path.iterdir()} == {"own.xlsx", "t.csv"}


@posix_words
def test_odd_targets_and_tables_are_refused_in_a_sentence(tmp_path: Path) -> None:
    template, table = tmp_path / "own.xlsx", tmp_path / "t.csv"
    book_of(["A"], [[1]]).save(template)
    table.write_text("a\nx\n2\n")
    before = template.read_bytes()
    (tmp_path / "file").touch()
    for target, said in (
        (f"file://{template}", "is the template itself"),
        (f"{tmp_path}/{'x' * 300}.xlsx", "can't be written: File name too long"),
        (f"{tmp_path}/{'x' * 243}.xlsx", "can't be written: File name too long"),
        (f"{tmp_path}/file/one.xlsx", "can't be written"),
    ):
        with pytest.raises(UserError, match=said):
            into.fill(table, template, target)
    assert template.read_bytes() == before
    table.write_text("a,b\n,\n\n")
    with pytest.raises(UserError, match="has no rows but blank ones"):
        into.fill(table, template, tmp_path / "one.xlsx")


def test_the_boxes_of_notes_and_buttons_move_as_their_cells_do() -> None:
    table = ExcelTable("deals", "Deals", ("A",), 4, 4, 2, False)
    note = (
        b"<x:ClientData><x:Anchor>\n 2, 15, %d, 2, 4, 15, %d, 4</x:Anchor>"
        b"<x:Row>%d</x:Row><x:Column>1</x:Column></x:ClientData>"
    )
    button = b"<x:ClientData><x:Anchor>2, 15, %d, 2, 4, 15, %d, 4</x:Anchor></x:ClientData>"
    resizing = resize.Resize(table, 3)
    assert resize._moved_note(note % (6, 10, 7), resizing) == (note % (8, 12, 9)).replace(b"\n 2", b"2")
    assert resize._moved_note(note % (1, 5, 2), resizing) == (note % (1, 5, 2)).replace(b"\n 2", b"2")
    assert resize._moved_note(button % (5, 6), resizing) == button % (7, 8)
    assert resize._moved_note(b"<x:ClientData/>", resizing) == b"<x:ClientData/>"


@pytest.mark.parametrize(
    ("formula", "values", "last"),
    [
        ("=SUM(B{row}:C{row})", [22, 55, 33], "=SUM(B6:C6)"),
        ("=SUM($B{row}:$C{row})", [22, 55, 33], "=SUM($B6:$C6)"),
        ("=SUM(B$4:B{row})", [2, 7, 10], "=SUM(B$4:B6)"),
        ("=SUM(B$4:B$4)", [10, 10, 10], "=SUM(B$4:B$6)"),
    ],
)
def test_a_relative_range_in_the_only_row_is_of_its_own_row(
    tmp_path: Path, formula: str, values: list[float], last: str
) -> None:
    book = book_of(["a", "b", "c"], [[1, 2, formula]])
    rule = FormulaRule(formula=["SUM($B4:$C4)>40"])
    book.active.conditional_formatting.add("B4:D4", rule)
    own, found = filled(tmp_path, book, ["a", "b"], [[2, 20], [5, 50], [3, 30]])
    assert [found["Deals"].cell(row, 4).value for row in (4, 5, 6)] == values
    assert own["Deals"]["D6"].value == last
    ((places, (kept,)),) = [(str(each.sqref), each.rules) for each in own["Deals"].conditional_formatting]
    assert (places, kept.formula) == ("B4:D6", ["SUM($B4:$C4)>40"])

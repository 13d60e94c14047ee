"""A report for somebody else's eyes: its values, and nothing of the model."""

from __future__ import annotations

import io
import re
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from support.books import make_book, parts, with_parts

from xladdin.cli import main
from xladdin.core.errors import UserError
from xladdin.templates import names as template_names
from xladdin.templates import workbook_path
from xladdin.workbook.values_only import values_only


def make_model(path: Path, *, chart_reads_hidden: bool = False) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Report"
    cells = {
        "A1": "Amount",
        "B1": 5,
        "A2": "Price",
        "B2": "=B1*secret_rate+Hidden!A2",
        "A3": "Word",
        "B3": '=IF(B1>3,"big","small")',
    }
    for address, value in cells.items():
        sheet[address] = value
    hidden = book.create_sheet("Hidden")
    hidden["A1"], hidden["A2"], hidden["A3"] = "our margin", "=LEV_RATIO(B1,2)", 7
    hidden["B1"] = 3
    hidden.sheet_state = "veryHidden"
    shown = book.create_sheet("Chart")
    for row in range(1, 4):
        shown.cell(row, 1, f"=Report!B1*{row}")
    chart = LineChart()
    chart.add_data(Reference(hidden if chart_reads_hidden else shown, min_col=1, min_row=1, max_row=3))
    shown.add_chart(chart, "C1")
    red = PatternFill(bgColor="FFFF0000", fill_type="solid")
    sheet.conditional_formatting.add("B1", CellIsRule(operator="greaterThan", formula=["3"], fill=red))
    sheet.conditional_formatting.add("B2", FormulaRule(formula=["B2>secret_rate"], fill=red))
    rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="Hidden!$A$3")
    rule.add("B1")
    sheet.add_data_validation(rule)
    for name, cell in {"amount": "Report!$B$1", "price": "Report!$B$2", "secret_rate": "Hidden!$B$1"}.items():
        book.defined_names[name] = DefinedName(name, attr_text=cell)
    sheet.print_area = "A1:B3"
    book.save(path)
    return path


def report(folder: Path, template: Path | str, *options: str, table: str = "amount\n4\n2\n") -> Result:
    (folder / "t.csv").write_text(table, encoding="utf-8")
    source = ["report", str(folder / "t.csv"), "--template", str(template), "--out", str(folder / "out")]
    return CliRunner().invoke(main, [*source, "--trust", "--defaults", *options])


def everything(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "\n".join([*archive.namelist(), *(archive.read(name).decode("latin-1") for name in archive.namelist())])


def test_it_has_the_same_values_and_no_formula(tmp_path: Path) -> None:
    template = make_model(tmp_path / "model.xlsx")
    assert report(tmp_path, template, "--allow-errors").exit_code == 0
    with_formulas = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx", data_only=True)
    expected = [
        [[cell.value for cell in row] for row in with_formulas[title].iter_rows()] for title in ("Report", "Chart")
    ]
    assert expected[0][1:] == [["Price", 4 * 3 + 1.5], ["Word", "big"]]
    assert report(tmp_path, template, "--values").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx")
    assert [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book] == expected
    assert book["Report"]["B3"].data_type == "s"


def test_nothing_of_the_model_is_left_to_see(tmp_path: Path) -> None:
    report(tmp_path, make_model(tmp_path / "model.xlsx"), "--values")
    text = everything(tmp_path / "out" / "report-1.xlsx")
    assert [
        word
        for word in ("<f>", "LEV_", "secret_rate", "our margin", "Hidden", "calcChain", "Validation")
        if word in text
    ] == ["<f>"]
    book = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx")
    assert (book.sheetnames, list(book.defined_names)) == (["Report", "Chart"], [])
    # What is no secret stays: the chart, the colour by the cell's own value, what is printed.
    assert len(book["Chart"]._charts) == 1
    assert [str(each.sqref) for each in book["Report"].conditional_formatting] == ["B1"]
    assert book["Report"].print_area == "'Report'!$A$1:$B$3"


def test_a_hidden_sheet_that_a_chart_reads_stays_with_its_values(tmp_path: Path) -> None:
    report(tmp_path, make_model(tmp_path / "model.xlsx", chart_reads_hidden=True), "--values")
    book = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx")
    assert (book.sheetnames, book["Hidden"]["A2"].value) == (["Report", "Hidden", "Chart"], 1.5)


@pytest.mark.parametrize("name", template_names())
def test_every_template_of_ours_shows_the_same(tmp_path: Path, name: str) -> None:
    from xladdin.templates import find

    data = find(name).read_bytes()
    before = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    after = openpyxl.load_workbook(io.BytesIO(values_only(data, name)))

    def shown(book: openpyxl.Workbook) -> dict[tuple[str, str], Any]:
        return {
            (sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row if cell.value
        }

    texts, left = shown(before), shown(after)
    assert left == {place: value for place, value in texts.items() if place in left}
    gone = {place: value for place, value in texts.items() if place not in left}
    lists = {"paper-trade": {"Prices"}, "positions": {"Positions"}, "trading-journal": {"Trades"}}
    assert {title for title, _ in gone} == {"Read me"} | lists.get(name, set())
    said = " ".join(str(value) for (title, _), value in gone.items() if title == "Read me")
    assert said.startswith(("In one step", "In two steps", "In three steps", "In four steps", "In five steps"))
    assert "yours to change" in said
    assert "The LEV_ functions are available here" in said
    assert "Not advice" in left.values()
    assert [len(sheet._charts) for sheet in after] == [len(sheet._charts) for sheet in before]


def test_a_workbook_with_macros_has_no_values_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(make_model(tmp_path / "model.xlsx"), "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")
    result = report(tmp_path, tmp_path / "model.xlsx", "--values")
    assert (result.exit_code, "has macros" in result.stderr) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no umask")
def test_reports_are_files_by_the_umask_and_not_executable(tmp_path: Path) -> None:
    report(tmp_path, make_model(tmp_path / "model.xlsx"), "--values")
    plain = tmp_path / "plain"
    plain.touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert modes == {stat.S_IMODE(plain.stat().st_mode)}


def test_what_only_a_hidden_sheet_has_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "model.xlsx"
    book = openpyxl.load_workbook(make_model(path))
    hidden = book["Hidden"]
    hidden["A1"].comment = Comment("how we reckon", "us")
    chart = LineChart()
    chart.title = "our curve"
    chart.add_data(Reference(book["Chart"], min_col=1, min_row=1, max_row=3))
    hidden.add_chart(chart, "D1")
    book["Report"]["C1"].comment = Comment("as agreed", "us")
    book.save(path)
    assert all(word in everything(path) for word in ("our margin", "how we reckon", "our curve", "as agreed"))
    path.write_bytes(values_only(path.read_bytes(), "model.xlsx"))
    text = everything(path)
    assert [word for word in ("our margin", "how we reckon", "our curve", "as agreed") if word in text] == ["as agreed"]
    after = openpyxl.load_workbook(path)
    assert [after["Report"][f"A{row}"].value for row in (1, 2, 3)] == ["Amount", "Price", "Word"]


def test_a_workbook_that_shows_no_sheet_has_nothing_to_keep(tmp_path: Path) -> None:
    path = make_book(tmp_path / "model.xlsx", {"A1": 1}, {})
    workbook = parts(path)["xl/workbook.xml"].replace(b'state="visible"', b'state="hidden"')
    data = with_parts(path, {"xl/workbook.xml": workbook}).read_bytes()
    with pytest.raises(UserError, match="no sheet that can be seen"):
        values_only(data, "model.xlsx")


def test_texts_that_only_a_hidden_sheet_shares_go(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A3"] = "first", "both", "last"
    hidden = book.create_sheet("Hidden")
    hidden["A1"], hidden["A2"] = "our margin", "both"
    hidden.sheet_state = "hidden"
    path = tmp_path / "model.xlsx"
    book.save(path)
    # As Excel writes it: the texts of all sheets in one part.
    texts = ["first", "our margin", "both", "last"]
    found = parts(path)
    changed = {
        name: re.sub(
            r'<c r="(\w+)" t="inlineStr"><is><t>([^<]*)</t></is></c>',
            lambda cell: f'<c r="{cell[1]}" t="s"><v>{texts.index(cell[2])}</v></c>',
            found[name].decode(),
        ).encode()
        for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
    }
    main_space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    changed["xl/sharedStrings.xml"] = f'<sst xmlns="{main_space}">{items}</sst>'.encode()
    override = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>'
    )
    changed["[Content_Types].xml"] = found["[Content_Types].xml"].replace(b"</Types>", override)
    with_parts(path, changed)
    assert openpyxl.load_workbook(path)["Hidden"]["A1"].value == "our margin"
    path.write_bytes(values_only(path.read_bytes(), "model.xlsx"))
    assert "our margin" not in everything(path)
    after = openpyxl.load_workbook(path)
    assert (after.sheetnames, [cell.value for cell in after["Sheet"]["A"]]) == (["Sheet"], ["first", "both", "last"])


def test_nothing_is_said_of_filling_in_where_nothing_can_be_filled_in(tmp_path: Path) -> None:
    """Every text of every template that comes with us, in a copy of its values."""
    for name in template_names():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(values_only(workbook_path(name).read_bytes(), name))
        for sheet in openpyxl.load_workbook(path).worksheets:
            texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
            found = [
                text for text in texts if re.search(r"(?i)\bfill in\b|blue c|black c|type below|are examples", text)
            ]
            assert not found, (name, sheet.title, found)

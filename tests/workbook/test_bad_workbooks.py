"""Workbooks and formulas that are odd, damaged or beyond what can be computed: a value, or one sentence."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation, DataValidationList
from openpyxl.xml.functions import tostring

from xladdin.core.errors import UnreadableError, UserError
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.engine import evaluate
from xladdin.workbook.model import Place, read_model
from xladdin.workbook.render import recalculate
from xladdin.workbook.validation import Rule, rules_in

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(cells: dict[str, Any], names: dict[str, str], epoch: datetime.datetime = WINDOWS_EPOCH) -> Path:
        book = openpyxl.Workbook()
        book.epoch = epoch
        sheet = book.active
        sheet.title = "S"
        for address, value in cells.items():
            sheet[address] = value
        for name, text in names.items():
            book.defined_names[name] = DefinedName(name, attr_text=text)
        book.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return made


def filled(path: Path, **inputs: Any) -> openpyxl.worksheet.worksheet.Worksheet:
    target = path.with_name("filled.xlsx")
    recalculate(read_model(path), target, inputs)
    return openpyxl.load_workbook(target, data_only=True)["S"]


def without_part(path: Path, part: str, instead: bytes | None = None) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    del parts[part]
    if instead is not None:
        parts[part] = instead
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, CALENDAR_MAC_1904])
def test_a_date_stays_the_same_day_whatever_the_calendar(make: Make, epoch: datetime.datetime) -> None:
    day, given = datetime.datetime(2024, 1, 1), datetime.datetime(2025, 6, 30)
    path = make({"A1": day, "A2": day, "A3": "=A1+1"}, {"kept": "S!$A$1", "changed": "S!$A$2"}, epoch)
    sheet = filled(path, changed=given)
    assert [sheet["A1"].value, sheet["A2"].value] == [day, given]


def test_a_cell_at_the_far_corner_is_computed_at_once(make: Make) -> None:
    path = make({"A1": 1, "XFD1048576": "=A1+1"}, {"one": "S!$A$1"})
    assert recalculate(read_model(path), path) == {Place("S", 1048576, 16384): 2.0}


@pytest.mark.parametrize("cell", ["B1", "C2", "A3", "D9"])
def test_a_name_of_an_empty_cell_is_an_input_that_can_be_filled_in(make: Make, cell: str) -> None:
    path = make({"A1": 1, "C1": 2, "A2": f"={cell}*2", "A5": "end"}, {"empty": f"S!${cell[0]}${cell[1]}"})
    assert read_model(path).inputs["empty"].required
    sheet = filled(path, empty=7.0)
    assert (sheet[cell].value, sheet["A2"].value) == (7, 14)
    assert [sheet[address].value for address in ("A1", "C1", "A5")] == [1, 2, "end"]


@pytest.mark.parametrize("formula", ["=[other.xlsx]S!A1+A1", "=[1]S!A1", "=FILTERXML([1]S!A1,A1)", "='[a b.xlsx]S'!A1"])
def test_a_reference_into_another_workbook_has_no_value(make: Make, formula: str) -> None:
    path = make({"A1": 1, "A2": formula}, {"one": "S!$A$1"})
    assert str(filled(path)["A2"].value).startswith("#")
    assert evaluate(formula).startswith("#")


def test_a_workbook_without_a_sheets_part_or_without_sheets_is_refused(make: Make) -> None:
    path = make({"A1": 1}, {})
    without_part(path, "xl/worksheets/sheet1.xml")
    with pytest.raises(UnreadableError, match=r"its sheet 'S' has no xl/worksheets/sheet1\.xml"):
        read_model(path)
    path = make({"A1": 1}, {})
    without_part(path, "xl/workbook.xml", b"<x/>")
    with pytest.raises(UnreadableError, match="has no worksheet"):
        read_model(path)


def test_a_function_that_nobody_knows_has_the_error_of_a_name(make: Make) -> None:
    path = make({"A1": 1, "A2": "=UNKNOWN(A1)", "A3": "=A1*2"}, {"o1": "S!$A$1"})
    sheet = filled(path)
    assert [sheet[cell].value for cell in ("A2", "A3")] == ["#NAME?", 2]


@pytest.mark.parametrize("formula", ["=1e400", "=-1e400", "=1e400*1"])
def test_a_number_too_large_is_an_error(formula: str) -> None:
    assert evaluate(formula) == "#NUM!"


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("=LEV_LIQPRICE(50000;10;1%)", "arguments are separated by commas"),
        ("=\udcff", "bytes that are not UTF-8"),
        ("=" + "1+" * 500, "…"),
        ("=" + "(" * 3000, "…"),
    ],
)
def test_what_is_no_formula_is_refused_in_a_short_plain_sentence(formula: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        evaluate(formula)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 160
    assert "TokenSpan" not in str(caught.value)


def rule_of(**rule: Any) -> Rule:
    validations = DataValidationList()
    validation = DataValidation(**rule)
    validation.add("A1")
    validations.append(validation)
    (found,) = rules_in(tostring(validations.to_tree()), lambda text: ())
    return found


def test_dates_are_compared_with_the_bounds_of_their_rule() -> None:
    rule = rule_of(type="date", operator="greaterThan", formula1="45292")
    values = (1.0, 45293.0, datetime.datetime(2023, 1, 1), datetime.datetime(2024, 1, 2), "soon")
    assert [rule.admits(value) for value in values] == [False, True, False, True, False]
    assert rule.allowed == "a date above 2024-01-01"


def test_a_known_bound_is_checked_where_the_other_is_a_formula() -> None:
    rule = rule_of(type="decimal", operator="between", formula1="B1", formula2="1e3")
    assert [rule.admits(value) for value in (2000.0, 1000.0)] == [False, True]
    assert rule.allowed == "a number at most 1000"


def test_a_number_of_a_list_is_told_by_its_value() -> None:
    assert rule_of(type="list", formula1='"5,10"').admits(5.0)


ADDRESS = rb'(<(?:row|c)\b[^>]*?) r="[A-Z]*\d+"'


@pytest.mark.parametrize("written", ["no addresses", "of rows only", "of cells only", "of a first cell only"])
def test_rows_and_cells_that_do_not_say_where_they_stand_follow_those_before(make: Make, written: str) -> None:
    cells = {"A1": 5, "B1": "=A1*2", "C1": "=empty&A2", "A2": "text", "B2": "=SUM(A1:B1)", "A3": 1, "B3": "=B2+A3"}
    path = make(cells, {"five": "S!$A$1", "ten": "S!$B$1", "empty": "S!$D$1", "sum": "S!$B$2", "far": "S!$F$7"})
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    pattern = {
        "no addresses": ADDRESS,
        "of rows only": rb'(<c\b[^>]*?) r="[A-Z]*\d+"',
        "of cells only": rb'(<row\b[^>]*?) r="\d+"',
        "of a first cell only": rb'(<c\b[^>]*?) r="[B-Z]\d+"',
    }[written]
    without_part(path, "xl/worksheets/sheet1.xml", re.sub(pattern, rb"\1", xml))
    model = read_model(path)
    assert {name: item.default for name, item in model.inputs.items()} == {"five": 5, "empty": None, "far": None}
    sheet = filled(path, five=7.0, empty="new", far=8.0)
    found = {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}
    assert found == {
        "A1": 7, "B1": 14, "C1": "newtext", "D1": "new", "A2": "text", "B2": 21, "A3": 1, "B3": 22, "F7": 8
    }  # fmt: skip


def test_what_the_formula_engine_computes_is_found_without_addresses_too(make: Make) -> None:
    path = make({"A1": 5, "A2": "text", "B2": "=IMREAL(IMSUM(A1,-3))", "C2": "=A1+COUNTA(A2:A2)"}, {"five": "S!$A$1"})
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    without_part(path, "xl/worksheets/sheet1.xml", re.sub(ADDRESS, rb"\1", xml))
    assert Place("S", 2, 2) in compile_model(read_model(path)).fallbacks
    sheet = filled(path, five=7.0)
    assert [sheet[cell].value for cell in ("A1", "A2", "B2", "C2")] == [7, "text", 4, 8]

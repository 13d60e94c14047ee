"""Worksheets whose cells are at odd places, or do not say where they stand."""

from __future__ import annotations

import re
import zipfile

import pytest
from support.books import Make, filled, with_parts

from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate

ADDRESS = rb'(<(?:row|c)\b[^>]*?) r="[A-Z]*\d+"'


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
    with_parts(path, {"xl/worksheets/sheet1.xml": re.sub(pattern, rb"\1", xml)})
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
    with_parts(path, {"xl/worksheets/sheet1.xml": re.sub(ADDRESS, rb"\1", xml)})
    assert Place("S", 2, 2) in compile_model(read_model(path)).fallbacks
    sheet = filled(path, five=7.0)
    assert [sheet[cell].value for cell in ("A1", "A2", "B2", "C2")] == [7, "text", 4, 8]

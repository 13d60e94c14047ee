"""What is read out of a workbook: inputs, outputs, what is allowed in them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from support.books import Make, filled, with_parts
from support.systems import posix_words

from xladdin.core.errors import UnreadableError
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model


def test_a_name_of_a_value_is_an_input_and_a_name_of_a_formula_an_output(workbook: Path) -> None:
    model = read_model(workbook)
    assert list(model.inputs) == ["entry", "leverage", "side", "note"]
    assert list(model.outputs) == ["liquidation", "verdict"]
    assert model.outputs["liquidation"].place == Place("In puts", 5, 2)


def test_an_input_knows_its_default_label_and_unit(workbook: Path) -> None:
    entry = read_model(workbook).inputs["entry"]
    assert (entry.default, entry.label, entry.unit) == (50000, "Entry", "USD")


def _with_blanks(workbook: Path, allowed: bool) -> Path:
    """The workbook with a blank entry, whose validation lets it be blank or does not ("ignore blank" is off)."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["In puts"]
    sheet["B1"] = None
    sheet["B1"].number_format = "0.00"
    for rule in sheet.data_validations.dataValidation:
        rule.allow_blank = allowed
    book.save(workbook)
    return workbook


@pytest.mark.parametrize("allowed", [True, False])
def test_a_blank_cell_is_required_unless_its_validation_allows_blanks(workbook: Path, allowed: bool) -> None:
    inputs = read_model(_with_blanks(workbook, allowed)).inputs
    assert [inputs[name].required for name in ("entry", "leverage", "note")] == [not allowed, False, not allowed]
    rule = inputs["entry"].rule
    assert rule is not None
    assert rule.admits(None) is allowed


def test_validation_says_what_is_allowed_and_admits_only_that(workbook: Path) -> None:
    inputs = read_model(workbook).inputs
    side, leverage = inputs["side"].rule, inputs["leverage"].rule
    assert side is not None
    assert leverage is not None
    assert side.allowed == "one of long, short"
    assert leverage.allowed == "a number above 0"
    assert [side.admits(word) for word in ("long", "SHORT", "neither")] == [True, True, False]
    assert [leverage.admits(number) for number in (0.1, 0, -1, "1", True)] == [True, False, False, False, False]


def test_every_formula_is_found_and_what_an_array_formula_fills(workbook: Path) -> None:
    model = read_model(workbook)
    assert model.formulas[Place("Other", 1, 1)] == "=liquidation*2"
    filled = {place for place in model.value_places() if place.column == 5}
    assert filled == {Place("In puts", row, 5) for row in (1, 2, 3)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not an .xlsx workbook"),
        (b"name,side\n", "not an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "encrypted or an old .xls file"),
        pytest.param(None, "can't be read: No such file", marks=posix_words),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "not.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableError, match=r"not\.xlsx") as caught:
        read_model(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(UnreadableError, match=r"it has no xl/workbook\.xml"):
        read_model(path)


def test_a_damaged_workbook_is_refused(workbook: Path) -> None:
    data = bytearray(workbook.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    workbook.write_bytes(data)
    with pytest.raises(UnreadableError, match=r"own\.xlsx"):
        read_model(workbook)


def test_a_workbook_without_a_sheets_part_or_without_sheets_is_refused(make: Make) -> None:
    path = make({"A1": 1}, {})
    with_parts(path, {"xl/worksheets/sheet1.xml": None})
    with pytest.raises(UnreadableError, match=r"its sheet 'S' has no xl/worksheets/sheet1\.xml"):
        read_model(path)
    path = make({"A1": 1}, {})
    with_parts(path, {"xl/workbook.xml": b"<x/>"})
    with pytest.raises(UnreadableError, match="has no worksheet"):
        read_model(path)


def test_a_function_that_nobody_knows_has_the_error_of_a_name(make: Make) -> None:
    path = make({"A1": 1, "A2": "=UNKNOWN(A1)", "A3": "=A1*2"}, {"o1": "S!$A$1"})
    sheet = filled(path)
    assert [sheet[cell].value for cell in ("A2", "A3")] == ["#NAME?", 2]

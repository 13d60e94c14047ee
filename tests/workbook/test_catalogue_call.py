"""Functions that give rows inside a workbook: the first value in a cell, all in an array formula, one by INDEX."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from xladdin.workbook.compiler import compile_model
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model

FORMULAS = {
    "B1": "=LEV_AMORTIZE(principal,0,4)",
    "B2": '=LEV_AMORTIZE(principal,0,4,,,"balance",3)',
    "B3": "=INDEX(LEV_AMORTIZE(principal,0,4),2,4)",
    "B4": '=SUM(LEV_AMORTIZE(principal,0,4,,,"principal"))+0',
    "B5": '=LEV_AMORTIZE(principal,0,4,,,"balance",3)*2',
    "B6": "=LEV_AMORTIZE(-principal,0,4)",
    "B7": "=LEV_LADDER(A3:A4,A3:A4,principal,1%,,,,,4)",
}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Loan"
    sheet["A1"], sheet["A3"], sheet["A4"] = 1000, 10, 20
    book.defined_names["principal"] = openpyxl.workbook.defined_name.DefinedName("principal", attr_text="Loan!$A$1")
    for address, formula in FORMULAS.items():
        sheet[address] = formula
    sheet["D1"] = ArrayFormula("D1:G4", "=LEV_AMORTIZE(principal,0,4)")
    book.save(tmp_path / "loan.xlsx")
    return tmp_path / "loan.xlsx"


def test_a_cell_shows_the_first_value_and_an_array_formula_all(workbook: Path) -> None:
    model = read_model(workbook)
    for values, principal in zip(
        compute(model, [{"principal": 1000.0}, {"principal": 2000.0}]), (1000, 2000), strict=True
    ):
        shown = {place.reference.rpartition("!")[2].replace("$", ""): value for place, value in values.items()}
        part = principal / 4
        assert [shown[address] for address in ("B1", "B2", "B3", "B4", "B5", "B6")] == [
            part, part, 2 * part, principal, 2 * part, "#NUM!",
        ]  # fmt: skip
        assert [[values[Place("Loan", row, column)] for column in range(4, 8)] for row in range(1, 5)] == [
            [part, 0, part, principal - part * row] for row in range(1, 5)
        ]


def test_cells_that_choose_of_the_same_rows_each_have_their_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = 1000, 4
    call = "=LEV_AMORTIZE(principal,0,A2,,,{})"
    choices = ['"balance",3', '"principal",1', '"balance",9', '"wrong",1', '"balance","x"', '"all",1', '"balance",-1']
    for row, choice in enumerate(choices, 1):
        sheet.cell(row, 2, call.format(choice))
    name = openpyxl.workbook.defined_name.DefinedName("principal", attr_text="Sheet!$A$1")
    book.defined_names["principal"] = name
    book.save(tmp_path / "loan.xlsx")
    model = read_model(tmp_path / "loan.xlsx")
    for values, principal in zip(compute(model, [{"principal": 1000.0}, {"principal": 2000.0}]), (1, 2), strict=True):
        found = list(values.values())
        assert found == [250 * principal, 250 * principal, "#REF!", "#VALUE!", "#VALUE!", 250 * principal, "#NUM!"]


def test_what_stands_alone_is_compiled(workbook: Path) -> None:
    left = {
        place.reference.rpartition("!")[2].replace("$", "") for place in compile_model(read_model(workbook)).fallbacks
    }
    assert {"B3", "B4"} <= left
    assert not left & {"B1", "B2", "B5", "B6", "B7"}

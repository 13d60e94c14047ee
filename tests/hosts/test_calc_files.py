"""Files with the functions in them: what openpyxl wrote, what Calc writes, and what the templates say."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.calc import Calc, Filled, cell_value, shown
from support.cells import CATALOGUE, same
from support.required import need

from xladdin import templates
from xladdin.hosts.libreoffice.installation import find_program
from xladdin.workbook import engine
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model

pytestmark = pytest.mark.hosts

ROOT = Path(__file__).parents[2]
WORKBOOKS = sorted(ROOT.glob("workbooks/*.xlsx"))  # for templates see test_calc_templates.py and test_calc_reports.py
TWELVE_DIGITS = 1e-12
AS_STORED = 1e-14  # Calc writes fifteen digits of a number into a file

EXAMPLES = [formula for function in CATALOGUE.values() for formula, _ in function.examples]
with (ROOT / "tests/core/published_cases.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))


def workbook_of(formulas: list[str], path: Path) -> Path:
    """A workbook as openpyxl writes it: formulas without values."""
    book = openpyxl.Workbook()
    for row, formula in enumerate(formulas, 1):
        book.active.cell(row, 1, formula)
    book.save(path)
    return path


def first_column(document: Any, height: int) -> list[Any]:
    sheet = document.Sheets.getByIndex(0)
    return [cell_value(sheet.getCellByPosition(0, row)) for row in range(height)]


def test_published_cases_and_examples_open_and_compute(calc: Calc, tmp_path: Path) -> None:
    formulas = [case["formula"] for case in CASES] + EXAMPLES
    with calc.open(workbook_of(formulas, tmp_path / "cases.xlsx")) as document:
        document.calculateAll()
        found = first_column(document, len(formulas))
    for case, value in zip(CASES, found, strict=False):
        assert value == pytest.approx(float(case["expected"]), rel=0, abs=float(case["within"])), case["formula"]
    wrong = [
        (formula, value)
        for formula, value in zip(formulas, found, strict=True)
        if not same(value, engine.evaluate(formula), TWELVE_DIGITS)
    ]
    assert not wrong


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_file_that_calc_saved_opens_again(calc: Calc, tmp_path: Path, ending: str) -> None:
    formulas = [*EXAMPLES, "=LEV_RATIO(1,0)", '=LEV_LIQPRICE(50000,10,1%,,"mark")', "=LEV_SIZE(LEV_RATIO(10,5),2)"]
    saved = tmp_path / f"saved{ending}"
    with calc.open(workbook_of(formulas, tmp_path / "written.xlsx")) as document:
        document.calculateAll()
        computed = first_column(document, len(formulas))
        calc.save(document, saved)
    with calc.open(saved) as document:
        stored = first_column(document, len(formulas))
        assert all(
            same(value, before, AS_STORED) for value, before in zip(stored, computed, strict=True) if before != "#NUM!"
        )
        document.calculateAll()
        assert first_column(document, len(formulas)) == computed
    assert len(set(map(str, computed))) > 40


def test_an_xlsx_that_calc_saved_has_plain_formulas_and_values(calc: Calc, tmp_path: Path) -> None:
    saved = tmp_path / "saved.xlsx"
    with calc.open(workbook_of(EXAMPLES, tmp_path / "written.xlsx")) as document:
        document.calculateAll()
        calc.save(document, saved)
    formulas = [row[0] for row in openpyxl.load_workbook(saved).active.iter_rows(values_only=True)]
    values = [row[0] for row in openpyxl.load_workbook(saved, data_only=True).active.iter_rows(values_only=True)]
    assert [text.replace(" ", "") for text in formulas] == [text.replace(" ", "") for text in EXAMPLES]
    assert all(same(value, engine.evaluate(text), TWELVE_DIGITS) for text, value in zip(EXAMPLES, values, strict=True))


def test_an_array_formula_fills_its_cells(calc: Calc, workbook: Path) -> None:
    with calc.open(workbook) as document:
        document.calculateAll()
        sheet = document.Sheets.getByIndex(0)
        assert [cell_value(sheet.getCellRangeByName(cell)) for cell in ("E1", "E2", "E3")] == [2, 4, 6]
        assert cell_value(sheet.getCellRangeByName("B5")) == pytest.approx(45500)


def differences(found: dict[Place, Any], expected: dict[Place, Any]) -> list[str]:
    """Where two computations of a workbook differ.

    A check subtracts two numbers that should be equal: what is left of them is as large as the last digits of the
    workbook's largest number may be, and not of its own.
    """
    numbers = [abs(value) for value in expected.values() if isinstance(value, (int, float))]
    nothing = TWELVE_DIGITS * max(numbers, default=0.0)
    return [
        f"{place.sheet}!R{place.row}C{place.column}: Calc {found[place]!r}, expected {value!r}"
        for place, value in expected.items()
        if not _alike(found[place], value, nothing)
    ]


def _alike(found: Any, expected: Any, nothing: float) -> bool:
    expected = "" if expected is None else float(expected) if isinstance(expected, (bool, int)) else expected
    if isinstance(found, str) or isinstance(expected, str):
        return bool(found == expected)
    return found == pytest.approx(expected, rel=TWELVE_DIGITS, abs=nothing)


def test_there_is_a_workbook_of_each_template() -> None:
    assert {path.stem for path in WORKBOOKS} == {f"{name}-example" for name in templates.names()}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in WORKBOOKS])
def test_a_workbook_computes_in_calc_what_is_stored_in_it(calc: Calc, path: Path) -> None:
    model = read_model(path)
    stored = openpyxl.load_workbook(path, data_only=True)
    expected = {
        place: _number_of_day(stored[place.sheet].cell(place.row, place.column).value) for place in model.value_places()
    }
    with calc.open(path) as document:
        document.calculateAll()
        found = shown(document, model)
    if checks := model.outputs.get("checks_failed"):
        assert found[checks.place] == 0
    assert not (wrong := differences(found, expected)), "\n".join(wrong)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in WORKBOOKS])
def test_a_workbook_follows_its_inputs_in_calc(calc: Calc, path: Path) -> None:
    model = read_model(path)
    changed = {name: other for name, item in model.inputs.items() if (other := _another(item.default)) is not None}
    (expected,) = compute(model, [changed])
    (unchanged,) = compute(model, [{}])
    with calc.open(path) as document:
        Filled(document, model).fill_in(changed)
        document.calculateAll()
        found = shown(document, model)
    assert not (wrong := differences(found, expected)), "\n".join(wrong)
    assert any(expected[item.place] != unchanged[item.place] for item in model.outputs.values())


def _another(value: Any) -> float | None:
    """A number near the one that an input holds; whole numbers stay whole, and text and dates as they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value + 1) if isinstance(value, int) and value < 100 else value * 1.01


def _number_of_day(value: Any) -> Any:
    return openpyxl.utils.datetime.to_excel(value) if hasattr(value, "year") else value


def test_without_the_extension_every_sheet_says_so_at_once(tmp_path: Path) -> None:
    office = find_program("soffice")
    need("libreoffice", office)
    book = templates.find("futures-planner")
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = [str(office), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--convert-to", every_sheet, "--outdir", str(tmp_path), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheets = {path.stem.partition("-planner-")[2]: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.csv")}
    assert set(sheets) == set(openpyxl.load_workbook(book).sheetnames)
    assert [title for title, text in sheets.items() if "FUNCTIONS MISSING" not in text] == []
    assert "The LEV_ functions are NOT available here" in sheets["Read me"]
    assert "45,454.55" in sheets["Dashboard"]  # the last figures stay

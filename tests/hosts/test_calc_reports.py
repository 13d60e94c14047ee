"""Reports as files: what openpyxl and a real Calc find in them."""

from __future__ import annotations

import csv
import datetime
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import from_excel, to_excel
from support.agreement import AS_CALC, differences, watch
from support.calc import Calc, shown
from support.inputs import NEAR, WIDE, allowed, every_template
from support.known_of_calc import OF_CALC, spelled

from xladdin import templates
from xladdin.reports import into
from xladdin.reports.reading import Said
from xladdin.reports.run import run
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Input, Model, Place
from xladdin.workbook.model_reader import read_model

pytestmark = pytest.mark.hosts

PORTFOLIO = Path(__file__).parents[2] / "workbooks" / "portfolio.csv"
TWELVE_DIGITS = 1e-12
SPREADS = [NEAR, WIDE]  # of the rows of the table


def made(model: Model, folder: Path) -> tuple[list[dict[str, Any]], list[Path]]:
    """Reports of a table of allowed values, and these values."""
    dice = random.Random(7)
    rows = [{name: allowed(item, dice, spread) for name, item in model.inputs.items()} for spread in SPREADS]
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(model.inputs))
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _written(model.inputs[name], value) for name, value in row.items()})
    examples = Said(defaults=True)  # of lists, which a table of single inputs has not
    outcome = run(folder / "table.csv", model.path, folder / "out", "{row}", said=examples)
    assert (outcome.made, outcome.rejected) == (len(rows), 0)
    return rows, [folder / "out" / f"{number}.xlsx" for number, _ in enumerate(rows, 1)]


def _written(item: Input, value: Any) -> Any:
    """A value as a table has it: a day as one."""
    is_day = item.rule is not None and item.rule.is_date and isinstance(value, float)
    return from_excel(value).date().isoformat() if is_day else value


def charts_and_formulas(path: Path) -> tuple[dict[str, int], dict[Place, str]]:
    """The number of charts on each sheet of a workbook, and all its formulas."""
    book = openpyxl.load_workbook(path)
    cells = {
        Place(sheet.title, cell.row, cell.column): getattr(cell.value, "text", cell.value)  # an array formula's
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    return {sheet.title: len(sheet._charts) for sheet in book.worksheets}, cells


def stored(path: Path, model: Model) -> dict[Place, Any]:
    book = openpyxl.load_workbook(path, data_only=True)
    found = {place: book[place.sheet].cell(place.row, place.column).value for place in model.value_places()}
    return {place: to_excel(value) if isinstance(value, datetime.datetime) else value for place, value in found.items()}


@every_template
def test_a_report_is_a_whole_file_with_the_values_that_calc_gives(calc: Calc, name: str, tmp_path: Path) -> None:
    model = read_model(templates.find(name))
    rows, reports = made(model, tmp_path)
    charts, formulas = charts_and_formulas(model.path)
    for expected, report in zip(compute(model, rows), reports, strict=True):
        assert charts_and_formulas(report) == (charts, formulas)
        assert stored(report, model) == expected
    with calc.open(reports[-1]) as document:
        sheets = [document.Sheets.getByIndex(index) for index in range(document.Sheets.Count)]
        found = {sheet.Name: sheet.Charts.Count for sheet in sheets}
        document.enableAutomaticCalculation(True)  # as a person has it: Calc reads some errors anew from their formulas
        before = shown(document, model)
        document.calculateAll()
        after = {place: [spelled(value)] for place, value in shown(document, model).items()}
    assert found == charts
    days = {place: to_excel(value) for place, value in before.items() if isinstance(value, datetime.datetime)}
    assert before | days == {place: _as_calc_has_it(value) for place, value in expected.items()}
    watched = watch(model, {name: [value] for name, value in rows[-1].items()}, 1, AS_CALC)
    assert differences(watched, after, OF_CALC, has_booleans=False) == []


def _as_calc_has_it(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return float(to_excel(value))
    return float(value) if isinstance(value, bool) else value


def test_one_workbook_of_all_rows_is_what_calc_computes(calc: Calc, tmp_path: Path) -> None:
    said = Said(given=(f"wallets={PORTFOLIO.with_name('wallets.csv')}",))
    outcome = into.fill(PORTFOLIO, templates.find("positions"), tmp_path / "one.xlsx", said=said)
    assert (outcome.made, outcome.rejected) == (60, 0)
    model = read_model(tmp_path / "one.xlsx")
    expected = {place: _as_calc_has_it(value) for place, value in stored(tmp_path / "one.xlsx", model).items()}
    with calc.open(tmp_path / "one.xlsx") as document:
        assert shown(document, model) == expected
        document.calculateAll()
        after = shown(document, model)
    nothing = TWELVE_DIGITS * max(abs(value) for value in expected.values() if isinstance(value, float))
    assert len(expected) > 60 * 9
    assert after == {
        place: value if isinstance(value, str) else pytest.approx(value, rel=TWELVE_DIGITS, abs=nothing)
        for place, value in expected.items()
    }

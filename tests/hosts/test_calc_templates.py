"""Every template in a real Calc, against the same formulas on columns, cell by cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from support import accounts
from support.agreement import AS_CALC, differences, watch
from support.calc import Calc, Filled, shown
from support.flags import failing_check
from support.inputs import few_or_many_sets, random_inputs
from support.known_of_calc import OF_CALC, spelled

from xladdin import templates
from xladdin.workbook.model_reader import read_model

pytestmark = pytest.mark.hosts


@few_or_many_sets
def test_every_cell_is_what_calc_gives(calc: Calc, name: str, count: int) -> None:
    path = templates.find(name)
    model = read_model(path)
    given = random_inputs(model, count)
    found = []
    with calc.open(path) as document:
        document.calculateAll()
        filled = Filled(document, model)
        for row in range(count):
            filled.fill_in({input_: values[row] for input_, values in given.items()})
            document.calculate()
            found.append(filled.values())
    theirs = {place: [spelled(each[place]) for each in found] for place in found[0]}
    assert differences(watch(model, given, count, AS_CALC), theirs, OF_CALC, has_booleans=False) == []


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "bad"), list(enumerate([*[None] * 20, *accounts.BAD_CELLS])))
def test_an_account_is_in_calc_what_it_is_here(
    calc: Calc, tmp_path: Path, seed: int, bad: tuple[int, object] | None
) -> None:
    """Twenty random accounts that pass their checks, and ten with a cell that can't stand there."""
    path = tmp_path / "account.xlsx"
    accounts.write_account(path, seed, bad)
    model = read_model(path)
    with calc.open(path) as document:
        document.calculateAll()
        theirs = {place: [spelled(value)] for place, value in shown(document, model).items()}
    watched = watch(model, {}, 1, AS_CALC)
    assert differences(watched, theirs, OF_CALC, has_booleans=False) == []
    (flag,) = watched.values[model.outputs["overall_flag"].place]
    assert failing_check(flag).startswith("Every row can be computed: ") if bad else flag == "ALL CHECKS PASS"


def test_a_row_typed_below_the_table_of_positions_is_said(calc: Calc) -> None:
    """Calc makes no table longer, so the row is in no total: the workbook says so on every sheet."""
    path = templates.find("positions")
    model = read_model(path)
    table = openpyxl.load_workbook(path)["Positions"].tables["positions"]
    _, _, right, bottom = range_boundaries(table.ref)
    told = [model.outputs[name].place for name in ("overall_flag", "verdict", "gross_exposure")]
    with calc.open(path) as document:
        document.enableAutomaticCalculation(True)
        sheet = document.Sheets.getByName("Positions")
        (given,) = sheet.getCellRangeByPosition(0, bottom - 1, right - 1, bottom - 1).getFormulaArray()
        before = shown(document, model)
        for column, formula in enumerate(given):
            if formula and not formula.startswith("="):  # what a person types; the black columns are left alone
                sheet.getCellByPosition(column, bottom).setFormula(formula)
        after = shown(document, model)
    flag, verdict, exposure = told
    assert before[verdict] != "CHECK"
    assert (failing_check(after[flag]), after[verdict]) == ("No rows outside the table", "CHECK")
    assert after[exposure] == before[exposure]

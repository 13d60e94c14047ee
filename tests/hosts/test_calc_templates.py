"""Every template in a real Calc, against the same formulas on columns, cell by cell."""

from __future__ import annotations

import pytest
from agreement import POWERS, Known, differences, watch
from calc import Calc, Filled
from random_inputs import few_or_many_sets, random_inputs

from xladdin import templates
from xladdin.errors import CODES
from xladdin.workbook.model import read_model

# How Calc writes an error of its own for which Excel has a code.
SPELLED = {"Err:502": "#NUM!"}

# Where Calc itself differs from Excel.
OF_CALC = [
    Known(
        "of several errors in a formula it shows another: the last operand's, where Excel shows the first one's",
        lambda cell: cell.ours in CODES and cell.theirs in cell.errors,
    ),
    Known(
        "NORMSINV of 0 and 1 is #VALUE! and not #NUM!",
        lambda cell: "NORMSINV(" in cell.formula and (cell.ours, cell.theirs) == ("#NUM!", "#VALUE!"),
    ),
    POWERS,
]


@few_or_many_sets
@pytest.mark.parametrize("name", templates.TEMPLATES)
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
    theirs = {place: [SPELLED.get(each[place], each[place]) for each in found] for place in found[0]}
    assert differences(watch(model, given, count), theirs, OF_CALC, has_booleans=False) == []

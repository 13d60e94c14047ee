"""Every template in a real Calc, against the same formulas on columns, cell by cell."""

from __future__ import annotations

import pytest
from support.agreement import differences, watch
from support.calc import Calc, Filled
from support.inputs import few_or_many_sets, random_inputs
from support.known_of_calc import OF_CALC, spelled

from xladdin import templates
from xladdin.workbook.model import read_model

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
    assert differences(watch(model, given, count), theirs, OF_CALC, has_booleans=False) == []

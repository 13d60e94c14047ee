"""The formula engine with a whole workbook in it: a second opinion on what formulas give."""

from __future__ import annotations

import formualizer

from xladdin.workbook import columns, engine
from xladdin.workbook.model import Model
from xladdin.workbook.references import rewritten


def filled(model: Model) -> formualizer.Workbook:
    """The engine with a model's cells in it; its names stand for what they mean."""
    workbook = engine.new_workbook()
    for title in (*model.sheets, *model.links.cells):
        workbook.add_sheet(title)
    for place, value in model.constants.items():
        given = columns.to_cell(columns.from_cell(value, model.epoch))
        workbook.set_value(*place, engine.to_engine(given))
    names = {name.casefold(): text for name, text in model.names.items()}
    for place, formula in model.formulas.items():
        if model.spills.get(place, (1, 1)) == (1, 1):
            workbook.set_formula(*place, engine.fill_in(_without_names(model.links.stored(formula), names)))
    return workbook


def _without_names(formula: str, names: dict[str, str]) -> str:
    return rewritten(formula, lambda text: names.get(text.casefold(), text))

"""A model's values: inputs in, the value of every formula cell out, for many rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import formualizer

from xladdin.workbook import engine
from xladdin.workbook.model import Model, Place

Values = dict[Place, Any]


def compute(model: Model, rows: Iterable[Mapping[str, Any]]) -> Iterator[Values]:
    """The value of every formula cell, for each row of inputs.

    Parameters
    ----------
    model : Model
        The workbook.
    rows : iterable of mapping
        Values by the name of the input; an input that a row does not name keeps the workbook's own value.

    Yields
    ------
    dict
        The value of every cell that a formula gives: a number, text, a boolean, or an error as text.
    """
    workbook = open_engine(model)
    places = list(model.value_places())
    targets = [tuple(place) for place in places]
    shown = {name: item.default for name, item in model.inputs.items()}
    for row in rows:
        for name, item in model.inputs.items():
            value = row.get(name, item.default)
            if value != shown[name] or type(value) is not type(shown[name]):
                workbook.set_value(*item.place, value)
                shown[name] = value
        values = workbook.evaluate_cells(targets)
        yield {place: engine.from_engine(value) for place, value in zip(places, values, strict=True)}


def open_engine(model: Model) -> formualizer.Workbook:
    """The formula engine with the model in it."""
    workbook = engine.load_workbook(model.path)
    for place, formula in model.formulas.items():
        filled_in = engine.fill_in(formula)
        if filled_in != formula:
            workbook.set_formula(*place, filled_in)
    return workbook

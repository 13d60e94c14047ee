"""A model's values: columns of inputs in, the column of every formula cell out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import formualizer
import numpy as np

from xladdin.workbook import columns, engine
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.links import refers_elsewhere
from xladdin.workbook.model import Model, Place


def evaluate(plan: Plan, inputs: Mapping[str, Column], count: int) -> dict[Place, Column]:
    """The value of every input and formula cell, for all rows of a batch.

    Parameters
    ----------
    plan : Plan
        The compiled workbook.
    inputs : mapping
        A column by the name of the input; an input that is not there keeps the workbook's own value.
    count : int
        The number of rows.

    Returns
    -------
    dict
        A column for every cell of the workbook that holds something.
    """
    cells: dict[Any, Column] = dict(plan.constants)
    for name, item in plan.model.inputs.items():
        cells[item.place] = inputs[name] if name in inputs else columns.from_cell(item.default, plan.model.epoch)
    with np.errstate(all="ignore"):
        for key, step in plan.steps:
            cells[key] = step(cells)
    if plan.fallbacks:
        with engine.in_a_sentence(plan.model.path):
            cells.update(_by_engine(plan, cells, count))
    return {place: column for place, column in cells.items() if isinstance(place, Place)}


def compute(model: Model, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[Place, Any]]:
    """The value of every formula cell as a cell shows it, for each row of inputs by their names."""
    plan = compile_model(model)
    given = list(rows)
    columns_of = {
        name: columns.from_values([columns.from_cell(row.get(name, item.default), model.epoch) for row in given])
        for name, item in model.inputs.items()
        if any(name in row for row in given)
    }
    cells = evaluate(plan, columns_of, len(given))
    places = list(model.value_places())
    elements = zip(*(columns.elements(cells[place], len(given)) for place in places), strict=False)
    for _, values in zip(given, elements, strict=False):
        yield {place: columns.to_cell(value) for place, value in zip(places, values, strict=True)}


def _by_engine(plan: Plan, cells: Mapping[Place, Column], count: int) -> dict[Place, Column]:
    """The cells that are not compiled, row by row."""
    workbook = open_engine(plan.model)
    places = list(plan.fallbacks)
    targets = [tuple(place) for place in places]
    names = [item.place for item in plan.model.inputs.values()]
    rows = zip(*(columns.elements(cells[place], count) for place in names), strict=False) if names else [()] * count
    shown: dict[Place, Any] = {}
    found: list[list[Any]] = []
    for _, row in zip(range(count), rows, strict=False):
        for place, value in zip(names, row, strict=True):
            if place not in shown or shown[place] != value or type(shown[place]) is not type(value):
                workbook.set_value(*place, engine.to_engine(columns.to_cell(value)))
                shown[place] = value
        values = workbook.evaluate_cells(targets)
        found.append([from_engine(value) for value in values])
    by_place = zip(*found, strict=True)
    return {place: columns.from_values(list(values)) for place, values in zip(places, by_place, strict=True)}


def from_engine(value: Any) -> Any:
    if isinstance(value, list):
        value = value[0][0] if value and isinstance(value[0], list) and value[0] else None
    found = columns.from_cell(engine.from_engine(value))
    return 0.0 if found is None else found


def open_engine(model: Model) -> formualizer.Workbook:
    """The formula engine with the model in it."""
    workbook = engine.load_workbook(model.package.data)
    for title, stored in model.links.cells.items():
        workbook.add_sheet(title)
        for address, value in stored.items():
            workbook.set_value(title, *address, engine.to_engine(value))
    for place, formula in model.formulas.items():
        if place not in model.spills or refers_elsewhere(formula):
            workbook.set_formula(*place, engine.fill_in(model.links.stored(formula)))
    return workbook

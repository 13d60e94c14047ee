"""A model's values: columns of inputs in, the column of every formula cell out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from xladdin.core.errors import UnreadableError
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.dates import counted_from
from xladdin.workbook.file.budget import counted_steps, in_file
from xladdin.workbook.model import Model, Place
from xladdin.workbook.terms import Cells, CircularError


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

    Raises
    ------
    UnreadableError
        When a formula turns out to need its own value.
    """
    model = plan.model
    is_single = not any(isinstance(column, np.ndarray) for column in inputs.values())
    cells = Cells(plan.constants, dict(plan.steps), None if is_single else count)
    for name, item in model.inputs.items():
        cells[item.place] = inputs[name] if name in inputs else columns.from_cell(item.default, model.epoch)
    try:
        with np.errstate(all="ignore"), counted_from(model.epoch), counted_steps(count), in_file(model.path):
            for key, _ in plan.steps:
                cells[key]  # computed when it is asked for
    except CircularError as found:
        raise UnreadableError(
            f"{model.path} has a circular reference, from {found}; allowed are formulas without."
        ) from None
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

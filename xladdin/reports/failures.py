"""What makes a report no success: an error among its results, #NAME? in any cell, a check of its template that fails.

A template says how many of its checks fail in a cell called ``checks_failed``, and may say which in ``overall_flag``;
a workbook of one's own can have both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.model import Model, Output, Place
from xladdin.workbook.table.plan import TablePlan, Whole

_COUNT, _FLAG = "checks_failed", "overall_flag"
_UNKNOWN = "#NAME?"
_SHOWN = 5  # cells of a report


def failures(model: Model, cells: Mapping[Any, Column], count: int, places: Iterable[Place] | None = None) -> list[str]:
    """For each row of a batch, which cells of its report are no success and why; nothing where all is well.

    Parameters
    ----------
    model : Model
        The workbook.
    cells : mapping
        The columns of its cells.
    count : int
        The number of rows.
    places : iterable of Place, optional
        The cells to look at, in place of all that hold a formula's value.
    """
    results = {output.place for output in model.outputs.values()}
    found: dict[int, list[str]] = {}
    for place in model.value_places() if places is None else places:
        for row, text in _errors(cells[place], count):
            if text == _UNKNOWN or place in results:
                found.setdefault(row, []).append(f"{place.reference} {text}")
    for row, text in _failing_checks(model, cells, count):
        found.setdefault(row, []).append(text)
    return [listed(found[row]) if row in found else "" for row in range(count)]


def failures_of_table(plan: TablePlan, cells: Mapping[Any, Column], count: int) -> tuple[int, str]:
    """How many rows of a workbook's Excel table have an error among their values, and which cells are no success."""
    table = plan.table
    with_error: set[int] = set()
    found = []
    for place in plan.model.formulas:
        if plan.in_rows(place):
            for row, text in _errors(cells[Whole(place)], count):
                with_error.add(row)
                found.append((row, place.column, f"{place._replace(row=table.first_row + row).reference} {text}"))
    outside = {place: cells.get(place) for place in plan.model.value_places() if not plan.in_rows(place)}
    (rest,) = failures(plan.model, outside, 1, outside)
    shown = listed([text for _, _, text in sorted(found)])
    return len(with_error), "; ".join(filter(None, (rest, shown)))


def _errors(column: Column, count: int) -> Iterator[tuple[int, str]]:
    """The rows of a column that are errors, with what they show."""
    are_errors = columns.errors(column)
    if not np.any(are_errors):
        return
    if not isinstance(column, np.ndarray):
        text = columns.to_cell(column)
        yield from ((row, text) for row in range(count))
        return
    for row in np.flatnonzero(are_errors).tolist():
        element = column[row]
        yield row, columns.to_cell(element.item() if isinstance(element, np.generic) else element)


def _failing_checks(model: Model, cells: Mapping[Any, Column], count: int) -> Iterator[tuple[int, str]]:
    named = {name.casefold(): output for name, output in model.outputs.items()}
    place = named[_COUNT].place if _COUNT in named else None
    if place is None or place not in cells:
        return
    flags = _flags(named.get(_FLAG), cells, count)
    for row, (number, flag) in enumerate(zip(columns.to_cells(cells[place], count), flags, strict=True)):
        if isinstance(number, (int, float)) and number > 0:
            yield row, f"{place.reference} {flag or f'checks that fail: {number:g}'}"


def _flags(output: Output | None, cells: Mapping[Any, Column], count: int) -> list[str]:
    if output is None or output.place not in cells:
        return [""] * count
    return [value if isinstance(value, str) else "" for value in columns.to_cells(cells[output.place], count)]


def listed(found: list[str]) -> str:
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN]) + more

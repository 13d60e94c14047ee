"""Every cell of a workbook around one long Excel table: its rows some at a time, or one after another."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from xladdin.core.errors import UnreadableError
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Filled, place_of
from xladdin.workbook.dates import counted_from
from xladdin.workbook.expressions import Expressions
from xladdin.workbook.file.budget import counted_steps, in_file
from xladdin.workbook.model import Place
from xladdin.workbook.references import Area, around_rows, parsed
from xladdin.workbook.resolver import Resolver
from xladdin.workbook.table.plan import TablePlan, TableResolver, Whole
from xladdin.workbook.terms import Cells, CircularError, Evaluate, NotCompiledError, Term, shown, single_of

BLOCK = 16_384  # rows computed at a time, so that what is only on the way stays small


def evaluate(
    plan: TablePlan, inputs: Mapping[int, Column], count: int, singles: Mapping[Place, Any] | None = None
) -> Cells:
    """The value of every cell of the workbook.

    Parameters
    ----------
    plan : TablePlan
        The compiled workbook.
    inputs : mapping
        The columns to fill in, by their numbers on the sheet; one that is not there is blank.
    count : int
        The number of rows.
    singles : mapping, optional
        Elements of the workbook's named inputs, where they are others than it has.

    Returns
    -------
    dict
        A column for each `Whole` column of the table, and a value for each cell outside of it.
    """
    cells = _Table(plan, plan.constants)
    cells.update(singles or {})
    table = plan.table
    for number in range(table.first_column, table.last_column + 1):
        start = plan.column(number)
        if start not in plan.model.formulas:
            cells[Whole(start)] = inputs.get(number)
        elif start in plan.constants:
            cells[Whole(start)] = plan.constants[start]
    group: list[tuple[Any, Evaluate]] = []
    try:
        with np.errstate(all="ignore"), counted_from(plan.model.epoch), counted_steps(count), in_file(plan.model.path):
            for key, step in plan.steps:
                place = place_of(key)
                is_begun = bool(group) and group[-1][0] == Filled(place)
                if group and not is_begun and (not plan.in_rows(place) or place in plan.of_whole):
                    _add_rows(plan, group, cells, count)
                    group = []
                if plan.in_rows(place):
                    group.append((key, step))
                else:
                    with contextlib.suppress(_NotYetError):
                        cells[key] = step(cells)
            _add_rows(plan, group, cells, count)
            _add_one_by_one(plan, cells, count)
    except CircularError as found:
        raise UnreadableError(
            f"{plan.model.path} has a circular reference, from {found}; allowed are formulas without."
        ) from None
    return cells


class _NotYetError(Exception):
    """A cell that is computed later, which only the computing shows: what asks for it waits."""


class _Table(Cells):
    """The cells of a workbook around the table; a cell of the table's body is an element of its whole column."""

    def __init__(self, plan: TablePlan, known: Mapping[Any, Any], count: int | None = None) -> None:
        super().__init__(known, count=count)
        self._plan = plan

    def __missing__(self, key: Any) -> Any:
        if isinstance(key, Place) and self._plan.in_body(key):
            start = self._plan.column(key.column)
            return columns.element(self[Whole(start)], key.row - start.row)
        if isinstance(key, Whole) or key in self._plan.every_step:
            raise _NotYetError
        return super().__missing__(key)


def _add_rows(plan: TablePlan, steps: list[tuple[Any, Evaluate]], cells: Cells, count: int) -> None:
    """The columns of formulas that each look at their own row, some rows at a time."""
    if not steps:
        return
    # What formulas have in common is kept by its text: it is of these rows here, and of single cells elsewhere.
    shared = {key: value for key, value in cells.items() if isinstance(key, (Whole, Area))}
    found: dict[Place, Any] = {}
    waiting: set[Place] = set()
    for first in range(0, count, BLOCK):
        rows = min(BLOCK, count - first)
        local = _Block(plan, cells, shared, rows)
        for key, column in shared.items():
            if isinstance(key, Whole):
                local[key.place] = column[first : first + rows] if isinstance(column, np.ndarray) else column
        for place, step in steps:
            try:
                local[place] = step(local)
            except _NotYetError:
                waiting.add(place)
                continue
            if isinstance(place, Filled):
                continue
            part = columns.full(local[place], rows)
            whole = found.setdefault(place, np.empty(count, part.dtype))
            if whole.dtype != part.dtype:
                found[place] = whole = _as_objects(whole, first)
            whole[first : first + rows] = part if whole.dtype == part.dtype else part.tolist()
    cells.update({Whole(place): column for place, column in found.items() if place not in waiting})


class _Block(_Table):
    """Some rows of the table, and every cell outside of it."""

    def __init__(self, plan: TablePlan, whole: Cells, known: Mapping[Any, Any], count: int) -> None:
        super().__init__(plan, known, count)
        self._whole = whole

    def __missing__(self, key: Any) -> Any:
        if isinstance(key, Place) and not self._plan.in_body(key):
            return self._whole[key]
        return super().__missing__(key)


def _as_objects(column: Any, filled: int) -> Any:
    """The column as one of any kind; only so much of it is filled so far."""
    result = np.empty(len(column), dtype=object)
    result[:filled] = column[:filled].tolist()
    return result


def _add_one_by_one(plan: TablePlan, cells: Cells, count: int) -> None:
    """The columns of formulas that look at other rows than their own, and what depends on them."""
    places = {place_of(key) for key in plan.every_step} | set(plan.one_by_one)
    starts = sorted(place for place in places if plan.in_rows(place) and Whole(place) not in cells)
    late = sorted(place for place in places if not plan.in_rows(place) and place not in cells)
    if not starts and not late:
        return
    keys = [key for place in late for key in (place, Filled(place))]
    steps: dict[Any, Evaluate] = {key: plan.every_step[key] for key in keys if key in plan.every_step}
    row_steps = _row_steps(plan, starts, count)
    rows = _Rows(cells, {**steps, **row_steps}, plan, starts, count)
    for start in starts:
        rows[Whole(start)]
    for place in late:
        cells[place] = rows[place]
    cells.update({Whole(start): rows[Whole(start)] for start in starts})


class _Rows(Cells):
    """The table's cells one by one: those of columns that are known whole, and those that are computed now."""

    def __init__(
        self, whole: Cells, steps: Mapping[Any, Evaluate], plan: TablePlan, starts: Iterable[Place], count: int
    ) -> None:
        super().__init__({}, steps)
        self._whole = whole
        self._plan = plan
        self._starts = set(starts)
        self._rows = count

    def __missing__(self, key: Any) -> Any:
        if isinstance(key, Whole) and key.place in self._starts:
            places = (key.place._replace(row=key.place.row + row) for row in range(self._rows))
            value = self[key] = columns.from_values([self[place] for place in places])
            return value
        if key in self.steps:
            return super().__missing__(key)
        if isinstance(key, Place) and self._plan.in_body(key):
            start = self._plan.column(key.column)
            return columns.element(self._whole[Whole(start)], key.row - start.row)
        return self._whole[key]


def _row_steps(plan: TablePlan, starts: Iterable[Place], count: int) -> dict[Any, Evaluate]:
    """For each cell of columns that are computed row by row, how."""
    model = plan.model
    resolver = TableResolver(model, plan)
    expressions = Expressions(_CellResolver(resolver, plan))
    found: dict[Any, Evaluate] = {}
    for start in starts:
        pieces = around_rows(model.links.stored(model.formulas[start]), start.row)
        for row in range(start.row, start.row + count):
            place = start._replace(row=row)
            text = "".join(str(row + piece) if isinstance(piece, int) else piece for piece in pieces)
            try:
                term = expressions.formula(parsed(text), place, is_array=start in model.spills)
            except (NotCompiledError, ValueError) as reason:
                raise UnreadableError(
                    f"{model.path} can't be filled: {place.reference}: {reason}: {text[:80]}."
                ) from None
            found[place] = _shown(term.evaluate)
    return found


def _shown(evaluate: Evaluate) -> Evaluate:
    return lambda cells: shown(single_of(evaluate(cells)))


class _CellResolver(Resolver):
    """References by single cells of the table; ranges with a whole column of the table in them are long."""

    def __init__(self, whole: TableResolver, plan: TablePlan) -> None:
        super().__init__(plan.model)
        self._table_resolver = whole
        self._plan = plan
        self.used = whole.used

    def cells(self, area: Area, text: str = "") -> Term:
        table = self._plan.table
        is_whole = area.first_row <= table.first_row and area.last_row >= table.last_row
        if is_whole and not area.is_cell and self._table_resolver.meets(area):
            return self._table_resolver.cells(area, text)
        return super().cells(area, text)

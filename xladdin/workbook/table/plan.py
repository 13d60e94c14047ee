"""A workbook around one long Excel table: the formulas of its rows for all rows at once, and the rest of it once.

A column of the table is known by the cell in the first row of its body. Each is kept whole, as what lies outside the
rows (totals, charts, rankings) is computed of whole columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from xladdin.workbook import columns, compute, engine
from xladdin.workbook.array_functions import NATIVE
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Cells, Compiler, Evaluate, NotCompiledError, Plan, Term
from xladdin.workbook.model import Model, Place
from xladdin.workbook.references import Area, around_rows, corners
from xladdin.workbook.table.excel_table import ExcelTable
from xladdin.workbook.tall import Tall

BLOCK = 16_384  # rows computed at a time, so that what is only on the way stays small


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows of the table's column that begins here; a place alone is the rows in hand."""

    place: Place


@dataclass
class TablePlan(Plan):
    """What a `Plan` is, of a workbook with a table of many rows; steps of its first row are for all of them."""

    table: ExcelTable = field(kw_only=True)
    of_whole: set[Place] = field(default_factory=set)  # the row formulas that look at whole columns

    def in_rows(self, place: Place) -> bool:
        """Whether a cell is of the first row of the table's body."""
        table = self.table
        is_inside = table.first_column <= place.column <= table.last_column
        return place.sheet == table.sheet and place.row == table.first_row and is_inside

    def column(self, number: int) -> Place:
        """The first cell of a column of the table, by its number on the sheet."""
        return Place(self.table.sheet, self.table.first_row, number)


def compile_table(model: Model, table: ExcelTable) -> TablePlan:
    """Turn the formulas of a workbook (`table.resize.resized`) into operations on the table's columns.

    Parameters
    ----------
    model : Model
        The workbook, of which the sheet holds the first row of the table's body alone.
    table : ExcelTable
        The table with all of its rows.

    Raises
    ------
    UnreadableError
        When a formula refers to itself, directly or through others.
    """
    constants: Cells = {place: columns.from_cell(value, model.epoch) for place, value in model.constants.items()}
    plan = TablePlan(model, constants=constants, table=table)
    numbers = range(table.first_column, table.last_column + 1)
    plan.inputs = {plan.column(number) for number in numbers} - set(model.formulas)
    for place in plan.inputs:
        constants.pop(place, None)
    _TableCompiler(model, plan).add_all()
    return plan


class _TableCompiler(Compiler):
    """A compiler that knows which references are to rows of the table."""

    def __init__(self, model: Model, plan: TablePlan) -> None:
        super().__init__(model, plan)
        self._table_plan = plan
        self._here = Place("", 0, 0)  # the formula that is being turned
        table = plan.table
        row, column = self._used.get(table.sheet, (1, 1))
        self._used[table.sheet] = max(row, table.last_row), max(column, table.last_column)

    def formulas_in(self, place: Place) -> set[Place]:
        tree = self._tree(place)
        if tree is None or (self._table_plan.in_rows(place) and self._leaves_its_row(place)):
            return set()
        found = super().formulas_in(place)
        for area in self._areas(tree, place.sheet, frozenset()):
            if self._meets(area):
                found |= {start for start in self._columns(area) if start in self._model.formulas}
        return found

    def _formula(self, place: Place) -> Term:
        self._here = place
        if self._table_plan.in_rows(place):
            if self._leaves_its_row(place):
                raise NotCompiledError("it refers to other rows than its own")
            self._check_ranges_by_row(self._tree(place) or {})
        return super()._formula(place)

    def _leaves_its_row(self, place: Place) -> bool:
        """Whether a formula of the rows refers by a relative reference to anything but its own row of the table."""
        try:
            pieces = around_rows(self._model.formulas[place], place.row)
        except ValueError:
            return False
        return any(isinstance(piece, int) and piece for piece in pieces) or any(
            _is_half_relative(reference) or not any(map(self._meets, areas))
            for reference, areas in self._references(self._tree(place) or {}, place.sheet)
            if _is_relative(reference) and areas  # what names no cells here is no row of this workbook
        )

    def _references(self, node: Mapping[str, Any], sheet: str) -> Iterator[tuple[str, list[Area]]]:
        """The references of a formula, each with the cells that it leads to."""
        if node.get("node_type") == "Reference":
            yield node["reference"], list(self._areas(node, sheet, frozenset()))
        for child in itertools.chain(
            (node[key] for key in ("left", "right", "operand") if key in node), node.get("args", ())
        ):
            yield from self._references(child, sheet)

    def _meets(self, area: Area) -> bool:
        """Whether an area has cells of the table's body."""
        table = self._table_plan.table
        return (
            area.sheet == table.sheet
            and area.first_row <= table.last_row
            and area.last_row >= table.first_row
            and area.first_column <= table.last_column
            and area.last_column >= table.first_column
        )

    def _columns(self, area: Area) -> list[Place]:
        """The table's columns that an area has cells of."""
        table = self._table_plan.table
        first, last = max(area.first_column, table.first_column), min(area.last_column, table.last_column)
        return [self._table_plan.column(number) for number in range(first, last + 1)]

    def _cells(self, area: Area, reference: str) -> Term:
        if not self._meets(area):
            return super()._cells(area, reference)
        if self._table_plan.in_rows(self._here):
            if _is_relative(reference):
                return super()._cells(area, reference)
            self._table_plan.of_whole.add(self._here)
        if area.is_cell:
            start = self._table_plan.column(area.first_column)
            return Term(lambda cells: _element(cells[Whole(start)], area.first_row - start.row))
        return Term(lambda cells: self._tall(area, cells), True)

    def _tall(self, area: Area, cells: Cells) -> Tall:
        if area in cells:
            kept: Tall = cells[area]
            return kept
        numbers = range(area.first_column, area.last_column + 1)
        found = Tall([self._whole(area, number, cells) for number in numbers])
        if all(Whole(start) in cells for start in self._columns(area)):  # ROWS needs no column to be known
            cells[area] = found
        return found

    def _whole(self, area: Area, number: int, cells: Cells) -> Any:
        """A column of an area: the table's rows, and the single cells above and below them or beside the table."""
        table = self._table_plan.table
        start = self._table_plan.column(number)
        body = slice(max(area.first_row, table.first_row), min(area.last_row, table.last_row) + 1)
        if table.first_column <= number <= table.last_column:
            column = cells.get(Whole(start))
            count = body.stop - body.start
            inside = column[body.start - start.row :][:count] if isinstance(column, np.ndarray) else [column] * count
        else:
            inside = self._singles(area.sheet, number, body.start, body.stop, cells)
        above = self._singles(area.sheet, number, area.first_row, body.start, cells)
        below = self._singles(area.sheet, number, body.stop, area.last_row + 1, cells)
        if isinstance(inside, np.ndarray):
            if not above and not below:
                return inside
            inside = inside.tolist()
        return columns.from_values([*above, *inside, *below])

    def _singles(self, sheet: str, number: int, first: int, stop: int, cells: Cells) -> list[Any]:
        return [cells.get(Place(sheet, row, number)) for row in range(first, stop)]

    def _check_ranges_by_row(self, node: Mapping[str, Any]) -> set[str]:
        """What the value of a part is made of, cell by cell: of the rows, of whole columns.

        Raises
        ------
        NotCompiledError
            When it is made of both: it would be a range of its own in every row.
        """
        children = [node[key] for key in ("left", "right", "operand") if key in node] + list(node.get("args", ()))
        found = set().union(*map(self._check_ranges_by_row, children))
        if node.get("node_type") == "Reference":
            is_whole = not _is_relative(node["reference"]) and any(
                not area.is_cell and self._meets(area) for area in self._areas(node, self._here.sheet, frozenset())
            )
            return {"whole"} if is_whole else {"rows"} if _is_relative(node["reference"]) else set()
        if node.get("node_type") == "Function":
            known = NATIVE.get(node["name"].upper().removeprefix("_XLFN."))
            if known is None or known.ranges != frozenset():
                return found & {"rows"}
        elif found == {"rows", "whole"}:
            raise NotCompiledError("it combines its row with whole columns, cell by cell")
        return found


def _is_relative(reference: str) -> bool:
    """Whether a reference names another row in another row of the table."""
    found = corners(reference)
    return bool(found and (not found[2] or (found[6] and not found[5])))


def _is_half_relative(reference: str) -> bool:
    """Whether a reference gets longer from row to row, such as A$1:A9."""
    found = corners(reference)
    return bool(found and found[6] and bool(found[2]) != bool(found[5]))


def _element(column: Column, place: int) -> Any:
    if not isinstance(column, np.ndarray):
        return column
    return column[place].item() if column.dtype != object else column[place]


def evaluate(plan: TablePlan, inputs: Mapping[int, Column], count: int) -> Cells:
    """The value of every cell of the workbook.

    Parameters
    ----------
    plan : TablePlan
        The compiled workbook.
    inputs : mapping
        The columns to fill in, by their numbers on the sheet; one that is not there is blank.
    count : int
        The number of rows.

    Returns
    -------
    dict
        A column for each `Whole` column of the table, and a value for each cell outside of it.
    """
    cells: Cells = dict(plan.constants)
    table = plan.table
    for number in range(table.first_column, table.last_column + 1):
        start = plan.column(number)
        if start not in plan.model.formulas:
            cells[Whole(start)] = inputs.get(number)
        elif start in plan.constants:
            cells[Whole(start)] = plan.constants[start]
    group: list[tuple[Place, Evaluate]] = []
    with np.errstate(all="ignore"):
        for place, step in plan.steps:
            if group and (not plan.in_rows(place) or place in plan.of_whole):
                _add_rows(plan, group, cells, count)
                group = []
            if plan.in_rows(place):
                group.append((place, step))
            else:
                cells[place] = step(cells)
        _add_rows(plan, group, cells, count)
    if plan.fallbacks:
        with engine.in_a_sentence(plan.model.path):
            _add_by_engine(plan, cells, count)
    return {key: value for key, value in cells.items() if isinstance(key, (Place, Whole))}


def _add_rows(plan: TablePlan, steps: list[tuple[Place, Evaluate]], cells: Cells, count: int) -> None:
    """The columns of formulas that each look at their own row, some rows at a time."""
    if not steps:
        return
    # What formulas have in common is kept by its text: it is of these rows here, and of single cells elsewhere.
    shared = {key: value for key, value in cells.items() if isinstance(key, (Place, Whole, Area))}
    found: dict[Place, Any] = {}
    for first in range(0, count, BLOCK):
        rows = min(BLOCK, count - first)
        local = dict(shared)
        for key, column in shared.items():
            if isinstance(key, Whole):
                local[key.place] = column[first : first + rows] if isinstance(column, np.ndarray) else column
        for place, step in steps:
            local[place] = step(local)
            part = columns.full(local[place], rows)
            whole = found.setdefault(place, np.empty(count, part.dtype))
            if whole.dtype != part.dtype:
                found[place] = whole = _as_objects(whole, first)
            whole[first : first + rows] = part if whole.dtype == part.dtype else part.tolist()
    cells.update({Whole(place): column for place, column in found.items()})


def _as_objects(column: Any, filled: int) -> Any:
    """The column as one of any kind; only so much of it is filled so far."""
    result = np.empty(len(column), dtype=object)
    result[:filled] = column[:filled].tolist()
    return result


def _add_by_engine(plan: TablePlan, cells: Cells, count: int) -> None:
    """The cells and columns that are not compiled."""
    table, model = plan.table, plan.model
    kept = {place: text for place, text in model.formulas.items() if not plan.in_rows(place)}
    workbook = compute.open_engine(replace(model, formulas=kept))
    wanted = []
    for number in range(table.first_column, table.last_column + 1):
        start = plan.column(number)
        if start in plan.fallbacks:
            pieces = around_rows(engine.fill_in(model.formulas[start]), start.row)
            for row in range(start.row, start.row + count):
                text = "".join(str(row + piece) if isinstance(piece, int) else piece for piece in pieces)
                workbook.set_formula(table.sheet, row, number, text)
            wanted.append(start)
            continue
        for row, value in zip(
            range(start.row, start.row + count), columns.elements(cells[Whole(start)], count), strict=False
        ):
            workbook.set_value(table.sheet, row, number, engine.to_engine(columns.to_cell(value)))
    for place in plan.fallbacks:
        if not plan.in_rows(place):
            (cells[place],) = map(compute.from_engine, workbook.evaluate_cells([tuple(place)]))
    for start in wanted:
        rows = range(start.row, start.row + count)
        values = workbook.evaluate_cells([(table.sheet, row, start.column) for row in rows])
        cells[Whole(start)] = columns.from_values(list(map(compute.from_engine, values)))

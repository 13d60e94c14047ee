"""A workbook around one long Excel table: the formulas of its rows for all rows at once, and the rest of it once.

A column of the table is known by the cell in the first row of its body. Each is kept whole, as what lies outside the
rows (totals, charts, rankings) is computed of whole columns. A formula that looks at other rows than its own is
computed for one row after another.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xladdin.core.errors import UnreadableError
from xladdin.workbook import columns
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.long_range import LongRange
from xladdin.workbook.compiler import Compiler, Node, Plan, children_of, place_of
from xladdin.workbook.dates import counted_from
from xladdin.workbook.expressions import Expressions, plain_name
from xladdin.workbook.file.budget import counted_steps, in_file
from xladdin.workbook.model import Model, Place
from xladdin.workbook.references import Area, around_rows, corners, is_relative
from xladdin.workbook.resolver import Resolver
from xladdin.workbook.table.excel_table import ExcelTable
from xladdin.workbook.terms import Cells, NotCompiledError, Scope, Term


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows of the table's column that begins here; a place alone is the rows in hand."""

    place: Place


@dataclass
class TablePlan(Plan):
    """What a `Plan` is, of a workbook with a table of many rows; steps of its first row are for all of them."""

    table: ExcelTable = field(kw_only=True)
    of_whole: set[Place] = field(default_factory=set)  # the row formulas that look at whole columns
    one_by_one: dict[Place, str] = field(default_factory=dict)  # columns computed row after row, and why

    def in_rows(self, place: Place) -> bool:
        """Whether a cell is of the first row of the table's body."""
        table = self.table
        is_inside = table.first_column <= place.column <= table.last_column
        return place.sheet == table.sheet and place.row == table.first_row and is_inside

    def in_body(self, place: Place) -> bool:
        """Whether a cell is of any row of the table's body."""
        table = self.table
        return (
            place.sheet == table.sheet
            and table.first_row <= place.row <= table.last_row
            and table.first_column <= place.column <= table.last_column
        )

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
    constants = {place: columns.from_cell(value, model.epoch) for place, value in model.constants.items()}
    plan = TablePlan(model, constants=Cells(constants), table=table)
    numbers = range(table.first_column, table.last_column + 1)
    plan.inputs = {plan.column(number) for number in numbers} - set(model.formulas)
    for place in plan.inputs:
        plan.constants.pop(place, None)
    plan.inputs |= {item.place for item in model.inputs.values()}
    with counted_from(model.epoch), counted_steps(), in_file(model.path):
        _TableCompiler(model, plan, TableResolver(model, plan)).add_all()
    return plan


class TableResolver(Resolver):
    """References of which some are to the rows of the table."""

    def __init__(self, model: Model, plan: TablePlan) -> None:
        super().__init__(model)
        self._plan = plan
        self.here = Place("", 0, 0)  # the formula that is being turned
        table = plan.table
        row, column = self.used.get(table.sheet, (1, 1))
        self.used[table.sheet] = max(row, table.last_row), max(column, table.last_column)

    def meets(self, area: Area) -> bool:
        """Whether an area has cells of the table's body."""
        table = self._plan.table
        return (
            area.sheet == table.sheet
            and area.first_row <= table.last_row
            and area.last_row >= table.first_row
            and area.first_column <= table.last_column
            and area.last_column >= table.first_column
        )

    def columns(self, area: Area) -> list[Place]:
        """The table's columns that an area has cells of."""
        table = self._plan.table
        first, last = max(area.first_column, table.first_column), min(area.last_column, table.last_column)
        return [self._plan.column(number) for number in range(first, last + 1)]

    def formulas_in(self, area: Area) -> Iterator[Place]:
        yield from super().formulas_in(area)
        if self.meets(area):
            yield from (start for start in self.columns(area) if start in self.model.formulas)

    def members_of(self, area: Area) -> tuple[Place | Area, ...]:
        if not self.meets(area):
            return super().members_of(area)
        if area not in self.members:  # of the table one cell stands for a whole column: there is nothing to divide
            self.members[area] = (*dict.fromkeys(self.formulas_in(area)), *self.inputs_in(area))
        return self.members[area]

    def inputs_in(self, area: Area) -> Iterator[Place]:
        yield from super().inputs_in(area)
        if self.meets(area):
            yield from (start for start in self.columns(area) if start in self._plan.inputs)

    def cells(self, area: Area, text: str = "") -> Term:
        if not self.meets(area):
            return super().cells(area, text)
        if self._plan.in_rows(self.here):
            if is_relative(text):
                return self._of_rows(area)
            self._plan.of_whole.add(self.here)
        if area.is_cell:
            start, index = self._plan.column(area.first_column), area.first_row - self._plan.table.first_row
            return Term(lambda cells: columns.element(cells[Whole(start)], index), area=area)
        return Term(lambda cells: self._long_range(area, cells), True, area=area)

    def _of_rows(self, area: Area) -> Term:
        """Cells of the formula's own row."""
        rows = [[Place(area.sheet, *address) for address in row] for row in area.rows()]
        if area.is_cell:
            place = rows[0][0]
            return Term(lambda cells: cells[place], area=area)
        return Term(lambda cells: [[cells[place] for place in row] for row in rows], True, area=area)

    def values(self, area: Area, cells: Cells) -> Any:
        return self._long_range(area, cells) if self.meets(area) else super().values(area, cells)

    def _long_range(self, area: Area, cells: Cells) -> LongRange:
        if area in cells:
            kept: LongRange = cells[area]
            return kept
        used = self.clipped(area)
        found = LongRange.of(
            [self._whole(used, number, cells) for number in range(used.first_column, used.last_column + 1)],
            area.last_row - used.last_row,
        )
        if all(Whole(start) in cells for start in self.columns(area)):  # ROWS needs no column to be known
            cells[area] = found
        return found

    def _whole(self, area: Area, number: int, cells: Cells) -> Any:
        """A column of an area: the table's rows, and the single cells above and below them or beside the table."""
        table = self._plan.table
        start = self._plan.column(number)
        body = slice(max(area.first_row, table.first_row), min(area.last_row, table.last_row) + 1)
        if table.first_column <= number <= table.last_column:
            column = cells[Whole(start)]
            count = body.stop - body.start
            inside = column[body.start - start.row :][:count] if isinstance(column, np.ndarray) else [column] * count
        else:
            inside = _singles(area.sheet, number, body.start, body.stop, cells)
        above = _singles(area.sheet, number, area.first_row, body.start, cells)
        below = _singles(area.sheet, number, body.stop, area.last_row + 1, cells)
        if isinstance(inside, np.ndarray):
            if not above and not below:
                return inside
            inside = inside.tolist()
        return columns.from_values([*above, *inside, *below])


def _singles(sheet: str, number: int, first: int, stop: int, cells: Cells) -> list[Any]:
    return [cells[Place(sheet, row, number)] for row in range(first, stop)]


class _TableCompiler(Compiler):
    """A compiler that turns the formulas of the table's first row for all of its rows."""

    def __init__(self, model: Model, plan: TablePlan, resolver: TableResolver) -> None:
        super().__init__(model, plan, resolver)
        self._table_plan = plan
        self._table_resolver = resolver

    def turn(self, place: Place, expressions: Expressions) -> None:
        resolver, plan = self._table_resolver, self._table_plan
        resolver.here = place
        if plan.in_rows(place) and (tree := self.tree(place)) is not None:
            reason = self._why_one_by_one(place, tree)
            if reason:
                plan.one_by_one[place] = reason
                return
        super().turn(place, expressions)
        # Such as ROW(), a range of which it means the cell beside it, and what INDIRECT and OFFSET lead to.
        if plan.in_rows(place) and self._compiled[place].term.is_local:
            plan.one_by_one[place] = "it depends on the row that it stands in"
            del self._compiled[place]
            for each in self._cells_of(place):
                plan.every_step.pop(each, None)

    def add_all(self) -> None:
        super().add_all()
        plan = self._table_plan
        # What depends on a column that is computed row by row waits for it: it is computed when it is asked for.
        late = set(plan.one_by_one)
        steps = []

        @functools.cache  # by the time that a formula is looked at, all that it depends on was
        def late_in(area: Area) -> Place | None:
            """The first cell of an area that is computed late."""
            members = plan.members[area]
            found = (late_in(each) if isinstance(each, Area) else each if each in late else None for each in members)
            return min(filter(None, found), default=None)

        for key, step in plan.steps:
            place = self._table_resolver.spilled.get(place_of(key), place_of(key))
            other = min(filter(None, map(late_in, plan.reads.get(place, ()))), default=None)
            if other:
                late.add(place)
                for each in self._cells_of(place):
                    plan.fallbacks[each] = f"it depends on {other.reference}"
                if plan.in_rows(place):
                    plan.one_by_one[place] = plan.fallbacks[place]
            else:
                steps.append((key, step))
        plan.steps = steps
        plan.fallbacks |= plan.one_by_one

    def refuse_circles(self, circular: list[Place]) -> None:
        if circular:
            raise UnreadableError(
                f"{self._table_plan.model.path} has a circular reference, from {circular[0].reference}; "
                "allowed are formulas without."
            )

    def is_varying_formula(self, place: Place) -> bool:
        return place in self._table_plan.one_by_one or super().is_varying_formula(place)

    def _why_one_by_one(self, place: Place, tree: Node) -> str:
        if _combines_relative(tree):
            return "it makes a reference of its row's and another"
        if self._leaves_its_row(place, tree):
            return "it refers to other rows than its own"
        try:
            self._check_ranges_by_row(tree, place)
        except NotCompiledError as reason:
            return str(reason)
        return ""

    def _leaves_its_row(self, place: Place, tree: Node) -> bool:
        """Whether a formula of the rows refers by a relative reference to anything but its own row of the table."""
        try:
            pieces = around_rows(self._table_plan.model.formulas[place], place.row)
        except ValueError:
            return False
        return any(isinstance(piece, int) and piece for piece in pieces) or any(
            _is_half_relative(reference) or not any(map(self._table_resolver.meets, areas))
            for reference, areas in self._references(tree, place)
            if is_relative(reference) and areas  # what names no cells here is no row of this workbook
        )

    def _references(self, node: Node, place: Place) -> Iterator[tuple[str, list[Area]]]:
        """The references of a formula, each with the cells that it leads to."""
        if node["node_type"] == "Reference":
            yield node["reference"], self._areas(node["reference"], place)
        for child in children_of(node):
            yield from self._references(child, place)

    def _areas(self, reference: str, place: Place) -> list[Area]:
        try:
            target = self._table_resolver.resolve(reference, Scope(place))
        except NotCompiledError:
            return []
        return [] if isinstance(target, (float, dict)) else list(target.areas)

    def _check_ranges_by_row(self, node: Node, place: Place) -> set[str]:
        """What the value of a part is made of, cell by cell: of the rows, of whole columns.

        Raises
        ------
        NotCompiledError
            When it is made of both: it would be a range of its own in every row.
        """
        found: set[str] = set().union(*(self._check_ranges_by_row(child, place) for child in children_of(node)))
        if node["node_type"] == "Reference":
            text = node["reference"]
            is_whole = not is_relative(text) and any(
                not area.is_cell and self._table_resolver.meets(area) for area in self._areas(text, place)
            )
            return {"whole"} if is_whole else {"rows"} if is_relative(text) else set()
        if node["node_type"] == "Function":
            known = BUILTINS.get(plain_name(node["name"]))
            if known is None or any(kind.is_range for kind in known.takes):
                return found & {"rows"}
        elif found == {"rows", "whole"}:
            raise NotCompiledError("it combines its row with whole columns, cell by cell")
        return found


def _combines_relative(node: Node) -> bool:
    """Whether a formula makes a reference of two, such as T[#Headers]:A2, of which one is of its row."""
    is_combined = node["node_type"] == "BinaryOp" and node["operator"] in (":", " ", ",")
    if is_combined and any(is_relative(each.get("reference", "")) for each in (node["left"], node["right"])):
        return True
    return any(map(_combines_relative, children_of(node)))


def _is_half_relative(reference: str) -> bool:
    """Whether a reference gets longer from row to row, such as A$1:A9."""
    found = corners(reference)
    return bool(found and found[6] and bool(found[2]) != bool(found[5]))

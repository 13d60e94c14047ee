"""Formulas as operations on columns: a workbook's formulas in the order of their dependence, for all rows at once.

A formula's syntax tree becomes a call that takes the columns of the cells so far and gives its own. What depends on no
input is computed once, here. What can only be computed for one row at a time is, with the reason; a formula that can't
be computed at all keeps the value that is stored of it, as long as nothing that it depends on changes.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import formualizer
import numpy as np

from xladdin.core.errors import REF, UnreadableError, error
from xladdin.workbook import columns
from xladdin.workbook.dates import counted_from
from xladdin.workbook.expressions import Expressions
from xladdin.workbook.file.budget import CellFaultError, counted_steps, in_file, tell_of_looking
from xladdin.workbook.model import DataTable, Model
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area, parsed
from xladdin.workbook.resolver import Resolver
from xladdin.workbook.terms import (
    NO_FORMULA,
    Cells,
    CircularError,
    Evaluate,
    NotCompiledError,
    Reference,
    Scope,
    Term,
    by_rows,
    shown,
    spread,
)

__all__ = ["Cells", "Evaluate", "NotCompiledError", "Plan", "compile_model"]

_NO_NAME = error("#NAME?")
Node = Mapping[str, Any]


@dataclass(frozen=True)
class Filled:
    """All that the array formula of a cell fills, beside the cells of it."""

    anchor: Place


@dataclass
class Plan:
    """A workbook's formulas, ready to be computed for many rows.

    Attributes
    ----------
    steps : list
        Each formula that depends on an input, after those that it depends on.
    constants : dict
        The cells that are the same in every row.
    inputs : set
        The cells that may be filled in.
    fallbacks : dict
        The cells that are computed for one row at a time, and why.
    uncomputed : dict
        The cells that can't be computed and have their stored values, and why.
    reads : dict
        The areas that each formula looks at, as far as that is known beforehand.
    members : dict
        The formula cells and inputs of each such area, or of one with many rows the smaller areas that it has in common
        with others.
    """

    model: Model
    steps: list[tuple[Any, Evaluate]] = field(default_factory=list)
    constants: Cells = field(default_factory=lambda: Cells({}))
    inputs: set[Place] = field(default_factory=set)
    fallbacks: dict[Place, str] = field(default_factory=dict)
    uncomputed: dict[Place, str] = field(default_factory=dict)
    reads: dict[Place, frozenset[Area]] = field(default_factory=dict)
    members: Mapping[Area, tuple[Place | Area, ...]] = field(default_factory=dict)
    every_step: dict[Any, Evaluate] = field(default_factory=dict)

    def needed_by(self, places: Iterable[Place]) -> set[Place]:
        """The formula cells and inputs that cells depend on, directly or through others."""
        found: set[Place | Area] = set()
        waiting: list[Place | Area] = list(places)
        while waiting:
            node = waiting.pop()
            others = self.members[node] if isinstance(node, Area) else self.reads.get(node, ())
            new = [other for other in others if other not in found]
            found.update(new)
            waiting += new
        return {node for node in found if isinstance(node, Place)}

    def fallback_lines(self) -> list[str]:
        """For each cell that is not computed for all rows at once a line: where, why, the formula."""
        return [
            f"{place.reference}: {reason}: {self.model.formulas.get(place, 'part of an array formula')}"
            for place, reason in sorted((self.fallbacks | self.uncomputed).items())
        ]


@functools.lru_cache(maxsize=16)
def compile_model(model: Model) -> Plan:
    """Turn a workbook's formulas into operations on columns.

    Raises
    ------
    UnreadableError
        When a formula refers to itself, directly or through others.
    """
    plan = Plan(
        model,
        constants=Cells({place: columns.from_cell(value, model.epoch) for place, value in model.constants.items()}),
    )
    plan.inputs = {item.place for item in model.inputs.values()}
    for place in plan.inputs:
        plan.constants.pop(place, None)
    with counted_from(model.epoch), counted_steps(), in_file(model.path), _uncollected():
        Compiler(model, plan, Resolver(model)).add_all()
    return plan


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage: what is made here is kept, and looking at all of it again takes half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula that is turned: its term, and the areas that it reads."""

    term: Term
    reads: frozenset[Area]


class Compiler:
    """What the turning of one workbook's formulas has to know: its cells, and what became of each so far."""

    def __init__(self, model: Model, plan: Plan, resolver: Resolver) -> None:
        self._model = model
        self._plan = plan
        self._resolver = resolver
        plan.members = resolver.members
        self._trees: dict[Place, Node | None] = {}
        self._compiled: dict[Place, Compiled] = {}
        self._varying: set[Place] = set(plan.inputs)
        self._varies: dict[Area, bool] = {}

    def add_all(self) -> None:
        """Turn every formula of the model."""
        expressions = Expressions(self._resolver)
        expressions.in_common = self._parts_in_common()
        for place in self._model.formulas:
            self.turn(place, expressions)
        for table in self._model.data_tables:
            self._add_data_table(table)
        looked_at = sum(self._resolver.clipped(area).size for each in self._compiled.values() for area in each.reads)
        tell_of_looking(self._model.path, looked_at)
        order, circular = self._in_order()
        self._plan.constants.steps = self._plan.every_step
        for place in order:
            self._add(place)
        self._plan.constants.steps = {}
        self.refuse_circles(circular)

    def turn(self, place: Place, expressions: Expressions) -> None:
        """Turn one formula."""
        tree = self.tree(place)
        try:
            expressions.reads = set()
            if tree is None:
                raise NotCompiledError("the formula can't be read")
            term = expressions.formula(tree, place, is_array=place in self._model.spills)
        except CellFaultError as found:
            raise found.of(place.reference) from None
        except (NotCompiledError, *NO_FORMULA) as reason:
            # Of parts that are the same in every row some are computed here: a formula that no sheet has may fail.
            self._leave(place, str(reason), self._areas_in(tree, place))
            return
        self._compiled[place] = Compiled(term, frozenset(expressions.reads))
        self._add_steps(place, term)

    def _add_steps(self, place: Place, term: Term) -> None:
        """How a formula's cells are computed."""
        evaluate = by_rows(term.evaluate) if term.by_row else term.evaluate
        size = self._model.spills.get(place)
        if size is None:
            self._plan.every_step[place] = lambda cells: shown(evaluate(cells))
            return
        height, width = size
        key = Filled(place)
        self._plan.every_step[key] = lambda cells: _filled(term, cells, height, width)
        for row in range(height):
            for column in range(width):
                self._plan.every_step[Place(place.sheet, place.row + row, place.column + column)] = _member(
                    key, row, column
                )

    def _leave(self, place: Place, reason: str, reads: Iterable[Area]) -> None:
        """Have a formula that can't be computed keep what is stored of it."""
        for each in self._cells_of(place):
            self._plan.uncomputed[each] = reason
            stored = self._model.stored.get(each)
            value = _NO_NAME if stored is None else columns.from_cell(stored, self._model.epoch)
            self._plan.every_step[each] = _kept(value, self._changes_of(each))
        self._compiled[place] = Compiled(Term(lambda cells: None, by_row=reason), frozenset(reads))

    def _areas_in(self, tree: Node | None, place: Place) -> Iterator[Area]:
        """The areas that a formula names; of one that can't be read all inputs, any of which it may look at."""
        if tree is None:
            for other in self._plan.inputs:
                yield Area(other.sheet, other.row, other.column, other.row, other.column)
            return
        nodes, seen = [tree], set()
        while nodes:
            node = nodes.pop()
            if id(node) in seen:  # a name that comes back to itself
                continue
            seen.add(id(node))
            nodes += children_of(node)
            if node["node_type"] == "Reference":
                try:
                    target = self._resolver.resolve(node["reference"], Scope(place))
                except NotCompiledError:
                    continue
                if isinstance(target, Reference):
                    yield from target.areas
                elif isinstance(target, dict):
                    nodes.append(target)

    def _changes_of(self, place: Place) -> Evaluate:
        """What says whether an input that a cell depends on is other than it was when the value was stored."""

        @functools.cache
        def inputs() -> dict[Place, Any]:
            needed = self._plan.needed_by([place])
            return {
                item.place: columns.from_cell(item.default, self._model.epoch)
                for item in self._model.inputs.values()
                if item.place in needed
            }

        def changes(cells: Cells) -> Any:
            found: Any = False
            for other, default in inputs().items():
                found = found | columns.apply(lambda value, known=default: not _is_same(value, known), cells[other])
            return found

        return changes

    def _cells_of(self, place: Place) -> Iterator[Place]:
        height, width = self._model.spills.get(place, (1, 1))
        for row in range(height):
            for column in range(width):
                yield Place(place.sheet, place.row + row, place.column + column)

    def tree(self, place: Place) -> Node | None:
        """A formula as a tree, or nothing where it can't be read."""
        if place not in self._trees:
            try:
                self._trees[place] = parsed(self._model.links.stored(self._model.formulas[place]))
            except (formualizer.ParserError, formualizer.TokenizerError, ValueError):
                self._trees[place] = None
        return self._trees[place]

    def _in_order(self) -> tuple[list[Place], list[Place]]:
        """The formulas, each after those that it refers to, and those that come back to themselves."""
        order: list[Place] = []
        circular: list[Place] = []
        state: dict[Place | Area, int] = {}
        for start in self._compiled:
            if start in state:
                continue
            state[start] = 1
            stack: list[tuple[Place | Area, Iterator[Place | Area]]] = [(start, self._referred(start))]
            while stack:
                node, others = stack[-1]
                for other in others:
                    if other not in state:
                        state[other] = 1
                        stack.append((other, self._referred(other)))
                        break
                    if state[other] == 1:
                        way = (other, *(each for each, _ in reversed(stack)))
                        circular.append(next(each for each in way if isinstance(each, Place)))
                else:
                    stack.pop()
                    state[node] = 2
                    if isinstance(node, Place):
                        order.append(node)
        return order, circular

    def _referred(self, node: Place | Area) -> Iterator[Place | Area]:
        """Of a formula the areas that it looks at, of an area what is in it: each area is gone through once."""
        if isinstance(node, Place):
            return iter(self._compiled[node].reads)
        members = self._resolver.members_of(node)
        return (other for other in members if isinstance(other, Area) or other in self._compiled)

    def _add(self, place: Place) -> None:
        """Put a formula among what is the same in every row, or among the steps; what it refers to is there."""
        compiled = self._compiled[place]
        term = compiled.term
        if term.by_row and place not in self._plan.uncomputed:
            for each in self._cells_of(place):
                self._plan.fallbacks[each] = term.by_row
        self._plan.reads[place] = compiled.reads
        cells = list(self._cells_of(place))
        keys: list[Any] = [Filled(place), *cells] if place in self._model.spills else cells
        if not (term.is_dynamic or any(map(self._is_varying, compiled.reads))):
            try:
                with np.errstate(all="ignore"):
                    for key in keys:
                        self._plan.constants[key]  # computed when it is asked for
            except CircularError as found:
                self._keep_circle(place, found)
            except CellFaultError as found:
                if not isinstance(found.__cause__, NO_FORMULA):
                    raise
                self._leave(place, "it gives a function what it does not take", compiled.reads)
                for each in cells:
                    self._plan.constants[each] = self._plan.every_step[each](self._plan.constants)
            for each in cells:
                self._plan.fallbacks.pop(each, None)
            return
        self._plan.steps += [(key, self._plan.every_step[key]) for key in keys if key in self._plan.every_step]
        self._varying.update(cells)

    def _keep_circle(self, place: Place, found: CircularError) -> None:
        """Where a workbook iterates, have a formula that needs its own value keep the stored one.

        Raises
        ------
        UnreadableError
            Where it does not iterate.
        """
        if not self._model.iterates:
            raise UnreadableError(
                f"{self._model.path} has a circular reference, from {found}; allowed are formulas without."
            ) from None
        self._leave(place, "it is computed again and again until it settles, which is not done here", ())
        for each in self._cells_of(place):
            self._plan.constants[each] = columns.from_cell(self._model.stored.get(each, 0.0), self._model.epoch)

    def _is_varying(self, area: Area) -> bool:
        if area not in self._varies:
            self._varies[area] = any(
                self._is_varying(other) if isinstance(other, Area) else self.is_varying_formula(other)
                for other in self._resolver.members_of(area)
            )
        return self._varies[area]

    def is_varying_formula(self, place: Place) -> bool:
        """Whether a formula depends on an input."""
        return place in self._varying

    def refuse_circles(self, circular: list[Place]) -> None:
        """Refuse formulas that need their own value.

        Raises
        ------
        UnreadableError
            When there are any.
        """
        if not circular:
            return
        inputs = {
            item.place: columns.from_cell(item.default, self._model.epoch) for item in self._model.inputs.values()
        }
        cells = Cells({**self._plan.constants, **inputs}, self._plan.every_step)
        try:
            with np.errstate(all="ignore"):
                for place in circular:
                    cells[place]
        except CircularError as found:
            raise UnreadableError(
                f"{self._model.path} has a circular reference, from {found}; allowed are formulas without."
            ) from None

    def _add_data_table(self, table: DataTable) -> None:
        """The cells of a what-if table: its formula with the values of its edges in the place of its inputs."""
        area = table.area
        edges = Area(area.sheet, area.first_row - 1, area.first_column - 1, area.last_row, area.last_column)
        base = [self._model.formulas]
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_column, area.last_column + 1):
                place = Place(area.sheet, row, column)
                across, down = place._replace(row=area.first_row - 1), place._replace(column=area.first_column - 1)
                if table.across and table.down:
                    source = Place(area.sheet, area.first_row - 1, area.first_column - 1)
                else:
                    source = down if table.across else across
                given = {table.across: across, table.down: down}
                changed = {target: edge for target, edge in given.items() if target is not None}
                evaluate = (lambda cells: REF) if table.is_broken else self._what_if(source, changed)
                self._plan.every_step[place] = by_rows(evaluate)
                self._compiled[place] = Compiled(
                    Term(evaluate, by_row="it is part of a what-if table", is_dynamic=bool(base)), frozenset({edges})
                )

    def _what_if(self, source: Place, changed: Mapping[Place, Place]) -> Evaluate:
        steps = self._plan.every_step
        stored = {place: columns.from_cell(value, self._model.epoch) for place, value in self._model.constants.items()}
        inputs = self._plan.inputs

        def evaluate(cells: Cells) -> Any:
            own = {place: cells[place] for place in inputs}
            values = {target: cells[edge] for target, edge in changed.items()}
            known = {**stored, **own, **values}
            return Cells(known, {key: step for key, step in steps.items() if key not in values})[source]

        return evaluate

    def _parts_in_common(self) -> dict[int, Any]:
        """The parts that stand in more than one formula, or twice in one, by their nodes: each is computed once."""
        numbers: dict[Any, int] = {}
        keys: dict[int, int] = {}
        counted: collections.Counter[int] = collections.Counter()
        for place in self._model.formulas:
            tree = self.tree(place)
            if tree is not None:
                _number(tree, place.sheet, numbers, keys, counted)
        return {node: key for node, key in keys.items() if counted[key] > 1}


def _number(
    node: Node,
    sheet: str,
    numbers: dict[Any, int],
    keys: dict[int, int],
    counted: collections.Counter[int],
) -> int:
    """The number of a part of a formula: the same for parts that are alike."""
    spine = []
    while node["node_type"] == "BinaryOp":
        spine.append(node)
        node = node["left"]
    key = _number_plain(node, sheet, numbers, keys, counted)
    for each in reversed(spine):
        right = _number(each["right"], sheet, numbers, keys, counted)
        key = numbers.setdefault(("BinaryOp", sheet, each["operator"], key, right), len(numbers))
        keys[id(each)] = key
        counted[key] += 1
    return key


def _number_plain(
    node: Node,
    sheet: str,
    numbers: dict[Any, int],
    keys: dict[int, int],
    counted: collections.Counter[int],
) -> int:
    children = [_number(child, sheet, numbers, keys, counted) for child in children_of(node)]
    kind = node["node_type"]
    value = repr(node["rows"]) if kind == "Array" else node.get("value")
    name = node.get("operator") or node.get("name") or node.get("reference")
    key = numbers.setdefault((kind, sheet, type(value).__name__, value, name, *children), len(numbers))
    if kind == "Function":
        keys[id(node)] = key
        counted[key] += 1
    return key


def place_of(key: Place | Filled) -> Place:
    """The cell that a step is of."""
    return key.anchor if isinstance(key, Filled) else key


def children_of(node: Node) -> list[Node]:
    """The parts of a part of a formula."""
    found = [node[key] for key in ("left", "right", "operand", "callee") if key in node]
    return found + list(node.get("args", ()))


def _filled(term: Term, cells: Cells, height: int, width: int) -> list[list[Any]]:
    """The columns of all cells that an array formula fills."""
    if cells.count is None or not term.by_row:
        return spread(term.evaluate(cells), height, width)
    from xladdin.workbook.terms import RowCells

    rows = [spread(term.evaluate(RowCells(cells, row)), height, width) for row in range(cells.count)]
    return [
        [columns.from_values([each[row][column] for each in rows]) for column in range(width)] for row in range(height)
    ]


def _is_same(value: Any, known: Any) -> bool:
    return value is known or (type(value) is type(known) and bool(value == known))


def _member(key: Filled, row: int, column: int) -> Evaluate:
    return lambda cells: cells[key][row][column]


def _kept(value: Any, changes: Evaluate) -> Evaluate:
    return lambda cells: columns.choose(changes(cells), _NO_NAME, value)

"""Formulas as operations on columns: a workbook's formulas in the order of their dependence, for all rows at once.

A formula's syntax tree becomes a call that takes the columns of the cells so far and gives its own. What depends on no
input is computed once, here. A cell that can't be turned, and what depends on it, is left to the formula engine, with
the reason.
"""

from __future__ import annotations

import collections
import functools
import graphlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import formualizer
import numpy as np
import orjson

from xladdin import udfs
from xladdin.core import calls, cells
from xladdin.core.calls import ALL, Argument, Signature
from xladdin.core.errors import NA, REF, UnreadableError
from xladdin.workbook import columns, tall
from xladdin.workbook.array_functions import BINARY, NATIVE, UNARY, Native
from xladdin.workbook.builtins import number_formats
from xladdin.workbook.columns import Column
from xladdin.workbook.model import Model, Place
from xladdin.workbook.references import Area, NoReferenceError, area_of, is_external

# A batch's columns by cell; beside them what several formulas have in common, by what it is.
Cells = dict[Any, Column]
Evaluate = Callable[[Cells], Any]

_MOST_CELLS = 20_000  # of one range: beyond it the formula engine is the better tool


class NotCompiledError(Exception):
    """Why a formula can't be turned into operations on columns."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula: how it is computed, whether it is a range, and whether it is the same in every row."""

    evaluate: Evaluate
    is_block: bool = False
    is_constant: bool = False
    place: Place | None = None  # the cell that it is


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
        The cells that the formula engine computes, and why.
    """

    model: Model
    steps: list[tuple[Place, Evaluate]] = field(default_factory=list)
    constants: Cells = field(default_factory=dict)
    inputs: set[Place] = field(default_factory=set)
    fallbacks: dict[Place, str] = field(default_factory=dict)

    def fallback_lines(self) -> list[str]:
        """For each cell that the formula engine computes a line: where, why, the formula."""
        return [
            f"{place.reference}: {reason}: {self.model.formulas.get(place, 'part of an array formula')}"
            for place, reason in sorted(self.fallbacks.items())
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
        model, constants={place: columns.from_cell(value, model.epoch) for place, value in model.constants.items()}
    )
    inputs = {item.place for item in model.inputs.values()}
    for place in inputs:
        plan.constants.pop(place, None)
    plan.inputs = inputs
    Compiler(model, plan).add_all()
    return plan


def _in_order(compiler: Compiler, model: Model) -> list[Place]:
    """The formulas, each after those that it refers to."""
    graph = graphlib.TopologicalSorter({place: sorted(compiler.formulas_in(place)) for place in model.formulas})
    try:
        return list(graph.static_order())
    except graphlib.CycleError as found:
        cycle = " to ".join(place.reference for place in found.args[1])
        raise UnreadableError(
            f"{model.path} has a circular reference, from {cycle}; allowed are formulas without."
        ) from None


class Compiler:
    """What the turning of one workbook's formulas has to know: its cells, names and what became of each so far."""

    def __init__(self, model: Model, plan: Plan) -> None:
        self._model = model
        self._plan = plan
        self._trees: dict[Place, dict[str, Any] | None] = {}
        self._names = {name.casefold(): model.links.stored(f"={text}")[1:] for name, text in model.names.items()}
        self._spilled = {
            Place(anchor.sheet, anchor.row + down, anchor.column + across): anchor
            for anchor, (height, width) in model.spills.items()
            for down in range(height)
            for across in range(width)
        }
        self._varying = set(plan.inputs)
        self._repeated = self._parts_in_common()
        self._used: dict[str, tuple[int, int]] = {}
        for place in itertools.chain(model.constants, model.formulas, plan.inputs):
            row, column = self._used.get(place.sheet, (1, 1))
            self._used[place.sheet] = max(row, place.row), max(column, place.column)

    def add_all(self) -> None:
        """Turn every formula of the model."""
        for place in _in_order(self, self._model):
            self.add(place)

    def formulas_in(self, place: Place) -> set[Place]:
        """The formula cells that a formula refers to."""
        tree = self._tree(place)
        if tree is None:
            return set()
        found: set[Place] = set()
        for area in self._areas(tree, place.sheet, frozenset()):
            if area.size > len(self._model.formulas):
                found |= {other for other in self._model.formulas if _contains(area, other)}
            else:
                for address in itertools.chain.from_iterable(area.rows()):
                    other = Place(area.sheet, *address)
                    other = self._spilled.get(other, other)
                    if other in self._model.formulas:
                        found.add(other)
        return found

    def add(self, place: Place) -> None:
        """Turn one formula; all that it refers to were turned before it."""
        try:
            term = self._formula(place)
        except NotCompiledError as reason:
            self._fall_back(place, str(reason))
            return
        if term.is_constant:
            self._plan.constants[place] = _shown(term.evaluate(self._plan.constants))
            return
        evaluate = term.evaluate
        self._plan.steps.append((place, lambda cells: _shown(evaluate(cells))))
        self._varying.add(place)

    def _fall_back(self, place: Place, reason: str) -> None:
        height, width = self._model.spills.get(place, (1, 1))
        for down, across in itertools.product(range(height), range(width)):
            self._plan.fallbacks[Place(place.sheet, place.row + down, place.column + across)] = reason

    def _formula(self, place: Place) -> Term:
        if place in self._model.spills:
            raise NotCompiledError("it is an array formula")
        tree = self._tree(place)
        if tree is None:
            raise NotCompiledError("the formula can't be read")
        for other in self.formulas_in(place):
            if other in self._plan.fallbacks:
                raise NotCompiledError(f"it depends on {other.reference}")
        term = self._first_of_rows(tree, place.sheet) or self._term(tree, place.sheet, frozenset())
        if term.is_block:
            raise NotCompiledError("it gives a range where one value is expected")
        return term

    def _tree(self, place: Place) -> dict[str, Any] | None:
        if place not in self._trees:
            try:
                self._trees[place] = formualizer.parse(self._model.links.stored(self._model.formulas[place])).to_dict()
            except (formualizer.ParserError, formualizer.TokenizerError, ValueError):
                self._trees[place] = None
        return self._trees[place]

    def _parts_in_common(self) -> set[Any]:
        """The parts that stand in more than one formula, or twice in one: each is computed once."""
        counted: collections.Counter[Any] = collections.Counter()
        for place in self._model.formulas:
            nodes: list[Mapping[str, Any]] = [self._tree(place) or {"node_type": "Omitted"}]
            while nodes:
                node = nodes.pop()
                if node["node_type"] in ("Function", "BinaryOp"):
                    counted[_key(node, place.sheet)] += 1
                nodes += _children(node)
        return {key for key, count in counted.items() if count > 1}

    def _areas(self, node: Mapping[str, Any], sheet: str, seen: frozenset[str]) -> Iterator[Area]:
        """The cells that a formula refers to, through names too."""
        if node["node_type"] == "Reference":
            try:
                target = self._resolve(node["reference"], sheet, seen)
            except NotCompiledError:
                return
            if isinstance(target, Area):
                yield target
            else:
                yield from self._areas(target, sheet, seen | {node["reference"].casefold()})
            return
        if node["node_type"] == "Function" and _plain_name(node["name"]) in ("ROWS", "COLUMNS"):
            return
        for child in _children(node):
            yield from self._areas(child, sheet, seen)

    def _resolve(self, reference: str, sheet: str, seen: frozenset[str]) -> Area | dict[str, Any]:
        """The cells of a reference, or the formula of a name that is none."""
        key = reference.casefold()
        if key in self._names:
            if key in seen:
                raise NotCompiledError(f"the name {reference} refers to itself")
            try:
                return self._area(self._names[key], sheet)
            except NotCompiledError:
                try:
                    tree: dict[str, Any] = formualizer.parse(f"={self._names[key]}").to_dict()
                except (formualizer.ParserError, formualizer.TokenizerError):
                    raise NotCompiledError(f"the name {reference} can't be read") from None
                return tree
        return self._area(reference, sheet)

    def _area(self, reference: str, sheet: str) -> Area:
        try:
            area = area_of(reference, sheet)
        except NoReferenceError:
            raise NotCompiledError(f"{reference} is no cell, range or name of this workbook") from None
        if area.sheet not in self._model.sheets and area.sheet not in self._model.links.cells:
            title = next((name for name in self._model.sheets if name.casefold() == area.sheet.casefold()), None)
            if title is None:
                raise NotCompiledError(f"{reference} is on no sheet of this workbook")
            area = Area(title, area.first_row, area.first_column, area.last_row, area.last_column)
        return area.within(*self._used.get(area.sheet, (1, 1)))

    def _term(self, node: Mapping[str, Any], sheet: str, seen: frozenset[str], in_array: bool = False) -> Term:
        """A part of a formula; what is the same in every row is computed now."""
        term = self._unfolded(node, sheet, seen, in_array)
        if not term.is_constant:
            key = _key(node, sheet)
            return replace(term, evaluate=_once(key, term.evaluate)) if key in self._repeated else term
        with np.errstate(all="ignore"):
            value = term.evaluate(self._plan.constants)
        return Term(lambda cells: value, term.is_block, True)

    def _unfolded(self, node: Mapping[str, Any], sheet: str, seen: frozenset[str], in_array: bool) -> Term:
        match node:
            case {"node_type": "Literal", "value": value}:
                return _constant(columns.from_cell(value))
            case {"node_type": "Omitted"}:
                return _constant(None)
            case {"node_type": "Array", "rows": rows}:
                block = [[columns.from_cell(_literal(cell)) for cell in row] for row in rows]
                return Term(lambda cells: block, True, True)
            case {"node_type": "Reference", "reference": reference} if is_external(reference):
                return _constant(REF)
            case {"node_type": "Reference", "reference": reference}:
                target = self._resolve(reference, sheet, seen)
                if isinstance(target, Area):
                    return self._cells(target, reference)
                return self._term(target, sheet, seen | {reference.casefold()}, in_array)
            case {"node_type": "BinaryOp", "operator": "&"}:
                operands = [self._term(part, sheet, seen, in_array) for part in _joined(node)]
                return _lifted(BINARY["&"], operands, in_array) if len(operands) == 2 or in_array else _flat(operands)
            case {"node_type": "BinaryOp", "operator": sign, "left": left, "right": right} if sign in BINARY:
                operands = [self._term(part, sheet, seen, in_array) for part in (left, right)]
                return _lifted(BINARY[sign], operands, in_array)
            case {"node_type": "UnaryOp", "operator": sign, "operand": operand} if sign in UNARY:
                return _lifted(UNARY[sign], [self._term(operand, sheet, seen, in_array)], in_array)
            case {"node_type": "Function", "name": name, "args": arguments}:
                return self._function(_plain_name(name), arguments, sheet, seen, in_array)
        raise NotCompiledError(f"{node.get('operator', node['node_type'])} is not one of the operators known here")

    def _cells(self, area: Area, reference: str) -> Term:
        """The cells that a reference names."""
        if area.size > _MOST_CELLS:
            raise NotCompiledError(f"it refers to {area.size:,} cells at once")
        rows = [[Place(area.sheet, *address) for address in row] for row in area.rows()]
        is_constant = self._varying.isdisjoint(itertools.chain.from_iterable(rows))
        if area.is_cell:
            place = rows[0][0]
            return Term(lambda cells: cells.get(place), False, is_constant, place)
        return Term(lambda cells: [[cells.get(place) for place in row] for row in rows], True, is_constant)

    def _converted(self, term: Term, argument: Argument) -> Term:
        """An argument of the catalogue's functions in the form that they take; a cell's choice is read once for all."""
        evaluate = term.evaluate
        if term.place is None or argument.kind.words is None or term.is_constant:
            return replace(term, evaluate=lambda cells: _converted(evaluate(cells), argument))
        key = (term.place, id(argument.kind))
        return replace(term, evaluate=_once(key, lambda cells: _converted(evaluate(cells), argument)))

    def _first_of_rows(self, tree: Mapping[str, Any], sheet: str) -> Term | None:
        """The formula where it is only a call that gives rows, of which a cell shows the first value."""
        if tree["node_type"] != "Function" or not _gives_rows(tree["name"], tree["args"]):
            return None
        return self._of_the_catalogue(_plain_name(tree["name"]), tree["args"], sheet, frozenset())

    def _of_the_catalogue(
        self, name: str, arguments: Sequence[Mapping[str, Any]], sheet: str, seen: frozenset[str]
    ) -> Term:
        signature: Signature = getattr(udfs, name).signature
        terms = [self._term(argument, sheet, seen) for argument in arguments]
        return _catalogue_call(signature, [self._converted(*each) for each in _paired(terms, signature)])

    def _function(
        self, name: str, arguments: Sequence[Mapping[str, Any]], sheet: str, seen: frozenset[str], in_array: bool
    ) -> Term:
        if _gives_rows(name, arguments):
            raise NotCompiledError(f"{name} gives rows, which another function takes")
        if name.startswith("LEV_") and hasattr(udfs, name):
            return self._of_the_catalogue(name, arguments, sheet, seen)
        if name not in NATIVE:
            raise NotCompiledError(f"{name} is not one of the functions known here")
        known = NATIVE[name]
        if not known.fewest <= len(arguments) <= known.most:
            raise NotCompiledError(f"{name} takes {known.fewest} to {known.most} arguments, not {len(arguments)}")
        terms = [self._term(argument, sheet, seen, in_array or known.arrays) for argument in arguments]
        if name == "TEXT":
            _check_formats(arguments[1])
        _check_ranges(name, known, terms, in_array)
        return _native_call(name, terms, in_array)


def _key(node: Mapping[str, Any], sheet: str) -> Any:
    return sheet, orjson.dumps(node)


def _once(key: Any, evaluate: Evaluate) -> Evaluate:
    """What is computed when it is first asked for, and then kept with the batch; a tall range would be too much."""

    def kept(cells: Cells) -> Any:
        if key in cells:
            return cells[key]
        value = evaluate(cells)
        if not isinstance(value, tall.Tall):
            cells[key] = value
        return value

    return kept


def _contains(area: Area, place: Place) -> bool:
    return (
        area.sheet == place.sheet
        and area.first_row <= place.row <= area.last_row
        and area.first_column <= place.column <= area.last_column
    )


def _children(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = [node[key] for key in ("left", "right", "operand") if key in node]
    return found + list(node.get("args", ()))


def _joined(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The texts of a chain of &, from left to right."""
    parts: list[Mapping[str, Any]] = []
    while node["node_type"] == "BinaryOp" and node["operator"] == "&":
        parts.append(node["right"])
        node = node["left"]
    return [node, *reversed(parts)]


def _plain_name(name: str) -> str:
    return name.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")


def _gives_rows(name: str, arguments: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it is a function that gives rows, and no single value is chosen of them in so many words."""
    call = udfs.FUNCTIONS.get(_plain_name(name))
    if call is None or not call.signature.columns:
        return False
    choosing = arguments[len(call.signature.arguments) - min(len(call.signature.columns), 2) :]
    chosen = [argument.get("value") for argument in choosing if argument["node_type"] == "Literal"]
    return not chosen or len(chosen) < min(len(call.signature.columns), 2) or any(each in (0, ALL) for each in chosen)


def _literal(node: Mapping[str, Any]) -> Any:
    match node:
        case {"node_type": "Literal", "value": value}:
            return value
        case {"node_type": "UnaryOp", "operator": "-", "operand": {"node_type": "Literal", "value": value}}:
            return -value
    raise NotCompiledError("an array holds more than constants")


def _constant(value: Any) -> Term:
    return Term(lambda cells: value, False, True)


def _shown(value: Column) -> Column:
    """A formula's value: that of a blank cell is 0."""
    if value is None:
        return 0.0
    if isinstance(value, np.ndarray) and value.dtype == object and any(member is None for member in value.tolist()):
        return columns.from_values([0.0 if member is None else member for member in value.tolist()])
    return value


def _flat(operands: list[Term]) -> Term:
    if any(operand.is_block for operand in operands):
        raise NotCompiledError("it gives a range where one value is expected")
    return _lifted(BINARY["&"], operands, False)


def _lifted(operation: Callable[..., Column], operands: list[Term], in_array: bool) -> Term:
    """An operator on columns; inside SUMPRODUCT and its kin on ranges, cell by cell."""
    is_constant = all(operand.is_constant for operand in operands)
    calls_of = [operand.evaluate for operand in operands]
    if not any(operand.is_block for operand in operands):
        if len(calls_of) == 2:
            left, right = calls_of
            return Term(lambda cells: operation(left(cells), right(cells)), False, is_constant)
        return Term(lambda cells: operation(*(call(cells) for call in calls_of)), False, is_constant)
    if not in_array:
        raise NotCompiledError("it uses a range where one value is expected")
    return Term(lambda cells: tall.by_cell(operation, [call(cells) for call in calls_of], _by_cell), True, is_constant)


def _by_cell(operation: Callable[..., Column], operands: list[Any]) -> list[list[Column]]:
    """An operation on each cell of ranges; a single row, column or value is repeated."""
    blocks = [operand if isinstance(operand, list) else [[operand]] for operand in operands]
    height, width = max(len(block) for block in blocks), max(len(block[0]) for block in blocks)

    def at(block: list[list[Column]], row: int, column: int) -> Column:
        down, across = (0 if len(block) == 1 else row), (0 if len(block[0]) == 1 else column)
        return block[down][across] if down < len(block) and across < len(block[0]) else NA

    return [
        [operation(*(at(block, row, column) for block in blocks)) for column in range(width)] for row in range(height)
    ]


def _check_formats(node: Mapping[str, Any]) -> None:
    """Whether every format that a TEXT may be given is a plain one: it is written out, or a choice of such."""
    match node:
        case {"node_type": "Literal", "value": str() as pattern}:
            try:
                number_formats.formatter(pattern)
            except number_formats.UnknownFormatError:
                raise NotCompiledError(f"the format {pattern} of a TEXT is not a plain one") from None
        case {"node_type": "Function", "name": "IF" | "CHOOSE", "args": [_, *options]} if options:
            for option in options:
                _check_formats(option)
        case _:
            raise NotCompiledError("the format of a TEXT is not written out in it")


def _check_ranges(name: str, known: Native, terms: list[Term], in_array: bool) -> None:
    """Whether ranges stand only where the function takes them."""
    for index, term in enumerate(terms):
        if term.is_block and known.ranges is not None and index not in known.ranges and not in_array:
            raise NotCompiledError(f"{name} is given a range where one value is expected")
        if known.delayed and term.is_block:
            raise NotCompiledError(f"{name} is given a range where one value is expected")


def _native_call(name: str, terms: list[Term], in_array: bool) -> Term:
    known, call = NATIVE[name], tall.function(name)
    is_constant = all(term.is_constant for term in terms)
    calls_of = [term.evaluate for term in terms]
    if known.delayed:
        return Term(lambda cells: call(*(_delayed(each, cells) for each in calls_of)), False, is_constant)
    if in_array and known.ranges == frozenset():
        return _lifted(call, terms, in_array)
    if len(calls_of) == 1:
        (only,) = calls_of
        return Term(lambda cells: call(only(cells)), False, is_constant)
    return Term(lambda cells: call(*(each(cells) for each in calls_of)), False, is_constant)


def _delayed(evaluate: Evaluate, cells: Cells) -> Callable[[], Column]:
    return lambda: evaluate(cells)


def _paired(terms: list[Term], signature: Signature) -> list[tuple[Term, Argument]]:
    """Each given argument with what the function says of it."""
    required = sum(argument.required for argument in signature.arguments)
    if not required <= len(terms) <= len(signature.arguments):
        raise NotCompiledError(f"{signature.name} takes {required} to {len(signature.arguments)} arguments")
    pairs = list(zip(terms, signature.arguments, strict=False))
    if any(term.is_block and argument.kind.broadcasts for term, argument in pairs):
        raise NotCompiledError(f"{signature.name} is given a range and fills one")
    return pairs


def _catalogue_call(signature: Signature, terms: list[Term]) -> Term:
    """A function of the catalogue on whole columns."""
    tail = [argument.default for argument in signature.arguments[len(terms) :]]
    calls_of = [term.evaluate for term in terms]

    def evaluate(cells: Cells) -> Column:
        values = [call(cells) for call in calls_of]
        varying = [value for value in values if isinstance(value, _Varying)]
        if varying or signature.columns:
            return _row_by_row(signature, values + tail)
        result = calls.evaluate(signature, values + tail)
        return result if isinstance(result, np.ndarray) else columns.finished(result, result)

    return Term(evaluate, False, all(term.is_constant for term in terms))


class _Varying(list[Any]):
    """A range as an argument, in each row in the form that a function's body takes."""


def _converted(value: Any, argument: Argument) -> Any:
    """A column or range in the form that a function's body takes."""
    if not argument.kind.broadcasts:
        block = value.block if isinstance(value, tall.Tall) else value if isinstance(value, list) else [[value]]
        count = columns.length(itertools.chain.from_iterable(block))
        if count is None:
            return cells.convert([[columns.to_cell(cell) for cell in row] for row in block], argument)
        by_row = zip(
            *(zip(*(columns.elements(cell, count) for cell in row), strict=False) for row in block), strict=False
        )
        return _Varying(cells.convert([[*map(columns.to_cell, row)] for row in rows], argument) for rows in by_row)
    if not isinstance(value, np.ndarray):
        is_number = type(value) is float and argument.kind.words is None
        return value if is_number else cells.convert(columns.to_cell(value), argument)
    if argument.kind.words is None and value.dtype != object:
        return value if value.dtype == np.float64 else value.astype(np.float64)
    members = value.tolist()
    places = {member: place for place, member in enumerate(dict.fromkeys(members))}
    if set(map(type, places)) == {str}:  # the words of choices, of which there are few: each is read once
        found = cells.convert([[member] for member in places], argument)[:, 0]
        return found[np.fromiter(map(places.__getitem__, members), np.intp, len(members))]
    return cells.convert([[columns.to_cell(member)] for member in members], argument)[:, 0]


def _row_by_row(signature: Signature, values: list[Any]) -> Column:
    """A function of which a range differs from row to row, or whose own rows are more than the first value shown."""
    count = next((len(value) for value in values if isinstance(value, (_Varying, np.ndarray))), None)
    found = []
    for row in range(count or 1):
        given = [
            _option(value[row], argument) if isinstance(value, (_Varying, np.ndarray)) else value
            for value, argument in zip(values, signature.arguments, strict=True)
        ]
        result = calls.evaluate(signature, given)
        number = float(result if isinstance(result, float) else result[0][0])
        found.append(columns.finished(number, number))
    return columns.from_values(found) if count else found[0]


def _option(value: Any, argument: Argument) -> Any:
    """One element of an array of arguments: a choice stands there as the index of its option."""
    if not isinstance(value, np.float64):
        return value
    kind = argument.kind
    number = float(value)
    return kind.options[int(number)] if kind.words is not None and not kind.is_sign and number == number else number

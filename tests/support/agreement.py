"""Whether a workbook that was computed elsewhere agrees with ours, cell by cell: as nearly as rounding allows.

How far rounding moves a cell is measured, for no single tolerance fits: a difference of two prices is exact to sixteen
digits, and one of two that are almost equal to none. So the workbook is computed several times more with each inexact
result moved in its fifteenth digit, the last that a spreadsheet keeps. What these moves turn, a verdict at its very
threshold, may be turned elsewhere too.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from xladdin.core.errors import CODES, NUM
from xladdin.workbook import catalogue_call, columns, compiler, compute, expressions, resolver
from xladdin.workbook.builtins import money, operators
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.operators import BINARY
from xladdin.workbook.builtins.registry import Builtin
from xladdin.workbook.model import Model, Place
from xladdin.workbook.terms import Cells, Evaluate, RowCells, shown

EXACT = 1e-14  # relative, of numbers that rounding does not move: of several results one may be a digit off
NOTHING = 1e-300  # below it a number has fewer digits
REACH = 4  # times as far as any of the few moves went
DIGIT = 2.0**-48  # Calc takes for equal what differs by less, and Excel shows no difference


class Move(NamedTuple):
    """How one of the further computations differs from ours."""

    digit: float  # how far it moves a result
    joins: float = 0.0  # how nearly numbers agree that add up to nothing, as in Calc
    is_strict: bool = False  # whether they differ and leave something, and PMT is computed, as in the formula engine


ROUNDING = [Move(DIGIT)] * 8
# In Calc numbers that nearly agree leave nothing; those that are equal but for rounding may do so there.
AS_CALC = [*ROUNDING, *(Move(digit, joins=DIGIT) for digit in (0.0, 2.0**-52)), Move(0.0, joins=REACH * DIGIT)]
AS_THE_ENGINE = [*ROUNDING, Move(0.0, is_strict=True), Move(2.0**-52, is_strict=True)]
NO_RATE = 1e-10  # PMT of the formula engine takes a smaller one for none
INEXACT = (
    *("EXP", "LN", "LOG", "LOG10", "POWER", "SQRT", "SUM", "SUMPRODUCT", "AVERAGE"),
    *("NORMSDIST", "NORMSINV", "NORM.S.DIST", "NORM.S.INV"),
)
STRICT = {"=": np.equal, "<>": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
_OF_ROWS = re.compile(r"LEV_\w+ gives rows")
_NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?(?:E[+-]\d+)?")


class Cell(NamedTuple):
    """A cell that differs: its formula, its value here and there, and all errors that occur in its formula."""

    formula: str
    ours: Any
    theirs: Any
    errors: set[str]


class Known(NamedTuple):
    """A difference that is known and not ours to mend: why it is, and which cells have it."""

    reason: str
    holds: Callable[[Cell], bool]


POWERS = Known(
    "0^0 is 1 and not #NUM!, 0^-1 #NUM! and not #DIV/0!, and in Calc 0.5^1E9 is #NUM! and (-8)^(1/3) -2",
    lambda cell: (
        ("^" in cell.formula or "POWER(" in cell.formula)
        and "#NUM!" in (cell.ours, cell.theirs)
        and (cell.ours == "#DIV/0!" or "#NUM!" in cell.errors)
    ),
)


@dataclass
class Watched:
    """A workbook computed for sets of inputs.

    Attributes
    ----------
    values : dict
        What each cell gives, set by set.
    moved : dict
        What it gives when results are moved, a list of values for each set.
    reads : dict
        The cells that each formula looks at.
    errors : dict
        The columns with errors that occur inside each formula.
    """

    model: Model
    values: dict[Place, list[Any]]
    moved: dict[Place, list[list[Any]]]
    reads: dict[Place, set[Place]]
    errors: dict[Place, list[Any]]

    def errors_in(self, place: Place, row: int) -> set[str]:
        """The errors that occur in a formula, those of the cells that it looks at among them."""
        found = {self.values[other][row] for other in self.reads[place] if other in self.values}
        inside = (column.item(row) if isinstance(column, np.ndarray) else column for column in self.errors[place])
        found |= set(map(columns.to_cell, inside))
        return {value for value in found if value in CODES}


class _Cells(Cells):
    """The cells of a batch, and which of them were looked at."""

    looked_at: set[Any]

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def _note(self, key: Any) -> None:
        place = key if isinstance(key, (Place, compiler.Filled)) else key[0] if isinstance(key, tuple) else None
        if isinstance(place, (Place, compiler.Filled)):
            self.looked_at.add(place)


class _Mover:
    """Operations that note the errors among their operands, and move what they give.

    What is computed for one row at a time is moved as that row is: `row` says which, or all of them.
    """

    def __init__(self, count: int, moves: Sequence[Move]) -> None:
        self._dice = np.random.default_rng(7)
        moves = [Move(0.0), *moves]
        self._all_digits = np.repeat([move.digit for move in moves], count)
        self._all_joins = np.repeat([move.joins for move in moves], count)
        self._all_strict = np.repeat([move.is_strict for move in moves], count)
        self.row: int | slice = slice(None)
        self.errors: list[Any] = []

    @property
    def _digits(self) -> Any:
        return self._all_digits[self.row]

    @property
    def _joins(self) -> Any:
        return self._all_joins[self.row]

    @property
    def _strict(self) -> Any:
        return self._all_strict[self.row]

    def by_rows(self, evaluate: Evaluate) -> Evaluate:
        def computed(cells: Cells) -> Any:
            found = [self._of_row(evaluate, cells, row) for row in range(len(self._all_digits))]
            return columns.from_values(found)

        return computed

    def _of_row(self, evaluate: Evaluate, cells: Cells, row: int) -> Any:
        self.row = row
        try:
            return shown(evaluate(RowCells(cells, row)))
        finally:
            self.row = slice(None)

    def operator(self, sign: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def moved(*operands: Any) -> Any:
            result = call(*operands)
            self._note(result, *operands)
            if sign in ("+", "-"):
                result = self._joined(result, *map(columns.numbers, operands))
            if sign in STRICT and all(map(columns.is_numeric, operands)):
                bad = np.logical_or(*map(columns.errors, operands))
                result = columns.choose(self._strict & ~bad, _value_of(STRICT[sign](*operands)), result)
            if sign == "^":
                self._note_underflow(result, operands[0])
            return self._moved(result, operands) if sign in ("+", "-", "*", "/", "^") else result

        return moved

    def without_rounding(self, sign: str, left: Any, right: Any) -> Any:
        rounded = operators.without_rounding(sign, left, right)
        return columns.choose(self._strict, BINARY[sign](left, right), rounded)

    def builtin(self, name: str, known: Builtin) -> Builtin:
        def moved(*arguments: Any) -> Any:
            result = known.call(*arguments)
            if name == "PMT":
                result = columns.choose(self._strict, _payment_of_the_engine(known.call, *arguments), result)
            self._note(result, *(() if known.is_lazy else arguments))
            if name == "POWER":
                self._note_underflow(result, arguments[0])
            return self._moved(result, arguments) if name in INEXACT else result

        return replace(known, call=moved)

    def catalogue_call(self, signature: Any, terms: list[Any]) -> Any:
        def noted(evaluate: Callable[..., Any]) -> Callable[..., Any]:
            def noting(cells: Any) -> Any:
                value = evaluate(cells)
                self._note(value)
                return value

            return noting

        term = _COLUMNS_CALL(signature, [replace(term, evaluate=noted(term.evaluate)) for term in terms])
        evaluate = noted(term.evaluate)
        return replace(term, evaluate=lambda cells: self._moved(evaluate(cells), ()))

    def _note(self, *values: Any) -> None:
        for value in values:
            if isinstance(value, list):
                self._note(*value)
            elif isinstance(value, (float, np.ndarray)) and np.any(columns.errors(value)):
                self.errors.append(value)

    def _note_underflow(self, result: Any, base: Any) -> None:
        """A power too small for a number counts as #NUM!, which some make of it."""
        self._note(columns.choose((result == 0) & (columns.numbers(base) != 0), NUM, 0.0))

    def _joined(self, result: Any, left: Any, right: Any) -> Any:
        if not isinstance(result, np.ndarray) and result in (0, left, right):
            return result
        near = np.abs(result) < self._joins * np.maximum(np.abs(left), np.abs(right))
        return _value_of(np.where(near, 0.0, result))

    def _moved(self, result: Any, operands: Sequence[Any]) -> Any:
        """A result moved, but for what is exact: a whole number of whole numbers."""
        if not columns.is_numeric(result):
            return result
        exact = ~np.isfinite(result) | (_is_whole(result) & all(np.all(_is_whole(each)) for each in operands))
        if np.all(exact):
            return result
        moved = result * (1 + self._digits * self._dice.uniform(-1, 1, np.shape(self._digits)))
        return _value_of(np.where(exact | ~np.isfinite(moved), result, moved))


_COLUMNS_CALL = catalogue_call.columns_call


def _payment_of_the_engine(call: Callable[..., Any], rate: Any, *others: Any) -> Any:
    """What PMT is where (1 + rate) ** periods - 1 is computed as it stands, and a very small rate is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(money, "_gain", lambda rate, periods: math.pow(1 + rate, periods) - 1)
        return call(columns.choose(np.abs(rate) < NO_RATE, 0.0, rate), *others)


def _value_of(value: Any) -> Any:
    """A plain value of what numpy has made of plain values."""
    return value.item() if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0 else value


def _is_whole(value: Any) -> Any:
    """Where a column, or all of a range, is a whole number or none at all."""
    if isinstance(value, list):
        return all(np.all(_is_whole(each)) for each in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        return np.array([_is_whole(each) for each in value.tolist()], dtype=np.bool_)
    if not columns.is_numeric(value):
        return True
    return ~np.isfinite(value) | ((value == np.floor(value)) & (np.abs(value) < 2.0**53))


def watch(model: Model, given: Mapping[str, Sequence[Any]], count: int, moves: Sequence[Move]) -> Watched:
    """Compute a workbook for sets of inputs, and see how rounding moves it, there as here."""
    plan = compiler.compile_model(model)
    assert left_to_others(plan) == {}
    # In the order in which they depend on each other.
    order = [place for place in plan.constants if place in model.formulas]
    order += [place for place, _ in plan.steps if isinstance(place, Place)]
    cells = compute.evaluate(plan, _columns(given), count)
    values = {place: _elements(cells[place], count) for place in order}
    moved_cells, reads, errors = _moved_cells(model, _columns(given, 1 + len(moves)), _Mover(count, moves))
    moved = {}
    for place in order:
        column = _elements(dict.__getitem__(moved_cells, place), count * (1 + len(moves)))
        moved[place] = [column[row + count :: count] for row in range(count)]
    return Watched(model, values, moved, reads, errors)


def left_to_others(plan: compiler.Plan) -> dict[Place, str]:
    """The cells that are computed for one row at a time, but for those of functions of ours that give rows."""
    return {place: reason for place, reason in plan.fallbacks.items() if not _OF_ROWS.fullmatch(reason)}


def _moved_cells(
    model: Model, given: Mapping[str, Any], mover: _Mover
) -> tuple[_Cells, dict[Place, set[Place]], dict[Place, list[Any]]]:
    """The columns of a workbook that is compiled of moving operations; what each formula looks at, and its errors."""
    reads: dict[Any, set[Any]] = defaultdict(set)
    errors: dict[Any, list[Any]] = defaultdict(list)
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        for sign, call in BINARY.items():
            patch.setitem(BINARY, sign, mover.operator(sign, call))
        for name, known in BUILTINS.items():
            patch.setitem(BUILTINS, name, mover.builtin(name, known))
        patch.setattr(catalogue_call, "columns_call", mover.catalogue_call)
        patch.setattr(compiler, "by_rows", mover.by_rows)
        patch.setattr(expressions, "without_rounding", mover.without_rounding)
        patch.setattr(resolver, "LONG", math.inf)  # a range is a block of cells, each of which moves
        patch.setattr(compiler.Compiler, "_parts_in_common", lambda self: {})  # or only one would look at a cell
        plan = compiler.compile_model.__wrapped__(model)
        cells = _Cells(plan.constants, count=next((len(column) for column in given.values()), None))
        for name, column in given.items():
            cells[model.inputs[name].place] = column
        for place, step in plan.steps:
            cells.looked_at, mover.errors = set(), []
            cells[place] = step(cells)
            filled = [other for other in cells.looked_at if isinstance(other, compiler.Filled)]
            reads[place] = cells.looked_at.union(*(reads[other] for other in filled))
            errors[place] = mover.errors + [error for other in filled for error in errors[other]]
    return cells, reads, errors


def _columns(given: Mapping[str, Sequence[Any]], times: int = 1) -> dict[str, Any]:
    return {name: columns.from_values(list(values) * times) for name, values in given.items()}


def _elements(column: Any, count: int) -> list[Any]:
    return [columns.to_cell(value) for value in itertools.islice(columns.elements(column, count), count)]


def differences(
    watched: Watched, theirs: Mapping[Place, Sequence[Any]], known: Sequence[Known], *, has_booleans: bool = True
) -> list[str]:
    """The cells that differ though neither rounding nor anything known explains it, and do not follow from such."""
    found = []
    excused: set[tuple[Place, int]] = set()
    for place, ours in watched.values.items():
        for row, (our, their) in enumerate(zip(ours, theirs[place], strict=True)):
            if _agree(our, their, watched.moved[place][row], has_booleans):
                continue
            cell = Cell(watched.model.formulas[place], our, their, watched.errors_in(place, row))
            follows = any((other, row) in excused for other in watched.reads[place])
            if follows or any(one.holds(cell) for one in known):
                excused.add((place, row))
            else:
                found.append(f"set {row}, {place.sheet}!R{place.row}C{place.column}: {cell}")
    return found


def _agree(ours: Any, theirs: Any, moved: list[Any], has_booleans: bool) -> bool:
    if type(ours) is not bool and ours == theirs:
        return True
    alike = [value for value in (ours, *moved) if _is_alike(value, theirs, has_booleans)]
    if isinstance(theirs, str):
        by_numeral = zip(*map(_numerals, alike), strict=True)
        return bool(alike) and all(map(_is_within, _numerals(theirs), by_numeral))
    return bool(alike) and _is_within(float(theirs), list(map(float, alike)))


def _is_alike(value: Any, theirs: Any, has_booleans: bool) -> bool:
    """Whether two values are of a kind: both numbers, both true, or the same words around numbers."""
    if isinstance(theirs, str):
        return isinstance(value, str) and _NUMERAL.sub("0", value) == _NUMERAL.sub("0", theirs)
    if has_booleans and bool in (type(value), type(theirs)):
        return value is theirs
    return isinstance(value, (float, bool)) and theirs is not None


def _numerals(text: str) -> list[float]:
    """The numbers in a text; of a long one Calc shows more digits than Excel keeps."""
    return [float(numeral.replace(",", "")) for numeral in _NUMERAL.findall(text)]


def _is_within(value: float, others: Sequence[float]) -> bool:
    low, high = min(others), max(others)
    slack = REACH * (high - low) + EXACT * max(abs(low), abs(high)) + NOTHING
    return low - slack <= value <= high + slack

"""Parts of formulas that can be computed: what a compiler makes of a formula, and the cells that it is computed of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from xladdin.core.errors import NA, VALUE, UnreadableError
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import LongRange, by_cell
from xladdin.workbook.builtins.registry import block_of
from xladdin.workbook.columns import Column
from xladdin.workbook.file.budget import CellFaultError
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area

_DEEPEST = 30  # cells that wait for one another
_SHOWN = 5  # cells of a circle in a message
NO_FORMULA = TypeError, ValueError, LookupError, AttributeError, ArithmeticError  # of a formula that no sheet has
LONG = 48  # cells: from here on a range of plain values is an array for each column


class NotCompiledError(Exception):
    """Why a formula can't be turned into operations on columns."""


class UnknownFunctionError(NotCompiledError):
    """A function that nobody knows here."""


class CircularError(UnreadableError):
    """A formula that needs its own value."""


class _TooDeepError(Exception):
    """A cell that is computed before those that wait for it, or the interpreter would go too deep."""

    def __init__(self, key: Any) -> None:
        self.key = key


class Cells(dict[Any, Any]):
    """A batch's columns by cell; beside them what several formulas have in common, by what it is.

    What is not there yet and has a step is computed when it is asked for. Any other cell is blank. A chain of cells
    that need one another is as long as it likes: every so many, what is asked for is computed first, and what asked for
    it once more.
    """

    def __init__(
        self, known: Mapping[Any, Any], steps: Mapping[Any, Evaluate] | None = None, count: int | None = None
    ) -> None:
        super().__init__(known)
        self.steps: Mapping[Any, Evaluate] = {} if steps is None else steps
        self.count = count  # the number of rows, or none where all of them are plain values
        self.seen: set[Area] = set()  # long ranges that were asked for once, and are kept from the second time on
        self._under_way: dict[Any, None] = {}
        self._put_off: dict[Any, None] = {}  # what waits for a cell that is computed first

    def __missing__(self, key: Any) -> Any:
        step = self.steps.get(key)
        if step is None:
            return None
        if key in self._under_way or key in self._put_off:
            way = [*self._put_off, *self._under_way, key]
            cells = [each for each in way[way.index(key) :] if isinstance(each, Place)]
            shown = [each.reference for each in cells]
            raise CircularError(" to ".join(shown if len(shown) <= _SHOWN else [*shown[:_SHOWN], "others", shown[-1]]))
        if self._under_way:
            if len(self._under_way) >= _DEEPEST:
                raise _TooDeepError(key)
            return self._computed(key, step)
        waiting = [key]
        try:
            while waiting:
                try:
                    self._computed(waiting[-1], self.steps[waiting[-1]])
                    self._put_off.pop(waiting.pop(), None)
                except _TooDeepError as found:
                    self._put_off[waiting[-1]] = None
                    waiting.append(found.key)
        finally:
            self._put_off.clear()
        return self[key]

    def _computed(self, key: Any, step: Evaluate) -> Any:
        self._under_way[key] = None
        try:
            value = self[key] = step(self)
        except CellFaultError as found:
            raise (found.of(key.reference) if isinstance(key, Place) else found) from found.__cause__
        except NO_FORMULA as error:
            where = key.reference if isinstance(key, Place) else "an array formula"
            reason = f"cell {where} can't be computed ({type(error).__name__}: {error})."
            raise CellFaultError(reason, is_placed=True) from error
        finally:
            del self._under_way[key]
        return value


class RowCells(Cells):
    """One row of a batch, as plain values."""

    def __init__(self, batch: Cells, row: int) -> None:
        super().__init__({})
        self._batch = batch
        self._row = row

    def __missing__(self, key: Any) -> Any:
        column = self._batch[key]
        # What is no cell of the row is the same in all of them, such as a whole column of a table.
        value = self[key] = columns.element(column, self._row) if isinstance(key, Place) else column
        return value


Evaluate = Callable[[Cells], Any]


@dataclass(frozen=True)
class Reference:
    """Cells that a part of a formula leads to, when it is computed."""

    areas: tuple[Area, ...]
    each: tuple[tuple[Any, ...], ...] = ()  # of an array of references each one's range, or an error, in rows


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula.

    Attributes
    ----------
    evaluate : callable
        Its value, given the cells.
    is_block : bool
        Whether that may be a range.
    is_constant : bool
        Whether it is the same whatever the cells hold.
    area : Area, optional
        The cells that it is, where that is known.
    refer : callable, optional
        The cells that it is (a `Reference`, or an error), given the cells.
    by_row : str
        Why it has to be computed for one row of a batch at a time; empty where it need not.
    is_dynamic : bool
        Whether which cells it looks at is known only when it is computed.
    is_local : bool
        Whether it depends on where the formula stands.
    call : callable, optional
        What a LAMBDA makes of terms.
    is_each : bool
        Whether it may be an array of references.
    """

    evaluate: Evaluate
    is_block: bool = False
    is_constant: bool = False
    area: Area | None = None
    refer: Evaluate | None = None
    by_row: str = ""
    is_dynamic: bool = False
    is_local: bool = False
    call: Callable[..., Term] | None = None
    is_each: bool = False

    @property
    def place(self) -> Place | None:
        """The cell that it is."""
        area = self.area
        return Place(area.sheet, area.first_row, area.first_column) if area and area.is_cell else None


@dataclass(frozen=True)
class Scope:
    """Where a part of a formula stands.

    Attributes
    ----------
    here : Place
        The cell of the formula.
    in_array : bool
        Whether operations are made on ranges cell by cell.
    seen : frozenset
        The names that led here.
    bound : mapping
        The names that LET and LAMBDA give, in lower case.
    is_whole : bool
        Whether it is the formula as a whole, of whose rows a cell shows the first value.
    """

    here: Place
    in_array: bool = False
    seen: frozenset[str] = frozenset()
    bound: Mapping[str, Term] = field(default_factory=dict)
    is_whole: bool = False

    def part(self) -> Scope:
        """A part of it."""
        return replace(self, is_whole=False) if self.is_whole else self

    def arrays(self, in_array: bool) -> Scope:
        """The same, with operations on ranges cell by cell or not."""
        return self if in_array is self.in_array else replace(self, in_array=in_array)

    def through(self, name: str) -> Scope:
        """Behind a name."""
        return replace(self, seen=self.seen | {name.casefold()})

    def with_names(self, names: Mapping[str, Term]) -> Scope:
        """With more names."""
        return replace(self, bound={**self.bound, **names})


def constant(value: Any, *, is_block: bool = False) -> Term:
    """A part that is the same in every row."""
    return Term(lambda cells: value, is_block, True)


def together(terms: Iterable[Term]) -> dict[str, Any]:
    """What a part made of others has from them."""
    parts = list(terms)
    return {
        "is_constant": all(part.is_constant for part in parts),
        "by_row": next((part.by_row for part in parts if part.by_row), ""),
        "is_dynamic": any(part.is_dynamic for part in parts),
        "is_local": any(part.is_local for part in parts),
    }


def lifted(operation: Callable[..., Any], operands: Sequence[Term]) -> Term:
    """An operation on columns, or on ranges cell by cell."""
    calls_of = [operand.evaluate for operand in operands]
    how = together(operands)
    if any(operand.is_block for operand in operands):
        return Term(lambda cells: by_cell(operation, [call(cells) for call in calls_of]), True, **how)
    if len(calls_of) == 2:
        left, right = calls_of
        return Term(lambda cells: operation(left(cells), right(cells)), **how)
    if len(calls_of) == 1:
        (only,) = calls_of
        return Term(lambda cells: operation(only(cells)), **how)
    return Term(lambda cells: operation(*(call(cells) for call in calls_of)), **how)


def intersected(area: Area, here: Place) -> Area | None:
    """The one cell of a range that stands in the row or column of a formula."""
    if area.is_cell:
        return area
    if area.first_column == area.last_column and area.first_row <= here.row <= area.last_row:
        return area.cell(here.row, area.first_column)
    if area.first_row == area.last_row and area.first_column <= here.column <= area.last_column:
        return area.cell(area.first_row, here.column)
    if area.first_row <= here.row <= area.last_row and area.first_column <= here.column <= area.last_column:
        return area.cell(here.row, here.column)
    return None


def single_of(value: Any) -> Column:
    """The first cell of a range; a value is itself."""
    if isinstance(value, (list, LongRange)):
        return block_of(value)[0][0]
    return value


def shown(value: Column) -> Column:
    """A formula's value: that of a blank cell is 0."""
    if value is None:
        return 0.0
    if isinstance(value, np.ndarray) and value.dtype == object and any(member is None for member in value.tolist()):
        return columns.from_values([0.0 if member is None else member for member in value.tolist()])
    return VALUE if callable(value) else value


def spread(value: Any, height: int, width: int) -> list[list[Any]]:
    """A value on so many cells: a single row, column or value is repeated, and what is left over is #N/A."""
    rows = block_of(value)
    across = len(rows[0])

    def at(row: int, column: int) -> Any:
        down = 0 if len(rows) == 1 else row
        right = 0 if across == 1 else column
        return shown(rows[down][right]) if down < len(rows) and right < across else NA

    return [[at(row, column) for column in range(width)] for row in range(height)]


def by_rows(evaluate: Evaluate) -> Evaluate:
    """What is computed for one row at a time, as the column of all."""

    def computed(cells: Cells) -> Any:
        if cells.count is None:
            return evaluate(cells)
        return columns.from_values([shown(evaluate(RowCells(cells, row))) for row in range(cells.count)])

    return computed


def areas_of(reference: Any) -> Iterator[Area]:
    """The ranges of a reference; none of an error."""
    if isinstance(reference, Reference):
        yield from reference.areas

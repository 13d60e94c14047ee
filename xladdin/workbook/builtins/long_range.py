"""Ranges of many rows, such as the columns of an Excel table: each column as one array, where a block has cells."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xladdin.core.errors import NA
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.file.budget import check_computed

_MANY = 1000  # rows
_SHORT = 16_384  # cells of a range of which what is computed may be kept

Call = Callable[..., Any]
Block = list[list[Column]]


@dataclass(frozen=True, eq=False)
class Part:
    """So many cells of a column, which ranges that begin or end elsewhere may have in common.

    Attributes
    ----------
    cells : array
        An element for every row.
    """

    cells: Any

    @functools.cached_property
    def numbers(self) -> tuple[Any, Any]:
        """The cells as floats, and where they are numbers or errors at all."""
        return _as_numbers(self.cells)


@dataclass(frozen=True, eq=False)
class LongRange:
    """A range: of each column its parts, one below the other, down to the sheet's last row that is used.

    Attributes
    ----------
    parts : list of list of Part
        The parts of each column.
    beyond : int
        How many blank rows the range has below them.
    beside : int
        How many blank columns it has to the right of them.
    """

    parts: list[list[Part]]
    beyond: int
    beside: int

    @classmethod
    def of(cls, found: Iterable[Any], beyond: int = 0, beside: int = 0) -> LongRange:
        """The range of these columns, each an array."""
        return cls([[Part(column)] for column in found], beyond, beside)

    @functools.cached_property
    def columns(self) -> list[Any]:
        """The columns, each an array; a sum does not ask for them where texts among numbers make it slow."""
        return [
            parts[0].cells if len(parts) == 1 else columns.joined([part.cells for part in parts])
            for parts in self.parts
        ]

    @functools.cached_property
    def used(self) -> int:
        """The number of rows without the blank ones below."""
        return sum(len(part.cells) for part in self.parts[0])

    @property
    def height(self) -> int:
        """The number of rows, with the blank ones below."""
        return self.used + self.beyond

    @property
    def shape(self) -> tuple[int, int]:
        return self.height, len(self.parts) + self.beside

    @property
    def blank(self) -> int:
        """How many cells are below and beside the columns."""
        height, width = self.shape
        return height * width - self.used * len(self.parts)

    @property
    def is_short(self) -> bool:
        """Whether what is computed of it may be kept for other formulas."""
        return self.used * len(self.parts) <= _SHORT

    @functools.cached_property
    def tested(self) -> dict[Any, list[Any]]:
        """By a criterion, where each column meets it, as far as that was asked for."""
        return {}

    @functools.cached_property
    def numbers(self) -> list[tuple[Any, Any]]:
        """Each column as floats, and where it holds numbers or errors at all."""
        return [
            parts[0].numbers
            if len(parts) == 1
            else (
                np.concatenate([part.numbers[0] for part in parts]),
                np.concatenate([part.numbers[1] for part in parts]),
            )
            for parts in self.parts
        ]

    @functools.cached_property
    def block(self) -> Block:
        """The range cell by cell, without the blank rows below."""
        return [list(row) for row in zip(*(column.tolist() for column in self.columns), strict=True)]

    @functools.cached_property
    def first_column(self) -> LongRange:
        """The range's first column, the same one each time, for it keeps where its texts stand."""
        return self if len(self.parts) == 1 else LongRange(self.parts[:1], self.beyond, 0)

    @functools.cached_property
    def indices(self) -> dict[Any, int]:
        """Where each text or condition of a range of one column stands first."""
        found: dict[Any, int] = {}
        for index, value in enumerate(self.columns[0].tolist()):
            if type(value) in (str, bool):
                found.setdefault(columns.rank(value), index)
        return found

    @functools.cached_property
    def spelled(self) -> list[dict[str, dict[str, list[int]]]]:
        """For each column by the letters of a text, whatever their case, the texts of these and their rows."""
        return [_spelled(column) for column in self.columns]

    @functools.cached_property
    def ordered(self) -> Any:
        """The numbers of the range from the smallest on, and its errors behind them."""
        return np.sort(self.counted())

    def counted(self) -> Any:
        """The numbers and errors of the range row by row, without its texts, booleans and blanks."""
        values, holds = (
            each[0] if len(each) == 1 else np.column_stack(each) for each in zip(*self.numbers, strict=True)
        )
        return values[holds]


def letters(text: str) -> str:
    """A text as all of those are that a pattern takes for the same: of i there are two more."""
    return text.casefold().replace("i\u0307", "i").replace("\u0131", "i")


def _spelled(column: Any) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    for row, value in enumerate(column.tolist() if column.dtype == object else []):
        if type(value) is str:
            found.setdefault(letters(value), {}).setdefault(value, []).append(row)
    return found


def aligned(arguments: Iterable[Any]) -> list[Any]:
    """The arguments, of which long ranges of one height are written out to the same rows, of one shape in full."""
    found = list(arguments)
    long = [each for each in found if isinstance(each, LongRange)]
    rows: dict[int, int] = {}
    across: dict[tuple[int, int], int] = {}
    for each in long:
        rows[each.height] = max(rows.get(each.height, 0), each.used)
        across[each.shape] = max(across.get(each.shape, 0), len(each.parts))
    return [
        _written_out(each, rows[each.height], across[each.shape]) if isinstance(each, LongRange) else each
        for each in found
    ]


def _written_out(long: LongRange, rows: int, across: int) -> LongRange:
    """The range with so many rows and columns, of which the blank ones are one and the same array."""
    below, beside = rows - long.used, across - len(long.parts)
    if not below and not beside:
        return long
    held = long.columns
    if below:
        blanks = np.full(below, None, dtype=object)
        held = [np.concatenate([column.astype(object), blanks]) for column in held]
    return LongRange.of(
        [*held, *[np.full(rows, None, dtype=object)] * beside], long.beyond - below, long.beside - beside
    )


def in_columns(value: Any) -> Any:
    """A block of many rows as columns, of which a function is called once for all rows; anything else as it is."""
    if not isinstance(value, list) or len(value) < _MANY:
        return value
    if any(isinstance(cell, np.ndarray) for row in value for cell in row):  # which is another in each row of the batch
        return value
    found = [columns.from_values(list(cells)) for cells in zip(*value, strict=True)]
    return LongRange.of(columns.full(column, len(value)) for column in found)


def _as_numbers(column: Any) -> tuple[Any, Any]:
    if column.dtype == np.float64:
        return column, np.ones(len(column), dtype=np.bool_)
    if column.dtype == np.bool_:
        return np.zeros(len(column)), np.zeros(len(column), dtype=np.bool_)
    kinds = map(type, column.tolist())
    holds = np.fromiter(map(operator.is_, kinds, itertools.repeat(float)), np.bool_, len(column))
    values = np.zeros(len(column))
    values[holds] = column[holds].astype(np.float64)
    return values, holds


def first_error(values: Any) -> Any:
    """The first error among numbers, or nothing."""
    bad = np.isnan(values)
    return float(values[bad.argmax()]) if bad.any() else None


def by_cell(operation: Call, operands: list[Any]) -> Any:
    """An operation on each cell of ranges; a single row, column or value is repeated."""
    operands = _with_blank_columns(aligned(operands))
    long = [operand for operand in operands if isinstance(operand, LongRange)]
    if not long:
        return _by_cell_of_blocks(operation, operands)
    width = max(len(operand.parts) for operand in long)
    if (
        any(isinstance(operand, (list, np.ndarray)) for operand in operands)  # or a column of the batch
        or len({operand.height for operand in long}) > 1
        or any(len(operand.parts) not in (1, width) for operand in long)
    ):
        blocks = [operand.block if isinstance(operand, LongRange) else operand for operand in operands]
        return _by_cell_of_blocks(operation, blocks)

    def at(operand: Any, index: int) -> Column:
        return operand.columns[min(index, len(operand.parts) - 1)] if isinstance(operand, LongRange) else operand

    found = (operation(*(at(operand, index) for operand in operands)) for index in range(width))
    return LongRange.of((columns.full(column, long[0].used) for column in found), long[0].beyond, long[0].beside)


def _with_blank_columns(operands: list[Any]) -> list[Any]:
    """The operands, of which long ranges of different widths have their blank columns too: another's may meet them."""
    long = [operand for operand in operands if isinstance(operand, LongRange)]
    widths = {operand.shape[1] for operand in long}
    if len(widths) < 2:
        return operands
    check_computed(max(operand.used for operand in long), max(widths))
    return [
        _written_out(operand, operand.used, operand.shape[1]) if isinstance(operand, LongRange) else operand
        for operand in operands
    ]


def _by_cell_of_blocks(operation: Call, operands: list[Any]) -> Block:
    blocks = [operand if isinstance(operand, list) else [[operand]] for operand in operands]
    height, width = max(len(block) for block in blocks), max(len(block[0]) for block in blocks)
    check_computed(height, width)

    spread = [_spread(block, height, width) for block in blocks]
    return [[operation(*values) for values in zip(*rows, strict=True)] for rows in zip(*spread, strict=True)]


def _spread(block: Block, height: int, width: int) -> Block:
    """A block on so many cells: a single row or column is repeated, and what is left over is #N/A."""
    across = len(block[0])
    if across < width:
        block = [row * width if across == 1 else [*row, *[NA] * (width - across)] for row in block]
    if len(block) == height:
        return block
    return block * height if len(block) == 1 else [*block, *[[NA] * width] * (height - len(block))]

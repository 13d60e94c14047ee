"""Functions that look a value up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from xladdin.core.errors import NA, REF
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.choices import is_na, select
from xladdin.workbook.builtins.criteria import wildcards
from xladdin.workbook.builtins.long_range import Block, LongRange
from xladdin.workbook.builtins.registry import (
    ARRAY,
    BUILTINS,
    CELLS,
    VALUE,
    block_of,
    builtin,
    cells_of,
    long_form,
    of_ranges,
)
from xladdin.workbook.columns import Column, apply, choose, errors, some, through_errors, truths
from xladdin.workbook.file.budget import ROUNDS_A_STEP, step


def _in_block(function: Callable[..., Any], block: Any, *arguments: Column) -> Column:
    """A function of a range's cells (a list) and elements, row by row."""
    cells = list(cells_of(block))
    size = len(cells)
    return apply(lambda *values: function(list(values[:size]), *values[size:]), *cells, *arguments)


@builtin("INDEX", ARRAY, VALUE, VALUE, required=2)
def index(block: Any, row: Column, column: Column = None) -> Column:
    """One cell of a range."""
    rows = block_of(block)
    height, width = len(rows), len(rows[0])
    if column is None and height == 1:
        row, column = 1.0, row
    flat = list(cells_of(rows))

    @through_errors
    def position(row: Any, column: Any) -> float:
        for number in (columns.number(row), columns.number(column)):
            if number != number:
                return number
        down, across = int(columns.number(row)), int(columns.number(column))
        down, across = down or (1 if height == 1 else 0), across or (1 if width == 1 else 0)
        if down <= 0 or across <= 0:
            return VALUE_ERROR  # a whole row or column, where one value is expected
        return float((down - 1) * width + across - 1) if 1 <= down <= height and 1 <= across <= width else REF

    positions = apply(position, row, column)
    if not isinstance(positions, np.ndarray):
        return positions if positions != positions else flat[int(positions)]
    result: Column = positions  # errors stay; every other element is overwritten
    for each in np.unique(positions[positions == positions]):
        result = choose(positions == each, flat[int(each)], result)
    return result


@builtin("MATCH", VALUE, CELLS, VALUE, required=2)
def match(wanted: Column, block: Any, kind: Column = 1.0) -> Column:
    """The position of a value in a range."""

    def by_element(cells: list[Any], wanted: Any, kind: Any) -> float:
        number = columns.number(kind)
        if number != number:
            return number
        found = _position(cells, wanted, int(np.sign(number)))
        return NA if found is None else float(found + 1)

    return _in_block(_first_argument_error(by_element), block, wanted, kind)


def _first_argument_error(function: Callable[..., Any]) -> Callable[..., Any]:
    """An error among the arguments after the range is the result; one inside the range is only a cell."""

    def guarded(cells: list[Any], *values: Any) -> Any:
        return next((value for value in values if value != value), None) or function(cells, *values)

    return guarded


def _position(cells: list[Any], wanted: Any, kind: int) -> int | None:
    """The index of a value: equal to it (0), the last that is not above (1), or the last that is not below (-1)."""
    if wanted is None:
        wanted = 0.0
    if kind == 0:
        return _exact_position(cells, wanted)
    if kind > 0:
        return _last_not_above(cells, wanted)
    found = None
    for index, cell in enumerate(cells):
        if not _is_of_kind(cell, wanted):
            continue
        order = columns.compare(cell, wanted)
        if order < 0:
            break
        found = index
        if order == 0:
            break
    return found


def _last_not_above(cells: list[Any], wanted: Any) -> int | None:
    """The last of ascending cells that is not above a value, halving as Excel does: cells of other kinds are passed.

    In cells that do not ascend it is another, and the same as Excel finds.
    """
    first, last, found = 0, len(cells) - 1, None
    while first <= last:
        middle = (first + last) // 2
        place = next((index for index in range(middle, last + 1) if _is_of_kind(cells[index], wanted)), None)
        order = 1 if place is None else columns.compare(cells[place], wanted)
        if order > 0:
            last = middle - 1
            continue
        assert place is not None
        found, first = place, place + 1
        if order == 0:  # of equal ones next to each other it is the last
            while first <= last and _is_of_kind(cells[first], wanted) and not columns.compare(cells[first], wanted):
                found, first = first, first + 1
            return found
    return found


def _is_of_kind(cell: Any, wanted: Any) -> bool:
    return cell is not None and cell == cell and columns.rank(cell)[0] == columns.rank(wanted)[0]


def _exact_position(cells: list[Any], wanted: Any) -> int | None:
    step(len(cells) // ROUNDS_A_STEP)
    if type(wanted) is str and re.search(r"[*?~]", wanted):
        matches = re.compile(wildcards(wanted), re.IGNORECASE | re.DOTALL).fullmatch
        return next((i for i, cell in enumerate(cells) if type(cell) is str and matches(cell)), None)
    key = columns.rank(wanted)
    return next(
        (i for i, cell in enumerate(cells) if cell is not None and cell == cell and columns.rank(cell) == key), None
    )


@builtin("VLOOKUP", VALUE, CELLS, VALUE, VALUE, required=3)
def _vlookup(wanted: Column, block: Any, column: Column, nearest: Column = True) -> Column:
    if isinstance(block, str):
        return choose(errors(wanted), wanted, VALUE_ERROR)
    rows = block_of(block)
    return _looked_up(wanted, [row[0] for row in rows], rows, column, nearest)


@builtin("HLOOKUP", VALUE, CELLS, VALUE, VALUE, required=3)
def _hlookup(wanted: Column, block: Any, row: Column, nearest: Column = True) -> Column:
    if isinstance(block, str):
        return choose(errors(wanted), wanted, VALUE_ERROR)
    rows = block_of(block)
    return _looked_up(wanted, rows[0], [list(cells) for cells in zip(*rows, strict=True)], row, nearest)


def _looked_up(wanted: Column, keys: list[Column], block: Block, column: Column, nearest: Column) -> Column:
    kind = _kind_of(nearest)
    below_one = apply(lambda number: columns.number(number) < 1, column)
    if not isinstance(column, np.ndarray) and column is not None and column != column:
        return choose(errors(wanted), wanted, column)
    position = match(wanted, [keys], kind)
    found = index(block, position, column)
    if not some(below_one):
        return found
    return choose(errors(position), found, choose(below_one, VALUE_ERROR, found))


def _kind_of(nearest: Column) -> Column:
    return select(truths(False if nearest is None else nearest), lambda: 1.0, lambda: 0.0)


@of_ranges("LOOKUP", VALUE, ARRAY, ARRAY, required=2)
def _lookup(wanted: Any, block: Any, result: Any = None) -> Any:
    rows = block_of(block)
    is_wide = len(rows[0]) > len(rows)
    keys = rows[0] if is_wide else [row[0] for row in rows]
    found = _last_not_above(keys, 0.0 if wanted is None else wanted)
    if found is None:
        return NA
    if result is None:
        return rows[-1][found] if is_wide else rows[found][-1]
    across = block_of(result)
    if len(across) > 1 and len(across[0]) > 1:
        return NA
    values = list(cells_of(result))
    return values[found] if found < len(values) else NA


@builtin("XLOOKUP", VALUE, ARRAY, ARRAY, VALUE, VALUE, VALUE, required=3, omitted_is_default=True)
def _xlookup(
    wanted: Column, keys: Any, block: Any, missing: Column = NA, kind: Column = 0.0, direction: Column = 1.0
) -> Column:
    rows, found = block_of(block), block_of(keys)
    is_column = len(found[0]) == 1
    if not isinstance(block, list) or (len(found) != len(rows) if is_column else len(found[0]) != len(rows[0])):
        return VALUE_ERROR
    position = _xposition(wanted, keys, kind, direction)
    if not isinstance(position, np.ndarray) and position == position and (len(rows[0]) if is_column else len(rows)) > 1:
        place = int(position) - 1
        return [rows[place]] if is_column else [[row[place]] for row in rows]
    result = index([[cell] for cell in (cells_of(block) if len(rows) == 1 or len(rows[0]) == 1 else rows[0])], position)
    if not some(errors(position)):
        return result
    return choose(is_na(position), choose(errors(wanted), wanted, missing), result)


@builtin("XMATCH", VALUE, ARRAY, VALUE, VALUE, required=2, omitted_is_default=True)
def _xposition(wanted: Column, keys: Any, kind: Column = 0.0, direction: Column = 1.0) -> Column:
    def by_element(cells: list[Any], wanted: Any, kind: Any, direction: Any) -> float:
        numbers = columns.number(direction), columns.number(kind)
        fault = next((number for number in numbers if number != number), None)
        if fault is not None:
            return fault
        way, how = map(int, numbers)
        if abs(way) not in (1, 2) or how not in (-1, 0, 1, 2) or (how == 2 and abs(way) == 2):
            return VALUE_ERROR
        is_backwards = way == -1
        ordered = cells[::-1] if is_backwards else cells
        # Halving ends beside what is not there: of equal ones next to it, the one that is nearest.
        found = _nearest(
            ordered, wanted, how, is_last=(way == 2 and how < 0) or (way == -2 and how > 0), is_last_equal=way == -2
        )
        return NA if found is None else float(len(cells) - found if is_backwards else found + 1)

    return _in_block(_first_argument_error(by_element), keys, wanted, kind, direction)


def _nearest(cells: list[Any], wanted: Any, kind: int, *, is_last: bool, is_last_equal: bool) -> int | None:
    """XLOOKUP's index of a value: equal, or (-1) the next smaller, or (1) the next larger; wildcards only for 2.

    Of equal ones, and of those that are next to it, the first is taken or the last.
    """
    if wanted is None:
        return next((index for index, cell in enumerate(cells) if cell is None), None)
    key = columns.rank(wanted)
    if kind == 2:
        return _exact_position(cells, wanted)
    ranked = [(columns.rank(cell), index) for index, cell in enumerate(cells) if cell is not None and cell == cell]
    exact = next((index for rank, index in (ranked[::-1] if is_last_equal else ranked) if rank == key), None)
    if exact is not None or kind == 0:
        return exact
    candidates = [(rank, index) for rank, index in ranked if (rank < key if kind < 0 else rank > key)]
    if not candidates:
        return None
    best = (max if kind < 0 else min)(rank for rank, _ in candidates)
    equal = [index for rank, index in candidates if rank == best]
    return equal[-1 if is_last else 0]


builtin("ROWS", CELLS)(lambda block: float(len(block_of(block))))
builtin("COLUMNS", CELLS)(lambda block: float(len(block_of(block)[0])))


# For long ranges


@long_form("INDEX")
def _index_long(block: Any, row: Any, column: Any = None) -> Column:
    if not isinstance(block, LongRange) or block.height == 1:
        return BUILTINS["INDEX"].call(block, row, column)
    down, across = columns.number(row), columns.number(column)
    if down != down or across != across:
        return down if down != down else across
    position = int(down), int(across) or (1 if len(block.parts) == 1 else 0)
    if position[0] <= 0 or position[1] <= 0:
        return VALUE_ERROR  # a whole row or column, where one value is expected
    if not (1 <= position[0] <= block.height and 1 <= position[1] <= len(block.parts)):
        return REF
    if position[0] > block.used:
        return None
    found = block.columns[position[1] - 1][position[0] - 1]
    return found.item() if isinstance(found, np.generic) else found


@long_form("MATCH")
def _match_long(wanted: Any, block: Any, kind: Any = 1.0) -> Column:
    if isinstance(block, LongRange) and columns.number(kind) == 0 and len(block.parts) == 1:
        found = _exact_position_long(block, wanted)
        if found is not NotImplemented:
            return found
    return BUILTINS["MATCH"].call(wanted, block, kind)


def _exact_position_long(block: LongRange, wanted: Any) -> Any:
    """Where a value stands first, or that the cells have to be looked at one by one."""
    if wanted is None:
        wanted = 0.0
    if type(wanted) is float and wanted == wanted:
        values, holds = block.numbers[0]
        places = np.flatnonzero(holds & (values == wanted))
        return float(places[0] + 1) if len(places) else NA
    if type(wanted) is bool or (type(wanted) is str and not re.search(r"[*?~]", wanted)):
        position = block.indices.get(columns.rank(wanted))
        return NA if position is None else float(position + 1)
    return NotImplemented


@long_form("VLOOKUP")
def _vlookup_long(wanted: Any, block: Any, column: Any, nearest: Any = True) -> Column:
    if not isinstance(block, LongRange) or columns.number(column) < 1:
        return BUILTINS["VLOOKUP"].call(wanted, block_of(block), column, nearest)
    kind = _kind_of(nearest)
    if kind != kind:
        return kind
    position = _match_long(wanted, block.first_column, kind)
    if position != position:
        return position
    return _index_long(block, position, column)


@long_form("XMATCH")
def _xmatch_long(wanted: Any, keys: Any, kind: Any = 0.0, direction: Any = 1.0) -> Column:
    is_plain = kind == 0 and direction == 1 and wanted is not None  # which is equal to a blank cell alone
    if is_plain and isinstance(keys, LongRange) and keys.shape[1] == 1:
        found = _exact_position_long(keys, wanted)
        if found is not NotImplemented:
            return found
    return BUILTINS["XMATCH"].call(wanted, block_of(keys), kind, direction)


@long_form("XLOOKUP")
def _xlookup_long(
    wanted: Any, keys: Any, block: Any, missing: Any = NA, kind: Any = 0.0, direction: Any = 1.0
) -> Column:
    is_plain = isinstance(keys, LongRange) and isinstance(block, LongRange) and block.shape == (keys.height, 1)
    if not is_plain:
        return BUILTINS["XLOOKUP"].call(wanted, block_of(keys), block_of(block), missing, kind, direction)
    position = _xmatch_long(wanted, keys, kind, direction)
    if position != position:
        return missing if is_na(position) and wanted == wanted else position
    return _index_long(block, position)


long_form("ROWS")(lambda long: float(long.height))
long_form("COLUMNS")(lambda long: float(len(long.parts)))

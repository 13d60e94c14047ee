"""Functions that give whole ranges: matrices, and what is sorted, chosen and put together.

They are computed for one row of a batch at a time, so every cell of a range is a plain value here.
"""

from __future__ import annotations

import bisect
import collections
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from xladdin.core.errors import NA, NUM, error
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import Block
from xladdin.workbook.builtins.registry import ARRAY, CELLS, VALUE, Call, Kind, block_of, cells_of, of_ranges
from xladdin.workbook.file.budget import check_computed

NOTHING = error("#VALUE!")  # what an array without cells, or one in a cell, is where #CALC! is not known
_of_arrays = functools.partial(of_ranges, fails=VALUE_ERROR)  # a count or place that is none is #VALUE!


def shaped(rows: Iterable[Iterable[Any]]) -> Any:
    """Rows as a range, or what stands for one without cells."""
    found = [list(row) for row in rows]
    return found if found and found[0] else NOTHING


def transposed(block: Any) -> Block:
    """The range with its rows as columns."""
    return [list(row) for row in zip(*block_of(block), strict=True)]


_of_arrays("TRANSPOSE", ARRAY)(transposed)


def _matrix(block: Any) -> Any:
    """A range of numbers alone as a matrix.

    Raises
    ------
    ValueError
        When it holds anything else.
    """
    rows = block_of(block)
    if any(type(value) is not float or value != value for value in cells_of(rows)):
        raise _NotNumbersError
    return np.array(rows, dtype=np.float64)


class _NotNumbersError(Exception):
    """A matrix that holds more than numbers."""


def _of_matrices(name: str, count: int) -> Callable[[Call], Call]:
    def declare(function: Call) -> Call:
        def computed(*blocks: Any) -> Any:
            try:
                found = function(*map(_matrix, blocks))
            except _NotNumbersError:
                return VALUE_ERROR
            except np.linalg.LinAlgError:
                return NUM
            return found.tolist() if isinstance(found, np.ndarray) else found

        _of_arrays(name, *[ARRAY] * count)(computed)
        return function

    return declare


@_of_matrices("MMULT", 2)
def _mmult(left: Any, right: Any) -> Any:
    return left @ right if left.shape[1] == right.shape[0] else VALUE_ERROR


@_of_matrices("MINVERSE", 1)
def _minverse(matrix: Any) -> Any:
    return np.linalg.inv(matrix) if matrix.shape[0] == matrix.shape[1] else VALUE_ERROR


@_of_matrices("MDETERM", 1)
def _mdeterm(matrix: Any) -> Any:
    return float(np.linalg.det(matrix)) if matrix.shape[0] == matrix.shape[1] else VALUE_ERROR


@_of_arrays("MUNIT", VALUE)
def _munit(size: Any) -> Any:
    count = int(columns.number(size))
    check_computed(count, count)
    return np.eye(count).tolist() if count > 0 else VALUE_ERROR


@_of_arrays("FREQUENCY", ARRAY, ARRAY)
def _frequency(data: Any, limits: Any) -> Any:
    bins = [value for value in cells_of(limits) if type(value) is float]
    counts = [0.0] * (len(bins) + 1)
    order = sorted(range(len(bins)), key=lambda index: bins[index])
    limits = [bins[index] for index in order]
    for value in cells_of(data):
        if type(value) is float:
            index = bisect.bisect_left(limits, value)
            counts[order[index] if index < len(order) else len(bins)] += 1
    return [[count] for count in counts]


@_of_arrays("SEQUENCE", VALUE, VALUE, VALUE, VALUE, required=1, omitted_is_default=True)
def _sequence(rows: Any, width: Any = 1.0, start: Any = 1.0, step: Any = 1.0) -> Any:
    height, across = int(columns.number(rows)), int(columns.number(width))
    first, by = columns.number(start), columns.number(step)
    if height < 1 or across < 1:
        return VALUE_ERROR
    check_computed(height, across)
    return [[first + by * (row * across + column) for column in range(across)] for row in range(height)]


def _key(value: Any) -> Any:
    return (
        ("error", columns.to_cell(value)) if value != value else columns.rank(value) if value is not None else (-1, 0)
    )


def _in_columns(by_column: Any) -> bool:
    return bool(columns.truth(by_column)) if by_column is not None else False


@_of_arrays("UNIQUE", ARRAY, VALUE, VALUE, required=1)
def _unique(block: Any, by_column: Any = None, once: Any = None) -> Any:
    across = _in_columns(by_column)
    rows = transposed(block) if across else block_of(block)
    keys = [tuple(map(_key, row)) for row in rows]
    first = {key: index for index, key in reversed(list(enumerate(keys)))}
    counted = collections.Counter(keys)
    kept = [
        row
        for index, (key, row) in enumerate(zip(keys, rows, strict=True))
        if first[key] == index and (not (once is not None and columns.truth(once)) or counted[key] == 1)
    ]
    found = shaped([0.0 if value is None else value for value in row] for row in kept)
    return transposed(found) if across and found is not NOTHING else found


def _order(value: Any) -> tuple[int, Any]:
    """What a sorted range has first: numbers, texts, conditions, errors."""
    return (4, 0) if value != value else columns.rank(value)


def _sorted(rows: Block, keys: list[list[Any]], ways: list[float]) -> Block:
    """The rows by their keys, of which each is sorted upwards (1) or downwards (-1).

    Raises
    ------
    ValueError
        When a way is neither.
    """
    if any(way not in (1, -1) for way in ways):
        raise ValueError
    order = list(range(len(rows)))
    for key, way in reversed(list(zip(keys, ways, strict=True))):
        blanks = [index for index in order if key[index] is None]
        order = (
            sorted(
                (index for index in order if key[index] is not None),
                key=lambda index, key=key: _order(key[index]),  # type: ignore[misc]
                reverse=way == -1,
            )
            + blanks
        )
    return [rows[index] for index in order]


@_of_arrays("SORT", ARRAY, CELLS, CELLS, VALUE, required=1, omitted_is_default=True)
def _sort(block: Any, by: Any = 1.0, way: Any = 1.0, by_column: Any = False) -> Any:
    across = _in_columns(by_column)
    rows = transposed(block) if across else block_of(block)
    numbers = [int(columns.number(each)) for each in cells_of(by)]
    ways = [columns.number(each) for each in cells_of(way)]
    if any(not 1 <= number <= len(rows[0]) for number in numbers):
        return VALUE_ERROR
    ways = [*ways, *[ways[-1]] * len(numbers)][: len(numbers)]
    found = _sorted(rows, [[row[number - 1] for row in rows] for number in numbers], ways)
    return transposed(found) if across else found


@_of_arrays("SORTBY", ARRAY, ARRAY, VALUE, repeats=2, required=2)
def _sortby(block: Any, *pairs: Any) -> Any:
    rows = block_of(block)
    keys = [list(cells_of(key)) for key in pairs[::2]]
    ways = [1.0 if way is None else columns.number(way) for way in pairs[1::2]]
    ways += [1.0] * (len(keys) - len(ways))
    if all(len(key) == len(rows) for key in keys):
        return _sorted(rows, keys, ways)
    if all(len(key) == len(rows[0]) for key in keys):
        return transposed(_sorted(transposed(rows), keys, ways))
    return VALUE_ERROR


@_of_arrays("FILTER", ARRAY, ARRAY, VALUE, required=2)
def _filter(block: Any, chosen: Any, otherwise: Any = None) -> Any:
    rows = block_of(block)
    flags = [columns.truth(value) for value in cells_of(chosen)]
    bad = next((flag for flag in flags if flag != flag), None)
    if bad is not None:
        return bad
    if len(flags) == len(rows):
        kept = [row for row, flag in zip(rows, flags, strict=True) if flag]
        found: Any = shaped(kept) if kept else None
    elif len(flags) == len(rows[0]):
        across = [column for column, flag in zip(transposed(rows), flags, strict=True) if flag]
        found = transposed(across) if across else None
    else:
        return VALUE_ERROR
    return (NOTHING if otherwise is None else otherwise) if found is None else found


def _whole(value: Any) -> int | None:
    number = columns.number(value)
    if number != number:
        raise ValueError
    return None if value is None else int(number)


def _taken(members: list[Any], count: int | None) -> list[Any]:
    if count is None:
        return members
    return members[:count] if count >= 0 else members[count:]


def _dropped(members: list[Any], count: int | None) -> list[Any]:
    if count is None or not count:
        return members
    return members[count:] if count > 0 else members[:count]


def _parts(name: str, part: Callable[[list[Any], int | None], list[Any]]) -> None:
    def computed(block: Any, rows: Any = None, width: Any = None) -> Any:
        return shaped(part(row, _whole(width)) for row in part(block_of(block), _whole(rows)))

    _of_arrays(name, ARRAY, VALUE, VALUE, required=2)(computed)


_parts("TAKE", _taken)
_parts("DROP", _dropped)


def _picked(members: list[Any], numbers: tuple[Any, ...]) -> list[Any] | None:
    found = [int(columns.number(each)) for each in cells_of(*numbers)]
    if any(not 1 <= abs(each) <= len(members) for each in found):
        return None
    return [members[each - 1 if each > 0 else each] for each in found]


@_of_arrays("CHOOSEROWS", ARRAY, ARRAY, repeats=1)
def _chooserows(block: Any, *numbers: Any) -> Any:
    found = _picked(block_of(block), numbers)
    return VALUE_ERROR if found is None else found


@_of_arrays("CHOOSECOLS", ARRAY, ARRAY, repeats=1)
def _choosecols(block: Any, *numbers: Any) -> Any:
    found = _picked(transposed(block), numbers)
    return VALUE_ERROR if found is None else transposed(found)


@_of_arrays("VSTACK", ARRAY, repeats=1)
def _vstack(*blocks: Any) -> Any:
    rows = [row for block in blocks for row in block_of(block)]
    width = max(map(len, rows))
    check_computed(len(rows), width)
    return [[*map(_filled, row), *[NA] * (width - len(row))] for row in rows]


@_of_arrays("HSTACK", ARRAY, repeats=1)
def _hstack(*blocks: Any) -> Any:
    found = [block_of(block) for block in blocks]
    height = max(map(len, found))
    check_computed(height, sum(len(block[0]) for block in found))
    padded = [[*block, *[[NA] * len(block[0])] * (height - len(block))] for block in found]
    return [[*map(_filled, itertools.chain.from_iterable(rows))] for rows in zip(*padded, strict=True)]


def _filled(value: Any) -> Any:
    return 0.0 if value is None else value


@_of_arrays("EXPAND", ARRAY, VALUE, VALUE, VALUE, required=2)
def _expand(block: Any, rows: Any = None, width: Any = None, pad: Any = None) -> Any:
    found = block_of(block)
    height, across = _whole(rows) or len(found), _whole(width) or len(found[0])
    if height < len(found) or across < len(found[0]):
        return VALUE_ERROR
    check_computed(height, across)
    filler = NA if pad is None else pad
    wide = [[*row, *[filler] * (across - len(row))] for row in found]
    return [*wide, *[[filler] * across for _ in range(height - len(wide))]]


def _scanned(block: Any, ignored: Any, by_column: Any) -> list[Any]:
    rows = transposed(block) if _in_columns(by_column) else block_of(block)
    kind = int(columns.number(ignored))
    return [
        _filled(value)
        for value in itertools.chain.from_iterable(rows)
        if not (kind in (1, 3) and value is None) and not (kind in (2, 3) and value != value)
    ]


@_of_arrays("TOCOL", ARRAY, VALUE, VALUE, required=1)
def _tocol(block: Any, ignored: Any = None, by_column: Any = None) -> Any:
    return shaped([value] for value in _scanned(block, ignored, by_column))


@_of_arrays("TOROW", ARRAY, VALUE, VALUE, required=1)
def _torow(block: Any, ignored: Any = None, by_column: Any = None) -> Any:
    return shaped([_scanned(block, ignored, by_column)])


def _wrapped(values: Any, count: Any, pad: Any) -> Any:
    found, size = list(cells_of(values)), int(columns.number(count))
    if size < 1:
        return NUM
    check_computed(-(-len(found) // size), size)
    filler = NA if pad is None else pad
    rows = [found[index : index + size] for index in range(0, len(found), size)]
    return [[*row, *[filler] * (size - len(row))] for row in rows]


@_of_arrays("WRAPROWS", ARRAY, VALUE, VALUE, required=2)
def _wraprows(values: Any, count: Any, pad: Any = None) -> Any:
    return _wrapped(values, count, pad)


@_of_arrays("WRAPCOLS", ARRAY, VALUE, VALUE, required=2)
def _wrapcols(values: Any, count: Any, pad: Any = None) -> Any:
    found = _wrapped(values, count, pad)
    return found if isinstance(found, float) else transposed(found)


@_of_arrays("TEXTSPLIT", VALUE, ARRAY, ARRAY, VALUE, VALUE, VALUE, required=2, omitted_is_default=True)
def _textsplit(
    value: Any, across: Any, down: Any = None, skips: Any = False, any_case: Any = 0.0, pad: Any = NA
) -> Any:
    text = columns.text(value)
    flags = re.IGNORECASE if columns.number(any_case) else re.RegexFlag(0)
    fault = next((each for each in (text, *cells_of(across, down)) if each != each), None)
    if fault is not None:
        return fault

    def split(each: str, marks: Any) -> list[str]:
        known = [re.escape(columns.text(mark)) for mark in cells_of(marks) if mark is not None]
        found = re.split("|".join(sorted(known, key=len, reverse=True)), each, flags=flags) if known else [each]
        return [part for part in found if part] if columns.truth(skips) else found

    rows = [split(row, across) for row in split(text, down)]
    width = max(map(len, rows))
    return shaped([*row, *[pad] * (width - len(row))] for row in rows)


# With functions of their own (LAMBDA), which are given as what can be called


TAKE_FUNCTIONS: set[str] = set()


def _with_function(name: str, *takes: Kind, **how: Any) -> Callable[[Call], Call]:
    """Declare a function whose last argument is one; anything else there is #VALUE!."""

    def declare(function: Call) -> Call:
        def computed(*arguments: Any) -> Any:
            return function(*arguments) if callable(arguments[-1]) else VALUE_ERROR

        _of_arrays(name, *takes, **how)(computed)
        TAKE_FUNCTIONS.add(name)
        return function

    return declare


@_with_function("MAP", ARRAY, ARRAY, repeats=1)
def _map(*arguments: Any) -> Any:
    *blocks, function = arguments
    found = [block_of(block) for block in blocks]
    height, width = max(map(len, found)), max(len(block[0]) for block in found)
    return [
        [
            _single(
                function(
                    *(block[row][column] if row < len(block) and column < len(block[0]) else NA for block in found)
                )
            )
            for column in range(width)
        ]
        for row in range(height)
    ]


def _single(value: Any) -> Any:
    """What a LAMBDA has made for one cell, in which a range has no place."""
    block = block_of(value)
    if len(block) != 1 or len(block[0]) != 1:
        return NOTHING
    return 0.0 if block[0][0] is None else block[0][0]


@_with_function("BYROW", ARRAY, VALUE)
def _byrow(block: Any, function: Call) -> Any:
    return [[_single(function([row]))] for row in block_of(block)]


@_with_function("BYCOL", ARRAY, VALUE)
def _bycol(block: Any, function: Call) -> Any:
    return [[_single(function([[value] for value in column])) for column in transposed(block)]]


@_with_function("REDUCE", VALUE, ARRAY, VALUE)
def _reduce(start: Any, block: Any, function: Call) -> Any:
    return functools.reduce(lambda total, value: function(total, value), cells_of(block), start)


@_with_function("SCAN", VALUE, ARRAY, VALUE)
def _scan(start: Any, block: Any, function: Call) -> Any:
    found = []
    total = start
    for row in block_of(block):
        line = []
        for value in row:
            total = function(total, value)
            line.append(_single(total))
        found.append(line)
    return found


@_with_function("MAKEARRAY", VALUE, VALUE, VALUE)
def _makearray(rows: Any, width: Any, function: Call) -> Any:
    height, across = int(columns.number(rows)), int(columns.number(width))
    if height < 1 or across < 1:
        return VALUE_ERROR
    check_computed(height, across)
    return [[_single(function(float(row + 1), float(column + 1))) for column in range(across)] for row in range(height)]


_LETTERS = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


@_of_arrays("ARABIC", VALUE)
def _arabic(value: Any) -> float:
    text = columns.text(value).strip().upper()
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    if set(text) - set(_LETTERS):
        return VALUE_ERROR
    sizes = [_LETTERS[letter] for letter in text]
    # A letter before a larger one is taken away, by how much smaller it may ever be.
    total = sum(-size if size < after else size for size, after in zip(sizes, [*sizes[1:], 0], strict=False))
    return float(math.copysign(total, sign)) if total else 0.0

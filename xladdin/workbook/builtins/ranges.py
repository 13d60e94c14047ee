"""Functions of all the numbers of ranges, of which text and conditions do not count; a single cell is a range."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from xladdin.core.errors import NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import Block, LongRange, aligned, first_error
from xladdin.workbook.builtins.operators import BINARY, DIVISION_BY_ZERO, divide
from xladdin.workbook.builtins.registry import (
    ARRAY,
    BUILTINS,
    CELLS,
    VALUE,
    Call,
    builtin,
    cells_of,
    long_form,
    of_ranges,
)
from xladdin.workbook.columns import Column, apply, choose, finished, numbers, some, through_errors


def _counted(arguments: tuple[Any, ...]) -> Iterator[tuple[Column, Any]]:
    """Each cell as a number, and where it counts as one: in a range text, booleans and blanks do not."""
    for argument in arguments:
        if not isinstance(argument, list):
            yield numbers(argument), True
            continue
        for cell in itertools.chain.from_iterable(argument):
            if columns.is_numeric(cell):
                yield cell, True
            elif isinstance(cell, np.ndarray) and cell.dtype == object:
                counts = np.array([type(value) is float for value in cell.tolist()], dtype=np.bool_)
                if counts.any():
                    yield np.array([v if type(v) is float else 0.0 for v in cell.tolist()], dtype=np.float64), counts


def _reduced(operation: Callable[[Any, Any], Any], start: float) -> Call:
    def computed(*arguments: Any) -> Column:
        total: Any = start
        found = list(_counted(arguments))
        for value, counts in found:
            total = operation(total, value if counts is True else np.where(counts, value, start))
        if any(counts is True for _, counts in found):
            return finished(total, *(value for value, _ in found))
        nothing = ~functools.reduce(operator.or_, (np.asarray(counts) for _, counts in found), np.False_)
        if some(nothing):
            total = choose(nothing if nothing.ndim else bool(nothing), 0.0, total)
        return finished(total, *(value for value, _ in found))

    return computed


sum_of = _reduced(np.add, 0.0)
builtin("SUM", CELLS, repeats=1)(sum_of)
builtin("PRODUCT", CELLS, repeats=1)(_reduced(np.multiply, 1.0))
builtin("MIN", CELLS, repeats=1)(_reduced(np.minimum, math.inf))
builtin("MAX", CELLS, repeats=1)(_reduced(np.maximum, -math.inf))


@builtin("SUMSQ", CELLS, repeats=1)
def _sumsq(*arguments: Any) -> Column:
    return sum_of([[choose(counts, finished(value * value, value), "") for value, counts in _counted(arguments)]])


@builtin("COUNT", CELLS, repeats=1)
def _count(*arguments: Any) -> Column:
    total: Any = 0.0
    for argument in arguments:
        if isinstance(argument, list):
            for value, counts in _counted((argument,)):
                total = total + np.where(np.isnan(value) | ~np.asarray(counts), 0.0, 1.0)
        else:  # a value that is typed in counts where it can be a number
            total = total + np.where(np.isnan(numbers(argument)), 0.0, 1.0)
    return total if isinstance(total, np.ndarray) and total.ndim else float(total)


@builtin("COUNTA", CELLS, repeats=1)
def _counta(*arguments: Any) -> Column:
    return _sum_of_flags(lambda value: value is not None, cells_of(*arguments))


@builtin("COUNTBLANK", CELLS)
def _countblank(*arguments: Any) -> Column:
    return _sum_of_flags(lambda value: value is None or value == "", cells_of(*arguments))


def _sum_of_flags(test: Callable[[Any], bool], cells: Iterator[Column]) -> Column:
    total: Any = 0.0
    for cell in cells:
        total = total + apply(test, cell)
    return total


@builtin("AVERAGE", CELLS, repeats=1)
def average(*arguments: Any) -> Column:
    """The mean of the numbers."""
    found = list(_counted(arguments))
    total = sum_of(*arguments)
    counted = sum(np.where(counts, 1.0, 0.0) for _, counts in found) if found else 0.0
    return divide(total, counted if isinstance(counted, np.ndarray) and counted.ndim else float(counted))


@builtin("SUMPRODUCT", ARRAY, repeats=1)
def _sumproduct(*arguments: Any) -> Column:
    """Texts, booleans and blanks count as 0."""
    blocks = [argument if isinstance(argument, list) else [[argument]] for argument in arguments]
    if len({(len(block), len(block[0])) for block in blocks}) > 1:
        return VALUE_ERROR
    products = [
        functools.reduce(BINARY["*"], (apply(_number_or_zero, cell) for cell in cells))
        for cells in zip(*(itertools.chain.from_iterable(block) for block in blocks), strict=True)
    ]
    return sum_of([products])


def _number_or_zero(value: Any) -> float:
    return value if type(value) is float else 0.0


def _ordered(pick: Callable[[list[float], int], float]) -> Call:
    """SMALL and its kin: a member of a range by its place in the order."""

    def by_element(rank: Any, *values: Any) -> Any:
        found = sorted(value for value in values if type(value) is float)
        rank = columns.number(rank)
        if rank != rank:
            return rank
        return pick(found, int(rank)) if rank >= 1 and int(rank) <= len(found) else NUM

    guarded = through_errors(by_element)

    def computed(block: Any, rank: Any) -> Column:
        cells = cells_of(block) if isinstance(block, (list, LongRange)) else [numbers(block)]
        return apply(guarded, rank, *cells)

    return computed


builtin("SMALL", ARRAY, VALUE)(_ordered(lambda found, rank: found[rank - 1]))
builtin("LARGE", ARRAY, VALUE)(_ordered(lambda found, rank: found[-rank]))


@builtin("MEDIAN", CELLS, repeats=1)
def _median(*arguments: Any) -> Column:
    def by_element(*values: Any) -> float:
        found = sorted(value for value in values if type(value) is float)
        middle = len(found) // 2
        if not found:
            return NUM
        return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2

    typed = [argument if isinstance(argument, (list, LongRange)) else numbers(argument) for argument in arguments]
    return apply(through_errors(by_element), *cells_of(*typed))


def numbers_of(*arguments: Any) -> list[float]:
    """The numbers of ranges, and of values that are typed in; of the latter one that is none is #VALUE!.

    Raises
    ------
    CellError
        Of the first error among them.
    """
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, (list, LongRange)):
            found += [value for value in cells_of(argument) if type(value) is float]
        else:
            found.append(columns.number(argument))
    for value in found:
        if value != value:
            raise CellError(value)
    return found


class CellError(Exception):
    """An error that is a function's result."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value


def _statistic(name: str, compute: Callable[[list[float]], float]) -> None:
    """Declare a function of all the numbers of its arguments."""

    def computed(*arguments: Any) -> float:
        try:
            return compute(numbers_of(*arguments))
        except CellError as error:
            return error.value
        except ZeroDivisionError:
            return DIVISION_BY_ZERO

    of_ranges(name, CELLS, repeats=1)(computed)


def _squares(found: list[float]) -> float:
    mean = math.fsum(found) / len(found)
    return math.fsum((value - mean) ** 2 for value in found)


def _variance(found: list[float]) -> float:
    return _squares(found) / (len(found) - 1)


def _variance_of_all(found: list[float]) -> float:
    return _squares(found) / len(found)


for _name in ("VAR", "VAR.S"):
    _statistic(_name, _variance)
for _name in ("VARP", "VAR.P"):
    _statistic(_name, _variance_of_all)
for _name in ("STDEV", "STDEV.S"):
    _statistic(_name, lambda found: math.sqrt(_variance(found)))
for _name in ("STDEVP", "STDEV.P"):
    _statistic(_name, lambda found: math.sqrt(_variance_of_all(found)))
_statistic("DEVSQ", lambda found: _squares(found) if found else NUM)
_statistic(
    "AVEDEV",
    lambda found: (
        math.fsum(abs(value - math.fsum(found) / len(found)) for value in found) / len(found) if found else NUM
    ),
)


def _every_value(*arguments: Any) -> list[float]:
    """The values of ranges as AVERAGEA and its kin have them: text is 0 and TRUE is 1."""
    found: list[float] = []
    for argument in arguments:
        is_range = isinstance(argument, (list, LongRange))
        for value in cells_of(argument):
            if value is None:
                continue
            found.append(0.0 if is_range and type(value) is str else columns.number(value))
    return [*found, *(_raised(value) for value in found if value != value)]


def _raised(value: float) -> float:
    raise CellError(value)


def _statistic_of_all(name: str, compute: Callable[[list[float]], float]) -> None:
    def computed(*arguments: Any) -> float:
        try:
            return compute(_every_value(*arguments))
        except CellError as error:
            return error.value
        except ZeroDivisionError:
            return DIVISION_BY_ZERO

    of_ranges(name, CELLS, repeats=1)(computed)


_statistic_of_all("AVERAGEA", lambda found: math.fsum(found) / len(found))
_statistic_of_all("MAXA", lambda found: max(found, default=0.0))
_statistic_of_all("MINA", lambda found: min(found, default=0.0))
_statistic_of_all("VARA", _variance)
_statistic_of_all("VARPA", _variance_of_all)
_statistic_of_all("STDEVA", lambda found: math.sqrt(_variance(found)))
_statistic_of_all("STDEVPA", lambda found: math.sqrt(_variance_of_all(found)))


# For long ranges: what is left of each, and the rest of the arguments as they are


def _reducing(name: str, reduce: Call) -> Call:
    """SUM and its kin: a long range counts as the one cell that it comes to."""
    of_blocks = BUILTINS[name].call

    def reduced(long: LongRange) -> Block:
        values = long.counted()
        if not len(values):
            return [[None]]
        bad = first_error(values)
        return [[bad if bad is not None else finished(float(reduce(values)))]]

    return lambda *arguments: of_blocks(*(reduced(each) if isinstance(each, LongRange) else each for each in arguments))


def _counting(name: str, count: Callable[[LongRange], int]) -> Call:
    of_blocks = BUILTINS[name].call

    def counted(*arguments: Any) -> Column:
        found = float(sum(count(argument) for argument in arguments if isinstance(argument, LongRange)))
        others = [argument for argument in arguments if not isinstance(argument, LongRange)]
        return BINARY["+"](of_blocks(*others), found) if others else found

    return counted


def _count_where(test: Callable[[Any], bool]) -> Callable[[LongRange], int]:
    return lambda long: (
        sum(int(np.count_nonzero(apply(test, column))) for column in long.columns) + long.blank * test(None)
    )


_sum_long = _reducing("SUM", np.sum)
_count_long = _counting("COUNT", lambda long: int(np.count_nonzero(~np.isnan(long.counted()))))
long_form("SUM")(_sum_long)
long_form("COUNT")(_count_long)
long_form("SUMSQ")(_reducing("SUM", lambda values: np.sum(values * values)))
long_form("PRODUCT")(_reducing("PRODUCT", np.prod))
long_form("MIN")(_reducing("MIN", np.min))
long_form("MAX")(_reducing("MAX", np.max))
long_form("COUNTA")(_counting("COUNTA", _count_where(lambda value: value is not None)))
long_form("COUNTBLANK")(_counting("COUNTBLANK", _count_where(lambda value: value is None or value == "")))


@long_form("AVERAGE")
def _average_long(*arguments: Any) -> Column:
    return divide(_sum_long(*arguments), _count_long(*arguments))


@long_form("SUMPRODUCT")
def _sumproduct_long(*arguments: Any) -> Column:
    shapes = {each.shape if isinstance(each, LongRange) else (1, 1) for each in arguments}
    if len(shapes) > 1:
        return VALUE_ERROR
    groups = zip(*(each.numbers for each in aligned(arguments)), strict=True)
    products = np.column_stack([functools.reduce(BINARY["*"], [values for values, _ in group]) for group in groups])
    bad = first_error(products.ravel())
    return bad if bad is not None else finished(float(np.sum(products)))


def _ordered_long(pick: Callable[[Any, int], float]) -> Call:
    def computed(block: Any, rank: Any) -> Column:
        number = columns.number(rank)
        bad = rank if rank != rank else error_in_order(block)
        if bad is not None or number != number:
            return number if bad is None else bad
        values = block.ordered
        return float(pick(values, int(number))) if number >= 1 and int(number) <= len(values) else NUM

    return computed


def error_in_order(block: LongRange) -> float | None:
    """The first error of a range that is looked at in its order."""
    values = block.ordered
    return first_error(block.counted()) if len(values) and values[-1] != values[-1] else None


long_form("SMALL")(_ordered_long(lambda values, rank: values[rank - 1]))
long_form("LARGE")(_ordered_long(lambda values, rank: values[len(values) - rank]))


@long_form("MEDIAN")
def _median_long(*arguments: Any) -> Column:
    values = np.concatenate(
        [each.counted() if isinstance(each, LongRange) else [columns.number(each)] for each in arguments]
    )
    bad = first_error(values)
    return bad if bad is not None else float(np.median(values)) if len(values) else NUM

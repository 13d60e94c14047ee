"""Ranges of many rows, such as the columns of an Excel table: each column as one array, where a block has cells.

What is here gives what `array_functions` gives for the same range as a block, and is fast where a range is long; a
function that is not here is given the block.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xladdin.core.errors import NA, NUM, VALUE
from xladdin.workbook import columns
from xladdin.workbook.array_functions import BINARY, NATIVE, REFERENCE, Block, criterion, divide, numeric_criterion
from xladdin.workbook.columns import Column, apply

Call = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Tall:
    """A range: its columns, each an array with an element for every row."""

    columns: list[Any]

    @property
    def height(self) -> int:
        return len(self.columns[0])

    @functools.cached_property
    def numbers(self) -> list[tuple[Any, Any]]:
        """Each column as floats, and where it holds numbers or errors at all."""
        return [_as_numbers(column) for column in self.columns]

    @functools.cached_property
    def block(self) -> Block:
        """The range cell by cell."""
        return [list(row) for row in zip(*(column.tolist() for column in self.columns), strict=True)]

    def counted(self) -> Any:
        """The numbers and errors of the range row by row, without its texts, booleans and blanks."""
        values, holds = (
            each[0] if len(each) == 1 else np.column_stack(each) for each in zip(*self.numbers, strict=True)
        )
        return values[holds]


def _as_numbers(column: Any) -> tuple[Any, Any]:
    if column.dtype == np.float64:
        return column, np.ones(len(column), dtype=np.bool_)
    if column.dtype == np.bool_:
        return np.zeros(len(column)), np.zeros(len(column), dtype=np.bool_)
    members = column.tolist()
    holds = np.fromiter((type(member) is float for member in members), np.bool_, len(members))
    values = np.fromiter((member if type(member) is float else 0.0 for member in members), np.float64, len(members))
    return values, holds


def function(name: str) -> Call:
    """The function of a name, for arguments that may be tall ranges."""
    native, tall = NATIVE[name].call, _TALL.get(name)

    def computed(*arguments: Any) -> Any:
        if not any(isinstance(argument, Tall) for argument in arguments):
            return native(*arguments)
        if tall is None or any(isinstance(argument, list) for argument in arguments):
            return native(*(argument.block if isinstance(argument, Tall) else argument for argument in arguments))
        return _for_each_row(tall, arguments)

    return computed


def by_cell(operation: Call, operands: list[Any], of_blocks: Call) -> Any:
    """An operation on each cell of ranges, of which some are tall."""
    tall = [operand for operand in operands if isinstance(operand, Tall)]
    if not tall:
        return of_blocks(operation, operands)
    width = max(len(operand.columns) for operand in tall)
    if (
        any(isinstance(operand, list) for operand in operands)
        or len({operand.height for operand in tall}) > 1
        or any(len(operand.columns) not in (1, width) for operand in tall)
    ):
        return of_blocks(operation, [each.block if isinstance(each, Tall) else each for each in operands])

    def at(operand: Any, place: int) -> Column:
        return operand.columns[min(place, len(operand.columns) - 1)] if isinstance(operand, Tall) else operand

    found = (operation(*(at(operand, place) for operand in operands)) for place in range(width))
    return Tall([columns.full(column, tall[0].height) for column in found])


def _for_each_row(call: Call, arguments: tuple[Any, ...]) -> Any:
    """The function once for every different value of the arguments that vary from row to row."""
    varying = [place for place, argument in enumerate(arguments) if isinstance(argument, np.ndarray)]
    if not varying:
        return call(*arguments)

    @functools.cache
    def of_values(*values: Any) -> Any:
        given = list(arguments)
        for place, value in zip(varying, values, strict=True):
            given[place] = value
        return call(*given)

    return apply(of_values, *(arguments[place] for place in varying))


def _first_error(values: Any) -> Any:
    """The first error among numbers, or nothing."""
    bad = np.isnan(values)
    return float(values[bad.argmax()]) if bad.any() else None


# Functions that take what is left of each range, and the rest of their arguments as they are


def _reducing(name: str, reduce: Call) -> Call:
    """SUM and its kin: a tall range counts as the one cell that it comes to."""
    native = NATIVE[name].call

    def reduced(tall: Tall) -> Block:
        values = tall.counted()
        if not len(values):
            return [[None]]
        bad = _first_error(values)
        return [[bad if bad is not None else columns.finished(float(reduce(values)))]]

    return lambda *arguments: native(*(reduced(each) if isinstance(each, Tall) else each for each in arguments))


def _counting(name: str, count: Callable[[Tall], int]) -> Call:
    native = NATIVE[name].call

    def counted(*arguments: Any) -> Column:
        found = float(sum(count(argument) for argument in arguments if isinstance(argument, Tall)))
        others = [argument for argument in arguments if not isinstance(argument, Tall)]
        return BINARY["+"](native(*others), found) if others else found

    return counted


def _count_where(test: Callable[[Any], bool]) -> Callable[[Tall], int]:
    return lambda tall: sum(int(np.count_nonzero(apply(test, column))) for column in tall.columns)


_sum = _reducing("SUM", np.sum)
_count = _counting("COUNT", lambda tall: int(np.count_nonzero(~np.isnan(tall.counted()))))


def _average(*arguments: Any) -> Column:
    return divide(_sum(*arguments), _count(*arguments))


def _sumproduct(*arguments: Any) -> Column:
    """Texts, booleans and blanks count as 0."""
    shapes = {(each.height, len(each.columns)) if isinstance(each, Tall) else (1, 1) for each in arguments}
    if len(shapes) > 1:
        return VALUE
    groups = zip(*(each.numbers for each in arguments), strict=True)
    products = np.column_stack([functools.reduce(BINARY["*"], [values for values, _ in group]) for group in groups])
    bad = _first_error(products.ravel())
    return bad if bad is not None else columns.finished(float(np.sum(products)))


# Functions of one range


def _ordered(pick: Callable[[Any, int], float]) -> Call:
    def computed(block: Any, place: Any) -> Column:
        if not isinstance(block, Tall):
            return VALUE
        values, number = block.counted(), columns.number(place)
        bad = place if place != place else _first_error(values)
        if bad is not None or number != number:
            return number if bad is None else bad
        return float(pick(values, int(number))) if number >= 1 and int(number) <= len(values) else NUM

    return computed


def _median(*arguments: Any) -> Column:
    values = np.concatenate(
        [each.counted() if isinstance(each, Tall) else [columns.number(each)] for each in arguments]
    )
    bad = _first_error(values)
    return bad if bad is not None else float(np.median(values)) if len(values) else NUM


def _index(block: Any, row: Any, column: Any = None) -> Column:
    if not isinstance(block, Tall) or block.height == 1:
        return NATIVE["INDEX"].call(block.block if isinstance(block, Tall) else block, row, column)
    down, across = columns.number(row), columns.number(column)
    if down != down or across != across:
        return down if down != down else across
    places = int(down), int(across) or (1 if len(block.columns) == 1 else 0)
    if not places[0] or not places[1]:
        return VALUE  # a whole row or column, where one value is expected
    if not (1 <= places[0] <= block.height and 1 <= places[1] <= len(block.columns)):
        return REFERENCE
    found = block.columns[places[1] - 1][places[0] - 1]
    return found.item() if isinstance(found, np.generic) else found


def _match(wanted: Any, block: Any, kind: Any = 1.0) -> Column:
    is_number = type(wanted) is float and wanted == wanted
    if not (isinstance(block, Tall) and is_number and columns.number(kind) == 0):
        return NATIVE["MATCH"].call(wanted, block.block if isinstance(block, Tall) else block, kind)
    found = [holds & (values == wanted) for values, holds in block.numbers]
    places = np.flatnonzero(np.column_stack(found).ravel())
    return float(places[0] + 1) if len(places) else NA


# Criteria


def _meets(tall: Tall, wanted: Any) -> list[Any]:
    """For each column, where a criterion is met."""
    numeric = numeric_criterion(wanted)
    if numeric is None:
        test = criterion(wanted)
        return [np.asarray(apply(test, column), dtype=np.bool_) for column in tall.columns]
    sign, holds, number = numeric
    return [
        np.where(is_number & (values == values), holds(values, number), sign == "<>")
        for values, is_number in tall.numbers
    ]


def _meeting(pairs: tuple[Any, ...]) -> list[Any] | None:
    """For each column of equally shaped ranges, where all criteria are met; none where the shapes differ."""
    ranges = [each if isinstance(each, Tall) else Tall([columns.full(each, 1)]) for each in pairs[::2]]
    if len({(each.height, len(each.columns)) for each in ranges}) > 1:
        return None
    met = [_meets(each, wanted) for each, wanted in zip(ranges, pairs[1::2], strict=True)]
    return [functools.reduce(np.logical_and, group) for group in zip(*met, strict=True)]


def _countifs(*pairs: Any) -> Column:
    found = _meeting(pairs)
    return VALUE if found is None else float(sum(int(np.count_nonzero(met)) for met in found))


def _chosen(values: Any, pairs: tuple[Any, ...]) -> Any:
    """The numbers of a range where the criteria are met, or nothing where the shapes differ."""
    found = _meeting(pairs)
    if found is None or not isinstance(values, Tall) or len(found) != len(values.columns):
        return None
    if len(found[0]) != values.height:
        return None
    return np.concatenate(
        [numbers[met & is_number] for met, (numbers, is_number) in zip(found, values.numbers, strict=True)]
    )


def _sumifs(summed: Any, *pairs: Any) -> Column:
    values = _chosen(summed, pairs)
    if values is None:
        return VALUE
    bad = _first_error(values)
    return bad if bad is not None else columns.finished(float(np.sum(values)))


def _sumif(block: Any, wanted: Any, summed: Any = None) -> Column:
    return _sumifs(block if summed is None else summed, block, wanted)


def _averageif(block: Any, wanted: Any, averaged: Any = None) -> Column:
    values = _chosen(block if averaged is None else averaged, (block, wanted))
    if values is None:
        return VALUE
    bad = _first_error(values)
    return bad if bad is not None else divide(float(np.sum(values)), float(len(values)))


_TALL: dict[str, Call] = {
    "SUM": _sum,
    "SUMSQ": _reducing("SUM", lambda values: np.sum(values * values)),
    "MIN": _reducing("MIN", np.min),
    "MAX": _reducing("MAX", np.max),
    "COUNT": _count,
    "COUNTA": _counting("COUNTA", _count_where(lambda value: value is not None)),
    "COUNTBLANK": _counting("COUNTBLANK", _count_where(lambda value: value is None or value == "")),
    "AVERAGE": _average,
    "SUMPRODUCT": _sumproduct,
    "SMALL": _ordered(lambda values, place: np.partition(values, place - 1)[place - 1]),
    "LARGE": _ordered(lambda values, place: np.partition(values, len(values) - place)[len(values) - place]),
    "MEDIAN": _median,
    "INDEX": _index,
    "MATCH": _match,
    "COUNTIF": _countifs,
    "COUNTIFS": _countifs,
    "SUMIF": _sumif,
    "SUMIFS": _sumifs,
    "AVERAGEIF": _averageif,
    "ROWS": lambda tall: float(tall.height),
    "COLUMNS": lambda tall: float(len(tall.columns)),
}

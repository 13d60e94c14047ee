"""The functions that every spreadsheet has, on columns: all rows of a batch at once.

An argument is a column (`columns`), or a block for a range: a list of rows of columns. A function that need not look
at all of its arguments (IF and its kin) is given them as calls without arguments.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import itertools
import math
import operator
import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from openpyxl.utils.datetime import from_excel, to_excel

from xladdin.core.errors import NA, NUM, VALUE, error
from xladdin.workbook import columns
from xladdin.workbook.builtins import number_formats
from xladdin.workbook.columns import Column, apply, choose, errors, finished, numbers, through_errors, truths

Block = list[list[Column]]
Delayed = Callable[[], Any]

DIVISION_BY_ZERO = error("#DIV/0!")
REFERENCE = error("#REF!")


@dataclass(frozen=True, slots=True)
class Native:
    """How a function is called: with how many arguments, and which of them may be ranges."""

    call: Callable[..., Any]
    fewest: int
    most: int
    ranges: frozenset[int] | None = frozenset()  # None: any of them
    delayed: bool = False
    arrays: bool = False  # whether the arguments are computed as arrays, as in SUMPRODUCT


NATIVE: dict[str, Native] = {}
_MANY = 255


def native(
    name: str, fewest: int, most: int | None = None, ranges: tuple[int, ...] | None = (), **how: bool
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def declare(call: Callable[..., Any]) -> Callable[..., Any]:
        accepted = None if ranges is None else frozenset(ranges)
        NATIVE[name] = Native(call, fewest, fewest if most is None else most, accepted, **how)
        return call

    return declare


def _by_row(name: str, fewest: int, most: int, function: Callable[..., Any]) -> None:
    """Declare a function of elements; an error among them is the result."""
    guarded = through_errors(function)
    native(name, fewest, most)(lambda *arguments: apply(guarded, *arguments))


# Operators


def _arithmetic(operation: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    def computed(left: Column, right: Column) -> Column:
        left, right = numbers(left), numbers(right)
        return finished(operation(left, right), left, right)

    return computed


def divide(left: Column, right: Column) -> Column:
    left, right = numbers(left), numbers(right)
    result = finished(np.divide(left, right), left, right)
    by_zero = (right == 0) & (left == left)
    return choose(by_zero, DIVISION_BY_ZERO, result) if np.any(by_zero) else result


def _with_errors(result: Column, *operands: Column) -> Column:
    """A result with the errors of its operands, which arithmetic does not always keep: NaN to the power of 0 is 1."""
    for operand in reversed(operands):
        if np.any(errors(operand)):
            result = choose(errors(operand), operand, result)
    return result


def power(left: Column, right: Column) -> Column:
    left, right = numbers(left), numbers(right)
    result = _with_errors(finished(np.power(left, right), left, right), left, right)
    zero = left == 0
    if not np.any(zero):
        return result
    return choose(zero & (right < 0), DIVISION_BY_ZERO, choose(zero & (right == 0), NUM, result))


def _comparison(holds: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    by_element = through_errors(lambda left, right: holds(_compared(left, right), 0))
    if holds is operator.eq:
        by_element = _equals

    def computed(left: Column, right: Column) -> Column:
        if columns.is_numeric(left) and columns.is_numeric(right):
            result = holds(left, right)
            bad = (left != left) | (right != right)
            if not np.any(bad):
                near = columns.nearly_equal(left, right)
                result = choose(near, holds(0, 0), result) if np.any(near) else result
                return result if isinstance(result, np.ndarray) else bool(result)
        return apply(by_element, left, right)

    return computed


def _compared(left: Any, right: Any) -> int:
    """-1, 0 or 1 as an operator has it: unlike MATCH and its kin it looks at 15 digits of a number."""
    if type(left) is type(right) is float and columns.nearly_equal(left, right):
        return 0
    return columns.compare(left, right)


def _equals(left: Any, right: Any) -> Any:
    if type(left) is type(right) is str:
        return left == right or left.casefold() == right.casefold()
    if left != left:
        return left
    return right if right != right else _compared(left, right) == 0


def concatenate(*arguments: Column) -> Column:
    """Texts one after another."""
    count = columns.length(arguments)
    if count is None:
        return _joined(*map(columns.text, arguments))
    texts = [_text_members(argument, count) for argument in arguments]
    if any(text is None for text in texts):
        return apply(lambda *values: _joined(*map(columns.text, values)), *arguments)
    return columns.from_values(list(map("".join, zip(*texts, strict=False))))


def _text_members(column: Column, count: int) -> Iterable[Any] | None:
    """A column's elements as texts, or none where an error is among them."""
    if not isinstance(column, np.ndarray):
        text = columns.text(column)
        return itertools.repeat(text, count) if text == text else None
    texts: list[Any] = column.tolist()
    if set(map(type, texts)) != {str}:
        texts = list(map(columns.text, texts))
    return texts if set(map(type, texts)) == {str} else None


def _joined(*texts: Any) -> Any:
    return next((text for text in texts if text != text), None) or "".join(texts)


def negate(value: Column) -> Column:
    value = numbers(value)
    return finished(np.negative(value), value)


def percent(value: Column) -> Column:
    value = numbers(value)
    return finished(value / 100.0, value)


BINARY: dict[str, Callable[[Column, Column], Column]] = {
    "+": _arithmetic(np.add),
    "-": _arithmetic(np.subtract),
    "*": _arithmetic(np.multiply),
    "/": divide,
    "^": power,
    "&": concatenate,
    "=": _comparison(operator.eq),
    "<>": _comparison(operator.ne),
    "<": _comparison(operator.lt),
    "<=": _comparison(operator.le),
    ">": _comparison(operator.gt),
    ">=": _comparison(operator.ge),
}
UNARY: dict[str, Callable[[Column], Column]] = {"-": negate, "+": lambda value: value, "%": percent}


# Choices


@native("IF", 2, 3, delayed=True)
def _if(condition: Delayed, chosen: Delayed, other: Delayed = lambda: False) -> Column:
    return select(truths(condition()), chosen, other)


def select(holds: Column, chosen: Delayed, other: Delayed) -> Column:
    """The one where it holds and the other where not; what no row takes is not computed."""
    if not isinstance(holds, np.ndarray):
        return holds if holds != holds else chosen() if holds else other()
    if holds.dtype != np.bool_:
        bad = errors(holds)
        taken = np.array([value is True for value in holds.tolist()], dtype=np.bool_)
        return choose(bad, holds, select(taken, chosen, other))
    if holds.all():
        return chosen()
    return choose(holds, chosen(), other()) if holds.any() else other()


@native("IFS", 2, _MANY, delayed=True)
def _ifs(*pairs: Delayed) -> Column:
    if not pairs:
        return NA
    return select(truths(pairs[0]()), pairs[1], lambda: _ifs(*pairs[2:]))


@native("IFERROR", 2, delayed=True)
def _iferror(value: Delayed, other: Delayed) -> Column:
    found = value()
    bad = errors(found)
    return choose(bad, other(), found) if np.any(bad) else found


@native("IFNA", 2, delayed=True)
def _ifna(value: Delayed, other: Delayed) -> Column:
    found = value()
    bad = _is_na(found)
    return choose(bad, other(), found) if np.any(bad) else found


@native("SWITCH", 3, _MANY, delayed=True)
def _switch(value: Delayed, *cases: Delayed) -> Column:
    found = value()

    def from_case(index: int) -> Column:
        if index >= len(cases):
            return NA
        if index == len(cases) - 1:
            return cases[index]()
        holds = BINARY["="](found, cases[index]())
        return select(holds, cases[index + 1], lambda: from_case(index + 2))

    return from_case(0)


@native("CHOOSE", 2, _MANY, delayed=True)
def _choose(index: Delayed, *options: Delayed) -> Column:
    place = numbers(index())

    def from_option(number: int) -> Column:
        if number > len(options):
            return choose(place != place, place, VALUE)
        holds = (place >= number) & (place < number + 1)
        return select(holds, options[number - 1], lambda: from_option(number + 1))

    return from_option(1)


def _is_na(column: Column) -> Any:
    bad = errors(column)
    if not np.any(bad):
        return bad
    return apply(lambda value: value != value and columns.shown_error(value) == "#N/A", column)


def _flags(test: Callable[[Any], bool]) -> Callable[[Column], Column]:
    return lambda column: apply(test, column)


def _as_flag(column: Column) -> Column:
    found = errors(column)
    return found if isinstance(found, np.ndarray) else bool(found)


native("ISERROR", 1)(_as_flag)
native("ISNA", 1)(_is_na)
native("ISERR", 1)(_flags(lambda value: value != value and columns.shown_error(value) != "#N/A"))


@native("ISNUMBER", 1)
def _isnumber(column: Column) -> Column:
    if isinstance(column, np.ndarray) and column.dtype == np.float64:
        return column == column
    return apply(lambda value: type(value) is float and value == value, column)


native("ISTEXT", 1)(_flags(lambda value: type(value) is str))
native("ISNONTEXT", 1)(_flags(lambda value: type(value) is not str))
native("ISLOGICAL", 1)(_flags(lambda value: type(value) is bool))
native("ISBLANK", 1)(_flags(lambda value: value is None))
native("NA", 0)(lambda: NA)
native("TRUE", 0)(lambda: True)
native("FALSE", 0)(lambda: False)
native("PI", 0)(lambda: math.pi)


def _conditions(arguments: tuple[Any, ...]) -> Iterator[Column]:
    """Each condition; text and blanks in a range do not count."""
    for argument in arguments:
        if isinstance(argument, list):
            for cell in itertools.chain.from_iterable(argument):
                yield apply(lambda value: None if value is None or type(value) is str else columns.truth(value), cell)
        else:
            yield truths(argument)


def _logical(decide: Callable[[list[bool]], bool], of_booleans: Any) -> Callable[..., Column]:
    def by_element(*values: Any) -> Any:
        for value in values:
            if value != value:
                return value
        counted = [value for value in values if value is not None]
        return decide(counted) if counted else VALUE

    def computed(*arguments: Any) -> Column:
        found = list(_conditions(arguments))
        if found and all(columns.is_boolean(column) for column in found):
            result = functools.reduce(of_booleans, found)
            return result if isinstance(result, np.ndarray) else bool(result)
        return apply(by_element, *found) if found else VALUE

    return computed


native("AND", 1, _MANY, None)(_logical(all, np.logical_and))
native("OR", 1, _MANY, None)(_logical(any, np.logical_or))
native("XOR", 1, _MANY, None)(_logical(lambda counted: sum(counted) % 2 == 1, np.logical_xor))


@native("NOT", 1)
def _not(value: Column) -> Column:
    return apply(through_errors(operator.not_), truths(value))


# Numbers of ranges


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


def _reduced(operation: Callable[[Any, Any], Any], start: float) -> Callable[..., Column]:
    def computed(*arguments: Any) -> Column:
        total: Any = start
        found = list(_counted(arguments))
        for value, counts in found:
            total = operation(total, value if counts is True else np.where(counts, value, start))
        if any(counts is True for _, counts in found):
            return finished(total, *(value for value, _ in found))
        nothing = ~functools.reduce(operator.or_, (np.asarray(counts) for _, counts in found), np.False_)
        if np.any(nothing):
            total = choose(nothing if nothing.ndim else bool(nothing), 0.0, total)
        return finished(total, *(value for value, _ in found))

    return computed


sum_of = _reduced(np.add, 0.0)
native("SUM", 1, _MANY, None)(sum_of)
native("PRODUCT", 1, _MANY, None)(_reduced(np.multiply, 1.0))
native("MIN", 1, _MANY, None)(_reduced(np.minimum, math.inf))
native("MAX", 1, _MANY, None)(_reduced(np.maximum, -math.inf))


@native("SUMSQ", 1, _MANY, None)
def _sumsq(*arguments: Any) -> Column:
    return sum_of([[choose(counts, finished(value * value, value), "") for value, counts in _counted(arguments)]])


@native("COUNT", 1, _MANY, None)
def count(*arguments: Any) -> Column:
    total: Any = 0.0
    for value, counts in _counted(arguments):
        total = total + np.where(np.isnan(value) | ~np.asarray(counts), 0.0, 1.0)
    return total if isinstance(total, np.ndarray) and total.ndim else float(total)


@native("COUNTA", 1, _MANY, None)
def _counta(*arguments: Any) -> Column:
    return _sum_of_flags(lambda value: value is not None, _cells(arguments))


@native("COUNTBLANK", 1, 1, None)
def _countblank(*arguments: Any) -> Column:
    return _sum_of_flags(lambda value: value is None or value == "", _cells(arguments))


def _cells(arguments: tuple[Any, ...]) -> Iterator[Column]:
    for argument in arguments:
        if isinstance(argument, list):
            yield from itertools.chain.from_iterable(argument)
        else:
            yield argument


def _sum_of_flags(test: Callable[[Any], bool], cells: Iterator[Column]) -> Column:
    total: Any = 0.0
    for cell in cells:
        total = total + apply(test, cell)
    return total


@native("AVERAGE", 1, _MANY, None)
def _average(*arguments: Any) -> Column:
    found = list(_counted(arguments))
    total = sum_of(*arguments)
    counted = sum(np.where(counts, 1.0, 0.0) for _, counts in found) if found else 0.0
    return divide(total, counted if isinstance(counted, np.ndarray) and counted.ndim else float(counted))


@native("SUMPRODUCT", 1, _MANY, None, arrays=True)
def _sumproduct(*arguments: Any) -> Column:
    blocks = [argument if isinstance(argument, list) else [[argument]] for argument in arguments]
    if len({(len(block), len(block[0])) for block in blocks}) > 1:
        return VALUE
    products = [
        functools.reduce(BINARY["*"], (apply(_number_or_zero, cell) for cell in cells))
        for cells in zip(*(itertools.chain.from_iterable(block) for block in blocks), strict=True)
    ]
    return sum_of([products])


def _number_or_zero(value: Any) -> float:
    return value if type(value) is float else 0.0


def _ordered(pick: Callable[[list[float], int], float]) -> Callable[..., Column]:
    """SMALL and its kin: a member of a range by its place in the order."""

    def by_element(place: Any, *values: Any) -> Any:
        found = sorted(value for value in values if type(value) is float)
        place = columns.number(place)
        if place != place:
            return place
        return pick(found, int(place)) if place >= 1 and int(place) <= len(found) else NUM

    guarded = through_errors(by_element)
    return lambda block, place: apply(guarded, place, *_cells((block,)))


native("SMALL", 2, 2, (0,))(_ordered(lambda found, place: found[place - 1]))
native("LARGE", 2, 2, (0,))(_ordered(lambda found, place: found[-place]))


@native("MEDIAN", 1, _MANY, None)
def _median(*arguments: Any) -> Column:
    def by_element(*values: Any) -> float:
        found = sorted(value for value in values if type(value) is float)
        middle = len(found) // 2
        if not found:
            return NUM
        return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2

    return apply(through_errors(by_element), *_cells(arguments))


# Criteria


_CRITERION = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_HOLDS = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@functools.lru_cache(4096, typed=True)
def criterion(wanted: Any) -> Callable[[Any], bool]:
    """Whether a cell meets a criterion such as ">5" or "CH*"."""
    numeric = numeric_criterion(wanted)
    if numeric:
        sign, holds, number = numeric
        return lambda value: holds(value, number) if type(value) is float and value == value else sign == "<>"
    if type(wanted) is not str:
        return lambda value: type(value) is type(wanted) and value == wanted
    found = _CRITERION.fullmatch(wanted)
    assert found is not None
    sign, rest = found[1] or "=", found[2]
    holds = _HOLDS[sign]
    if rest == "":
        is_empty = (lambda value: value is None) if found[1] else (lambda value: value is None or value == "")
        return (lambda value: not is_empty(value)) if sign == "<>" else is_empty
    if sign in ("=", "<>"):
        matches = re.compile(_wildcards(rest), re.IGNORECASE | re.DOTALL).fullmatch
        return lambda value: (type(value) is str and matches(value) is not None) is (sign == "=")
    return lambda value: type(value) is str and holds(value.casefold(), rest.casefold())


@functools.lru_cache(4096, typed=True)
def numeric_criterion(wanted: Any) -> tuple[str, Callable[[Any, Any], Any], float] | None:
    """The sign, the comparison and the number of a criterion that compares numbers, or none of another."""
    if wanted is None:
        wanted = 0.0
    if type(wanted) is float:
        return ("=", operator.eq, wanted) if wanted == wanted else None
    found = _CRITERION.fullmatch(wanted) if type(wanted) is str else None
    if not found:
        return None
    sign, number = found[1] or "=", columns.number_of_text(found[2])
    return (sign, _HOLDS[sign], number) if number == number else None


def _wildcards(pattern: str) -> str:
    """A pattern with * and ? (and ~ before one that is meant itself) as a regular expression."""
    parts = re.findall(r"~[*?~]|[*?]|[^*?~]+|~", pattern)
    return "".join({"*": ".*", "?": "."}.get(part) or re.escape(part.removeprefix("~") or part) for part in parts)


def _meeting(pairs: tuple[Any, ...]) -> list[Column] | None:
    """For each cell of equally shaped ranges, where all criteria are met; none where the shapes differ."""
    blocks = [block if isinstance(block, list) else [[block]] for block in pairs[::2]]
    if len({(len(block), len(block[0])) for block in blocks}) > 1:
        return None

    def met(wanted: tuple[Any, ...]) -> Callable[..., bool]:
        return lambda *values: all(criterion(w)(value) for w, value in zip(wanted, values, strict=True))

    cells = zip(*(itertools.chain.from_iterable(block) for block in blocks), strict=True)
    wanted = pairs[1::2]
    if columns.length(wanted) is None:
        if len(wanted) == 1:
            test = criterion(wanted[0])
            return [apply(test, *group) for group in cells]
        test_all = met(tuple(wanted))
        return [apply(test_all, *group) for group in cells]
    half = len(wanted)
    return [apply(lambda *values: met(values[:half])(*values[half:]), *wanted, *group) for group in cells]


@native("COUNTIF", 2, 2, (0,))
def _countif(block: Any, wanted: Column) -> Column:
    return _countifs(block, wanted)


@native("COUNTIFS", 2, _MANY, tuple(range(0, _MANY, 2)))
def _countifs(*pairs: Any) -> Column:
    found = _meeting(pairs)
    return VALUE if found is None else sum((numbers(met) for met in found), 0.0)


@native("SUMIF", 2, 3, (0, 2))
def _sumif(block: Any, wanted: Column, summed: Any = None) -> Column:
    return _sumifs(block if summed is None else summed, block, wanted)


@native("SUMIFS", 3, _MANY, (0, *range(1, _MANY, 2)))
def _sumifs(summed: Any, *pairs: Any) -> Column:
    chosen = _chosen(summed, pairs)
    return VALUE if chosen is None else sum_of([chosen])


@native("AVERAGEIF", 2, 3, (0, 2))
def _averageif(block: Any, wanted: Column, averaged: Any = None) -> Column:
    chosen = _chosen(block if averaged is None else averaged, (block, wanted))
    return VALUE if chosen is None else _average([chosen])


def _chosen(block: Any, pairs: tuple[Any, ...]) -> list[Column] | None:
    """The cells of a range where the criteria are met, blank elsewhere."""
    found = _meeting(pairs)
    cells = list(_cells((block,)))
    if found is None or len(found) != len(cells):
        return None
    return [choose(met, cell, None) for met, cell in zip(found, cells, strict=True)]


# Looking up


def _flat(block: Any) -> list[Column]:
    return list(_cells((block,)))


def _in_block(function: Callable[..., Any], block: Any, *arguments: Column) -> Column:
    """A function of a range's cells (a list) and elements, row by row."""
    cells = _flat(block)
    size = len(cells)
    return apply(lambda *values: function(list(values[:size]), *values[size:]), *cells, *arguments)


@native("INDEX", 2, 3, (0,))
def _index(block: Any, row: Column, column: Column = None) -> Column:
    rows = block if isinstance(block, list) else [[block]]
    height, width = len(rows), len(rows[0])
    if column is None and height == 1:
        row, column = 1.0, row
    flat = _flat(rows)

    @through_errors
    def place(row: Any, column: Any) -> float:
        for number in (columns.number(row), columns.number(column)):
            if number != number:
                return number
        down, across = int(columns.number(row)), int(columns.number(column))
        down, across = down or (1 if height == 1 else 0), across or (1 if width == 1 else 0)
        if not down or not across:
            return VALUE  # a whole row or column, where one value is expected
        return float((down - 1) * width + across - 1) if 1 <= down <= height and 1 <= across <= width else REFERENCE

    places = apply(place, row, column)
    if not isinstance(places, np.ndarray):
        return places if places != places else flat[int(places)]
    result: Column = places  # errors stay; every other element is overwritten
    for found in np.unique(places[places == places]):
        result = choose(places == found, flat[int(found)], result)
    return result


@native("MATCH", 2, 3, (1,))
def _match(wanted: Column, block: Any, kind: Column = 1.0) -> Column:
    def by_element(cells: list[Any], wanted: Any, kind: Any) -> float:
        found = _position(cells, wanted, int(columns.number(kind)))
        return NA if found is None else float(found + 1)

    return _in_block(_first_argument_error(by_element), block, wanted, kind)


def _first_argument_error(function: Callable[..., Any]) -> Callable[..., Any]:
    """An error among the arguments after the range is the result; one inside the range is only a cell."""

    def guarded(cells: list[Any], *values: Any) -> Any:
        return next((value for value in values if value != value), None) or function(cells, *values)

    return guarded


def _position(cells: list[Any], wanted: Any, kind: int) -> int | None:
    """The place of a value: equal to it (0), the last that is not above (1), or the last that is not below (-1)."""
    if wanted is None:
        wanted = 0.0
    if kind == 0:
        return _exact_position(cells, wanted)
    found = None
    for index, cell in enumerate(cells):
        if cell is None or cell != cell or columns.rank(cell)[0] != columns.rank(wanted)[0]:
            continue
        order = columns.compare(cell, wanted)
        if order * kind > 0:
            break
        found = index
    return found


def _exact_position(cells: list[Any], wanted: Any) -> int | None:
    if type(wanted) is str and re.search(r"[*?~]", wanted):
        matches = re.compile(_wildcards(wanted), re.IGNORECASE | re.DOTALL).fullmatch
        return next((i for i, cell in enumerate(cells) if type(cell) is str and matches(cell)), None)
    key = columns.rank(wanted)
    return next(
        (i for i, cell in enumerate(cells) if cell is not None and cell == cell and columns.rank(cell) == key), None
    )


@native("VLOOKUP", 3, 4, (1,))
def _vlookup(wanted: Column, block: Any, column: Column, nearest: Column = True) -> Column:
    rows = block if isinstance(block, list) else [[block]]
    return _looked_up(wanted, [row[0] for row in rows], rows, column, nearest)


@native("HLOOKUP", 3, 4, (1,))
def _hlookup(wanted: Column, block: Any, row: Column, nearest: Column = True) -> Column:
    rows = block if isinstance(block, list) else [[block]]
    return _looked_up(wanted, rows[0], [list(cells) for cells in zip(*rows, strict=True)], row, nearest)


def _looked_up(wanted: Column, keys: list[Column], block: Any, place: Column, nearest: Column) -> Column:
    kind = select(truths(False if nearest is None else nearest), lambda: 1.0, lambda: 0.0)
    return _index(block, _match(wanted, [keys], kind), place)


@native("XLOOKUP", 3, 6, (1, 2))
def _xlookup(
    wanted: Column, keys: Any, block: Any, missing: Column = NA, kind: Column = 0.0, direction: Column = 1.0
) -> Column:
    def by_element(cells: list[Any], wanted: Any, kind: Any, direction: Any) -> float:
        backwards = columns.number(direction) < 0
        ordered = cells[::-1] if backwards else cells
        found = _nearest(ordered, wanted, int(columns.number(kind)))
        return NA if found is None else float(len(cells) - found if backwards else found + 1)

    place = _in_block(_first_argument_error(by_element), keys, wanted, kind, 1.0 if direction is None else direction)
    result = _index([[cell] for cell in _flat(block)], place)
    return choose(_is_na(place), choose(errors(wanted), wanted, missing), result) if np.any(errors(place)) else result


def _nearest(cells: list[Any], wanted: Any, kind: int) -> int | None:
    """XLOOKUP's place of a value: equal, or (-1) the next smaller, or (1) the next larger; wildcards only for 2."""
    key = columns.rank(0.0 if wanted is None else wanted)
    if kind == 2:
        return _exact_position(cells, wanted)
    ranked = [(columns.rank(cell), index) for index, cell in enumerate(cells) if cell is not None and cell == cell]
    exact = next((index for rank, index in ranked if rank == key), None)
    if exact is not None or kind == 0:
        return exact
    candidates = [
        (rank, index) for rank, index in ranked if rank[0] == key[0] and (rank < key if kind < 0 else rank > key)
    ]
    if not candidates:
        return None
    best = (max if kind < 0 else min)(rank for rank, _ in candidates)
    return next(index for rank, index in candidates if rank == best)


native("ROWS", 1, 1, (0,))(lambda block: float(len(block)) if isinstance(block, list) else 1.0)
native("COLUMNS", 1, 1, (0,))(lambda block: float(len(block[0])) if isinstance(block, list) else 1.0)


# Numbers


def _ufunc(name: str, function: Callable[[Any], Any]) -> None:
    def computed(value: Column) -> Column:
        value = numbers(value)
        return finished(function(value), value)

    native(name, 1)(computed)


_ufunc("ABS", np.abs)
_ufunc("SQRT", np.sqrt)
_ufunc("EXP", np.exp)
_ufunc("LN", np.log)
_ufunc("LOG10", np.log10)
_ufunc("INT", np.floor)
_ufunc("SIGN", np.sign)
native("POWER", 2)(power)


@native("LOG", 1, 2)
def _log(value: Column, base: Column = 10.0) -> Column:
    value, base = numbers(value), numbers(base)
    if not isinstance(base, np.ndarray) and base == 10:
        return finished(np.log10(value), value)
    logarithm = finished(np.log(value), value)
    return _with_errors(divide(logarithm, finished(np.log(base), base)), value, base)


@native("MOD", 2)
def _mod(value: Column, divisor: Column) -> Column:
    value, divisor = numbers(value), numbers(divisor)
    result = finished(value - divisor * np.floor(np.divide(value, divisor)), value, divisor)
    by_zero = (divisor == 0) & (value == value)
    return choose(by_zero, DIVISION_BY_ZERO, result) if np.any(by_zero) else result


def _rounding(whole: Callable[[Any], Any]) -> Callable[[Column, Column], Column]:
    """Rounding of the size of a number at a decimal, as the 15 digits that a spreadsheet sees have it."""

    def computed(value: Column, digits: Column = 0.0) -> Column:
        value, digits = numbers(value), numbers(digits)
        places = np.trunc(digits)
        scale = np.power(10.0, np.abs(places))
        scaled = np.where(places < 0, np.abs(value) / scale, np.abs(value) * scale)
        size = np.where(places < 0, whole(scaled) * scale, whole(scaled) / scale)
        result = np.where(scaled < 1e15, np.copysign(size, value), value)
        shaped = result if result.ndim else float(result)
        return _with_errors(finished(shaped, value, digits), value, digits)

    return computed


_SLACK = 2.0**-51  # two units in the last place: what decimal digits cost when they are made binary and scaled
native("ROUND", 2)(_rounding(lambda scaled: np.floor(scaled * (1 + _SLACK) + 0.5)))
native("ROUNDUP", 2)(_rounding(lambda scaled: np.ceil(scaled * (1 - _SLACK))))
native("ROUNDDOWN", 2)(_rounding(lambda scaled: np.floor(scaled * (1 + _SLACK))))
native("TRUNC", 1, 2)(_rounding(lambda scaled: np.floor(scaled * (1 + _SLACK))))


def _to_multiple(whole: Callable[[float], float], sign_matters: bool) -> Callable[[Any, Any], float]:
    def by_element(value: Any, multiple: Any) -> float:
        value, multiple = columns.number(value), columns.number(multiple)
        if value != value or multiple != multiple:
            return float(value if value != value else multiple)
        if multiple == 0:
            return 0.0
        if value * multiple < 0 and (sign_matters or value > 0):
            return NUM
        return float(whole(value / multiple) * multiple)

    return by_element


_by_row("MROUND", 2, 2, _to_multiple(lambda ratio: math.floor(ratio * (1 + _SLACK) + 0.5), True))
_by_row("CEILING", 2, 2, _to_multiple(lambda ratio: math.ceil(ratio * (1 - math.copysign(_SLACK, ratio))), False))
_by_row("FLOOR", 2, 2, _to_multiple(lambda ratio: math.floor(ratio * (1 + math.copysign(_SLACK, ratio))), False))


@through_errors
def _normal_probability(value: Any) -> Any:
    found = columns.number(value)
    return found if found != found else 0.5 * math.erfc(-found / math.sqrt(2.0))


native("NORMSDIST", 1)(lambda value: apply(_normal_probability, value))


@native("NORM.S.DIST", 2)
def _norm_s_dist(value: Column, cumulative: Column) -> Column:
    @through_errors
    def density(value: Any) -> Any:
        found = columns.number(value)
        return found if found != found else math.exp(-found * found / 2) / math.sqrt(2 * math.pi)

    return select(truths(cumulative), lambda: apply(_normal_probability, value), lambda: apply(density, value))


@through_errors
def _normal_quantile(value: Any) -> Any:
    found = columns.number(value)
    return found if found != found else _STANDARD_NORMAL.inv_cdf(found)  # outside 0 to 1 a ValueError: #NUM!


_STANDARD_NORMAL = statistics.NormalDist()
for _name in ("NORMSINV", "NORM.S.INV"):
    native(_name, 1)(lambda value: apply(_normal_quantile, value))


# Text


def _count_of(value: Any) -> int:
    found = columns.number(value)
    if found != found or found < 0:
        raise ValueError
    return int(found)


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of text elements; a count or place that is none is #VALUE!."""

    def by_element(value: Any, *others: Any) -> Any:
        try:
            return function(columns.text(value), *others)
        except ValueError:
            return VALUE

    return by_element


def _search(wanted: Any, within: Any, start: Any, matches: Callable[[str, str, int], int]) -> float:
    first = _count_of(start)
    found = matches(columns.text(wanted), columns.text(within), first - 1) if first else -1
    if found < 0:
        raise ValueError
    return float(found + 1)


def _search_any_case(wanted: str, within: str, start: int) -> int:
    found = re.compile(_wildcards(wanted), re.IGNORECASE | re.DOTALL).search(within, start)
    return found.start() if found else -1


def _substitute(value: str, old: Any, new: Any, which: Any = None) -> Any:
    old, new = columns.text(old), columns.text(new)
    if not old:
        return value
    if which is None:
        return value.replace(old, new)
    parts = value.split(old)
    place = _count_of(which)
    if not place:
        raise ValueError
    return value if place >= len(parts) else old.join(parts[:place]) + new + old.join(parts[place:])


def _mid(value: str, start: Any, size: Any) -> str:
    first = _count_of(start)
    if not first:
        raise ValueError
    return value[first - 1 : first - 1 + _count_of(size)]


def _right(value: str, size: Any = 1.0) -> str:
    kept = _count_of(size)
    return value[-kept:] if kept else ""


_by_row("LEN", 1, 1, _of_text(lambda value: float(len(value))))
_by_row("UPPER", 1, 1, _of_text(str.upper))
_by_row("LOWER", 1, 1, _of_text(str.lower))
_by_row("PROPER", 1, 1, _of_text(str.title))
_by_row("TRIM", 1, 1, _of_text(lambda value: re.sub(" +", " ", value.strip(" "))))
_by_row("LEFT", 1, 2, _of_text(lambda value, size=1.0: value[: _count_of(size)]))
_by_row("RIGHT", 1, 2, _of_text(_right))
_by_row("MID", 3, 3, _of_text(_mid))
_by_row("REPT", 2, 2, _of_text(lambda value, times: value * _count_of(times)))
_by_row("SUBSTITUTE", 3, 4, _of_text(_substitute))
_by_row("EXACT", 2, 2, lambda left, right: columns.text(left) == columns.text(right))
_by_row("SEARCH", 2, 3, _of_text(lambda wanted, within, start=1.0: _search(wanted, within, start, _search_any_case)))
_by_row(
    "FIND",
    2,
    3,
    _of_text(lambda wanted, within, start=1.0: _search(wanted, within, start, lambda w, t, s: t.find(w, s))),
)
_by_row("VALUE", 1, 1, columns.number)
_by_row("N", 1, 1, lambda value: value if type(value) is float else 1.0 if value is True else 0.0)
_by_row("T", 1, 1, lambda value: value if type(value) is str else "")
native("CONCATENATE", 1, _MANY)(concatenate)


@native("CONCAT", 1, _MANY, None)
def _concat(*arguments: Any) -> Column:
    return concatenate(*_cells(arguments))


@native("TEXT", 2)
def _text(value: Column, pattern: Column) -> Column:
    """Each pattern is a plain one: the compiler sees to it."""
    if not isinstance(pattern, np.ndarray):
        return number_formats.shown(value, pattern) if isinstance(pattern, str) else pattern
    result = pattern.copy()  # errors stay; every other element is overwritten
    for each in {one for one in pattern.tolist() if isinstance(one, str)}:
        rows = np.array(pattern == each, dtype=np.bool_)
        result[rows] = number_formats.shown(value[rows] if isinstance(value, np.ndarray) else value, each)
    return columns.from_values(result.tolist())


# Money and time


def _numbers_only(function: Callable[..., float]) -> Callable[..., float]:
    def by_element(*values: Any) -> float:
        found = [columns.number(value) for value in values]
        return next((value for value in found if value != value), None) or float(function(*found))

    return by_element


def _pmt(rate: float, periods: float, present: float, future: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(present + future) / periods
    growth = math.pow(1 + rate, periods)
    return -(present * growth + future) * rate / ((1 + rate * bool(due)) * (growth - 1))


def _fv(rate: float, periods: float, payment: float, present: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(present + payment * periods)
    growth = math.pow(1 + rate, periods)
    return -(present * growth + payment * (1 + rate * bool(due)) * (growth - 1) / rate)


def _pv(rate: float, periods: float, payment: float, future: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(future + payment * periods)
    growth = math.pow(1 + rate, periods)
    return -(future + payment * (1 + rate * bool(due)) * (growth - 1) / rate) / growth


def _nper(rate: float, payment: float, present: float, future: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(present + future) / payment
    paid = payment * (1 + rate * bool(due)) / rate
    return math.log((paid - future) / (paid + present)) / math.log(1 + rate)


for _name, _function in {"PMT": _pmt, "FV": _fv, "PV": _pv, "NPER": _nper}.items():
    _by_row(_name, 3, 5, _numbers_only(_function))


def _serial(year: int, month: int, day: float) -> float:
    """The serial number of a date whose month and day may lie beyond the year and the month."""
    if not 0 <= year <= 9999:
        return NUM
    years, month = divmod(month - 1, 12)
    first = datetime.date((year + 1900 if year < 1900 else year) + years, month + 1, 1)
    serial = float(to_excel(first + datetime.timedelta(days=math.floor(day) - 1)))
    return serial if serial >= 0 else NUM


def _moment(serial: float) -> datetime.datetime:
    found = from_excel(math.floor(serial)) if 1 <= serial < 2958466 else None
    if not isinstance(found, datetime.datetime):
        raise ValueError
    return found


def _months_later(serial: float, months: float, end: bool) -> float:
    start = _moment(serial)
    years, month = divmod(start.month - 1 + int(months), 12)
    last = calendar.monthrange(start.year + years, month + 1)[1]
    return _serial(start.year + years, month + 1, last if end else min(start.day, last))


_by_row("DATE", 3, 3, _numbers_only(lambda year, month, day: _serial(int(year), math.floor(month), day)))
_by_row("EDATE", 2, 2, _numbers_only(lambda serial, months: _months_later(serial, months, False)))
_by_row("EOMONTH", 2, 2, _numbers_only(lambda serial, months: _months_later(serial, months, True)))
_by_row("YEAR", 1, 1, _numbers_only(lambda serial: _moment(serial).year))
_by_row("MONTH", 1, 1, _numbers_only(lambda serial: _moment(serial).month))
_by_row("DAY", 1, 1, _numbers_only(lambda serial: _moment(serial).day))

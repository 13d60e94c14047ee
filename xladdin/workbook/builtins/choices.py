"""Functions that choose, ask and decide."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from xladdin.core.errors import NA, error_text
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.registry import CELLS, NUMBER, TRUTH, VALUE, Lazy, builtin, elementwise
from xladdin.workbook.columns import Column, apply, choose, errors, numbers, some, through_errors, truths


@builtin("IF", VALUE, VALUE, VALUE, required=2, is_lazy=True)
def _if(condition: Lazy, chosen: Lazy, other: Lazy = lambda: False) -> Column:
    return select(truths(condition()), chosen, other)


def select(holds: Column, chosen: Lazy, other: Lazy) -> Column:
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


@builtin("IFS", VALUE, VALUE, repeats=2, is_lazy=True)
def _ifs(*pairs: Lazy) -> Column:
    if len(pairs) < 2:
        return NA
    return select(truths(pairs[0]()), pairs[1], lambda: _ifs(*pairs[2:]))


@builtin("IFERROR", VALUE, VALUE, is_lazy=True)
def _iferror(value: Lazy, other: Lazy) -> Column:
    found = value()
    bad = errors(found)
    return choose(bad, other(), found) if some(bad) else found


@builtin("IFNA", VALUE, VALUE, is_lazy=True)
def _ifna(value: Lazy, other: Lazy) -> Column:
    found = value()
    bad = is_na(found)
    return choose(bad, other(), found) if some(bad) else found


@builtin("SWITCH", VALUE, VALUE, VALUE, repeats=1, is_lazy=True)
def _switch(value: Lazy, *cases: Lazy) -> Column:
    found = value()

    def from_case(index: int) -> Column:
        if index >= len(cases):
            return NA
        if index == len(cases) - 1:
            return cases[index]()
        holds = apply(_is_case, found, cases[index]())
        return select(holds, cases[index + 1], lambda: from_case(index + 2))

    return from_case(0)


def _is_case(value: Any, case: Any) -> Any:
    """Whether two values are equal for SWITCH, to which a blank is a number alone."""
    for each in (value, case):
        if each is not None and each != each:
            return each
    if (value is None or case is None) and {type(value), type(case)} & {str, bool}:
        return False
    return columns.compare(value, case) == 0


@builtin("CHOOSE", VALUE, VALUE, repeats=1, is_lazy=True)
def _choose(index: Lazy, *options: Lazy) -> Column:
    chosen = numbers(index())

    def from_option(number: int) -> Column:
        if number > len(options):
            return choose(chosen != chosen, chosen, VALUE_ERROR)
        holds = (chosen >= number) & (chosen < number + 1)
        return select(holds, options[number - 1], lambda: from_option(number + 1))

    return from_option(1)


def is_na(column: Column) -> Any:
    """Where a column is #N/A."""
    bad = errors(column)
    if not some(bad):
        return bad
    return apply(lambda value: value != value and error_text(value) == "#N/A", column)


def _asks(name: str, test: Callable[[Any], bool]) -> None:
    builtin(name, VALUE)(lambda column: apply(test, column))


def _as_flag(column: Column) -> Column:
    found = errors(column)
    return found if isinstance(found, np.ndarray) else bool(found)


builtin("ISERROR", VALUE)(_as_flag)
builtin("ISNA", VALUE)(is_na)
_asks("ISERR", lambda value: value != value and error_text(value) != "#N/A")


@builtin("ISNUMBER", VALUE)
def _isnumber(column: Column) -> Column:
    if isinstance(column, np.ndarray) and column.dtype == np.float64:
        return column == column
    return apply(lambda value: type(value) is float and value == value, column)


_asks("ISTEXT", lambda value: type(value) is str)
_asks("ISNONTEXT", lambda value: type(value) is not str)
_asks("ISLOGICAL", lambda value: type(value) is bool)
_asks("ISBLANK", lambda value: value is None)
builtin("NA")(lambda: NA)
builtin("TRUE")(lambda: True)
builtin("FALSE")(lambda: False)
builtin("PI")(lambda: math.pi)


def _parity(name: str, rest: int) -> None:
    elementwise(name, VALUE, fails=VALUE_ERROR)(lambda value: math.trunc(_number_of(value)) % 2 == rest)


def _number_of(value: Any) -> float:
    if type(value) is bool:
        raise ValueError
    return columns.number(value)


_parity("ISEVEN", 0)
_parity("ISODD", 1)
_ERROR_NUMBERS = {
    **{"#NULL!": 1.0, "#DIV/0!": 2.0, "#VALUE!": 3.0, "#REF!": 4.0, "#NAME?": 5.0, "#NUM!": 6.0, "#N/A": 7.0},
}


@builtin("ERROR.TYPE", VALUE)
def _error_type(column: Column) -> Column:
    return apply(lambda value: _ERROR_NUMBERS.get(error_text(value), NA) if value != value else NA, column)


@builtin("TYPE", CELLS)
def _type(value: Any) -> Column:
    if isinstance(value, list) and len(value) == len(value[0]) == 1:  # a cell
        value = value[0][0]
    if not isinstance(value, (np.ndarray, str, bool, float, type(None))):
        return 64.0
    return apply(lambda each: 16.0 if each != each else {str: 2.0, bool: 4.0}.get(type(each), 1.0), value)


def _conditions(arguments: tuple[Any, ...]) -> Iterator[Column]:
    """Each condition; text and blanks in a range do not count."""
    for argument in arguments:
        if isinstance(argument, list):
            for cell in itertools.chain.from_iterable(argument):
                yield apply(lambda value: None if value is None or type(value) is str else columns.truth(value), cell)
        else:  # an empty text that is typed in is passed over too
            yield None if type(argument) is str and not argument else truths(argument)


def _logical(decide: Callable[[list[bool]], bool], of_booleans: Any) -> Callable[..., Column]:
    def by_element(*values: Any) -> Any:
        for value in values:
            if value != value:
                return value
        counted = [value for value in values if value is not None]
        return decide(counted) if counted else VALUE_ERROR

    def computed(*arguments: Any) -> Column:
        found = list(_conditions(arguments))
        if found and all(columns.is_boolean(column) for column in found):
            result = functools.reduce(of_booleans, found)
            return result if isinstance(result, np.ndarray) else bool(result)
        return apply(by_element, *found) if found else VALUE_ERROR

    return computed


builtin("AND", CELLS, repeats=1)(_logical(all, np.logical_and))
builtin("OR", CELLS, repeats=1)(_logical(any, np.logical_or))
builtin("XOR", CELLS, repeats=1)(_logical(lambda counted: sum(counted) % 2 == 1, np.logical_xor))


@builtin("NOT", TRUTH)
def _not(value: Column) -> Column:
    return apply(through_errors(operator.not_), value)


elementwise("N", VALUE)(lambda value: value if type(value) is float else 1.0 if value is True else 0.0)
elementwise("T", VALUE)(lambda value: value if type(value) is str else "")
builtin("DELTA", NUMBER, NUMBER, required=1)(lambda left, right=0.0: apply(_delta, left, right))


@through_errors
def _delta(left: float, right: float) -> float:
    return float(left == right)

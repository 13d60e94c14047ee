"""What is known of each function of spreadsheets: how it is called, and what each of its arguments is.

An argument is declared as what the function takes, so that one caller (`call`) makes it so: a number, text or a
condition of every row of a batch, a range of cells, or a call that gives it for functions that need not look at all.

A range is a `Block`, a list of rows of columns, or a `LongRange`, where each column of the range is one array; a
function may have a form of its own for these, declared beside it.
"""

from __future__ import annotations

import enum
import functools
import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from xladdin.core.errors import NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import Block, LongRange, aligned
from xladdin.workbook.columns import Column, apply

Call = Callable[..., Any]
Function = TypeVar("Function", bound=Callable[..., Any])
Lazy = Callable[[], Any]
MANY = 255


class Kind(enum.Enum):
    """What an argument is to a function."""

    VALUE = "a value of any kind"
    NUMBER = "a number"
    PLAIN = "a number, of which TRUE and FALSE are none"
    TEXT = "text"
    TRUTH = "a condition"
    CELLS = "cells, or a value"
    ARRAY = "cells, or what an operation on them cell by cell gives"
    REFERENCE = "a reference, of which the cells need not be looked at"

    @property
    def is_range(self) -> bool:
        """Whether a range is taken as it is."""
        return self in (Kind.CELLS, Kind.ARRAY, Kind.REFERENCE)


VALUE, NUMBER, PLAIN, TEXT, TRUTH = Kind.VALUE, Kind.NUMBER, Kind.PLAIN, Kind.TEXT, Kind.TRUTH
CELLS, ARRAY, REFERENCE = Kind.CELLS, Kind.ARRAY, Kind.REFERENCE
_COERCED: dict[Kind, Callable[[Column], Column]] = {
    NUMBER: columns.numbers,
    TRUTH: columns.truths,
}
_ELEMENTS: dict[Kind, Callable[[Any], Any]] = {
    NUMBER: columns.number,
    PLAIN: lambda value: VALUE_ERROR if type(value) is bool else columns.number(value),
    TEXT: columns.text,
    TRUTH: columns.truth,
}


@dataclass(frozen=True)
class Builtin:
    """A function of spreadsheets.

    Attributes
    ----------
    call : callable
        The function of arguments of any kind, which it makes those that it takes.
    takes : tuple of Kind
        What each argument is.
    required : int
        How many have to be given.
    repeats : int
        How many of the last ones may be given again and again.
    is_lazy : bool
        Whether the arguments are given as calls without arguments.
    by_row : bool
        Whether it is computed for one row of a batch at a time.
    omitted_is_default : bool
        Whether an argument that is left out between commas is its default, and not a blank.
    """

    call: Call
    takes: tuple[Kind, ...]
    required: int
    repeats: int = 0
    is_lazy: bool = False
    by_row: bool = False
    omitted_is_default: bool = False

    @property
    def most(self) -> int:
        """How many arguments may be given."""
        return MANY if self.repeats else len(self.takes)

    def kind(self, index: int) -> Kind:
        """What the argument of an index is."""
        if index < len(self.takes):
            return self.takes[index]
        return self.takes[len(self.takes) - self.repeats + (index - len(self.takes)) % self.repeats]

    @functools.cached_property
    def defaults(self) -> list[Any]:
        """The default of each argument, where it has one."""
        parameters = inspect.signature(inspect.unwrap(self.call)).parameters.values()
        return [None if each.default is inspect.Parameter.empty else each.default for each in parameters]


BUILTINS: dict[str, Builtin] = {}
LONG: dict[str, Call] = {}  # the forms for long ranges, by the function's name


def builtin(
    name: str, *takes: Kind, required: int | None = None, repeats: int = 0, **how: bool
) -> Callable[[Call], Call]:
    """Declare a function of columns and ranges."""

    def declare(function: Function) -> Function:
        call = function if how.get("is_lazy") else _with_columns(function, takes)
        BUILTINS[name] = Builtin(call, takes, len(takes) if required is None else required, repeats, **how)
        return function

    return declare


def elementwise(
    name: str, *takes: Kind, required: int | None = None, fails: float = NUM
) -> Callable[[Function], Function]:
    """Declare a function of elements: an error among them is the result, and one of its own where it fails."""

    def declare(function: Function) -> Function:
        coerced = [_ELEMENTS.get(kind, _as_it_is) for kind in takes]

        def by_element(*values: Any) -> Any:
            given = [change(value) for change, value in zip(coerced, values, strict=False)]
            for value in given:
                if value != value:
                    return value
            try:
                result = function(*given)
            except (ArithmeticError, ValueError):
                return fails
            if type(result) is float and result - result != 0 and result == result:
                return NUM
            return float(result) if type(result) is int else result

        @functools.wraps(function)
        def computed(*arguments: Column) -> Column:
            return apply(by_element, *arguments)

        BUILTINS[name] = Builtin(computed, takes, len(takes) if required is None else required)
        return function

    return declare


def long_form(*names: str) -> Callable[[Function], Function]:
    """Declare a form of functions for arguments of which some are long ranges and none is a block."""

    def declare(function: Function) -> Function:
        LONG.update(dict.fromkeys(names, function))
        return function

    return declare


def of_ranges(
    name: str, *takes: Kind, required: int | None = None, repeats: int = 0, fails: float = NUM, **how: bool
) -> Callable[[Call], Call]:
    """Declare a function of whole ranges and single values, computed for one row of a batch at a time.

    An error among the single values is the result, and one of its own where it fails.
    """

    def declare(function: Function) -> Function:
        @functools.wraps(function)
        def computed(*arguments: Any) -> Any:
            for argument in arguments:
                if type(argument) is float and argument != argument:
                    return argument
            try:
                result = function(*arguments)
            except (ArithmeticError, ValueError):
                return fails
            if isinstance(result, float) and result - result != 0 and result == result:
                return NUM
            return float(result) if isinstance(result, np.floating) else result

        builtin(name, *takes, required=required, repeats=repeats, by_row=True, **how)(computed)
        return function

    return declare


def caller(name: str) -> Call:
    """The function of a name, for arguments that may be long ranges."""
    call, long = BUILTINS[name].call, LONG.get(name)

    def computed(*arguments: Any) -> Any:
        if not any(isinstance(argument, LongRange) for argument in arguments):
            return call(*arguments)
        if long is None or any(isinstance(argument, list) for argument in arguments):
            return call(*(each.block if isinstance(each, LongRange) else each for each in aligned(arguments)))
        return _for_each_row(long, arguments)

    return computed


def _for_each_row(call: Call, arguments: tuple[Any, ...]) -> Any:
    """The function once for every different value of the arguments that vary from row to row."""
    varying = [index for index, argument in enumerate(arguments) if isinstance(argument, np.ndarray)]
    if not varying:
        return call(*arguments)

    @functools.cache
    def of_values(*values: Any) -> Any:
        given = list(arguments)
        for index, value in zip(varying, values, strict=True):
            given[index] = value
        return call(*given)

    return apply(of_values, *(arguments[index] for index in varying))


def _as_it_is(value: Any) -> Any:
    return value


def _with_columns(function: Call, takes: tuple[Kind, ...]) -> Call:
    """The function of columns of any kind."""
    changes = [_COERCED.get(kind) for kind in takes]
    if not any(changes):
        return function

    @functools.wraps(function)
    def computed(*arguments: Any) -> Any:
        return function(
            *(
                change(argument) if change else argument
                for change, argument in itertools.zip_longest(changes[: len(arguments)], arguments)
            )
        )

    return computed


def cells_of(*arguments: Any) -> Iterator[Column]:
    """The cells of ranges and values, one after another."""
    for argument in arguments:
        if isinstance(argument, LongRange):
            yield from itertools.chain.from_iterable(argument.block)
        elif isinstance(argument, list):
            yield from itertools.chain.from_iterable(argument)
        else:
            yield argument


def block_of(argument: Any) -> Block:
    """A range or value as a list of rows."""
    if isinstance(argument, LongRange):
        return argument.block
    return argument if isinstance(argument, list) else [[argument]]

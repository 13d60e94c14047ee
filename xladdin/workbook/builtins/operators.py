"""The operators, on columns."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from xladdin.core.errors import NUM, error
from xladdin.workbook import columns
from xladdin.workbook.builtins.registry import NUMBER, VALUE, builtin
from xladdin.workbook.columns import Column, apply, choose, errors, finished, numbers, some, through_errors

DIVISION_BY_ZERO = error("#DIV/0!")
_NOTHING = 2.0**-49  # relative to what is subtracted: a difference below it is rounding, and shown as 0


def _arithmetic(operation: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    def computed(left: Column, right: Column) -> Column:
        left, right = numbers(left), numbers(right)
        return finished(operation(left, right), left, right)

    return computed


def divide(left: Column, right: Column) -> Column:
    left, right = numbers(left), numbers(right)
    result = finished(np.divide(left, right), left, right)
    by_zero = (right == 0) & (left == left)
    return choose(by_zero, DIVISION_BY_ZERO, result) if some(by_zero) else result


def with_errors(result: Column, *operands: Column) -> Column:
    """A result with the errors of its operands, which arithmetic does not always keep: NaN to the power of 0 is 1."""
    for operand in reversed(operands):
        where = errors(operand)
        if some(where):
            result = choose(where, operand, result)
    return result


def power(left: Column, right: Column) -> Column:
    left, right = numbers(left), numbers(right)
    result = with_errors(finished(np.power(left, right), left, right), left, right)
    zero = left == 0
    if not some(zero):
        return result
    return choose(zero & (right < 0), DIVISION_BY_ZERO, choose(zero & (right == 0), NUM, result))


def _comparison(holds: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    by_element = through_errors(lambda left, right: holds(_compared(left, right), 0))
    if holds is operator.eq:
        by_element = _equals

    def computed(left: Column, right: Column) -> Column:
        if columns.is_numeric(left) and columns.is_numeric(right):
            result = holds(left, right)
            near = columns.nearly_equal(left, right)
            result = choose(near, holds(0, 0), result) if some(near) else result
            return with_errors(result if isinstance(result, np.ndarray) else bool(result), left, right)
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
    return columns.limited(columns.from_values(list(map("".join, zip(*texts, strict=False)))))


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
    return next((text for text in texts if text != text), None) or columns.limited("".join(texts))


def negate(value: Column) -> Column:
    value = numbers(value)
    return finished(np.negative(value), value)


def percent(value: Column) -> Column:
    value = numbers(value)
    return finished(value / 100.0, value)


def without_rounding(sign: str, left: Column, right: Column) -> Column:
    """A sum or difference that a formula ends with: where only rounding is left of it, it is 0."""
    result = BINARY[sign](left, right)
    if not isinstance(result, np.ndarray):
        return 0.0 if result == result and result and abs(result) < abs(columns.number(left)) * _NOTHING else result
    near = (result != 0) & (np.abs(result) < np.abs(numbers(left)) * _NOTHING)
    return np.where(near, 0.0, result) if near.any() else result


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
builtin("POWER", NUMBER, NUMBER)(power)
builtin("CONCATENATE", VALUE, repeats=1)(concatenate)

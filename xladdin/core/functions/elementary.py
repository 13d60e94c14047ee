"""The few operations that a body needs and that floats and arrays do not share: choosing, dividing, exp, log, erfc."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any

from xladdin.core.arrays import np
from xladdin.core.catalog import NUM, Number


def where(condition: Any, value: Number, otherwise: Number) -> Number:
    """`value` where the condition holds and `otherwise` elsewhere; an error given as either keeps its code."""
    if condition is True:
        return value
    if condition is False:
        return otherwise
    if condition.all():
        return value
    chosen: Number = np.where(condition, value, otherwise)
    return chosen


def quotient(numerator: Number, denominator: Number, otherwise: float) -> Number:
    """numerator / denominator where the denominator is positive and `otherwise` elsewhere."""
    positive: Any = denominator > 0
    if positive is True:
        return numerator / denominator
    if positive is False:
        return otherwise
    if positive.all():
        return numerator / denominator
    return np.where(positive, numerator / np.where(positive, denominator, 1.0), otherwise)


def log1p(x: Number) -> Number:
    return math.log1p(x) if isinstance(x, float) else np.log1p(x)


def expm1(x: Number) -> Number:
    return math.expm1(x) if isinstance(x, float) else np.expm1(x)


def exp(x: Number) -> Number:
    return math.exp(x) if isinstance(x, float) else np.exp(x)


def log(x: Number) -> Number:
    return math.log(x) if isinstance(x, float) else np.log(x)


def sqrt(x: Number) -> Number:
    return math.sqrt(x) if isinstance(x, float) else np.sqrt(x)


def maximum(x: Number, y: Number) -> Number:
    return max(x, y) if isinstance(x, float) and isinstance(y, float) else np.maximum(x, y)


def minimum(x: Number, y: Number) -> Number:
    return min(x, y) if isinstance(x, float) and isinstance(y, float) else np.minimum(x, y)


def each(of_floats: Callable[..., float], *values: Number) -> Number:
    """`of_floats` of every element in turn, for what only steps can solve; where it fails the element is #NUM!."""
    if np is None or np.ndarray not in map(type, values):
        return of_floats(*values)

    def guarded(*row: float) -> float:
        try:
            return of_floats(*row)
        except (ArithmeticError, ValueError):
            return NUM

    # What does not vary is not broadcast: for most of many arguments that is nearly all.
    shape = np.broadcast_shapes(*map(np.shape, values))
    columns: list[Iterable[float]] = [
        np.broadcast_to(value, shape).ravel().tolist() if isinstance(value, np.ndarray) else itertools.repeat(value)
        for value in values
    ]
    return np.array(list(map(guarded, *columns))).reshape(shape)


def absolute(x: Number) -> Number:
    return abs(x) if isinstance(x, float) else np.abs(x)

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


# The same in native formulas, with the digits that a small x leaves.
def native_log1p(x: str) -> str:
    """LN(1 + x) in a native formula, with the digits that a small x leaves."""
    series = f"{x}*(1-{x}*(1/2-{x}*(1/3-{x}*(1/4-{x}*(1/5-{x}*(1/6-{x}/7))))))"
    return f"IF(ABS({x})<0.01,{series},LN(1+{x}))"


def native_expm1(x: str) -> str:
    """EXP(x) - 1 in a native formula."""
    return f"IF(ABS({x})<0.001,{x}*(1+{x}/2*(1+{x}/3*(1+{x}/4*(1+{x}/5)))),EXP({x})-1)"


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


def expm1_rest(x: float) -> float:
    """exp(x) - 1 - x, with all of its digits where x is small."""
    if not -0.125 < x < 0.125:
        return math.expm1(x) - x
    # x/(exp(x) - 1) is 1 - x/2 and a series of even powers, by the numbers of Bernoulli.
    square = x * x
    even = square * (1 / 12 - square * (1 / 720 - square * (1 / 30240 - square * (1 / 1209600 - square / 47900160))))
    odd = x / 2 - even
    return x * odd / (1 - odd)


def log1p_rest(x: float) -> float:
    """x - log(1 + x), with all of its digits where x is small."""
    if abs(x) > 0.5:
        return x - math.log1p(x)
    # log(1 + x) is twice the inverse hyperbolic tangent of x/(2 + x).
    ratio = x / (2 + x)
    series = 0.0
    for odd in range(37, 1, -2):
        series = 1 / odd + ratio * ratio * series
    return ratio * (x - 2 * ratio * ratio * series)


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

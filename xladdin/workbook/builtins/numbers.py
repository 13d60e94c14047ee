"""Functions of numbers, one for each row."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from xladdin.core.errors import NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook.builtins.choices import select
from xladdin.workbook.builtins.operators import DIVISION_BY_ZERO, divide, with_errors
from xladdin.workbook.builtins.registry import NUMBER, PLAIN, TRUTH, VALUE, builtin, elementwise
from xladdin.workbook.columns import Column, apply, choose, finished, number, some, through_errors


def _ufunc(name: str, function: Callable[[Any], Any]) -> None:
    builtin(name, NUMBER)(lambda value: finished(function(value), value))


_ufunc("ABS", np.abs)
_ufunc("SQRT", np.sqrt)
_ufunc("EXP", np.exp)
_ufunc("LN", np.log)
_ufunc("LOG10", np.log10)
_ufunc("INT", np.floor)
_ufunc("SIGN", np.sign)


@builtin("LOG", NUMBER, NUMBER, required=1)
def _log(value: Column, base: Column = 10.0) -> Column:
    if not isinstance(base, np.ndarray) and base == 10:
        return finished(np.log10(value), value)
    logarithm = finished(np.log(value), value)
    return with_errors(divide(logarithm, finished(np.log(base), base)), value, base)


@builtin("MOD", NUMBER, NUMBER)
def _mod(value: Column, divisor: Column) -> Column:
    result = finished(np.mod(value, divisor), value, divisor)
    by_zero = (divisor == 0) & (value == value)
    return choose(by_zero, DIVISION_BY_ZERO, result) if some(by_zero) else result


@elementwise("QUOTIENT", PLAIN, PLAIN)
def _quotient(value: float, divisor: float) -> float:
    return float(math.trunc(value / divisor)) if divisor else DIVISION_BY_ZERO


def _rounding(whole: Callable[[Any], Any]) -> Callable[..., Column]:
    """Rounding of the size of a number at a decimal, as the 15 digits that a spreadsheet sees have it."""

    def computed(value: Column, digits: Column = 0.0) -> Column:
        places = np.trunc(digits)
        scale = np.power(10.0, np.abs(places))
        scaled = np.where(places < 0, np.abs(value) / scale, np.abs(value) * scale)
        size = np.where(places < 0, whole(scaled) * scale, whole(scaled) / scale)
        result = np.where(scaled < 1e15, np.copysign(size, value), value)
        shaped = result if result.ndim else float(result)
        return with_errors(finished(shaped, value, digits), value, digits)

    return computed


_SLACK = 2.0**-51  # two units in the last place: what decimal digits cost when they are made binary and scaled
builtin("ROUND", NUMBER, NUMBER)(_rounding(lambda scaled: np.floor(scaled * (1 + _SLACK) + 0.5)))
builtin("ROUNDUP", NUMBER, NUMBER)(_rounding(lambda scaled: np.ceil(scaled * (1 - _SLACK))))
builtin("ROUNDDOWN", NUMBER, NUMBER)(_rounding(lambda scaled: np.floor(scaled * (1 + _SLACK))))
builtin("TRUNC", NUMBER, NUMBER, required=1)(_rounding(lambda scaled: np.floor(scaled * (1 + _SLACK))))


def _floor(ratio: float) -> float:
    return math.floor(_as_seen(ratio))


def _ceiling(ratio: float) -> float:
    return math.ceil(_as_seen(ratio))


def _as_seen(ratio: float) -> float:
    """A ratio to the 15 digits that a spreadsheet sees."""
    return float(f"{ratio:.15g}")


@elementwise("MROUND", PLAIN, PLAIN)
def _mround(value: float, multiple: float) -> float:
    if value * multiple < 0:
        return NUM
    return math.floor(value / multiple * (1 + _SLACK) + 0.5) * multiple if multiple else 0.0


@elementwise("CEILING", NUMBER, NUMBER)
def _to_ceiling(value: float, multiple: float) -> float:
    if value > 0 > multiple:
        return NUM
    return _ceiling(value / multiple) * multiple if multiple else 0.0


@elementwise("FLOOR", NUMBER, NUMBER)
def _to_floor(value: float, multiple: float) -> float:
    if value > 0 > multiple:
        return NUM
    if not multiple:
        return DIVISION_BY_ZERO if value else 0.0
    return _floor(value / multiple) * multiple


def _math_rounding(name: str, up: bool, has_mode: bool) -> None:
    """CEILING.MATH and its kin: to a multiple of the size of the second number, by the mode away from zero or not."""

    def computed(value: float, multiple: float = 1.0, mode: float = 0.0) -> float:
        size = abs(multiple)
        if not size or not value:
            return 0.0
        away = bool(mode) and value < 0
        return (_ceiling if up is not away else _floor)(value / size) * size

    takes = (NUMBER, NUMBER, NUMBER) if has_mode else (NUMBER, NUMBER)
    elementwise(name, *takes, required=1)(computed)


_math_rounding("CEILING.MATH", True, True)
_math_rounding("FLOOR.MATH", False, True)
_math_rounding("CEILING.PRECISE", True, False)
_math_rounding("ISO.CEILING", True, False)
_math_rounding("FLOOR.PRECISE", False, False)


def _to_parity(rest: int) -> Callable[[float], float]:
    def computed(value: float) -> float:
        size = math.ceil(abs(value))
        size += size % 2 != rest
        return math.copysign(size, value) if size else 0.0

    return computed


elementwise("EVEN", NUMBER)(_to_parity(0))
elementwise("ODD", NUMBER)(lambda value: math.copysign(_to_parity(1)(value), value or 1.0))

_LARGEST_ANGLE = 2.0**27
_QUARTER = Fraction(0xC90FDAA22168C235, 2**63)  # of a turn, with the 64 binary digits that spreadsheets count it by
_SMALL = 1e-3


def _angle(function: Callable[[float], float], at_quarters: Callable[[int, float], float]) -> Callable[[float], float]:
    """A function of angles; beside whole quarters of a turn the last digits hang on how exact a quarter is."""

    def computed(value: float) -> float:
        if abs(value) >= _LARGEST_ANGLE:
            return NUM
        quarters = round(value / (math.pi / 2))
        if not quarters or abs(value - quarters * (math.pi / 2)) > _SMALL:
            return function(value)
        return at_quarters(quarters % 4, float(Fraction(value) - quarters * _QUARTER))

    return computed


def _sine(quarters: int, rest: float) -> float:
    size = math.cos(rest) if quarters % 2 else math.sin(rest)
    return -size if quarters >= 2 else size


def _cosine(quarters: int, rest: float) -> float:
    return _sine((quarters + 1) % 4, rest)


def _tangent(quarters: int, rest: float) -> float:
    return -1 / math.tan(rest) if quarters % 2 else math.tan(rest)


for _name, _function in {
    "SIN": _angle(math.sin, _sine),
    "COS": _angle(math.cos, _cosine),
    "TAN": _angle(math.tan, _tangent),
    "ASIN": math.asin,
    "ACOS": math.acos,
    "ATAN": math.atan,
    "SINH": math.sinh,
    "COSH": math.cosh,
    "TANH": math.tanh,
    "ASINH": math.asinh,
    "ACOSH": math.acosh,
    "ATANH": math.atanh,
    "DEGREES": math.degrees,
    "RADIANS": math.radians,
}.items():
    elementwise(_name, NUMBER)(_function)


def _reciprocal(name: str, function: Callable[[float], float]) -> None:
    """Declare one over another function."""

    def computed(value: float) -> float:
        try:
            found = function(value)
        except OverflowError:
            return 0.0
        if found != found:
            return found
        return 1 / found if found else DIVISION_BY_ZERO

    elementwise(name, NUMBER)(computed)


_reciprocal("COT", _angle(math.tan, _tangent))
_reciprocal("CSC", _angle(math.sin, _sine))
_reciprocal("SEC", _angle(math.cos, _cosine))
_reciprocal("COTH", math.tanh)
_reciprocal("CSCH", math.sinh)
_reciprocal("SECH", math.cosh)
elementwise("ACOT", NUMBER)(lambda value: math.atan2(1.0, value))  # exact for large numbers too
elementwise("ACOTH", NUMBER)(lambda value: math.atanh(1 / value) if abs(value) > 1 else NUM)

_LETTERS = "MDCLXVI"
_SIZES = (1000, 500, 100, 50, 10, 5, 1)


@elementwise("ROMAN", NUMBER, VALUE, required=1)
def _roman(value: float, form: Any = None) -> Any:
    """By its form a smaller letter may stand before a larger one, so many steps further down than usual."""
    steps = 0.0 if form is None or form is True else 4.0 if form is False else number(form)
    if steps != steps:
        return steps
    left, most = math.floor(value), math.floor(steps)
    if not 0 <= left <= 3999 or not 0 <= most <= 4:
        return VALUE_ERROR
    found = ""
    for power in range(0, len(_SIZES), 2):
        digit = left // _SIZES[power]
        if digit % 5 != 4:
            found += _LETTERS[power - 1] * (digit > 4) + _LETTERS[power] * (digit % 5)
            left %= _SIZES[power]
            continue
        large = power - 1 if digit == 4 else power - 2
        small = power
        while small < min(power + most, len(_SIZES) - 1) and _SIZES[large] - _SIZES[small + 1] <= left:
            small += 1
        found += _LETTERS[small] + _LETTERS[large]
        left -= _SIZES[large] - _SIZES[small]
    return found


@elementwise("ATAN2", NUMBER, NUMBER)
def _atan2(across: float, up: float) -> float:
    return math.atan2(up, across) if across or up else DIVISION_BY_ZERO


LARGEST_LOGARITHM = 710.0  # of what a cell holds, with a little to spare


@elementwise("FACT", NUMBER)
def _fact(value: float) -> float:
    return float(math.factorial(int(value))) if value < 171 else NUM


@elementwise("COMBIN", NUMBER, NUMBER)
def _combin(count: float, chosen: float) -> float:
    return combinations(int(count), int(chosen))


def combinations(of: int, out: int) -> float:
    """In how many ways so many of so many are chosen; #NUM! where no cell holds it, for that would take for ever."""
    if not 0 <= out <= of:
        return NUM
    size = math.lgamma(of + 1) - math.lgamma(out + 1) - math.lgamma(of - out + 1)
    return float(math.comb(of, out)) if size < LARGEST_LOGARITHM else NUM


def arrangements(of: int, out: int) -> float:
    """In how many orders so many of so many are chosen; #NUM! where no cell holds it."""
    if not 0 <= out <= of:
        return NUM
    size = math.lgamma(of + 1) - math.lgamma(of - out + 1)
    return float(math.perm(of, out)) if size < LARGEST_LOGARITHM else NUM


@through_errors
def _normal_probability(value: Any) -> Any:
    return 0.5 * math.erfc(-value / math.sqrt(2.0))


@through_errors
def _normal_density(value: Any) -> Any:
    return math.exp(-value * value / 2) / math.sqrt(2 * math.pi)


builtin("NORMSDIST", NUMBER)(lambda value: apply(_normal_probability, value))


@builtin("NORM.S.DIST", NUMBER, TRUTH)
def _norm_s_dist(value: Column, cumulative: Column) -> Column:
    return select(cumulative, lambda: apply(_normal_probability, value), lambda: apply(_normal_density, value))


_STANDARD_NORMAL = statistics.NormalDist()
for _name in ("NORMSINV", "NORM.S.INV"):
    # outside 0 to 1 a ValueError: #NUM!
    builtin(_name, NUMBER)(lambda value: apply(through_errors(_STANDARD_NORMAL.inv_cdf), value))

"""Statistics of samples: of one range, and of two whose numbers stand beside each other."""

from __future__ import annotations

import bisect
import collections
import math
from collections.abc import Callable, Sequence
from typing import Any, cast

from xladdin.core.errors import NA, NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.distributions import chi_squared_above, f_above, normal_below, t_above
from xladdin.workbook.builtins.long_range import LongRange
from xladdin.workbook.builtins.numbers import LARGEST_LOGARITHM
from xladdin.workbook.builtins.operators import DIVISION_BY_ZERO
from xladdin.workbook.builtins.ranges import CellError, error_in_order, numbers_of
from xladdin.workbook.builtins.registry import (
    ARRAY,
    BUILTINS,
    CELLS,
    VALUE,
    Call,
    Kind,
    block_of,
    cells_of,
    long_form,
    of_ranges,
)

_NAMES = Callable[[Call], Call]


def _declared(*names: str, takes: tuple[Kind, ...], required: int = 0, repeats: int = 0, **how: bool) -> _NAMES:
    """Declare a function by its names: an error among its cells is the result, and dividing by zero one of its own."""

    def declare(function: Call) -> Call:
        def computed(*arguments: Any) -> Any:
            try:
                return function(*arguments)
            except CellError as error:
                return error.value
            except ZeroDivisionError:
                return DIVISION_BY_ZERO

        for name in names:
            of_ranges(name, *takes, required=required or len(takes), repeats=repeats, **how)(computed)
        return function

    return declare


def _number(value: Any) -> float:
    """A single argument as a number.

    Raises
    ------
    CellError
        When it is none.
    """
    found = columns.number(value)
    if found != found:
        raise CellError(found)
    return found


# Of all numbers


def _of_all(*names: str) -> Callable[[Callable[[list[float]], float]], None]:
    def declare(compute: Callable[[list[float]], float]) -> None:
        _declared(*names, takes=(CELLS,), repeats=1)(lambda *arguments: compute(numbers_of(*arguments)))

    return declare


@_of_all("GEOMEAN")
def _geomean(found: list[float]) -> float:
    return math.exp(math.fsum(map(math.log, found)) / len(found)) if found and min(found) > 0 else NUM


@_of_all("HARMEAN")
def _harmean(found: list[float]) -> float:
    return len(found) / math.fsum(1 / value for value in found) if found and min(found) > 0 else NUM


def _central(found: list[float], power: int) -> float:
    mean = math.fsum(found) / len(found)
    return math.fsum((value - mean) ** power for value in found)


@_of_all("SKEW")
def _skew(found: list[float]) -> float:
    size = len(found)
    deviation = math.sqrt(_central(found, 2) / (size - 1))
    return size / ((size - 1) * (size - 2)) * _central(found, 3) / deviation**3


@_of_all("SKEW.P")
def _skew_p(found: list[float]) -> float:
    deviation = math.sqrt(_central(found, 2) / len(found))
    return _central(found, 3) / len(found) / deviation**3 if len(found) > 2 else DIVISION_BY_ZERO


@_of_all("KURT")
def _kurt(found: list[float]) -> float:
    size = len(found)
    spread = (_central(found, 2) / (size - 1)) ** 2
    first = size * (size + 1) / ((size - 1) * (size - 2) * (size - 3)) * _central(found, 4) / spread
    return first - 3 * (size - 1) ** 2 / ((size - 2) * (size - 3))


def _plain_numbers(*arguments: Any) -> list[float]:
    """The numbers of ranges; anything else that is typed in or a single cell of no number is #VALUE!."""
    found: list[float] = []
    for argument in arguments:
        cells = list(cells_of(argument))
        if len(cells) == 1 and type(cells[0]) is not float:
            raise CellError(VALUE_ERROR)
        found += [value for value in cells if type(value) is float]
    bad = next((value for value in found if value != value), None)
    if bad is not None:
        raise CellError(bad)
    return found


@_declared("MODE", "MODE.SNGL", takes=(CELLS,), repeats=1)
def _mode(*arguments: Any) -> float:
    counts = collections.Counter(_plain_numbers(*arguments))
    value, count = counts.most_common(1)[0] if counts else (NA, 0)
    return value if count > 1 else NA


@_declared("MODE.MULT", takes=(CELLS,), repeats=1)
def _mode_mult(*arguments: Any) -> Any:
    counts = collections.Counter(_plain_numbers(*arguments))
    most = max(counts.values(), default=0)
    return [[value] for value, count in counts.items() if count == most] if most > 1 else NA


def _whole_numbers(*arguments: Any) -> list[int]:
    found = []
    for argument in arguments:
        is_cell = isinstance(argument, list) and len(argument) == len(argument[0]) == 1
        for value in cells_of(argument):
            if type(value) is bool:
                raise CellError(VALUE_ERROR)
            if value is None and is_cell:  # in a longer range it is 0
                continue
            number = _number(value)
            if number < 0 or number >= 2**53:
                raise CellError(NUM)
            found.append(math.floor(number))
    if not found:
        raise CellError(VALUE_ERROR)
    return found


@_declared("GCD", takes=(CELLS,), repeats=1)
def _gcd(*arguments: Any) -> float:
    return float(math.gcd(*_whole_numbers(*arguments)))


@_declared("LCM", takes=(CELLS,), repeats=1)
def _lcm(*arguments: Any) -> float:
    found = math.lcm(*_whole_numbers(*arguments))
    return float(found) if found < 2**53 else NUM


@_declared("MULTINOMIAL", takes=(CELLS,), repeats=1)
def _multinomial(*arguments: Any) -> float:
    counts = _whole_numbers(*arguments)
    if math.lgamma(sum(counts) + 1) - math.fsum(math.lgamma(count + 1) for count in counts) > LARGEST_LOGARITHM:
        return NUM
    total, ways = 0, 1
    for count in counts:
        total += count
        ways *= math.comb(total, count)
    return float(ways)


@_declared("SERIESSUM", takes=(VALUE, VALUE, VALUE, CELLS))
def _seriessum(value: Any, first: Any, step: Any, coefficients: Any) -> float:
    base, start, by = map(_number, (value, first, step))
    return math.fsum(
        _number(factor) * base ** (start + index * by) for index, factor in enumerate(cells_of(coefficients))
    )


# Places in the order


def _in_order(block: Any) -> Sequence[float]:
    """The numbers of a range from the smallest on.

    Raises
    ------
    CellError
        Of the first error.
    """
    if not isinstance(block, LongRange):
        return sorted(numbers_of(block))
    if (bad := error_in_order(block)) is not None:
        raise CellError(bad)
    return cast("Sequence[float]", block.ordered)


def _sample(block: Any) -> Sequence[float]:
    """The numbers of a range from the smallest on.

    Raises
    ------
    CellError
        When there are none, or of the first error.
    """
    found = _in_order(block)
    if not len(found):
        raise CellError(NUM)
    return found


def _between(found: Sequence[float], place: float) -> float:
    """The value at a place in the order that may lie between two."""
    index = math.floor(place)
    if index >= len(found) - 1:
        return found[-1]
    return found[index] + (place - index) * (found[index + 1] - found[index])


@_declared("PERCENTILE", "PERCENTILE.INC", takes=(ARRAY, VALUE))
def _percentile(block: Any, part: Any) -> float:
    found, where = _sample(block), _number(part)
    return _between(found, where * (len(found) - 1)) if 0 <= where <= 1 else NUM


@_declared("PERCENTILE.EXC", takes=(ARRAY, VALUE))
def _percentile_exc(block: Any, part: Any) -> float:
    found, where = _sample(block), _number(part)
    place = where * (len(found) + 1)
    return _between(found, place - 1) if 1 <= place <= len(found) else NUM


@_declared("QUARTILE", "QUARTILE.INC", takes=(ARRAY, VALUE))
def _quartile(block: Any, quarter: Any) -> float:
    found: float = _percentile(block, math.floor(_number(quarter)) / 4)
    return found


@_declared("QUARTILE.EXC", takes=(ARRAY, VALUE))
def _quartile_exc(block: Any, quarter: Any) -> float:
    found: float = _percentile_exc(block, math.floor(_number(quarter)) / 4)
    return found


def _rank_of(name: str, is_exclusive: bool) -> None:
    @_declared(name, takes=(ARRAY, VALUE, VALUE), required=2, omitted_is_default=True)
    def computed(block: Any, value: Any, digits: Any = 3.0) -> float:
        found, wanted, shown = _sample(block), _number(value), math.floor(_number(digits))
        if shown < 1:
            return NUM
        if not found[0] <= wanted <= found[-1]:
            return NA
        below = bisect.bisect_left(found, wanted)
        place = float(below)
        if found[below] != wanted:
            place = below - 1 + (wanted - found[below - 1]) / (found[below] - found[below - 1])
        part = (place + 1) / (len(found) + 1) if is_exclusive else place / (len(found) - 1) if len(found) > 1 else 1.0
        scale = 10.0**shown
        return math.floor(part * scale * (1 + 2.0**-51)) / scale


_rank_of("PERCENTRANK", False)
_rank_of("PERCENTRANK.INC", False)
_rank_of("PERCENTRANK.EXC", True)


def _rank(value: Any, block: Any, ascending: Any) -> tuple[int, int]:
    """How many numbers stand before a value, and how many are equal to it."""
    wanted, found, is_rising = _number(value), _in_order(block), bool(_number(ascending))
    below, upto = bisect.bisect_left(found, wanted), bisect.bisect_right(found, wanted)
    if below == upto:
        raise CellError(NA)
    return below if is_rising else len(found) - upto, upto - below


@_declared("RANK", "RANK.EQ", takes=(VALUE, CELLS, VALUE), required=2)
def _rank_eq(value: Any, block: Any, ascending: Any = 0.0) -> float:
    return float(_rank(value, block, ascending)[0] + 1)


@_declared("RANK.AVG", takes=(VALUE, CELLS, VALUE), required=2)
def _rank_avg(value: Any, block: Any, ascending: Any = 0.0) -> float:
    before, equal = _rank(value, block, ascending)
    return before + (equal + 1) / 2


for _name in (
    *("PERCENTILE", "PERCENTILE.INC", "PERCENTILE.EXC", "QUARTILE", "QUARTILE.INC", "QUARTILE.EXC"),
    *("PERCENTRANK", "PERCENTRANK.INC", "PERCENTRANK.EXC", "RANK", "RANK.EQ", "RANK.AVG"),
):
    long_form(_name)(BUILTINS[_name].call)  # a long range is put into its order once, for all that look at it


@_declared("TRIMMEAN", takes=(ARRAY, VALUE))
def _trimmean(block: Any, part: Any) -> float:
    found, share = _sample(block), _number(part)
    if not 0 <= share < 1:
        return NUM
    cut = math.floor(len(found) * share / 2)
    kept = found[cut : len(found) - cut]
    return math.fsum(kept) / len(kept)


# Of pairs


def _pairs(first: Any, second: Any) -> list[tuple[float, float]]:
    """The numbers that stand beside each other in two ranges of a size.

    Raises
    ------
    CellError
        When they are of different sizes, or of the first error.
    """
    one, other = list(cells_of(first)), list(cells_of(second))
    if len(one) != len(other):
        raise CellError(NA)
    found = [pair for pair in zip(one, other, strict=True) if all(type(value) is float for value in pair)]
    for value in (*one, *other):
        if type(value) is float and value != value:
            raise CellError(value)
    return found


def _of_pairs(*names: str) -> Callable[[Callable[[list[float], list[float]], float]], None]:
    """Declare a function of the numbers of two ranges that stand beside each other."""

    def declare(compute: Callable[[list[float], list[float]], float]) -> None:
        def computed(first: Any, second: Any) -> float:
            found = _pairs(first, second)
            if not found:
                return DIVISION_BY_ZERO
            one, other = map(list, zip(*found, strict=True))
            return compute(one, other)

        _declared(*names, takes=(ARRAY, ARRAY))(computed)

    return declare


def _product(one: list[float], other: list[float]) -> float:
    """The sum of the products of what both deviate from their means."""
    first, second = math.fsum(one) / len(one), math.fsum(other) / len(other)
    return math.fsum((a - first) * (b - second) for a, b in zip(one, other, strict=True))


@_of_pairs("CORREL", "PEARSON")
def _correl(one: list[float], other: list[float]) -> float:
    return _product(one, other) / math.sqrt(_product(one, one) * _product(other, other))


@_of_pairs("RSQ")
def _rsq(one: list[float], other: list[float]) -> float:
    return _product(one, other) ** 2 / (_product(one, one) * _product(other, other))


_of_pairs("COVAR", "COVARIANCE.P")(lambda one, other: _product(one, other) / len(one))
_of_pairs("COVARIANCE.S")(lambda one, other: _product(one, other) / (len(one) - 1))


def _line(ys: list[float], xs: list[float]) -> tuple[float, float]:
    """Slope and intercept of the line through points."""
    slope = _product(xs, ys) / _product(xs, xs)
    return slope, math.fsum(ys) / len(ys) - slope * math.fsum(xs) / len(xs)


_of_pairs("SLOPE")(lambda ys, xs: _line(ys, xs)[0])
_of_pairs("INTERCEPT")(lambda ys, xs: _line(ys, xs)[1])


@_of_pairs("STEYX")
def _steyx(ys: list[float], xs: list[float]) -> float:
    rest = _product(ys, ys) - _product(xs, ys) ** 2 / _product(xs, xs)
    return math.sqrt(rest / (len(xs) - 2)) if len(xs) > 2 else DIVISION_BY_ZERO


@_declared("FORECAST", "FORECAST.LINEAR", takes=(VALUE, ARRAY, ARRAY))
def _forecast(value: Any, ys: Any, xs: Any) -> float:
    wanted, found = _number(value), _pairs(ys, xs)
    slope, start = _line([y for y, _ in found], [x for _, x in found])
    return start + slope * wanted


_of_pairs("SUMX2MY2")(lambda one, other: math.fsum(a * a - b * b for a, b in zip(one, other, strict=True)))
_of_pairs("SUMX2PY2")(lambda one, other: math.fsum(a * a + b * b for a, b in zip(one, other, strict=True)))
_of_pairs("SUMXMY2")(lambda one, other: math.fsum((a - b) ** 2 for a, b in zip(one, other, strict=True)))


@_declared("PROB", takes=(ARRAY, ARRAY, VALUE, VALUE), required=3)
def _prob(values: Any, chances: Any, low: Any, high: Any = None) -> float:
    found, first = _pairs(values, chances), _number(low)
    last = first if high is None else _number(high)
    if not all(0 <= chance <= 1 for _, chance in found) or abs(math.fsum(each for _, each in found) - 1) > 1e-9:
        return NUM
    return math.fsum(chance for value, chance in found if first <= value <= last)


# Tests


@_declared("CHISQ.TEST", "CHITEST", takes=(ARRAY, ARRAY))
def _chisq_test(actual: Any, expected: Any) -> float:
    rows, across = len(block_of(actual)), len(block_of(actual)[0])
    found = _pairs(actual, expected)
    statistic = math.fsum((seen - wanted) ** 2 / wanted for seen, wanted in found)
    degrees = (rows - 1) * (across - 1) if rows > 1 and across > 1 else rows * across - 1
    return chi_squared_above(statistic, degrees) if degrees else NA


def _variance(found: list[float]) -> float:
    return _central(found, 2) / (len(found) - 1)


@_declared("F.TEST", "FTEST", takes=(ARRAY, ARRAY))
def _f_test(first: Any, second: Any) -> float:
    one, other = numbers_of(first), numbers_of(second)
    above = f_above(_variance(one) / _variance(other), len(one) - 1, len(other) - 1)
    return 2 * min(above, 1 - above)


@_declared("T.TEST", "TTEST", takes=(ARRAY, ARRAY, VALUE, VALUE))
def _t_test(first: Any, second: Any, tails: Any, kind: Any) -> float:
    sides, which = math.floor(_number(tails)), math.floor(_number(kind))
    if sides not in (1, 2) or which not in (1, 2, 3):
        return NUM
    if which == 1:
        gaps = [one - other for one, other in _pairs(first, second)]
        degrees = len(gaps) - 1.0
        statistic = math.fsum(gaps) / len(gaps) / math.sqrt(_variance(gaps) / len(gaps))
        return sides * t_above(abs(statistic), degrees)
    one, other = numbers_of(first), numbers_of(second)
    spreads = _variance(one) / len(one), _variance(other) / len(other)
    gap = math.fsum(one) / len(one) - math.fsum(other) / len(other)
    if which == 2:
        degrees = len(one) + len(other) - 2.0
        pooled = (_central(one, 2) + _central(other, 2)) / degrees
        statistic = gap / math.sqrt(pooled * (1 / len(one) + 1 / len(other)))
    else:
        degrees = sum(spreads) ** 2 / (spreads[0] ** 2 / (len(one) - 1) + spreads[1] ** 2 / (len(other) - 1))
        statistic = gap / math.sqrt(sum(spreads))
    return sides * t_above(abs(statistic), degrees)


@_declared("Z.TEST", "ZTEST", takes=(ARRAY, VALUE, VALUE), required=2)
def _z_test(block: Any, mean: Any, deviation: Any = None) -> float:
    found, expected = numbers_of(block), _number(mean)
    if not found:
        return NA
    spread = math.sqrt(_variance(found)) if deviation is None else _number(deviation)
    return 1 - normal_below((math.fsum(found) / len(found) - expected) / (spread / math.sqrt(len(found))))

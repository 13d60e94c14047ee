"""Criteria such as ">5" or "CH*", and the functions that count and add what meets them."""

from __future__ import annotations

import collections
import functools
import itertools
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from xladdin.core.errors import CODES, error
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import LongRange, aligned, first_error, letters
from xladdin.workbook.builtins.operators import divide
from xladdin.workbook.builtins.ranges import average, sum_of
from xladdin.workbook.builtins.registry import BUILTINS, CELLS, VALUE, builtin, cells_of, long_form
from xladdin.workbook.columns import Column, apply, choose, finished, numbers

_CRITERION = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_HOLDS = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_PLAIN = re.compile(r"[^<>=*?~][^*?~]*")
_TRUTHS = {"true": True, "false": False}


@functools.lru_cache(4096, typed=True)
def criterion(wanted: Any) -> Callable[[Any], bool]:
    """Whether a cell meets a criterion such as ">5" or "CH*"."""
    if isinstance(wanted, float) and wanted != wanted:
        return _is_error(wanted)
    numeric = numeric_criterion(wanted)
    if numeric:
        return _compares_numbers(*numeric)
    if type(wanted) is not str:
        return lambda value: type(value) is type(wanted) and value == wanted
    found = _CRITERION.fullmatch(wanted)
    assert found is not None
    sign, rest = found[1] or "=", found[2]
    holds = _HOLDS[sign]
    if rest == "":
        return _is_empty(found[1] or "")
    if rest.casefold() in _TRUTHS:
        truth = _TRUTHS[rest.casefold()]
        return lambda value: holds(value, truth) if type(value) is bool else sign == "<>"
    if sign in ("=", "<>") and rest.upper() in CODES:
        is_error = _is_error(error(rest.upper()))
        return is_error if sign == "=" else lambda value: not is_error(value)
    if sign in ("=", "<>"):
        matches = re.compile(wildcards(rest), re.IGNORECASE | re.DOTALL).fullmatch
        return lambda value: (type(value) is str and matches(value) is not None) is (sign == "=")
    return lambda value: type(value) is str and holds(value.casefold(), rest.casefold())


def _is_error(wanted: float) -> Callable[[Any], bool]:
    text = columns.to_cell(wanted)
    return lambda value: type(value) is float and value != value and columns.to_cell(value) == text


def _is_empty(sign: str) -> Callable[[Any], bool]:
    """A criterion without anything behind its sign."""
    match sign:
        case "":
            return lambda value: value is None or value == ""
        case "=":
            return lambda value: value is None
        case "<>":
            return lambda value: value is not None
    return lambda value: False


def _compares_numbers(sign: str, holds: Callable[[Any, Any], Any], number: float) -> Callable[[Any], bool]:
    def meets(value: Any) -> bool:
        if type(value) is float:
            return bool(holds(value, number)) if value == value else sign == "<>"
        if type(value) is str and sign in ("=", "<>"):  # text that spells the number counts as it
            return sign == "<>" or bool(columns.number_of_text(value) == number)
        return sign == "<>"

    return meets


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


def wildcards(pattern: str) -> str:
    """A pattern with * and ? (and ~ before one that is meant itself) as a regular expression of the whole text.

    What stands between two stars is looked for once, where it comes first: trying all the places where it might be
    would take the longer, the more stars there are.
    """
    first, *others = _between_stars(pattern)
    if not others:
        return first
    return first + "".join(f"(?>.*?{part})" for part in others[:-1] if part) + f".*{others[-1]}"


def wildcard_start(pattern: str, text: str, start: int) -> int:
    """Where a pattern with wildcards is first found in a text from a place on, or -1."""
    place, found = start, -1
    for index, part in enumerate(_between_stars(pattern)):
        match = re.compile(part, re.IGNORECASE | re.DOTALL).search(text, place)
        if match is None:
            return -1
        found = match.start() if not index else found
        place = match.end()
    return found


def _between_stars(pattern: str) -> list[str]:
    """The parts of a pattern between its stars, each as a regular expression of a fixed length."""
    parts = [""]
    for piece in re.findall(r"~.|[*?]|[^*?~]+", pattern, re.DOTALL):  # a ~ with nothing behind it is none
        if piece == "*":
            parts.append("")
        else:
            parts[-1] += "." if piece == "?" else re.escape(piece.removeprefix("~"))
    return parts


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


@builtin("COUNTIF", CELLS, VALUE)
def _countif(block: Any, wanted: Column) -> Column:
    return _countifs(block, wanted)


@builtin("COUNTIFS", CELLS, VALUE, repeats=2)
def _countifs(*pairs: Any) -> Column:
    found = _meeting(pairs)
    return VALUE_ERROR if found is None else sum((numbers(met) for met in found), 0.0)


@builtin("SUMIF", CELLS, VALUE, CELLS, required=2)
def _sumif(block: Any, wanted: Column, summed: Any = None) -> Column:
    return _sumifs(block if summed is None else summed, block, wanted)


@builtin("SUMIFS", CELLS, CELLS, VALUE, repeats=2)
def _sumifs(summed: Any, *pairs: Any) -> Column:
    chosen = _chosen(summed, pairs)
    return VALUE_ERROR if chosen is None else sum_of([chosen])


@builtin("AVERAGEIF", CELLS, VALUE, CELLS, required=2)
def _averageif(block: Any, wanted: Column, averaged: Any = None) -> Column:
    return _averageifs(block if averaged is None else averaged, block, wanted)


@builtin("AVERAGEIFS", CELLS, CELLS, VALUE, repeats=2)
def _averageifs(averaged: Any, *pairs: Any) -> Column:
    chosen = _chosen(averaged, pairs)
    return VALUE_ERROR if chosen is None else average([chosen])


def _of_chosen(name: str, reduced: str) -> None:
    """MAXIFS and MINIFS: a function of the numbers where the criteria are met."""
    reduce = BUILTINS[reduced].call

    def computed(block: Any, *pairs: Any) -> Column:
        chosen = _chosen(block, pairs)
        return VALUE_ERROR if chosen is None else reduce([chosen])

    builtin(name, CELLS, CELLS, VALUE, repeats=2)(computed)


_of_chosen("MAXIFS", "MAX")
_of_chosen("MINIFS", "MIN")


def _chosen(block: Any, pairs: tuple[Any, ...]) -> list[Column] | None:
    """The cells of a range where the criteria are met, blank elsewhere."""
    found = _meeting(pairs)
    cells = list(cells_of(block))
    if found is None or len(found) != len(cells):
        return None
    return [choose(met, cell, None) for met, cell in zip(found, cells, strict=True)]


# For long ranges


def _meets(long: LongRange, wanted: Any) -> list[Any]:
    """For each column, where a criterion is met: often several criteria of many formulas look at one of few columns."""
    if not long.is_short or wanted != wanted:
        return _tested(long, wanted)
    key = type(wanted), wanted
    if key not in long.tested:
        long.tested[key] = _tested(long, wanted)
    return long.tested[key]


def _tested(long: LongRange, wanted: Any) -> list[Any]:
    numeric = numeric_criterion(wanted)
    # A text that spells the number counts as it where equal ones are asked for.
    if numeric is None or (numeric[0] == "=" and any(column.dtype == object for column in long.columns)):
        # Of whole rows the columns that are not in use are one and the same.
        different = {id(column): number for number, column in enumerate(long.columns)}
        test = _met_by_text if _is_text(wanted) else _met_by_each
        found = {key: test(long, number, wanted) for key, number in different.items()}
        return [found[id(column)] for column in long.columns]
    sign, holds, number = numeric
    return [
        np.where(is_number & (values == values), holds(values, number), sign == "<>")
        for values, is_number in long.numbers
    ]


def _is_text(wanted: Any) -> bool:
    """Whether a criterion is met by one text alone, in whatever case: it is looked up, as others ask for others."""
    return (
        type(wanted) is str
        and numeric_criterion(wanted) is None
        and _PLAIN.fullmatch(wanted) is not None
        and wanted.casefold() not in _TRUTHS
        and wanted.upper() not in CODES
    )


def _met_by_text(long: LongRange, number: int, wanted: str) -> Any:
    met = np.zeros(long.used, dtype=np.bool_)
    test = criterion(wanted)
    for text, rows in long.spelled[number].get(letters(wanted), {}).items():
        met[rows] = test(text)
    return met


def _met_by_each(long: LongRange, number: int, wanted: Any) -> Any:
    return np.asarray(apply(criterion(wanted), long.columns[number]), dtype=np.bool_)


def _meeting_long(pairs: tuple[Any, ...]) -> tuple[list[Any], int] | None:
    """For each column of equally shaped ranges, where all criteria are met; how many do beyond the cells in use."""
    ranges = [each if isinstance(each, LongRange) else LongRange.of([columns.full(each, 1)]) for each in pairs[::2]]
    if len({each.shape for each in ranges}) > 1:
        return None
    ranges = aligned(ranges)
    used = ranges[0].used
    met = [_meets(each, wanted) for each, wanted in zip(ranges, pairs[1::2], strict=True)]
    height, width = ranges[0].shape
    blank = height * width - used * len(ranges[0].parts)
    below = blank if all(criterion(wanted)(None) for wanted in pairs[1::2]) else 0
    if len(met) == 1:
        return met[0], below
    return [functools.reduce(np.logical_and, group) for group in zip(*met, strict=True)], below


@long_form("COUNTIF", "COUNTIFS")
def _countifs_long(*pairs: Any) -> Column:
    found = _meeting_long(pairs)
    if found is None:
        return VALUE_ERROR
    counts = collections.Counter(map(id, found[0]))
    different = {id(met): met for met in found[0]}
    return float(sum(counts[key] * int(np.count_nonzero(met)) for key, met in different.items()) + found[1])


def _chosen_long(values: Any, pairs: tuple[Any, ...]) -> Any:
    """The numbers of a range where the criteria are met, or nothing where the shapes differ."""
    if not isinstance(values, LongRange) or values.shape != _shape_of(pairs[0]):
        return None
    values, *ranges = aligned([values, *pairs[::2]])
    found = _meeting_long(tuple(itertools.chain.from_iterable(zip(ranges, pairs[1::2], strict=True))))
    if found is None:
        return None
    return np.concatenate(
        [numbers[met & is_number] for met, (numbers, is_number) in zip(found[0], values.numbers, strict=True)]
    )


def _shape_of(argument: Any) -> tuple[int, int]:
    return argument.shape if isinstance(argument, LongRange) else (1, 1)


@long_form("SUMIFS")
def _sumifs_long(summed: Any, *pairs: Any) -> Column:
    values = _chosen_long(summed, pairs)
    if values is None:
        return VALUE_ERROR
    bad = first_error(values)
    return bad if bad is not None else finished(float(np.sum(values)))


@long_form("SUMIF")
def _sumif_long(block: Any, wanted: Any, summed: Any = None) -> Column:
    return _sumifs_long(block if summed is None else summed, block, wanted)


@long_form("AVERAGEIFS")
def _averageifs_long(averaged: Any, *pairs: Any) -> Column:
    values = _chosen_long(averaged, pairs)
    if values is None:
        return VALUE_ERROR
    bad = first_error(values)
    return bad if bad is not None else divide(float(np.sum(values)), float(len(values)))


@long_form("AVERAGEIF")
def _averageif_long(block: Any, wanted: Any, averaged: Any = None) -> Column:
    return _averageifs_long(block if averaged is None else averaged, block, wanted)


def _of_chosen_long(name: str, reduce: Callable[[Any], Any]) -> None:
    """MAXIFS and MINIFS of long ranges; of nothing it is 0."""

    def computed(block: Any, *pairs: Any) -> Column:
        values = _chosen_long(block, pairs)
        if values is None:
            return VALUE_ERROR
        bad = first_error(values)
        return bad if bad is not None else float(reduce(values)) if len(values) else 0.0

    long_form(name)(computed)


_of_chosen_long("MAXIFS", np.max)
_of_chosen_long("MINIFS", np.min)

"""Functions of long ranges give what the same functions give of the same range cell by cell."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given as given_many
from hypothesis import settings
from hypothesis import strategies as st
from support.books import value_of

from xladdin.core.errors import CODES, error
from xladdin.workbook import columns
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.long_range import LongRange, by_cell
from xladdin.workbook.builtins.operators import BINARY
from xladdin.workbook.builtins.registry import LONG, caller

TOLERANCE = 1e-13  # a sum in pairs and one in a row differ by the last digits

NUMBERS = st.one_of(st.sampled_from([0.0, 1.0, -1.0, 2.0, 2.5, 1e12]), st.floats(-1e6, 1e6).map(lambda x: x + 0.0))
CELLS = st.one_of(
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["long", "LONG", "check", "", "2", None, True, False]),
)
ERRORS = st.one_of(CELLS, st.sampled_from([error("#N/A"), error("#DIV/0!")]))
COLUMNS = st.one_of(
    st.lists(NUMBERS, min_size=1, max_size=12),
    st.lists(CELLS, min_size=1, max_size=12),
    st.lists(st.booleans(), min_size=1, max_size=12),
    st.lists(ERRORS, min_size=1, max_size=12),
)
CRITERIA = st.sampled_from(
    [">0", "<=2", "<>1", "=2", "2", 1.0, True, None, "long", "<>long", "l*", "=", "<>", "", ">b"]
)


def given(**what: Any) -> Any:
    """Fewer examples than elsewhere: there are forty of these tests."""
    return lambda test: settings(max_examples=30)(given_many(**what)(test))


def shown(value: Any) -> Any:
    return columns.to_cell(float(value) if isinstance(value, np.floating) else value)


def same(ours: Any, theirs: Any) -> bool:
    ours, theirs = shown(ours), shown(theirs)
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=1e-6)
    return type(ours) is type(theirs) and bool(ours == theirs)


def ranges(*values: list[Any]) -> tuple[LongRange, list[list[Any]]]:
    """The same range, long and cell by cell."""
    return LongRange.of([columns.from_values(each) for each in values]), [
        list(row) for row in zip(*values, strict=True)
    ]


def compared(name: str, *arguments: tuple[Any, Any]) -> None:
    with np.errstate(all="ignore"):  # as where workbooks are computed
        ours = caller(name)(*(first for first, _ in arguments))
        theirs = BUILTINS[name].call(*(second for _, second in arguments))
    assert same(ours, theirs), (name, shown(ours), shown(theirs))


def both(value: Any) -> tuple[Any, Any]:
    return value, value


@pytest.mark.parametrize(
    "name", ["SUM", "SUMSQ", "MIN", "MAX", "COUNT", "COUNTA", "COUNTBLANK", "AVERAGE", "SUMPRODUCT", "MEDIAN", "ROWS"]
)
@given(values=COLUMNS)
def test_of_one_range(name: str, values: list[Any]) -> None:
    compared(name, ranges(values))


@pytest.mark.parametrize("name", ["SUM", "MIN", "MAX", "COUNT", "COUNTA", "AVERAGE"])
@given(values=COLUMNS, other=NUMBERS)
def test_of_a_range_and_a_value(name: str, values: list[Any], other: float) -> None:
    compared(name, ranges(values), both(other))


@pytest.mark.parametrize("name", ["SMALL", "LARGE", "INDEX"])
@given(values=COLUMNS, place=st.sampled_from([0.0, 1.0, 2.0, 3.9, 12.0, 13.0, "2", "x", error("#N/A")]))
def test_of_a_place(name: str, values: list[Any], place: Any) -> None:
    compared(name, ranges(values), both(place))


@given(values=COLUMNS, wanted=st.one_of(CELLS, st.just(error("#NUM!"))), kind=st.sampled_from([0.0, 1.0, -1.0]))
def test_match(values: list[Any], wanted: Any, kind: float) -> None:
    compared("MATCH", both(wanted), ranges(values), both(kind))


@pytest.mark.parametrize("name", ["RANK", "RANK.EQ", "RANK.AVG"])
@given(values=COLUMNS, wanted=ERRORS, rising=st.sampled_from([0.0, 1.0, error("#N/A"), "x"]))
def test_of_a_rank(name: str, values: list[Any], wanted: Any, rising: Any) -> None:
    for each in (wanted, values[0]):
        compared(name, both(each), ranges(values), both(rising))


@pytest.mark.parametrize("name", ["PERCENTRANK.INC", "PERCENTRANK.EXC", "PERCENTILE.INC", "PERCENTILE.EXC"])
@given(values=COLUMNS, wanted=st.one_of(ERRORS, st.floats(0, 1)))
def test_of_a_part(name: str, values: list[Any], wanted: Any) -> None:
    for each in (wanted, values[0]):
        compared(name, ranges(values), both(each))


@pytest.mark.parametrize("name", ["QUARTILE.INC", "QUARTILE.EXC"])
@given(values=COLUMNS, quarter=st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, "x"]))
def test_of_a_quarter(name: str, values: list[Any], quarter: Any) -> None:
    compared(name, ranges(values), both(quarter))


@given(
    pairs=st.lists(st.tuples(ERRORS, ERRORS), min_size=1, max_size=12),
    wanted=st.one_of(ERRORS, st.just("l*")),
    kind=st.sampled_from([0.0, 0.0, -1.0, 1.0, 2.0, "x"]),
    direction=st.sampled_from([1.0, 1.0, -1.0, 3.0, error("#N/A")]),
)
def test_of_a_key(pairs: list[tuple[Any, Any]], wanted: Any, kind: Any, direction: Any) -> None:
    keys, values = ([pair[place] for pair in pairs] for place in (0, 1))
    for each in (wanted, keys[-1]):
        compared("XMATCH", both(each), ranges(keys), both(kind), both(direction))
        compared("XLOOKUP", both(each), ranges(keys), ranges(values))
        compared("XLOOKUP", both(each), ranges(keys), ranges(values), both("none"), both(kind), both(direction))


@given(pairs=st.lists(st.tuples(ERRORS, ERRORS), min_size=1, max_size=12), wanted=CRITERIA, other=CRITERIA)
def test_criteria(pairs: list[tuple[Any, Any]], wanted: Any, other: Any) -> None:
    first, second = ([pair[place] for pair in pairs] for place in (0, 1))
    compared("COUNTIF", ranges(first), both(wanted))
    compared("SUMIF", ranges(first), both(wanted))
    compared("SUMIF", ranges(first), both(wanted), ranges(second))
    compared("AVERAGEIF", ranges(first), both(wanted), ranges(second))
    compared("COUNTIFS", ranges(first), both(wanted), ranges(second), both(other))
    compared("SUMIFS", ranges(second), ranges(first), both(wanted), ranges(second), both(other))


@given(pairs=st.lists(st.tuples(ERRORS, ERRORS), min_size=1, max_size=12))
def test_two_columns(pairs: list[tuple[Any, Any]]) -> None:
    first, second = ([pair[place] for pair in pairs] for place in (0, 1))
    for name in ("SUM", "COUNT", "COUNTA", "ROWS", "COLUMNS"):
        compared(name, ranges(first, second))
    compared("SUMPRODUCT", ranges(first), ranges(second))
    compared("INDEX", ranges(first, second), both(1.0), both(2.0))


@pytest.mark.parametrize("sign", BINARY)
@given(pairs=st.lists(st.tuples(ERRORS, ERRORS), min_size=1, max_size=6), value=ERRORS)
def test_operators_cell_by_cell(sign: str, pairs: list[tuple[Any, Any]], value: Any) -> None:
    first, second = (ranges([pair[place] for pair in pairs]) for place in (0, 1))
    for left, right in ((first, second), (first, both(value)), (both(value), second)):
        with np.errstate(all="ignore"):
            ours = by_cell(BINARY[sign], [left[0], right[0]])
            theirs = by_cell(BINARY[sign], [left[1], right[1]])
        assert all(same(mine[0], yours[0]) for mine, yours in zip(ours.block, theirs, strict=True))


@pytest.mark.parametrize("name", ["COUNTIFS", "SUMIFS", "SUMPRODUCT"])
def test_ranges_of_other_shapes_are_refused(name: str) -> None:
    long, short = ranges([1.0, 2.0])[0], ranges([1.0])[0]
    arguments = {"COUNTIFS": (long, 1.0, short, 1.0), "SUMIFS": (long, short, 1.0), "SUMPRODUCT": (long, short)}
    assert shown(caller(name)(*arguments[name])) == "#VALUE!"


def test_an_argument_that_varies_from_row_to_row_is_taken_row_by_row() -> None:
    block = ranges(["a", "b", "a"])[0]
    wanted = columns.from_values(["a", "b", "c"])
    assert caller("COUNTIF")(block, wanted).tolist() == [2.0, 1.0, 0.0]


def test_a_function_without_a_form_for_long_ranges_is_given_the_cells() -> None:
    assert "LOOKUP" not in LONG
    keys, values = ranges(["a", "b"])[0], ranges([1.0, 2.0])[0]
    assert caller("LOOKUP")("b", keys, values) == 2.0
    assert set(CODES) >= {shown(caller("LOOKUP")(2.0, keys, values))}


@pytest.mark.parametrize("row", [2.0, error("#N/A")])
@pytest.mark.parametrize("column", [2.0, error("#DIV/0!")])
def test_an_index_by_errors_is_the_first_of_them(row: float, column: float) -> None:
    compared("INDEX", ranges([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]), both(row), both(column))


@pytest.mark.parametrize("name", ["PERCENTILE.INC", "PERCENTILE.EXC", "QUARTILE.INC", "SMALL", "LARGE", "MEDIAN"])
def test_what_is_found_in_a_long_range_is_a_plain_number(name: str) -> None:
    """Whether a value is a number is asked by its type."""
    rest = [] if name == "MEDIAN" else [1.0 if name in ("QUARTILE.INC", "SMALL", "LARGE") else 0.5]
    assert type(caller(name)(ranges([1.0, 2.0, 4.0])[0], *rest)) is float


@pytest.mark.parametrize(("row", "column"), [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0), (4.0, 1.0), (1.0, 3.0), (3.0, 2.0)])
def test_an_index_of_two_columns(row: float, column: float) -> None:
    compared("INDEX", ranges([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]), both(row), both(column))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUMPRODUCT(AA:AA+AA:AC)", 5 * 2001000.0),  # of which 2,001,000 is the sum of 1 to 2000
        ("=SUMPRODUCT(AA:AC+AA:AA)", 5 * 2001000.0),
        ("=INDEX(AA:AA+AA:AC,5,3)", 5.0),
        ("=INDEX(AA:AA+AA:AC,3000,1)", 0.0),
        ("=SUMPRODUCT(AA:AC+AC:AC)", 2 * 2001000.0),
        ("=SUMPRODUCT(AA:AD+AB:AD)", "#N/A"),
        ("=SUMPRODUCT(AA:AB*AA:AB)", 2 * 2668667000.0),
    ],
)
def test_a_column_meets_the_blank_columns_of_another_range(tmp_path: Path, formula: str, expected: Any) -> None:
    numbers = {f"{column}{row}": float(row) for column in ("AA", "AB") for row in range(1, 2001)}
    assert value_of(tmp_path, formula, numbers) == expected

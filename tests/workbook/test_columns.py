"""Columns of values, and the conversions that a spreadsheet makes."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.core.errors import NUM, error, error_text
from xladdin.workbook import columns

VALUES = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=5))


@pytest.mark.parametrize(
    ("value", "held"),
    [(5, 5.0), (datetime.datetime(2024, 1, 10, 12), 45301.5), (datetime.time(6), 0.25), ("x", "x"), (True, True)],
)
def test_a_cell_value_is_an_element(value: Any, held: Any) -> None:
    found = columns.from_cell(value)
    assert (found, type(found)) == (held, type(held))


@given(st.lists(VALUES, min_size=1))
def test_elements_come_back_from_a_column_of_any_kinds(values: list[Any]) -> None:
    found = columns.to_cells(columns.from_values(values), len(values))
    assert [(type(each), each) for each in found] == [(type(each), each) for each in values if each == each]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"), (123456789012345.0, "123456789012345"), (-0.0, "0"), (1e-5, "0.00001"),
        (1.5e-10, "0.00000000015"), (1e-20, "1E-20"), (1 / 3, "0.333333333333333"), (1.23e21, "1.23E+21"),
    ],
)  # fmt: skip
def test_a_number_as_text_has_fifteen_digits(number: float, text: str) -> None:
    assert columns.general(number) == text


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [(1.0, "a", -1), ("z", False, -1), ("A", "a", 0), (None, 0.0, 0), (None, "", 0), (None, False, 0), (None, -1.0, 1)],
)
def test_numbers_before_text_before_conditions(left: Any, right: Any, order: int) -> None:
    assert columns.compare(left, right) == order
    assert columns.compare(right, left) == -order


def test_the_first_error_of_a_row_is_what_it_gives_and_no_infinity_stays() -> None:
    one, other = np.array([1.0, error("#DIV/0!"), 1e308]), np.array([2.0, NUM, 10.0])
    with np.errstate(all="ignore"):
        found = columns.finished(one * other, one, other)
    assert found[0] == 2
    assert [error_text(each) for each in found[1:]] == ["#DIV/0!", "#NUM!"]


def test_nearly_equal_is_equal_to_fifteen_digits() -> None:
    left = np.array([0.1 + 0.2, 1.0, 1e-300])
    assert list(columns.nearly_equal(left, np.array([0.3, 1.0 + 1e-13, 2e-300]))) == [True, False, False]

"""The operations that floats and arrays do not share: the same on both."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.core.errors import NA, error_text
from xladdin.core.functions import elementary

NUMBERS = st.floats(min_value=1e-3, max_value=1e3)


@pytest.mark.parametrize("name", ["log1p", "expm1", "exp", "log", "sqrt", "absolute"])
@given(x=st.floats(min_value=1e-3, max_value=300))
def test_one_number_and_an_array_of_it_give_the_same(name: str, x: float) -> None:
    operation: Any = getattr(elementary, name)
    assert operation(np.array([x, x]))[1] == pytest.approx(operation(x), rel=1e-15)


@given(NUMBERS, NUMBERS)
def test_the_larger_and_the_smaller(x: float, y: float) -> None:
    for operation in (elementary.maximum, elementary.minimum):
        alone = operation(x, y)
        assert [alone, alone] == list(operation(np.array([x, x]), y)) == list(operation(x, np.array([y, y])))


def test_a_choice_keeps_the_error_of_what_it_takes() -> None:
    condition = np.array([True, False])
    chosen: Any = elementary.where(condition, NA, 1.0)
    assert (error_text(chosen[0]), chosen[1]) == ("#N/A", 1.0)
    assert elementary.where(False, NA, 1.0) == 1.0


def test_a_quotient_by_nothing_is_what_was_said() -> None:
    assert elementary.quotient(1.0, 0.0, math.inf) == math.inf
    found: Any = elementary.quotient(np.array([1.0, 1.0]), np.array([4.0, -1.0]), 7.0)
    assert list(found) == [0.25, 7.0]


def test_a_step_that_fails_is_the_error_of_its_element_alone() -> None:
    found: Any = elementary.each(lambda x: 1 / x, np.array([2.0, 0.0]))
    assert (found[0], error_text(found[1])) == (0.5, "#NUM!")


@pytest.mark.parametrize("size", [1e-12, 1e-6, 1e-3, 0.03, 0.1249, 0.1251, 0.3, 0.4999, 0.5001, 0.9])
@pytest.mark.parametrize("sign", [-1, 1])
def test_what_is_left_of_a_logarithm_and_an_exponential_has_all_its_digits(size: float, sign: int) -> None:
    x = sign * size
    with mpmath.workdps(50):
        of_logarithm, of_exponential = x - mpmath.log(1 + mpmath.mpf(x)), mpmath.exp(mpmath.mpf(x)) - 1 - x
    # Four units in the last place.
    assert elementary.log1p_rest(x) == pytest.approx(float(of_logarithm), rel=1e-15, abs=0)
    assert elementary.expm1_rest(x) == pytest.approx(float(of_exponential), rel=2e-15, abs=0)

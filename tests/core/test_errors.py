"""Cell errors as numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xladdin.core.errors import CODES, UnreadableError, UserError, error, error_code, error_text, quoted


@pytest.mark.parametrize("text", CODES)
def test_an_error_is_no_number_and_keeps_which_it_is(text: str) -> None:
    value = error(text)
    assert math.isnan(value)
    assert error_text(value) == text
    assert error_text(float(np.array([1.0, value])[1])) == text
    assert error_text(float(np.where([True], np.array([value]), 0.0)[0])) == text


def test_a_plain_nan_and_infinity_are_numbers_that_there_are_not() -> None:
    assert [error_text(value) for value in (math.nan, math.inf, -math.inf)] == ["#NUM!"] * 3
    assert [error_code(value) for value in (math.nan, math.inf, 1.0)] == [0, 0, 0]


def test_what_somebody_wrote_is_shown_on_one_line_with_its_backslashes() -> None:
    assert quoted("C:\\new\nline") == "'C:\\new\\nline'"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("#NUM!", 503), ("#VALUE!", 519), ("#NULL!", 521), ("#REF!", 524), ("#NAME?", 525), ("#DIV/0!", 532)),
        ("#N/A", 32767),
    ],
)
def test_the_codes_are_those_of_calc(text: str, code: int) -> None:
    """As its help has them under "Error Codes in LibreOffice Calc": Err:503 and so on."""
    assert error_code(error(text)) == code


def test_what_a_command_ends_with() -> None:
    """As docs/night.md has it: 2 for what a person did, 3 for a file that can't be read."""
    assert (UserError.exit_code, UnreadableError.exit_code) == (2, 3)

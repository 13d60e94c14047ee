"""What a report's file may be called, and why not."""

from __future__ import annotations

import polars
import pytest

from xladdin.core.errors import UserError
from xladdin.reports.naming import fields, file_names
from xladdin.reports.rejected import Fault


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("CON", "Windows keeps it for a device"),
        ("nul.txt", "Windows keeps it for a device"),
        ("a.", "no dot or space at the end"),
        ("a\nb", "a line break"),
        ("  ", "it is blank"),
        ("...", "of dots alone"),
        ("a/b", "text without"),
        ("x" * 500, "at most 180 characters"),
        ("\u540d" * 84, "at most 240 bytes"),
        ("nul .x", "Windows keeps it for a device"),
        ("com\u00b9", "Windows keeps it for a device"),
        ("gpj\u202e.exe", "a control character"),
    ],
)
def test_a_value_that_makes_no_name_is_told_why(value: str, said: str) -> None:
    (fault,) = file_names("{client}", polars.DataFrame({"client": [value]}), [2])
    assert isinstance(fault, Fault)
    assert said in fault.reason
    assert len(fault.value) < 100


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{client!r}", "without ! or :"),
        ("{row:05d}", "without ! or :"),
        ("{", "a brace without its partner"),
        ("{nobody}", "allowed are {row} and the columns client"),
    ],
)
def test_a_pattern_that_is_none_is_told_why(pattern: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        fields(pattern, ["client"])
    assert said in str(caught.value)

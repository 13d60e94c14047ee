"""What a report's file may be called, and why not."""

from __future__ import annotations

import pytest
from xladdin.reports.columns import Rejection

from xladdin.core.errors import UserError
from xladdin.reports.naming import fields, file_name
from xladdin.reports.table import Row


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
    ],
)
def test_a_value_that_makes_no_name_is_told_why(value: str, said: str) -> None:
    with pytest.raises(Rejection) as caught:
        file_name("{client}", Row(1, 2, {"client": value}))
    assert said in caught.value.reason
    assert len(caught.value.value) < 100


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

"""Formats with exponents, fractions, days, spans and conditions, as TEXT takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=TEXT(12200000,"0.00E+00")', '1.22E+07'),
        ('=TEXT(1.25,"# ?/?")', '1 1/4'),
        ('=TEXT(45301,"yyyy-mm-dd")', '2024-01-10'),
        ('=TEXT(45301,"d mmm yy")', '10 Jan 24'),
        ('=TEXT(45301,"dddd, mmmm d")', 'Wednesday, January 10'),
        ('=TEXT(0.75,"h:mm AM/PM")', '6:00 PM'),
        ('=TEXT(0.5001,"hh:mm:ss")', '12:00:09'),
        ('=TEXT(1.5,"[h]:mm")', '36:00'),
        ('=TEXT(0.01,"[mm]:ss")', '14:24'),
        ('=TEXT(0.0001157,"mm:ss.0")', '00:10.0'),
        ('=TEXT(150,"[>100]""big"";""small""")', 'big'),
        ('=TEXT(15,"[>100]""big"";""small""")', 'small'),
    ],
)  # fmt: skip
def test_a_number_in_any_format(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

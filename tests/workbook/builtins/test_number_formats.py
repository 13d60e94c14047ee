"""The plain formats of numbers, as TEXT takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=TEXT(1234.5,"0")', '1235'),
        ('=TEXT(-1.005,"0.00")', '-1.01'),
        ('=TEXT(1234567,"#,##0")', '1,234,567'),
        ('=TEXT(0.285,"0%")', '29%'),
        ('=TEXT(0,"0.0%;-0.0%;""none""")', 'none'),
        ('=TEXT(-1234.5,"$#,##0.00;($#,##0.00)")', '($1,234.50)'),
        ('=TEXT(42,"00000")', '00042'),
        ('=TEXT(0,"#")', ''),
        ('=TEXT(1234567,"0,")', '1235'),
        ('=TEXT(5,"""x""0")', 'x5'),
        ('=TEXT(1.5,"0.###")', '1.5'),
        ('=TEXT(12345678,"0.0,,""M""")', '12.3M'),
        ('=TEXT("a","@")', 'a'),
    ],
)  # fmt: skip
def test_a_number_in_a_plain_format(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

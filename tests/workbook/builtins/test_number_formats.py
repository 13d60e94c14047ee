"""The plain formats of numbers, as TEXT takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.books import value_of

from xladdin.workbook.builtins.number_formats import formatter, shown


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
        ('=TEXT("12","0.0")', '12.0'),
        ('=TEXT("abc","0.00")', 'abc'),
        ('=TEXT(TRUE,"0.00")', 'TRUE'),
        ('=TEXT(TRUE,"General")', 'TRUE'),
        ('=TEXT(1234.5,"general")', '1234.5'),
        ('=TEXT(1234.567,"$#,##0.00")', '$1,234.57'),
        ('=TEXT(0,"0.0;-0.0;""none""")', 'none'),
        ('=TEXT(-2,"0.0;(0.0)")', '(2.0)'),
        ('=TEXT(1/0,"0.0")', '#DIV/0!'),
        ('=TEXT(5,"""five""")', 'five'),
        ('=TEXT(1234,"0000000")', '0001234'),
        ('=TEXT(0.631,"0.#")', '0.6'),
        ('=TEXT(12,"#.0#")', '12.0'),
        ('=TEXT(1234.568,"#.0#")', '1234.57'),
        ('=TEXT(8.9,"#.000")', '8.900'),
        ('=TEXT(12000,"#,###")', '12,000'),
        ('=TEXT(0.5,"0.0""%""")', '0.5%'),
        ('=TEXT(5,"0""a""0")', '0a5'),
        ('=TEXT(1234567890123456,"0")', '1234567890123460'),  # of 15 digits
        ('=TEXT(1234567890123456,"#,##0")', '1,234,567,890,123,460'),
    ],
)  # fmt: skip
def test_a_number_in_a_plain_format(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    "pattern", ["0", "0.00", '"a "#,##0.0#" b"', "0.0% ", "0.0%;-0.00", '$0.00;($0.00);"none"', "0.0;0.00"]
)
def test_a_column_is_shown_as_each_of_its_numbers(pattern: str) -> None:
    values = [0.0, -0.0, 0.004, -0.004, 0.005, 1.005, -1234.5, 1e7, 2.675, 1 / 3]
    assert list(shown(np.array(values), pattern)) == [formatter(pattern)(value) for value in values]

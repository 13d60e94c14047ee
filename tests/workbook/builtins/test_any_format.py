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
        ('=TEXT("abc","yyyy")', 'abc'),
        ('=TEXT("1/10/2024","yyyy")', '2024'),
        ('=TEXT(TRUE,"yyyy")', 'TRUE'),
        ('=TEXT(-5,"0.0E+0;(0.0E+0)")', '(5.0E+0)'),
        ('=TEXT(0,"0.0E+0;-0.0E+0;""zero""")', 'zero'),
        ('=TEXT(9.99,"0.0E+0")', '1.0E+1'),
        ('=TEXT(0,"0.0E+0")', '0.0E+0'),
        ('=TEXT(0.00012,"0.0E+00")', '1.2E-04'),
        ('=TEXT(123456,"##0.0E+0")', '123.5E+3'),
        ('=TEXT("hi","0;0;0;""x ""@")', 'x hi'),
        ('=TEXT("hi","""a ""@")', 'a hi'),
        ('=TEXT("hi","0;0;0;@"" ""0/0")', 'hi 0/0'),
        ('=TEXT(1234.5,"General")', '1234.5'),
        ('=TEXT(5,"""n ""General")', 'n 5'),
        ('=TEXT(5,"@")', '5'),
        ('=TEXT(12200000,"0.0,,")', '12.2'),
        ('=TEXT(12000,"#,")', '12'),
        ('=TEXT(1234567898,"[<=9999999]###-####;(###) ###-####")', '(123) 456-7898'),
        ('=TEXT(5551234,"[<=9999999]###-####;(###) ###-####")', '555-1234'),
        ('=TEXT(123456,"##0° 00\' 00\'\'")', "12° 34' 56''"),
        ('=TEXT(1234567,"000-00-0000")', '001-23-4567'),
        ('=TEXT(102.65,"???.???")', '102.65 '),
        ('=TEXT(2.8,"???.???")', '  2.8  '),
        ('=TEXT(5.25,"# ???/???")', '5   1/4  '),
        ('=TEXT(5.25,"# ?/8")', '5 2/8'),
        ('=TEXT(0.25,"0/8")', '2/8'),
        ('=TEXT(5,"# ?/?")', '5    '),
        ('=TEXT(5.25,"?/?")', '21/4'),
        ('=TEXT(-1,"yyyy")', '#VALUE!'),
        ('=TEXT(3000000,"yyyy")', '#VALUE!'),
        ('=TEXT(0.75,"h:mm a/p")', '6:00 p'),
        ('=TEXT(45301,"mmmmm")', 'J'),
        ('=TEXT(45301,"ddd dd")', 'Wed 10'),
        ('=TEXT(0.285,"0.0%")', '28.5%'),
        ('=TEXT(-1.25,"# ?/?")', '-1 1/4'),
        ('=TEXT(5.3,"# ?/10")', '5 3/10'),
        ('=TEXT(2.3125,"# ??/16")', '2  5/16'),
        ('=TEXT(12200000,"#,##0.0_)")', '12,200,000.0 '),
        ('=TEXT(12200000,"[>0]0.0,,")', '12.2'),
        ('=TEXT(12345,"[>0]0.00,")', '12.35'),
        ('=TEXT(-12200000,"[<0]-0.00,;0")', '-12200.00'),
        ('=TEXT(-5,"[<0](0.0);0")', '-(5.0)'),
        ('=TEXT(0.3,"# ?/?")', ' 2/7'),
        ('=TEXT(45301,"yyy")', '2024'),
        ('=TEXT(0.5,"[<1]-0.0;0")', '-0.5'),
        ('=TEXT(-0.5,"[<1]-0.0;0")', '--0.5'),  # the minus of the section, which is not for negative numbers alone
        ('=TEXT(3,"[>5]0;[<2]0.0;[=3]0.00")', '#VALUE!'),  # there are two conditions at most
        ('=TEXT(45301,"yyyy-mm-dd 0")', '#VALUE!'),
        ('=TEXT(0.125,"0.0%_)")', '12.5% '),
        ('=TEXT(0.5,"?/8"" in""")', '4/8 in'),
        ('=TEXT(0.5,"?/16"" in""")', '8/16 in'),
        ('=TEXT(12345,"0E+0")', '1E+4'),
        ('=TEXT(1234.5,"_(#,##0_)")', ' 1,235 '),
        ('=TEXT(12345678901,"000-0000")', '1234567-8901'),
        ('=TEXT(1234567,"000-0000")', '123-4567'),
        ('=TEXT(0.75,"h:mm")', '18:00'),
        ('=TEXT(40000.75,"yyyy-mm-dd h:mm:ss")', '2009-07-06 18:00:00'),
        ('=TEXT(40000.75,"yyyy-mm-dd h:mm:ss.00")', '2009-07-06 18:00:00.00'),
        ('=TEXT(0.001,"[s]")', '86'),
        ('=TEXT(0.001,"[ss].0")', '86.4'),
        ('=TEXT(0.00001,"[SS].00")', '00.86'),
        ('=TEXT(0.5,"h AM/PM")', '12 PM'),
        ('=TEXT(0.02,"h AM/PM")', '12 AM'),
    ],
)  # fmt: skip
def test_a_number_in_any_format(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)

"""Functions of dates and times, with the values of their documentation or such as a calendar shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=DATE(2008,1,35)', 39482.0),
        ('=DATE(2008,14,2)', 39846.0),
        ('=DATE(2008,-3,2)', 39327.0),
        ('=DATE(108,1,2)', 39449.0),
        ('=DATE(-1,1,2)', '#NUM!'),
        ('=TIME(16,48,10)', 0.7001157407407407),
        ('=DATEVALUE("8/22/2011")', 40777.0),
        ('=DATEVALUE("22-MAY-2011")', 40685.0),
        ('=TIMEVALUE("2:24 AM")', 0.1),
        ('=YEAR(40777)', 2011.0),
        ('=MONTH(40777)', 8.0),
        ('=DAY(60)', 29.0),
        ('=DAY(-1)', '#NUM!'),
        ('=HOUR(0.75)', 18.0),
        ('=MINUTE("12:45:00")', 45.0),
        ('=SECOND("4:48:18")', 18.0),
        ('=WEEKDAY("2/14/2008")', 5.0),
        ('=WEEKDAY("2/14/2008",2)', 4.0),
        ('=WEEKDAY("2/14/2008",3)', 3.0),
        ('=WEEKNUM("3/9/2012")', 10.0),
        ('=WEEKNUM("3/9/2012",2)', 11.0),
        ('=_xlfn.ISOWEEKNUM("3/9/2012")', 10.0),
        ('=EDATE("15-Jan-11",1)', 40589.0),
        ('=EDATE("31-Jan-11",1)', 40602.0),
        ('=EOMONTH("1-Jan-11",-3)', 40482.0),
        ('=_xlfn.DAYS("15-MAR-2021","1-FEB-2021")', 42.0),
        ('=DAYS360("30-Jan-11","1-Feb-11")', 1.0),
        ('=DATEDIF("6/1/2001","8/15/2002","d")', 440.0),
        ('=DATEDIF("6/1/2001","8/15/2002","yd")', 75.0),
        ('=DATEDIF("1/1/2001","1/1/2003","y")', 2.0),
        ('=DATEDIF("1/2/2003","1/1/2003","y")', '#NUM!'),
        ('=YEARFRAC("1/1/2012","7/30/2012")', 0.5805555555555556),
        ('=YEARFRAC("1/1/2012","7/30/2012",1)', 0.5765027322404371),
        ('=YEARFRAC("1/1/2012","7/30/2012",3)', 0.5780821917808219),
        ('=NETWORKDAYS("10/1/2012","3/1/2013")', 110.0),
        ('=WORKDAY("10/1/2008",151)', 39933.0),
    ],
)  # fmt: skip
def test_a_day_is_what_excel_makes_of_it(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

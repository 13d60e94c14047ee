"""Functions of dates and times, with the values of their documentation or such as a calendar shows."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

from xladdin.workbook.builtins import time


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=DATE(2008,1,35)', 39482.0),
        ('=DATE(2008,14,2)', 39846.0),
        ('=DATE(2008,-3,2)', 39327.0),
        ('=DATE(108,1,2)', 39449.0),
        ('=DATE(-1,1,2)', '#NUM!'),
        ('=DATE(10000,-11,1)', '#NUM!'),
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
        ('=EDATE(DATE(2011,1,31),13)=DATE(2012,2,29)', True),
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
        ('=HOUR(-1)', '#NUM!'),
        ('=TIME(-1,0,0)', '#NUM!'),
        ('=TIME(0,0,0)', 0.0),
        ('=WEEKNUM(DATE(2018,1,6))', 1.0),
        ('=WEEKNUM(DATE(2018,1,7))', 2.0),
        ('=DATEDIF(36892,36892,"d")', 0.0),
        ('=TIME(0,32768,0)', '#NUM!'),
        ('=TIME(27,0,0)', 0.125),
        ('=WEEKDAY(39448,4)', '#NUM!'),
        ('=WEEKNUM("3/9/2012",21)', 10.0),
        ('=WEEKNUM("3/9/2012",3)', '#NUM!'),
        ('=DATEDIF("1/15/2010","3/14/2012","m")', 25.0),
        ('=DATEDIF("1/15/2010","3/14/2012","ym")', 1.0),
        ('=DATEDIF("1/15/2010","3/14/2012","md")', 28.0),
        ('=DATEDIF("1/15/2010","3/20/2012","md")', 5.0),
        ('=DATEDIF("1/15/2010","3/14/2012","q")', '#NUM!'),
        ('=DAYS360("1/1/2011","12/31/2011")', 360.0),
        ('=DAYS360("1/1/2011","12/31/2011",TRUE)', 359.0),
        ('=DAYS360("1/31/2011","3/31/2011")', 60.0),
        ('=DAYS360("2/28/2011","3/31/2011")', 30.0),
        ('=YEARFRAC("1/31/2012","7/31/2012",4)', 0.5),
        ('=YEARFRAC("1/1/2012","7/30/2012",2)', 211 / 360),
        ('=YEARFRAC("7/30/2012","1/1/2012",2)', 211 / 360),
        ('=YEARFRAC("1/1/2012","7/30/2012",5)', '#NUM!'),
        ('=YEARFRAC("2/28/2011","2/28/2013")', 2.0),
        ('=YEARFRAC("2/28/2011","3/31/2011")', 30 / 360),
        ('=YEARFRAC("2/28/2011","2/29/2012")', 1.0),
        ('=YEARFRAC("2/10/2011","4/10/2011")', 60 / 360),
        ('=YEARFRAC("1/31/2011","3/30/2011")', 60 / 360),
        ('=YEARFRAC("1/15/2011","3/31/2011")', 76 / 360),
        ('=YEARFRAC("1/15/2011","3/31/2011",4)', 75 / 360),
        ('=YEARFRAC("7/1/2011","6/30/2012",1)', 365 / 366),
        ('=YEARFRAC("3/1/2012","2/28/2013",1)', 364 / 365),
        ('=YEARFRAC("1/1/2010","1/1/2013",1)', 1096 / 365.25),
        ('=NETWORKDAYS("10/1/2012","3/1/2013","11/22/2012")', 109.0),
        ('=NETWORKDAYS("10/1/2012","3/1/2013","never")', '#VALUE!'),
        ('=NETWORKDAYS(-1,5)', '#NUM!'),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,1,31))', 22.0),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,7),DATE(2006,1,8))', 0.0),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,2,28),DATE(2006,1,31))', -21.0),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),7,{"2006/1/2","2006/1/16"})', 22.0),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),"0010001",{"2006/1/2","2006/1/16"})', 20.0),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),8)', '#NUM!'),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),18)', '#NUM!'),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),"0012001")', '#VALUE!'),
        ('=_xlfn.NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),"1111111")', 0.0),
        ('=_xlfn.WORKDAY.INTL(DATE(2012,1,1),30,0)', '#NUM!'),
        ('=_xlfn.WORKDAY.INTL(DATE(2012,1,1),90,11)', 41013.0),
        ('=_xlfn.WORKDAY.INTL(DATE(2012,1,1),30,17)', 40944.0),
        ('=_xlfn.WORKDAY.INTL(DATE(2012,1,1),1,"1111111")', '#VALUE!'),
        ('=_xlfn.WORKDAY.INTL(DATE(2012,1,1),1,"011")', '#VALUE!'),
        ('=WORKDAY(5,-10)', '#NUM!'),
        ('=DATEVALUE(5)', '#VALUE!'),
        ('=NETWORKDAYS("10/1/2012","3/1/2013",{41235,#N/A})', '#N/A'),
        ('=NETWORKDAYS("never",5)', '#VALUE!'),
        ('=TODAY()=INT(NOW())', True),
        ('=WEEKDAY("2/14/2008",11)', 4.0),
        ('=WEEKDAY("2/14/2008",12)', 3.0),
        ('=WEEKDAY("2/14/2008",17)', 5.0),
    ],
)  # fmt: skip
def test_a_day_is_what_excel_makes_of_it(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, {})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)


class _Clock(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> _Clock:
        return cls(2026, 11, 27, 18, 30, 45)


def test_what_time_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time.datetime, "datetime", _Clock)
    assert value_of(tmp_path, "=NOW()", {}) == pytest.approx(46353 + (18 * 3600 + 30 * 60 + 45) / 86400, rel=1e-14)
    assert value_of(tmp_path, "=TODAY()", {}) == 46353

"""Functions of bonds, with the values of Excel's documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

SETTLED = "DATE(2011,1,25),DATE(2011,11,15),2,1"


@pytest.mark.parametrize(
    ("formula", "expected", "digits"),
    [
        (f"=COUPDAYBS({SETTLED})", 71.0, 9),
        (f"=COUPDAYS({SETTLED})", 181.0, 9),
        (f"=COUPDAYSNC({SETTLED})", 110.0, 9),
        (f"=COUPNCD({SETTLED})-DATE(2011,5,15)", 0.0, 9),
        (f"=COUPPCD({SETTLED})-DATE(2010,11,15)", 0.0, 9),
        ("=COUPPCD(DATE(2011,1,25),DATE(2012,11,15),1)-DATE(2010,11,15)", 0.0, 9),  # whole years before the maturity
        ("=COUPNUM(DATE(2007,1,25),DATE(2008,11,15),2,1)", 4.0, 9),
        ("=DURATION(DATE(2018,7,1),DATE(2048,1,1),0.08,0.09,2,1)", 10.9191453, 7),
        ("=MDURATION(DATE(2008,1,1),DATE(2016,1,1),0.08,0.09,2,1)", 5.73567, 5),
        ("=PRICE(DATE(2008,2,15),DATE(2017,11,15),0.0575,0.065,100,2,0)", 94.63436, 5),
        ("=YIELD(DATE(2008,2,15),DATE(2016,11,15),0.0575,95.04287,100,2,0)", 0.065, 6),
        ("=ACCRINT(DATE(2008,3,1),DATE(2008,8,31),DATE(2008,5,1),0.1,1000,2,0)", 16.666667, 6),
        ("=ACCRINT(DATE(2008,3,5),DATE(2008,8,31),DATE(2008,5,1),0.1,1000,2,0,FALSE)", 15.555556, 6),
        ("=ACCRINT(DATE(2008,4,5),DATE(2008,8,31),DATE(2008,5,1),0.1,1000,2,0,TRUE)", 7.222222, 6),
        ("=ACCRINTM(39539,39614,0.1,1000,3)", 20.54794521, 8),
        ("=DISC(DATE(2007,1,25),DATE(2007,6,15),97.975,100,1)", 0.052420213, 9),
        ("=INTRATE(DATE(2008,2,15),DATE(2008,5,15),1000000,1014420,2)", 0.05768, 6),
        ("=RECEIVED(DATE(2008,2,15),DATE(2008,5,15),1000000,0.0575,2)", 1014584.654, 3),
        ("=PRICEDISC(DATE(2008,2,16),DATE(2008,3,1),0.0525,100,2)", 99.79583, 5),
        ("=PRICEMAT(DATE(2008,2,15),DATE(2008,4,13),DATE(2007,11,11),0.061,0.061,0)", 99.98449888, 8),
        ("=YIELDDISC(DATE(2008,2,16),DATE(2008,3,1),99.795,100,2)", 0.052823, 6),
        ("=YIELDMAT(DATE(2008,3,15),DATE(2008,11,3),DATE(2007,11,8),0.0625,100.0123,0)", 0.060954, 6),
        ("=AMORLINC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.15,1)", 360.0, 6),
        ("=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.15,1)", 776.0, 6),
    ],
)
def test_a_bond_is_as_documented(tmp_path: Path, formula: str, expected: float, digits: int) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, abs=0.51 * 10**-digits)


@pytest.mark.parametrize(
    "formula",
    [
        "=COUPDAYS(DATE(2011,11,15),DATE(2011,1,25),2,1)",
        "=COUPNUM(DATE(2011,1,25),DATE(2011,1,25),2)",
        "=COUPDAYS(DATE(2011,1,25),DATE(2011,11,15),3,1)",
        "=COUPDAYS(DATE(2011,1,25),DATE(2011,11,15),2,5)",
        "=PRICE(DATE(2008,2,15),DATE(2017,11,15),-1,0.065,100,2,0)",
        "=ACCRINT(DATE(2008,6,1),DATE(2008,8,31),DATE(2008,5,1),0.1,1000,2,0)",
        "=ACCRINT(DATE(2008,1,1),DATE(2008,7,1),DATE(2008,5,1),0,1000,2,0)",
        "=ACCRINT(DATE(2008,1,1),DATE(2008,7,1),DATE(2008,5,1),0.1,1000,3,0)",
        "=ACCRINTM(39614,39539,0.1,1000,3)",
        "=ACCRINTM(39539,39614,0,1000,3)",
        "=ACCRINTM(39539,39614,0.1,1000,5)",
        "=YIELD(DATE(2008,2,15),DATE(2016,11,15),0.0575,0,100,2,0)",
        "=YIELD(DATE(2008,2,15),DATE(2016,11,15),-0.0575,95,100,2,0)",
        "=DURATION(DATE(2018,7,1),DATE(2048,1,1),-0.08,0.09,2,1)",
        "=MDURATION(DATE(2008,1,1),DATE(2016,1,1),0.08,-0.09,2,1)",
        "=DISC(DATE(2007,6,15),DATE(2007,1,25),97.975,100,1)",
        "=DISC(DATE(2007,1,25),DATE(2007,6,15),0,100,1)",
        "=INTRATE(DATE(2008,2,15),DATE(2008,5,15),1000000,1014420,5)",
        "=PRICEMAT(DATE(2008,2,15),DATE(2008,4,13),DATE(2007,11,11),-0.061,0.061,0)",
        "=YIELDMAT(DATE(2008,11,3),DATE(2008,3,15),DATE(2007,11,8),0.0625,100.0123,0)",
        "=AMORLINC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.15,2)",  # no basis of actual days of 360
        "=AMORLINC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0,1)",
        "=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.15,2)",
        "=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0,1)",
        # Of lives below 3 years and between 4 and 5 there is no coefficient.
        "=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,1.5,1)",
        "=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.6,1)",
        "=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.4,1)",
        "=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),300,1,0.22,1)",
    ],
)
def test_what_is_no_bond_is_an_error(tmp_path: Path, formula: str) -> None:
    found: Any = value_of(tmp_path, formula, {})
    assert found == "#NUM!"


_LOSES = "2400,DATE(2008,8,19),DATE(2008,12,31),300"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # From January 25 to May 15 it is 110 days, of months of thirty as well as of the calendar.
        *((f"=COUPDAYSNC(DATE(2011,1,25),DATE(2011,11,15),2,{basis})", 110.0) for basis in range(5)),
        ("=COUPDAYS(DATE(2011,1,25),DATE(2011,11,15),2)", 180.0),
        ("=COUPDAYS(DATE(2011,1,25),DATE(2011,11,15),2,3)", 182.5),
        ("=COUPDAYBS(DATE(2011,1,25),DATE(2011,11,15),2,0)", 70.0),
        ("=COUPDAYBS(DATE(2011,1,25),DATE(2011,11,15),2,2)", 71.0),
        ("=COUPNUM(DATE(2011,1,25),DATE(2011,11,15),4)", 4.0),
        # Coupons of a maturity at the end of a month are at ends of months.
        ("=COUPPCD(DATE(2011,1,25),DATE(2011,2,28),2)-DATE(2010,8,31)", 0.0),
        ("=COUPNCD(DATE(2012,1,25),DATE(2012,8,31),2)-DATE(2012,2,29)", 0.0),
        # Of months of thirty a period's end on a 31st or at February's end is its thirtieth day, of both dates or none.
        ("=COUPDAYBS(DATE(2011,4,10),DATE(2011,8,31),2)", 40.0),
        ("=COUPDAYSNC(DATE(2011,4,10),DATE(2011,8,31),2)", 140.0),
        ("=COUPDAYBS(DATE(2011,1,31),DATE(2011,11,15),2,0)", 76.0),
        ("=COUPDAYBS(DATE(2011,1,31),DATE(2011,11,15),2,4)", 75.0),
        ("=COUPDAYSNC(DATE(2011,1,31),DATE(2011,11,15),2,4)", 105.0),
        # A settlement half a year before the end, and one in the middle of the last half year: a single payment.
        ("=PRICE(DATE(2008,5,15),DATE(2008,11,15),0.06,0.08,100,2,0)", 103 / 1.04),
        ("=PRICE(DATE(2008,8,15),DATE(2008,11,15),0.06,0.08,100,2,0)", 103 / 1.02 - 1.5),
        ("=YIELD(DATE(2008,5,15),DATE(2008,11,15),0.06,103/1.04,100,2,0)", 0.08),
        ("=YIELD(DATE(2008,8,15),DATE(2008,11,15),0.06,103/1.02-1.5,100,2,0)", 0.08),
        ("=DURATION(DATE(2008,5,15),DATE(2008,11,15),0.06,0.08,2,0)", 0.5),
        ("=MDURATION(DATE(2008,5,15),DATE(2008,11,15),0.06,0.08,2,0)", 0.5 / 1.04),
        # Twice what is paid back, a month before: a loss of (102.5 - 200 - 2.08...) / 202.08... in a twelfth of a year.
        ("=YIELD(DATE(2008,10,15),DATE(2008,11,15),0.05,200,100,2,0)", (102.5 / (200 + 2.5 * 5 / 6) - 1) * 12),
        # Little is paid back but the coupons.
        ("=PRICE(DATE(2008,11,15),DATE(2009,11,15),0.06,0.08,0.5,2,0)", 3 / 1.04 + 3.5 / 1.04**2),
        # Without coupons all is paid at the end.
        ("=PRICE(DATE(2008,11,15),DATE(2010,11,15),0,0.08,100,2,0)", 100 / 1.04**4),
        ("=YIELD(DATE(2008,11,15),DATE(2010,11,15),0,100/1.04^4,100,2,0)", 0.08),
        ("=DURATION(DATE(2008,11,15),DATE(2010,11,15),0,0.08,2,0)", 2.0),
        # Interest of a tenth a year, by months of thirty days.
        ("=ACCRINT(DATE(2008,1,1),DATE(2008,7,1),DATE(2009,4,1),0.1,1000,2,0)", 125.0),
        ("=ACCRINT(DATE(2008,3,1),DATE(2008,7,1),DATE(2009,4,1),0.1,1000,2,0)", 1300 / 12),
        ("=ACCRINT(DATE(2007,3,1),DATE(2008,7,1),DATE(2008,4,1),0.1,1000,2,0)", 1300 / 12),
        ("=ACCRINT(DATE(2007,1,1),DATE(2008,7,1),DATE(2008,4,1),0.1,1000,4,0)", 125.0),
        # Half a year, and 92 of the 184 days of the next, from its first day on: of the calendar, and of 365.
        ("=ACCRINT(DATE(2010,1,1),DATE(2010,7,1),DATE(2010,10,1),0.1,1000,2,1)", 75.0),
        ("=ACCRINT(DATE(2010,1,1),DATE(2010,7,1),DATE(2010,10,1),0.1,1000,2,3)", 50 * (1 + 92 / 182.5)),
        ("=ACCRINTM(39539,39614,0.1,1,3)", 7.5 / 365),
        ("=ACCRINT(DATE(2008,1,1),DATE(2009,1,1),DATE(2010,7,1),0.1,1000,1,0)", 250.0),
        ("=ACCRINTM(DATE(2008,4,1),DATE(2008,6,15),0.1)", 100 * 74 / 360),  # of 1,000 where nothing is said
        # Of what pays at its maturity 154 days of interest, 96 of them before the settlement, in years of 365 days;
        # of what is settled as it is issued 58, in a leap year and in years of 365.
        *(
            (
                f"=PRICEMAT(DATE(2008,2,15),DATE(2008,4,13),DATE(2007,11,11),0.061,0.05,{basis})",
                (100 + 6.1 * 154 / 365) / (1 + 0.05 * 58 / 365) - 6.1 * 96 / 365,
            )
            for basis in (1, 3)
        ),
        *(
            (
                f"=PRICEMAT(DATE(2008,2,15),DATE(2008,4,13),DATE(2008,2,15),0.061,0.05,{basis})",
                (100 + 6.1 * days / year) / (1 + 0.05 * days / year),
            )
            for basis, days, year in ((0, 58, 360), (1, 58, 366), (2, 58, 360), (3, 58, 365), (4, 58, 360))
        ),
        # What is lost in equal parts: 134 of 366 days of the first year, whole years, and the rest.
        (f"=AMORLINC({_LOSES},0,0.15,1)", 360 * 134 / 366),
        (f"=AMORLINC({_LOSES},5,0.15,1)", 360.0),
        (f"=AMORLINC({_LOSES},6,0.15,1)", 300 - 360 * 134 / 366),
        (f"=AMORLINC({_LOSES},7,0.15,1)", 0.0),
        # In falling parts, at two and a half times the rate, of which cents are none.
        (f"=AMORDEGRC({_LOSES},0,0.15,1)", 330.0),  # 2400 * 0.375 * 134 / 366 = 329.51
        (f"=AMORDEGRC({_LOSES},2,0.15,1)", 485.0),  # (2400 - 330 - 776) * 0.375 = 485.25
        # 806 is left after three years: of it 303 and 190 go; the rest after the salvage is below 158, half of 316.
        (f"=AMORDEGRC({_LOSES},4,0.15,1)", 190.0),
        (f"=AMORDEGRC({_LOSES},5,0.15,1)", 158.0),
        (f"=AMORDEGRC({_LOSES},6,0.15,1)", 0.0),
        (f"=AMORDEGRC({_LOSES},20,0.15,1)", 0.0),
        # Down to the salvage itself what is lost is whole; 1,294 are left then, of which half goes in the last year.
        ("=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),1294,1,0.15,1)", 776.0),
        ("=AMORDEGRC(2400,DATE(2008,8,19),DATE(2008,12,31),1294,2,0.15,1)", 647.0),
        (f"=AMORDEGRC({_LOSES},0,0.3,1)", 395.0),  # at one and a half times: 2400 * 0.45 * 134 / 366 = 395.41
        (f"=AMORDEGRC({_LOSES},0,0.18,1)", 316.0),  # at twice: 2400 * 0.36 * 134 / 366 = 316.33
    ],
)
def test_a_bond_that_can_be_reckoned(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_duration_is_how_the_price_falls(tmp_path: Path) -> None:
    """By a small change of the yield, in the middle of a period, in parts of all that is paid for."""
    dates, terms = "DATE(2011,1,25),DATE(2013,11,15)", "100,2,1"
    price = [value_of(tmp_path, f"=PRICE({dates},0.08,{rate},{terms})", {}) for rate in (0.08999, 0.09, 0.09001)]
    paid = price[1] + 4 * 71 / 181  # with the coupon's part of 71 of 181 days
    modified = (price[0] - price[2]) / 0.00002 / paid
    assert value_of(tmp_path, f"=MDURATION({dates},0.08,0.09,2,1)", {}) == pytest.approx(modified, rel=1e-7)
    assert value_of(tmp_path, f"=DURATION({dates},0.08,0.09,2,1)", {}) == pytest.approx(modified * 1.045, rel=1e-7)


@pytest.mark.parametrize(
    ("formula", "other_basis"),
    [
        ("COUPDAYBS(DATE(2011,1,31),DATE(2011,11,15),2", 4),
        ("PRICE(DATE(2008,2,16),DATE(2017,11,15),0.0575,0.065,100,2", 1),
        ("YIELD(DATE(2008,2,16),DATE(2016,11,15),0.0575,95.04287,100,2", 1),
        ("DURATION(DATE(2018,8,2),DATE(2048,1,1),0.08,0.09,2", 1),
        ("MDURATION(DATE(2018,8,2),DATE(2048,1,1),0.08,0.09,2", 1),
        ("DISC(DATE(2007,1,25),DATE(2007,6,15),97.975,100", 1),
        ("PRICEMAT(DATE(2008,2,15),DATE(2008,4,13),DATE(2007,11,11),0.061,0.061", 1),
        ("YIELDMAT(DATE(2008,3,15),DATE(2008,11,3),DATE(2007,11,8),0.0625,100.0123", 1),
        ("ACCRINTM(39539,39614,0.1,1000", 1),
        ("ACCRINT(DATE(2008,3,1),DATE(2008,8,31),DATE(2008,5,2),0.1,1000,2", 1),
        ("AMORLINC(2400,DATE(2008,8,19),DATE(2008,12,31),300,0,0.15", 1),
        ("AMORDEGRC(240000,DATE(2008,8,19),DATE(2008,12,31),300,0,0.15", 1),
    ],
)
def test_days_are_counted_by_months_of_thirty_where_nothing_is_said(
    tmp_path: Path, formula: str, other_basis: int
) -> None:
    found, thirty, other = (value_of(tmp_path, f"={formula}{basis})", {}) for basis in ("", ",0", f",{other_basis}"))
    assert found == thirty
    assert other != thirty

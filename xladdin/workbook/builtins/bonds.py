"""Functions of bonds and bills: days of coupons, prices, yields and accrued interest, by the basis of counting days."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable

from xladdin.core.errors import NUM
from xladdin.workbook.builtins.money import root
from xladdin.workbook.builtins.registry import NUMBER, elementwise
from xladdin.workbook.builtins.time import days_of_thirty, year_of, yearfrac
from xladdin.workbook.dates import date_of, serial_of
from xladdin.workbook.file.budget import ROUNDS_A_STEP, step

_US_THIRTY, _ACTUAL, _ACTUAL_365, _EUROPEAN_THIRTY = 0, 1, 3, 4  # 2 is the actual days of a year of 360
_FREQUENCIES = (1, 2, 4)


def _months_from(serial: float, months: int, *, at_end: bool) -> float:
    """The same day so many months later, or the last of the month."""
    year, month, day = date_of(serial)
    years, month = divmod(month - 1 + months, 12)
    last = calendar.monthrange(year + years, month + 1)[1]
    return serial_of(year + years, month + 1, last if at_end else min(day, last))


def _is_at_end(serial: float) -> bool:
    year, month, day = date_of(serial)
    return day == calendar.monthrange(year, month)[1]


def _is_end_of_february(date: tuple[int, int, int]) -> bool:
    year, month, day = date
    return month == 2 and day == calendar.monthrange(year, 2)[1]


def _thirty_of_both(start: float, end: float) -> float:
    """Days of months of thirty, of which the last day of the end counts as the thirtieth too."""
    (y1, m1, d1), (y2, m2, d2) = first, last = date_of(start), date_of(end)
    d2 = 30 if _is_end_of_february(last) else min(d2, 30)
    d1 = 30 if _is_end_of_february(first) else min(d1, 30)
    return float((y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1)


def _days(start: float, end: float, basis: int) -> float:
    """The days between two dates by the basis."""
    if basis in (_US_THIRTY, _EUROPEAN_THIRTY):
        return float(days_of_thirty(date_of(start), date_of(end), basis == _EUROPEAN_THIRTY))
    return end - start


class _Coupons:
    """The days of the coupons around a settlement, counted from the maturity.

    Raises
    ------
    ValueError
        When the dates, frequency or basis are none.
    """

    def __init__(self, settlement: float, maturity: float, frequency: float, basis: float) -> None:
        self.settlement, self.maturity = float(math.floor(settlement)), float(math.floor(maturity))
        self.frequency, self.basis = int(frequency), int(basis)
        if self.settlement >= self.maturity or self.frequency not in _FREQUENCIES or self.basis not in range(5):
            raise ValueError
        months, at_end = 12 // self.frequency, _is_at_end(self.maturity)
        self.count = 1
        while (previous := _months_from(self.maturity, -months * self.count, at_end=at_end)) > self.settlement:
            self.count += 1
        self.previous = previous
        self.following = _months_from(self.maturity, -months * (self.count - 1), at_end=at_end)

    @property
    def days(self) -> float:
        """The days of the period that the settlement is in."""
        if self.basis == _ACTUAL:
            return self.following - self.previous
        return (365 if self.basis == _ACTUAL_365 else 360) / self.frequency

    @property
    def days_before(self) -> float:
        """From the start of the period to the settlement."""
        return _days(self.previous, self.settlement, self.basis)

    @property
    def days_after(self) -> float:
        """From the settlement to the next coupon."""
        if self.basis == _US_THIRTY:
            return _thirty_of_both(self.previous, self.following) - self.days_before
        return _days(self.settlement, self.following, self.basis)


def _of_coupons(name: str, ask: Callable[[_Coupons], float]) -> None:
    @elementwise(name, NUMBER, NUMBER, NUMBER, NUMBER, required=3)
    def computed(settlement: float, maturity: float, frequency: float, basis: float = 0.0) -> float:
        return ask(_Coupons(settlement, maturity, frequency, basis))


_of_coupons("COUPPCD", lambda coupons: coupons.previous)
_of_coupons("COUPNCD", lambda coupons: coupons.following)
_of_coupons("COUPNUM", lambda coupons: float(coupons.count))
_of_coupons("COUPDAYS", lambda coupons: coupons.days)
_of_coupons("COUPDAYBS", lambda coupons: coupons.days_before)
_of_coupons("COUPDAYSNC", lambda coupons: coupons.days_after)


def _price(coupons: _Coupons, rate: float, annual_yield: float, redemption: float) -> float:
    part = 1 - coupons.days_before / coupons.days
    coupon, growth = 100 * rate / coupons.frequency, 1 + annual_yield / coupons.frequency
    accrued = coupon * coupons.days_before / coupons.days
    if coupons.count == 1:
        return (redemption + coupon) / (1 + part * annual_yield / coupons.frequency) - accrued
    paid = math.fsum(coupon / math.pow(growth, index + part) for index in range(coupons.count))
    return redemption / math.pow(growth, coupons.count - 1 + part) + paid - accrued


@elementwise("PRICE", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=6)
def _price_of(
    settlement: float,
    maturity: float,
    rate: float,
    annual_yield: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    if rate < 0 or annual_yield < 0 or redemption <= 0:
        return NUM
    return _price(_Coupons(settlement, maturity, frequency, basis), rate, annual_yield, redemption)


@elementwise("YIELD", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=6)
def _yield_of(
    settlement: float,
    maturity: float,
    rate: float,
    price: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    if rate < 0 or price <= 0 or redemption <= 0:
        return NUM
    coupons = _Coupons(settlement, maturity, frequency, basis)
    if coupons.count > 1:
        return root(lambda annual: _price(coupons, rate, annual, redemption) - price, rate or 0.1)
    before = coupons.days_before / coupons.days
    paid = price / 100 + before * rate / coupons.frequency
    gained = (redemption / 100 + rate / coupons.frequency) / paid - 1
    return gained * coupons.frequency / (1 - before)


def _duration(name: str, is_modified: bool) -> None:
    @elementwise(name, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=5)
    def computed(
        settlement: float, maturity: float, rate: float, annual_yield: float, frequency: float, basis: float = 0.0
    ) -> float:
        if rate < 0 or annual_yield < 0:
            return NUM
        coupons = _Coupons(settlement, maturity, frequency, basis)
        growth = 1 + annual_yield / coupons.frequency
        times = [index + 1 - coupons.days_before / coupons.days for index in range(coupons.count)]
        paid = [100 * rate / coupons.frequency / growth**time for time in times]
        paid[-1] += 100 / growth ** times[-1]
        years = math.fsum(time * each for time, each in zip(times, paid, strict=True)) / math.fsum(paid)
        return years / coupons.frequency / (growth if is_modified else 1)


_duration("DURATION", False)
_duration("MDURATION", True)


# Bills, and what pays interest at its maturity


def _discounted(name: str, compute: Callable[[float, float, float], float]) -> None:
    """A function of two amounts (or a rate and an amount), and the part of a year from settlement to maturity."""

    @elementwise(name, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=4)
    def computed(settlement: float, maturity: float, first: float, second: float, basis: float = 0.0) -> float:
        if first <= 0 or second <= 0 or math.floor(settlement) >= math.floor(maturity):
            return NUM
        part = yearfrac(settlement, maturity, basis)
        return part if part != part else compute(first, second, part)


_discounted("DISC", lambda price, redemption, part: (redemption - price) / redemption / part)
_discounted("INTRATE", lambda invested, redemption, part: (redemption - invested) / invested / part)
_discounted("RECEIVED", lambda invested, discount, part: invested / (1 - discount * part))
_discounted("PRICEDISC", lambda discount, redemption, part: redemption - discount * redemption * part)
_discounted("YIELDDISC", lambda price, redemption, part: (redemption - price) / price / part)


def _at_maturity(name: str, compute: Callable[[float, float, float, float, float], float]) -> None:
    """A function of a rate, a yield or price, and the parts of a year: in all, before and after the settlement."""

    @elementwise(name, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=5)
    def computed(
        settlement: float, maturity: float, issue: float, rate: float, given: float, basis: float = 0.0
    ) -> float:
        settled, ends, issued = map(math.floor, (settlement, maturity, issue))
        if not issued <= settled < ends or rate < 0 or given < 0 or int(basis) not in range(5):
            return NUM
        days = [_days(issued, end, int(basis)) for end in (ends, settled)]
        year = year_of(date_of(issued), date_of(settled), int(basis))
        return compute(rate, given, days[0] / year, days[1] / year, (days[0] - days[1]) / year)


_at_maturity(
    "PRICEMAT",
    lambda rate, annual, whole, before, after: (100 + whole * rate * 100) / (1 + after * annual) - before * rate * 100,
)
_at_maturity(
    "YIELDMAT",
    lambda rate, price, whole, before, after: (
        (1 + whole * rate - price / 100 - before * rate) / (price / 100 + before * rate) / after
    ),
)


@elementwise("ACCRINTM", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=3)
def _accrintm(issue: float, settlement: float, rate: float, par: float = 1000.0, basis: float = 0.0) -> float:
    if rate <= 0 or par <= 0 or math.floor(issue) >= math.floor(settlement):
        return NUM
    part = yearfrac(issue, settlement, basis)
    return part if part != part else par * rate * part


@elementwise("ACCRINT", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=6)
def _accrint(
    issue: float,
    first: float,
    settlement: float,
    rate: float,
    par: float,
    frequency: float,
    basis: float = 0.0,
    from_issue: float = 1.0,
) -> float:
    issue, first, settlement = (float(math.floor(each)) for each in (issue, first, settlement))
    times, way = int(frequency), int(basis)
    if rate <= 0 or par <= 0 or times not in _FREQUENCIES or way not in range(5) or issue >= settlement:
        return NUM
    months, at_end = 12 // times, _is_at_end(first)
    start = first
    if settlement > first and from_issue:
        while (later := _months_from(start, months, at_end=at_end)) < settlement:
            start = later
    else:
        start = _months_from(first, -months, at_end=at_end)
    end = _months_from(start, months, at_end=at_end) if start >= first else first
    periods = _days(max(issue, start), settlement, way) / _period(start, end, times, way)
    while start > issue:
        start, end = _months_from(start, -months, at_end=at_end), start
        if issue > start:
            periods += _days(issue, end, way) / _period(start, end, times, way)
        else:
            periods += bool(from_issue)
    return par * rate / times * periods


def _period(start: float, end: float, frequency: int, basis: int) -> float:
    """The days of a coupon's period."""
    return end - start if basis == _ACTUAL else (365 if basis == _ACTUAL_365 else 360) / frequency


# What things lose in value, as in France


@elementwise("AMORLINC", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=6)
def _amorlinc(
    cost: float, bought: float, first: float, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    if int(basis) == 2 or cost < salvage or rate <= 0 or period < 0:
        return NUM
    at_first = cost * rate * yearfrac(bought, first, basis)
    each, number = cost * rate, int(period)
    whole = int((cost - salvage - at_first) / each)
    if number == 0:
        return at_first
    if number <= whole:
        return each
    return cost - salvage - each * whole - at_first if number == whole + 1 else 0.0


@elementwise("AMORDEGRC", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=6)
def _amordegrc(
    cost: float, bought: float, first: float, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    if int(basis) == 2 or cost < salvage or rate <= 0 or period < 0:
        return NUM
    life = 1 / rate
    if life < 3 or 4 < life < 5:  # for these there is no coefficient
        return NUM
    rate *= 1.5 if life <= 4 else 2.0 if life <= 6 else 2.5
    lost = _rounded(yearfrac(bought, first, basis) * rate * cost)
    cost -= lost
    rest = cost - salvage
    step(int(period) // ROUNDS_A_STEP)
    for number in range(int(period)):
        lost = _rounded(rate * cost)
        rest -= lost
        if rest < 0:
            return _rounded(cost * 0.5) if int(period) - number <= 1 else 0.0
        cost -= lost
    return lost


def _rounded(value: float) -> float:
    return float(math.floor(value + 0.5))

"""Functions of dates and times."""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Callable
from typing import Any

from xladdin.core.errors import NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.registry import CELLS, NUMBER, VALUE, builtin, cells_of, elementwise, of_ranges
from xladdin.workbook.dates import LAST, date_of, seconds_of, serial_of, weekday
from xladdin.workbook.file import budget
from xladdin.workbook.spelled import spells_date


@elementwise("DATE", NUMBER, NUMBER, NUMBER)
def _date(year: float, month: float, day: float) -> float:
    whole = math.floor(year)
    if not 0 <= whole <= 9999:
        return NUM
    return serial_of(whole + 1900 if whole < 1900 else whole, math.floor(month), day)


def _months_later(serial: float, months: float, end: bool) -> float:
    year, month, day = date_of(serial)
    years, month = divmod(month - 1 + int(months), 12)
    last = calendar.monthrange(year + years, month + 1)[1]
    return serial_of(year + years, month + 1, last if end else min(day, last))


def _no_condition(value: Any) -> float:
    """A number for functions that take no TRUE."""
    return VALUE_ERROR if type(value) is bool else columns.number(value)


@elementwise("EDATE", VALUE, VALUE)
def _edate(serial: Any, months: Any) -> float:
    return _later(serial, months, False)


@elementwise("EOMONTH", VALUE, VALUE)
def _eomonth(serial: Any, months: Any) -> float:
    return _later(serial, months, True)


def _later(serial: Any, months: Any, end: bool) -> float:
    start, count = _no_condition(serial), _no_condition(months)
    return start if start != start else count if count != count else _months_later(start, count, end)


elementwise("YEAR", NUMBER)(lambda serial: float(date_of(serial)[0]))
elementwise("MONTH", NUMBER)(lambda serial: float(date_of(serial)[1]))
elementwise("DAY", NUMBER)(lambda serial: float(date_of(serial)[2]))


def _of_day(name: str, take: Callable[[int], int]) -> None:
    def computed(serial: float) -> float:
        if not 0 <= serial <= LAST + 1:
            return NUM
        return float(take(seconds_of(serial)))

    elementwise(name, NUMBER)(computed)


_of_day("HOUR", lambda seconds: seconds // 3600)
_of_day("MINUTE", lambda seconds: seconds // 60 % 60)
_of_day("SECOND", lambda seconds: seconds % 60)


@elementwise("TIME", NUMBER, NUMBER, NUMBER)
def _time(hour: float, minute: float, second: float) -> float:
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
    if seconds < 0 or max(hour, minute, second) > 32767:
        return NUM
    return seconds % 86400 / 86400


_FIRST_DAYS = {1: 6, 2: 0, 3: 0, **{11 + day: day for day in range(7)}}  # the first day of a week, Monday being 0


@elementwise("WEEKDAY", NUMBER, NUMBER, required=1)
def _weekday(serial: float, kind: float = 1.0) -> float:
    date_of(serial)
    if int(kind) not in _FIRST_DAYS:
        return NUM
    return float((weekday(serial) - _FIRST_DAYS[int(kind)]) % 7 + (int(kind) != 3))


@elementwise("WEEKNUM", NUMBER, NUMBER, required=1)
def _weeknum(serial: float, kind: float = 1.0) -> float:
    if int(kind) == 21:
        return _isoweeknum(serial)
    if int(kind) not in _FIRST_DAYS or int(kind) == 3:
        return NUM
    first = serial_of(date_of(serial)[0], 1, 1)
    offset = (weekday(first) - _FIRST_DAYS[int(kind)]) % 7
    return float((math.floor(serial) - first + offset) // 7 + 1)


@elementwise("ISOWEEKNUM", NUMBER)
def _isoweeknum(serial: float) -> float:
    year, month, day = date_of(serial)
    return float(datetime.date(year, month, max(day, 1)).isocalendar()[1])


def _moment_now() -> float:
    now = datetime.datetime.now()
    return serial_of(now.year, now.month, now.day) + (now.hour * 3600 + now.minute * 60 + now.second) / 86400


builtin("NOW")(_moment_now)
builtin("TODAY")(lambda: float(math.floor(_moment_now())))


@elementwise("DATEVALUE", VALUE)
def _datevalue(value: Any) -> float:
    found = columns.number_of_text(value) if type(value) is str else VALUE_ERROR
    return float(math.floor(found)) if found == found and spells_date(value) else VALUE_ERROR


@elementwise("TIMEVALUE", VALUE)
def _timevalue(value: Any) -> float:
    text = value.strip() if type(value) is str else ""
    found = columns.number_of_text(text) if text else VALUE_ERROR
    return found % 1 if found == found and spells_date(text) else VALUE_ERROR


@elementwise("DAYS", NUMBER, NUMBER)
def _days(end: float, start: float) -> float:
    return float(math.floor(end) - math.floor(start))


@elementwise("DATEDIF", NUMBER, NUMBER, VALUE)
def _datedif(start: float, end: float, unit: Any) -> float:
    if end < start:
        return NUM
    (y1, m1, d1), (y2, m2, d2) = date_of(start), date_of(end)
    months = (y2 - y1) * 12 + m2 - m1 - (d2 < d1)
    match str(unit).upper():
        case "Y":
            return float(months // 12)
        case "M":
            return float(months)
        case "D":
            return float(math.floor(end) - math.floor(start))
        case "YM":
            return float(months % 12)
        case "MD":
            month_before = serial_of(y2, m2 - (d2 < d1), d1)
            return float(math.floor(end) - month_before)
        case "YD":
            return float(math.floor(end) - serial_of(y2 - ((m2, d2) < (m1, d1)), m1, d1))
    return NUM


def days_of_thirty(start: tuple[int, int, int], end: tuple[int, int, int], is_european: bool) -> int:
    (y1, m1, d1), (y2, m2, d2) = start, end
    if is_european:
        d1, d2 = min(d1, 30), min(d2, 30)
    else:
        if m1 == 2 and d1 == calendar.monthrange(y1, 2)[1]:
            if m2 == 2 and d2 == calendar.monthrange(y2, 2)[1]:
                d2 = 30
            d1 = 30
        if d2 == 31 and d1 >= 30:
            d2 = 30
        d1 = min(d1, 30)
    return (y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1


@elementwise("DAYS360", NUMBER, NUMBER, NUMBER, required=2)
def _days360(start: float, end: float, is_european: float = 0.0) -> float:
    first, last = date_of(start), date_of(end)
    if is_european:
        return float(days_of_thirty(first, last, True))
    (y1, m1, d1), (y2, m2, d2) = first, last
    if d1 == calendar.monthrange(y1, m1)[1]:
        d1 = 30
    if d2 == calendar.monthrange(y2, m2)[1] and d2 == 31:
        d2, m2 = (1, m2 + 1) if d1 < 30 else (30, m2)
    return float((y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1)


@elementwise("YEARFRAC", NUMBER, NUMBER, NUMBER, required=2)
def yearfrac(start: float, end: float, basis: float = 0.0) -> float:
    """The part of a year between two days."""
    if int(basis) not in range(5):
        return NUM
    start, end = sorted((math.floor(start), math.floor(end)))
    first, last = date_of(start), date_of(end)
    is_of_thirty = int(basis) in (0, 4)
    days = days_of_thirty(first, last, int(basis) == 4) if is_of_thirty else end - start
    return days / year_of(first, last, int(basis))


def year_of(first: tuple[int, int, int], last: tuple[int, int, int], basis: int) -> float:
    """The days of a year by the basis."""
    match basis:
        case 1:
            return _year_between(first, last)
        case 3:
            return 365.0
    return 360.0


def _year_between(first: tuple[int, int, int], last: tuple[int, int, int]) -> float:
    """The length of a year as the actual count has it."""
    (y1, m1, d1), (y2, m2, d2) = first, last
    if y1 == y2 or (y2 == y1 + 1 and (m1, d1) >= (m2, d2)):
        if y1 == y2:
            return 366.0 if calendar.isleap(y1) else 365.0
        leap = (calendar.isleap(y1) and (m1, d1) <= (2, 29)) or (calendar.isleap(y2) and (m2, d2) >= (2, 29))
        return 366.0 if leap else 365.0
    years = range(y1, y2 + 1)
    return sum(366 if calendar.isleap(year) else 365 for year in years) / len(years)


def _weekend_of(value: Any) -> set[int] | float:
    """The days off, Monday being 0; an error where the argument is no such."""
    if isinstance(value, str):
        if len(value) != 7 or set(value) - {"0", "1"}:
            return VALUE_ERROR
        return {day for day, mark in enumerate(value) if mark == "1"}
    number = int(columns.number(value))
    if 1 <= number <= 7:
        return {(number + 4) % 7, (number + 5) % 7}
    return {(number - 12) % 7} if 11 <= number <= 17 else NUM


def _networkdays(start: float, end: float, weekend: set[int], free: set[int]) -> float:
    first, last = math.floor(start), math.floor(end)
    sign = 1 if first <= last else -1
    first, last = min(first, last), max(first, last)
    if not 0 <= first <= last <= LAST:
        return NUM
    budget.step((last - first) // budget.ROUNDS_A_STEP)
    worked = [day for day in range(first, last + 1) if weekday(day) not in weekend and day not in free]
    return float(sign * len(worked))


def _workday(start: float, count: float, weekend: set[int], free: set[int]) -> float:
    if len(weekend) == 7:
        return VALUE_ERROR
    day, left = math.floor(start), int(count)
    step = 1 if left > 0 else -1
    budget.step(int(min(abs(left), LAST)) // budget.ROUNDS_A_STEP)
    while left:
        day += step
        if not 0 <= day <= LAST:
            return NUM
        if weekday(day) not in weekend and day not in free:
            left -= step
    return float(day)


def _working(name: str, count: Callable[..., float]) -> None:
    def counted(start: Any, other: Any, weekend: set[int], holidays: Any) -> float:
        first, second, *free = [
            columns.number(each) for each in (start, other, *(day for day in cells_of(holidays) if day is not None))
        ]
        bad = next((number for number in (first, second, *free) if number != number), None)
        return count(first, second, weekend, set(map(math.floor, free))) if bad is None else bad

    @of_ranges(name, VALUE, VALUE, CELLS, required=2)
    def computed(start: Any, other: Any, holidays: Any = None) -> float:
        return counted(start, other, {5, 6}, holidays)

    @of_ranges(f"{name}.INTL", VALUE, VALUE, VALUE, CELLS, required=2, omitted_is_default=True)
    def international(start: Any, other: Any, weekend: Any = 1.0, holidays: Any = None) -> float:
        days = _weekend_of(weekend)
        return days if isinstance(days, float) else counted(start, other, days, holidays)


_working("NETWORKDAYS", _networkdays)
_working("WORKDAY", _workday)

"""Dates and times as numbers.

A workbook counts its days from 1900, where spreadsheets have a 29 February that never was, or from 1904.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime
import math
from collections.abc import Iterator

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from xladdin.core.errors import NUM

_FROM_1904 = 1462.0  # days from the one beginning to the other
LAST = 2958465.0  # 31 December 9999
_BEGINNING = datetime.date(1899, 12, 30).toordinal()
_LEAP_DAY_THAT_NEVER_WAS = 60
_is_from_1904: contextvars.ContextVar[bool] = contextvars.ContextVar("is_from_1904", default=False)


@contextlib.contextmanager
def counted_from(epoch: datetime.datetime) -> Iterator[None]:
    """Have dates counted from a workbook's first day."""
    token = _is_from_1904.set(epoch == CALENDAR_MAC_1904)
    try:
        yield
    finally:
        _is_from_1904.reset(token)


def date_of(serial: float) -> tuple[int, int, int]:
    """Year, month and day of a serial number.

    Raises
    ------
    ValueError
        When it is none of a day that a spreadsheet knows.
    """
    day = math.floor(serial)
    if _is_from_1904.get():
        day += int(_FROM_1904)
    if not 0 <= day <= LAST:
        raise ValueError(serial)
    if day == 0:
        return 1900, 1, 0
    if day == _LEAP_DAY_THAT_NEVER_WAS:
        return 1900, 2, 29
    found = datetime.date.fromordinal(_BEGINNING + day + (day < _LEAP_DAY_THAT_NEVER_WAS))
    return found.year, found.month, found.day


def serial_of(year: int, month: int, day: float) -> float:
    """The serial number of a date whose month and day may lie beyond the year and the month."""
    years, month = divmod(month - 1, 12)
    year += years
    if not 1899 <= year <= 9999:
        return NUM
    serial = float(datetime.date(year, month + 1, 1).toordinal() - _BEGINNING)
    serial -= serial <= _LEAP_DAY_THAT_NEVER_WAS
    serial += math.floor(day) - 1
    if _is_from_1904.get():
        serial -= _FROM_1904
    return serial if 0 <= serial <= LAST else NUM


def seconds_of(serial: float) -> int:
    """The second of the day of a serial number, to the nearest."""
    return round((serial - math.floor(serial)) * 86400) % 86400


def weekday(serial: float) -> int:
    """The day of the week, 0 for Monday; spreadsheets take 1 January 1900 for a Sunday."""
    day = math.floor(serial) + (int(_FROM_1904) if _is_from_1904.get() else 0)
    return (day - 2) % 7


def is_from_1904() -> bool:
    """Whether the workbook in hand counts its days from 1904."""
    return _is_from_1904.get()

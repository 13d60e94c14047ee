"""Numbers, amounts, days and times that a text spells, as spreadsheets of the United States read them."""

from __future__ import annotations

import calendar
import functools
import re
from fractions import Fraction

from xladdin.core.errors import VALUE
from xladdin.workbook.dates import is_from_1904, serial_of

_PLAIN = re.compile(r"\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(%?)\s*")
_AMOUNT = re.compile(r"([+-]?)(\(?)([+-]?)\$?\s*((?:\d[\d,]*)?(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(%?)(\)?)")
_FRACTION = re.compile(r"([+-]?)(?:(\d+)\s+)?(\d+)/(\d+)")
_TIME = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?\s*([ap]m?)?|(\d{1,2})\s*([ap]m?)", re.IGNORECASE)
_MONTHS = {
    name[:size].casefold(): number for number, name in enumerate(calendar.month_name) for size in (3, len(name)) if name
}
_DATES = (
    (re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"), "ymd"),
    (re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})"), "mdy"),
    (re.compile(r"(\d{1,2})[-/ ]([A-Za-z]{3,9})[-/ ,]+(\d{4}|\d{2})"), "dmy"),
    (re.compile(r"([A-Za-z]{3,9})[- ](\d{1,2}),?\s+(\d{4})"), "mdy"),
    (re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})"), "dm"),
    (re.compile(r"([A-Za-z]{3,9})[- ](\d{4})"), "my"),
)


def number_of_text(text: str) -> float:
    """The number that a text spells, or #VALUE!."""
    found = _PLAIN.fullmatch(text)
    if found:
        try:
            value = float(found[1].replace(",", ""))
        except ValueError:
            return VALUE
        return value / 100 if found[2] else value
    return _other(text, is_from_1904())


def spells_date(text: str) -> bool:
    """Whether a text spells a day or a time."""
    return _PLAIN.fullmatch(text) is None and _moment(text) is not None


@functools.lru_cache(4096)
def _other(text: str, is_1904: bool) -> float:
    """What is no plain number: an amount, a fraction, a day or a time, counted from 1900 or 1904."""
    amount = _AMOUNT.fullmatch(text.strip())
    signs = len([part for part in (amount[1], amount[2], amount[3]) if part]) if amount else 0
    if amount and amount[4] and bool(amount[2]) == bool(amount[6]) and signs <= 1:
        try:
            value = float(amount[4].replace(",", ""))
        except ValueError:
            return VALUE
        value = value / 100 if amount[5] else value
        return -value if amount[2] or "-" in (amount[1], amount[3]) else value
    fraction = _FRACTION.fullmatch(text.strip())
    if fraction and fraction[2] and int(fraction[4]):
        size = float(int(fraction[2]) + Fraction(int(fraction[3]), int(fraction[4])))
        return -size if fraction[1] == "-" else size
    moment = _moment(text)
    return VALUE if moment is None else moment


def _moment(text: str) -> float | None:
    """The serial number of a day, a time, or both."""
    time = _time(text)
    if time is not None:
        return time
    for cut in (match.start() for match in re.finditer(r"[ T]", text)):
        day, time = _date(text[:cut].strip(" ,")), _time(text[cut + 1 :].strip())
        if day is not None and time is not None and time < 1:
            return day + time
    return _date(text)


def _date(text: str) -> float | None:
    for pattern, order in _DATES:
        found = pattern.fullmatch(text)
        if not found:
            continue
        parts = dict(zip(order, found.groups(), strict=True))
        month = _MONTHS.get(parts["m"].casefold(), 0) if parts["m"].isalpha() else int(parts["m"])
        if "y" not in parts:
            return None  # of the year in hand: it would be another number next year
        year, day = int(parts["y"]), int(parts.get("d", 1))
        if len(parts["y"]) == 2:
            year += 2000 if year < 30 else 1900
        if not (1 <= month <= 12 and 1900 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]):
            return None
        serial = serial_of(year, month, day)
        return serial if serial == serial else None
    return None


def _time(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    half = (found[4] or found[6] or "").casefold()[:1]
    hour, minute, second = int(found[1] or found[5]), int(found[2] or 0), float(found[3] or 0)
    if minute > 59 or second >= 60 or (half and not 0 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour * 3600 + minute * 60 + second) / 86400

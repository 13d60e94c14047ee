"""Number formats as TEXT takes them: the plain ones, with digits, thousands, percent, quoted text and signs."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from xladdin.workbook import columns
from xladdin.workbook.builtins import any_format

_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|([#0,.]+)|(%)|(yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s)|([^\w"\\?*_\[\]@])', re.I
)
_DIGITS = 1e15  # from here on a number has more digits than a spreadsheet keeps


class UnknownFormatError(Exception):
    """A number format that is not a plain one."""


@functools.cache
def formatter(pattern: str) -> Callable[[Any], Any]:
    """What turns an element into text by a number format."""
    try:
        return _plain_formatter(pattern)
    except UnknownFormatError:
        return columns.through_errors(any_format.formatter(_split(pattern)))


def _as_shown(value: Any) -> Any:
    return columns.shown(value) if type(value) is float else columns.text(value)


def _plain_formatter(pattern: str) -> Callable[[Any], Any]:
    if pattern.casefold() == "general":
        return columns.through_errors(_as_shown)
    sections = [_section(section) for section in _split(pattern)]
    if not 1 <= len(sections) <= 3:
        raise UnknownFormatError(pattern)
    below_zero = sections[1] if len(sections) > 1 else _signed(pattern, sections[0])

    def formatted(value: Any) -> Any:
        if type(value) is str:
            found = columns.number_of_text(value)
            if found != found:
                return value
            value = found
        if type(value) is bool:
            return columns.text(value)
        value = columns.number(value)
        if value < 0:
            return below_zero(-value)
        if value == 0 and len(sections) > 2:
            return sections[2](abs(value))
        return sections[0](abs(value))  # abs: no negative zero

    return columns.through_errors(formatted)


def _signed(pattern: str, write: Callable[[float], Any]) -> Callable[[float], Any]:
    """How a format of one section writes numbers below zero, of which it is given the size: with a sign, unless all
    digits are zero."""
    nothing = write(0.0) if any(match[3] for match in _TOKEN.finditer(pattern)) else None

    def signed(size: float) -> str:
        text = write(size)
        return f"-{text}" if text != nothing else nothing

    return signed


@dataclass(frozen=True, slots=True)
class _Simple:
    """A section with digits that Python's own formatting can write: what stands around them, and their form."""

    before: str
    after: str
    form: str
    scale: float
    most: int
    fewest: int

    @property
    def write(self) -> Callable[[float], str]:
        """What writes a number that is not negative."""
        if self.most > self.fewest:
            return self._without_zeros
        before, after = (text.replace("{", "{{").replace("}", "}}") for text in (self.before, self.after))
        return f"{before}{{:{self.form}}}{after}".format

    def _without_zeros(self, size: float) -> str:
        digits = format(size, self.form)
        digits = digits[: max(len(digits.rstrip("0")), len(digits) - self.most + self.fewest)]
        return f"{self.before}{digits}{self.after}"


def shown(column: columns.Column, pattern: str) -> columns.Column:
    """A column as text by a number format."""
    by_element = formatter(pattern)
    if not isinstance(column, np.ndarray) or column.dtype != np.float64 or not np.isfinite(column).all():
        return columns.apply(by_element, column)
    sections = [_simple(section) for section in _split(pattern)]
    positive, negative, zero = sections[0], sections[min(1, len(sections) - 1)], sections[2 if len(sections) > 2 else 0]
    if positive is None or negative is None or zero is None or positive.scale != negative.scale:
        return columns.apply(by_element, column)
    if len(sections) == 1:
        negative = replace(negative, before=f"-{negative.before}")
    sizes = np.abs(column) * positive.scale
    doubtful = _needs_decimals(sizes * 10.0**positive.most) | _needs_decimals(sizes * 10.0**negative.most)
    above, below, at = positive.write, negative.write, zero.write
    texts = [
        by_element(value) if doubt else (below if value < 0 else above if value else at)(size)
        for value, size, doubt in zip(column.tolist(), sizes.tolist(), doubtful.tolist(), strict=True)
    ]
    if len(sections) == 1:
        nothing = positive.write(0.0)
        texts = [nothing if text == f"-{nothing}" else text for text in texts]
    return columns.from_values(texts)


@functools.cache
def _simple(section: str) -> _Simple | None:
    tokens = list(_TOKEN.finditer(section))
    places = [index for index, match in enumerate(tokens) if match[3]]
    is_plain = "".join(match[0] for match in tokens) == section and not any(match[5] for match in tokens)
    if len(places) != 1 or not is_plain:
        return None
    digits = tokens[places[0]][3]
    if not re.fullmatch(r"(#,##)?0(\.0*#*)?", digits):
        return None
    fraction = digits.partition(".")[2]
    return _Simple(
        before="".join(_literal(match) for match in tokens[: places[0]]),
        after="".join(_literal(match) for match in tokens[places[0] + 1 :]),
        form=f"{',' if ',' in digits else ''}.{len(fraction)}f",
        scale=100.0 ** sum(bool(match[4]) for match in tokens),
        most=len(fraction),
        fewest=fraction.count("0"),
    )


def _literal(match: re.Match[str]) -> str:
    return match[1] if match[1] is not None else match[2] or match[4] or match[6] or ""


def _split(pattern: str) -> list[str]:
    """The sections of a format: for positive numbers, negative ones and zero."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', pattern)


def _section(pattern: str) -> Callable[[float], Any]:
    tokens = list(_TOKEN.finditer(pattern))
    if "".join(match[0] for match in tokens) != pattern:
        raise UnknownFormatError(pattern)
    if any(match[5] for match in tokens):
        raise UnknownFormatError(pattern)
    digits = [index for index, match in enumerate(tokens) if match[3]]
    if len(digits) > 1:
        raise UnknownFormatError(pattern)
    literals = [_literal(match) for match in tokens]
    if not digits:
        constant = "".join(literals)
        return lambda value: constant
    before, after = "".join(literals[: digits[0]]), "".join(literals[digits[0] + 1 :])
    number = _number_section(tokens[digits[0]][3], sum(bool(match[4]) for match in tokens))
    return lambda value: before + number(value) + after


def _number_section(digits: str, percents: int) -> Callable[[float], str]:
    whole, point, fraction = digits.partition(".")
    grouped = "," in whole.strip(",")
    scale = 100.0**percents / 1000.0 ** (len(whole) - len(whole.rstrip(",")))
    fewest, most = fraction.count("0"), len(fraction)
    least_whole = whole.count("0")
    if "," in fraction or "." in fraction:
        raise UnknownFormatError(digits)

    def number(value: float) -> str:
        text = fixed(value * scale if scale != 1 else value, most, grouped)
        integer, _, decimals = text.partition(".")
        while len(decimals) > fewest and decimals.endswith("0"):
            decimals = decimals[:-1]
        integer = "" if least_whole == 0 and integer == "0" else integer.rjust(least_whole, "0")
        return integer + point + decimals

    return number


def fixed(value: float, places: int, grouped: bool) -> str:
    """A number that is not negative with so many decimals, halves away from zero as a spreadsheet sees them."""
    scaled = value * 10.0**places
    if scaled >= _DIGITS:
        shown = Decimal(f"{value:.15g}")
        return f"{shown:,.{places}f}" if grouped else f"{shown:.{places}f}"
    if abs(scaled - math.floor(scaled) - 0.5) < max(1e-6, scaled * 1e-14):
        exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return f"{exact:,f}" if grouped else f"{exact:f}"
    return f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"


def _needs_decimals(scaled: Any) -> Any:
    """Where a number lies so near to a half, or is so large, that the 15 digits a spreadsheet keeps decide its text."""
    return (scaled >= _DIGITS) | (np.abs(scaled - np.floor(scaled) - 0.5) < np.maximum(1e-6, scaled * 1e-14))

"""Number formats of any kind: exponents, fractions, spans of time, conditions, spaces and fillers.

The plain ones, of which there are most, are written by `number_formats`.
"""

from __future__ import annotations

import calendar
import math
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from xladdin.core.errors import VALUE
from xladdin.workbook import columns
from xladdin.workbook.dates import date_of, weekday

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<filler>.)'
    r"|(?P<span>\[(?:h+|m+|s+)\](?:\.0+)?)|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<half>am/pm|a/p)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<digits>[#0?]+(?:[#0?,]*[#0?])?)"
    r"|(?P<exponent>e[+-])|(?P<general>general)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
_HOLDS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq, "<>": operator.ne}
Token = tuple[str, str]


def formatter(sections: list[str]) -> Callable[[Any], Any]:
    """What turns an element into text by a format's sections."""
    parsed = [_tokens(section) for section in sections]
    conditions = [_condition(tokens) for tokens in parsed]

    def formatted(value: Any) -> Any:
        if type(value) is str:
            spelled = columns.number_of_text(value)
            if spelled != spelled:
                return _text(parsed, value)
            value = spelled
        if type(value) is bool:
            return columns.text(value)
        number = columns.number(value)
        index = _section_of(number, conditions, len(parsed))
        if index is None:
            return VALUE
        own_sign = index == 0 and (len(parsed) == 1 or (conditions[0] is not None and not _writes_minus(parsed[0])))
        return _written(parsed[index], number if own_sign else abs(number))

    return formatted


def _writes_minus(tokens: list[Token]) -> bool:
    """Whether a section is for negative numbers alone and has a minus of its own."""
    limits = [_CONDITION.fullmatch(text) for kind, text in tokens if kind == "bracket"]
    is_negative = any(found and found[1] in ("<", "<=") and float(found[2]) <= 0 for found in limits)
    return is_negative and ("other", "-") in tokens


def _tokens(section: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup or "other"
        found.append((kind, match[kind]))
    return found


def _condition(tokens: list[Token]) -> Callable[[float], bool] | None:
    for kind, text in tokens:
        match = _CONDITION.fullmatch(text) if kind == "bracket" else None
        if match:
            holds, limit = _HOLDS[match[1]], float(match[2])
            return lambda value: bool(holds(value, limit))
    return None


def _section_of(number: float, conditions: list[Any], count: int) -> int | None:
    if any(conditions):
        for index, condition in enumerate(conditions[:2]):
            if condition and condition(number):
                return index
        return next((index for index in range(count) if conditions[index] is None), None)
    if number < 0 and count > 1:
        return 1
    return 2 if number == 0 and count > 2 else 0


def _text(parsed: list[list[Token]], value: str) -> Any:
    """A text by the section for texts, which is the fourth, or the only one where it has an @."""
    tokens = parsed[3] if len(parsed) > 3 else parsed[0] if ("other", "@") in parsed[0] else None
    if tokens is None:
        return value
    return "".join(value if token == ("other", "@") else _literal(token) for token in tokens)


def _literal(token: Token) -> str:
    kind, text = token
    return " " if kind == "space" else "" if kind in ("filler", "bracket") else text


def _written(tokens: list[Token], number: float) -> Any:
    if any(kind in ("date", "half", "span") for kind, _ in tokens):
        if any(kind == "digits" for kind, _ in tokens):
            return VALUE
        return _moment(tokens, number)
    if any(kind == "general" or (kind, text) == ("other", "@") for kind, text in tokens):
        shown = columns.shown(number)
        return "".join(shown if kind == "general" or text == "@" else _literal((kind, text)) for kind, text in tokens)
    text = _number(tokens, abs(number))
    return f"-{text}" if number < 0 and re.search(r"[1-9]", text) else text


def _number(tokens: list[Token], size: float) -> str:
    percents = sum(token == ("other", "%") for token in tokens)
    size *= 100.0**percents
    numeric = [index for index, (kind, text) in enumerate(tokens) if kind == "digits" or text == "."]
    if not numeric:
        return "".join(map(_literal, tokens))
    first, last = numeric[0], numeric[-1]
    if ("other", "/") in tokens[last + 1 :]:  # a fraction of a denominator that is written out
        last = tokens.index(("other", "/"), last + 1)
        while last + 1 < len(tokens) and tokens[last + 1][1].isdigit():
            last += 1
    while last + 1 < len(tokens) and tokens[last + 1] == ("other", ","):
        last += 1
        size /= 1000.0
    inner = tokens[first : last + 1]
    before, after = tokens[:first], tokens[last + 1 :]
    if any(kind == "exponent" for kind, _ in inner):
        shown = _scientific(inner, size)
    elif ("other", "/") in inner:
        shown = _fraction(inner, size)
    else:
        shown = _decimal(inner, size)
    return "".join(map(_literal, before)) + shown + "".join(map(_literal, after))


def _parts(tokens: list[Token]) -> tuple[str, str, bool]:
    """The digits before and after the point, and whether thousands are marked."""
    text = "".join(text for kind, text in tokens if kind == "digits" or text == ".")
    whole, _, fraction = text.partition(".")
    return whole.replace(",", ""), fraction.replace(".", ""), "," in whole


def _decimal(tokens: list[Token], size: float) -> str:
    whole, fraction, grouped = _parts(tokens)
    exact = Decimal(f"{size:.15g}").quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits, _, decimals = f"{exact:f}".partition(".")
    digits = "" if digits == "0" else digits
    filled = _placed(digits, whole, grouped)
    kept = _after_point(decimals, fraction)
    has_point = any(text == "." for _, text in tokens)
    literals = [(kind, text) for kind, text in tokens if kind not in ("digits",) and text not in (".", ",")]
    if literals and not grouped and not fraction:
        return _interleaved(tokens, digits)
    return filled + ("." if has_point else "") + kept


def _interleaved(tokens: list[Token], digits: str) -> str:
    """Digits with text between them, as in a telephone number."""
    places = [mark for kind, text in tokens if kind == "digits" for mark in text]
    missing = len(places) - len(digits)
    spare, digits = (digits[: -len(places)], digits[-len(places) :]) if missing < 0 else ("", digits)
    filled = [{"0": "0", "?": " "}.get(mark, "") for mark in places[: max(missing, 0)]] + list(digits)
    out = [spare]
    for kind, text in tokens:
        out += [filled.pop(0) for _ in text] if kind == "digits" else [_literal((kind, text))]
    return "".join(out)


def _placed(digits: str, pattern: str, grouped: bool) -> str:
    least = len(pattern) - len(pattern.lstrip("#"))
    marks = pattern[least:]
    missing = marks[: max(len(marks) - len(digits), 0)]
    filled = "".join(" " if mark == "?" else "0" for mark in missing) + digits
    if not grouped:
        return filled
    return re.sub(r"(?<=[\d ])(?=(?:[\d ]{3})+$)", ",", filled) if " " not in filled else filled


def _after_point(decimals: str, pattern: str) -> str:
    out = list(decimals)
    for index in range(len(pattern) - 1, -1, -1):
        if out[index] != "0" or pattern[index] == "0":
            break
        out[index] = " " if pattern[index] == "?" else ""
    return "".join(out)


def _scientific(tokens: list[Token], size: float) -> str:
    at = next(index for index, (kind, _) in enumerate(tokens) if kind == "exponent")
    whole, fraction, _ = _parts(tokens[:at])
    width = "".join(text for kind, text in tokens[at + 1 :] if kind == "digits")
    power = math.floor(math.log10(size)) if size else 0
    step = max(len(whole), 1)
    power = power // step * step if step > 1 else power
    shown = _decimal(tokens[:at], size / 10.0**power if size else 0.0)
    if step == 1 and shown.startswith("10"):
        power += 1
        shown = _decimal(tokens[:at], size / 10.0**power)
    sign = "-" if power < 0 else "+" if tokens[at][1].endswith("+") else ""
    del fraction
    return f"{shown}E{sign}{abs(power):0{max(len(width), 1)}d}"


def _fraction(tokens: list[Token], size: float) -> str:
    at = tokens.index(("other", "/"))
    after = "".join(text for kind, text in tokens[at + 1 :])
    before = [text for kind, text in tokens[:at] if kind == "digits"]
    fixed = int(after) if after.isdigit() and int(after) else 0
    exact = Fraction(size).limit_denominator(10 ** max(len(after), 1) - 1)
    if fixed:
        exact = Fraction(round(size * fixed), fixed)
    whole = int(exact) if len(before) > 1 else 0
    rest = exact - whole
    top, bottom = (round(rest * fixed), fixed) if fixed else (rest.numerator, rest.denominator)
    if len(before) > 1 and not top:
        return f"{whole}" + " " * (len(before[-1]) + len(after) + 2)
    shown = f"{top}".rjust(len(before[-1])) + "/" + f"{bottom}".ljust(len(after))
    if len(before) < 2:
        return shown
    return f"{whole} {shown}" if whole or "0" in before[0] else f" {shown}"


def _moment(tokens: list[Token], number: float) -> Any:
    if number < 0:
        return VALUE
    has_half = any(kind == "half" for kind, _ in tokens)
    decimals = max((len(text.partition(".")[2]) for kind, text in tokens if kind in ("date", "span")), default=0)
    ticks = round(number * 86400 * 10**decimals)
    days, rest = divmod(ticks, 86400 * 10**decimals)
    seconds = rest // 10**decimals
    try:
        year, month, day = date_of(float(days))
    except ValueError:
        return VALUE
    out = []
    for index, (kind, text) in enumerate(tokens):
        low = text.casefold()
        if kind == "span":
            unit = {"h": 3600, "m": 60, "s": 1}[low[1]]
            out.append(f"{ticks // 10**decimals // unit:0{low.index(']') - 1}d}" + _part_of_second(low, rest, decimals))
        elif kind == "half":
            marks = text.split("/")
            out.append(marks[seconds >= 43200] if low == "a/p" else ("AM", "PM")[seconds >= 43200])
        elif kind != "date":
            out.append(_literal((kind, text)))
        elif low[0] == "y":
            out.append(f"{year:04d}" if len(low) > 2 else f"{year % 100:02d}")
        elif low[0] == "m" and _is_minute(tokens, index):
            out.append(f"{seconds // 60 % 60:0{min(len(low), 2)}d}")
        elif low[0] == "m":
            name = calendar.month_name[month]
            out.append({3: name[:3], 4: name, 5: name[:1]}.get(len(low), f"{month:0{min(len(low), 2)}d}"))
        elif low[0] == "d":
            name = calendar.day_name[weekday(float(days))]
            out.append({3: name[:3]}.get(len(low), name if len(low) > 3 else f"{day:0{len(low)}d}"))
        elif low[0] == "h":
            hour = seconds // 3600
            hour = (hour % 12 or 12) if has_half else hour
            out.append(f"{hour:0{min(len(low), 2)}d}")
        else:
            width = min(len(low.partition(".")[0]), 2)
            out.append(f"{seconds % 60:0{width}d}" + _part_of_second(low, rest, decimals))
    return "".join(out)


def _part_of_second(mark: str, rest: int, decimals: int) -> str:
    """The decimals that a mark of seconds asks for, with their point."""
    _, point, places = mark.partition(".")
    return f".{rest % 10**decimals:0{decimals}d}"[: len(places) + 1] if point else ""


def _is_minute(tokens: list[Token], index: int) -> bool:
    """Whether an m is of minutes: it stands behind an h or before an s."""

    def neighbour(indices: range) -> str:
        for other in indices:
            kind, text = tokens[other]
            if kind in ("date", "span"):
                return text.casefold().lstrip("[")[0]
        return ""

    return len(tokens[index][1]) < 3 and (
        neighbour(range(index - 1, -1, -1)) == "h" or neighbour(range(index + 1, len(tokens))) == "s"
    )

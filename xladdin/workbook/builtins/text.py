"""Functions of texts, one for each row."""

from __future__ import annotations

import itertools
import math
import re
import urllib.parse
from collections.abc import Callable
from typing import Any

import numpy as np
import regex

from xladdin.core.errors import NA, quoted
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins import number_formats
from xladdin.workbook.builtins.criteria import wildcard_start
from xladdin.workbook.builtins.operators import concatenate
from xladdin.workbook.builtins.registry import (
    ARRAY,
    CELLS,
    NUMBER,
    TEXT,
    VALUE,
    Call,
    block_of,
    builtin,
    cells_of,
    elementwise,
    of_ranges,
)
from xladdin.workbook.columns import Column
from xladdin.workbook.file.budget import OverBudgetError


def _of_text(name: str, *takes: Any, required: int | None = None) -> Callable[[Call], Call]:
    """Declare a function of texts; a count or position that is none is #VALUE!."""
    return elementwise(name, *takes, required=required, fails=VALUE_ERROR)


def _count_of(number: float) -> int:
    if number < 0:
        raise ValueError
    return int(number)


def _search(wanted: str, within: str, start: float, matches: Callable[[str, str, int], int]) -> float:
    first = _count_of(start)
    found = matches(wanted, within, first - 1) if first else -1
    if found < 0:
        raise ValueError
    return float(found + 1)


def _search_any_case(wanted: str, within: str, start: int) -> int:
    if start > len(within):
        return -1
    return wildcard_start(wanted, within, start)


@_of_text("SUBSTITUTE", TEXT, TEXT, TEXT, VALUE, required=3)
def _substitute(value: str, old: str, new: str, which: Any = None) -> Any:
    if which is not None and _count_of(columns.number(which)) == 0:
        raise ValueError
    if not old:
        return value
    if which is None:
        grown = len(value) + value.count(old) * (len(new) - len(old))
        return value.replace(old, new) if grown <= columns.LONGEST_TEXT else VALUE_ERROR
    parts = value.split(old)
    index = _count_of(columns.number(which))
    return value if index >= len(parts) else columns.limited(old.join(parts[:index]) + new + old.join(parts[index:]))


@_of_text("MID", TEXT, NUMBER, NUMBER)
def _mid(value: str, start: float, size: float) -> str:
    first = _count_of(start)
    if not first:
        raise ValueError
    return value[first - 1 : first - 1 + _count_of(size)]


@_of_text("RIGHT", TEXT, NUMBER, required=1)
def _right(value: str, size: float = 1.0) -> str:
    kept = _count_of(size)
    return value[-kept:] if kept else ""


@_of_text("REPT", TEXT, NUMBER)
def _rept(value: str, times: float) -> Any:
    count = _count_of(times)
    return value * count if len(value) * count <= columns.LONGEST_TEXT else VALUE_ERROR


@_of_text("REPLACE", TEXT, NUMBER, NUMBER, TEXT)
def _replace(value: str, start: float, size: float, new: str) -> Any:
    first = _count_of(start)
    if not first:
        raise ValueError
    return columns.limited(value[: first - 1] + new + value[first - 1 + _count_of(size) :])


_of_text("LEN", TEXT)(lambda value: float(len(value.encode("utf-16-le", "surrogatepass")) // 2))
_of_text("UPPER", TEXT)(str.upper)
_of_text("LOWER", TEXT)(str.lower)
_of_text("PROPER", TEXT)(
    lambda value: re.sub(r"[^\W\d_]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), value)
)
_of_text("TRIM", TEXT)(lambda value: re.sub(" +", " ", value.strip(" ")))
_of_text("CLEAN", TEXT)(lambda value: re.sub("[\x00-\x1f]", "", value))
_of_text("LEFT", TEXT, NUMBER, required=1)(lambda value, size=1.0: value[: _count_of(size)])
_of_text("EXACT", TEXT, TEXT)(lambda left, right: left == right)
_of_text("SEARCH", TEXT, TEXT, NUMBER, required=2)(
    lambda wanted, within, start=1.0: _search(wanted, within, start, _search_any_case)
)
_of_text("FIND", TEXT, TEXT, NUMBER, required=2)(
    lambda wanted, within, start=1.0: _search(wanted, within, start, lambda w, t, s: t.find(w, s))
)


@_of_text("CHAR", NUMBER)
def _char(code: float) -> str:
    if not 1 <= code < 256:
        raise ValueError
    try:
        return bytes([int(code)]).decode("cp1252")
    except UnicodeDecodeError:  # the few that Windows leaves out are control characters
        return chr(int(code))


@_of_text("CODE", TEXT)
def _code(value: str) -> float:
    if not value:
        return VALUE_ERROR
    if 0x80 <= ord(value[0]) < 0xA0:  # a control character, which Windows has no other sign for
        return float(ord(value[0]))
    return float(value[0].encode("cp1252", errors="replace")[0])


@_of_text("UNICHAR", NUMBER)
def _unichar(code: float) -> str:
    if not 1 <= code < 0x110000:
        raise ValueError
    return chr(int(code))


@_of_text("UNICODE", TEXT)
def _unicode(value: str) -> float:
    return float(ord(value[0])) if value else VALUE_ERROR


@_of_text("VALUE", VALUE)
def _value(value: Any) -> float:
    return VALUE_ERROR if type(value) is bool else columns.number(value)


@_of_text("NUMBERVALUE", TEXT, TEXT, TEXT, required=1)
def _numbervalue(value: str, decimal: str = ".", group: str = ",") -> float:
    if not decimal or not group or decimal[0] == group[0]:
        raise ValueError
    text = "".join(value.split())
    whole, point, fraction = text.partition(decimal[0])
    if group[0] in fraction:
        raise ValueError
    percents = len(text) - len(text.rstrip("%"))
    plain = f"{whole.replace(group[0], '')}{'.' if point else ''}{fraction}".rstrip("%")
    return float(plain) / 100**percents if plain else 0.0


@builtin("CONCAT", CELLS, repeats=1)
def _concat(*arguments: Any) -> Column:
    return concatenate(*cells_of(*arguments))


@of_ranges("TEXTJOIN", CELLS, VALUE, CELLS, repeats=1)
def _textjoin(between: Any, skips: Any, *texts: Any) -> Any:
    marks = [columns.text(mark) for mark in cells_of(between)]
    found = [columns.text(text) for text in cells_of(*texts)]
    bad = next((text for text in (*marks, *found) if text != text), None)
    if bad is not None:
        return bad
    if columns.truth(skips):
        found = [text for text in found if text]
    pieces = [piece for index, text in enumerate(found) for piece in (marks[index % len(marks)], text)][1:]
    return "".join(pieces) if sum(map(len, pieces)) <= columns.LONGEST_TEXT else VALUE_ERROR


@builtin("TEXT", VALUE, VALUE)
def _text(value: Column, pattern: Column) -> Column:
    if not isinstance(pattern, np.ndarray):
        return number_formats.shown(value, _pattern_of(pattern)) if pattern == pattern else pattern
    result = pattern.copy().astype(object)  # errors stay; every other element is overwritten
    for each in {one for one in pattern.tolist() if one == one}:
        rows = np.array(pattern == each, dtype=np.bool_)
        result[rows] = number_formats.shown(value[rows] if isinstance(value, np.ndarray) else value, _pattern_of(each))
    return columns.from_values(result.tolist())


def _pattern_of(value: Any) -> str:
    return str(columns.text(value))


def _dollars(value: float, decimals: float = 2.0) -> Any:
    """An amount as text, in parentheses where it is below zero."""
    places = math.floor(decimals)
    if places > 127:
        return VALUE_ERROR
    scale = 10.0 ** -min(places, 0)
    size = f"${math.floor(abs(value) / scale + 0.5) * scale:,.0f}" if places <= 0 else f"${abs(value):,.{places}f}"
    return f"({size})" if value < 0 and re.search("[1-9]", size) else size


for _name in ("DOLLAR", "USDOLLAR"):
    _of_text(_name, NUMBER, NUMBER, required=1)(_dollars)
elementwise("HYPERLINK", VALUE, VALUE, required=1)(lambda link, shown=None: link if shown is None else shown)


def _as_text(value: Any, is_strict: bool) -> str:
    if type(value) is str and is_strict:
        return '"' + value.replace('"', '""') + '"'
    return str(columns.to_cell(value)) if value is not None and value != value else str(columns.text(value))


def _is_strict(form: Any) -> bool:
    number = columns.number(form)
    if number not in (0, 1):
        raise ValueError(number)
    return number == 1


@of_ranges("VALUETOTEXT", CELLS, VALUE, required=1, omitted_is_default=True, fails=VALUE_ERROR)
def _valuetotext(value: Any, form: Any = 0.0) -> Any:
    is_strict = _is_strict(form)
    rows = [[_as_text(cell, is_strict) for cell in row] for row in block_of(value)]
    return rows if len(rows) > 1 or len(rows[0]) > 1 else rows[0][0]


@of_ranges("ARRAYTOTEXT", ARRAY, VALUE, required=1, omitted_is_default=True, fails=VALUE_ERROR)
def _arraytotext(block: Any, form: Any = 0.0) -> Any:
    is_strict = _is_strict(form)
    rows = [[_as_text(cell, is_strict) for cell in row] for row in block_of(block)]
    if not is_strict:
        return ", ".join(text for row in rows for text in row)
    return "{" + ";".join(",".join(row) for row in rows) + "}"


@_of_text("ENCODEURL", TEXT)
def _encodeurl(value: str) -> str:
    return urllib.parse.quote(value, safe="")


def _around(value: str, mark: Any, which: float, any_case: float, at_end: float) -> tuple[int, int] | None:
    """Where a text's delimiter of a number starts and ends, counted from its end where that is below zero."""
    marks = [re.escape(columns.text(each)) for each in cells_of(mark)]
    found = [each.span() for each in re.finditer("|".join(marks), value, re.IGNORECASE if any_case else 0)]
    if at_end:
        found = [*found, (len(value), len(value))] if which > 0 else [(0, 0), *found]
    index = int(which) - 1 if which > 0 else int(which)
    return found[index] if -len(found) <= index < len(found) else None


def _beside(name: str, is_before: bool) -> None:
    """TEXTBEFORE and TEXTAFTER."""

    def computed(
        value: Any, mark: Any, which: Any = 1.0, any_case: Any = 0.0, at_end: Any = 0.0, missing: Any = NA
    ) -> Any:
        text = columns.text(value)
        number = columns.number(which)
        fault = next((each for each in (text, *cells_of(mark), number) if each != each), None)
        if fault is not None or not int(number):
            return VALUE_ERROR if fault is None else fault
        found = _around(text, mark, number, columns.number(any_case), columns.number(at_end))
        if found is None:
            return missing
        return text[: found[0]] if is_before else text[found[1] :]

    builtin(name, VALUE, ARRAY, VALUE, VALUE, VALUE, VALUE, required=2, by_row=True, omitted_is_default=True)(computed)


_beside("TEXTBEFORE", True)
_beside("TEXTAFTER", False)

_REGEX_FLAGS = {0.0: 0, 1.0: int(regex.IGNORECASE)}
_LONGEST_SEARCH = 5.0  # seconds: a pattern can be such that it would not end in a lifetime


def _found(value: str, pattern: str, case: float) -> list[regex.Match[str]]:
    """Where a pattern is in a text.

    Raises
    ------
    ValueError
        When it is no pattern.
    OverBudgetError
        When looking for it takes too long.
    """
    try:
        return list(regex.finditer(pattern, value, _REGEX_FLAGS[case], timeout=_LONGEST_SEARCH))
    except (regex.error, KeyError):
        raise ValueError from None
    except TimeoutError:
        raise OverBudgetError(
            f"the pattern {quoted(pattern[:60])} is looked for longer than {_LONGEST_SEARCH:g} s in a text of "
            f"{len(value):,} characters; allowed are patterns that end."
        ) from None


@_of_text("REGEXTEST", TEXT, TEXT, NUMBER, required=2)
def _regextest(value: str, pattern: str, case: float = 0.0) -> bool:
    return bool(_found(value, pattern, case))


@_of_text("REGEXREPLACE", TEXT, TEXT, TEXT, NUMBER, NUMBER, required=3)
def _regexreplace(value: str, pattern: str, new: str, which: float = 0.0, case: float = 0.0) -> Any:
    found = _found(value, pattern, case)
    chosen = found if not which else found[int(which) - 1 :][:1] if which > 0 else found[int(which) :][:1]
    parts = re.split(r"\$(\d+)", new)  # texts, and between them the numbers of groups
    size = len(value)
    pieces, place = [], 0
    for each in chosen:
        groups = [each[int(number)] or "" for number in parts[1::2]]
        size += sum(map(len, parts[::2])) + sum(map(len, groups)) - len(each[0])
        if size > columns.LONGEST_TEXT + len(value):
            return VALUE_ERROR
        put = "".join(itertools.chain.from_iterable(itertools.zip_longest(parts[::2], groups, fillvalue="")))
        pieces += [value[place : each.start()], put]
        place = each.end()
    return columns.limited("".join([*pieces, value[place:]]))


@of_ranges("REGEXEXTRACT", VALUE, VALUE, VALUE, VALUE, required=2, omitted_is_default=True, fails=VALUE_ERROR)
def _regexextract(value: Any, pattern: Any, mode: Any = 0.0, case: Any = 0.0) -> Any:
    text = columns.text(value)
    found = _found(text, columns.text(pattern), columns.number(case))
    if not found:
        return NA
    match columns.number(mode):
        case 0.0:
            return found[0][0]
        case 1.0:
            return [[each[0]] for each in found]
    return [list(found[0].groups())]

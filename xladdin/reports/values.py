"""What a column of a table is worth for an input: its values, which of them are blank, and which are allowed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars
from numpy.typing import NDArray
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import WINDOWS_EPOCH

from xladdin.core.suggestions import did_you_mean
from xladdin.reports import notation
from xladdin.reports.wording import cut
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.filled_lists import AS_TYPED
from xladdin.workbook.model import Input

_HUNDRED = 100  # percent
_LONGEST_SAID = 300  # characters of a long list of words, in a message
LONGEST_TEXT = 32_767  # characters of UTF-16: what a cell holds
_NUMERAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]?\d+)?")  # 007 and what is longer are no quantities
_BARE = re.compile(r"-?\d+(\.\d+)?")
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}
_SIDES = {"long": ("long", "buy"), "short": ("short", "sell")}


@dataclass(frozen=True)
class Notation:
    """How the numbers and dates of a column are written, where more than one way is possible."""

    decimal: str | None = None
    order: str | None = None
    power: int = 0  # of ten, that the numbers are multiplied by


@dataclass
class Values:
    """The elements of a column for an input, None where it is blank; and where they are blank, and allowed."""

    elements: Any
    is_blank: NDArray[np.bool_]
    is_allowed: NDArray[np.bool_]


def is_number(item: Input) -> bool:
    """Whether an input holds a number."""
    by_default = isinstance(item.default, (int, float)) and not isinstance(item.default, bool)
    return bool(item.rule and item.rule.is_number) or by_default


def is_date(item: Input) -> bool:
    """Whether an input holds a date: its rule says so, or it is shown as one."""
    if item.default is not None:
        return isinstance(item.default, (datetime.date, datetime.time))
    return item.rule.is_date if item.rule else is_date_format(item.number_format)


def is_side(item: Input) -> bool:
    """Whether an input is one of two sides."""
    if item.rule is None or item.rule.kind != "list":
        return False
    words = {word.casefold() for word in item.rule.words}
    return all(words & set(names) for names in _SIDES.values())


def _as_percent(item: Input, found: str) -> str:
    """How a number that can be one of percent is written, where the cell shows percent."""
    number = found.strip()
    if "%" not in item.number_format or not _BARE.fullmatch(number) or item.rule is None:
        return ""
    part = float(number) / _HUNDRED
    return f"; {number}% is written {number}% or {part:.10g}" if item.rule.admits(part) else ""


def allowed(item: Input, found: str = "") -> str:
    """What an input takes, in words, and which of its words is nearest to what was found."""
    if item.rule and item.rule.is_checked:
        said = f"allowed is {cut(item.rule.allowed, _LONGEST_SAID)}"
        return said + (_as_percent(item, found) if item.rule.is_number else did_you_mean(found, item.rule.words or ()))
    return "allowed is a number" if is_number(item) else "allowed is a date" if is_date(item) else "allowed is text"


def read(
    item: Input,
    column: polars.Series,
    written: Notation = Notation(),
    epoch: datetime.datetime = WINDOWS_EPOCH,
    powers: Mapping[str, int] = notation.PARTS,
) -> Values:
    """The values of a column for an input; powers are those of ten for the units in its cells."""
    if is_number(item):
        return _numbers(item, column, written, powers)
    if is_date(item):
        return _each(item, column, lambda raw: _date(raw, written.order, epoch))
    if isinstance(item.default, bool):
        return _each(item, column, lambda raw: _TRUTHS.get(str(raw).strip().casefold()))
    if item.rule and item.rule.kind == "list" and item.rule.words:
        return _each(item, column, lambda raw: _word(item, raw))
    return _texts(item, column)


def value_of(item: Input, raw: str, powers: Mapping[str, int] = notation.PARTS) -> Any:
    """The element that one text is for an input, or None where it is not allowed."""
    found = read(item, polars.Series([raw]), powers=powers)
    element = found.elements[0] if found.is_allowed[0] and not found.is_blank[0] else None
    return None if element == notation.BY_SIGN else element.item() if isinstance(element, np.generic) else element


def _numbers(item: Input, column: polars.Series, written: Notation, powers: Mapping[str, int]) -> Values:
    numbers, is_marked = notation.numbers(column, written.decimal, powers)
    values = numbers.to_numpy().astype(np.float64)
    if written.power:
        values = np.where(is_marked.to_numpy(), values, notation.scaled(numbers, written.power).to_numpy())
    is_blank = notation.is_blank(column).to_numpy() & np.isnan(values)
    if item.rule is None or item.rule.is_number:
        is_allowed = np.isfinite(values) if item.rule is None else item.rule.admits_numbers(values)
    else:
        known = {value: value == value and item.rule.admits(value) for value in set(values.tolist())}
        is_allowed = np.array([known[value] for value in values.tolist()], dtype=np.bool_)
    if is_blank.any():
        values = values.astype(object)
        values[is_blank] = None
    return Values(values, is_blank, is_allowed | is_blank)


def _each(item: Input, column: polars.Series, value: Callable[[Any], Any]) -> Values:
    """The values of a column of a few different ones, or of such as take a while each."""
    is_blank = notation.is_blank(column).to_numpy()
    raw = _as_objects(column)
    known: dict[Any, Any] = {None: None}
    for each in set(raw):
        if each is not None:
            element = value(each)
            admitted = element == notation.BY_SIGN or (
                element is not None and (item.rule is None or item.rule.admits(element))
            )
            known[each] = element if admitted else None
    elements = _objects([known[each] for each in raw])
    elements[is_blank] = None
    return Values(elements, is_blank, (elements != np.array(None)) | is_blank)


def _texts(item: Input, column: polars.Series) -> Values:
    texts = _as_texts(column)
    is_blank = column.is_null().to_numpy() | (texts == "").fill_null(False).to_numpy()
    lengths = texts.str.len_chars()
    is_allowed = texts.is_not_null().to_numpy() & ~is_blank
    rule = item.rule if item.rule and item.rule.kind == "textLength" else None
    refused = [
        length
        for length in lengths.drop_nulls().unique().to_list()
        if length > LONGEST_TEXT or (rule and not rule.admits("x" * length))
    ]
    if refused:
        is_allowed &= ~lengths.is_in(refused).fill_null(False).to_numpy()
    for index in (lengths * 2 > LONGEST_TEXT).fill_null(False).arg_true().to_list():
        text = texts[index]
        is_allowed[index] &= len(text) + sum(map("\uffff".__lt__, text)) <= LONGEST_TEXT
    elements = _objects(texts.to_list())
    if item.rule and item.rule.kind == AS_TYPED:
        known = {text: _typed(text) for text in set(elements.tolist())}
        elements = _objects([known[text] for text in elements.tolist()])
    elements[is_blank] = None
    return Values(elements, is_blank, is_allowed | is_blank)


def _typed(text: str | None) -> Any:
    if text is None or not _NUMERAL.fullmatch(text):
        return text
    number = float(text)
    return number if abs(number) != float("inf") else text


def _as_texts(column: polars.Series) -> polars.Series:
    """Values as text, null where they are no value of a cell."""
    if column.dtype == polars.Boolean:
        column = column.replace_strict({True: "TRUE", False: "FALSE"}, return_dtype=polars.String)
    elif column.dtype.is_temporal():
        column = polars.Series(
            [None if value is None else str(value) for value in column.to_list()], dtype=polars.String
        )
    elif column.dtype.is_nested() or column.dtype in (polars.Binary, polars.Object):
        return polars.Series([None] * len(column), dtype=polars.String)
    return column.cast(polars.String, strict=False).str.strip_chars()


def _as_objects(column: polars.Series) -> list[Any]:
    """Values as Python's, those of no cell as a text that is nothing."""
    if column.dtype.is_temporal():
        return column.to_list()
    texts = _as_texts(column)
    return [
        "\0" if text is None and is_there else text for text, is_there in zip(texts, column.is_not_null(), strict=True)
    ]


def _objects(values: list[Any]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _word(item: Input, raw: Any) -> str | None:
    assert item.rule is not None
    text = str(raw).strip()
    words = {word.casefold(): word for word in item.rule.words}
    if text.casefold() in words or not is_side(item):
        return text
    side = notation.side_of(text)
    if side is None or side == notation.BY_SIGN:
        return side
    return next(words[name] for name in _SIDES[side] if name in words)


def _date(raw: Any, order: str | None, epoch: datetime.datetime) -> float | None:
    if isinstance(raw, datetime.timedelta):
        return None
    if isinstance(raw, datetime.datetime) and raw.tzinfo is not None:
        raw = raw.astimezone(datetime.UTC).replace(tzinfo=None)
    moment = notation.time_of(raw, order) if isinstance(raw, str) else raw
    if moment is None:
        return None
    element = cell_columns.from_cell(moment, epoch)
    return element if isinstance(element, float) else None

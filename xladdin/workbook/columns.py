"""Columns: the value of one cell over all rows of a batch, and the conversions that a spreadsheet makes between kinds.

A column is a plain value where it is the same in every row (a float, text, a boolean, or None for a blank), and
otherwise an array: of float64, of booleans, or of objects where kinds are mixed. An error is the NaN that carries its
code (`xladdin.core.errors`); a column holds no other NaN and no infinity. What a function gives for a row never
depends on the other rows of the batch.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import numpy as np
from openpyxl.utils.datetime import WINDOWS_EPOCH, to_excel

from xladdin.core.cells import as_cell
from xladdin.core.errors import CODES, NUM, VALUE, error
from xladdin.workbook.spelled import number_of_text as number_of_text

Column = Any
Mask = Any  # a boolean, or an array of booleans

LONGEST_TEXT = 32_767  # characters that a cell holds
_PLACES = 11  # of a number that is shown by the General format, its point being one
_LONGEST_PLAIN = 21  # characters: a number that is longer without an exponent is shown with one


def from_cell(value: Any, epoch: datetime.datetime = WINDOWS_EPOCH) -> Any:
    """A cell value as the element of a column: whole numbers are floats, dates serial numbers, errors coded."""
    if type(value) in (float, str, bool, type(None)):
        return error(value) if type(value) is str and value in CODES else value
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return float(to_excel(value, epoch))
    return float(value) if isinstance(value, (int, float)) else str(value)


def to_cell(value: Any) -> Any:
    """The element of a column as a cell value: an error is its text."""
    return as_cell(value) if type(value) is float else value


def to_cells(column: Column, count: int) -> list[Any]:
    """The elements of a column as cell values, row by row."""
    if not isinstance(column, np.ndarray):
        return [to_cell(column)] * count
    members: list[Any] = column.tolist()
    has_errors = (
        column.dtype != np.bool_ and float in set(map(type, members)) and any(map(operator.ne, members, members))
    )
    return list(map(to_cell, members)) if has_errors else members


def from_values(values: list[Any]) -> Column:
    """The column of these elements."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return np.array(values, dtype=np.float64)
    if kinds == {bool}:
        return np.array(values, dtype=np.bool_)
    mixed = np.empty(len(values), dtype=object)
    mixed[:] = values
    return mixed


def joined(parts: list[Any]) -> Any:
    """The column of these one after another."""
    if len({part.dtype for part in parts}) == 1:
        return np.concatenate(parts)
    return np.concatenate([np.array(part.tolist(), dtype=object) for part in parts])


def full(column: Column, count: int) -> Any:
    """The column as an array, also where it is the same in every row."""
    return column if isinstance(column, np.ndarray) else from_values([column] * count)


def elements(column: Column, count: int) -> Iterable[Any]:
    """The elements of a column, row by row."""
    return column.tolist() if isinstance(column, np.ndarray) else itertools.repeat(column, count)


def element(column: Column, row: int) -> Any:
    """The element of a column in a row, as Python's own."""
    if not isinstance(column, np.ndarray):
        return column
    found = column[row]
    return found.item() if isinstance(found, np.generic) else found


def length(columns: Iterable[Column]) -> int | None:
    """The number of rows, or None where every column is the same in all of them."""
    return next((len(column) for column in columns if isinstance(column, np.ndarray)), None)


def apply(function: Callable[..., Any], *columns: Column) -> Column:
    """A function of elements, row by row; of a few different texts, once for each."""
    count = length(columns)
    if count is None:
        return function(*columns)
    arrays = [index for index, column in enumerate(columns) if isinstance(column, np.ndarray)]
    if len(arrays) == 1 and columns[arrays[0]].dtype == object:
        before, after = columns[: arrays[0]], columns[arrays[0] + 1 :]
        members = columns[arrays[0]].tolist()
        different = set(members)
        if 2 * len(different) < count and set(map(type, different)) == {str}:
            results = {member: function(*before, member, *after) for member in different}
            return from_values([results[member] for member in members])
    return from_values(list(map(function, *(elements(column, count) for column in columns))))


def through_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of elements that gives the first error among them, and #NUM! where it has no finite result."""

    @functools.wraps(function)
    def guarded(*values: Any) -> Any:
        for value in values:
            if value != value:
                return value
        try:
            result = function(*values)
        except (ArithmeticError, ValueError):
            return NUM
        return NUM if type(result) is float and result - result != 0 and result == result else result

    return guarded


def is_numeric(column: Column) -> bool:
    """Whether every element is a number or an error."""
    return column.dtype == np.float64 if isinstance(column, np.ndarray) else type(column) is float


def is_boolean(column: Column) -> bool:
    return column.dtype == np.bool_ if isinstance(column, np.ndarray) else type(column) is bool


def errors(column: Column) -> Mask:
    """Where the errors are."""
    if not isinstance(column, np.ndarray):
        return column != column
    if column.dtype == np.bool_:
        return np.zeros(len(column), dtype=np.bool_)
    if column.dtype == np.float64:
        return np.isnan(column)
    return np.array(column != column, dtype=np.bool_)


def some(mask: Mask) -> bool:
    """Whether it is so in any row; np.any takes three times as long for what is short."""
    return bool(mask.any()) if isinstance(mask, np.ndarray) else bool(mask)


def choose(mask: Mask, chosen: Column, other: Column) -> Column:
    """The one column where the mask is true, and the other elsewhere."""
    if not isinstance(mask, np.ndarray):
        return chosen if mask else other
    if (is_numeric(chosen) and is_numeric(other)) or (is_boolean(chosen) and is_boolean(other)):
        return np.where(mask, chosen, other)
    count = len(mask)
    pairs = zip(mask.tolist(), elements(chosen, count), elements(other, count), strict=False)
    return from_values([yes if is_so else no for is_so, yes, no in pairs])


def finished(result: Any, *operands: Column) -> Column:
    """A result of arithmetic, with the first operand's error where there is one and #NUM! where it is not finite."""
    if not isinstance(result, np.ndarray):
        result = float(result)
        return result if result - result == 0 else next((value for value in operands if value != value), NUM)
    if np.isfinite(result).all():
        return result
    result = np.where(np.isfinite(result), result, NUM)
    for operand in reversed(operands):
        result = np.where(np.isnan(operand), operand, result)
    return result


def numbers(column: Column) -> Column:
    """A column as numbers, as arithmetic takes them: a blank is 0, TRUE is 1, text is the number that it spells."""
    if not isinstance(column, np.ndarray):
        return number(column)
    if column.dtype == np.float64:
        return column
    if column.dtype == np.bool_:
        return column.astype(np.float64)
    return np.array([number(value) for value in column.tolist()], dtype=np.float64)


def number(value: Any) -> float:
    if type(value) is float:
        return value
    if value is None:
        return 0.0
    return float(value) if isinstance(value, (bool, int, float)) else number_of_text(value)


def limited(text: Column) -> Column:
    """Text that a cell can hold, or #VALUE!."""
    if isinstance(text, str):
        return text if len(text) <= LONGEST_TEXT else VALUE
    if all(len(each) <= LONGEST_TEXT for each in text.tolist()):
        return text
    return from_values([each if len(each) <= LONGEST_TEXT else VALUE for each in text.tolist()])


def truths(column: Column) -> Column:
    """A column as conditions: booleans or errors; a number is true unless 0, and no text but TRUE or FALSE is one."""
    if not isinstance(column, np.ndarray):
        return truth(column)
    if column.dtype == np.bool_:
        return column
    if column.dtype == np.float64 and not np.isnan(column).any():
        return column != 0
    return apply(truth, column)


def truth(value: Any) -> Any:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.casefold(), VALUE)
    return value if value != value else bool(value)


def text(value: Any) -> Any:
    """An element as text; an error stays one."""
    if type(value) is str:
        return value
    if type(value) is float:
        return general(value) if value == value else value
    return "" if value is None else "TRUE" if value else "FALSE"


def general(value: float) -> str:
    """A number as text, to the 15 digits that a spreadsheet keeps."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    digits = Decimal(f"{value:.15g}")
    plain = f"{digits:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if len(plain) <= _LONGEST_PLAIN:
        return plain
    mantissa, _, exponent = f"{value:.14e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"


def shown(value: float) -> str:
    """A number as a cell shows it by the General format: in eleven places, with an exponent where it has no room."""
    size = abs(value)
    if not size:
        return "0"
    if 1e-4 <= size < 1e11 or (size < 1e-4 and len(general(size)) <= _PLACES):
        whole = len(str(int(size)))
        plain = f"{value:.{max(_PLACES - 1 - whole, 0)}f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    mantissa, _, exponent = f"{value:.5e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"


def nearly_equal(left: Column, right: Column) -> Mask:
    """Where two different numbers are the same one to the 15 digits that a spreadsheet keeps."""
    are_arrays = isinstance(left, np.ndarray), isinstance(right, np.ndarray)
    if (not are_arrays[0] and left == 0) or (not are_arrays[1] and right == 0):
        return False  # the most usual comparison: nothing is nearly zero
    if not any(are_arrays):
        return 0 < abs(left - right) <= abs(left) * 1e-14 and f"{left:.15g}" == f"{right:.15g}"
    gap = np.abs(left - right)
    near = (gap > 0) & (gap <= np.abs(left) * 1e-14)
    if not near.any():
        return near
    return apply(lambda one, other, is_near: is_near and f"{one:.15g}" == f"{other:.15g}", left, right, near)


def rank(value: Any) -> tuple[int, Any]:
    """What an element sorts by: numbers before text before booleans, text in any case."""
    if type(value) is str:
        return 1, value.casefold()
    return (2, value) if type(value) is bool else (0, value)


def compare(left: Any, right: Any) -> int:
    """-1, 0 or 1 as the one element is below, equal to or above the other; a blank is the other's 0, "" or FALSE."""
    if left is None:
        left = _blank_beside(right)
    if right is None:
        right = _blank_beside(left)
    first, second = rank(left), rank(right)
    return (first > second) - (first < second)


def _blank_beside(other: Any) -> Any:
    return "" if type(other) is str else False if type(other) is bool else 0.0

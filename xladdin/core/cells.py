"""What a cell can hold, to what a function computes with, and back.

A cell holds a number, text, TRUE or FALSE, nothing, or an error; a range is a list of rows of such. Each argument is
brought into the form that `calls` expects: a number stays one, a boolean counts as 1 or 0 as it does in a spreadsheet's
own arithmetic, a blank takes the default or is #N/A, and what is not of the kind expected is #VALUE!, at its own place.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from xladdin.core import calls
from xladdin.core.arrays import np
from xladdin.core.calls import Argument, Signature
from xladdin.core.errors import CODES, NA, NUM, PAYLOAD, TEXTS, VALUE, error, error_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROW_TYPES = (list, tuple)
_NUMBER_TYPES = {float, int, bool}


class ShapeError(Exception):
    """Ranges whose shapes do not fit together, or that are no ranges at all."""


def udf(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a spreadsheet calls it: cell values in, cell values out.

    Parameters
    ----------
    function : callable
        A function of the catalogue.

    Returns
    -------
    callable
        Gives a float, or an error as text such as ``"#NUM!"``; for ranges a list of rows of these.
    """
    signature: Signature = function.signature  # type: ignore[attr-defined]
    call = calls.fast_call(signature, lambda args: call_with_cells(signature, args), error_text)
    call.__name__ = call.__qualname__ = signature.name
    call.signature = signature  # type: ignore[attr-defined]
    return call


def call_with_cells(signature: Signature, args: Sequence[Any]) -> Any:
    """The value of a function for any cell values; every argument has a place, a left-out one is None."""
    result = evaluate_cells(signature, args)
    if isinstance(result, float):
        return as_cell(result)
    if isinstance(result, str):
        return result
    if isinstance(result, list):
        return (
            result
            if calls.are_numbers(result)
            else [[value if math.isfinite(value) else error_text(value) for value in row] for row in result]
        )
    rows = result.tolist()
    finite = np.isfinite(result)
    if not finite.all():
        codes = (result[~finite].view(np.uint64) & np.uint64(PAYLOAD)).tolist()
        for (row, column), code in zip(np.argwhere(~finite).tolist(), codes, strict=True):
            rows[row][column] = TEXTS.get(code, "#NUM!")
    return rows


def evaluate_cells(signature: Signature, args: Sequence[Any]) -> Any:
    """As `call_with_cells`, with an error as the NaN that carries its code, and with infinity as it is.

    Gives a float, or an array of two dimensions; without numpy, or where a function gives rows, also a list of rows.
    """
    try:
        values = [convert(value, argument) for value, argument in zip(args, signature.arguments, strict=True)]
        if signature.columns or signature.gives_text:
            return calls.evaluate(signature, values)
        if np is None:
            return _without_numpy(signature, values)
        if list(map(type, values)).count(np.ndarray) > 1:
            broadcast_shape([value.shape for value in values if isinstance(value, np.ndarray)])
        return calls.evaluate(signature, values)
    except ShapeError:
        return VALUE


def as_cell(value: float) -> float | str:
    """A number as a cell shows it: infinity and NaN are errors."""
    return value if -calls.LARGEST <= value <= calls.LARGEST else error_text(value)


def convert(value: Any, argument: Argument) -> Any:
    kind = argument.kind
    if np is not None and isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        if kind.is_text:
            return _text(value, argument)
        if kind.is_series:
            return [_member(value, argument)]
        if kind.read_table is not None:
            return _table([[value]], argument)
        return _scalar(value, argument)
    rows = as_rows(value)
    if kind.is_text:
        return _text(rows[0][0], argument) if len(rows) == len(rows[0]) == 1 else VALUE
    if kind.is_series:
        return _series(rows, argument)
    if kind.read_table is not None:
        return _table(rows, argument)
    return _block(rows, argument)


def as_rows(value: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """A range as a list of equally long rows; a flat list is one row."""
    nested = sum(map(list(map(type, value)).count, _ROW_TYPES))  # counting is quicker than a set of as many
    rows: Sequence[Sequence[Any]] = value if nested else [value]
    width = len(rows[0]) if nested in (0, len(value)) else 0
    if not width or list(map(len, rows)).count(width) != len(rows):
        raise ShapeError
    return rows


def _scalar(value: Any, argument: Argument) -> Any:
    if is_blank(value):
        return NA if argument.required else argument.default
    return _filled(value, argument)


def _filled(value: Any, argument: Argument) -> Any:
    if isinstance(value, str) and value in CODES:
        return error(value)
    words = argument.kind.words
    if words is not None:
        key = value.strip().casefold() if isinstance(value, str) else value
        return words[key] if isinstance(key, (str, float, int)) and key in words else VALUE
    return number_of(value)


def is_blank(value: Any) -> bool:
    """Whether a cell is empty or holds an empty text."""
    return value is None or (isinstance(value, str) and not value)


def number_of(value: Any) -> float:
    """A number, or the error that something else is, be it what no cell holds and Python may hand over."""
    if type(value) in _NUMBER_TYPES:
        try:
            return float(value)
        except OverflowError:  # a whole number of Python beyond the largest float
            return NUM
    if isinstance(value, str) or not hasattr(value, "__float__"):
        return VALUE
    # Of numpy's own a complex number, a time and a text have `__float__` too, and so has an array.
    is_numpys = np is not None and isinstance(value, (np.generic, np.ndarray))
    if is_numpys and (value.ndim or value.dtype.kind not in "biuf"):
        return VALUE
    try:
        return float(value)
    except OverflowError:
        return NUM
    except (TypeError, ValueError):  # a class, a signalling Decimal
        return VALUE


def _text(value: Any, argument: Argument) -> Any:
    """A text without the blanks around it."""
    if isinstance(value, str) and value.strip() and value not in CODES:
        return value.strip()
    return _scalar(value, argument) if value is None or isinstance(value, str) else VALUE


def _series(rows: Sequence[Sequence[Any]], argument: Argument) -> list[float | None]:
    found = list(itertools.chain.from_iterable(rows))
    if argument.kind.words is None and set(map(type, found)) == {float}:
        return found
    return [_member(member, argument) for member in found]


def _member(value: Any, argument: Argument) -> float | None:
    """A member of a series; a blank stays None until its partners are known."""
    if type(value) in _NUMBER_TYPES and argument.kind.words is None:
        return number_of(value)
    return None if is_blank(value) else float(_filled(value, argument))


def _table(rows: Sequence[Sequence[Any]], argument: Argument) -> Any:
    assert argument.kind.read_table is not None
    kept = list(rows)
    while kept and all(map(is_blank, kept[-1])):
        kept.pop()  # a range may be longer than what is filled in
    if not kept:
        return NA if argument.required else argument.default
    found = [
        cell if type(cell) is float else NA if is_blank(cell) else _filled(cell, argument)
        for cell in itertools.chain.from_iterable(kept)
    ]
    checked = calls.checked_series(found, argument.kind)
    if calls.is_error(checked):
        return checked
    width = len(kept[0])
    return argument.kind.read_table([checked[start : start + width] for start in range(0, len(checked), width)])


def _block(rows: Sequence[Sequence[Any]], argument: Argument) -> Any:
    width = len(rows[0])
    if np is None:
        return [[_element(cell, argument) for cell in row] for row in rows]
    found = list(itertools.chain.from_iterable(rows))
    numbers = _plain_numbers(found) if argument.kind.words is None else None
    if numbers is None:
        numbers = np.array([_element(cell, argument) for cell in found])
    return numbers.reshape(len(rows), width)


def _plain_numbers(found: list[Any]) -> NDArray[np.float64] | None:
    """Cells as an array, where they are all plain numbers: numpy tells by the type that it finds for all."""
    try:
        numbers = np.array(found)
    except ValueError:  # a list in a cell
        return None
    return numbers.astype(np.float64, copy=False) if numbers.ndim == 1 and numbers.dtype.kind in "fiub" else None


def _element(cell: Any, argument: Argument) -> float:
    """A number, or a choice as `calls` takes it in an array: a sign as itself, any other as the index of its option."""
    value = _scalar(cell, argument)
    kind = argument.kind
    if kind.words is None or kind.is_sign or calls.is_error(value):
        return float(value)
    return float(kind.options.index(value))


def broadcast_shape(shapes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The shape that ranges of these shapes fill together; a single row or column is repeated."""
    height, width = (max(lengths) for lengths in zip(*shapes, strict=True))
    if any(rows not in (1, height) or columns not in (1, width) for rows, columns in shapes):
        raise ShapeError
    return height, width


def _without_numpy(signature: Signature, values: Sequence[Any]) -> Any:
    values, _ = calls.paired(signature.arguments, values)
    blocks = {
        index: value
        for index, (value, argument) in enumerate(zip(values, signature.arguments, strict=True))
        if argument.kind.broadcasts and isinstance(value, list)
    }
    if not blocks:
        return float(calls.evaluate(signature, values))
    height, width = broadcast_shape([(len(block), len(block[0])) for block in blocks.values()])

    def at(row: int, column: int) -> float:
        element = list(values)
        for index, block in blocks.items():
            kind = signature.arguments[index].kind
            cell = block[row if len(block) > 1 else 0][column if len(block[0]) > 1 else 0]
            is_index = kind.words is not None and not kind.is_sign and not calls.is_error(cell)
            element[index] = kind.options[int(cell)] if is_index else cell
        return float(calls.evaluate(signature, element))

    return [[at(row, column) for column in range(width)] for row in range(height)]

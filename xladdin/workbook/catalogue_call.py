"""The catalogue's functions on whole columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from xladdin.core import calls, cells
from xladdin.core.calls import Argument, Signature
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import LongRange, by_cell, in_columns
from xladdin.workbook.columns import Column
from xladdin.workbook.terms import Cells, NotCompiledError, Term, together


class _Varying(list[Any]):
    """A range as an argument, in each row in the form that a function's body takes."""


def term(signature: Signature, terms: Sequence[Term]) -> Term:
    """A call of a function of the catalogue.

    Raises
    ------
    NotCompiledError
        When it is given fewer or more arguments than it takes.
    """
    pairs = _pairs(signature, terms)
    if any(each.is_block and argument.kind.broadcasts for each, argument in pairs):
        return _over_ranges(signature, pairs)
    return columns_call(signature, [_converted_term(*pair) for pair in pairs])


def _pairs(signature: Signature, terms: Sequence[Term]) -> list[tuple[Term, Argument]]:
    """Each given argument with what the function says of it."""
    names = [argument.name for argument in signature.arguments]
    if len(terms) > len(names):
        most = f"{', '.join(names)} and no more" if names else "no arguments"
        raise NotCompiledError(f"{signature.name} takes {most}; it is given {len(terms)}")
    if len(terms) < signature.required:
        needed = ", ".join(names[: signature.required])
        raise NotCompiledError(f"{signature.name} needs {needed}; {names[len(terms)]} is missing")
    return list(zip(terms, signature.arguments, strict=False))


def _over_ranges(signature: Signature, pairs: list[tuple[Term, Argument]]) -> Term:
    """A function that fills a range, cell by cell."""
    over = [index for index, (each, argument) in enumerate(pairs) if argument.kind.broadcasts]

    def evaluate(cells: Cells) -> Any:
        values = [each.evaluate(cells) for each, _ in pairs]

        def one(*given: Any) -> Any:
            whole = list(values)
            for index, value in zip(over, given, strict=True):
                whole[index] = value
            made = [
                Term(lambda cells, value=value, argument=argument: _converted(value, argument))  # type: ignore[misc]
                for value, (_, argument) in zip(whole, pairs, strict=True)
            ]
            return columns_call(signature, made).evaluate(cells)

        return by_cell(one, [in_columns(values[index]) for index in over])

    return Term(evaluate, True, **together(each for each, _ in pairs))


def columns_call(signature: Signature, terms: Sequence[Term]) -> Term:
    """A function of the catalogue on columns that are in the form that it takes."""
    tail = [argument.default for argument in signature.arguments[len(terms) :]]
    calls_of = [each.evaluate for each in terms]
    if signature.gives_text:
        return Term(lambda cells: signature.body())
    are_kept = all(each.area is not None or not each.is_block for each in terms)

    def evaluate(cells: Cells) -> Column:
        values = [call(cells) for call in calls_of]
        if signature.columns or any(isinstance(value, _Varying) for value in values):
            return _row_by_row(signature, values + tail, cells if are_kept else {})
        result = calls.evaluate(signature, values + tail)
        return result if isinstance(result, np.ndarray) else columns.finished(result, result)

    return Term(evaluate, **together(terms))


def _converted_term(each: Term, argument: Argument) -> Term:
    """An argument in the form that the function takes; a range, or a cell's choice, is read once for all."""
    evaluate = each.evaluate
    if each.area is None or (each.area.is_cell and argument.kind.words is None):
        return replace(each, evaluate=lambda cells: _converted(evaluate(cells), argument))
    key = (each.area, id(argument))

    def kept(cells: Cells) -> Any:
        if key not in cells:
            cells[key] = _converted(evaluate(cells), argument)
        return cells[key]

    return replace(each, evaluate=kept)


def _converted(value: Any, argument: Argument) -> Any:
    """A column or range in the form that a function's body takes."""
    if not argument.kind.broadcasts:
        block = value.block if isinstance(value, LongRange) else value if isinstance(value, list) else [[value]]
        count = columns.length(itertools.chain.from_iterable(block))
        if count is None:
            return cells.convert([[columns.to_cell(cell) for cell in row] for row in block], argument)
        by_row = zip(
            *(zip(*(columns.elements(cell, count) for cell in row), strict=False) for row in block), strict=False
        )
        return _Varying(cells.convert([[*map(columns.to_cell, row)] for row in rows], argument) for rows in by_row)
    if not isinstance(value, np.ndarray):
        is_number = type(value) is float and argument.kind.words is None
        return value if is_number else cells.convert(columns.to_cell(value), argument)
    if argument.kind.words is None and value.dtype != object:
        return value if value.dtype == np.float64 else value.astype(np.float64)
    members = value.tolist()
    indices = {member: index for index, member in enumerate(dict.fromkeys(members))}
    if set(map(type, indices)) == {str}:  # the words of choices, of which there are few: each is read once
        found = cells.convert([[member] for member in indices], argument)[:, 0]
        return found[np.fromiter(map(indices.__getitem__, members), np.intp, len(members))]
    return cells.convert([[columns.to_cell(member)] for member in members], argument)[:, 0]


def _row_by_row(signature: Signature, values: list[Any], kept: dict[Any, Any]) -> Column:
    """A function of which a range differs from row to row, or whose own rows are more than the first value shown."""
    count = next((len(value) for value in values if isinstance(value, (_Varying, np.ndarray))), None)
    found = [
        columns.finished(number, number)
        for number in (_first(signature, _of_row(signature, values, row), kept) for row in range(count or 1))
    ]
    return columns.from_values(found) if count else found[0]


def _first(signature: Signature, values: list[Any], kept: dict[Any, Any]) -> float:
    result = _of_kept_rows(signature, values, kept) if signature.columns else calls.evaluate(signature, values)
    return float(result if isinstance(result, float) else result[0][0])


def _of_kept_rows(signature: Signature, values: list[Any], kept: dict[Any, Any]) -> Any:
    """What is chosen of a function's rows, of which many cells choose: they are computed once."""
    given, (*column, row) = values[: -signature.choosing], values[-signature.choosing :]
    low, high = signature.arguments[-1].kind.limits
    if not (all(type(each) is str for each in column) and isinstance(row, float) and low <= row <= high):
        return calls.evaluate(signature, values)
    # Ranges that are kept are the same objects for all formulas, and as long as they are here.
    key = (signature.name, *(value if isinstance(value, (float, str)) else id(value) for value in given))
    if key not in kept:
        kept[key] = given, calls.evaluate(signature, [*given, *(calls.ALL for _ in column), 0.0])
    rows = kept[key][1]
    if isinstance(rows, float):
        return rows
    index = signature.columns.index(column[0]) if column and column[0] != calls.ALL else None
    return calls.chosen(rows, index, int(row))


def _of_row(signature: Signature, values: list[Any], row: int) -> list[Any]:
    """The arguments of one row of a batch."""
    return [
        _option(value[row], argument) if isinstance(value, (_Varying, np.ndarray)) else value
        for value, argument in zip(values, signature.arguments, strict=True)
    ]


def rows_term(signature: Signature, terms: Sequence[Term]) -> Term:
    """A call of a function that gives rows, with all of them."""
    converted = [_converted_term(*pair) for pair in _pairs(signature, terms)]
    tail = [argument.default for argument in signature.arguments[len(terms) :]]

    def evaluate(cells: Cells) -> Any:
        values = [each.evaluate(cells) for each in converted] + tail
        result = calls.evaluate(signature, _of_row(signature, values, 0))
        if isinstance(result, float):
            return columns.finished(result, result)
        return [[columns.finished(float(value), float(value)) for value in row] for row in result]

    how = together(terms)
    how["by_row"] = how["by_row"] or f"{signature.name} gives rows"
    return Term(evaluate, True, **how)


def _option(value: Any, argument: Argument) -> Any:
    """One element of an array of arguments: a choice stands there as the index of its option."""
    if not isinstance(value, np.float64):
        return value
    kind = argument.kind
    number = float(value)
    return kind.options[int(number)] if kind.words is not None and not kind.is_sign and number == number else number

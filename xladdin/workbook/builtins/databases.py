"""Functions of a list with a header, of the rows that meet criteria which stand in a list of their own."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any

from xladdin.core.errors import CODES, NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.criteria import criterion, wildcards
from xladdin.workbook.builtins.operators import DIVISION_BY_ZERO
from xladdin.workbook.builtins.ranges import CellError
from xladdin.workbook.builtins.registry import CELLS, VALUE, block_of, of_ranges


def _field(header: list[Any], wanted: Any) -> int:
    """The column of a name or number.

    Raises
    ------
    CellError
        When there is none.
    """
    if type(wanted) is float:
        if not 1 <= math.floor(wanted) <= len(header):
            raise CellError(VALUE_ERROR)
        return math.floor(wanted) - 1
    found = _column_named(header, wanted)
    if found is None:
        raise CellError(VALUE_ERROR)
    return found


def _column_named(header: list[Any], wanted: Any) -> int | None:
    name = str(columns.text(wanted)).casefold()
    return next((index for index, each in enumerate(header) if str(columns.text(each)).casefold() == name), None)


@functools.lru_cache(1024, typed=True)
def _meets(wanted: Any) -> Callable[[Any], bool]:
    """Whether a cell meets a criterion; plain text is met by all texts that begin with it."""
    if type(wanted) is str and wanted and not re.match("[<>=]", wanted):
        number = columns.number_of_text(wanted)
        if number != number and wanted.casefold() not in ("true", "false") and wanted.upper() not in CODES:
            begins = re.compile(wildcards(wanted), re.IGNORECASE | re.DOTALL).match
            return lambda value: type(value) is str and begins(value) is not None
    return criterion(wanted)


def _rows(database: Any, criteria: Any) -> tuple[list[Any], list[list[Any]]]:
    """The header of a list, and its rows that meet one of the rows of criteria."""
    header, *rows = block_of(database)
    if not rows:
        raise CellError(VALUE_ERROR)
    asked, *conditions = block_of(criteria)
    if not conditions:
        raise CellError(VALUE_ERROR)
    places = [_column_named(header, name) if name is not None else None for name in asked]
    alternatives = [
        [(place, wanted) for place, wanted in zip(places, condition, strict=True) if wanted is not None]
        for condition in conditions
    ]
    return header, [row for row in rows if any(_is_met(each, row) for each in alternatives)]


def _is_met(conditions: list[tuple[int | None, Any]], row: list[Any]) -> bool:
    """Whether a row meets all conditions; one below no column's name is itself whether it is met."""
    return all(
        columns.truth(wanted) is True if place is None else _meets(wanted)(row[place]) for place, wanted in conditions
    )


def _numbers(database: Any, field: Any, criteria: Any) -> list[float]:
    header, rows = _rows(database, criteria)
    place = _field(header, field)
    found = [row[place] for row in rows if type(row[place]) is float]
    for value in found:
        if value != value:
            raise CellError(value)
    return found


def _declare(name: str, compute: Callable[[Any, Any, Any], Any]) -> None:
    def computed(database: Any, field: Any, criteria: Any) -> Any:
        try:
            return compute(database, field, criteria)
        except CellError as error:
            return error.value
        except ZeroDivisionError:
            return DIVISION_BY_ZERO

    of_ranges(name, CELLS, VALUE, CELLS)(computed)


def _of_numbers(name: str, compute: Callable[[list[float]], float]) -> None:
    _declare(name, lambda *given: compute(_numbers(*given)))


def _squares(found: list[float]) -> float:
    mean = math.fsum(found) / len(found)
    return math.fsum((value - mean) ** 2 for value in found)


_of_numbers("DSUM", math.fsum)
_of_numbers("DPRODUCT", lambda found: math.prod(found) if found else 0.0)
_of_numbers("DMAX", lambda found: max(found, default=0.0))
_of_numbers("DMIN", lambda found: min(found, default=0.0))
_of_numbers("DAVERAGE", lambda found: math.fsum(found) / len(found))
_of_numbers("DVAR", lambda found: _squares(found) / (len(found) - 1))
_of_numbers("DVARP", lambda found: _squares(found) / len(found))
_of_numbers("DSTDEV", lambda found: math.sqrt(_squares(found) / (len(found) - 1)))
_of_numbers("DSTDEVP", lambda found: math.sqrt(_squares(found) / len(found)))


def _counting(name: str, counts: Callable[[Any], bool]) -> None:
    """A function that counts cells, or without a column all rows."""

    def computed(database: Any, field: Any, criteria: Any) -> float:
        header, rows = _rows(database, criteria)
        if field is None:
            return float(len(rows))
        place = _field(header, field)
        return float(sum(counts(row[place]) for row in rows))

    _declare(name, computed)


_counting("DCOUNT", lambda value: type(value) is float and value == value)
_counting("DCOUNTA", lambda value: value is not None)


def _dget(database: Any, field: Any, criteria: Any) -> Any:
    header, rows = _rows(database, criteria)
    place = _field(header, field)
    found = [row[place] for row in rows if row[place] is not None]
    if not found:
        return VALUE_ERROR
    return found[0] if len(found) == 1 else NUM


_declare("DGET", _dget)

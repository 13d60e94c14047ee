"""How the numbers and dates of a table are written, which all of its rows together say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars

from xladdin.core.errors import UnreadableError, quoted
from xladdin.reports import notation, values
from xladdin.reports.matching import Match, Matching, concept
from xladdin.reports.table import FRAME, Table
from xladdin.reports.units import PRICES_AND_FEES, counts_otherwise, currency_of
from xladdin.reports.usual import unclear_rates
from xladdin.reports.values import Notation
from xladdin.reports.wording import cut
from xladdin.workbook.model import Input, Model


def survey(
    table: Table, model: Model, matching: Matching, decimal: str | None = None, order: str | None = None
) -> dict[str, Notation]:
    """How the numbers and dates of each column are written, by all of its rows.

    Raises
    ------
    UnreadableError
        When a column has a value of two meanings and its other rows do not decide which.
    """
    watched = {
        match.column: (name, _Seen())
        for name, match in matching.by_input.items()
        if values.is_number(model.inputs[name]) or values.is_date(model.inputs[name])
    }
    currencies: dict[str, tuple[str, str]] = {}
    for name, match in matching.by_input.items():
        if _has_currency(model.inputs[name]) and not match.is_said and (currency := currency_of(match.unit)):
            currencies.setdefault(currency, (match.column, match.column))
    for frame in table.frames(FRAME):
        for column, (name, seen) in watched.items():
            series = frame.data.to_series(table.columns.index(column))
            if series.dtype != polars.String:
                continue
            if values.is_number(model.inputs[name]):
                seen.add_numbers(series, table.separator)
            else:
                seen.orders |= notation.date_orders(series.drop_nulls().unique().to_list())
            if _has_currency(model.inputs[name]) and not matching.by_input[name].is_said:
                _note_currencies(currencies, column, series, model.inputs[name])
    _check_currencies(table, currencies, matching)
    written = {}
    for name, match in matching.by_input.items():
        if match.column in watched:
            seen = watched[match.column][1]
            mark, begins = seen.decimal(table, match.column, decimal), seen.order(table, match.column, order)
            power = match.power if _says_part(match) else _power(table, model.inputs[name], match.column, mark)
            written[match.column] = Notation(mark, begins, power)
    return written


def _says_part(match: Match) -> bool:
    """Whether a header says of what its rates are parts, or what was said of it."""
    unit = match.unit.casefold()
    return bool(match.power or (match.is_said and unit) or unit.startswith(("fraction", "decimal")))


def _has_currency(item: Input) -> bool:
    """Whether an input is a price or a fee: those of one table are in one currency."""
    return concept(item.name) in PRICES_AND_FEES


def _note_currencies(seen: dict[str, tuple[str, str]], column: str, cells: polars.Series, item: Input) -> None:
    """Note in which currencies prices or fees are, by where they are first; all dollars are one."""
    units = notation.units(cells)
    for unit in units.drop_nulls().unique(maintain_order=True).to_list():
        if not counts_otherwise(concept(item.name), unit):
            currency = currency_of(unit) or unit
            first = (units == unit).fill_null(False).arg_true()[0]
            seen.setdefault(currency, (column, str(cells[first])))


def _check_currencies(table: Table, seen: Mapping[str, tuple[str, str]], matching: Matching) -> None:
    """Prices and fees of one table are in one currency."""
    if len(seen) < 2:
        return
    (first, one), (second, other) = list(seen.values())[:2]
    name = next(name for name, match in matching.by_input.items() if match.column == second)
    where = f"column {cut(second)}" if first == second else f"columns {cut(first)} and {cut(second)}"
    raise UnreadableError(
        f"{table.path}, {where}: found {quoted(cut(one))} and {quoted(cut(other))}, which are two currencies; allowed "
        f"is one, or, if the numbers are right as they are, {table.ways_to_map(second, name)}."
    )


def _power(table: Table, item: Input, column: str, decimal: str | None) -> int:
    """The power of ten that the rates of a column are multiplied by: all rows agree with percent, or with a fraction.

    Raises
    ------
    UnreadableError
        When they agree with both.
    """
    bounds = unclear_rates(item)
    if bounds is None or not values.is_number(item):
        return 0
    least, most = np.inf, 0.0  # without their signs
    found = 0.0
    for frame in table.frames(FRAME):
        numbers, is_marked = notation.numbers(frame.data.to_series(table.columns.index(column)), decimal)
        signed = numbers.to_numpy()[~is_marked.to_numpy()]
        rates = np.abs(signed)
        signed, rates = signed[rates > 0], rates[rates > 0]
        if len(rates):
            least = min(least, float(rates.min()))
            if float(rates.max()) > most:
                most, found = float(rates.max()), float(signed[rates.argmax()])
    if most < bounds[0] or least < bounds[0]:
        return 0
    if most > bounds[1]:
        return -2
    percent, fraction = (table.ways_to_map(column, f"{item.name} ({unit})") for unit in ("%", "fraction"))
    raise UnreadableError(
        f"{table.path}, column {cut(column)}: found {found:g}, which can be {found * 100:g}% or {found:g}%; say "
        f"which with {percent} or {fraction}."
    )


@dataclass
class _Seen:
    """What the rows of a column say of how it is written."""

    has_points: bool = False
    has_commas: bool = False
    unclear: str | None = None
    orders: set[str] = field(default_factory=set)

    def add_numbers(self, column: polars.Series, separator: str) -> None:
        plain = column if separator == ";" else column.filter(column.str.contains(",", literal=True).fill_null(False))
        if len(plain):
            points, commas = notation.decimal_marks(column)
            self.has_points |= points
            self.has_commas |= commas
            self.unclear = self.unclear or notation.two_meanings(plain, separator)

    def decimal(self, table: Table, column: str, said: str | None) -> str | None:
        if said is not None:
            return said
        if self.has_points != self.has_commas:
            return "." if self.has_points else ","
        if self.unclear is not None:
            digits = self.unclear.replace(",", ".")
            raise UnreadableError(
                f"{table.path}, column {cut(column)}: found {quoted(self.unclear)}, which can be {digits} or "
                f"{digits.replace('.', '')}; {table.ways_to_say_decimal(self.unclear)}."
            )
        return None

    def order(self, table: Table, column: str, said: str | None) -> str | None:
        if said is not None:
            return said
        decided = self.orders - {"either"}
        if len(decided) == 1:
            return next(iter(decided))
        if self.orders:
            raise UnreadableError(
                f"{table.path}, column {cut(column)}: its dates can begin with the day or with the month; "
                f"{table.ways_to_say_order()}."
            )
        return None

"""The rows of a table as columns of values for the inputs of a workbook: the one truth of what is rejected, and why."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars
from numpy.typing import NDArray

from xladdin.reports import notation, values
from xladdin.reports.matching import Matching, concept
from xladdin.reports.odd_lines import EACH_COUNTS, SameLines, lines_told
from xladdin.reports.prices import Prices
from xladdin.reports.profits import Profits
from xladdin.reports.rejected import Fault, Rejection
from xladdin.reports.table import FRAME, Frame, Table
from xladdin.reports.units import Counting, allowed, power_of
from xladdin.reports.usual import Unusual
from xladdin.reports.values import Notation, Values
from xladdin.reports.wording import cut
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.columns import Column
from xladdin.workbook.model import Input, Model

_FIRST_TEXTS = 3  # columns in which a line of totals may say that it is one
_SHOWN = 60  # characters of a text that is too long, in the list


@dataclass
class Rows:
    """Some rows of a table.

    Attributes
    ----------
    lines, numbers : list of int
        Of each usable row, where it stands in the file, and which of the rows it is.
    inputs : dict
        The columns of the usable rows by the name of their input.
    raw : polars.DataFrame
        The usable rows as they stand.
    rejected : list of Rejection
        The rows that can't be used.
    defaulted : dict
        By input, which of the usable rows have what stands for a blank.
    passed : int
        How many there were at all, blank ones too.
    """

    lines: list[int]
    numbers: list[int]
    inputs: dict[str, Column]
    raw: polars.DataFrame
    rejected: list[Rejection]
    defaulted: dict[str, list[int]]
    passed: int


@dataclass
class TableReader:
    """What reads the rows of a table into the inputs of a workbook.

    Attributes
    ----------
    table, model, matching
        The table, the workbook with its inputs, and which column is for which.
    written : mapping
        How the numbers and dates of a column are written, by its name.
    needed : frozenset of str
        The inputs that may not be blank.
    defaults : mapping
        What a blank of an input stands for; of others it stays one.
    not_taken : mapping
        What the template has for inputs of which nobody said that a blank stands for it.
    key : str, optional
        The column by which rows are of one report.
    counting : Counting, optional
        What the inputs are counted in.
    no_rows : list
        Where lines of totals or remarks were, and how they begin; is filled while reading.
    """

    table: Table
    model: Model
    matching: Matching
    written: Mapping[str, Notation] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    not_taken: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    counting: Counting | None = None
    no_rows: list[tuple[int, str]] = field(default_factory=list)
    _count: int = 0
    _same: SameLines = field(default_factory=SameLines)
    _profits: Profits = field(default_factory=Profits)
    _prices: Prices = field(default_factory=Prices)

    def rows(self) -> Iterator[Rows]:
        """The rows, at most `FRAME` at a time."""
        self._count = 0
        self.no_rows.clear()
        self._same.clear()
        self.unusual.clear()
        self._profits.clear()
        self._prices.clear()
        for frame in self.table.frames(FRAME):
            yield self._rows(frame)

    def _rows(self, frame: Frame) -> Rows:
        data = frame.data
        units = {name: self._units(name, data) for name in self.matching.by_input}
        found = {name: self._values(name, data, units[name]) for name in self.matching.by_input}
        other_units = {name: self._other_units(name, units[name], found) for name in self.matching.by_input}
        _take_side_from_sign(self.model, found)
        is_row = ~frame.are_blank
        is_row &= ~self._are_no_rows(frame, is_row, found)
        self._same.note(frame.lines[is_row], data.filter(polars.Series(is_row)))
        of_rows = list(self._faults_of_rows(frame))
        refused = np.zeros(data.height, dtype=np.bool_)
        for are_so, _ in of_rows:
            refused |= are_so
        for name, read in found.items():
            refused |= ~read.is_allowed | (read.is_blank if name in self.needed else False)
            refused[list(other_units[name])] = True
        are_short = np.zeros(data.height, dtype=np.bool_) if frame.are_short is None else frame.are_short
        numbers = self._count + np.cumsum(is_row)
        self._count = int(numbers[-1]) if len(numbers) else self._count
        rejected = [
            Rejection(
                int(frame.lines[index]),
                [fault for are_so, fault in of_rows if are_so[index]] + self._faults(data, index, found, other_units),
                _as_short_as_it_was(data.row(index)[: len(self.table.columns)])
                if are_short[index]
                else data.row(index),
            )
            for index in np.flatnonzero(refused & is_row).tolist()
        ]
        usable = is_row & ~refused
        for name, read in found.items():
            self.unusual.note(name, read.elements[usable], frame.lines[usable])
        meant = {concept(name): read.elements[usable] for name, read in found.items()}
        if not any(values.is_date(self.model.inputs[name]) for name in found):  # else they are of different days
            self._prices.note(meant, frame.lines[usable])
        if self.table.in_words != "fills":  # of these the venue's own profit was compared with the fills
            self._profits.note(meant, self._are_inverse(data)[usable], frame.lines[usable])
        return Rows(
            frame.lines[usable].tolist(),
            numbers[usable].tolist(),
            {name: self._column(name, read, usable) for name, read in found.items()},
            data.filter(polars.Series(usable)).select(self._names(data)),
            rejected,
            self._defaulted(found, usable),
            data.height,
        )

    def _names(self, data: polars.DataFrame) -> list[polars.Expr]:
        return [polars.col(old).alias(new) for old, new in zip(data.columns, self.table.columns, strict=False)]

    def _faults_of_rows(self, frame: Frame) -> Iterator[tuple[NDArray[np.bool_], Fault]]:
        """What can be wrong with a row as a whole, and with which of these it is."""
        count = f"than the {len(self.table.in_file or self.table.columns)} columns of the header"
        has_more = np.zeros(frame.data.height, dtype=np.bool_)
        for extra in frame.data.columns[len(self.table.columns) :]:
            has_more |= frame.data[extra].is_not_null().to_numpy()
        yield has_more, Fault("", "", f"it has more values {count}")
        if frame.are_short is not None:
            yield frame.are_short, Fault("", "", f"it has fewer values {count}")
        linear = f"{self.model.path.name} computes linear contracts; allowed is linear"
        yield self._is_of_another_contract(frame.data), Fault("contract", "inverse", linear)
        yield from self._are_totals(frame.data)

    def _are_totals(self, data: polars.DataFrame) -> Iterator[tuple[NDArray[np.bool_], Fault]]:
        """Where a row is the sum of others: one of its first texts says so, and it has no other."""
        inputs = {match.column: self.model.inputs[name] for name, match in self.matching.by_input.items()}
        texts = {}
        for column, series in zip(self.table.columns, data.iter_columns(), strict=False):
            item = inputs.get(column)
            if series.dtype == polars.String and not (item and (values.is_number(item) or values.is_date(item))):
                texts[column] = series
        for column in dict.fromkeys([*list(texts)[:_FIRST_TEXTS], *([self.key] if self.key in texts else [])]):
            for index in notation.are_totals(texts[column]).arg_true().to_list():
                others = [series[index : index + 1] for name, series in texts.items() if name != column]
                if all(notation.is_blank(each)[0] or notation.numbers(each)[0][0] is not None for each in others):
                    are_so = np.zeros(data.height, dtype=np.bool_)
                    are_so[index] = True
                    reason = "a line of totals would be counted beside its rows; allowed are rows without it"
                    yield are_so, Fault(column, str(texts[column][index]), reason)

    def told(self, of_the_same: str = EACH_COUNTS) -> list[str]:
        """What the rows that were read have to be told of: lines that are no rows or are the same, unusual values."""
        columns = {name: self.table.named(match.column) for name, match in self.matching.by_input.items()}
        unusual = self.unusual.told(self.table.path, columns)
        same = self._same.told(self.table.path, of_the_same)
        odd = self._prices.told(self.table.path) + self._profits.told(self.table.path)
        return lines_told(self.table.path, self.no_rows) + same + unusual + odd

    def _is_of_another_contract(self, data: polars.DataFrame) -> NDArray[np.bool_]:
        """Where an export has an inverse contract, and the workbook's functions have no input that could say so."""
        takes = any(concept(name) == "contract" for name in self.model.inputs)
        computes = any("LEV_" in formula for formula in self.model.formulas.values())
        if takes or not computes or not self.table.source:
            return np.zeros(data.height, dtype=np.bool_)
        return self._are_inverse(data)

    def _are_inverse(self, data: polars.DataFrame) -> NDArray[np.bool_]:
        """Which rows are of an inverse contract, as far as their table says."""
        column = next((index for index, name in enumerate(self.table.columns) if concept(name) == "contract"), None)
        if column is None:
            return np.zeros(data.height, dtype=np.bool_)
        texts = data.to_series(column).cast(polars.String, strict=False).str.to_lowercase()
        return (texts == "inverse").fill_null(False).to_numpy()

    def _units(self, name: str, data: polars.DataFrame) -> polars.Series | None:
        """The units in the cells of an input; of a column that was said the numbers are as they are."""
        match, item = self.matching.by_input[name], self.model.inputs[name]
        if match.is_said or not values.is_number(item):
            return None
        return notation.units(data.to_series(self.table.columns.index(match.column)), with_parts=True)

    def _values(self, name: str, data: polars.DataFrame, units: polars.Series | None) -> Values:
        column, item = self.matching.by_input[name].column, self.model.inputs[name]
        series = data.to_series(self.table.columns.index(column))
        found = [] if units is None else units.drop_nulls().unique().to_list()
        powers = {unit: power for unit in found if (power := self._power(name, unit)) is not None}
        written = self.written.get(column, Notation())
        return values.read(item, series, written, self.model.epoch, powers or notation.PARTS)

    def _power(self, name: str, unit: str) -> int | None:
        item, meaning = self.model.inputs[name], concept(name)
        return power_of(unit, self._counts.of(item, meaning), item, meaning)

    @functools.cached_property
    def unusual(self) -> Unusual:
        """The values that were read and are far from what is usual."""
        return Unusual(self._counts)

    @property
    def _counts(self) -> Counting:
        if self.counting is None:
            self.counting = Counting(self.model)
        return self.counting

    def _other_units(
        self, name: str, units: polars.Series | None, found: Mapping[str, Values]
    ) -> dict[int, tuple[str, str]]:
        """By row, the unit of a number that is in another than the input's, and what that counts in.

        It is the unit of its cell; where a column decides what is counted, that of the header too.
        """
        if units is None:
            return {}
        item, meaning = self.model.inputs[name], concept(name)
        deciding = {each: found[each].elements for each in self._counts.decided_by(item, meaning) if each in found}
        if deciding and (header := self.matching.by_input[name].unit):
            units = units.fill_null(header).set(polars.Series(found[name].is_blank), None)
        different = units.drop_nulls().unique().to_list()
        if not different or (not deciding and all(self._power(name, unit) is not None for unit in different)):
            return {}
        is_known: dict[tuple[Any, ...], str | None] = {}
        others = {}
        for index in units.is_not_null().arg_true().to_list():
            row = {each: value[index] for each, value in deciding.items() if value[index] is not None}
            key = (units[index], *row.items())
            if key not in is_known:
                counted = self._counts.of(item, meaning, row)
                is_one = power_of(units[index], counted, item, meaning) is not None
                is_known[key] = None if is_one else counted
            if (own := is_known[key]) is not None:
                others[index] = (units[index], own)
        return others

    def _column(self, name: str, read: Values, usable: NDArray[np.bool_]) -> Column:
        """The usable values of an input, in the kind that all of them are of."""
        elements = read.elements[usable]
        if name in self.defaults:
            elements[read.is_blank[usable]] = cell_columns.from_cell(self.defaults[name], self.model.epoch)
        return cell_columns.from_values(elements.tolist()) if elements.dtype == object else elements

    def _defaulted(self, found: Mapping[str, Values], usable: NDArray[np.bool_]) -> dict[str, list[int]]:
        where = {name: np.flatnonzero(found[name].is_blank[usable]).tolist() for name in self.defaults}
        return {name: indexes for name, indexes in where.items() if indexes}

    def _are_no_rows(self, frame: Frame, is_row: NDArray[np.bool_], found: Mapping[str, Values]) -> NDArray[np.bool_]:
        """Where a line of totals or of remarks is: its first text says so, and values that a row needs are missing."""
        lacks = np.zeros(len(is_row), dtype=np.bool_)
        for name, read in found.items():
            if name in self.needed.difference(self.not_taken) or not self.needed:
                lacks |= read.is_blank | ~read.is_allowed
        are_none = np.zeros(len(is_row), dtype=np.bool_)
        for index in np.flatnonzero(is_row & lacks).tolist():
            first = next((value for value in frame.data.row(index) if value not in (None, "")), "")
            if isinstance(first, str) and notation.is_no_row(first):
                are_none[index] = True
                self.no_rows.append((int(frame.lines[index]), first.strip()))
        return are_none

    def _faults(
        self,
        data: polars.DataFrame,
        index: int,
        found: Mapping[str, Values],
        other_units: Mapping[str, Mapping[int, tuple[str, str]]],
    ) -> list[Fault]:
        """What is wrong with the values of a row, all of it."""
        faults = []
        for name, read in found.items():
            item, match = self.model.inputs[name], self.matching.by_input[name]
            if read.is_blank[index] and name in self.needed:
                own = (
                    f", or --blank default for the template's {self.not_taken[name]}" if name in self.not_taken else ""
                )
                faults.append(Fault(match.column, "", f"it is blank and needed; {values.allowed(item)}{own}"))
            elif not read.is_allowed[index]:
                raw = data.to_series(self.table.columns.index(match.column))[index]
                unit = notation.unit_beside(str(raw)) if values.is_number(item) and not match.is_said else ""
                faults.append(
                    self._of_no_unit(name, match.column, str(raw), unit) if unit else _fault(item, match.column, raw)
                )
            elif index in other_units[name]:
                unit, counted = other_units[name][index]
                text = str(data.to_series(self.table.columns.index(match.column))[index])
                faults.append(
                    Fault(
                        match.column,
                        text,
                        f"{unit} is not what the input {name} counts; allowed is a number in "
                        f"{allowed(counted, item)}, or, if the "
                        f"numbers are right as they are, {self.table.ways_to_map(match.column, name)}"
                        f"{self._counts.otherwise(item, concept(name), unit, counted)}",
                    )
                )
        return faults

    def _of_no_unit(self, name: str, column: str, text: str, unit: str) -> Fault:
        """A number with a word behind it that is no unit which is known."""
        item = self.model.inputs[name]
        counted = self._counts.of(item, concept(name))
        reason = f"{unit} is not what the input {name} counts; allowed is a number in {allowed(counted, item)}"
        return Fault(column, text, reason)


def _fault(item: Input, column: str, raw: Any) -> Fault:
    text = str(raw.to_list() if isinstance(raw, polars.Series) else raw)
    if 2 * len(text) > values.LONGEST_TEXT and not values.is_number(item):
        return Fault(column, cut(text, _SHOWN), f"allowed is text of at most {values.LONGEST_TEXT:,} characters")
    if values.is_side(item) and notation.side_of(text) == notation.BY_SIGN:
        by_sign = "it says that the sign of the quantity is the side, and there is no quantity with one"
        return Fault(column, text, f"{by_sign}; {values.allowed(item)}")
    return Fault(column, text, values.allowed(item, text))


def _as_short_as_it_was(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row that had too few values without the blanks that it was filled up with: in a list it is short again.

    In our words for an export what was last is somewhere else; of it the last value goes, whatever it is.
    """
    return row[: max((place for place, value in enumerate(row[:-1], 1) if value is not None), default=0)]


def _take_side_from_sign(model: Model, found: dict[str, Values]) -> None:
    """One-way mode: the sign of the quantity says the side; a short's quantity may have a minus beside its side."""
    by_sign_of = {
        name: np.array([element == notation.BY_SIGN for element in read.elements.tolist()], dtype=np.bool_)
        for name, read in found.items()
        if values.is_side(model.inputs[name])
    }
    sides = next((name for name in by_sign_of if concept(name) == "side"), None)
    quantities = next((name for name in found if concept(name) == "quantity"), None)
    for name, are_so in by_sign_of.items():
        if name != sides or quantities is None:
            found[name].is_allowed[are_so] = False
    if sides is None or quantities is None:
        return
    side, quantity, by_sign = found[sides], found[quantities], by_sign_of[sides]
    amounts = np.array([np.nan if each is None else each for each in quantity.elements.tolist()], dtype=np.float64)
    is_short = np.array([str(each).casefold() in ("short", "sell") for each in side.elements.tolist()], dtype=np.bool_)
    turned = (amounts < 0) & (by_sign | is_short)
    rule = model.inputs[sides].rule
    words = {word.casefold(): word for word in rule.words} if rule else {}
    for index in np.flatnonzero(by_sign).tolist():
        known = amounts[index] == amounts[index] and amounts[index] != 0
        word = ("short", "sell") if amounts[index] < 0 else ("long", "buy")
        side.elements[index] = next((words[each] for each in word if each in words), None) if known else None
        side.is_allowed[index] = known
    if turned.any():
        item = model.inputs[quantities]
        elements = quantity.elements.copy()
        elements[turned] = -amounts[turned]
        admitted = item.rule.admits_numbers(-amounts[turned]) if item.rule and item.rule.is_number else True
        is_allowed = quantity.is_allowed.copy()
        is_allowed[turned] = admitted
        found[quantities] = Values(elements, quantity.is_blank, is_allowed)

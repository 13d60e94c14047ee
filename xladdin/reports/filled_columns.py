"""Rows of a table as the columns that they fill, whole frames at a time.

What is quickly seen to be allowed is taken as it is; every other row is read as a row of a report is, by
`columns.read_inputs`, so that both allow the same and say the same of what they refuse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars

from xladdin.reports.columns import Rejection, admitted_value, is_number, read_inputs
from xladdin.reports.table import Row, Table
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.columns import Column
from xladdin.workbook.model import Input, Model

FRAME = 20_000  # rows
AS_TYPED = "as typed"  # the kind of a column that says nothing of its values: what spells a number is one
_NUMERAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]?\d+)?")  # 007 and what is longer are no quantities
LONGEST_TEXT = 32_767  # characters of UTF-16: what a cell holds
_SHOWN = 60  # characters of a text that is too long, in the list


@dataclass
class Filled:
    """Usable rows as columns by the name of their input; rows that can't be used; how many rows there were at all."""

    columns: dict[str, Column]
    count: int
    rejected: list[Rejection]
    passed: int


@dataclass
class Reader:
    """What reads the rows of a table into the inputs of a model."""

    table: Table
    model: Model
    matched: dict[str, str]
    _known: dict[str, dict[Any, Any]] = field(default_factory=dict)  # what each different text of an input is worth

    def frames(self) -> Iterator[Filled]:
        """The rows, some thousand at a time."""
        for line, frame in self.table.frames(FRAME):
            yield self._filled(line, frame)

    def _filled(self, line: int, frame: polars.DataFrame) -> Filled:
        blank = frame.select(polars.all_horizontal(polars.all().is_null())).to_series().to_numpy()
        unclear = np.zeros(frame.height, dtype=np.bool_)
        for extra in frame.columns[len(self.table.columns) :]:
            unclear |= frame[extra].is_not_null().to_numpy()
        found: dict[str, Any] = {}
        for name, column in self.matched.items():
            found[name], clear = self._column(
                self.model.inputs[name], frame.to_series(self.table.columns.index(column))
            )
            unclear |= ~clear
        rejected, usable = [], ~blank
        for place in np.flatnonzero(unclear & usable).tolist():
            try:
                row = self.table.row(line + place, 0, frame.row(place))
                inputs = read_inputs(row, self.matched, self.model)
                self._check_lengths(row, inputs)
            except Rejection as rejection:
                rejected.append(rejection)
                usable[place] = False
                continue
            for name in self.matched:
                element = self._element(self.model.inputs[name], inputs.get(name))
                found[name] = _with_element(found[name], place, element)
        kept = {name: _settled(column[usable]) for name, column in found.items()}
        return Filled(kept, int(usable.sum()), rejected, frame.height)

    def _column(self, item: Input, series: polars.Series) -> tuple[Any, Any]:
        """The values of an input, and where they are known to be allowed."""
        may_be_blank = np.full(len(series), not item.required) & series.is_null().to_numpy()
        if is_number(item) and (item.rule is None or item.rule.is_number) and series.dtype != polars.Boolean:
            values = series.cast(polars.Float64, strict=False).to_numpy()
            allowed = np.isfinite(values) if item.rule is None else item.rule.admits_numbers(values)
            if may_be_blank.any():
                values = values.astype(object)
                values[may_be_blank] = None
            return values, allowed | may_be_blank
        known = self._known.setdefault(item.name, {None: None})
        for raw in series.unique().to_list():
            if raw not in known:
                value = admitted_value(item, raw) if str(raw).strip() else None
                known[raw] = None if _is_too_long(value) else self._element(item, value)
        values = np.array([known[raw] for raw in series.to_list()] or [None], dtype=object)[: len(series)]
        return values, (values != np.array(None)) | may_be_blank

    def _check_lengths(self, row: Row, inputs: dict[str, Any]) -> None:
        """Whether a cell holds each text of a row.

        Raises
        ------
        Rejection
            At the first that it does not.
        """
        for name, value in inputs.items():
            if _is_too_long(value):
                shown = f"{value[:_SHOWN]}…"
                reason = f"allowed is text of at most {LONGEST_TEXT:,} characters"
                raise Rejection(row.line, self.matched[name], shown, reason)

    def _element(self, item: Input, value: Any) -> Any:
        if item.rule and item.rule.kind == AS_TYPED and _NUMERAL.fullmatch(value or ""):
            number = float(value)
            return number if math.isfinite(number) else value
        return cell_columns.from_cell(value, self.model.epoch)


def _is_too_long(value: Any) -> bool:
    """Whether a cell can't hold a text: it counts a character beyond the first 65,536 twice."""
    if not isinstance(value, str) or 2 * len(value) <= LONGEST_TEXT:
        return False
    return len(value) + sum(map("\uffff".__lt__, value)) > LONGEST_TEXT


def _with_element(column: Any, place: int, value: Any) -> Any:
    if column.dtype != object and type(value) is not float:
        column = column.astype(object)
    if not column.flags.writeable:
        column = column.copy()
    column[place] = value
    return column


def _settled(column: Any) -> Column:
    """The column in the kind that all of its elements are of."""
    return cell_columns.from_values(column.tolist()) if column.dtype == object else column

"""A workbook that is kept: new values and rows by a key into its Excel table, all else as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports import destinations, into
from xladdin.reports.doubts import doubts, doubts_told
from xladdin.reports.filling import asked_by, fitting, table_inputs, write_filled
from xladdin.reports.linked import linked_remarks
from xladdin.reports.matching import plain
from xladdin.reports.outcome import Outcome
from xladdin.reports.prepared import prepare
from xladdin.reports.reader import Rows
from xladdin.reports.reading import Reading, Said, as_known, read_as
from xladdin.reports.rejected import Fault, RejectedList, Rejection, check_apart, short
from xladdin.reports.remarks import Doubt
from xladdin.reports.table import open_table
from xladdin.reports.wording import cut, listed
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.filled_lists import is_example_of
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.table.excel_table import ExcelTable

_ALIKE = 0.2  # of the larger: prices of one coin are nearer to each other


def update(
    workbook: Path, table_path: Path, keys: Sequence[str], said: Said, *, force: bool = False, trust: bool = False
) -> Outcome:
    """Write the rows of a table into the Excel table of a workbook: over those of the same key, or as new ones.

    A row is written over every one of its key; of several lines with one key that do not say the same none is. What the
    table has no column or no value for stays as it is, rows that it does not have too. The workbook as it was is kept
    beside it, as NAME.bak.

    Parameters
    ----------
    workbook, table_path : Path
        The workbook, and the table with what is new.
    keys : sequence of str
        The columns by which rows are the same: of two rows that are, all of them are.
    said : Said
        What was said by hand of the table.
    force : bool
        Whether a file in the place of the copy beside the workbook, which is no earlier state of it, and one in the
        place of the list of rejected rows may be replaced.
    trust : bool
        Whether to go on though results are not computed as the workbook's stored values.

    Returns
    -------
    Outcome
        How many rows were written, and which could not be used.

    Raises
    ------
    UserError
        When nothing can be written.
    """
    destinations.check_closed(workbook)
    list_of_rejected = into.rejected_name(workbook.name)
    check_apart(workbook.with_name(list_of_rejected), [table_path, *said.files])
    if workbook.exists() and not os.access(workbook, os.W_OK):
        raise UserError(f"{workbook} may not be written.")
    model = read_model(workbook)
    if not model.formulas:
        raise UserError(
            f"{workbook} has no formulas, as one made with --values: nothing in it can be computed anew, and what it "
            "shows would stay that of before; allowed is a workbook with its formulas."
        )
    table = open_table(table_path, said.sheet, said.header)
    table = as_known(table, asked_by(model, table), said)
    excel_table = fitting(table, model)
    doubtful = doubts(model, excel_table, trust=trust)
    prepared = prepare(model, said, excel_table, is_own=True)
    model = prepared.complete().model
    excel_table = model.tables[excel_table.name.casefold()]
    asked = table_inputs(model, excel_table)
    reading = read_as(table, asked, prepared.said, "keep", is_tried=True)
    names = {plain(name): name for name in reading.matching.by_input}
    for key in keys:
        if plain(key) not in names:
            near = did_you_mean(key, reading.matching.by_input)
            raise UserError(
                f"--key {quoted(key)} is no column of both {table_path} and {workbook.name}{near}; both have "
                f"{', '.join(reading.matching.by_input)}."
            )
    by = list(dict.fromkeys(names[plain(key)] for key in keys))
    others = [name for name in asked.inputs if name not in by]
    if others and set(others) == {*reading.left_blank, *reading.missing}:
        raise UserError(
            f"{table_path} has only the key {' and '.join(by)} of the table {excel_table.name} of {workbook.name}, so "
            f"nothing is to be written; allowed are columns for {listed(others)} too."
        )
    copy = workbook.with_name(f"{workbook.name}.bak")
    if not force:  # after what --force would not mend
        if copy.exists() and not _is_earlier_state(copy, model, excel_table):
            raise UserError(
                f"{copy} is there and is no earlier state of {workbook.name}, which is kept there; put it away, or "
                "replace it with --force."
            )
        into.check_rejected(str(workbook))
    needed = reading.reader.needed  # in a new row; one that is there may keep what it has
    reading = replace(reading, reader=replace(reading.reader, needed=frozenset(by)))
    is_example = not said.defaults and is_example_of(model, excel_table)
    files = table_path.name, workbook.name
    kept = _Kept(asked, excel_table.of(0) if is_example else excel_table, by, needed, files)
    outcome = Outcome()
    with RejectedList(workbook.with_name(f".{list_of_rejected}"), table.columns) as rejected:
        read = list(reading.reader.rows())
        for rows in read:
            kept.compare(reading, rows)
        for rows in read:
            refused = [fault for index in range(len(rows.lines)) if (fault := kept.take(reading, rows, index))]
            rejected.add(sorted(rows.rejected + refused, key=lambda rejection: rejection.line))
        remarks = doubts_told(model, doubtful) + linked_remarks(model) + prepared.remarks + reading.remarks(set())
        remarks += reading.reader.told("it is written once")
        if is_example:
            remarks.append(f"{workbook.name}: the example rows of the list {excel_table.name} are left out.")
        remarks += kept.remarks()
        if kept.changed:
            if kept.count > excel_table.capacity:
                raise UserError(f"{workbook.name} would have more rows than fit the sheet {excel_table.sheet}.")
            if kept.count != excel_table.last_row - excel_table.first_row + 1:
                remarks += into.mirrors(model, excel_table)
            with destinations.readable_errors(str(copy)):
                shutil.copy2(workbook, copy)
            outcome.note_table(str(workbook), *write_filled(workbook, model, excel_table, kept.columns(), kept.count))
        rejected.finish(str(workbook.parent), list_of_rejected)
    outcome.made, outcome.rejected, outcome.first_rejected = kept.changed, rejected.count, rejected.first
    outcome.remarks = remarks
    return outcome


def _is_earlier_state(copy: Path, model: Model, table: ExcelTable) -> bool:
    """Whether a file is what a workbook was before: it has the same sheets, inputs and columns."""
    try:
        before = read_model(copy)
    except UserError:
        return False
    there = before.tables.get(table.name.casefold())
    is_same = (before.titles, before.inputs.keys()) == (model.titles, model.inputs.keys())
    return is_same and there is not None and there.columns == table.columns


@dataclass(frozen=True)
class _Contradiction:
    """Two lines with one key that have different values for one column, and those as they stand."""

    name: str
    lines: tuple[int, int]
    texts: tuple[str, str]


class _Kept:
    """The rows of a workbook's Excel table, as elements by the name of their column, and what comes to them."""

    def __init__(
        self, asked: Model, table: ExcelTable, keys: list[str], needed: frozenset[str], files: tuple[str, str]
    ) -> None:
        self._keys, self._needed = keys, needed
        self._of_table, self._of_workbook = files
        self._columns: dict[str, list[Any]] = {name: [] for name in asked.inputs}
        self._index: dict[Any, list[int]] = {}
        self._from_now: dict[Any, str] = {}  # of each key that is written, how it is said
        self._first: dict[Any, dict[str, tuple[Any, int, str]]] = {}  # of each key the values, their lines, how written
        self._contradictions: dict[Any, _Contradiction] = {}
        self._without_values = 0
        self.changed = 0
        for row in range(table.first_row, table.last_row + 1):
            values = {
                name: cell_columns.from_cell(
                    asked.constants.get(Place(table.sheet, row, item.place.column)), asked.epoch
                )
                for name, item in asked.inputs.items()
            }
            if any(value is not None for value in values.values()):
                self._append(values)

    @property
    def count(self) -> int:
        return len(self._columns[self._keys[0]])

    def columns(self) -> dict[str, Any]:
        return {name: cell_columns.from_values(values) for name, values in self._columns.items()}

    def compare(self, reading: Reading, rows: Rows) -> None:
        """Note which lines with one key do not say the same."""
        columns = {name: reading.matching.by_input[name].column for name in rows.inputs}
        for index, line in enumerate(rows.lines):
            values = _values(reading, rows, index)
            key = self._known_by(values)
            first = self._first.setdefault(key, {})
            for name, column in columns.items():
                if name in self._keys or values[name] is None:
                    continue
                text = str(rows.raw[column][index])
                value, its_line, its_text = first.setdefault(name, (values[name], line, text))
                if value != values[name]:
                    self._contradictions.setdefault(key, _Contradiction(name, (its_line, line), (its_text, text)))

    def _contradicts(self, reading: Reading, rows: Rows, index: int, key: Any) -> Fault | None:
        """What is wrong with a line of which another says otherwise."""
        found = self._contradictions.get(key)
        if found is None:
            return None
        column = reading.matching.by_input[found.name].column
        other = 1 if rows.lines[index] == found.lines[0] else 0
        of_key = " and ".join(
            f"{name} {rows.raw[reading.matching.by_input[name].column][index]}" for name in self._keys
        )
        return Fault(
            column,
            str(rows.raw[column][index] or ""),
            f"line {found.lines[other]} has {short(found.texts[other])} for the same {of_key}; allowed is one value",
        )

    def _overruns(self, reading: Reading, rows: Rows, index: int, values: Mapping[str, Any]) -> Fault | None:
        """What is wrong with a line that makes alike what tells rows apart, as the sides or quantities of a hedge."""
        written_over = self._index.get(self._known_by(values), [])
        apart = [name for name in self._columns if name not in self._keys and self._differ(name, written_over)]
        for name in (name for name in apart if values.get(name) is not None):
            match = reading.matching.by_input.get(name)
            words = [each for each in apart if any(isinstance(self._columns[each][row], str) for row in written_over)]
            by = f"{' '.join(f'--key {cut(each)}' for each in (*self._keys, *words[:1]))}, or " if words else ""
            reason = (
                f"{self._of_workbook} has {len(written_over)} rows for it, which differ in this; allowed is {by}a "
                "table without this column"
            )
            column = match.column if match else name
            return Fault(column, str(rows.raw[column][index]) if match else str(values[name]), reason)
        return None

    def _differ(self, name: str, rows: Sequence[int]) -> bool:
        """Whether rows are not about alike in a column, as prices of one coin are at several venues."""
        values = {_compared(self._columns[name][row]) for row in rows}
        numbers = [value for value in values if isinstance(value, (int, float))]
        if len(numbers) == len(values - {None}):
            return bool(numbers) and max(numbers) - min(numbers) > _ALIKE * max(map(abs, numbers))
        return len(values) > 1

    def take(self, reading: Reading, rows: Rows, index: int) -> Rejection | None:
        """A row over that of the same key, or as a new one; or why it can't be."""
        values = _values(reading, rows, index)
        key, said = self._known_by(values), " ".join(str(values[name]) for name in self._keys)
        column = " and ".join(reading.matching.by_input[name].column for name in self._keys)
        written_over = self._index.get(key, [])
        is_again = key in self._from_now
        fault = self._contradicts(reading, rows, index, key) or self._overruns(reading, rows, index, values)
        if fault is None and not written_over:
            lacking = [name for name in self._columns if name in self._needed and values.get(name) is None]
            if lacking:
                fault = Fault(
                    column,
                    said,
                    f"it is new, and has no {', '.join(lacking)}; allowed is a new row with all that it needs",
                )
        if fault:
            return Rejection(rows.lines[index], [fault], rows.raw.row(index))
        self._from_now[key] = said
        given = {name: value for name, value in values.items() if value is not None and name not in self._keys}
        for row in written_over:
            for name, value in given.items():
                self._columns[name][row] = value
        if not written_over:
            self._append(values)
        self._without_values += not given
        if not is_again:
            self.changed += len(written_over) or 1 if given or not written_over else 0
        return None

    def remarks(self) -> list[str]:
        """What a reader of the table might not expect of what was written."""
        keys = " and ".join(self._keys)
        several = [said for each, said in self._from_now.items() if len(self._index[each]) > 1]
        told: list[str] = []
        if several:
            told.append(
                Doubt(f"{self._of_workbook} has several rows with {keys} {listed(several)}, and each is written.")
            )
        if self._without_values:
            lines = f"lines with no value beside {keys}, which change nothing"
            told.append(Doubt(f"{self._of_table}: {lines}: {self._without_values}."))
        if left := sum(len(rows) for each, rows in self._index.items() if each not in self._from_now):
            stay = f"{self._of_workbook}: rows that {self._of_table} has not, which stay as they are: {left}."
            told.append(Doubt(stay))
        return told

    def _known_by(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(_compared(values[name]) for name in self._keys)

    def _append(self, values: dict[str, Any]) -> None:
        self._index.setdefault(self._known_by(values), []).append(self.count)
        for name, column in self._columns.items():
            column.append(values.get(name))


def _values(reading: Reading, rows: Rows, index: int) -> dict[str, Any]:
    """The elements of a row by the name of their column."""
    values = {name: column[index] for name, column in rows.inputs.items()} | reading.fixed
    return {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}


def _compared(key: Any) -> Any:
    return key.strip().casefold() if isinstance(key, str) else key

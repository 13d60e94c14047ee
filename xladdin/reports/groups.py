"""One report for all rows of the same key: they fill the template's Excel table, and what is single is the same in all.

The rows of a key may stand anywhere in the table, so all are read before the first report is made; they are kept as
columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import polars
from numpy.typing import NDArray

from xladdin import FORMAT
from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports import group_batch, naming
from xladdin.reports.aggregates import aggregate, aggregate_said
from xladdin.reports.batch import Template, Work
from xladdin.reports.filling import fitting, table_inputs
from xladdin.reports.group_batch import GroupBatch, ListRows
from xladdin.reports.matching import Matching, match_columns, plain
from xladdin.reports.prepared import Prepared, prepare
from xladdin.reports.reader import Rows
from xladdin.reports.reading import Reading, Said, as_known, read_as, shown
from xladdin.reports.rejected import Fault, RejectedList, Rejection, short
from xladdin.reports.remarks import Doubt
from xladdin.reports.table import Table, open_table
from xladdin.reports.tried import MOST_REPORTS, Tried
from xladdin.reports.values import allowed
from xladdin.reports.wording import listed
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.columns import Column
from xladdin.workbook.filled_lists import FilledList, lists_of
from xladdin.workbook.model import Input, Model
from xladdin.workbook.table.excel_table import ExcelTable

_NAMED = 5  # keys that are told of

if TYPE_CHECKING:
    from xladdin.reports.earlier import Earlier
    from xladdin.reports.run import Names
    from xladdin.reports.table import Unchanged


@dataclass(frozen=True)
class Grouping:
    """What is said of reports of many rows.

    Attributes
    ----------
    key : str
        The column by which rows are of one report.
    lists : tuple of str
        Tables for other lists of the template, by the same key, as NAME=FILE.
    """

    key: str
    lists: tuple[str, ...] = ()

    @property
    def files(self) -> list[Path]:
        """The files of the lists."""
        return [Path(text.partition("=")[2].strip()) for text in self.lists]


@dataclass(frozen=True)
class _Extra:
    """A table for another list of the template, read: its rows by key."""

    listed: FilledList
    path: Path
    columns: Mapping[str, Column]
    rows: Mapping[str, NDArray[np.intp]]
    faults: Mapping[str, str]  # by the key, why its rows can't be used
    told: list[str]


@dataclass
class Groups:
    """A table on its way into reports of many rows each.

    Attributes
    ----------
    key : str
        The column by which rows are of one report.
    reading : Reading
        How its rows are read.
    excel_table : ExcelTable
        What the rows fill.
    singles : dict
        The inputs beside the table that have a column.
    extras : list
        The tables for other lists.
    prepared : Prepared
        The workbook.
    from_template : tuple of str
        The inputs and lists that are as the template has them in every report.
    remarks : list of str
        What is worth saying of those.
    not_made : int
        How many reports can't be made; is known when the rows were read.
    keys_told : list of str
        What is worth saying of keys that are in one table and not in another; is known then too.
    """

    key: str
    reading: Reading
    excel_table: ExcelTable
    singles: dict[str, Input]
    extras: list[_Extra]
    prepared: Prepared
    from_template: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)
    not_made: int = 0
    keys_told: list[str] = field(default_factory=list)

    @property
    def matching(self) -> Matching:
        """The columns of the inputs that are single."""
        return Matching({name: self.reading.matching.by_input[name] for name in self.singles})

    def works(
        self,
        same: Sequence[str],
        known_by: Sequence[str],
        trusted: Mapping[str, str],
        names: Names,
        earlier: Earlier | None,
        rejected: RejectedList,
        template: Template,
        place: str,
        unchanged: Unchanged,
    ) -> Iterator[Work]:
        """The reports in batches of the same number of rows; the rows that can't be used are noted."""
        rows, refused = self._all_rows(unchanged)
        groups = self._sorted(rows, refused, same)
        usable = [each for each in groups if each.fault is None]
        for each, file in zip(usable, names.of(_firsts(rows, usable)), strict=True):
            if isinstance(file, Fault):
                each.fault = (None, file)
            else:
                each.file = file
        rejected.add(self._rejected(rows, groups, refused))
        chosen = []
        for each in usable:
            if each.fault is None:
                each.hash = self._hash(template, rows, each)
                each.known_by = tuple(trusted.get(name) or self._known_by(rows, each, name) for name in known_by)
                line = rows.lines[each.indexes[0]]
                if not (earlier and earlier.has(each.file, each.hash, each.number, line, each.known_by)):
                    chosen.append(each)
        chosen.sort(key=lambda each: len(each.indexes))
        for batch in _batches(chosen):
            yield Work(
                [each.number for each in batch],
                [rows.lines[each.indexes[0]] for each in batch],
                [each.hash for each in batch],
                [" ".join([*self.from_template, *each.from_template]) for each in batch],
                [each.known_by for each in batch],
                self._batch(template, place, rows, batch),
                sum(len(each.indexes) for each in batch),
            )

    def _batch(self, template: Template, place: str, rows: Rows, groups: list[_Group]) -> GroupBatch:
        """The reports of groups that have the same number of rows."""
        indexes = np.concatenate([each.indexes for each in groups])
        of_table = {name: rows.inputs[name][indexes] for name in rows.inputs if name not in self.singles}
        return GroupBatch(
            template,
            place,
            [each.file for each in groups],
            self.excel_table.name,
            len(groups[0].indexes),
            of_table | self.reading.fixed,
            {name: cell_columns.from_values([each.singles[name] for each in groups]) for name in self.singles},
            {extra.listed.name: _rows_of(extra, groups) for extra in self.extras},
        )

    def _all_rows(self, unchanged: Unchanged) -> tuple[Rows, list[Rejection]]:
        """All usable rows of the table, and those that are not."""
        found = Rows([], [], {}, polars.DataFrame(), [], {}, 0)
        parts: dict[str, list[Any]] = {name: [] for name in self.reading.matching.by_input}
        raw = []
        for rows in self.reading.reader.rows():
            unchanged.check()
            found.lines += rows.lines
            found.rejected += rows.rejected
            raw.append(rows.raw)
            for name, column in rows.inputs.items():
                parts[name].append(column)
        found.inputs = {name: cell_columns.joined(part) for name, part in parts.items()}
        found.raw = polars.concat(raw, how="vertical_relaxed")
        return found, found.rejected

    def _sorted(self, rows: Rows, refused: Sequence[Rejection], fields: Sequence[str]) -> list[_Group]:
        """The rows by their key, in the order in which the keys come, each with what is wrong with it."""
        place = rows.raw.columns.index(self.key)
        bad = {str(each.row[place] if each.row[place] is not None else "").strip(): each.line for each in refused}
        groups = []
        by_key = _by_key(rows.raw[self.key])
        spellings: dict[str, list[str]] = {}
        for key in {**by_key, **bad}:
            spellings.setdefault(naming.compared(key), []).append(key)
        self.keys_told = [told for extra in self.extras for told in self._keys_told(extra, {*by_key, *bad})]
        for number, (key, indexes) in enumerate(by_key.items(), 1):
            group = _Group(key, number, indexes)
            others = [each for each in spellings[naming.compared(key)] if each != key]
            if not key:
                group.fault = (None, Fault(self.key, "", "it is blank; allowed is the name of what the report is for"))
            elif key in bad:
                reason = f"line {bad[key]} of it can't be used; a report has all of its rows or is not made"
                group.fault = (None, Fault(self.key, key, reason))
            elif others:
                reason = (
                    f"other rows have {quoted(others[0])}, and a report has all of its rows; allowed is one spelling"
                )
                group.fault = (None, Fault(self.key, key, reason))
            else:
                group.fault = self._fault(rows, group, fields)
            groups.append(group)
        return groups

    def _keys_told(self, extra: _Extra, keys: Collection[str]) -> list[str]:
        """One sentence on keys that only the table or only that of another list has."""
        theirs = {*extra.rows, *extra.faults}
        without, beyond = sorted(set(keys) - theirs - {""}), sorted(theirs - set(keys) - {""})
        table, of_list = self.reading.reader.table.path, f"{extra.path}, for the list {extra.listed.name}"
        told: list[str] = []
        if without:
            told.append(
                Doubt(f"{of_list}: no rows of {len(without):,} {self.key} of {table}: {listed(without, _NAMED)}.")
            )
        if beyond and not self.reading.reader.table.is_of_rejected:
            told.append(
                Doubt(f"{of_list}: rows of {len(beyond):,} {self.key} not in {table}: {listed(beyond, _NAMED)}.")
            )
        return told

    def _fault(self, rows: Rows, group: _Group, fields: Sequence[str]) -> tuple[int | None, Fault] | None:
        """What is wrong with the rows of one key, and in which; the single values are noted."""
        indexes = group.indexes
        room = self.excel_table.capacity
        if len(indexes) > room:
            reason = f"it has {len(indexes):,} rows; allowed are {room:,}, which fit the sheet {self.excel_table.sheet}"
            return None, Fault(self.key, group.key, reason)
        for name, item in self.singles.items():
            values = _trimmed(rows.inputs[name][indexes].tolist())
            kind = aggregate_said(item.comment)
            if kind:
                group.singles[name] = aggregate(kind, values)
                continue
            differs = next((place for place, value in enumerate(values) if value != values[0]), None)
            if differs is not None:
                return self._differs(rows, group, self.reading.matching.by_input[name].column, differs)
            if values[0] is None and item.default is not None and not item.may_be_blank:
                said = self.prepared.said
                if said.blank != "default" and not said.defaults:
                    reason = (
                        f"it is blank and needed; {allowed(item)}, or --blank default for the template's {shown(item)}"
                    )
                    return None, Fault(self.reading.matching.by_input[name].column, "", reason)
                group.from_template.append(name)
                values[0] = cell_columns.from_cell(item.default, self.prepared.model.epoch)
            group.singles[name] = values[0]
        for column in fields:
            if column == "row" and column not in rows.raw.columns:
                continue
            raw = _trimmed(rows.raw[column].gather(indexes).to_list())
            differs = next((place for place, value in enumerate(raw) if value != raw[0]), None)
            if differs is not None:
                return self._differs(rows, group, column, differs)
        for extra in self.extras:
            if group.key in extra.faults:
                return None, Fault(self.key, group.key, extra.faults[group.key])
        return None

    def _differs(self, rows: Rows, group: _Group, column: str, place: int) -> tuple[int, Fault]:
        first, other = (rows.raw[column][int(group.indexes[each])] for each in (0, place))
        reason = (
            f"it is {short(_text(first))} in line {rows.lines[group.indexes[0]]} of the same {self.key}; "
            "allowed is one value for all rows of a report"
        )
        return int(group.indexes[place]), Fault(column, _text(other), reason)

    def firsts(self, same: Sequence[str], unchanged: Unchanged) -> Rows:
        """The first row of each report that can be made."""
        rows, refused = self._all_rows(unchanged)
        return _firsts(rows, [each for each in self._sorted(rows, refused, same) if each.fault is None])

    def tried(
        self, template: Template, same: Sequence[str], unchanged: Unchanged
    ) -> tuple[int, list[Rejection], Tried]:
        """How many reports can be made of the table, the rows of those that can't be, and what is wrong with others."""
        rows, refused = self._all_rows(unchanged)
        groups = self._sorted(rows, refused, same)
        rejected = self._rejected(rows, groups, refused)
        usable = [each for each in groups if each.fault is None]
        tried = Tried("report", len(usable))
        for each in usable[:MOST_REPORTS]:

            def alone(group: _Group = each) -> Iterator[tuple[int, GroupBatch]]:
                for index in group.indexes:
                    one = replace(group, indexes=np.array([index]))
                    yield rows.lines[index], self._batch(template, "", rows, [one])

            tried.note(f"{self.key} {each.key}", self._batch(template, "", rows, [each]), alone())
        return len(usable), rejected, tried

    def _rejected(self, rows: Rows, groups: Iterable[_Group], refused: Sequence[Rejection]) -> list[Rejection]:
        """All rows of what gets no report, so that the list is a table to make them of."""
        found = list(refused)
        for each in groups:
            if each.fault is None:
                continue
            place, fault = each.fault
            for index in each.indexes.tolist():
                reason = fault
                if place not in (None, index):
                    line = rows.lines[place or 0]
                    said = f"line {line} of it can't be used; a report has all of its rows or is not made"
                    reason = Fault(self.key, each.key, said)
                found.append(Rejection(rows.lines[index], [reason], rows.raw.row(index)))
        keys = {each.key for each in groups if each.fault is not None}
        column = rows.raw.columns.index(self.key)
        self.not_made = len(keys | {_text(each.row[column]).strip() for each in refused})
        return sorted(found, key=lambda rejection: rejection.line)

    def _known_by(self, rows: Rows, group: _Group, name: str) -> Any:
        """What a report is known by in the lists of a run."""
        if name in self.singles:
            return cell_columns.to_cell(group.singles[name])
        value = rows.raw[name][int(group.indexes[0])]
        return value if isinstance(value, (int, float)) else _text(value)

    def _hash(self, template: Template, rows: Rows, group: _Group) -> str:
        """What a report is made of."""
        own = {name: column[group.indexes].tolist() for name, column in rows.inputs.items()}
        lists = {
            extra.listed.name: {
                name: column[extra.rows[group.key]].tolist() if group.key in extra.rows else []
                for name, column in extra.columns.items()
            }
            for extra in self.extras
        }
        content = [FORMAT, template.digest, self.excel_table.name, own, self.reading.fixed, lists]
        return hashlib.blake2b(orjson.dumps(content), digest_size=16).hexdigest()


@dataclass
class _Group:
    """The rows of one key, and their report."""

    key: str
    number: int
    indexes: NDArray[np.intp]
    fault: tuple[int | None, Fault] | None = None  # in which row; where in none of them, it is of all
    singles: dict[str, Any] = field(default_factory=dict)
    from_template: list[str] = field(default_factory=list)
    file: str = ""
    hash: str = ""
    known_by: tuple[Any, ...] = ()


def read_groups(table_path: Path, model: Model, said: Said, grouping: Grouping, *, is_tried: bool = False) -> Groups:
    """Find out how a table is read into reports of many rows; it may be only to be told what is missing.

    Raises
    ------
    UserError
        When the key is no column, no Excel table fits, something that is needed has neither column nor value.
    """
    table = open_table(table_path, said.sheet, said.header)
    excel_table = fitting(table, model)
    table = as_known(table, table_inputs(model, excel_table), said)
    excel_table = fitting(table, model)
    key = _column(table, grouping.key)
    given = {plain(text.partition("=")[0]) for text in said.given}
    free = {name: item for name, item in model.inputs.items() if plain(name) not in given}
    all_inputs = table_inputs(model, excel_table).inputs
    all_inputs = all_inputs | {name: item for name, item in free.items() if name not in all_inputs}
    matching = match_columns(table, replace(model, inputs=all_inputs), said.mapping)
    singles = {name for name in matching.by_input if name not in table_inputs(model, excel_table).inputs}
    lists = _files_of_lists(model, excel_table, grouping.lists)
    beside = {name: item for name, item in model.inputs.items() if name not in singles}
    prepared = prepare(replace(model, inputs=beside), said, excel_table, apart=lists, option="--with")
    if not is_tried:
        prepared.complete()
    excel_table = prepared.model.tables[excel_table.name.casefold()]
    with_singles = {name: model.inputs[name] for name in model.inputs if name in singles}
    asked = replace(prepared.model, inputs=table_inputs(prepared.model, excel_table).inputs | with_singles)
    reading = read_as(table, asked, prepared.said, "keep", is_tried=is_tried)
    reading.reader.key = key
    extras = [
        _extra(prepared.model, each, path, key, said)
        for each in lists_of(prepared.model)
        if (path := lists.get(each.name))
    ]
    remarks = [f"{each.path}: rows of {len(each.rows)} {key} for the list {each.listed.name}." for each in extras]
    remarks += [told for each in extras for told in each.told]
    kept = [name for name, item in beside.items() if plain(name) not in given and item.default is not None]
    from_template = (*kept, *prepared.examples)
    return Groups(key, reading, excel_table, with_singles, extras, prepared, from_template, remarks)


def _column(table: Table, name: str) -> str:
    known = {plain(column): column for column in reversed(table.columns)} | {column: column for column in table.columns}
    found = known.get(name) or known.get(plain(name))
    if found is None:
        raise UserError(
            f"--group-by {quoted(name)} is no column of {table.path}{did_you_mean(name, table.columns)}; "
            f"its columns are {listed(table.columns)}."
        )
    return found


def _files_of_lists(model: Model, excel_table: ExcelTable, given: Iterable[str]) -> dict[str, Path]:
    """The file of each other list that was given one."""
    names = {plain(each.name): each.name for each in lists_of(model) if each.name != excel_table.name}
    found = {}
    for text in given:
        name, equals, file = text.partition("=")
        if not equals or not file.strip() or plain(name) not in names:
            raise UserError(
                f"--with {quoted(text)} gives no list of {model.path.name} a file"
                f"{did_you_mean(name, names.values())}; allowed is NAME=FILE with one of "
                f"{listed(list(names.values())) or 'none, as it has no other list'}."
            )
        if names[plain(name)] in found:
            raise UserError(f"--with gives the list {names[plain(name)]} two files; allowed is one.")
        found[names[plain(name)]] = Path(file.strip())
    return found


def _extra(model: Model, each: FilledList, path: Path, key: str, said: Said) -> _Extra:
    """The rows of a file for another list, by their key.

    Raises
    ------
    UserError
        When it can't be read or lacks the key or a column.
    """
    asked = table_inputs(model, each.table)
    table, own = said.of_list(path)
    column = _column(table, key)
    reading = read_as(table, asked, own, "keep", is_tried=True)
    reading.check_list(each.name)
    parts: dict[str, list[Any]] = {name: [] for name in reading.matching.by_input}
    keys: list[polars.Series] = []
    faults: dict[str, str] = {}
    for rows in reading.reader.rows():
        keys.append(rows.raw[column].cast(polars.String))
        for name, values in rows.inputs.items():
            parts[name].append(values)
        for rejection in rows.rejected:
            whose = _text(rejection.row[table.columns.index(column)]).strip()
            faults.setdefault(whose, f"{path}, line {rejection.line}, {rejection}")
    found = _by_key(polars.concat(keys))
    room = each.table.capacity if each.grows else each.table.last_row - each.table.first_row + 1
    for whose, indexes in found.items():
        if len(indexes) > room:
            faults.setdefault(whose, f"{path} has {len(indexes):,} rows of it; allowed are {room:,}")
    joined = {name: cell_columns.joined(part) for name, part in parts.items()}
    told = [*reading.remarks({column}), *reading.blank_told(f"list {each.name}"), *reading.reader.told()]
    return _Extra(each, path, joined, found, faults, told)


def _by_key(column: polars.Series) -> dict[str, NDArray[np.intp]]:
    """The places of each key in a column, in the order in which the keys come."""
    keys = column.cast(polars.String).fill_null("").str.strip_chars()
    frame = polars.DataFrame({"key": keys}).with_row_index("index")
    grouped = frame.group_by("key", maintain_order=True).agg(polars.col("index"))
    return {
        key: indexes.to_numpy().astype(np.intp)
        for key, indexes in zip(grouped["key"].to_list(), grouped["index"], strict=True)
    }


def _firsts(rows: Rows, groups: Sequence[_Group]) -> Rows:
    """The first row of each key, by which its report is named."""
    firsts = [int(each.indexes[0]) for each in groups]
    raw = rows.raw[firsts]
    return Rows([rows.lines[first] for first in firsts], [each.number for each in groups], {}, raw, [], {}, 0)


def _batches(groups: Sequence[_Group]) -> Iterator[list[_Group]]:
    """Reports of the same number of rows, not too many at a time."""
    batch: list[_Group] = []
    for each in groups:
        size = len(each.indexes)
        is_full = len(batch) >= group_batch.REPORTS or (len(batch) + 1) * size > group_batch.ROWS
        if batch and (len(batch[0].indexes) != size or is_full):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _trimmed(values: list[Any]) -> list[Any]:
    """Values without the blanks around texts, of which nobody sees that they differ; a key has none either."""
    return [value.strip() if isinstance(value, str) else value for value in values]


def _rows_of(extra: _Extra, batch: Sequence[_Group]) -> ListRows:
    nothing = np.empty(0, dtype=np.intp)
    indexes = [extra.rows.get(each.key, nothing) for each in batch]
    joined = np.concatenate(indexes)
    return ListRows({name: column[joined] for name, column in extra.columns.items()}, [len(each) for each in indexes])


def _text(value: Any) -> str:
    return "" if value is None else str(value)

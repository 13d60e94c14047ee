"""A batch of reports of many rows each: what one worker makes at a time of clients with the same number of rows."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xladdin.reports import destinations
from xladdin.reports.batch import Made, Template, checksum
from xladdin.reports.failures import failures_of_table
from xladdin.reports.filling import compiled_for, filled_file
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.filled_lists import cells_of, inputs_of, lists_of
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place
from xladdin.workbook.table.compute import evaluate
from xladdin.workbook.table.plan import TablePlan, Whole
from xladdin.workbook.table.write import TableWriter
from xladdin.workbook.terms import Cells

ROWS = 20_000  # of the tables of one batch
REPORTS = 500  # of one batch


@dataclass(frozen=True)
class ListRows:
    """The rows of another list of a workbook for each report of a batch: columns one after another, and how many."""

    columns: Mapping[str, Column]
    counts: list[int]

    def of(self, index: int) -> tuple[dict[str, Column], int]:
        """The rows of one report."""
        start, count = sum(self.counts[:index]), self.counts[index]
        return {name: column[start : start + count] for name, column in self.columns.items()}, count


@dataclass(frozen=True)
class GroupBatch:
    """Reports of the same number of rows.

    Attributes
    ----------
    template, place, files, is_there
        As of a `Batch`.
    table : str
        The Excel table that the rows fill.
    count : int
        How many rows each report has.
    columns : mapping
        By its header, a column of the table, the rows of the reports one after another.
    singles : mapping
        By its name, an input beside the table, an element a report.
    lists : mapping
        By its name, the rows of another list of the workbook.
    """

    template: Template
    place: str
    files: list[str]
    table: str
    count: int
    columns: Mapping[str, Column]
    singles: Mapping[str, Column]
    lists: Mapping[str, ListRows]
    is_there: bool = True

    def failures(self) -> list[str]:
        """What would be wrong with each report, none of which is made."""
        found = []
        for index in range(len(self.files)):
            prepared, cells = _computed(self, index)
            found.append(failures_of_table(prepared.plan, cells, self.count)[1])
        return found

    def made(self) -> Made:
        """Make the reports."""
        sizes: list[int] = []
        checksums: list[str] = []
        failures: list[str] = []
        results: list[list[Any]] = []

        def files() -> Iterator[tuple[str, bytes]]:
            for index, name in enumerate(self.files):
                prepared, cells = _computed(self, index)
                data = self.template.finished(prepared.writer.file(cells, self.count))
                sizes.append(len(data))
                checksums.append(checksum(data))
                failures.append(failures_of_table(prepared.plan, cells, self.count)[1])
                results.append(_results(prepared.plan, cells))
                yield name, data

        destinations.write_all(self.place, files(), is_there=self.is_there)
        by_output = [columns.from_values(list(values)) for values in zip(*results, strict=True)]
        return Made(sizes, checksums, failures, by_output)


@dataclass(frozen=True)
class _Prepared:
    """A workbook compiled for a number of rows."""

    plan: TablePlan
    writer: TableWriter
    numbers: Mapping[str, int]  # of the table's columns on their sheet


def _computed(batch: GroupBatch, index: int) -> tuple[_Prepared, Cells]:
    """The workbook of one report, and its cells."""
    template, of_cells = batch.template, []
    for name, rows in batch.lists.items():
        if name.casefold() in _model(batch.template).tables:
            template = _with_list(template, name, *rows.of(index))
        else:
            of_cells.append(name)
    prepare = _prepared if template is batch.template else _prepared.__wrapped__
    prepared = prepare(template, batch.table, batch.count, tuple(batch.singles), tuple(of_cells))
    model = prepared.plan.model
    singles: dict[Place, Any] = {
        model.inputs[name].place: columns.element(column, index) for name, column in batch.singles.items()
    }
    for each in lists_of(model) if of_cells else ():
        if each.name in of_cells:
            for _, item, value in cells_of(each, *batch.lists[each.name].of(index)):
                singles[item.place] = columns.from_cell(value, model.epoch)
    start = index * batch.count
    own = {
        prepared.numbers[header]: column[start : start + batch.count] if isinstance(column, np.ndarray) else column
        for header, column in batch.columns.items()
    }
    return prepared, evaluate(prepared.plan, own, batch.count, singles)


@functools.lru_cache(maxsize=1)
def _model(template: Template) -> Model:
    return read_model(Path(template.name), template.data)


@functools.lru_cache(maxsize=2)
def _prepared(
    template: Template, table: str, count: int, singles: tuple[str, ...], lists: tuple[str, ...]
) -> _Prepared:
    """A workbook compiled for so many rows, kept for the reports that follow in this process."""
    model = _model(template)
    excel_table = model.tables[table.casefold()]
    plan = compiled_for(model, excel_table, count, lists)
    cells = [item.place for each in lists_of(plan.model) if each.name in lists for _, item, _ in cells_of(each, {}, 0)]
    writer = TableWriter(plan, [*(plan.model.inputs[name].place for name in singles), *cells])
    return _Prepared(plan, writer, {title: item.place.column for title, item in inputs_of(model, excel_table).items()})


def _with_list(template: Template, name: str, rows: Mapping[str, Column], count: int) -> Template:
    """The workbook with the rows of another Excel table of it; without any it has one that is blank."""
    model = _model.__wrapped__(template)
    table = model.tables[name.casefold()]
    return replace(template, data=filled_file(model, table, rows, count))


def _results(plan: TablePlan, cells: Cells) -> list[Any]:
    found = []
    for output in plan.model.outputs.values():
        in_rows = plan.in_rows(output.place)
        column = cells[Whole(output.place)] if in_rows else cells.get(output.place)
        found.append(columns.element(column, 0))
    return found

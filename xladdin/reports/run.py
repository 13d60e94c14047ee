"""A run of reports: the rows of a table, each into a finished workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xladdin.reports import naming, summary
from xladdin.reports.columns import Rejection, match_columns, read_inputs, unmatched_columns
from xladdin.reports.table import Row, open_table
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, read_model
from xladdin.workbook.render import Renderer, write_whole

BATCH = 500
SUMMARY = "summary.xlsx"
REJECTED = "rejected.csv"


@dataclass(frozen=True, slots=True)
class Made:
    """One finished report: its row, its file and its key results by the name of the output."""

    row: int
    line: int
    file: str
    results: dict[str, Any]


@dataclass
class Outcome:
    """What a run made, and what it could not."""

    made: list[Made] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def run(
    table_path: Path,
    template: Path,
    out: Path,
    name: str = "report-{row}",
    progress: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Make one workbook for every row of a table, a summary of them, and a list of the rows that could not be used.

    Parameters
    ----------
    table_path : Path
        A CSV, XLSX or Parquet file with a line of column names.
    template : Path
        Any workbook with named inputs.
    out : Path
        The folder for the reports; it is made if need be.
    name : str
        Pattern of the files' names, without the ending: ``{row}`` and the table's columns may stand in it.
    progress : callable
        Is told the number of rows that were done, each time a batch is.

    Returns
    -------
    Outcome
        The reports that were made, the rows that were rejected, and remarks on the table.

    Raises
    ------
    UserError
        When nothing can be made: a file can't be read, a column is missing, the pattern is no pattern.
    """
    model = read_model(template)
    table = open_table(table_path)
    matched = match_columns(table, model)
    used = set(naming.fields(name, table.columns))
    outcome = Outcome(remarks=unmatched_columns(table, model, used))
    renderer = Renderer(model)
    taken: dict[str, int] = {}
    for batch in table.rows(BATCH):
        usable = list(_usable(batch, matched, model, name, taken, outcome.rejected))
        for made, data in _make(model, renderer, usable):
            write_whole(out / made.file, data)
            outcome.made.append(made)
        progress(len(batch))
    write_whole(out / SUMMARY, summary.workbook(table, model, outcome.made))
    _write_rejected(out / REJECTED, outcome.rejected)
    return outcome


def _usable(
    batch: list[Row],
    matched: dict[str, str],
    model: Model,
    name: str,
    taken: dict[str, int],
    rejected: list[Rejection],
) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    """The rows that can be used, with the name of their file and their inputs; the others are noted."""
    for row in batch:
        try:
            inputs = read_inputs(row, matched, model)
            file = naming.file_name(name, row)
            other = taken.setdefault(file.casefold(), row.line)  # Windows and macOS do not tell cases apart
            if other != row.line or file.casefold() in (SUMMARY, REJECTED):
                whose = f"line {other} has it already" if other != row.line else "the run writes that file itself"
                raise Rejection(row.line, name, file, f"{whose}; allowed is a name of its own, as with {{row}} in it")
        except Rejection as rejection:
            rejected.append(rejection)
        else:
            yield row, file, inputs


def _make(
    model: Model, renderer: Renderer, usable: list[tuple[Row, str, dict[str, Any]]]
) -> Iterator[tuple[Made, bytes]]:
    computed = compute(model, (inputs for _, _, inputs in usable))
    for (row, file, inputs), values in zip(usable, computed, strict=True):
        results = {name: values[output.place] for name, output in model.outputs.items()}
        yield Made(row.number, row.line, file, results), renderer.render(inputs, values)


def _write_rejected(path: Path, rejected: list[Rejection]) -> None:
    """The list of rejected rows; none is left from an earlier run when there are none now."""
    if not rejected:
        path.unlink(missing_ok=True)
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["line", "column", "value", "reason"])
    writer.writerows([each.line, each.column, _inert(each.value), each.reason] for each in rejected)
    write_whole(path, text.getvalue().encode())


def _inert(value: str) -> str:
    """Text that a spreadsheet would take for a formula when it opens the list, with an apostrophe before it."""
    try:
        float(value)
    except ValueError:
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return value

"""A run of reports: the rows of a table, each into a finished workbook, by one worker or many."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xladdin.core.errors import CODES, UnreadableError, UserError
from xladdin.reports import batch as batches
from xladdin.reports import manifest, naming, places, summary
from xladdin.reports.batch import Batch, Template
from xladdin.reports.columns import Rejection, match_columns, read_inputs, unmatched_columns
from xladdin.reports.linked import linked_remarks
from xladdin.reports.manifest import Ledger
from xladdin.reports.rejected import RejectedList
from xladdin.reports.table import Row, Table, open_table
from xladdin.reports.workers import in_order, workers
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model import Model, read_model

SUMMARY = "summary.xlsx"
REJECTED = "rejected.csv"
_OWN = (SUMMARY, REJECTED, manifest.NAME)
SHOWN = 5  # rejections that are kept to be told at once; all are in the list


class StoppedError(UserError):
    """Ctrl-C."""

    exit_code = 130


@dataclass
class Outcome:
    """What a run made, and what it could not.

    Attributes
    ----------
    made, kept, rejected : int
        The reports made, those of an earlier run that are as they would be made, and the rows that can't be used.
    with_errors : int
        Those made that have an error among their results: their inputs are allowed one by one and not together.
    first_rejected : list of Rejection
        The first few of these.
    remarks : list of str
        What is worth saying of the table.
    """

    made: int = 0
    kept: int = 0
    rejected: int = 0
    with_errors: int = 0
    first_rejected: list[Rejection] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Usable:
    """A row that can be used: the name of its file, its inputs, and what its report is made of."""

    row: Row
    file: str
    inputs: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class _Work:
    """A batch with the rows that it is of, and how many of the table's rows are done when it is."""

    rows: list[_Usable]
    batch: Batch
    passed: int


def run(
    table_path: Path,
    template: Path,
    out: str | Path,
    name: str = "report-{row}",
    progress: Callable[[int], None] = lambda count: None,
    *,
    worker_count: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
) -> Outcome:
    """Make one workbook for every row of a table, a manifest and a summary of them, and a list of rejected rows.

    Parameters
    ----------
    table_path : Path
        A CSV, XLSX or Parquet file with a line of column names.
    template : Path
        Any workbook with named inputs.
    out : str or Path
        The folder for the reports, which is made if need be, or a URL that fsspec knows.
    name : str
        Pattern of the files' names, without the ending: ``{row}`` and the table's columns may stand in it.
    progress : callable
        Is told the number of rows that were done, each time a batch is.
    worker_count : int
        The number of processes.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers then make the reports.
    resume : bool
        Whether to make only what an earlier run of this folder did not, or made of other inputs.

    Returns
    -------
    Outcome
        What was made and what could not be.

    Raises
    ------
    UserError
        When nothing can be made: a file can't be read, a column is missing, the pattern is no pattern; and when the
        run can't go on: the disk is full, the folder has gone.
    StoppedError
        On Ctrl-C. What was made until then is in the manifest.
    """
    model = read_model(template)
    compile_model(model)  # a workbook that can't be computed is refused before anything is written
    if not model.inputs:
        found = f"of its names ({', '.join(model.names)}) none is such" if model.names else "it has no names"
        raise UnreadableError(
            f"{template} has no inputs: an input is a name of one cell without a formula, and {found}."
        )
    table = open_table(table_path)
    matched = match_columns(table, model)
    used = set(naming.fields(name, table.columns))
    own = _Own(str(out), table_path, template)
    outcome = Outcome(remarks=linked_remarks(model) + unmatched_columns(table, model, used))
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger())
        folder = _open_folder(str(out), stack, ledger, model, resume)
        stack.callback(places.clear_unfinished, str(out))
        rejected = stack.enter_context(RejectedList(folder / f".{REJECTED}"))
        source = Template(template.name, template.read_bytes())
        place = str(out) if scheduler is None else places.absolute(str(out))
        rows = _Rows(table, model, matched, name, source, ledger, resume, place, rejected, outcome, own)
        start, ahead = stack.enter_context(workers(worker_count, scheduler))
        stack.callback(_hand_over, str(out), folder)
        try:
            with closing(in_order(_make, rows.work(), start, ahead)) as done:
                for work, results in done:
                    _note(work, results, folder / manifest.NAME, ledger if resume else None)
                    outcome.made += len(work.rows)
                    outcome.with_errors += sum(any(str(value) in CODES for value in found) for found in results)
                    progress(work.passed)
        except KeyboardInterrupt:
            raise StoppedError(f"Stopped; {outcome.made} reports are made, and --resume goes on from there.") from None
        progress(rows.passed_at_end)
        if resume:
            manifest.rewrite(folder / manifest.NAME, list(model.outputs), ledger.lines())
        rejected.finish(str(out), REJECTED)
        outcome.remarks += summary.write(folder / SUMMARY, model, folder / manifest.NAME)
        outcome.remarks += _left_over(str(out), ledger)
    return outcome


def _make(work: _Work) -> list[list[Any]]:
    return batches.make(work.batch)


def _open_folder(out: str, stack: ExitStack, ledger: Ledger, model: Model, resume: bool) -> Path:
    """Where the run's own files are kept until its end: the folder itself, or one here for a URL."""
    if not places.is_url(out):
        folder = Path(out)
        places.clear_unfinished(out)
    else:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xladdin-")))
        if resume:
            places.fetch(out, manifest.NAME, folder / manifest.NAME)
    path = folder / manifest.NAME
    ledger.remember(path)
    if not (resume and manifest.continues(path, list(model.outputs))):
        manifest.create(path, list(model.outputs))
    return folder


def _left_over(out: str, ledger: Ledger) -> list[str]:
    """One sentence where an earlier run has left reports in the folder that are not of this one."""
    left = (file for file in ledger.left() if places.is_url(out) or places.exists(out, file))
    first = next(left, None)
    if first is None:
        return []
    count = 1 + sum(1 for _ in left)
    return [f"{out} still holds {count} {'report' if count == 1 else 'reports'} of an earlier run, such as {first}."]


def _hand_over(out: str, folder: Path) -> None:
    """Send the run's own files to a URL, also when the run was stopped: the next goes on by them."""
    if places.is_url(out):
        for name in (manifest.NAME, SUMMARY):
            if (folder / name).exists():
                places.send(folder / name, out, name)


def _note(work: _Work, results: list[list[Any]], path: Path, ledger: Ledger | None) -> None:
    """The batch's lines in the manifest."""
    lines = [
        manifest.line(each.row.number, each.row.line, each.file, each.hash, found)
        for each, found in zip(work.rows, results, strict=True)
    ]
    manifest.append(path, lines)
    if ledger:
        ledger.add(lines)


@dataclass
class _Rows:
    """The rows of a table on their way into batches; those that can't be used are noted."""

    table: Table
    model: Model
    matched: dict[str, str]
    name: str
    template: Template
    ledger: Ledger
    resume: bool
    out: str
    rejected: RejectedList
    outcome: Outcome
    own: _Own
    passed_at_end: int = 0

    def work(self) -> Iterator[_Work]:
        for rows in self.table.rows(batches.SIZE):
            usable = [found for row in rows if (found := self._usable(row)) and not self._is_kept(found)]
            if usable:
                yield _Work(usable, self._batch(usable), len(rows) + self.passed_at_end)
                self.passed_at_end = 0
            else:
                self.passed_at_end += len(rows)

    def _usable(self, row: Row) -> _Usable | None:
        try:
            inputs = read_inputs(row, self.matched, self.model)
            file = naming.file_name(self.name, row, self.model.path.suffix.lower())
            holder = self.ledger.take(file.casefold(), row.line)  # Windows and macOS do not tell cases apart
            whose = f"line {holder} has it already" if holder != row.line else self.own.says_of(file)
            if whose:
                raise Rejection(
                    row.line, self.name, file, f"{whose}; allowed is a name of its own, as with {{row}} in it"
                )
        except Rejection as rejection:
            self.rejected.add(rejection)
            self.outcome.rejected += 1
            if len(self.outcome.first_rejected) < SHOWN:
                self.outcome.first_rejected.append(rejection)
            return None
        return _Usable(row, file, inputs, manifest.row_hash(self.template.digest, inputs))

    def _is_kept(self, found: _Usable) -> bool:
        """Whether an earlier run made the same report, and it is still there."""
        if not (self.resume and self.ledger.has(found.file, found.hash) and places.exists(self.out, found.file)):
            return False
        self.ledger.keep(found.file, found.row.number, found.row.line)
        self.outcome.kept += 1
        return True

    def _batch(self, usable: list[_Usable]) -> Batch:
        inputs = {
            name: [each.inputs.get(name, self.model.inputs[name].default) for each in usable] for name in self.matched
        }
        return Batch(self.template, self.out, [each.file for each in usable], inputs, is_there=True)


class _Own:
    """The files that no report may be written over: the run's own, the table and the template."""

    def __init__(self, out: str, table: Path, template: Path) -> None:
        if not out.strip():
            raise UserError("--out is empty; allowed is a folder or a URL.")
        if not places.is_url(out) and Path(out).is_file():
            raise UserError(f"--out {out} is a file; allowed is a folder or a URL.")
        self._folder = None if places.is_url(out) else Path(out)
        self._sources = {table.resolve(): "table", template.resolve(): "template"}
        self._names = {path.name.casefold() for path in self._sources}
        for name in _OWN:
            if whose := self._source(name):
                raise UserError(
                    f"{Path(out) / name} is the {whose}, and the run writes that file; choose another --out."
                )

    def says_of(self, file: str) -> str:
        """Why a report may not have this name, or nothing."""
        if file.casefold() in _OWN or file.startswith(f"{places.UNFINISHED}/"):
            return "the run writes that file itself"
        source = self._source(file)
        return f"that is the {source} itself" if source else ""

    def _source(self, file: str) -> str:
        if self._folder is None or file.rpartition("/")[2].casefold() not in self._names:
            return ""
        return self._sources.get((self._folder / file).resolve(), "")

"""A run of reports: the rows of a table, each into a finished workbook, by one worker or many."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xladdin.core.errors import UnreadableError, UserError
from xladdin.reports import batch as batches
from xladdin.reports import destinations, manifest, naming, summary
from xladdin.reports.batch import Batch, Made, Template, Work, make_work
from xladdin.reports.doubts import doubts, doubts_told
from xladdin.reports.earlier import LEFT, Earlier, keep_left, left_over, note_begun, remember_left
from xladdin.reports.groups import Grouping, read_groups
from xladdin.reports.in_the_way import in_the_way, refuse
from xladdin.reports.linked import linked_remarks
from xladdin.reports.mailing import NAME as MADE
from xladdin.reports.mailing import Mailing
from xladdin.reports.manifest import Entries, Ledger
from xladdin.reports.matching import Matching
from xladdin.reports.outcome import Outcome, StoppedError
from xladdin.reports.parts import Parts
from xladdin.reports.pdf import find_office, make_pdfs, pdf_name, remove_pdfs
from xladdin.reports.prepared import prepare
from xladdin.reports.reader import Rows
from xladdin.reports.reading import Reading, Said, as_known, read_as
from xladdin.reports.rejected import Fault, RejectedList, Rejection
from xladdin.reports.remarks import Doubt
from xladdin.reports.table import Unchanged, open_table
from xladdin.reports.wording import listed
from xladdin.reports.workers import in_order, workers
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.file.budget import budget
from xladdin.workbook.file.package import open_package

SUMMARY = "summary.xlsx"
REJECTED = "rejected.csv"
_OWN = (SUMMARY, REJECTED, manifest.NAME)
_TRUSTED = "trusted"  # the column of the results that are not computed as the template has them stored
_NOT_FOR_REPORTS = (*_OWN, LEFT, destinations.LOCK)
_KNOWN_BY = ("client", "portfolio", "symbol", "side", "currency")


def run(
    table_path: Path,
    template: Path,
    out: str | Path,
    name: str | None = None,
    progress: Callable[[int], None] = lambda count: None,
    *,
    worker_count: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    prune: bool = False,
    force: bool = False,
    trust: bool = False,
    said: Said = Said(),  # noqa: B008  (it is frozen)
    grouping: Grouping | None = None,
    values: bool = False,
    pdf: Path | None = None,
    address: str | None = None,
    allow_errors: bool = False,
    tell: Callable[[list[str]], None] = lambda remarks: None,
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
    name : str, optional
        Pattern of the files' names, without the ending: ``{row}`` and the table's columns may stand in it. Without one
        it is ``report-{row}``, or the key of the rows.
    progress : callable
        Is told the number of rows that were done, each time a batch is.
    worker_count : int
        The number of processes.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers then make the reports.
    resume : bool
        Whether to make only what an earlier run of this folder did not, or made of other inputs.
    prune : bool
        Whether reports of earlier runs are removed whose rows are gone or can't be used any more.
    force : bool
        Whether files that no run has made may be written over.
    trust : bool
        Whether to go on though results are not computed as the template's stored values.
    said : Said
        What was said by hand of the table, and of what it has not.
    grouping : Grouping, optional
        By what rows are of one report; else each row is one.
    values : bool
        Whether formulas are replaced by their values.
    pdf : Path, optional
        A folder for the reports as PDF too.
    address : str, optional
        The column of the addresses for the list of what is made.
    allow_errors : bool
        Whether reports with errors are among what is for others: PDFs and that list.
    tell : callable
        Is told what is to be said of the table before its rows are read; it is among the remarks of the outcome too.

    Returns
    -------
    Outcome
        What was made and what could not be.

    Raises
    ------
    UserError
        When nothing can be made: a file can't be read, a column is missing, the pattern is no pattern, a report would
        be written over a file that no run has made or that is open; and when the run can't go on: the disk is full,
        the folder has gone.
    StoppedError
        On Ctrl-C. What was made until then is in the manifest.
    """
    original = _read(template)
    model = batches.plan_of(original).model  # one that can't be computed is refused before anything is written
    if not model.inputs and grouping is None:
        found = f"none of its names ({', '.join(model.names)}) is one" if model.names else "it has no names"
        raise UnreadableError(
            f"{template} has no inputs: an input is a name of one cell without a formula, and {found}."
        )
    doubtful = doubts(model, trust=trust)
    unchanged = Unchanged(table_path)
    groups = read_groups(table_path, model, said, grouping) if grouping else None
    if groups:
        prepared, reading = groups.prepared, groups.reading
    else:
        table = open_table(table_path, said.sheet, said.header)
        prepared = prepare(model, said).complete()
        table = as_known(table, prepared.model, prepared.said)
        reading = read_as(table, prepared.model, prepared.said, "default")
        reading = replace(reading, examples=tuple(prepared.examples))
    model, table = prepared.model, reading.reader.table
    if prune and table.is_of_rejected:
        raise UserError(
            f"{table_path} is a list of rejected rows, and --prune would remove the reports of all others; "
            "allowed is --prune with the table of all rows."
        )
    if name is None:
        name = f"{{{groups.key}}}" if groups else "report-{row}"
    mailing = Mailing(table, name, address) if address else None
    used = naming.fields(name, table.columns)
    trusted = {_TRUSTED: " ".join(doubtful)} if doubtful else {}
    matching = groups.matching if groups else reading.matching
    known_by = [*trusted, *known_by_of(matching, used + ([groups.key] if groups else []))]
    columns = [*known_by, *model.outputs]
    lists = [*said.files, *(grouping.files if grouping else ())]
    own = _Own(str(out), {template: "template", **dict.fromkeys(lists, "list"), table_path: "table"})
    office = find_office() if pdf else None
    if pdf:
        destinations.check_place(str(pdf))
    if pdf and destinations.is_url(str(out)):
        raise UserError(f"--pdf is for reports in a folder of this machine; --out is {out}.")
    outcome = Outcome(
        remarks=doubts_told(model, doubtful)
        + linked_remarks(model)
        + prepared.remarks
        + reading.remarks({*used, *known_by, *([address] if address else [])})
        + reading.template_remark()
        + (groups.remarks if groups else [])
    )
    tell(outcome.remarks)
    outcome.told = len(outcome.remarks)
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger())
        if not destinations.is_url(str(out)):
            stack.enter_context(destinations.locked(str(out)))
        parts = Parts(str(out)) if destinations.is_url(str(out)) else None
        folder = _folder_of_lists(str(out), stack, ledger, parts)
        same = [*used, *([address] if address else [])]
        ending = model.path.suffix.lower()
        # The folder of a run that is to go on is its own, though its manifest was damaged and tells nothing.
        is_trusted = force or (resume and not ledger.tells and (folder / manifest.NAME).exists())
        ways = _in_the_way(str(out), pdf, ending, ledger, is_deep="/" in name, force=is_trusted)
        if any(ways):
            raws = [groups.firsts(same, unchanged)] if groups else reading.reader.rows()
            for rows in raws:
                files = naming.file_names(name, rows.raw, rows.numbers, ending)
                written = [file for file in files if isinstance(file, str) and not own.says_of(file)]
                refuse(written, ways[0])
                refuse(map(pdf_name, written), ways[1])
        _begin_lists(str(out), folder, ledger, columns, parts, resume)
        stack.callback(destinations.clear_unfinished, str(out))
        rejected = stack.enter_context(RejectedList(folder / f".{REJECTED}", table.columns))
        source = replace(original, data=prepared.data or original.data, is_values=values)
        place = str(out) if scheduler is None else destinations.absolute(str(out))
        names = Names(name, model.path.suffix.lower(), ledger, own, mailing)
        in_order_of_rows = ledger if resume or groups else None
        earlier = Earlier(ledger, place, len(model.outputs), outcome.note_kept) if resume else None
        start, ahead = stack.enter_context(workers(worker_count, scheduler))
        stack.callback(_hand_over, str(out), folder, parts)
        try:
            if groups:
                work = groups.works(same, known_by, trusted, names, earlier, rejected, source, place, unchanged)
            else:
                work = _work(reading, known_by, trusted, names, earlier, rejected, source, place, unchanged)
            open_files: set[str] = set()
            begun = _noted_as_begun(work, folder / LEFT, parts, open_files)
            with closing(in_order(make_work, begun, start, ahead)) as done:
                for each, made in done:
                    texts = _note(each, made, folder / manifest.NAME, in_order_of_rows)
                    open_files.difference_update(each.batch.files)
                    if parts and texts:
                        parts.add(columns, texts)
                    outcome.made += len(made.sizes)
                    for file, failures in zip(each.batch.files, made.failures, strict=True):
                        if failures:
                            outcome.note_errors(file, failures)
                    progress(each.passed)
        except UserError:
            _note_removed(folder, columns, open_files)
            raise
        except KeyboardInterrupt:
            raise StoppedError(f"Stopped; {outcome.made} reports are made, and --resume goes on from there.") from None
        is_pruned = prune and outcome.made + outcome.kept > 0
        gone = list(ledger.left()) if is_pruned and pdf else []
        left = left_over(str(out), folder / LEFT, ledger, prune=is_pruned)
        if in_order_of_rows:
            manifest.rewrite(folder / manifest.NAME, columns, ledger.lines())
        rejected.finish(str(out), REJECTED)
        outcome.rejected, outcome.first_rejected = rejected.count, rejected.first
        outcome.not_made = groups.not_made if groups else None
        outcome.remarks += reading.reader.told() + (groups.keys_told if groups else [])
        outcome.remarks += summary.write(folder / SUMMARY, model, known_by, folder / manifest.NAME)
        # Of a list of rejected rows the rows of all other reports are elsewhere, and none of these is left over.
        outcome.remarks += [] if table.is_of_rejected else left
        good, others = _for_others(folder / manifest.NAME, allow_errors=allow_errors) if office or mailing else ([], [])
        if office and pdf:
            remove_pdfs(pdf, [*gone, *others])
            for file in make_pdfs(office, Path(out), good, pdf, worker_count, progress):
                outcome.note_errors(file, "LibreOffice makes no PDF of it")
                good.remove(file)
        if mailing:
            without = mailing.write(folder / MADE, [(file, pdf_name(file)) for file in good], pdf)
            told = f"{destinations.path_of(out, MADE)}: {len(without)} without an address: {listed(without, 5)}."
            outcome.remarks += [Doubt(told)] if without else []
    return outcome


def _in_the_way(
    out: str, pdf: Path | None, ending: str, ledger: Ledger, *, is_deep: bool, force: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """What may not be written over among the reports, and among their PDFs."""
    reports = in_the_way(out, "--out", ending, lambda file: ledger.made(file) is not None, is_deep=is_deep, force=force)
    if pdf is None:
        return reports, {}
    end = pdf_name(ending)

    def is_ours(file: str) -> bool:
        return ledger.made(f"{file[: -len(end)]}{ending}") is not None

    return reports, in_the_way(str(pdf), "--pdf", end, is_ours, is_deep=is_deep, force=force)


def _noted_as_begun(work: Iterator[Work], path: Path, parts: Parts | None, open_files: set[str]) -> Iterator[Work]:
    """The batches, each noted before it is made: what a run leaves that is killed meanwhile is known as a run's."""
    for each in work:
        if each.batch.files:
            open_files.update(each.batch.files)
            note_begun(path, each.batch.files)
            if parts:
                parts.begin(each.batch.files)
        yield each


def _note_removed(folder: Path, columns: list[str], files: Iterable[str]) -> None:
    """Note what was being made while somebody removed the folder's files: of it some is there, and of no known run."""
    path = folder / manifest.NAME
    if folder.is_dir() and not path.exists():
        with contextlib.suppress(UserError):
            manifest.create(path, columns)
            keep_left(folder / LEFT, sorted(files))


def check_folder(out: str, *, with_addresses: bool = False, is_going_on: bool = False) -> None:
    """Refuse a folder with files of the names of the run's own that no run has made: they would be written over.

    Parameters
    ----------
    out : str
        The folder or URL.
    with_addresses : bool
        Whether the list of what is made is one of them.
    is_going_on : bool
        Whether it is that of an earlier run, of which the manifest may be damaged.

    Raises
    ------
    UserError
        When there is one.
    """
    start = destinations.start_of(out, manifest.NAME)
    if start is not None and (is_going_on or manifest.is_one(start)):
        return
    for name in (*_OWN, LEFT, *([MADE] if with_addresses else [])):
        if destinations.start_of(out, name) is not None:
            raise UserError(
                f"{destinations.path_of(out, name)} is there and is of no run that made reports in {out}; choose "
                "another --out, or write over it with --force."
            )


def _read(template: Path) -> Template:
    try:
        return Template(str(template), open_package(template).data, budget().size)
    except OSError as error:
        raise UnreadableError(f"{template} can't be read: {error.strerror or error}.") from None


def _folder_of_lists(out: str, stack: ExitStack, ledger: Ledger, parts: Parts | None) -> Path:
    """Where the run's own files are kept until its end: the folder itself, or one here for a URL.

    What those of earlier runs say is noted.
    """
    if parts is None:
        folder = Path(out)
        destinations.clear_unfinished(out)
    else:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xladdin-")))
        for name in (manifest.NAME, LEFT):
            destinations.fetch(out, name, folder / name)
    remember_left(folder / LEFT, ledger)
    ledger.remember(folder / manifest.NAME)
    for part in parts.fetch(folder) if parts else ():
        ledger.remember(part)
    ledger.note_left(parts.begun(folder) if parts else ())
    return folder


def _begin_lists(out: str, folder: Path, ledger: Ledger, columns: list[str], parts: Parts | None, resume: bool) -> None:
    """Begin the manifest, unless it goes on, and keep what earlier runs left."""
    path, left = folder / manifest.NAME, folder / LEFT
    if not (resume and manifest.continues(path, columns)):
        if next(ledger.files(), None):
            keep_left(left, ledger.files())
        manifest.create(path, columns)
        if parts and not resume:
            _hand_over(out, folder, parts)


def _for_others(path: Path, *, allow_errors: bool) -> tuple[list[str], list[str]]:
    """The reports that may be sent, which are those without errors or all, and the others."""
    good: list[str] = []
    others: list[str] = []
    for line in manifest.read(path):
        (good if allow_errors or not line[manifest.ERRORS] else others).append(line[2])
    return good, others


def _hand_over(out: str, folder: Path, parts: Parts | None) -> None:
    """Send the run's own files to a URL, also when the run was stopped: the next goes on by them."""
    if parts:
        for name in (manifest.NAME, SUMMARY, LEFT, MADE):
            if (folder / name).exists():
                destinations.send(folder / name, out, name)
        parts.clear()


def _note(work: Work, made: Made, path: Path, ledger: Ledger | None) -> list[bytes]:
    """The batch's lines in the manifest, which are given too."""
    own = (work.numbers, work.lines, work.batch.files, work.hashes, work.from_template)
    entries = Entries(*own, made.failures, made.sizes, made.checksums, work.known_by, made.results)
    texts = entries.texts()
    manifest.append(path, texts)
    if ledger:
        ledger.add(entries, texts)
    return texts


def _work(
    reading: Reading,
    known_by: list[str],
    trusted: Mapping[str, str],
    names: Names,
    earlier: Earlier | None,
    rejected: RejectedList,
    template: Template,
    place: str,
    unchanged: Unchanged,
) -> Iterator[Work]:
    """The rows of a table in batches; those that can't be used are noted."""
    for rows in reading.reader.rows():
        unchanged.check()
        files = names.of(rows)
        refused = rows.rejected + names.refused(rows, files)
        rejected.add(sorted(refused, key=lambda rejection: rejection.line))
        columns = rows.inputs | {name: cell_columns.full(value, len(files)) for name, value in reading.fixed.items()}
        hashes = manifest.row_hashes(template.digest, columns, len(files))
        known = _known_by(rows, known_by, trusted)
        chosen = [
            index
            for index, file in enumerate(files)
            if isinstance(file, str)
            and not (earlier and earlier.has(file, hashes[index], rows.numbers[index], rows.lines[index], known[index]))
        ]
        passed = rows.passed - len(chosen)  # what is done already, without a report
        for start in range(0, len(chosen), batches.SIZE) or (0,):
            part = chosen[start : start + batches.SIZE]
            inputs = {name: column[part] for name, column in columns.items()}
            yield Work(
                [rows.numbers[index] for index in part],
                [rows.lines[index] for index in part],
                [hashes[index] for index in part],
                _from_template(reading, rows, part),
                [known[index] for index in part],
                Batch(template, place, [str(files[index]) for index in part], inputs, is_there=True),
                passed + len(part),
            )
            passed = 0


def known_by_of(matching: Matching, used: list[str]) -> list[str]:
    """What a row is known by in the lists of a run: inputs of whom and what it is, and columns in the files' names.

    Parameters
    ----------
    matching : Matching
        Which column of the table is for which input.
    used : list of str
        The columns in the pattern of the files' names.
    """
    inputs = [name for name in _KNOWN_BY if name in matching.by_input]
    columns = {matching.by_input[name].column for name in inputs}
    return inputs + [column for column in dict.fromkeys(used) if column not in ("row", *columns, *inputs)]


def _known_by(rows: Rows, names: list[str], of_all: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """For each usable row, what it is known by, some of which is the same in all."""
    count = len(rows.lines)
    found = [
        [of_all[name]] * count
        if name in of_all
        else cell_columns.to_cells(rows.inputs[name], count)
        if name in rows.inputs
        else _texts(rows.raw[name].to_list())
        for name in names
    ]
    return list(zip(*found, strict=True)) if found else [()] * count


def _texts(values: list[Any]) -> list[Any]:
    return [value if isinstance(value, (int, float)) else "" if value is None else str(value) for value in values]


def _from_template(reading: Reading, rows: Rows, chosen: list[int]) -> list[str]:
    """For each row, the inputs that have the template's value."""
    always = [*reading.from_template, *reading.examples]
    shared = " ".join(always)
    if not rows.defaulted:
        return [shared] * len(chosen)
    blank = {name: set(indexes) for name, indexes in rows.defaulted.items()}
    return [" ".join([*always, *(name for name, where in blank.items() if index in where)]) for index in chosen]


@dataclass
class Names:
    """The names of the reports' files, each given once."""

    pattern: str
    ending: str
    ledger: Ledger
    own: _Own
    mailing: Mailing | None = None

    def of(self, rows: Rows) -> list[str | Fault]:
        """The file of each usable row, or why it gets none."""
        files = naming.file_names(self.pattern, rows.raw, rows.numbers, self.ending)
        named = [index for index, file in enumerate(files) if isinstance(file, str)]
        names = [str(files[index]) for index in named]
        holders = self.ledger.take([naming.compared(name) for name in names], [rows.lines[index] for index in named])
        for place, (index, name) in enumerate(zip(named, names, strict=True)):
            whose = f"line {holders[place]} has it already" if place in holders else self.own.says_of(name)
            if whose:
                files[index] = Fault(
                    self.pattern, name, f"{whose}; allowed is a name of its own, as with {{row}} in it"
                )
        if self.mailing:
            self.mailing.note(files, rows.raw)
        return files

    def refused(self, rows: Rows, files: list[str | Fault]) -> list[Rejection]:
        """The rows that get none."""
        return [
            Rejection(rows.lines[index], [file], rows.raw.row(index))
            for index, file in enumerate(files)
            if isinstance(file, Fault)
        ]


class _Own:
    """The files that no report may be written over: the run's own, and those that are read."""

    def __init__(self, out: str, sources: Mapping[Path, str]) -> None:
        if not out.strip():
            raise UserError("--out is empty; allowed is a folder or a URL.")
        destinations.check_place(out)
        if not destinations.is_url(out) and Path(out).is_file():
            raise UserError(f"--out {out} is a file; allowed is a folder or a URL.")
        here = destinations.here(out)
        self._folder = None if destinations.is_url(here) else Path(here)
        self._sources = {path.resolve(): whose for path, whose in sources.items()}
        self._names = {path.name.casefold() for path in self._sources}
        for name in _OWN:
            if whose := self._source(name):
                raise UserError(
                    f"{Path(out) / name} is the {whose}, and the run writes that file; choose another --out."
                )

    def says_of(self, file: str) -> str:
        """Why a report may not have this name, or nothing."""
        first = file.partition("/")[0]
        if first.casefold() in _NOT_FOR_REPORTS or first == destinations.UNFINISHED:
            return "the run writes that file itself"
        source = self._source(file)
        return f"that is the {source} itself" if source else ""

    def _source(self, file: str) -> str:
        if self._folder is None or file.rpartition("/")[2].casefold() not in self._names:
            return ""
        return self._sources.get((self._folder / file).resolve(), "")

"""What would be read of a table: how, which column for which input, what is missing, the first rows as understood."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils.datetime import from_excel

from xladdin.core.errors import UserError
from xladdin.reports.batch import SIZE, Batch, Template
from xladdin.reports.filling import asked_by, fitting, table_inputs
from xladdin.reports.group_batch import GroupBatch
from xladdin.reports.groups import Grouping, Groups, read_groups
from xladdin.reports.mailing import Mailing
from xladdin.reports.matching import SYNONYMS, alike, concept
from xladdin.reports.prepared import Prepared, prepare
from xladdin.reports.reader import Rows
from xladdin.reports.reading import Reading, Said, as_known, read_as, ways_to_give
from xladdin.reports.rejected import Rejection
from xladdin.reports.table import FRAME, Table, Unchanged, open_table
from xladdin.reports.tried import MOST_ROWS, Tried
from xladdin.reports.units import split_header
from xladdin.reports.usual import unusual_settings
from xladdin.reports.values import is_date
from xladdin.reports.wording import listed
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.file.budget import budget
from xladdin.workbook.file.package import Package, open_package
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.table.excel_table import ExcelTable, tables_of

_ROWS = 3
_FAULTS = 5


@dataclass
class Checked:
    """What was found out of a table.

    Attributes
    ----------
    table, form, header, source
        The file, how it is read, the line of its names, and the export that it is known as.
    template
        The workbook that it is for.
    columns
        For each column its input, unit, decimal mark, order of dates.
    unused, missing, from_template
        Columns that are for nothing, inputs that need a column, inputs that have the template's value.
    hints
        The input that a column which is not used may be meant for.
    ways
        How the first of the missing inputs can be given.
    lacking
        A sentence on what the workbook needs beside the rows of the table.
    remarks
        What else is worth saying.
    rows, lines
        The first rows as they are understood, and the lines of the file that they stand in.
    usable, rejected, faults
        How many rows would be used and how many not, and what is wrong with the first of these.
    reports, not_made
        Where rows are of one report by their key, how many reports can be made and how many not.
    computed, with_errors, errors
        How many reports were computed for trial, how many of these are no success, and what is wrong with the first.
    """

    table: str
    form: str
    header: int
    source: str
    template: str = ""
    columns: list[dict[str, Any]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    ways: str = ""
    from_template: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    usable: int = 0
    rejected: int = 0
    faults: list[str] = field(default_factory=list)
    reports: int | None = None
    not_made: int | None = None
    computed: str = ""
    with_errors: int = 0
    errors: list[str] = field(default_factory=list)

    def note_tried(self, tried: Tried) -> None:
        """Take over what came of computing."""
        self.computed = tried.shown
        self.with_errors, self.errors = tried.failing, tried.first

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def as_lines(self) -> list[str]:
        """For people."""
        source = f", read as: {self.source}" if self.source else ""
        lines = [f"{self.table}: {self.form}, names in line {self.header}{source}"]
        for each in self.columns:
            details = [f"{key} {each[key]}" for key in ("unit", "decimal", "dates") if each.get(key)]
            shown = f" ({', '.join(details)})" if details else ""
            lines.append(f"  {each['column']} -> {each['input'] or 'not known'}{shown}")
        if self.unused:
            hints = {name: f"{name} (did you mean {near}?)" for name, near in self.hints.items()}
            lines.append(f"not used: {listed([hints.get(name, name) for name in self.unused])}")
        if self.missing:
            lines.append(f"missing: {listed(self.missing)}; {self.ways}")
        lines += self.lacking + self.remarks
        if self.usable > len(self.rows):
            lines.append(f"the first {len(self.rows)} of {self.usable:,} rows, as they are understood:")
        for line, row in zip(self.lines, self.rows, strict=True):
            lines.append(f"line {line}: " + ", ".join(f"{name} {_in_words(value)}" for name, value in row.items()))
        if self.template:
            which = "rows that could be used then" if self.missing else "rows that can be used"
            lines.append(f"{which}: {self.usable}, rejected: {self.rejected}")
            if self.reports is not None:
                lines.append(f"reports that can be made: {self.reports}, not: {self.not_made}")
            lines += [f"computed: {self.computed}"] if self.computed else []
        else:
            lines.append(
                "--template NAME says which of these columns a template takes; `xladdin templates` lists the templates."
            )
        return lines + self.faults + self.errors


def check(
    path: Path, template: Path | None, said: Said, grouping: Grouping | None = None, address: str | None = None
) -> Checked:
    """Find out what would be read of a table; nothing is written.

    Parameters
    ----------
    path : Path
        The table.
    template : Path, optional
        The workbook that it is for.
    said : Said
        What was said by hand.
    grouping : Grouping, optional
        By what rows are of one report; else each row is one, or all are of one Excel table.
    address : str, optional
        The column of the addresses for the list of what is made.

    Raises
    ------
    UserError
        When the table can't be read, or nothing of it is for the workbook.
    """
    table = open_table(path, said.sheet, said.header)
    if template is None:
        return _alone(as_known(table, _without_inputs(), said))
    model = read_model(template)
    if grouping is not None:
        groups = read_groups(path, model, said, grouping, is_tried=True)
        _check_address(groups.reading, address)
        return _of_groups(_checked(groups.reading, groups.prepared, template, [], address), groups, template, address)
    table, excel_table = _for(table, model, said)
    prepared = prepare(model, said, excel_table)
    asked = prepared.model if excel_table is None else table_inputs(prepared.model, excel_table)
    reading = read_as(table, asked, prepared.said, "default" if excel_table is None else "keep", is_tried=True)
    read: list[Rows] = []
    _check_address(reading, address)
    checked = _checked(reading, prepared, template, read, address)
    if checked.usable and not (checked.missing or checked.lacking):
        checked.note_tried(_tried(reading, prepared, _file(template, prepared), excel_table, read, checked.usable))
    return checked


def _file(template: Path, prepared: Prepared) -> Template:
    return Template(str(template), prepared.data or open_package(template).data, budget().size)


def _tried(
    reading: Reading, prepared: Prepared, template: Template, filled: ExcelTable | None, read: list[Rows], count: int
) -> Tried:
    """What comes of computing the rows of a table: each a report, or all in one workbook."""
    if filled is None:
        tried = Tried("report", count)
        for rows, start in [(each, start) for each in read for start in range(0, len(each.lines), SIZE)]:
            some = slice(start, start + SIZE)
            inputs = {name: column[some] for name, column in rows.inputs.items()} | reading.fixed
            lines = rows.lines[some]
            inputs = {name: cell_columns.full(column, len(lines)) for name, column in inputs.items()}
            tried.note_rows(lines, Batch(template, "", [""] * len(lines), inputs).failures())
        return tried
    tried = Tried("workbook of all rows", 1)
    if count <= MOST_ROWS:
        lines = [line for rows in read for line in rows.lines]
        columns = {
            name: cell_columns.joined([rows.inputs[name] for rows in read]) for name in reading.matching.by_input
        }

        def batch_of(some: slice) -> GroupBatch:
            chosen = {name: column[some] for name, column in columns.items()} | reading.fixed
            return GroupBatch(template, "", [""], filled.name, len(lines[some]), chosen, {}, {})

        alone = ((line, batch_of(slice(index, index + 1))) for index, line in enumerate(lines))
        tried.note("all rows", batch_of(slice(None)), alone)
    return tried


def _without_inputs() -> Model:
    """A workbook of nothing, for which a known export is in our words."""
    return Model(Path(), Package(Path(), {}), {}, {}, {}, {}, {}, {}, {}, {})


def _for(table: Table, model: Model, said: Said) -> tuple[Table, ExcelTable | None]:
    """The table in our words, and the Excel table that it fits better than the workbook's names, if there is one."""
    by_name = as_known(table, model, said)
    if not tables_of(model.package):
        return by_name, None
    try:
        known = as_known(table, asked_by(model, table), said)
        excel_table = fitting(known, model)
    except UserError:
        return by_name, None
    by_table = alike(known.columns, table_inputs(model, excel_table).inputs)
    by_names = alike(by_name.columns, model.inputs)
    return (known, excel_table) if by_table >= by_names else (by_name, None)


def _alone(table: Table) -> Checked:
    checked = Checked(str(table.path), table.form, max(table.header, 1), table.source, remarks=list(table.remarks))
    names = [(table.named(name), name) for name in table.columns]
    checked.columns = [
        {"column": theirs, "input": _meant(ours)}
        for theirs, ours in names
        if theirs in table.in_file or table.in_words != "positions"
    ]
    frame = next(table.frames(FRAME), None)
    if frame is not None:
        checked.lines = frame.lines[:_ROWS].tolist()
        for row in itertools.islice(frame.data.iter_rows(), _ROWS):
            values = zip(table.columns, row, strict=False)
            checked.rows.append({name: value for name, value in values if value is not None})
    return checked


def _meant(name: str) -> str:
    word = concept(split_header(name)[0])
    return word if word in SYNONYMS else ""


def _check_address(reading: Reading, address: str | None) -> None:
    if address is not None:
        Mailing(reading.reader.table, "{row}", address)


def _of_groups(checked: Checked, groups: Groups, template: Path, address: str | None) -> Checked:
    """What was found out, of reports of many rows: one row that can't be used is the end of its report."""
    checked.unused = [name for name in checked.unused if name != groups.key]
    if not (checked.missing or checked.lacking):
        file = _file(template, groups.prepared)
        checked.reports, rejected, tried = groups.tried(
            file, [address] if address else [], Unchanged(Path(checked.table))
        )
        checked.note_tried(tried)
        checked.not_made = groups.not_made
        checked.usable += checked.rejected - len(rejected)
        checked.rejected = len(rejected)
        checked.faults = _told(rejected)
    checked.remarks += groups.remarks + groups.keys_told
    return checked


def _checked(reading: Reading, prepared: Prepared, template: Path, read: list[Rows], address: str | None) -> Checked:
    """What was found out of a table; the rows that are to be computed are added to those that were read."""
    reader = reading.reader
    table = reader.table
    checked = Checked(str(table.path), table.form, max(table.header, 1), table.source, template.name)
    for name, match in reading.matching.by_input.items():
        written = reader.written.get(match.column)
        checked.columns.append(
            {
                "column": table.named(match.column),
                "input": name,
                "unit": match.unit or reader.model.inputs[name].unit,
                "scale": float(f"1e{match.power}"),
                "decimal": written.decimal if written else None,
                "dates": written.order if written else None,
            }
        )
    checked.unused = [name for name in reading.unused if name != address]
    checked.hints = {name: near for name, near in reading.matching.hints.items() if name in checked.unused}
    checked.missing, checked.from_template = reading.missing, reading.template_values()
    checked.ways = ways_to_give(reader.model.inputs[reading.missing[0]]) if reading.missing else ""
    checked.lacking = prepared.lacking
    checked.remarks = (
        reading.template_remark()
        + list(table.remarks)
        + prepared.remarks
        + unusual_settings(reader.model, reading.fixed)
    )
    for rows in reader.rows():
        if checked.usable + len(rows.lines) <= MOST_ROWS:
            read.append(rows)
        checked.usable += len(rows.lines)
        checked.rejected += len(rows.rejected)
        for index in range(len(rows.lines)):
            if len(checked.rows) == _ROWS:
                break
            cells = {
                name: cell_columns.to_cells(column[index : index + 1], 1)[0] for name, column in rows.inputs.items()
            }
            checked.lines.append(int(rows.lines[index]))
            checked.rows.append({name: _as_said(reader.model, name, value) for name, value in cells.items()})
        checked.faults += _told(rows.rejected)[: _FAULTS - len(checked.faults)]
    checked.remarks += reader.told()
    return checked


def _told(rejected: Sequence[Rejection]) -> list[str]:
    """What is wrong with the first of these rows."""
    return [f"line {each.line}, {each}" for each in rejected[:_FAULTS]]


def _as_said(model: Model, name: str, value: Any) -> Any:
    """A value as a person says it: of a day not the number that a cell holds."""
    if isinstance(value, float) and is_date(model.inputs[name]):
        return str(from_excel(value, model.epoch)).removesuffix(" 00:00:00")
    return value


def _in_words(value: Any) -> str:
    return f"{value:.15g}" if type(value) is float else "blank" if value is None else str(value)

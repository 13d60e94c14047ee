"""All rows of a table in one workbook: they fill its Excel table, and the rest of it is computed of them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.reports import destinations
from xladdin.reports.doubts import doubts, doubts_told
from xladdin.reports.filling import compiled_for, fitting, table_inputs, write_filled
from xladdin.reports.linked import linked_lines, linked_remarks
from xladdin.reports.outcome import Outcome
from xladdin.reports.prepared import prepare, with_rows_left_out
from xladdin.reports.reading import Reading, Said, as_known, read_as
from xladdin.reports.rejected import RejectedList, check_apart, check_list
from xladdin.reports.remarks import Doubt
from xladdin.reports.table import open_table
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import compile_model, place_of
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.references import around_rows
from xladdin.workbook.table.excel_table import ExcelTable, tables_of


def fill(
    table_path: Path,
    template: Path,
    target: str | Path,
    progress: Callable[[int], None] = lambda count: None,
    said: Said = Said(),  # noqa: B008  (it is frozen)
    tell: Callable[[list[str]], None] = lambda remarks: None,
    *,
    trust: bool = False,
) -> Outcome:
    """Fill the Excel table of a workbook with the rows of a table, a list of rejected rows beside it.

    Parameters
    ----------
    table_path : Path
        A CSV, XLSX or Parquet file with a line of column names.
    template : Path
        Any workbook with an Excel table of which some columns are named like those of the file.
    target : str or Path
        The workbook to write, or a URL that fsspec knows.
    progress : callable
        Is told the number of rows that were read, each time some are.
    said : Said
        What was said by hand of the table, and of what it has not.
    tell : callable
        Is told what is to be said of the table before its rows are read; it is among the remarks of the outcome too.
    trust : bool
        Whether to go on though results are not computed as the template's stored values.

    Returns
    -------
    Outcome
        How many rows are in it, and which could not be used.

    Raises
    ------
    UserError
        When nothing can be made: a file can't be read, no table fits the columns, the rows do not fit the sheet.
    """
    model = read_model(template)
    table = open_table(table_path, said.sheet, said.header)
    excel_table = fitting(table, model)
    table = as_known(table, table_inputs(model, excel_table), said)
    excel_table = fitting(table, model)
    doubtful = doubts(model, excel_table, trust=trust)
    prepared = prepare(model, said, excel_table)
    model = prepared.complete().model
    excel_table = model.tables[excel_table.name.casefold()]
    asked = table_inputs(model, excel_table)
    reading = read_as(table, asked, prepared.said, "keep")
    outcome = Outcome(
        remarks=doubts_told(model, doubtful)
        + linked_remarks(model)
        + prepared.remarks
        + reading.remarks(set())
        + reading.blank_told(f"table {excel_table.name}")
        + _uneven(model, excel_table)
    )
    tell(outcome.remarks)
    outcome.told = len(outcome.remarks)
    compile_model.cache_clear()  # the workbook as it was is not computed again, and the filled one is as large
    body = excel_table.last_row - excel_table.first_row + 1
    with ExitStack() as stack:
        stack.enter_context(destinations.readable_errors(str(target)))
        folder, name = _place_of(str(target), template, table_path)
        near = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="xladdin-"))
            if folder
            else destinations.here(str(target))
        )
        near = near / name if folder else near
        if not folder:
            check_apart(near.with_name(rejected_name(name)), said.files)
        rejected = stack.enter_context(RejectedList(near.with_name(f".{rejected_name(name)}"), table.columns))
        filled, count = _read(reading, excel_table, rejected, progress)
        if rejected.count:
            model = with_rows_left_out(model, rejected.count)
            excel_table = model.tables[excel_table.name.casefold()]
        if count:
            outcome.note_table(str(target), *write_filled(near, model, excel_table, filled, count))
            if folder:
                destinations.send(near, folder, name)
        rejected.finish(folder or str(near.parent), rejected_name(name))
    outcome.rejected, outcome.first_rejected = rejected.count, rejected.first
    outcome.remarks += reading.reader.told()
    if count != body:
        outcome.remarks += mirrors(model, excel_table)
    if not count and not outcome.rejected:
        raise UnreadableError(f"{table_path} has no rows but blank ones; a table has at least one row with values.")
    outcome.made = count
    return outcome


def mirrors(model: Model, table: ExcelTable) -> list[str]:
    """One sentence on each other Excel table that has a row for every row of one, and does not grow with it."""
    sheet = re.escape(table.sheet.replace("'", "''"))
    first, second = (
        re.compile(rf"(?:'?{sheet}'?!)\$?[A-Z]{{1,3}}\$?{row}\b") for row in (table.first_row, table.first_row + 1)
    )
    return [
        Doubt(
            f"{model.path.name}: the table {other.name} of the sheet {other.sheet} follows {table.name} row by row and "
            f"has {other.last_row - other.first_row + 1} rows as before; copy its last row down."
        )
        for other in tables_of(model.package)
        if other.name != table.name
        and _refers(model, other, other.first_row, first)
        and (other.last_row == other.first_row or _refers(model, other, other.first_row + 1, second))
    ]


def _refers(model: Model, table: ExcelTable, row: int, pattern: re.Pattern[str]) -> bool:
    places = (Place(table.sheet, row, column) for column in range(table.first_column, table.last_column + 1))
    return any(pattern.search(model.formulas.get(place, "")) for place in places)


def explain(table_path: Path, template: Path) -> list[str]:
    """What of a workbook is computed how when its Excel table is filled.

    Raises
    ------
    UserError
        When a file can't be read or no table fits the columns.
    """
    model = read_model(template)
    table = fitting(open_table(table_path), model)
    plan = compiled_for(model, table, 2)
    places = {place_of(key) for key, _ in plan.steps}
    by_row = sum(map(plan.in_rows, places))
    left = len(plan.fallbacks)
    lines = [
        f"{template.name}: the rows fill the table {table.name} of the sheet {table.sheet}; {by_row} formulas of a row "
        f"and {len(places) - by_row} of the rest are computed for all rows at once, {left} "
        f"{'is' if left == 1 else 'are'} computed cell by cell."
    ]
    return lines + linked_lines(model) + plan.fallback_lines()


def rejected_path(target: str) -> str:
    """Where the list of rejected rows is."""
    folder, _, name = target.replace("\\", "/").rpartition("/")
    return f"{folder}/{rejected_name(name)}" if folder else rejected_name(name)


def rejected_name(name: str) -> str:
    return f"{Path(name).stem}-rejected.csv"


def check_target(target: str, template: Path, table: Path) -> None:
    """Refuse what can't be the workbook to write.

    Raises
    ------
    UserError
        When it has another ending, is a folder, or is one of the files that are read.
    """
    _place_of(target, template, table)


def check_rejected(target: str) -> None:
    """Refuse to write a list of rejected rows over another file.

    Raises
    ------
    UserError
        When one of its name is there.
    """
    folder, _, name = rejected_path(destinations.here(target)).rpartition("/")
    check_list(folder or ".", name)


def _place_of(target: str, template: Path, table: Path) -> tuple[str, str]:
    """The folder of a URL, or nothing for a file here; and the file's name."""
    destinations.check_place(target)
    target = destinations.here(target)
    folder, _, name = target.rpartition("/")
    ending = template.suffix.lower()
    if not name.lower().endswith(ending) or len(name) == len(ending):
        raise UserError(
            f"--into {quoted(target)} is no name for the workbook; allowed is a name that ends in {ending}."
        )
    if destinations.is_url(target):
        return folder if destinations.is_url(folder) else f"{folder}/", name  # memory://one.xlsx: its root is memory://
    path = Path(target)
    for source, whose in ((template, "template"), (table, "table")):
        for written in (path, path.with_name(rejected_name(name))):
            if written.resolve() == source.resolve():
                raise UserError(f"{written} is the {whose} itself; choose another --into.")
    if path.is_dir():
        raise UserError(f"--into {target} is a folder; allowed is the name of a workbook to write.")
    return "", path.name


def _uneven(model: Model, table: ExcelTable) -> list[str]:
    """One sentence on each column of which the first row is not like the second, as of a balance that is carried on."""
    found: list[str] = []
    for number, header in enumerate(table.columns, table.first_column) if table.last_row > table.first_row else ():
        first, second = (Place(table.sheet, row, number) for row in (table.first_row, table.first_row + 1))
        formulas = [model.formulas.get(place) for place in (first, second)]
        if formulas[1] and _in_any_row(formulas[0], first.row) != _in_any_row(formulas[1], second.row):
            shown = formulas[0] or "no formula"
            found.append(
                Doubt(
                    f"{model.path.name}, the column {header}: {first.reference} has {shown} where {second.reference} "
                    f"has {formulas[1]}; all rows are made after the first."
                )
            )
    return found


def _in_any_row(formula: str | None, row: int) -> Any:
    try:
        return around_rows(formula, row) if formula else None
    except ValueError:
        return formula


def _read(
    reading: Reading, excel_table: ExcelTable, rejected: RejectedList, progress: Callable[[int], None]
) -> tuple[dict[str, Column], int]:
    """All usable rows as columns, and their number."""
    found: dict[str, list[Any]] = {name: [] for name in reading.matching.by_input}
    count = 0
    for rows in reading.reader.rows():
        rejected.add(rows.rejected)
        count += len(rows.lines)
        if count > excel_table.capacity:
            raise UserError(
                f"{reading.reader.table.path} has more rows than the {excel_table.capacity:,} that fit the sheet "
                f"{excel_table.sheet} from row {excel_table.first_row} on; split it in several."
            )
        for name, column in rows.inputs.items():
            found[name].append(column)
        progress(rows.passed)
    columns_of = {name: columns.joined(found.pop(name)) for name in list(found)}
    return columns_of | {name: columns.full(value, count) for name, value in reading.fixed.items()}, count

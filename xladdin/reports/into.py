"""All rows of a table in one workbook: they fill its Excel table, and the rest of it is computed of them."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl.worksheet.cell_range import MultiCellRange

from xladdin.core.errors import UnreadableError, UserError
from xladdin.reports import places
from xladdin.reports.columns import match_columns, named_alike, unmatched_columns
from xladdin.reports.filled_columns import AS_TYPED, Reader
from xladdin.reports.linked import linked_lines, linked_remarks
from xladdin.reports.rejected import RejectedList
from xladdin.reports.run import SHOWN, Outcome
from xladdin.reports.table import Table, open_table
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.writing import write_whole_stream
from xladdin.workbook.model import Input, Model, Place, read_model
from xladdin.workbook.references import around_rows
from xladdin.workbook.table import plan as table_plan
from xladdin.workbook.table import write as table_file
from xladdin.workbook.table.excel_table import ExcelTable, tables_of
from xladdin.workbook.table.plan import TablePlan
from xladdin.workbook.table.resize import resized
from xladdin.workbook.validation import Rule


def fill(
    table_path: Path, template: Path, target: str | Path, progress: Callable[[int], None] = lambda count: None
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
    table = open_table(table_path)
    excel_table = _fitting(table, model)
    asked = asked_of(model, excel_table)
    inputs = asked.inputs
    matched = match_columns(table, asked)
    outcome = Outcome(
        remarks=linked_remarks(model)
        + unmatched_columns(table, asked, set())
        + _left_blank(table, excel_table, inputs, matched)
        + _uneven(model, excel_table)
    )
    with ExitStack() as stack:
        stack.enter_context(places.readable_errors(str(target)))
        folder, name = _place_of(str(target), template, table_path)
        near = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xladdin-")) if folder else _here(target))
        near = near / name if folder else near
        near.parent.mkdir(parents=True, exist_ok=True)  # the list of rejected rows is begun before the workbook
        rejected = stack.enter_context(RejectedList(near.with_name(f".{_rejected_name(name)}")))
        filled, count = _read(Reader(table, asked, matched), excel_table, rejected, outcome, progress)
        if count:
            plan = compiled(model, excel_table, count)
            numbers = {inputs[each].place.column: column for each, column in filled.items()}
            cells = table_plan.evaluate(plan, numbers, count)
            try:
                write_whole_stream(near, lambda file: table_file.write(file, plan, cells, count))
            except ValueError as error:
                raise UserError(f"{target} can't be written: {error}; split {table_path} in several.") from None
            if folder:
                places.send(near, folder, name)
        rejected.finish(folder or str(near.parent), _rejected_name(name))
    if not count and not outcome.rejected:
        raise UnreadableError(f"{table_path} has no rows but blank ones; a table has at least one row with values.")
    outcome.made = count
    return outcome


def asked_of(model: Model, table: ExcelTable) -> Model:
    """The workbook with the columns of its Excel table for inputs."""
    return replace(model, inputs=_inputs_of(model, table))


def compiled(model: Model, table: ExcelTable, count: int) -> TablePlan:
    """A workbook of which the table has so many rows, compiled."""
    package = resized(model.package, table, count)
    return table_plan.compile_table(read_model(model.path, packages.Layout(package, []).join({})), table.of(count))


def explain(table_path: Path, template: Path) -> list[str]:
    """What of a workbook is computed how when its Excel table is filled.

    Raises
    ------
    UserError
        When a file can't be read or no table fits the columns.
    """
    model = read_model(template)
    table = _fitting(open_table(table_path), model)
    plan = compiled(model, table, 2)
    by_row = sum(plan.in_rows(place) for place, _ in plan.steps)
    left = len(plan.fallbacks)
    lines = [
        f"{template.name}: the rows fill the table {table.name} of the sheet {table.sheet}; {by_row} formulas of a row "
        f"and {len(plan.steps) - by_row} of the rest are computed for all rows at once, {left} "
        f"{'is' if left == 1 else 'are'} computed cell by cell."
    ]
    return lines + linked_lines(model) + plan.fallback_lines()


def rejected_path(target: str) -> str:
    """Where the list of rejected rows is."""
    folder, _, name = target.replace("\\", "/").rpartition("/")
    return f"{folder}/{_rejected_name(name)}" if folder else _rejected_name(name)


def _rejected_name(name: str) -> str:
    return f"{Path(name).stem}-rejected.csv"


def _place_of(target: str, template: Path, table: Path) -> tuple[str, str]:
    """The folder of a URL, or nothing for a file here; and the file's name."""
    target = _here(target)
    folder, _, name = target.rpartition("/")
    ending = template.suffix.lower()
    if not name.lower().endswith(ending) or len(name) == len(ending):
        raise UserError(f"--into {target!r} is no name for the workbook; allowed is a name that ends in {ending}.")
    if places.is_url(target):
        return folder if places.is_url(folder) else f"{folder}/", name  # memory://one.xlsx: its root is memory://
    path = Path(target)
    for source, whose in ((template, "template"), (table, "table")):
        for written in (path, path.with_name(_rejected_name(name))):
            if written.resolve() == source.resolve():
                raise UserError(f"{written} is the {whose} itself; choose another --into.")
    if path.is_dir():
        raise UserError(f"--into {target} is a folder; allowed is the name of a workbook to write.")
    return "", path.name


def _here(target: str | Path) -> str:
    """The path of a file on this machine, which may be given as a URL too; any other URL as it is."""
    return str(target).removeprefix("file://")


def _fitting(table: Table, model: Model) -> ExcelTable:
    """The Excel table that has the most columns named like those of a table."""
    found = tables_of(model.package)
    if not found:
        raise UnreadableError(
            f"{model.path.name} has no Excel table; --into fills one, as that of the template positions, "
            "and --out makes a report for every row."
        )
    alike = {each.name: len(named_alike(table.columns, _inputs_of(model, each))) for each in found}
    best = max(found, key=lambda each: alike[each.name])
    equal = [name for name, count in alike.items() if count == alike[best.name]]
    if alike[best.name] and len(equal) > 1:
        raise UserError(
            f"The columns of {table.path} fit the tables {' and '.join(equal)} of {model.path.name} alike; "
            "allowed are columns that fit one of them best."
        )
    return best


def _inputs_of(model: Model, table: ExcelTable) -> dict[str, Input]:
    """The columns of an Excel table that are filled in, which are those without a formula."""
    found = {}
    for number, header in enumerate(table.columns, table.first_column):
        place = Place(table.sheet, table.first_row, number)
        if place not in model.formulas:
            rule = next((rule for rule in model.rules[table.sheet] if place.address in rule), None)
            example = _example(model, table, number)
            # Of a boolean the default says the kind; a blank cell stays blank by its rule.
            default = example if rule is None and isinstance(example, bool) else None
            found[header] = Input(header, place, default, rule or _rule_of_example(example), header, "")
    return found


def _example(model: Model, table: ExcelTable, column: int) -> Any:
    """The first value of a column in the workbook as it is, or nothing."""
    places = (Place(table.sheet, row, column) for row in range(table.first_row, table.last_row + 1))
    return next((model.constants[place] for place in places if place in model.constants), None)


def _rule_of_example(value: Any) -> Rule:
    """What a column without a rule of its own allows: what its first value is an example of, or a blank."""
    if isinstance(value, bool):
        return Rule(MultiCellRange(), "list", "between", None, None, ("TRUE", "FALSE"), True)
    if isinstance(value, datetime.date):  # a sheet shows no day before its first
        return Rule(MultiCellRange(), "date", "greaterThanOrEqual", 1.0, None, (), True)
    kind = "decimal" if isinstance(value, (int, float)) else AS_TYPED if value is None else "any"
    return Rule(MultiCellRange(), kind, "between", None, None, (), True)


def _left_blank(table: Table, excel_table: ExcelTable, inputs: dict[str, Input], matched: dict[str, str]) -> list[str]:
    """One sentence on the columns of the Excel table that the table has nothing for."""
    missing = [name for name in inputs if name not in matched]
    if not missing:
        return []
    return [f"{table.path} has no column {', '.join(missing)}; blank in the table {excel_table.name}."]


def _uneven(model: Model, table: ExcelTable) -> list[str]:
    """One sentence on each column of which the first row is not like the second, as of a balance that is carried on."""
    found = []
    for number, header in enumerate(table.columns, table.first_column) if table.last_row > table.first_row else ():
        first, second = (Place(table.sheet, row, number) for row in (table.first_row, table.first_row + 1))
        formulas = [model.formulas.get(place) for place in (first, second)]
        if formulas[1] and _in_any_row(formulas[0], first.row) != _in_any_row(formulas[1], second.row):
            shown = formulas[0] or "no formula"
            found.append(
                f"{model.path.name}, the column {header}: {first.reference} has {shown} where {second.reference} has "
                f"{formulas[1]}; all rows are made after the first."
            )
    return found


def _in_any_row(formula: str | None, row: int) -> Any:
    try:
        return around_rows(formula, row) if formula else None
    except ValueError:
        return formula


def _read(
    reader: Reader,
    excel_table: ExcelTable,
    rejected: RejectedList,
    outcome: Outcome,
    progress: Callable[[int], None],
) -> tuple[dict[str, Column], int]:
    """All usable rows as columns, and their number."""
    found: dict[str, list[Any]] = {name: [] for name in reader.matched}
    count = 0
    for part in reader.frames():
        for rejection in part.rejected:
            rejected.add(rejection)
        outcome.first_rejected += part.rejected[: SHOWN - len(outcome.first_rejected)]
        outcome.rejected += len(part.rejected)
        count += part.count
        if count > excel_table.capacity:
            raise UserError(
                f"{reader.table.path} has more rows than the {excel_table.capacity:,} that fit the sheet "
                f"{excel_table.sheet} from row {excel_table.first_row} on; split it in several."
            )
        for name, column in part.columns.items():
            found[name].append(column)
        progress(part.passed)
    return {name: columns.joined(found.pop(name)) for name in list(found)}, count

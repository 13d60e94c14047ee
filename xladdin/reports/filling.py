"""The Excel table of a workbook that a table fits, its columns as inputs, and the workbook with it filled in."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from xml.parsers.expat import ExpatError

from xladdin.core.errors import UnreadableError, UserError
from xladdin.reports.failures import failures_of_table
from xladdin.reports.matching import alike
from xladdin.reports.table import Table
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.writing import write_whole_stream
from xladdin.workbook.filled_lists import cells_of, inputs_of, lists_of
from xladdin.workbook.model import MAY_BE_BLANK, Model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.references import Area
from xladdin.workbook.table.compute import evaluate
from xladdin.workbook.table.excel_table import ExcelTable, tables_of
from xladdin.workbook.table.plan import TablePlan, compile_table
from xladdin.workbook.table.resize import resized
from xladdin.workbook.table.write import TableWriter

_LOOKS_ANYWHERE = re.compile(r"\b(?:INDIRECT|OFFSET)\(", re.IGNORECASE)


def write_filled(
    target: Path, model: Model, excel_table: ExcelTable, filled: Mapping[str, Column], count: int
) -> tuple[int, str]:
    """Write a workbook with the columns of its Excel table filled in, by their names, and all computed.

    Returns
    -------
    tuple of int and str
        How many rows of the table have an error among their values, and which cells of the workbook are no success.

    Raises
    ------
    UserError
        When it can't be written, or can't be computed.
    """
    inputs = inputs_of(model, excel_table)
    plan = compiled_for(model, excel_table, count)
    numbers = {inputs[each].place.column: column for each, column in filled.items()}
    cells = evaluate(plan, numbers, count)
    try:
        write_whole_stream(target, lambda file: TableWriter(plan).write(file, cells, count))
    except ValueError as error:
        raise UserError(f"{target} can't be written: {error}; split the table in several.") from None
    return failures_of_table(plan, cells, count)


def filled_file(model: Model, excel_table: ExcelTable, filled: Mapping[str, Column], count: int) -> bytes:
    """The file of a workbook with the rows of its Excel table; without any the table has one that is blank."""
    inputs = inputs_of(model, excel_table)
    plan = compiled_for(model, excel_table, max(count, 1))
    numbers = {inputs[each].place.column: column for each, column in filled.items() if count}
    return TableWriter(plan).file(evaluate(plan, numbers, max(count, 1)), max(count, 1))


def asked_by(model: Model, table: Table) -> Model:
    """The workbook with the columns of that Excel table for inputs that a table fits best."""
    return table_inputs(model, fitting(table, model))


def table_inputs(model: Model, table: ExcelTable) -> Model:
    """The workbook with the columns of its Excel table for inputs.

    Of a column without a validation the workbook itself says whether a row can do without it: one that no formula
    reads may be blank, and one that is blank in a row that is filled in. A formula that computes where it looks may
    read any column.
    """
    inputs = inputs_of(model, table)
    guessed = {name: item for name, item in inputs.items() if item.rule is None or item.rule.is_guess}
    if not guessed:
        return replace(model, inputs=inputs)
    read = frozenset[Area]().union(*compile_model(model).reads.values())
    looks_anywhere = any(map(_LOOKS_ANYWHERE.search, model.formulas.values()))
    filled_in = [
        row
        for row in range(table.first_row, table.last_row + 1)
        if any(item.place._replace(row=row) in model.constants for item in inputs.values())
    ]
    for name, item in guessed.items():
        column = Area(table.sheet, table.first_row, item.place.column, table.last_row, item.place.column)
        if not looks_anywhere and not any(area.meets(column) for area in read):
            inputs[name] = replace(item, comment=MAY_BE_BLANK)
        elif item.rule and all(item.place._replace(row=row) in model.constants for row in filled_in):
            inputs[name] = replace(item, rule=replace(item.rule, allows_blank=False))
    return replace(model, inputs=inputs)


def compiled_for(model: Model, table: ExcelTable, count: int, lists: Container[str] = ()) -> TablePlan:
    """A workbook of which the table has so many rows, compiled; the cells of other lists may be inputs of it."""
    try:
        package = resized(model.package, table, count)
    except ExpatError as error:  # rows that read as such, and cells in them that do not
        raise UnreadableError(f"{model.path} is damaged: its sheet {table.sheet!r} {error}.") from None
    model = read_model(model.path, packages.Layout(package, []).join({}))
    cells = {name: item for each in lists_of(model) if each.name in lists for name, item, _ in cells_of(each, {}, 0)}
    return compile_table(replace(model, inputs=model.inputs | cells), table.of(count))


def fitting(table: Table, model: Model) -> ExcelTable:
    """The Excel table that has the most columns named like those of a table."""
    found = tables_of(model.package)
    if not found:
        lists = [each.name for each in lists_of(model)]
        fixed = "".join(f"; its list {name} is filled by --set {name}=FILE, the same in each report" for name in lists)
        raise UnreadableError(
            f"{model.path.name} has no Excel table, which is what --group-by, --into and `update` fill, as that of the "
            f"template positions{fixed}; --out alone makes a report for every row."
        )
    likeness = {each.name: alike(table.columns, inputs_of(model, each)) for each in found}
    best = max(found, key=lambda each: likeness[each.name])
    equal = [name for name, count in likeness.items() if count == likeness[best.name]]
    if likeness[best.name] and len(equal) > 1:
        raise UserError(
            f"The columns of {table.path} fit the tables {' and '.join(equal)} of {model.path.name} alike; "
            "allowed are columns that fit one of them best."
        )
    if not best.capacity:
        raise UnreadableError(
            f"The table {best.name} of {model.path.name} has its header in the last row of the sheet {best.sheet}; "
            "below it no row fits."
        )
    return best

"""The Excel table of a workbook that a table fits, its columns as inputs, and the workbook with it filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from xladdin.core.errors import UnreadableError, UserError
from xladdin.reports.failures import failures_of_table
from xladdin.reports.matching import alike
from xladdin.reports.table import Table
from xladdin.workbook.columns import Column
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.writing import write_whole_stream
from xladdin.workbook.filled_lists import inputs_of
from xladdin.workbook.model import Model, read_model
from xladdin.workbook.table import plan as table_plan
from xladdin.workbook.table import write as table_file
from xladdin.workbook.table.excel_table import ExcelTable, tables_of
from xladdin.workbook.table.plan import TablePlan
from xladdin.workbook.table.resize import resized


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
    cells = table_plan.evaluate(plan, numbers, count)
    try:
        write_whole_stream(target, lambda file: table_file.write(file, plan, cells, count))
    except ValueError as error:
        raise UserError(f"{target} can't be written: {error}; split the table in several.") from None
    return failures_of_table(plan, cells, count)


def asked_by(model: Model, table: Table) -> Model:
    """The workbook with the columns of that Excel table for inputs that a table fits best."""
    return table_inputs(model, fitting(table, model))


def table_inputs(model: Model, table: ExcelTable) -> Model:
    """The workbook with the columns of its Excel table for inputs."""
    return replace(model, inputs=inputs_of(model, table))


def compiled_for(model: Model, table: ExcelTable, count: int) -> TablePlan:
    """A workbook of which the table has so many rows, compiled."""
    package = resized(model.package, table, count)
    return table_plan.compile_table(read_model(model.path, packages.Layout(package, []).join({})), table.of(count))


def fitting(table: Table, model: Model) -> ExcelTable:
    """The Excel table that has the most columns named like those of a table."""
    found = tables_of(model.package)
    if not found:
        raise UnreadableError(
            f"{model.path.name} has no Excel table; --into fills one, as that of the template positions, "
            "and --out makes a report for every row."
        )
    likeness = {each.name: alike(table.columns, inputs_of(model, each)) for each in found}
    best = max(found, key=lambda each: likeness[each.name])
    equal = [name for name, count in likeness.items() if count == likeness[best.name]]
    if likeness[best.name] and len(equal) > 1:
        raise UserError(
            f"The columns of {table.path} fit the tables {' and '.join(equal)} of {model.path.name} alike; "
            "allowed are columns that fit one of them best."
        )
    return best

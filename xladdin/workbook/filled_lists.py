"""The lists of a workbook: what is filled in row by row, and whether it still holds the example of its template."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.worksheet.cell_range import MultiCellRange

from xladdin.workbook.columns import Column, from_cell, to_cells
from xladdin.workbook.model import Input, Model, Place
from xladdin.workbook.references import NoReferenceError, area_of
from xladdin.workbook.table.excel_table import ExcelTable, header
from xladdin.workbook.validation import Rule

AREA = "_list_"  # begins the hidden name of a table to fill in that is no Excel table
EXAMPLE = "_example_"  # begins the hidden name that holds the digest of a list's example
AS_TYPED = "as typed"  # the kind of a column that says nothing of its values: what spells a number is one


@dataclass(frozen=True)
class FilledList:
    """A list of a workbook.

    Attributes
    ----------
    table : ExcelTable
        Its columns, and where its rows are.
    inputs : dict
        Its columns that are filled in, by their headers.
    grows : bool
        Whether it is an Excel table, which may have as many rows as its sheet.
    is_example : bool
        Whether its rows are those that its template came with.
    """

    table: ExcelTable
    inputs: dict[str, Input]
    grows: bool
    is_example: bool

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def is_needed(self) -> bool:
        """Whether it is the case itself: the validation of a column does not ignore a blank."""
        return any(item.rule is not None and not item.rule.allows_blank for item in self.inputs.values())


def lists_of(model: Model) -> list[FilledList]:
    """The lists of a workbook: its Excel tables, and the tables to fill in of a template."""
    areas = [_area(model, name) for name in model.names if name.startswith(AREA)]
    tables = [(table, True) for table in model.tables.values()] + [(area, False) for area in areas if area]
    return [FilledList(table, inputs_of(model, table), grows, is_example_of(model, table)) for table, grows in tables]


def cells_of(each: FilledList, filled: Mapping[str, Column], count: int) -> Iterator[tuple[str, Input, Any]]:
    """Every cell of a list that does not grow, as an input of a name that no workbook has, and its value."""
    for title, item in each.inputs.items():
        elements = to_cells(filled[title], count) if title in filled else []
        for number, row in enumerate(range(each.table.first_row, each.table.last_row + 1)):
            name = f"{each.name} {title} {number + 1}"
            place = item.place._replace(row=row)
            yield name, replace(item, name=name, place=place), elements[number] if number < len(elements) else None


def digest(rows: Iterable[Sequence[Any]]) -> str:
    """What the rows of a list are known by, whatever blank ones follow them."""
    elements = [[_element(value) for value in row] for row in rows]
    while elements and not any(value is not None for value in elements[-1]):
        elements.pop()
    return hashlib.blake2b(json.dumps(elements).encode(), digest_size=8).hexdigest()


def _element(value: Any) -> Any:
    element = from_cell(None if value == "" else value)
    return repr(element) if isinstance(element, float) else element


def inputs_of(model: Model, table: ExcelTable) -> dict[str, Input]:
    """The columns of a list that are filled in, which are those without a formula."""
    found = {}
    for number, name in enumerate(table.columns, table.first_column):
        place = Place(table.sheet, table.first_row, number)
        if name and place not in model.formulas:
            rule = next((rule for rule in model.rules[table.sheet] if place.address in rule), None)
            example = _first_value(model, table, number)
            # Of a boolean the default says the kind; a blank cell stays blank by its rule.
            default = example if rule is None and isinstance(example, bool) else None
            title, _, unit = name.partition("\n")
            found[title] = Input(title, place, default, rule or _rule_of_example(example), title, unit)
    return found


def _area(model: Model, name: str) -> ExcelTable | None:
    """A table to fill in that is no Excel table, as one: its headers are the row above."""
    try:
        area = area_of(model.names[name], "")
    except NoReferenceError:
        return None
    columns = range(area.first_column, area.last_column + 1)
    headers = (model.constants.get(Place(area.sheet, area.first_row - 1, column)) for column in columns)
    return ExcelTable(
        name.removeprefix(AREA),
        area.sheet,
        tuple("\n".join(map(header, str(text or "").split("\n", 1))) for text in headers),
        area.first_row,
        area.last_row,
        area.first_column,
        has_totals=False,
    )


def is_example_of(model: Model, table: ExcelTable) -> bool:
    """Whether the rows of a list are those that its template came with."""
    said = model.names.get(f"{EXAMPLE}{table.name}", "")
    columns = [item.place.column for item in inputs_of(model, table).values()]
    rows = (
        [_dated(model, Place(table.sheet, row, column)) for column in columns]
        for row in range(table.first_row, table.last_row + 1)
    )
    return bool(said) and digest(rows) == said.strip('="')


def _dated(model: Model, place: Place) -> Any:
    value = model.constants.get(place)
    return from_cell(value, model.epoch) if isinstance(value, (datetime.date, datetime.time)) else value


def _first_value(model: Model, table: ExcelTable, column: int) -> Any:
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

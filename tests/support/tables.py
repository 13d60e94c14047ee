"""Tables as they are read: their lines and values, and the one sentence of what is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from xladdin.core.errors import UnreadableError
from xladdin.reports.table import open_table


def read(path: Path, **options: Any) -> list[tuple[Any, ...]]:
    """The lines and values of a table."""
    table = open_table(path, **options)
    found = []
    for frame in table.frames(100):
        for line, row in zip(frame.lines.tolist(), frame.data.iter_rows(), strict=True):
            found.append((line, *row[: len(table.columns)]))
    return found


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(path, **options)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    return str(caught.value)


# Each column's first value, and its rule.
COLUMNS: dict[str, tuple[Any, dict[str, Any]]] = {
    "client": ("a", {"type": "textLength", "operator": "lessThan", "formula1": "9", "allow_blank": True}),
    "side": ("long", {"type": "list", "formula1": '"long,short"', "allow_blank": True}),
    "entry": (100.0, {"type": "decimal", "operator": "greaterThan", "formula1": "0", "allow_blank": False}),
    "days": (3, {"type": "whole", "operator": "between", "formula1": "0", "formula2": "90", "allow_blank": True}),
    "opened": (None, {"type": "date", "operator": "greaterThan", "formula1": "40000", "allow_blank": True}),
    "note": ("x", {"type": "textLength", "operator": "lessThan", "formula1": "99999", "allow_blank": True}),
}


def template(path: Path) -> Path:
    """A workbook with a name for each column, and an Excel table of the same columns under the same rules."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for number, (name, (value, rule)) in enumerate(COLUMNS.items(), 1):
        sheet.cell(1, number, value)
        sheet.cell(5, number, name)
        sheet.cell(6, number, value)
        letter = sheet.cell(1, number).column_letter
        book.defined_names[name] = DefinedName(name, attr_text=f"S!${letter}$1")
        if rule:
            validation = DataValidation(**rule)
            validation.add(f"{letter}1")
            validation.add(f"{letter}6")
            sheet.add_data_validation(validation)
    sheet.cell(2, 1, "=entry*2")
    table = Table(displayName="rows", ref=f"A5:{letter}6")
    table._initialise_columns()
    for column, name in zip(table.tableColumns, COLUMNS, strict=True):
        column.name = name
    sheet.add_table(table)
    book.save(path)
    return path


def listed(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        csv.field_size_limit(1 << 20)
        return list(csv.reader(file))

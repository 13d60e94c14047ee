"""The summary of a run: one line a report, its key results, a link to it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from xladdin.errors import CODES
from xladdin.reports import manifest
from xladdin.workbook.model import Model
from xladdin.workbook.package import with_fixed_times
from xladdin.workbook.render import write_whole

_HEADER = PatternFill("solid", fgColor="FF1F3864")
_LINK = Font(color="FF0563C1", underline="single")
_MOST_LINKS = 65_530  # Excel's own limit of links in a sheet
_MOST_ROWS = 1_048_576
_TRUTHS = {"TRUE": True, "FALSE": False}


def write(target: Path, model: Model, manifest_path: Path) -> list[str]:
    """Write the summary of what a manifest lists, and give what is worth saying of it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Summary"
    sheet.append(["Row", "Report", *(output.label or name for name, output in model.outputs.items())])
    formats = list(_formats(model).values())
    remarks = []
    for number, (row, _, file, _, _, *results) in enumerate(manifest.read(manifest_path), 2):
        if number > _MOST_ROWS:
            remarks.append(f"{target.name} lists the first {_MOST_ROWS - 1:,} reports; all are in {manifest.NAME}.")
            break
        sheet.cell(number, 1, int(row))
        link = _write(sheet.cell(number, 2), file)
        if number <= _MOST_LINKS:
            link.hyperlink = file.replace("#", "%23")
            link.font = _LINK
        for column, (value, shown_as) in enumerate(zip(results, formats, strict=True), 3):
            _write(sheet.cell(number, column), _TRUTHS.get(value, value)).number_format = shown_as
    _dress(sheet)
    stream = io.BytesIO()
    book.save(stream)
    write_whole(target, with_fixed_times(stream.getvalue()))
    return remarks


def _write(cell: Cell, value: Any) -> Cell:
    """Write a value; text that looks like a formula stays text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "e" if value in CODES else "s"
    return cell


def _formats(model: Model) -> dict[str, str]:
    """Each output's number format in the template."""
    book = openpyxl.load_workbook(model.path)
    return {
        name: book[output.place.sheet].cell(output.place.row, output.place.column).number_format
        for name, output in model.outputs.items()
    }


def _dress(sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for column in range(1, sheet.max_column + 1):
        cells = [sheet.cell(row, column) for row in range(2, min(sheet.max_row, 50) + 1)]
        widest = max((len(_shown(cell)) for cell in cells), default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(widest + 2, 12), 60)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _shown(cell: Cell) -> str:
    return f"{cell.value:,.2f}" if isinstance(cell.value, float) else str(cell.value or "")

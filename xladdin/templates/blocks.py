"""What stands on Inputs, Calculations and sheets of lists: lines, tables, grids, and what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableFormula, TableStyleInfo

from xladdin.templates import styles
from xladdin.templates.allowed import Allowed, allowed_of
from xladdin.templates.language import (
    Axis,
    Column,
    Entries,
    EntryColumn,
    Grid,
    Input,
    Lines,
    ListColumn,
    ListSheet,
    Result,
    Table,
)
from xladdin.templates.meaning import Meaning
from xladdin.templates.places import FIRST_COLUMN, LAST_REPEATED, Area, Body, Panel, headers_of
from xladdin.templates.references import Scope
from xladdin.templates.sheets import Sheet
from xladdin.templates.styles import align, font, format_of


def write_inputs(sheet: Sheet, panel: Panel, meaning: Meaning) -> None:
    """The lines to fill in, on the left of Inputs."""
    _headings(sheet, panel)
    for lines in meaning.template.inputs.values():
        for name, line in lines.items():
            row, allowed = panel.rows[name], _allowed(line.allowed, meaning)
            number_format = format_of(line.format)
            sheet.value(
                row,
                panel.column + 1,
                line.example,
                number_format,
                allowed,
                line.label,
                line.note,
                required=line.required,
                optional=line.optional,
            )
            _write_line(sheet, row, panel.column, line, meaning)


def write_results(sheet: Sheet, panel: Panel, lines: dict[str, Result], meaning: Meaning) -> None:
    """Lines of formulas: results beside the inputs, or figures on the way on Calculations."""
    _headings(sheet, panel)
    for name, line in lines.items():
        row = panel.rows[name]
        if not line.label:
            cell = sheet.worksheet.cell(row, panel.column, f"={meaning.result(line)}")
            cell.font = font()
            cell.alignment = align("left")
            continue
        is_verdict = bool(line.verdict) or line.format == "verdict"
        number_format = styles.TEXT if is_verdict else format_of(line.format)
        cell = sheet.formula(row, panel.column + 1, meaning.result(line), number_format)
        cell.font = font(bold=True)
        cell.alignment = align("center" if is_verdict else "right")
        cell.border = styles.UNDERLINE
        if is_verdict:
            sheet.mark_verdicts(cell.coordinate)
        _write_line(sheet, row, panel.column, line, meaning)


def _headings(sheet: Sheet, panel: Panel) -> None:
    for row, title in panel.headings.items():
        sheet.heading(row, title, panel.column, panel.width or None)


def _write_line(sheet: Sheet, row: int, column: int, line: Input | Result, meaning: Meaning) -> None:
    label, unit, note = (sheet.worksheet.cell(row, column + offset) for offset in (0, 2, 3))
    for cell, words in ((label, line.label), (unit, meaning.shown(line.unit)), (note, line.note)):
        cell.value = words or None
        cell.alignment = align("left", indent=cell is unit)
    label.font = font()
    unit.font = note.font = font(10, colour=styles.QUIET)


def write_calculations(sheet: Sheet, meaning: Meaning) -> None:
    """The blocks of Calculations, each below the other."""
    places = meaning.places
    for row in places.breaks:
        sheet.worksheet.row_breaks.append(Break(id=row - 1))
    for name, block in meaning.template.calculations.items():
        if isinstance(block, Lines):
            write_results(sheet, places.lines[name], block.lines, meaning)
        elif isinstance(block, Grid):
            _write_grid(sheet, name, block, places.bodies[name], meaning)
        else:
            _write_table(sheet, name, block, places.bodies[name], meaning)


def _write_title(sheet: Sheet, body: Body, title: str, note: str) -> None:
    sheet.heading(body.title_row, title)
    if body.note_row:
        sheet.text(body.note_row, note)


def _write_headers(sheet: Sheet, body: Body, columns: Mapping[str, Column | EntryColumn]) -> None:
    """The headings of a table, each with its unit below."""
    for key, column in columns.items():
        words = column.header + (f"\n{column.unit}" if column.unit else "")
        header = sheet.header(body.header_row, body.columns[key], words, horizontal=_horizontal(column))
        if isinstance(column, EntryColumn):
            _show(header, column, f" ({column.unit})" if column.unit else "")
    sheet.worksheet.row_dimensions[body.header_row].height = 32


def _horizontal(column: Column | EntryColumn | ListColumn) -> str:
    """Where a heading stands: as what is below it, of which words that are worked out stand in the middle."""
    is_worked_out = isinstance(column, Column) or (isinstance(column, ListColumn) and column.allowed is None)
    return "center" if is_worked_out and format_of(column.format) == styles.TEXT else "right"


def _write_table(sheet: Sheet, name: str, table: Table, body: Body, meaning: Meaning) -> None:
    _write_title(sheet, body, table.title, table.note)
    _write_headers(sheet, body, table.columns)
    given = table.rows if isinstance(table.rows, list) else []
    for row in range(body.first, body.last + 1):
        place = row - body.first
        cells = given[place] if place < len(given) else {}
        for key, column in table.columns.items():
            said = cells.get(key, said_in(column, place))
            value = meaning.formula(said, Scope(name, row)) if isinstance(said, str) else said
            sheet.formula(row, body.columns[key], value, format_of(column.format))
    for key, column in table.columns.items():
        if column.format == "verdict":
            sheet.mark_verdicts(body.column(key).plain)


def said_in(column: Column, place: int) -> str | int | float:
    """What a column holds in its row of this number, from 0: a number or a formula."""
    if column.values:
        return column.values[place]
    if column.numbered_from is not None:
        return column.numbered_from + place
    return column.first if column.first and not place else column.formula


def _write_grid(sheet: Sheet, name: str, grid: Grid, body: Body, meaning: Meaning) -> None:
    _write_title(sheet, body, grid.title, grid.note)
    top, left = body.header_row, FIRST_COLUMN + 1
    across = sheet.header(top - 1, left, f"{grid.columns.label} →", horizontal="left")
    across.alignment = align("left")
    sheet.header(top, FIRST_COLUMN, f"{grid.rows.label} ↓", horizontal="left")
    for column, header in enumerate(headers_of(grid.columns), left):
        _write_header(sheet, top, column, header, grid.columns, f"{get_column_letter(column - 1)}{top}", meaning)
    for row, header in enumerate(headers_of(grid.rows), top + 1):
        _write_header(sheet, row, FIRST_COLUMN, header, grid.rows, f"{_FIRST_LETTER}{row - 1}", meaning)
        for column in range(left, body.right + 1):
            held = {"row": f"${_FIRST_LETTER}{row}", "column": f"{get_column_letter(column)}${top}"}
            formula = meaning.formula(grid.cell, Scope(name, row, held))
            sheet.formula(row, column, formula, format_of(grid.format)).border = styles.UNDERLINE
    block = Area(body.sheet, body.first, left, body.last, body.right).plain
    corner = block.partition(":")[0]
    for mark in grid.marks:
        sheet.mark(block, meaning.formula(mark.when, Scope(name, body.first, {"cell": corner})), _colour(mark.colour))
    if grid.heat:
        sheet.worksheet.conditional_formatting.add(block, _heat())


_FIRST_LETTER = get_column_letter(FIRST_COLUMN)


def _write_header(
    sheet: Sheet, row: int, column: int, header: float | str, axis: Axis, previous: str, meaning: Meaning
) -> None:
    number_format = format_of(axis.format)
    if isinstance(header, str):
        formula = meaning.formula(header, Scope(held={"previous": previous}))
        sheet.formula(row, column, formula, number_format).font = font(bold=True)
    else:
        assert axis.allowed is not None  # the reader has seen to it
        cell = sheet.value(row, column, header, number_format, _allowed(axis.allowed, meaning), axis.label)
        cell.font = font(bold=True, colour=styles.INPUT_TEXT)


def write_entries(sheet: Sheet, name: str, entries: Entries, meaning: Meaning) -> None:
    """A table to fill in."""
    body = meaning.places.entries[name]
    _write_title(sheet, body, entries.title, entries.note)
    _write_headers(sheet, body, entries.columns)
    for place, (key, column) in enumerate(entries.columns.items()):
        area, number_format = body.column(key), format_of(column.format)
        for offset in range(entries.rows):
            value = entries.example[offset][place] if offset < len(entries.example) else None
            sheet.unlocked(body.first + offset, area.left, value, number_format)
        _restrict(sheet, area, column, number_format, meaning)


def write_list(sheet: Sheet, rows: ListSheet, meaning: Meaning) -> None:
    """A list that grows: an Excel table with columns to fill in and calculated ones."""
    body = meaning.places.lists[rows.name]
    # What runs over columns that stand on each page again would be cut off on the second.
    beside = LAST_REPEATED + 1 if sheet.pages_wide > 1 else FIRST_COLUMN
    for row, note in enumerate([*rows.steps, *rows.notes], body.title_row):
        sheet.text(row, note, column=beside)
    whole = Area(body.sheet, body.header_row, FIRST_COLUMN, body.last, body.right)
    table = ExcelTable(displayName=rows.name, name=rows.name, ref=whole.plain)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.worksheet.add_table(table)
    table._initialise_columns()
    given = iter(range(len(rows.columns)))
    for (key, column), described in zip(rows.columns.items(), table.tableColumns, strict=True):
        header = sheet.header(body.header_row, body.columns[key], column.header, horizontal=_horizontal(column))
        _show(header, column)
        described.name = column.header
        area, number_format = body.column(key), format_of(column.format)
        if column.allowed is None:
            formula = meaning.formula(column.formula, Scope(rows.name, body.first))
            described.calculatedColumnFormula = TableFormula(attr_text=formula)
            for row in range(body.first, body.last + 1):
                sheet.formula(row, area.left, formula, number_format)
        else:
            place = next(given)
            for row, values in enumerate(rows.example, body.first):
                sheet.unlocked(row, area.left, None if values[place] == "" else values[place], number_format)
            _restrict(sheet, area, column, number_format, meaning)
    for key, column in rows.columns.items():
        if column.format == "verdict":
            sheet.mark_verdicts(body.column(key).plain)
    sheet.header_row = body.header_row
    sheet.worksheet.row_dimensions[body.header_row].height = 32


def _show(header: Cell, column: EntryColumn | ListColumn, more: str = "") -> None:
    """A heading in other words than those that references and reports know it by, which stay in its cell."""
    if column.shown not in ("", column.header):
        header.number_format = styles.text_shown_as(column.shown + more)


def _restrict(sheet: Sheet, area: Area, column: EntryColumn | ListColumn, number_format: str, meaning: Meaning) -> None:
    """One validation and one mark for a column to fill in; a blank cell is not marked there."""
    top, allowed = area.plain.partition(":")[0], _allowed(column.allowed, meaning)
    validation = allowed.validation(column.shown or column.header, "", number_format, sheet.own)
    validation.allow_blank = not column.required
    sheet.worksheet.add_data_validation(validation)
    validation.add(area.plain)
    sheet.mark(area.plain, f"AND(NOT(ISBLANK({top})),{allowed.broken(top)})", styles.VERMILLION)


def _allowed(said: Any, meaning: Meaning) -> Allowed:
    return allowed_of(said, meaning.template.allowed)


def _colour(name: str) -> str:
    return styles.COLOURS[name]


def _heat() -> Any:
    return ColorScaleRule(
        start_type="min",
        start_color="F3B58C",
        mid_type="num",
        mid_value=0,
        mid_color=styles.WHITE,
        end_type="max",
        end_color="9CCBEB",
    )

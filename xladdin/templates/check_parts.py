"""What goes together: lines that are one thing, examples that are allowed, formats that there are, notes that fit."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from xladdin.core.suggestions import did_you_mean
from xladdin.templates.allowed import Allowed, allowed_of
from xladdin.templates.check_names import named
from xladdin.templates.faults import Fault
from xladdin.templates.formulas import shortened
from xladdin.templates.language import Axis, ChartAxis, Entries, Grid, Lines, ListSheet, Result, Table, Template
from xladdin.templates.places import rows_of
from xladdin.templates.styles import FORMATS, format_of, is_format
from xladdin.templates.toml_lines import Path

LONGEST_NOTE = 46  # characters that the column of notes shows
MOST_INPUTS = 500  # a person fills them in
MOST_ROWS = 5000
_LARGEST = 1e300
_LONGEST_TEXT = 32767
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # that XML holds
_FIRST_DATE = datetime.date(1900, 3, 1)  # before it spreadsheets differ by a day, or have none
_MOST_CASES = 60  # a formula is nested 64 deep at most, and a case is one
_WIDEST = 255  # characters, of a column
_THICKEST = 100  # points, of a line
_LONGEST_TITLE = 200  # a footer takes 255 with its codes


def part_faults(template: Template) -> Iterator[Fault]:
    """What does not go together in a template."""
    count = sum(map(len, template.inputs.values()))
    if not count or count > MOST_INPUTS:
        yield Fault(("inputs",), f"there are {count:,} inputs; a workbook to fill in has 1 to {MOST_INPUTS}")
    for path, line in _lines(template):
        yield from _line_faults(path, line)
    for name, block in template.calculations.items():
        path = ("calculations", name)
        if isinstance(block, Table):
            yield from _table_faults(path, block)
        elif isinstance(block, Grid):
            yield from _axis_faults((*path, "rows"), block.rows, template)
            yield from _axis_faults((*path, "columns"), block.columns, template)
    yield from _input_faults(template)
    for name, entries in template.tables.items():
        yield from _entries_faults(("tables", name), entries, template)
    for title, sheet in template.sheets.items():
        yield from _list_faults(("sheets", title), sheet, template)
    yield from _check_faults(template)
    yield from _page_faults(template)
    yield from _format_faults(template, ())
    yield from _value_faults(msgspec.to_builtins(template), ())


def _lines(template: Template) -> Iterator[tuple[Path, Result]]:
    for section, lines in template.results.items():
        yield from ((("results", section, name), line) for name, line in lines.items())
    for block, panel in template.calculations.items():
        if isinstance(panel, Lines):
            yield from ((("calculations", block, "lines", name), line) for name, line in panel.lines.items())


def _line_faults(path: Path, line: Result) -> Iterator[Fault]:
    kinds = {key: getattr(line, key) for key in ("formula", "verdict", "sentence", "reasons_of")}
    given = [key for key, value in kinds.items() if value]
    if len(given) != 1:
        found = f"it has {' and '.join(given)}" if given else "it has none"
        yield Fault(path, f"a line is one of formula, verdict, sentence or reasons_of; {found}")
    if (line.formula or line.verdict) and not line.label:
        yield Fault(path, "label is missing")
    if (line.sentence or line.reasons_of) and (line.label or line.unit or line.note):
        yield Fault(path, "a sentence has no label, unit or note: it runs over the width of the panel")
    if line.otherwise is not None and not line.sentence:
        yield Fault((*path, "otherwise"), "otherwise is for a sentence")
    if len(line.note) > LONGEST_NOTE:
        yield _too_long(path, line.note)
    if len(line.verdict) > _MOST_CASES:
        yield Fault((*path, "verdict"), f"a verdict has at most {_MOST_CASES} cases, not {len(line.verdict):,}")
    for place, case in enumerate(line.verdict):
        is_last = place == len(line.verdict) - 1
        if bool(case.when) == is_last:
            what = "the last case has no when: it holds otherwise" if is_last else "when is missing"
            yield Fault((*path, "verdict", place), what)


def _too_long(path: Path, note: str) -> Fault:
    return Fault((*path, "note"), f"the note has {len(note)} characters, and {LONGEST_NOTE} are shown")


def _input_faults(template: Template) -> Iterator[Fault]:
    for section, lines in template.inputs.items():
        for name, line in lines.items():
            path = ("inputs", section, name)
            if len(line.note) > LONGEST_NOTE:
                yield _too_long(path, line.note)
            allowed, fault = _allowed((*path, "allowed"), line.allowed, template)
            if fault:
                yield fault
            elif line.required and line.optional:
                yield Fault((*path, "optional"), "what is required is not optional: one of them")
            elif allowed and not _holds(allowed, line.example) and not _is_no_number(line.example):
                described = allowed.described(format_of(line.format))
                yield Fault((*path, "example"), f"{_said(line.example)} is not {described}")


def _entries_faults(path: Path, entries: Entries, template: Template) -> Iterator[Fault]:
    if len(entries.example) > entries.rows:
        yield Fault((*path, "example"), f"there are {len(entries.example)} rows, and the table has {entries.rows}")
    columns = {key: column.allowed for key, column in entries.columns.items()}
    yield from _example_faults(path, columns, entries.example, template)


def _list_faults(path: Path, sheet: ListSheet, template: Template) -> Iterator[Fault]:
    for key, column in sheet.columns.items():
        if (column.allowed is None) == (not column.formula):
            yield Fault((*path, "columns", key), "a column is filled in (allowed) or worked out (formula): one of them")
    if not sheet.example:
        yield Fault((*path, "example"), "a list has at least one row")
    columns = {key: column.allowed for key, column in sheet.columns.items() if column.allowed is not None}
    yield from _example_faults(path, columns, sheet.example, template)


def _example_faults(
    path: Path, columns: dict[str, Any], rows: Sequence[Sequence[Any]], template: Template
) -> Iterator[Fault]:
    """Rows of an example against the columns that are filled in; an empty text is a blank cell."""
    for number, row in enumerate(rows):
        if len(row) != len(columns):
            there_are = ", ".join(columns)
            yield Fault((*path, "example", number), f"it has {len(row)} values for the columns {there_are}")
    for place, (key, said) in enumerate(columns.items()):
        allowed, fault = _allowed((*path, "columns", key, "allowed"), said, template)
        if fault:
            yield fault
        for number, row in enumerate(rows if allowed else ()):
            if allowed and place < len(row) and row[place] != "" and not _holds(allowed, row[place]):
                yield Fault(
                    (*path, "example", number), f"{_said(row[place])} is not {allowed.described('')}, as {key} is"
                )


def _table_faults(path: Path, table: Table) -> Iterator[Fault]:
    if not table.columns:
        yield Fault(path, "a table has at least one column")
        return
    rows = rows_of(table)
    if not 1 <= rows <= MOST_ROWS:
        yield Fault((*path, "rows"), f"a table has 1 to {MOST_ROWS:,} rows, not {rows:,}")
    given = table.rows if isinstance(table.rows, list) else []
    for number, cells in enumerate(given):
        for key in cells.keys() - table.columns.keys() - {"row"}:
            yield Fault((*path, "rows", number, key), f"there is no column {key}{did_you_mean(key, table.columns)}")
    for key, column in table.columns.items():
        kinds = [bool(column.formula), column.numbered_from is not None, bool(column.values)]
        in_rows = bool(given) and all(key in cells for cells in given)
        if sum(kinds) > 1 or (not any(kinds) and not in_rows):
            yield Fault(
                (*path, "columns", key), "a column has one of formula, numbered_from or values, or is in every row"
            )
        if column.values and len(column.values) != rows:
            yield Fault((*path, "columns", key, "values"), f"there are {len(column.values)} values for {rows} rows")


def _axis_faults(path: Path, axis: Axis, template: Template) -> Iterator[Fault]:
    if bool(axis.values) == bool(axis.first and axis.next and axis.count):
        yield Fault(path, "a side of a grid has values, or first, next and count")
    numbers = [value for value in axis.values if not isinstance(value, str)]
    if axis.allowed is None:
        if numbers:
            yield Fault(path, "its numbers may be changed: say what is allowed")
        return
    allowed, fault = _allowed((*path, "allowed"), axis.allowed, template)
    if fault:
        yield fault
    for place, value in enumerate(axis.values if allowed else ()):
        if allowed and not isinstance(value, str) and not _holds(allowed, value):
            yield Fault((*path, "values", place), f"{_said(value)} is not {allowed.described(format_of(axis.format))}")


def _check_faults(template: Template) -> Iterator[Fault]:
    names = {name for _, name in named(template)}
    labelled = {name for lines in template.results.values() for name, line in lines.items() if line.label}
    for name, check in template.checks.items():
        path = ("checks", name)
        if not check.plain.strip():
            yield Fault((*path, "plain"), "a check has the same figure by a plain formula, and this one is blank")
        elif "LEV_" in check.plain.upper():
            yield Fault((*path, "plain"), "a plain formula has no LEV_ function: it is what they are checked against")
        if not check.ours and name not in names:
            yield Fault(path, f"no result is called {name}; give ours, a formula{did_you_mean(name, names)}")
        elif not check.label and name not in labelled:
            yield Fault(path, "label is missing")


def _page_faults(template: Template) -> Iterator[Fault]:
    """What a page has no room for, and axes that show nothing."""
    if not template.title.strip() or len(template.title) > _LONGEST_TITLE:
        yield Fault(("title",), f"a title has 1 to {_LONGEST_TITLE} characters; this one has {len(template.title)}")
    pages = [(("pages", name), getattr(template.pages, name)) for name in template.pages.__struct_fields__]
    for path, page in [*pages, *((("sheets", title), sheet) for title, sheet in template.sheets.items())]:
        for place, width in enumerate(page.widths):
            if not 0 < width <= _WIDEST:
                yield Fault((*path, "widths", place), f"a column is up to {_WIDEST} characters wide, not {width:g}")
    for place, chart in enumerate(template.dashboard.charts):
        for key, axis in (("x", chart.x), ("y", chart.y)):
            yield from _scale_faults(("dashboard", "charts", place, key), axis)
        for number, line in enumerate(chart.lines):
            if not 0 <= line.width <= _THICKEST:
                where = ("dashboard", "charts", place, "lines", number, "width")
                yield Fault(where, f"a line is 0 to {_THICKEST} points thick, not {line.width:g}")


def _scale_faults(path: Path, axis: ChartAxis) -> Iterator[Fault]:
    if axis.least is not None and axis.most is not None and axis.least >= axis.most:
        yield Fault((*path, "least"), f"least {axis.least:g} is not below most {axis.most:g}")
    if axis.step is not None and axis.step <= 0:
        yield Fault((*path, "step"), f"a step is above zero, not {axis.step:g}")
    for key, bound in (("least", axis.least), ("most", axis.most)):
        if axis.logarithmic and bound is not None and bound <= 0:
            yield Fault((*path, key), f"a logarithmic axis has only what is above zero, not {bound:g}")


def _format_faults(part: Any, path: Path) -> Iterator[Fault]:
    """Formats that there are not, anywhere in a template."""
    if isinstance(part, msgspec.Struct):
        said = getattr(part, "format", "")
        if said and said not in FORMATS and not is_format(said):
            near = did_you_mean(said, FORMATS) or f"; there are {', '.join(FORMATS)}, or one such as 0.000"
            yield Fault((*path, "format"), f"there is no format {shortened(repr(said))}{near}")
        for field in msgspec.structs.fields(part):
            yield from _format_faults(getattr(part, field.name), (*path, field.encode_name))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _format_faults(item, (*path, key))
    elif isinstance(part, list):
        for place, item in enumerate(part):
            yield from _format_faults(item, (*path, place))


def _value_faults(part: Any, path: Path) -> Iterator[Fault]:
    """Texts and numbers that no cell takes as they are."""
    if isinstance(part, dict):
        for key, item in part.items():
            if key not in (None, "kind"):
                yield from _text_faults(str(key), (*path, key))
            yield from _value_faults(item, (*path, key))
    elif isinstance(part, list):
        for place, item in enumerate(part):
            yield from _value_faults(item, (*path, place))
    elif isinstance(part, str):
        yield from _text_faults(part, path)
    elif _is_no_number(part):
        yield Fault(
            path, f"{part:g} is no number that a cell takes" if isinstance(part, float) else "the number is too large"
        )


def _is_no_number(value: Any) -> bool:
    return isinstance(value, int | float) and not -_LARGEST <= value <= _LARGEST


def _text_faults(text: str, path: Path) -> Iterator[Fault]:
    if text.startswith("="):
        yield Fault(path, "it begins with =: a formula is written without, and a text has its figures in braces")
    if ILLEGAL_CHARACTERS_RE.search(text) or _NO_CHARACTER.search(text):
        yield Fault(path, "it holds a character that no workbook takes")
    if len(text) > _LONGEST_TEXT and path[-1:] != ("formula",):
        yield Fault(path, f"it has {len(text):,} characters, and a cell takes {_LONGEST_TEXT:,}")


def _allowed(path: Path, said: Any, template: Template) -> tuple[Allowed | None, Fault | None]:
    try:
        return allowed_of(said, template.allowed), None
    except ValueError as error:
        return None, Fault(path, str(error))


def _holds(allowed: Allowed, value: Any) -> bool:
    """Whether an example is one that the cell would take; a blank one is left to be filled in."""
    if value is None:
        return True
    if allowed.date:
        return isinstance(value, datetime.date) and _day(value) >= _FIRST_DATE
    if allowed.words:
        return value in allowed.words
    if allowed.length:
        return isinstance(value, str) and len(value) <= allowed.length
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return allowed.low <= value <= allowed.high and (not allowed.whole or value == int(value))


def _day(value: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return shortened(repr(value) if isinstance(value, str) else str(value))

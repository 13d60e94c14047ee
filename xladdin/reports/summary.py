"""The summary of a run: one line a report, its key results, a link to it; written as the manifest is read."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from xladdin.reports import manifest
from xladdin.workbook import columns
from xladdin.workbook.file import package as packages
from xladdin.workbook.file import rows
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import MOST_ROWS
from xladdin.workbook.file.values import INVALID_IN_XML
from xladdin.workbook.file.writing import write_whole_stream
from xladdin.workbook.model import Model, Output

_HEADER = PatternFill("solid", fgColor="FF1F3864")
_LINK = Font(color="FF0563C1", underline="single")
_MOST_LINKS = 65_530  # Excel's own limit of links in a sheet
_KEPT_AS = {"TRUE": True, "FALSE": False, "": None}
_SHEET = "xl/worksheets/sheet1.xml"
_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
_BATCH = 5000
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write(target: Path, model: Model, manifest_path: Path) -> list[str]:
    """Write the summary of what a manifest lists, and give what is worth saying of it."""
    count = sum(1 for _ in manifest.read(manifest_path))
    listed = min(count, MOST_ROWS - 1)
    package = _pattern(model, manifest_path, listed)
    sheet = package.read(_SHEET)
    texts = {_SHEET: _sheet(sheet, manifest_path, listed, [place for place, _ in _key_results(model)])}
    if listed:
        relations = package.members | {_RELATIONS: packages.compress(b"")}
        package = Package(target, relations)
        texts[_RELATIONS] = _relations(manifest_path)
    write_whole_stream(target, lambda file: packages.write_stream(file, package, texts))
    if count == listed:
        return []
    return [
        f"{target.name} lists the first {listed:,} of {count:,} reports, all that fit a sheet; {manifest.NAME} has all."
    ]


def _pattern(model: Model, manifest_path: Path, listed: int) -> Package:
    """The summary with its header and one row for a pattern."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Summary"
    key = _key_results(model)
    sheet.append(["Row", "Report", *(output.label or output.name for _, output in key), "Errors"])
    for column, form in enumerate(["0", "General", *(output.number_format for _, output in key), "General"], 1):
        sheet.cell(2, column, 0).number_format = form
    sheet["B2"].font = _LINK
    _dress(sheet, manifest_path, listed + 1, [0, 2, *(place for place, _ in key), manifest.ERRORS])
    stream = io.BytesIO()
    book.save(stream)
    data = packages.with_fixed_times(stream.getvalue())
    return packages.open_package(Path("summary.xlsx"), data)


def _key_results(model: Model) -> list[tuple[int, Output]]:
    """The outputs that have a label and stand on a sheet with inputs, or all where there is none; and their places in
    a line of the manifest. Helpers of a calculation and sentences stay in the reports.
    """
    beside = {item.place.sheet for item in model.inputs.values()}
    placed = list(enumerate(model.outputs.values(), manifest.FIRST_OUTPUT))
    return [(place, each) for place, each in placed if each.label and each.place.sheet in beside] or placed


def _dress(sheet: Any, manifest_path: Path, last: int, places: list[int]) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    first = list(itertools.islice(manifest.read(manifest_path), 50))
    for column, place in enumerate(places, 1):
        widest = max((len(_shown(line[place])) for line in first), default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(widest + 2, 12), 60)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(sheet.max_column)}{last}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _sheet(xml: bytes, manifest_path: Path, listed: int, key: list[int]) -> Iterator[bytes]:
    pattern = rows.pattern_of(xml, 2)
    yield pattern.head
    lines = itertools.islice(manifest.read(manifest_path), listed)
    first = 2
    while batch := list(itertools.islice(lines, _BATCH)):
        by_column = list(zip(*batch, strict=True))
        shown = [by_column[0], by_column[2], *(by_column[place] for place in key), by_column[manifest.ERRORS]]
        values = {
            place: columns.from_values([columns.from_cell(_KEPT_AS.get(value, value)) for value in column])
            for place, column in enumerate(shown, 1)
        }
        yield rows.fill(pattern, first, values, len(batch))
        first += len(batch)
    before, margins, after = pattern.tail.partition(b"<pageMargins")
    yield before
    if listed:
        yield f'<hyperlinks xmlns:r="{_OFFICE}">'.encode()
        yield b"".join(
            b'<hyperlink ref="B%d" r:id="rId%d"/>' % (number + 1, number)
            for number in range(1, min(listed, _MOST_LINKS) + 1)
        )
        yield b"</hyperlinks>"
    yield margins + after


def _relations(manifest_path: Path) -> Iterator[bytes]:
    """The targets of the links."""
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}">'.encode()
    for number, line in enumerate(itertools.islice(manifest.read(manifest_path), _MOST_LINKS), 1):
        target = quoteattr(INVALID_IN_XML.sub("\ufffd", line[2].replace("%", "%25").replace("#", "%23")))
        kind = f"{_OFFICE}/hyperlink"
        yield f'<Relationship Id="rId{number}" Type="{kind}" Target={target} TargetMode="External"/>'.encode()
    yield b"</Relationships>"

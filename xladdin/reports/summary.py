"""The summary of a run: one line a report, what it is known by, its key results and a link to it, with totals above.

It is written as the manifest is read.
"""

from __future__ import annotations

import io
import itertools
import pickle
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import openpyxl
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from xladdin.core.errors import CODES
from xladdin.reports import manifest
from xladdin.templates import styles
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.file import package as packages
from xladdin.workbook.file import rows
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import MOST_ROWS
from xladdin.workbook.file.values import INVALID_IN_XML, escape_all, text_of
from xladdin.workbook.file.writing import write_whole_stream
from xladdin.workbook.model import Model, Output

_LINK = Font(name="Calibri", size=11, color="FF0563C1", underline="single")
_MOST_LINKS = 65_530  # Excel's own limit of links in a sheet
_KEPT_AS = {"TRUE": True, "FALSE": False, "": None}
_SHEET = "xl/worksheets/sheet1.xml"
_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
_BATCH = 5000
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TITLE_ROW, _TOTALS_ROW, _HEADER_ROW, _FIRST_ROW = 1, 2, 3, 4
_MOST_WORDS = 12  # different texts in a column that are counted one by one, as verdicts are
_MOST_CURRENCIES = 3  # of which each has its sum; more have none
_CURRENCY = "currency"  # the input, by its name, in which money is; dollars and euros have no sum
_FILE = 2  # the place of the file's name in a line of the manifest


@dataclass
class _Column:
    """One column of the summary: its heading, its format, where its values stand in a line of the manifest, and what
    is counted of them.
    """

    heading: str
    number_format: str
    place: int
    is_summed: bool = False
    sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))  # by currency
    widest: int = 0
    words: Counter[str] = field(default_factory=Counter)

    def count(self, values: Sequence[Any], of_what: Sequence[str]) -> None:
        """Count some of its values, each of money in its currency."""
        kinds = set(map(type, values))
        if self.is_summed and float in kinds:
            for value, currency in zip(values, of_what, strict=True):
                self.sums[currency] += value if type(value) is float else 0
        if kinds != {float} and len(self.words) <= _MOST_WORDS:
            self.words.update(value for value in values if type(value) is not float and value not in CODES)

    @property
    def is_verdict(self) -> bool:
        return bool(self.words) and set(self.words) <= set(styles.VERDICTS)


def write(target: Path, model: Model, known_by: list[str], manifest_path: Path) -> list[str]:
    """Write the summary of what a manifest lists, and give what is worth saying of it.

    Parameters
    ----------
    target : Path
        The file.
    model : Model
        The template, whose labels and formats are shown.
    known_by : list of str
        What the reports are known by, by the names of the manifest: inputs of the template and columns of the table.
    manifest_path : Path
        The manifest.
    """
    shown = _columns(model, known_by)
    currency = shown[1 + known_by.index(_CURRENCY)] if _CURRENCY in known_by else None
    with tempfile.TemporaryFile(prefix="xladdin-") as columns_file:
        count = _count(shown, currency, manifest_path, columns_file)
        columns_file.seek(0)
        return _written(target, model, shown, currency, count, columns_file)


def _written(
    target: Path, model: Model, shown: list[_Column], currency: _Column | None, count: int, columns_file: IO[bytes]
) -> list[str]:
    """Write the summary of columns that were counted and kept."""
    listed = min(count, MOST_ROWS - _HEADER_ROW)
    totals = list(_totals(shown, currency, listed)) if listed else []
    title = f"{model.path.stem}: {count:,} {'report' if count == 1 else 'reports'}"
    package = _pattern(title, shown, totals, listed)
    files: list[str] = []  # those with a link, once the sheet is written
    kept = _kept(columns_file, listed)
    texts = {_SHEET: _sheet(package.read(_SHEET), kept, files, shown, [total.value for total in totals])}
    if listed:
        relations = package.members | {_RELATIONS: packages.compress(b"")}
        package = Package(target, relations)
        texts[_RELATIONS] = _relations(files)
    write_whole_stream(target, lambda file: packages.write_stream(file, package, texts))
    if count == listed:
        return []
    return [
        f"{target.name} lists the first {listed:,} of {count:,} reports, all that fit a sheet; {manifest.NAME} has all."
    ]


def _columns(model: Model, known_by: list[str]) -> list[_Column]:
    """The row, what it is known by, the report, and the key results."""
    of_row = [
        _Column(model.inputs[name].label or name if name in model.inputs else name, styles.GENERAL, place)
        for place, name in enumerate(known_by, manifest.FIRST)
    ]
    of_result = [
        _Column(output.label or output.name, output.number_format, place, output.number_format == styles.MONEY)
        for place, output in _key_results(model, manifest.FIRST + len(known_by))
    ]
    report, errors = (_Column("Report", styles.GENERAL, _FILE), _Column("Errors", styles.GENERAL, manifest.ERRORS))
    return [_Column("Row", styles.WHOLE, 0), *of_row, report, *of_result, errors]


def _key_results(model: Model, first: int) -> list[tuple[int, Output]]:
    """The outputs that have a label and stand on a sheet with inputs, or all where there is none; and their places in
    a line of the manifest. Helpers of a calculation and sentences stay in the reports.
    """
    beside = {item.place.sheet for item in model.inputs.values()}
    placed = list(enumerate(model.outputs.values(), first))
    return [(place, each) for place, each in placed if each.label and each.place.sheet in beside] or placed


def _count(shown: list[_Column], currency: _Column | None, manifest_path: Path, columns_file: IO[bytes]) -> int:
    """Count the reports, add up what is money, note the words of columns that have few; and keep what is shown in a
    file, which is read in a tenth of the time that the manifest takes.
    """
    count = 0
    for by_column in _batches(manifest.read(manifest_path)):
        of_what = [str(value) for value in by_column[currency.place]] if currency else [""] * len(by_column[0])
        for column in shown:
            column.count(by_column[column.place], of_what)
            if not count:
                column.widest = max(map(len, map(_shown, by_column[column.place])))
        pickle.dump([_as_column(by_column[column.place]) for column in shown], columns_file)
        count += len(of_what)
    return count


def _kept(columns_file: IO[bytes], listed: int) -> Iterator[list[Column]]:
    """The columns that were kept, of so many reports."""
    while listed:
        columns_of_some = [column[:listed] for column in pickle.load(columns_file)]
        listed -= len(columns_of_some[0])
        yield columns_of_some


def _batches(lines: Iterator[list[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    """The columns of some thousand lines at a time."""
    while batch := list(itertools.islice(lines, _BATCH)):
        yield list(zip(*batch, strict=True))


@dataclass(frozen=True)
class _Total:
    """A formula above a column, of what it shows or of what a filter leaves of it, and its value unfiltered."""

    column: _Column
    formula: str
    value: float | str


def _totals(shown: list[_Column], currency: _Column | None, listed: int) -> Iterator[_Total]:
    """The sums of money, in each currency, and how many there are of each verdict."""
    areas = {id(column): _area(place, listed) for place, column in enumerate(shown, 1)}
    for column in shown:
        area = areas[id(column)]
        if column.is_verdict:
            words = sorted(column.words, key=list(styles.VERDICTS).index, reverse=True)
            counted = [f'COUNTIF({area},"{word}")&" {word}"' for word in words]
            yield _Total(column, _joined(counted), "\n".join(f"{column.words[word]} {word}" for word in words))
        elif column.is_summed and len(column.sums) == 1:
            yield _Total(column, f"=SUBTOTAL(109,{area})", sum(column.sums.values()))
        elif column.is_summed and currency and 1 < len(column.sums) <= _MOST_CURRENCIES:
            of_what = {word: word.replace('"', '""') for word in sorted(column.sums)}
            summed = [
                f'TEXT(SUMIF({areas[id(currency)]},"{word}",{area}),"#,##0.00")&" {word}"' for word in of_what.values()
            ]
            said = "\n".join(f"{column.sums[word]:,.2f} {word}" for word in of_what)
            yield _Total(column, _joined(summed), said)


def _joined(parts: list[str]) -> str:
    return "=" + "&CHAR(10)&".join(parts)


def _area(place: int, listed: int) -> str:
    letter = get_column_letter(place)
    return f"{letter}{_FIRST_ROW}:{letter}{_HEADER_ROW + listed}"


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _pattern(title: str, shown: list[_Column], totals: list[_Total], listed: int) -> Package:
    """The summary with its title, totals and headings, and one row for a pattern."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Summary"
    last = get_column_letter(len(shown))
    formulas = {id(total.column): total for total in totals}
    for place, column in enumerate(shown, 1):
        letter = get_column_letter(place)
        sheet.cell(_TITLE_ROW, place).fill = styles.fill(styles.NAVY)
        total = sheet.cell(_TOTALS_ROW, place)
        total.font, total.fill = styles.font(10, bold=True, colour=styles.NAVY), styles.fill(styles.BAND)
        heading = sheet.cell(_HEADER_ROW, place, column.heading)
        heading.font, heading.border = styles.font(10, bold=True, colour=styles.QUIET), styles.UNDERLINE
        if said := formulas.get(id(column)):
            total.value, total.number_format = said.formula, styles.MONEY
            total.alignment = styles.align("left" if column.is_verdict else "right", wrap=True, vertical="top")
            column.widest = max(column.widest, *map(len, _shown(said.value).split("\n")))
        is_number = not column.words
        heading.alignment = styles.align("right" if is_number else "left", wrap=True)
        value = sheet.cell(_FIRST_ROW, place, 0)
        value.number_format, value.font = column.number_format, styles.font()
        sheet.column_dimensions[letter].width = min(max(column.widest + 2, 12), 60)
        if column.is_verdict:
            _mark_verdicts(sheet, _area(place, listed))
    sheet.cell(_TOTALS_ROW, 1).value = "Total" if totals else None
    sheet["A1"].value, sheet["A1"].font = title, styles.font(14, bold=True, colour=styles.WHITE)
    sheet.row_dimensions[_TITLE_ROW].height = 26
    lines = max((_shown(total.value).count("\n") for total in totals), default=0) + 1
    sheet.row_dimensions[_TOTALS_ROW].height = 15 * lines + 3
    sheet.row_dimensions[_HEADER_ROW].height = 44
    link = next(place for place, column in enumerate(shown, 1) if column.place == _FILE)
    sheet.cell(_FIRST_ROW, link).font = _LINK
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, link + 1)
    sheet.auto_filter.ref = f"A{_HEADER_ROW}:{last}{_HEADER_ROW + listed}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{_HEADER_ROW}"
    stream = io.BytesIO()
    book.save(stream)
    return packages.open_package(Path("summary.xlsx"), packages.with_fixed_times(stream.getvalue()))


def _mark_verdicts(sheet: Any, area: str) -> None:
    first = area.partition(":")[0]
    for word, colour in styles.VERDICTS.items():
        rule = Rule(type="expression", formula=[f'{first}="{word}"'], dxf=styles.marked(colour))
        sheet.conditional_formatting.add(area, rule)


def _with_values(head: bytes, values: Iterable[float | str]) -> bytes:
    """The sheet's beginning with the values of its formulas: a previewer computes none."""
    given = iter(values)

    def valued(found: re.Match[bytes]) -> bytes:
        value = next(given)
        kind = b' t="str"' if isinstance(value, str) else b""
        return found[1] + kind + b">" + found[2] + b"<v>" + text_of(value) + b"</v></c>"

    return re.sub(rb"(<c [^>]*?)>(<f>[^<]*</f>)<v ?/?>(?:</v>)?</c>", valued, head)


def _sheet(
    xml: bytes, kept: Iterator[list[Column]], files: list[str], shown: list[_Column], totals: list[float | str]
) -> Iterator[bytes]:
    """The sheet, a row for each report; the files of those with a link are noted."""
    pattern = rows.pattern_of(xml, _FIRST_ROW)
    yield _with_values(pattern.head, totals)
    first = _FIRST_ROW
    file_place = next(place for place, column in enumerate(shown) if column.place == _FILE)
    for some in kept:
        files += some[file_place][: _MOST_LINKS - len(files)].tolist()
        yield rows.fill(pattern, first, dict(enumerate(some, 1)), len(some[0]))
        first += len(some[0])
    link = get_column_letter(next(place for place, column in enumerate(shown, 1) if column.place == _FILE)).encode()
    before, margins, after = pattern.tail.partition(b"<pageMargins")
    yield before
    if files:
        yield f'<hyperlinks xmlns:r="{_OFFICE}">'.encode()
        yield b"".join(
            b'<hyperlink ref="%b%d" r:id="rId%d"/>' % (link, number + _HEADER_ROW, number)
            for number in range(1, len(files) + 1)
        )
        yield b"</hyperlinks>"
    yield margins + after


def _as_column(values: Sequence[Any]) -> Column:
    """Some values of the manifest as they were before they were text."""
    if set(map(type, values)) == {float}:
        return np.array(values)
    return columns.from_values([columns.from_cell(_KEPT_AS.get(value, value)) for value in values])


def _relations(files: list[str]) -> Iterator[bytes]:
    """The targets of the links."""
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}">'.encode()
    kind = f"{_OFFICE}/hyperlink"
    for number, file in enumerate(files, 1):
        target = escape_all(INVALID_IN_XML.sub("\ufffd", file.replace("%", "%25").replace("#", "%23")))
        yield f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}" TargetMode="External"/>'.encode()
    yield b"</Relationships>"

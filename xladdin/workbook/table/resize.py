"""A workbook whose Excel table gets another number of rows: what is below it moves, and what refers to it follows.

Only the first row of the table's body stays in the sheet, as the pattern of all; `rows.fill` writes them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import formualizer
from openpyxl.formula.translate import Translator

from xladdin.core.errors import UserError
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.formulas import with_formulas
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import CELL, MOST_ROWS, address_of, cell_spans, reference_of, row_spans, with_cells
from xladdin.workbook.file.values import escape
from xladdin.workbook.references import corners, is_relative, rewritten
from xladdin.workbook.table.excel_table import ExcelTable

_REFERENCE = re.compile(rb'\br="([A-Z]*)(\d+)"')
_PLACES = re.compile(rb'(\s(?:ref|sqref|activeCell|topLeftCell)=")([^"]*)(")|(<(?:\w+:)?sqref>)([^<]*)(<)')
_BREAKS = re.compile(rb"<(?:\w+:)?rowBreaks\b.*?</(?:\w+:)?rowBreaks>", re.DOTALL)
_BREAK_ROW = re.compile(rb'(\sid=")(\d+)(")')
_NOT_SHOWN = re.compile(rb'\s(?:hidden|collapsed)="[^"]*"')
_COLUMN_STYLE = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\bmin="(\d+)")(?=[^>]*\bmax="(\d+)")(?=[^>]*\bstyle="(\d+)")')
_NOTE = re.compile(rb"<(\w+:)ClientData\b.*?</\1ClientData>", re.DOTALL)
_NOTE_CELL = re.compile(rb"<\w+:(Row|Column)>\s*(\d+)\s*<")
_NOTE_ROW = re.compile(rb"(<\w+:Row>)\s*\d+\s*(<)")
_NOTE_ANCHOR = re.compile(rb"(<\w+:Anchor>)([^<]*)(<)")
_SHARED = re.compile(rb'<(?:\w+:)?f\b(?=[^>]*\bt="shared")[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)')
_GROUP = re.compile(rb'\bsi="(\d+)"')
_ANCHOR = re.compile(rb"<((?:\w+:)?)((?:two|one)CellAnchor)\b.*?</\1\2>", re.DOTALL)
_ANCHOR_ROW = re.compile(rb"(<(?:\w+:)?row>)(\d+)(<)")
_CHART_SOURCE = re.compile(
    rb"(<((?:\w+:)?)f>)([^<]*)(</\2f>)(\s*<\2(\w+Cache)>.*?</\2\6>)?", re.DOTALL
)  # and the values that the chart keeps of these cells


_OF_COLUMN = re.compile(rb"<((?:\w+:)?)calculatedColumnFormula\b.*?</\1calculatedColumnFormula>", re.DOTALL)
_RULE = re.compile(
    rb'<((?:\w+:)?(?:conditionalFormatting|dataValidation))\b[^>]*?\ssqref="([^"]*)"[^>]*(?<!/)>.*?</\1>', re.DOTALL
)


@dataclass(frozen=True)
class Resize:
    """Where each row of a sheet goes when a table on it gets longer or shorter.

    Rows beside the table's body stay. When it gets shorter only its totals move: what is below it stays too, and what
    is beside them.
    """

    table: ExcelTable
    count: int

    @property
    def added(self) -> int:
        return self.count - (self.table.last_row - self.table.first_row + 1)

    def row(self, number: int, *, is_beside: bool = False) -> int:
        """Where a row below the body goes, or its cells beside the table; one above or in the body stays."""
        if number <= self.table.last_row:
            return number
        is_total = self.table.has_totals and number == self.table.last_row + 1 and not is_beside
        return number + (self.added if is_total else max(0, self.added))

    def rows(self, first: int, last: int, *, is_beside: bool = False) -> tuple[int, int] | None:
        """Where rows go that a reference names: with all of the body in them they grow; none where they are gone."""
        table = self.table
        if is_beside:
            return self.row(first, is_beside=True), self.row(last, is_beside=True)
        if first <= table.first_row and last == table.last_row:
            return first, last + self.added
        if first > table.last_row or last > table.last_row:
            return self.row(first), self.row(last)
        end = table.last_row + min(0, self.added)
        return (first, min(last, end)) if first <= end else None

    def reference(self, text: str, sheet: str, *, is_column: bool = False, in_row: bool = False) -> str:
        """A reference in a formula of this sheet, after it.

        That to the cell of a body of one row stays one cell in a formula, which takes one value of it; what a rule is
        for or a chart shows is the whole column. In a formula of the body's rows (`in_row`) a relative one means the
        formula's own row, and stays.
        """
        title, mark, _ = text.rpartition("!")
        own = title.strip("'").replace("''", "'") if mark else sheet
        found = corners(text)
        if own.casefold() != self.table.sheet.casefold() or not found:
            return text
        first, last = sorted((int(found[3]), int(found[6] or found[3])))
        columns = [address_of(f"{letters}1")[1] for letters in (found[1], found[4]) if letters]
        table = self.table
        if in_row and is_relative(text) and table.first_row <= first <= last <= table.last_row:
            return text
        is_beside = bool(columns) and (max(columns) < table.first_column or min(columns) > table.last_column)
        moved = self.rows(first, last, is_beside=is_beside)
        if moved is None:
            return "#REF!"
        moved = min(moved[0], MOST_ROWS), min(moved[1], MOST_ROWS)  # blank rows are pushed off the sheet
        start = f"{title}{mark}{found[1] or ''}{found[2]}{moved[0]}"
        if found[6]:
            return f"{start}:{found[4] or ''}{found[5]}{moved[1]}"
        return f"{start}:{found[1]}{found[2]}{moved[1]}" if is_column and moved[0] < moved[1] else start

    def reaches(self, text: str) -> bool:
        """Whether a reference has cells in the rows of the table's body or below them."""
        found = corners(text)
        title = text.rpartition("!")[0].strip("'").replace("''", "'")
        if not found or title.casefold() != self.table.sheet.casefold():
            return False
        return int(found[6] or found[3]) >= self.table.first_row

    def formula(self, text: str, sheet: str, *, is_column: bool = False, in_row: bool = False) -> str:
        """A formula, without its equals sign, of this sheet, after it."""
        own = self.table.sheet.casefold()
        if sheet.casefold() != own and own.replace("'", "''") not in text.casefold():
            return text
        try:
            return rewritten(f"={text}", lambda each: self.reference(each, sheet, is_column=is_column, in_row=in_row))[
                1:
            ]
        except (formualizer.TokenizerError, ValueError):
            return text

    def place(self, row: int, column: int) -> int:
        """The row that a cell of the sheet goes to; that of a cell that is gone stays."""
        found = corners(self.reference(reference_of((row, column)), self.table.sheet))
        return int(found[3]) if found else row

    def places(self, text: str, *, is_column: bool = False) -> str:
        """The ranges that a rule, a merge or a table says it is for; those that are gone stay where they were."""
        moved = ((each, self.reference(each, self.table.sheet, is_column=is_column)) for each in text.split(" "))
        return " ".join(before if after == "#REF!" else after for before, after in moved)


def resized(package: Package, table: ExcelTable, count: int) -> Package:
    """The workbook as it is when the table has so many rows, of which only the first is in the sheet.

    Raises
    ------
    UserError
        When something on the sheet would be pushed off its end.
    """
    resize = Resize(table, count)
    sheets = packages.sheet_parts(package)
    texts: dict[str, bytes] = {"xl/workbook.xml": _with_formulas(package.read("xl/workbook.xml"), resize, "")}
    for title, part in sheets.items():
        texts[part] = _with_formulas(_without_shared(package.read(part)), resize, title)
        for each in packages.related(package, part, "/table"):
            texts[each] = _with_formulas(package.read(each), resize, title)
    own = sheets[table.sheet]
    texts[own] = _with_pattern(_with_rows(_with_breaks(_with_places(texts[own], resize), resize), resize), table)
    for kind in ("/table", "/comments", "/threadedComment"):
        for part in packages.related(package, own, kind):
            texts[part] = _with_places(texts.get(part) or package.read(part), resize)
    for part in packages.related(package, own, "/drawing"):
        texts[part] = _ANCHOR.sub(lambda anchor: _moved_anchor(anchor[0], resize), package.read(part))
    for part in packages.related(package, own, "/vmlDrawing"):
        texts[part] = _NOTE.sub(lambda note: _moved_note(note[0], resize), package.read(part))
    for part in package.members:
        if part.startswith("xl/charts/chart") and part.endswith(".xml"):
            texts[part] = _with_sources(package.read(part), resize)
    members = dict(package.members)
    if "xl/calcChain.xml" in members:  # the order in which an application last computed: it makes it anew
        del members["xl/calcChain.xml"]
        for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            texts[part] = re.sub(rb"<[^<>]*calcChain\.xml[^<>]*/>", b"", package.read(part))
    return Package(package.path, members | {part: packages.compress(text) for part, text in texts.items()})


def _with_formulas(xml: bytes, resize: Resize, sheet: str) -> bytes:
    """A part with its formulas after it: those of the body's rows apart from all others."""
    pieces, position = [], 0
    for start, end in _of_rows(xml, resize.table) if sheet == resize.table.sheet else ():
        pieces.append(with_formulas(xml[position:start], lambda text: resize.formula(text, sheet)))
        pieces.append(with_formulas(xml[start:end], lambda text: resize.formula(text, sheet, in_row=True)))
        position = end
    return b"".join([*pieces, with_formulas(xml[position:], lambda text: resize.formula(text, sheet))])


def _of_rows(xml: bytes, table: ExcelTable) -> list[tuple[int, int]]:
    """Where formulas of the body's rows stand: its cells, rules for them, and the formula that its column repeats."""
    is_its_own = f' displayName="{escape(table.name)}"'.encode() in xml
    found = [each.span() for each in _OF_COLUMN.finditer(xml)] if is_its_own else []
    for each in _RULE.finditer(xml):
        first = corners(each[2].decode().split(" ")[0])
        if first and first[1] and first[3] and table.holds(table.sheet, *address_of(f"{first[1]}{first[3]}")):
            found.append(each.span())
    for row, inside in row_spans(xml) if b"sheetData" in xml else ():
        if table.first_row <= row <= table.last_row:
            for cell in CELL.finditer(xml, *inside.span(3)):
                place = _REFERENCE.search(cell[2])
                if place and table.holds(table.sheet, *address_of((place[1] + place[2]).decode())):
                    found.append(cell.span())
    return sorted(found)


def _with_places(xml: bytes, resize: Resize) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        before, places, after = found.groups()[:3] if found[1] else found.groups()[3:]
        return before + resize.places(places.decode(), is_column=b"sqref" in before).encode() + after

    return _PLACES.sub(moved, xml)


def _with_breaks(xml: bytes, resize: Resize) -> bytes:
    """The sheet with its page breaks, each of which stands behind a row, where the row after it goes."""

    def moved(found: re.Match[bytes]) -> bytes:
        return found[1] + b"%d" % (resize.row(int(found[2]) + 1) - 1) + found[3]

    return _BREAKS.sub(lambda found: _BREAK_ROW.sub(moved, found[0]), xml)


def _with_pattern(xml: bytes, table: ExcelTable) -> bytes:
    """The sheet with a cell in every column of the body's first row: a blank one that has no format is in no file."""
    first, last = table.first_column, table.last_column
    xml = with_cells(xml, {(table.first_row, column) for column in range(first, last + 1)})
    styles = [(int(start), int(end), style) for start, end, style in _COLUMN_STYLE.findall(xml)]

    def styled(found: re.Match[bytes]) -> bytes:
        column = address_of(found[2].decode())[1]
        style = next((b' s="%b"' % style for start, end, style in styles if start <= column <= end), b"")
        return found[1] + style + b"/>"

    return re.sub(rb'(<(?:\w+:)?c r="([A-Z]+%d)")/>' % table.first_row, styled, xml)


def _without_shared(xml: bytes) -> bytes:
    """The sheet with every formula written out where it is: a group's cells go different ways when rows move."""
    if b'"shared"' not in xml:
        return xml
    masters: dict[bytes, Translator] = {}

    def plain(cell: re.Match[bytes]) -> bytes:
        found, place = _SHARED.search(cell[0]), _REFERENCE.search(cell[2])
        group = _GROUP.search(found[0]) if found else None
        if not (found and group and place):
            return cell[0]
        address = (place[1] + place[2]).decode()
        text = html.unescape(found[1].decode()) if found[1] else ""
        if text:
            masters[group[1]] = Translator(f"={text}", origin=address)
        elif group[1] in masters:
            text = masters[group[1]].translate_formula(address)[1:]
        tag = cell[1] + b"f"
        written = b"<%b>%b</%b>" % (tag, escape(text).encode(), tag)
        return cell[0][: found.start()] + written + cell[0][found.end() :]

    return CELL.sub(plain, xml)


def _with_rows(xml: bytes, resize: Resize) -> bytes:
    """The sheet with its rows where they go; of the body's cells only those of its first row."""
    table = resize.table
    rows: dict[int, tuple[bytes, dict[int, bytes]]] = {}
    spans = list(row_spans(xml))
    prefix = spans[0][1][1] if spans else b""
    for number, found in spans:
        for column, cell in cell_spans(found[3]):
            is_inside = table.first_column <= column <= table.last_column
            if is_inside and table.first_row < number <= table.last_row:
                continue
            target = resize.row(number, is_beside=not is_inside)
            if target > MOST_ROWS:
                place = reference_of((number, column))
                raise UserError(f"{table.sheet}!{place} would be pushed off the sheet by {resize.count:,} rows.")
            # A row that a filter hides is not the pattern of hidden ones.
            shown = _NOT_SHOWN.sub(b"", found[2]) if number == table.first_row else found[2]
            _, cells = rows.setdefault(target, (shown, {}))
            reference = reference_of((target, column)).encode()
            cells[column] = _REFERENCE.sub(b'r="%b"' % reference, cell, count=1)
        if not found[3]:
            rows.setdefault(resize.row(number), (found[2], {}))
    written = b"".join(
        b"<%brow%b>%b</%brow>"
        % (
            prefix,
            _REFERENCE.sub(b'r="%d"' % number, attributes),
            b"".join(cells[key] for key in sorted(cells)),
            prefix,
        )
        for number, (attributes, cells) in sorted(rows.items())
    )
    return xml[: spans[0][1].start()] + written + xml[spans[-1][1].end() :] if spans else xml


def _moved_anchor(anchor: bytes, resize: Resize) -> bytes:
    """A chart or picture that begins below the table, moved with the rows; any other stays."""
    first = _ANCHOR_ROW.search(anchor)
    if not first or int(first[2]) < resize.table.last_row:
        return anchor
    return _ANCHOR_ROW.sub(lambda row: b"%b%d%b" % (row[1], resize.row(int(row[2]) + 1) - 1, row[3]), anchor)


def _moved_note(note: bytes, resize: Resize) -> bytes:
    """The box of a cell's note, or of a button, moved as its cell is."""
    cell = {name: int(number) for name, number in _NOTE_CELL.findall(note)}
    anchor = _NOTE_ANCHOR.search(note)
    box = [int(part) for part in anchor[2].split(b",")] if anchor else []  # left, top, right, bottom, and offsets
    if b"Row" not in cell and len(box) != 8:
        return note
    row = cell.get(b"Row", box[2] if box else 0) + 1
    added = resize.place(row, cell.get(b"Column", resize.table.first_column - 1) + 1) - row
    if len(box) == 8:
        box[2], box[6] = box[2] + added, box[6] + added
        note = _NOTE_ANCHOR.sub(lambda found: found[1] + ", ".join(map(str, box)).encode() + found[3], note)
    return _NOTE_ROW.sub(rb"\g<1>%d\2" % (row - 1 + added), note)


def _with_sources(xml: bytes, resize: Resize) -> bytes:
    """A chart of moved cells; of the table's columns it keeps no values, which would be all of them once more."""

    def moved(found: re.Match[bytes]) -> bytes:
        text = html.unescape(found[3].decode())
        kept = b"" if resize.reaches(text) else found[5] or b""
        return found[1] + escape(resize.formula(text, "", is_column=True)).encode() + found[4] + kept

    return _CHART_SOURCE.sub(moved, xml)

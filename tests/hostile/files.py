"""Hostile files: what each is, how it is made, and what must become of it."""

from __future__ import annotations

import csv
import functools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
TABLE = "xl/tables/table1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

Make = Callable[[Path], object]


@dataclass(frozen=True)
class Hostile:
    """A file that does harm, or is only odd.

    Attributes
    ----------
    name : str
        The file's name. Where refused.csv has it, every command refuses it with what stands there in its sentence;
        otherwise every command takes it.
    make : callable
        Writes it at a path.
    is_heavy : bool
        Whether making or refusing it takes more than a moment.
    """

    name: str
    make: Make
    is_heavy: bool = False

    @property
    def said(self) -> str:
        """What the sentence says that refuses it; empty where it must be taken."""
        return refused().get(self.name, "")


@functools.cache
def refused() -> dict[str, str]:
    with (Path(__file__).parent / "refused.csv").open(encoding="utf-8", newline="") as file:
        return dict(list(csv.reader(file))[1:])


def written(data: bytes) -> Make:
    """A file of these bytes."""
    return lambda path: path.write_bytes(data)


def cell(reference: str, value: object = None, formula: str | None = None, **attributes: str) -> str:
    """A cell's XML: a number or text as its value, a formula, and what else its tag says."""
    said = "".join(f" {key}={quoteattr(text)}" for key, text in attributes.items())
    inside = "" if formula is None else f"<f>{escape(formula)}</f>"
    if isinstance(value, str):
        kind = ' t="str"' if formula is not None else ' t="inlineStr"'
        inside += f"<v>{escape(value)}</v>" if formula is not None else f"<is><t>{escape(value)}</t></is>"
        return f'<c r="{reference}"{kind}{said}>{inside}</c>'
    if value is not None:
        inside += f"<v>{value}</v>"
    return f'<c r="{reference}"{said}>{inside}</c>'


def rows(*lines: str, start: int = 10) -> str:
    """Rows of cells below those that every workbook has."""
    return "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, start))


def formulas(*texts: str, column: str = "A") -> str:
    """Formulas one below the other, from A10 on."""
    return rows(*(cell(f"{column}{10 + index}", formula=text) for index, text in enumerate(texts)))


def sheet(more_rows: str = "", after: str = "", before: str = "") -> str:
    """A sheet with a named input and result, an Excel table, and more."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>'
        + '<row r="1">'
        + cell("A1", "Label")
        + cell("B1", 50)
        + cell("D1", "entry")
        + cell("E1", "twice")
        + '</row><row r="2">'
        + cell("A2", "Double")
        + cell("B2", 100, "entry*2")
        + cell("D2", 1)
        + cell("E2", 2, "list[[#This Row],[entry]]*2")
        + f'</row>{more_rows}</sheetData>{after}<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>'
    )


def workbook(names: Mapping[str, str] | Iterable[tuple[str, str]] = (), sheets: str = "", more: str = "") -> str:
    """The part that lists the sheets and names."""
    pairs = [("entry", "S!$B$1"), ("double", "S!$B$2"), *(names.items() if isinstance(names, Mapping) else names)]
    defined = "".join(f"<definedName name={quoteattr(name)}>{escape(text)}</definedName>" for name, text in pairs)
    listed = sheets or '<sheet name="S" sheetId="1" r:id="rId1"/>'
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        f"<definedNames>{defined}</definedNames>{more}</workbook>"
    )


def relations(*targets: tuple[str, str, str]) -> str:
    """Relations of a part: the number, kind and target of each."""
    inside = "".join(
        f'<Relationship Id="{number}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}/>'
        for number, kind, target in targets
    )
    return f'{HEAD}<Relationships xmlns="{_RELATIONS}">{inside}</Relationships>'


def table(ref: str = "D1:E2", columns: str = "", name: str = "list") -> str:
    """The Excel table of the sheet."""
    formula = "<calculatedColumnFormula>list[[#This Row],[entry]]*2</calculatedColumnFormula>"
    columns = columns or (
        f'<tableColumns count="2"><tableColumn id="1" name="entry"/><tableColumn id="2" name="twice">{formula}'
        "</tableColumn></tableColumns>"
    )
    return (
        f'{HEAD}<table xmlns="{MAIN}" id="1" name={quoteattr(name)} displayName={quoteattr(name)} ref="{ref}">'
        f'<autoFilter ref="{ref}"/>{columns}</table>'
    )


def plain_parts() -> dict[str, str | bytes]:
    """The parts of a workbook that has nothing odd."""
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>'
        for part, kind in ((WORKBOOK, "sheet.main"), (SHEET, "worksheet"), (STYLES, "styles"), (TABLE, "table"))
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": relations(("rId1", "officeDocument", WORKBOOK)),
        WORKBOOK: workbook(),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "styles", "styles.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"),
        ),
        STYLES: f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        STRINGS: f'{HEAD}<sst xmlns="{MAIN}"><si><t>one</t></si></sst>',
        SHEET: sheet(),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "table", "../tables/table1.xml")),
        TABLE: table(),
    }


def book(
    more_rows: str = "",
    *,
    after: str = "",
    before: str = "",
    names: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    parts: Mapping[str, str | bytes | None] | None = None,
) -> Make:
    """A workbook with something in it."""

    def make(path: Path) -> None:
        found = {**plain_parts(), SHEET: sheet(more_rows, after, before), WORKBOOK: workbook(names), **(parts or {})}
        zipped(path, found)

    return make


def zipped(path: Path, parts: Mapping[str, str | bytes | None]) -> None:
    """A zip of these parts; those that are None are left out."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            if text is not None:
                archive.writestr(name, text)


def bomb(part: str, start: str, filling: bytes, times: int, end: str) -> Make:
    """A workbook of which one part is a filling so many times, packed small."""

    def make(path: Path) -> None:
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        head = stream.compress(start.encode()) + stream.flush(zlib.Z_FULL_FLUSH)
        middle = stream.compress(filling) + stream.flush(zlib.Z_FULL_FLUSH)
        tail = stream.compress(end.encode()) + stream.flush()
        checksum = zlib.crc32(start.encode())
        for _ in range(times):
            checksum = zlib.crc32(filling, checksum)
        checksum = zlib.crc32(end.encode(), checksum)
        size = len(start.encode()) + len(filling) * times + len(end.encode())
        others = {name: text for name, text in plain_parts().items() if name != part}
        zipped(path, others)
        add_member(path, part, head + middle * times + tail, checksum, size)

    return make


def add_member(path: Path, name: str, data: bytes, checksum: int, size: int, method: int = 8) -> None:
    """Append a member to a zip, whatever it says of itself."""
    raw = path.read_bytes()
    directory = raw.rindex(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<H2L", raw, directory + 10)
    encoded = name.encode()
    shared = struct.pack("<5H3L2H", 20, 0x800, method, 0, 33, checksum, len(data), size, len(encoded), 0)
    member = b"PK\x03\x04" + shared + encoded + data
    line = b"PK\x01\x02" + struct.pack("<H", 20) + shared + struct.pack("<3H2L", 0, 0, 0, 0, start) + encoded
    lines = raw[start : start + length] + line
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count + 1, count + 1, len(lines), start + len(member), 0)
    path.write_bytes(raw[:start] + member + lines + end)

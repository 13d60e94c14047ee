"""A worksheet's XML split at the cells whose values change: what stands between them is copied as it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from xladdin.workbook.file.values import kind_of, text_of

Address = tuple[int, int]  # row and column, from 1

MOST_ROWS = 1_048_576
_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</\1row>)", re.DOTALL)
CELL = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>.*?</\1c>)", re.DOTALL)
_ADDRESS = re.compile(rb'\br="([A-Z]*)(\d+)"')
_EMPTY = re.compile(rb"<((?:\w+:)?(?:row|sheetData))\b([^>]*?)/>")


@dataclass(slots=True)
class Slot:
    """A cell whose value is written anew: what stands before its type, and the formula that it keeps."""

    address: Address
    start: int
    end: int = 0
    tag: str = "c"
    attributes: dict[str, str] = field(default_factory=dict)
    formula: bytes = b""
    _around: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)  # by the kind of the value

    def kind(self, value: object) -> str:
        """The type that the cell declares for a value: only what a formula gives may be text in place."""
        kind = kind_of(value)
        return "inlineStr" if kind == "str" and not self.formula else kind

    def render(self, value: object) -> bytes:
        """The cell's XML with a value in it."""
        kind = self.kind(value)
        return self.opening(kind) + text_of(value) + self.closing(kind)

    def opening(self, kind: str) -> bytes:
        """The cell's XML before its value."""
        return self._around_value(kind)[0]

    def closing(self, kind: str) -> bytes:
        """The cell's XML after its value."""
        return self._around_value(kind)[1]

    def _around_value(self, kind: str) -> tuple[bytes, bytes]:
        if kind not in self._around:
            self._around[kind] = self._opening(kind), self._closing(kind)
        return self._around[kind]

    def _opening(self, kind: str) -> bytes:
        attributes = "".join(f' {name}="{escape(text, {chr(34): "&quot;"})}"' for name, text in self.attributes.items())
        if kind == "blank":
            return f"<{self.tag}{attributes}/>".encode() if not self.formula else self._opening("n")
        declared = "" if kind == "n" else f' t="{kind}"'
        inside = f'<{self._prefixed("is")}><{self._prefixed("t")} xml:space="preserve">'
        start = inside if kind == "inlineStr" else f"<{self._prefixed('v')}>"
        return f"<{self.tag}{attributes}{declared}>".encode() + self.formula + start.encode()

    def _closing(self, kind: str) -> bytes:
        if kind == "blank" and not self.formula:
            return b""
        names = ("t", "is") if kind == "inlineStr" else ("v",)
        return "".join(f"</{name}>" for name in (*map(self._prefixed, names), self.tag)).encode()

    def _prefixed(self, name: str) -> str:
        return self.tag[:-1] + name


def split(xml: bytes, addresses: Container[Address]) -> tuple[list[bytes], list[Slot]]:
    """The parts of a sheet's XML around the cells that change, and these cells.

    Parameters
    ----------
    xml : bytes
        The sheet's part.
    addresses : container
        The addresses of the cells whose values change.

    Returns
    -------
    list of bytes, list of Slot
        One part more than there are slots.
    """
    cells = [slot for slot in _cells(xml) if slot.address in addresses]
    parts = []
    position = 0
    for slot in cells:
        parts.append(xml[position : slot.start])
        position = slot.end
    return [*parts, xml[position:]], cells


@dataclass(slots=True)
class _Element:
    """A row, or all of them, in a sheet's XML: where it ends, and the number and start of each member."""

    end: int = 0
    members: list[tuple[int, int]] = field(default_factory=list)

    def place_of(self, number: int) -> int:
        """Where a new member of this number belongs."""
        return next((start for other, start in self.members if other > number), self.end)


def with_cells(xml: bytes, addresses: Iterable[Address]) -> bytes:
    """The sheet's XML with a blank cell at each of these addresses that has none."""
    missing = sorted(set(addresses) - {slot.address for slot in _cells(xml)})
    if not missing:
        return xml
    xml = _EMPTY.sub(rb"<\1\2></\1>", xml)
    prefix, data, rows = _elements(xml)
    insertions = []
    for number, group in itertools.groupby(missing, key=lambda address: address[0]):
        cells = [(column, f'<{prefix}c r="{reference_of((number, column))}"/>') for _, column in group]
        if number in rows:
            insertions += [(rows[number].place_of(column), cell) for column, cell in cells]
        else:
            row = f'<{prefix}row r="{number}">{"".join(cell for _, cell in cells)}</{prefix}row>'
            insertions.append((data.place_of(number), row))
    pieces = []
    position = 0
    for place, text in insertions:
        pieces += [xml[position:place], text.encode()]
        position = place
    return b"".join([*pieces, xml[position:]])


def _elements(xml: bytes) -> tuple[str, _Element, dict[int, _Element]]:
    """The prefix of the sheet's tags, its data, and each of its rows by number."""
    parser = expat.ParserCreate()
    prefix = ""
    data = _Element()
    rows: dict[int, _Element] = {}
    number = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal prefix, number
        name = tag.rpartition(":")[2]
        if name == "sheetData":
            prefix = tag.removesuffix(name)
        elif name == "row":
            number = int(attributes.get("r", number + 1))
            rows[number] = _Element()
            data.members.append((number, parser.CurrentByteIndex))
        elif name == "c" and number:
            rows[number].members.append((address_of(attributes["r"])[1], parser.CurrentByteIndex))

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "sheetData":
            data.end = parser.CurrentByteIndex
        elif name == "row":
            rows[number].end = parser.CurrentByteIndex

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(xml, True)
    return prefix, data, rows


def _cells(xml: bytes) -> list[Slot]:
    """Every cell in the sheet's data, in the order of the file."""
    parser = expat.ParserCreate()
    found: list[Slot] = []
    formula_start = -1

    def end_of_element(tag: str) -> int:
        here = parser.CurrentByteIndex  # at the closing tag, or behind an element that is its own
        return xml.index(b">", here) + 1 if xml.startswith(f"</{tag}".encode(), here) else here

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal formula_start
        name = tag.rpartition(":")[2]
        if name == "c":
            kept = {key: text for key, text in attributes.items() if key != "t"}
            found.append(Slot(address_of(attributes["r"]), parser.CurrentByteIndex, tag=tag, attributes=kept))
        elif name == "f" and found and not found[-1].end:
            formula_start = parser.CurrentByteIndex

    def end(tag: str) -> None:
        nonlocal formula_start
        name = tag.rpartition(":")[2]
        if name == "c":
            found[-1].end = end_of_element(tag)
        elif name == "f" and formula_start >= 0:
            found[-1].formula = xml[formula_start : end_of_element(tag)]
            formula_start = -1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(xml, True)
    return found


def row_spans(xml: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Each row of a sheet: its number, and where it stands, with its cells as the third group."""
    for found in _ROW.finditer(xml):
        reference = _ADDRESS.search(found[2])
        if reference:
            yield int(reference[2]), found


def cell_spans(row: bytes | None) -> Iterator[tuple[int, bytes]]:
    """Each cell of a row: its column and its text."""
    for found in CELL.finditer(row or b""):
        reference = _ADDRESS.search(found[2])
        if reference:
            yield address_of(f"{reference[1].decode()}1")[1], found[0]


def address_of(reference: str) -> Address:
    """Row and column of a reference such as B7 or $B$7.

    Examples
    --------
    >>> address_of("$AB$7")
    (7, 28)
    """
    column = 0
    letters = reference.replace("$", "").rstrip("0123456789")
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference.replace("$", "")[len(letters) :]), column


def reference_of(address: Address) -> str:
    """A row and column as a reference such as B7."""
    row, column = address
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"

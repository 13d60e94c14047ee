"""A worksheet's XML split at the cells whose values change: what stands between them is copied as it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Container, Iterable, Iterator, Set
from dataclasses import dataclass, field
from xml.parsers import expat

from xladdin.workbook.file.splice import spliced
from xladdin.workbook.file.values import escape_all, kind_of, text_of

Address = tuple[int, int]  # row and column, from 1

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</\1row>)", re.DOTALL)
CELL = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>.*?</\1c>)", re.DOTALL)
_ADDRESS = re.compile(rb'\br="([A-Z]*)(\d+)"')
_DATA = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*?(?:/>|>.*</\1sheetData\s*>)", re.DOTALL)
_ENCODING = re.compile(rb'<\?xml[^>]*?encoding=["\'](?!utf-8|UTF-8)([\w.-]+)')
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*\?>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_FILTER = re.compile(rb'<((?:\w+:)?)autoFilter\b[^>]*?\bref="([A-Z0-9:$]+)"[^>]*?(?:/>|>.*?</\1autoFilter>)', re.DOTALL)
_EMPTY = re.compile(rb"<((?:\w+:)?(?:row|sheetData))\b([^>]*?)/>")
_WITHOUT_ADDRESS = re.compile(rb"<(?:\w+:)?(?:row|c)(?=[\s/>])(?![^>]*\sr\s*=)")


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
        attributes = "".join(f' {name}="{escape_all(text)}"' for name, text in self.attributes.items())
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
    cells = _cells(xml, addresses)
    parts = []
    position = 0
    for slot in cells:
        parts.append(xml[position : slot.start])
        position = slot.end
    return [*parts, xml[position:]], cells


def data_span(xml: bytes) -> tuple[int, int]:
    """Where the sheet's cells stand: what is outside may have elements of the same names, such as a drawing's rows.

    Raises
    ------
    ValueError
        When the sheet has no data.
    """
    found = _DATA.search(xml)
    if found is None:
        raise ValueError("a sheet has no sheetData")
    return found.span()


@dataclass(slots=True)
class _Element:
    """A row, or all of them, in a sheet's XML: where it ends, and the number and start of each member."""

    end: int = 0
    members: list[tuple[int, int]] = field(default_factory=list)

    def place_of(self, number: int) -> int:
        """Where a new member of this number belongs."""
        return next((start for other, start in self.members if other > number), self.end)


def with_cells(xml: bytes, addresses: Set[Address]) -> bytes:
    """The sheet's XML with a blank cell at each of these addresses that has none."""
    missing = sorted(addresses - {slot.address for slot in _cells(xml, addresses)})
    if not missing:
        return xml
    first, last = data_span(xml)
    data = _EMPTY.sub(rb"<\1\2></\1>", xml[first:last])
    prefix, whole, rows = _elements(data)
    insertions = []
    for number, group in itertools.groupby(missing, key=lambda address: address[0]):
        cells = [(column, f'<{prefix}c r="{reference_of((number, column))}"/>') for _, column in group]
        if number in rows:
            insertions += [(rows[number].place_of(column), cell) for column, cell in cells]
        else:
            row = f'<{prefix}row r="{number}">{"".join(cell for _, cell in cells)}</{prefix}row>'
            insertions.append((whole.place_of(number), row))
    changes = [(place, place, text.encode()) for place, text in insertions]
    return spliced(xml, [(first, last, spliced(data, changes))])


def normalized(xml: bytes) -> bytes:
    """The sheet's XML in UTF-8 and with addresses; itself where it is so."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")) or _ENCODING.match(xml):
        found = _ENCODING.match(xml)
        encoding = found[1].decode() if found else "utf-16"
        xml = _DECLARATION.sub(b'<?xml version="1.0" encoding="UTF-8"?>', xml.decode(encoding).encode(), count=1)
    return with_addresses(xml)


def hidden_rows(xml: bytes, filters: Callable[[], Iterable[tuple[int, int]]]) -> tuple[frozenset[int], frozenset[int]]:
    """The rows that are hidden by hand, and those that a filter of the sheet or of its tables hides."""
    if b"hidden=" not in xml:
        return frozenset(), frozenset()
    hidden = {number for number, found in row_spans(xml) if _HIDDEN.search(found[2])}
    filtered: set[int] = set()
    for found in _FILTER.finditer(xml):
        first, _, last = found[2].decode().partition(":")
        if b"filterColumn" in found[0]:
            start, end = address_of(first)[0] + 1, address_of(last or first)[0]
            filtered |= {number for number in hidden if start <= number <= end}
    for start, end in filters() if hidden else ():
        filtered |= {number for number in hidden if start <= number <= end}
    return frozenset(hidden - filtered), frozenset(filtered)


def with_addresses(xml: bytes) -> bytes:
    """The sheet's XML in which each row has its number and each cell its reference, which some writers leave out.

    A row without is the one after the row before it, a cell without the one to the right of the cell before it.
    """
    first, last = data_span(xml)
    data = xml[first:last]
    if not _WITHOUT_ADDRESS.search(data):
        return xml
    parser = expat.ParserCreate()
    insertions: list[tuple[int, int, bytes]] = []
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        name = tag.rpartition(":")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
            address = str(row)
        elif name == "c":
            column = address_of(attributes["r"])[1] if "r" in attributes else column + 1
            address = reference_of((row, column))
        else:
            return
        if "r" not in attributes:
            place = parser.CurrentByteIndex + len(f"<{tag}".encode())
            insertions.append((place, place, f' r="{address}"'.encode()))

    parser.StartElementHandler = start
    parser.Parse(data, True)
    return spliced(xml, [(first, last, spliced(data, insertions))])


def _elements(data: bytes) -> tuple[str, _Element, dict[int, _Element]]:
    """The prefix of the tags of a sheet's data, all of them, and each row by number."""
    parser = expat.ParserCreate()
    prefix = ""
    whole = _Element()
    rows: dict[int, _Element] = {}
    number = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal prefix, number
        name = tag.rpartition(":")[2]
        if name == "sheetData":
            prefix = tag.removesuffix(name)
        elif name == "row":
            number = int(attributes["r"])
            rows[number] = _Element()
            whole.members.append((number, parser.CurrentByteIndex))
        elif name == "c":
            rows[number].members.append((address_of(attributes["r"])[1], parser.CurrentByteIndex))

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "sheetData":
            whole.end = parser.CurrentByteIndex
        elif name == "row":
            rows[number].end = parser.CurrentByteIndex

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return prefix, whole, rows


def _cells(xml: bytes, addresses: Container[Address]) -> list[Slot]:
    """The cells at these addresses in the sheet's data, in the order of the file."""
    first, last = data_span(xml)
    parser = expat.ParserCreate()
    found: list[Slot] = []
    formula_start = -1
    is_wanted = False  # the cell in hand

    def here() -> int:
        return first + int(parser.CurrentByteIndex)

    def end_of_element(tag: str) -> int:
        place = here()  # at the closing tag, or behind an element that is its own
        return xml.index(b">", place) + 1 if xml.startswith(f"</{tag}".encode(), place) else place

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal formula_start, is_wanted
        name = tag.rpartition(":")[2]
        if name == "c":
            address = address_of(attributes["r"])
            is_wanted = address in addresses
            if is_wanted:
                kept = {key: text for key, text in attributes.items() if key != "t"}
                found.append(Slot(address, here(), tag=tag, attributes=kept))
        elif name == "f" and is_wanted:
            formula_start = here()

    def end(tag: str) -> None:
        nonlocal formula_start, is_wanted
        name = tag.rpartition(":")[2]
        if name == "c" and is_wanted:
            found[-1].end = end_of_element(tag)
            is_wanted = False
        elif name == "f" and formula_start >= 0:
            found[-1].formula = xml[formula_start : end_of_element(tag)]
            formula_start = -1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(xml[first:last], True)
    return found


def row_spans(xml: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Each row of a sheet: its number, and where it stands, with its cells as the third group."""
    for found in _ROW.finditer(xml, *data_span(xml)):
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

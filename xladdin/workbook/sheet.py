"""A worksheet's XML split at the cells whose values change: what stands between them is copied as it is."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from xladdin.errors import CODES

Address = tuple[int, int]  # row and column, from 1

_INVALID_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(slots=True)
class Slot:
    """A cell whose value is written anew: what stands before its type, and the formula that it keeps."""

    address: Address
    start: int
    end: int = 0
    tag: str = "c"
    attributes: dict[str, str] = field(default_factory=dict)
    formula: bytes = b""

    def render(self, value: object) -> bytes:
        """The cell's XML with a value in it."""
        kind, text = cell_text(value)
        if kind == "str" and not self.formula:
            kind = "inlineStr"  # "str" is for what a formula gives
        return self.opening(kind) + text + self.closing(kind)

    def opening(self, kind: str) -> bytes:
        """The cell's XML before its value."""
        attributes = "".join(f' {name}="{escape(text, {chr(34): "&quot;"})}"' for name, text in self.attributes.items())
        if kind == "blank":
            return f"<{self.tag}{attributes}/>".encode() if not self.formula else self.opening("n")
        declared = "" if kind == "n" else f' t="{kind}"'
        inside = f'<{self._prefixed("is")}><{self._prefixed("t")} xml:space="preserve">'
        start = inside if kind == "inlineStr" else f"<{self._prefixed('v')}>"
        return f"<{self.tag}{attributes}{declared}>".encode() + self.formula + start.encode()

    def closing(self, kind: str) -> bytes:
        """The cell's XML after its value."""
        if kind == "blank" and not self.formula:
            return b""
        names = ("t", "is") if kind == "inlineStr" else ("v",)
        return "".join(f"</{name}>" for name in (*map(self._prefixed, names), self.tag)).encode()

    def _prefixed(self, name: str) -> str:
        return self.tag[:-1] + name


def cell_text(value: object) -> tuple[str, bytes]:
    """The type that a cell declares for a value, and the value as it is written there."""
    if value is None:
        return "blank", b""
    if isinstance(value, bool):
        return "b", b"1" if value else b"0"
    if isinstance(value, (int, float)):
        return "n", repr(value).encode()
    text = str(value)
    if text in CODES:
        return "e", text.encode()
    return "str", escape(_INVALID_IN_XML.sub("\ufffd", text)).encode()


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

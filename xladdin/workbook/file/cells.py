"""What the cells of a worksheet hold, read from its XML."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from xladdin.core.errors import CODES
from xladdin.workbook.file.sheet import Address, address_of, data_span, reference_of

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA_KINDS = ("array", "shared", "dataTable")


@dataclass(slots=True)
class Formula:
    """A cell's formula as it is written: its text, and what the tag around it says."""

    text: str
    attributes: dict[str, str]

    @property
    def kind(self) -> str:
        """ "array", "shared", "dataTable", or nothing of an ordinary one."""
        found = self.attributes.get("t", "")
        return found if found in _FORMULA_KINDS else ""


@dataclass(slots=True)
class Cell:
    """A cell: its value (of a formula the stored one, None where none is), its formula and its style."""

    address: Address
    value: Any = None
    formula: Formula | None = None
    style: int = 0
    is_dynamic: bool = False


@dataclass(slots=True)
class _Reading:
    """What is read of the cell in hand."""

    kind: str = "n"
    text: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    formula: list[str] = field(default_factory=list)


def read_cells(xml: bytes, strings: list[str]) -> list[Cell]:
    """The cells of a sheet that hold anything, in the order of the file.

    Raises
    ------
    ValueError
        When a cell holds what no cell can, in a sentence that names it.
    """
    first, last = data_span(xml)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found: list[Cell] = []
    reading = _Reading()
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal reading
        name = tag.rpartition(":")[2]
        path.append(name)
        if name == "c":
            reading = _Reading(attributes.get("t", "n"))
            found.append(
                Cell(
                    _address(attributes["r"]),
                    style=_style(attributes.get("s", "0")),
                    is_dynamic=attributes.get("cm", "0") != "0",
                )
            )
        elif name == "f" and found:
            found[-1].formula = Formula("", attributes)

    def characters(text: str) -> None:
        match path[-1]:
            case "v":
                reading.text.append(text)
            case "f":
                reading.formula.append(text)
            case "t" if "rPh" not in path:
                reading.inline.append(text)

    def end(tag: str) -> None:
        name = path.pop()
        if name == "f" and found and found[-1].formula:
            found[-1].formula.text = "".join(reading.formula)
        elif name == "c":
            cell = found[-1]
            try:
                cell.value = _value(reading, strings)
            except (ValueError, IndexError):
                shown = "".join(reading.text)[:60]
                raise ValueError(
                    f"cell {reference_of(cell.address)} holds {shown!r}, which is none of its kind"
                ) from None

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(xml[first:last], True)
    return [cell for cell in found if cell.value is not None or cell.formula is not None or cell.style]


def _style(text: str) -> int:
    return int(text) if text.isdecimal() else 0  # as one that is not there


def _address(text: str) -> Address:
    try:
        row, column = address_of(text)
    except ValueError:
        row = column = 0
    if not (1 <= row <= 1_048_576 and 1 <= column <= 16_384):
        raise ValueError(f"a cell says that it is {text[:20]!r}, which no sheet has")
    return row, column


def _value(reading: _Reading, strings: list[str]) -> Any:
    text = "".join(reading.text)
    match reading.kind:
        case "s":
            if not text.strip():
                return None
            index = int(text)
            if index < 0:
                raise IndexError
            return strings[index]
        case "inlineStr":
            return _unescaped("".join(reading.inline))
        case "str":
            return _unescaped(text)
        case "b":
            return text.strip() in ("1", "true") if text else None
        case "e":
            return text if text in CODES else "#VALUE!" if text else None
        case "d":
            if text and "-" not in text:
                return datetime.time.fromisoformat(text)
            return datetime.datetime.fromisoformat(text) if text else None
    if not text.strip():
        return None
    if "_" in text:
        raise ValueError(text)
    if text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    if value - value != 0:
        raise ValueError(text)
    return value


class Spelled(str):
    """Text that spells an error and is none."""


def _unescaped(text: str) -> str:
    if text in CODES:
        return Spelled(text)
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def shared_strings(root: ElementTree.Element) -> list[str]:
    """The texts that cells refer to by their number, without the reading marks of East Asian scripts."""
    return [_unescaped("".join(_texts(item))) for item in root.iterfind("{*}si")]


def _texts(item: ElementTree.Element) -> Iterator[str]:
    for child in item:
        name = child.tag.rpartition("}")[2]
        runs = [child] if name == "t" else child.iterfind("{*}t") if name == "r" else ()
        yield from (run.text or "" for run in runs)

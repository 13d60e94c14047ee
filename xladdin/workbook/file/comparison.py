"""Two workbook files held against each other part by part: byte for byte the same, but numbers within a bound.

The last digits of a power or a logarithm are not the same on every processor (numpy takes other instructions where
there are others), and so are those of every stored number that comes of one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from xladdin.workbook.file.package import open_package

RELATIVE = 1e-12
NOTHING = 1e-9  # below it a number counts as 0: what is left of the difference of two equal figures has no digits

# The value of a cell that declares no type but that of a number, and of a chart's point.
_NUMBER = re.compile(
    rb"""(?:<(?:\w+:)?c[ ](?:r="(?P<cell>\w+)"|(?!t=")\w+="[^"]*"|t="n"|\s)*>
            (?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?
          |<(?:\w+:)?pt[ ]idx="\d+"[^>]*>)
         <(?:\w+:)?v>(?P<value>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?=</)""",
    re.VERBOSE,
)
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="(\w+)"')
_SHOWN = 40  # bytes of the XML around a difference


class _Number(NamedTuple):
    """A stored number, where it is, and the XML between the one before it and itself."""

    before: bytes
    place: str
    value: bytes


def differences(first: Path, second: Path) -> list[str]:
    """In what two workbook files differ, a sentence for each part: its first difference; nothing when they are equal.

    Raises
    ------
    UnreadableError
        When one of them is no workbook.
    """
    package, other = open_package(first), open_package(second)
    if list(package.members) != list(other.members):
        only = sorted(set(package.members) ^ set(other.members))
        return [f"not both have {', '.join(only)}" if only else "their parts are not in the same order"]
    found = ((part, _difference(package.read(part), other.read(part))) for part in package.members)
    return [f"{part}{difference}" for part, difference in found if difference]


def _difference(text: bytes, other: bytes) -> str:
    """The first difference of two parts, if there is one."""
    if text == other:
        return ""
    place = ""
    for one, two in zip_longest(_numbers(text), _numbers(other)):
        if one is None or two is None or one.before != two.before:
            return _structure(place, one.before if one else b"", two.before if two else b"")
        place = one.place or place
        if not _equal(one.value, two.value):
            return f"{one.place}: {one.value.decode()} is not {two.value.decode()}"
    return ""


def _numbers(text: bytes) -> Iterator[_Number]:
    """The stored numbers of a part; the last stands for the end."""
    end = 0
    for match in _NUMBER.finditer(text):
        place = f", cell {match['cell'].decode()}" if match["cell"] else ""
        yield _Number(text[end : match.start("value")], place, match["value"])
        end = match.end("value")
    yield _Number(text[end:], "", b"0")


def _equal(one: bytes, two: bytes) -> bool:
    number, other = float(one), float(two)
    return math.isclose(number, other, rel_tol=RELATIVE) or max(abs(number), abs(other)) < NOTHING


def _structure(place: str, one: bytes, two: bytes) -> str:
    """The first difference of two texts between numbers."""
    same = next(index for index, pair in enumerate(zip_longest(one, two)) if len(set(pair)) == 2)
    cells = _CELL.findall(one[:same])
    where = f", cell {cells[-1].decode()}" if cells else place and f", after{place.removeprefix(',')}"
    shown = (text[max(0, same - _SHOWN) : same + _SHOWN].decode(errors="replace") for text in (one, two))
    return f"{where}: {' is not '.join(map(repr, shown))}"

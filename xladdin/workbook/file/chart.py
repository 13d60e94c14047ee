"""The values that a chart keeps of the cells it shows, so that they follow the cells."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from xladdin.workbook import columns
from xladdin.workbook.file.values import kind_of, text_of
from xladdin.workbook.references import Area, NoReferenceError, area_of

_SOURCE = re.compile(
    rb"<(?P<prefix>\w+:)?f>(?P<reference>[^<]*)</(?P=prefix)?f>\s*"
    rb"<(?P=prefix)?(?P<kind>num|str)Cache>(?P<inside>.*?)</(?P=prefix)?(?P=kind)Cache>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One stored value of a chart: the cell that it is of, and how it is written."""

    sheet: str
    address: tuple[int, int]
    index: int
    prefix: str
    is_number: bool

    def kind(self, value: object) -> str:
        kind = kind_of(value)
        if self.is_number:
            return kind if kind == "n" else "blank"
        return "label" if kind in ("n", "b") else kind

    def render(self, value: object) -> bytes:
        """The point's XML; a number that is none is left out, as a gap, and a label is text whatever it is of."""
        kind = self.kind(value)
        if kind == "blank":
            return b""
        return self.opening(kind) + text_of(columns.text(value) if kind == "label" else value) + self.closing(kind)

    def opening(self, kind: str) -> bytes:
        return f'<{self.prefix}pt idx="{self.index}"><{self.prefix}v>'.encode()

    def closing(self, kind: str) -> bytes:
        return f"</{self.prefix}v></{self.prefix}pt>".encode()


def split(xml: bytes, changes: Callable[[Area], bool]) -> tuple[list[bytes], list[Point]]:
    """The parts of a chart's XML around the stored values that change, and these values."""
    parts: list[bytes] = []
    points: list[Point] = []
    position = 0
    for match in _SOURCE.finditer(xml):
        try:
            area = area_of(html.unescape(match["reference"].decode()), "")
        except NoReferenceError:
            continue
        if not changes(area):
            continue
        prefix = (match["prefix"] or b"").decode()
        addresses = [address for row in area.rows() for address in row]
        before_points = re.split(rf"<{prefix}pt(?:Count)?\b".encode(), match["inside"], maxsplit=1)[0]
        count = f'<{prefix}ptCount val="{len(addresses)}"/>'.encode()
        parts.append(xml[position : match.start("inside")] + before_points + count)
        points += [
            Point(area.sheet, address, index, prefix, match["kind"] == b"num")
            for index, address in enumerate(addresses)
        ]
        parts += [b""] * (len(addresses) - 1)
        position = match.end("inside")
    return [*parts, xml[position:]], points

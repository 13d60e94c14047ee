"""A worksheet filled with rows after the pattern of one: streamed, so that their number does not matter."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xladdin.workbook.columns import Column
from xladdin.workbook.file.sheet import Slot, reference_of, split
from xladdin.workbook.file.values import escape, one_kind, text_of, texts_of_kind
from xladdin.workbook.references import around_rows

_ROW = rb"<((?:\w+:)?)row\b[^>]*?\br=\"%d\"[^>]*?(?:/>|>.*?</\1row>)"
_FORMULA = re.compile(rb"(<[^>]*>)([^<]*)(<.*)", re.DOTALL)
_OF_ARRAY = re.compile(rb'(?<=\sref=")[^"]*')  # the cells of an array formula, which are of its own row
Piece = bytes | Sequence[bytes]  # a part of every row: the same in all of them, or one for each

_MARK = "\0"  # on both sides of a number that is so far below the row; no XML holds it


@dataclass(frozen=True)
class Pattern:
    """A sheet around one of its rows, and that row: its opening tag, its cells by column, its closing tag.

    Where a cell's reference or formula has the number of its row, or of one relative to it, the distance stands
    between marks.
    """

    head: bytes
    tail: bytes
    opening: bytes
    slots: dict[int, Slot]
    closing: bytes


def pattern_of(xml: bytes, row: int, columns: Collection[int] | None = None) -> Pattern:
    """The pattern that one row of a sheet makes, with all of its cells or those of some columns.

    Raises
    ------
    ValueError
        When the sheet has no such row.
    """
    match = re.search(_ROW % row, xml, re.DOTALL)
    if match is None:
        raise ValueError(f"the sheet has no row {row}")
    tag = match[0][: match[0].index(b">")].removesuffix(b"/")
    tag = re.sub(rb'\sspans="[^"]*"', b"", tag)
    _, slots = split(xml, _RowOf(row))
    return Pattern(
        xml[: match.start()],
        xml[match.end() :],
        re.sub(rb'(?<=\br=")%d(?=")' % row, _marked(0).encode(), tag) + b">",
        {slot.address[1]: _unnumbered(slot) for slot in slots if columns is None or slot.address[1] in columns},
        b"</" + match[1] + b"row>",
    )


def fill(
    pattern: Pattern,
    first: int,
    columns: Mapping[int, Column],
    count: int,
    beside: Mapping[int, tuple[bytes, bytes]] | None = None,
) -> bytes:
    """The rows of a batch: the pattern's row with these columns in it, numbered from `first` on.

    Parameters
    ----------
    pattern : Pattern
        What all rows look like.
    first : int
        The number of the batch's first row.
    columns : mapping
        The values of each of the pattern's cells, by the number of its column.
    count : int
        The number of rows.
    beside : mapping, optional
        Cells that stand in some rows alone, by the row's number: those before the pattern's, and those after.
    """
    numbers = _Numbers(first, count)
    beside = {row: cells for row, cells in (beside or {}).items() if first <= row < first + count}
    pieces: list[Piece] = numbers.around(pattern.opening)
    if beside:
        pieces.append([beside.get(row, (b"", b""))[0] for row in range(first, first + count)])
    for place, slot in pattern.slots.items():
        pieces += _cells(slot, columns.get(place), numbers)
    if beside:
        pieces.append([beside.get(row, (b"", b""))[1] for row in range(first, first + count)])
    pieces.append(pattern.closing)
    return b"".join(itertools.chain.from_iterable(zip(*_few(pieces), strict=False)))


def _few(pieces: list[Piece]) -> Iterator[Iterable[bytes]]:
    """The pieces of every row, what is the same in all of them joined."""
    same: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            same.append(piece)
            continue
        if same:
            yield itertools.repeat(b"".join(same))
            same = []
        yield piece
    yield itertools.repeat(b"".join(same))


class _Numbers:
    """The numbers of a batch's rows, and of those so far below them, as text."""

    def __init__(self, first: int, count: int) -> None:
        self.count = count
        self._first = first
        self._texts: dict[int, list[bytes]] = {}

    def below(self, distance: int) -> list[bytes]:
        if distance not in self._texts:
            start = self._first + distance
            self._texts[distance] = [b"%d" % number for number in range(start, start + self.count)]
        return self._texts[distance]

    def around(self, text: bytes) -> list[Piece]:
        """Text with marked distances as the pieces of every row."""
        parts = text.split(_MARK.encode())
        return [self.below(int(part)) if place % 2 else part for place, part in enumerate(parts)]


def _cells(slot: Slot, column: Any, numbers: _Numbers) -> list[Piece]:
    """One column's cells as the pieces of every row."""
    if not hasattr(column, "dtype"):
        return numbers.around(slot.render(column))
    if kind := one_kind(column, slot):
        return [*numbers.around(slot.opening(kind)), texts_of_kind(column, kind), slot.closing(kind)]
    members = column.tolist()
    kinds = [slot.kind(member) for member in members]
    openings = {kind: slot.opening(kind).split(_MARK.encode()) for kind in set(kinds)}
    closings = {kind: slot.closing(kind) for kind in openings}
    pieces: list[Piece] = [  # whatever the kind, the same distances are marked
        numbers.below(int(part)) if place % 2 else [openings[kind][place] for kind in kinds]
        for place, part in enumerate(next(iter(openings.values())))
    ]
    return [*pieces, [text_of(member) for member in members], [closings[kind] for kind in kinds]]


def _unnumbered(slot: Slot) -> Slot:
    """A cell of the pattern with marks where the numbers of rows are."""
    row, column = slot.address
    slot.attributes["r"] = reference_of((row, column)).removesuffix(str(row)) + _marked(0)
    found = _FORMULA.fullmatch(slot.formula)
    if found:
        pieces = around_rows("=" + html.unescape(found[2].decode()), row)
        text = "".join(_marked(piece) if isinstance(piece, int) else escape(piece) for piece in pieces)[1:]
        tag = _OF_ARRAY.sub(lambda area: re.sub(rb"\d+", _marked(0).encode(), area[0]), found[1])
        slot.formula = tag + text.encode() + found[3]
    return slot


def _marked(distance: int) -> str:
    return f"{_MARK}{distance}{_MARK}"


class _RowOf:
    """All addresses of a row."""

    def __init__(self, row: int) -> None:
        self._row = row

    def __contains__(self, address: object) -> bool:
        return isinstance(address, tuple) and address[0] == self._row

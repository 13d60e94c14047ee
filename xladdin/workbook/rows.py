"""A worksheet filled with rows after the pattern of one: streamed, so that their number does not matter."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xladdin.workbook.columns import Column
from xladdin.workbook.render import texts
from xladdin.workbook.sheet import Slot, reference_of, split

MOST_ROWS = 1_048_576
_ROW = rb"<((?:\w+:)?)row\b[^>]*?\br=\"%d\"[^>]*?(?:/>|>.*?</\1row>)"


@dataclass(frozen=True)
class Pattern:
    """A sheet around one of its rows, and that row: its opening tag, its cells by column, its closing tag."""

    head: bytes
    tail: bytes
    opening: tuple[bytes, bytes]  # around the row's number
    slots: dict[int, Slot]
    closing: bytes


def pattern_of(xml: bytes, row: int) -> Pattern:
    """The pattern that one row of a sheet makes.

    Raises
    ------
    ValueError
        When the sheet has no such row.
    """
    match = re.search(_ROW % row, xml, re.DOTALL)
    if match is None:
        raise ValueError(f"the sheet has no row {row}")
    tag_end = match[0].index(b">") + 1
    before, after = re.split(rb"(?<=\br=\")%d(?=\")" % row, match[0][:tag_end], maxsplit=1)
    found = re.sub(rb'\sspans="[^"]*"', b"", after)
    _, slots = split(xml, _RowOf(row))
    return Pattern(
        xml[: match.start()],
        xml[match.end() :],
        (before, found),
        {slot.address[1]: slot for slot in slots},
        b"</" + match[1] + b"row>",
    )


def fill(pattern: Pattern, first: int, columns: Mapping[int, Column], count: int) -> bytes:
    """The rows of a batch: the pattern's row with these columns in it, numbered from `first` on."""
    numbers = [str(number).encode() for number in range(first, first + count)]
    pieces: list[Iterator[bytes] | Sequence[bytes]] = [
        itertools.repeat(pattern.opening[0]), numbers, itertools.repeat(pattern.opening[1])
    ]  # fmt: skip
    for place, slot in pattern.slots.items():
        column = columns.get(place)
        letters = reference_of((1, place))[:-1].encode()
        kind, values = texts(column, slot) if hasattr(column, "dtype") else ("", [slot.render(column)] * count)
        if kind:
            before, after = _around_number(slot.opening(kind), letters)
            pieces += [itertools.repeat(before), numbers, itertools.repeat(after), values]
            pieces.append(itertools.repeat(slot.closing(kind)))
        else:
            pieces.append([_numbered(text, letters, number) for text, number in zip(values, numbers, strict=True)])
    pieces.append(itertools.repeat(pattern.closing))
    return b"".join(itertools.chain.from_iterable(zip(*pieces, strict=False)))


def _around_number(opening: bytes, letters: bytes) -> tuple[bytes, bytes]:
    """A cell's opening tag around the row's number in its reference."""
    before, middle, after = opening.partition(b' r="' + letters)
    return before + middle, after[after.index(b'"') :]


def _numbered(text: bytes, letters: bytes, number: bytes) -> bytes:
    before, after = _around_number(text, letters)
    return before + number + after


class _RowOf:
    """All addresses of a row."""

    def __init__(self, row: int) -> None:
        self._row = row

    def __contains__(self, address: object) -> bool:
        return isinstance(address, tuple) and address[0] == self._row

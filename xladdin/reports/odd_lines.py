"""Lines of a table that are no rows, and such as are the same as others: what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars
from numpy.typing import NDArray

from xladdin.reports.remarks import Doubt
from xladdin.reports.wording import cut

EACH_COUNTS = "each is counted"
_SHOWN = 5  # lines that are told of


@dataclass
class SameLines:
    """What tells the lines that were read from each other, eight bytes of each."""

    _seen: list[tuple[NDArray[np.int64], NDArray[np.uint64]]] = field(default_factory=list)

    def clear(self) -> None:
        """Begin anew."""
        self._seen.clear()

    def note(self, lines: NDArray[np.int64], data: polars.DataFrame) -> None:
        """Keep some lines, of which those are the same that have the same in all of these columns."""
        self._seen.append((lines, data.hash_rows().to_numpy()))

    def told(self, path: Path, of_the_same: str) -> list[str]:
        """One sentence on the lines that are the same as others before them, and what is made of these."""
        if not self._seen:
            return []
        lines = np.concatenate([each for each, _ in self._seen])
        hashes = np.concatenate([each for _, each in self._seen])
        order = np.argsort(hashes, kind="stable")
        again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1]) + 1
        if not len(again):
            return []
        pairs = sorted((int(lines[order[place]]), int(lines[order[place - 1]])) for place in again.tolist())
        shown = ", ".join(f"line {line} is the same as line {other}" for line, other in pairs[:_SHOWN])
        more = f" and {len(pairs) - _SHOWN:,} more" if len(pairs) > _SHOWN else ""
        return [Doubt(f"{path}: {shown}{more}; {of_the_same}.")]


def lines_told(path: Path, no_rows: Sequence[tuple[int, str]]) -> list[str]:
    """One sentence on lines of totals and remarks."""
    if not no_rows:
        return []
    shown = ", ".join(f"line {line} ({cut(text, 30)})" for line, text in no_rows[:_SHOWN])
    more = f" and {len(no_rows) - _SHOWN} more" if len(no_rows) > _SHOWN else ""
    return [Doubt(f"{path}: not counted as a row: {shown}{more}.")]

"""Whether what can be read can be computed too: reports are tried, none is made, and rows one by one if need be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xladdin.reports.group_batch import GroupBatch

MOST_REPORTS = 500  # of many rows each, that are tried
MOST_ROWS = 20_000  # of one table, or reports of a row each, that are tried
_SHOWN = 10  # sentences on what is wrong
_MOST_ALONE = 200  # rows of a report that is no success, of which each is tried alone


@dataclass
class Tried:
    """What came of computing what a table would be made of.

    Attributes
    ----------
    what : str
        What is counted: a row or a report.
    wanted : int
        How many there are.
    computed : int
        How many of them were tried.
    failing : int
        How many of these are no success.
    told : list of str
        What is wrong with them, each where it is.
    """

    what: str
    wanted: int
    computed: int = 0
    failing: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """How much was tried, and how much of it is no success."""
        if not self.computed:
            return f"nothing, as there are more than {MOST_ROWS:,} rows" if self.wanted else "nothing"
        tried = f"the {self.what}" if self.wanted == 1 else f"{self.computed:,} of {self.wanted:,} {self.what}s"
        return f"{tried}; with an error or a failing check: {self.failing:,}"

    @property
    def first(self) -> list[str]:
        """What is wrong with the first of them, and how much more there is."""
        more = len(self.told) - _SHOWN
        return self.told[:_SHOWN] + ([f"and {more:,} more"] if more > 0 else [])

    def note(self, name: str, batch: GroupBatch, alone: Iterable[tuple[int, GroupBatch]]) -> None:
        """Try a report of many rows; where it is no success, each of its rows alone says whether it is the reason."""
        self.computed += 1
        (fault,) = batch.failures()
        if not fault:
            return
        self.failing += 1
        found = []
        for number, (line, one) in enumerate(alone):
            if number == _MOST_ALONE:
                break
            (of_line,) = one.failures()
            if of_line:
                found.append(f"line {line}, by itself: {of_line}")
        self.told += [f"{name}: {fault}", *found]

    def note_rows(self, lines: Iterable[int], faults: Iterable[str]) -> None:
        """Reports of a row each, by their lines."""
        for line, fault in zip(lines, faults, strict=True):
            self.computed += 1
            if fault:
                self.failing += 1
                self.told.append(f"line {line}: {fault}")

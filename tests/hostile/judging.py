"""What is asked of every command on a hostile file, and whether what came of it is as it has to be."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from hostile.files import Hostile, book

LONGEST = float(os.environ.get("HOSTILE_SECONDS", "60"))  # seconds of the processor: the most that is told beforehand
LARGEST = 2**30  # bytes of memory
_NO_TIME_LEFT = -24  # by the signal SIGXCPU, for which Windows has no name
_LONGEST_SENTENCE = 500
_UNTOLD = 10.0  # seconds of the processor that a command may take without saying so before
_TOLD = re.compile(r"^xladdin: .* it takes .* compute it once.*\n", re.MULTILINE)
_OTHERWISE = (
    "folder.xlsx",
    "gone.xlsx",
    "pipe.xlsx",
    "device.xlsx",
    "symlink-to-itself.xlsx",
    "nulls.parquet",
    # What a report does not go on with, though it can be opened and computed: a result that comes out otherwise than it
    # is stored, an input without a column, a part that is not there.
    "row-0.xlsx",
    "cell-in-a-cell.xlsx",
    "input-is-an-error.xlsx",
    "what-if-at-the-edge.xlsx",
    "name-without-name.xlsx",
    "name-twice.xlsx",
    "name-is-markup.xlsx",
    "name-of-50000-characters.xlsx",
    "sheet-with-marks.xlsx",
    "table-without-columns.xlsx",
    "table-at-the-end.xlsx",
    "drawing-leads-nowhere.xlsx",
)  # by command
_NOT_FOR_PEOPLE = (
    "Traceback (most recent call last)",
    "panicked at",
    "RUST_BACKTRACE",
    "Error: ",
    "polars",
    "calamine",
    "openpyxl",
)

OF_WORKBOOKS = {
    "recalc": ("recalc", "{file}", "-o", "made.xlsx"),
    "new": ("new", "{file}", "-o", "made.xlsx"),
    "check": ("check", "{file}"),
    "out": ("report", "rows.csv", "--template", "{file}", "--out", "made", "--defaults"),
    "into": ("report", "rows.csv", "--template", "{file}", "--into", "made.xlsx", "--defaults"),
    "table": ("report", "{file}", "--template", "plain.xlsx", "--out", "made"),
}
OF_TABLES = {
    "check": ("check", "{file}", "--template", "plain.xlsx"),
    "out": ("report", "{file}", "--template", "plain.xlsx", "--out", "made"),
    "into": ("report", "{file}", "--template", "plain.xlsx", "--into", "made.xlsx"),
}


@dataclass(frozen=True)
class Became:
    """What came of a command.

    Attributes
    ----------
    code : int
        Its exit code; of a signal, minus its number.
    said : str
        What it said on both outputs.
    seconds : float
        Of the processor.
    memory : int
        The most that it held, in bytes.
    """

    code: int
    said: str
    seconds: float
    memory: int

    @property
    def fault(self) -> str:
        """What is wrong with it in any case: nothing that is made and no sentence that is said may be so."""
        if self.seconds > LONGEST or self.code == _NO_TIME_LEFT:
            return "hangs"
        if self.seconds > _UNTOLD and not _TOLD.search(self.said):
            return f"takes {self.seconds:.0f} s and does not say so"
        if self.memory > LARGEST:
            return f"takes {self.memory / 2**20:,.0f} MB"
        if self.code < 0:
            return f"ends by signal {-self.code}"
        for text in _NOT_FOR_PEOPLE:
            if text in self.said:
                return f"says {text.strip()!r}"
        if self.code not in (0, 1, 2, 3):
            return f"ends with {self.code}"
        lines = [line for line in _TOLD.sub("", self.said).splitlines() if line]
        if self.code >= 2 and len(lines) != 1:
            return f"says {len(lines)} lines"
        if any(len(line) > _LONGEST_SENTENCE for line in lines):
            return f"says a line of {max(map(len, lines)):,} characters"
        return ""


def prepare(folder: Path) -> None:
    """What the commands need beside the file."""
    (folder / "rows.csv").write_text("entry\n7\n8\n", encoding="utf-8")
    book()(folder / "plain.xlsx")


def commands(case: Hostile) -> dict[str, tuple[str, ...]]:
    return OF_WORKBOOKS if case.name.endswith((".xlsx", ".xlsm")) else OF_TABLES


def judged(case: Hostile, command: str, became: Became) -> str:
    """What is wrong with what came of a command; empty where nothing is."""
    if became.fault or command == "table" or case.name in _OTHERWISE:
        return became.fault
    if not case.said:
        return "" if became.code <= 1 else "is refused"
    if became.code <= 1:
        return "is taken"
    return "" if case.said in became.said else "says otherwise"

"""The rows that can't be used: each as it was, with its line and all that is wrong with it, as a table again."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from xladdin.core.errors import UserError, quoted
from xladdin.reports import destinations
from xladdin.reports.table import FORMULA_START
from xladdin.reports.text_files import OWN_COLUMNS

SHOWN = 5  # rejections that are kept to be told at once; all are in the list
_LIVE = re.compile(f"(^|[;\t])(?={FORMULA_START})")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: the column, what stands there, and what is allowed."""

    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        if not self.column:
            return self.reason
        return f"column {self.column}: found {short(self.value)}; {self.reason}"


@dataclass(frozen=True)
class Rejection:
    """A row that can't be used: its line, all its faults, and its values as they stand in the table."""

    line: int
    faults: list[Fault]
    row: Sequence[Any] = ()

    def __str__(self) -> str:
        return " | ".join(str(fault) for fault in self.faults)


@dataclass
class RejectedList:
    """The list of rejected rows; none is left from an earlier run when there are none now.

    Its methods raise a UserError when it can't be written.
    """

    path: Path
    columns: list[str]
    count: int = 0
    first: list[Rejection] = field(default_factory=list)
    _file: TextIO | None = None

    def __enter__(self) -> RejectedList:
        with self._errors():
            self.path.unlink(missing_ok=True)  # of a run that was killed
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            with contextlib.suppress(OSError):  # a full disk has been said, or will be
                self._file.close()
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)

    def add(self, rejections: Sequence[Rejection]) -> None:
        """Note rows."""
        if not rejections:
            return
        kept = [index for index, name in enumerate(self.columns) if name not in OWN_COLUMNS]
        with self._errors():
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("w", newline="", encoding="utf-8")
                self._write([[*OWN_COLUMNS, *(inert(self.columns[index]) for index in kept)]])
            self._write(
                [
                    [
                        each.line,
                        inert(str(each)),
                        *(_as_it_was(each.row[index]) for index in kept if index < len(each.row)),
                        *_beyond(self, each),
                    ]
                    for each in rejections
                ]
            )
        self.count += len(rejections)
        self.first += rejections[: SHOWN - len(self.first)]

    def _write(self, lines: list[list[Any]]) -> None:
        csv.writer(self._file, lineterminator="\n").writerows(lines)  # type: ignore[arg-type]

    def finish(self, out: str, name: str) -> None:
        """Put the list, or its absence, where the reports are."""
        if self._file is None:
            destinations.remove(out, name)
            return
        with self._errors():
            self._file.close()
            if destinations.is_url(out):
                destinations.send(self.path, out, name)
            else:
                self.path.replace(Path(out, name))
        self._file = None

    def _errors(self) -> destinations.readable_errors:
        return destinations.readable_errors(str(self.path.with_name(self.path.name.removeprefix("."))))


def check_list(place: str, name: str) -> None:
    """Refuse to write over a file that is no list of rejected rows.

    Raises
    ------
    UserError
        When it is another's.
    """
    start = destinations.start_of(place, name)
    if start is not None and not start.startswith(",".join(OWN_COLUMNS).encode()):
        raise UserError(
            f"{Path(place) / name} is there and is no list of rejected rows, which is written there; choose another "
            "place, or write over it with --force."
        )


def check_apart(path: Path, read: Iterable[Path]) -> None:
    """Refuse to read a file in the place of the list of rejected rows, which the run writes anew or removes.

    Raises
    ------
    UserError
        When one is there.
    """
    if any(path.resolve() == each.resolve() for each in read):
        raise UserError(
            f"{path} is read, and the list of rejected rows of this run is written there; give what is read another "
            "name."
        )


def short(text: str) -> str:
    """A value as it is told."""
    return quoted(text if len(text) <= 60 else f"{text[:57]}...")


def _as_it_was(value: Any) -> str:
    return "" if value is None else inert(str(value))


def _beyond(listed: RejectedList, rejection: Rejection) -> list[str]:
    """The value of a row that is beyond the columns of the header."""
    return [inert(str(value)) for value in rejection.row[len(listed.columns) :] if value is not None]


def inert(text: str) -> str:
    """Text that a spreadsheet would take for a formula when it opens the list, with an apostrophe before that.

    One of another country splits the line at semicolons or tabs too, whatever quotation marks stand around them.
    """
    if not _LIVE.search(text):
        return text
    try:
        float(text)
    except ValueError:
        return _LIVE.sub(r"\1'", text)
    return text

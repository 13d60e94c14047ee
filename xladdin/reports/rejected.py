"""The list of rows that can't be used: line, column, what was found, what is allowed."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path
from typing import TextIO

from xladdin.reports import places
from xladdin.reports.columns import Rejection


class RejectedList:
    """The list of rejected rows; none is left from an earlier run when there are none now.

    Its methods raise a UserError when it can't be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> RejectedList:
        with self._errors():
            self._path.unlink(missing_ok=True)  # of a run that was killed
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            with contextlib.suppress(OSError):  # a full disk has been said, or will be
                self._file.close()
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def add(self, rejection: Rejection) -> None:
        with self._errors():
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("w", newline="", encoding="utf-8")
                csv.writer(self._file, lineterminator="\n").writerow(["line", "column", "value", "reason"])
            line = [rejection.line, rejection.column, _inert(rejection.value), rejection.reason]
            csv.writer(self._file, lineterminator="\n").writerow(line)

    def finish(self, out: str, name: str) -> None:
        """Put the list, or its absence, where the reports are."""
        if self._file is None:
            places.remove(out, name)
            return
        with self._errors():
            self._file.close()
            if places.is_url(out):
                places.send(self._path, out, name)
            else:
                self._path.replace(Path(out, name))
        self._file = None

    def _errors(self) -> places.readable_errors:
        return places.readable_errors(str(self._path.with_name(self._path.name.removeprefix("."))))


def _inert(value: str) -> str:
    """Text that a spreadsheet would take for a formula when it opens the list, with an apostrophe before it."""
    try:
        float(value)
    except ValueError:
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return value

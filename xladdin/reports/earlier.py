"""What earlier runs left in a folder: reports that are as they would be made now, and those of rows that are gone."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xladdin.reports import batch as batches
from xladdin.reports import destinations
from xladdin.reports.manifest import Ledger
from xladdin.reports.remarks import Doubt
from xladdin.workbook.file.writing import write_whole_stream

LEFT = "left.csv"  # the files of rows that are gone, until they are removed
_HEADER = "file"


@dataclass
class Earlier:
    """What an earlier run made, of which some is kept.

    Attributes
    ----------
    ledger : Ledger
        What its manifest said.
    place : str
        The folder or URL.
    result_count : int
        How many results the manifest has of each report.
    note_kept : callable
        Is told the file and the errors of each report that is kept.
    """

    ledger: Ledger
    place: str
    result_count: int
    note_kept: Callable[[str, str], None]

    def __post_init__(self) -> None:
        self._sizes = destinations.sizes(self.place) if destinations.is_url(self.place) else None

    def has(self, file: str, digest: str, number: int, line: int, known_by: Sequence[Any]) -> bool:
        """Whether it made the same report, and that is still there, neither cut nor changed."""
        made = self.ledger.made(file)
        if made is None or made[0] != digest or not self._is_whole(file, *made[1:]):
            return False
        self.note_kept(file, self.ledger.keep(file, number, line, known_by, self.result_count))
        return True

    def _is_whole(self, file: str, size: int, checksum: str) -> bool:
        """Whether a file is as long as it was made, and on this machine of the same bytes."""
        if self._sizes is not None:
            return self._sizes.get(file) == size
        data = destinations.content(self.place, file)
        if data is None:
            return False
        if size < 0:  # an earlier release did not say how long it was
            self.ledger.measure(file, len(data), batches.checksum(data))
            return True
        return len(data) == size and batches.checksum(data) == checksum


def remember_left(path: Path, ledger: Ledger) -> None:
    """Note the reports whose rows were gone already before the last run."""
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            ledger.note_left(line[0] for line in csv.reader(file) if line and line[0] != _HEADER)


def keep_left(path: Path, files: Iterable[str]) -> None:
    """Write the list of reports that may be of rows that are gone.

    Raises
    ------
    UserError
        When it can't be written.
    """

    def lines() -> Iterable[bytes]:
        yield f'"{_HEADER}"\n'.encode()
        yield from map(_line, files)

    write_whole_stream(path, lambda target: target.writelines(lines()))


def note_begun(path: Path, files: Iterable[str]) -> None:
    """Add reports that are about to be made to that list, which stays when the run is killed before they are noted.

    Raises
    ------
    UserError
        When it can't be written.
    """
    destinations.check_there(str(path.parent))
    with destinations.readable_errors(str(path)), path.open("ab") as file:
        file.write((b"" if file.tell() else f'"{_HEADER}"\n'.encode()) + b"".join(map(_line, files)))


def _line(file: str) -> bytes:
    return b'"' + file.replace('"', '""').encode() + b'"\n'


def left_over(out: str, path: Path, ledger: Ledger, *, prune: bool) -> list[str]:
    """List the reports in the folder whose rows this run had not, or remove them; and say so in a sentence.

    The list is what is known of them in the next run, whose rows they may have again.

    Raises
    ------
    UserError
        When one can't be removed, or the list can't be written.
    """
    left = [file for file in ledger.left() if destinations.exists(out, file)]
    if left and not prune:
        keep_left(path, left)
    else:
        for file in left:
            destinations.remove(out, file)
        path.unlink(missing_ok=True)
        if destinations.is_url(out):
            destinations.remove(out, LEFT)
    if not left:
        return []
    reports = f"{len(left)} {'report' if len(left) == 1 else 'reports'}"
    if prune:
        return [Doubt(f"{reports} of rows that are gone were removed from {out}, such as {left[0]}.")]
    return [
        Doubt(
            f"{out} still holds {reports} of an earlier run, such as {left[0]}; {LEFT} lists all, and --prune removes "
            "them."
        )
    ]

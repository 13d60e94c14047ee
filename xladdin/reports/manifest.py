"""The manifest: one line for every report of a run, written as they are made; a run that was stopped goes on by it."""

from __future__ import annotations

import contextlib
import csv
import datetime
import hashlib
import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from xladdin import FORMAT
from xladdin.core.errors import UserError
from xladdin.reports.rejected import inert
from xladdin.workbook.columns import Column
from xladdin.workbook.file.writing import write_whole, write_whole_stream

NAME = "manifest.csv"
_OWN = ["row", "line", "file", "hash", "time", "from_template", "errors"]
ERRORS = _OWN.index("errors")
FIRST = len(_OWN)  # the place in a line of the first of what a report is known by; its results come after these
_LONGEST_LINE = 1 << 20  # bytes


def row_hashes(digest: str, inputs: Mapping[str, Column], count: int) -> list[str]:
    """What each report is made of: the template, the format of what is made and the row's inputs."""
    start = hashlib.blake2b(orjson.dumps([FORMAT, digest, list(inputs)]), digest_size=16)
    hashes = []
    for values in zip(*(column.tolist() for column in inputs.values()), strict=True) if inputs else [()] * count:
        content = start.copy()
        content.update(orjson.dumps(values))
        hashes.append(content.hexdigest())
    return hashes


def header(columns: Sequence[str]) -> list[str]:
    """The names of a manifest's columns: its own, what a report is known by, and its results."""
    return [*_OWN, *columns]


def line(
    row: int,
    number: int,
    file: str,
    digest: str,
    from_template: str,
    errors: str,
    known_by: Sequence[Any],
    results: Sequence[Any],
) -> list[Any]:
    """A report's line: the row, its line in the table, its file, its hash, when it was made, the inputs that have the
    template's own value, the cells that are errors, what the row is known by, and its key results.
    """
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    shown = (_shown(value) for value in (*known_by, *results))
    return [row, number, file, digest, now, from_template, inert(errors), *shown]


def _shown(value: Any) -> Any:
    """A result as the manifest has it: no text that a spreadsheet would take for a formula."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return inert(value) if isinstance(value, str) else value


def is_one(start: bytes) -> bool:
    """Whether a file begins as a manifest does, also one that a spreadsheet has saved."""
    names = start.removeprefix(b"\xef\xbb\xbf").replace(b'"', b"").replace(b";", b",")
    return names.startswith(",".join(_OWN[:5]).encode())


def append(path: Path, lines: Iterable[Sequence[Any]]) -> None:
    """Add lines to the manifest, all of them in one go.

    Raises
    ------
    UserError
        When it can't be written, or is no longer there.
    """
    text = _as_csv(lines)
    try:
        with path.open("r+b") as file:
            file.seek(0, io.SEEK_END)
            file.write(text)
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror or error}.") from None


def create(path: Path, columns: Sequence[str]) -> None:
    """Start an empty manifest.

    Raises
    ------
    UserError
        When it can't be written.
    """
    write_whole(path, _as_csv([header(columns)]))


def read(path: Path) -> Iterator[list[Any]]:
    """The lines of a manifest, without its header and without a last one that was not finished; numbers are floats.

    Raises
    ------
    UserError
        When it can't be read, or is none: somebody's program may have saved it in another form.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = csv.reader((line for line in file if line.endswith("\n")), quoting=csv.QUOTE_NONNUMERIC)
            names = next(lines, [])
            yield from (found for found in lines if len(found) == len(names) and names[: len(_OWN)] == _OWN)
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror or error}.") from None
    except (ValueError, csv.Error) as error:
        raise UserError(f"{path} is no manifest: {error}.") from None


def continues(path: Path, columns: Sequence[str]) -> bool:
    """Whether a manifest has these columns, so that lines can be added to it.

    A last line that was not finished, of a disk that was full, is cut off.
    """
    try:
        with path.open("r+b") as file:
            start = file.readline()
            end = file.seek(0, io.SEEK_END)
            file.seek(max(0, end - _LONGEST_LINE))
            last = file.read()
            if start != _as_csv([header(columns)]) or b"\n" not in last:
                return False
            file.truncate(end - len(last) + last.rindex(b"\n") + 1)
            return True
    except OSError:
        return False


class Ledger:
    """The names that a run has given away, and what an earlier run made, on disk: a run may be of any length.

    It is a context, out of which a UserError comes when that disk is full.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a temporary file that goes with the connection
        self._database.create_function("casefold", 1, str.casefold, deterministic=True)
        self._database.executescript(
            "CREATE TABLE taken (name TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;"
            "CREATE TABLE made (file TEXT PRIMARY KEY, hash TEXT, content TEXT, row INTEGER) WITHOUT ROWID;"
        )

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._database.close()
        if isinstance(error, sqlite3.Error):
            raise UserError(f"The list of the reports' names in the temporary folder can't be kept: {error}.") from None

    def take(self, name: str, line: int) -> int:
        """Give a name to a line of the table, and say which line has it: this one or an earlier."""
        done = self._database.execute("INSERT OR IGNORE INTO taken VALUES (?, ?)", (name, line)).rowcount
        if done:
            return line
        return int(self._database.execute("SELECT line FROM taken WHERE name = ?", (name,)).fetchone()[0])

    def remember(self, path: Path) -> None:
        """Note what a manifest says was made, if it is one; of a file that is in it twice, the later line counts."""
        with contextlib.suppress(UserError), self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO made VALUES (?, ?, ?, NULL)",
                ((found[2], found[3], orjson.dumps(found)) for found in read(path)),
            )

    def has(self, file: str, digest: str) -> bool:
        """Whether an earlier run made this file of the same row and template."""
        found = self._database.execute("SELECT hash FROM made WHERE file = ?", (file,)).fetchone()
        return found is not None and found[0] == digest

    def keep(self, file: str, row: int, line: int, known_by: Sequence[Any], result_count: int) -> str:
        """Count an earlier run's file among this run's, for the row where it stands now; and give its errors."""
        content = orjson.loads(self._database.execute("SELECT content FROM made WHERE file = ?", (file,)).fetchone()[0])
        results = content[len(content) - result_count :]
        kept = [row, line, *content[2:FIRST], *map(_shown, known_by), *results]
        self._database.execute("UPDATE made SET row = ?, content = ? WHERE file = ?", (row, orjson.dumps(kept), file))
        return str(content[ERRORS])

    def add(self, lines: Iterable[Sequence[Any]]) -> None:
        """Note what this run made."""
        self._database.executemany(
            "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?)",
            ((found[2], found[3], orjson.dumps(found), found[0]) for found in lines),
        )

    def left(self) -> Iterator[str]:
        """The files of an earlier run that no row of this one has."""
        for (file,) in self._database.execute(
            "SELECT file FROM made WHERE casefold(file) NOT IN (SELECT name FROM taken)"
        ):
            yield file

    def lines(self) -> Iterator[list[Any]]:
        """All lines of this run, in the order of the rows."""
        for (content,) in self._database.execute("SELECT content FROM made WHERE row IS NOT NULL ORDER BY row"):
            yield orjson.loads(content)


def rewrite(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """The whole manifest anew.

    Raises
    ------
    UserError
        When it can't be written.
    """

    def write(file: BinaryIO) -> None:
        file.write(_as_csv([header(columns)]))
        for each in lines:
            file.write(_as_csv([each]))

    write_whole_stream(path, write)


def _as_csv(lines: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC).writerows(lines)
    return text.getvalue().encode()

"""The manifest: one line for every report of a run, written as they are made; a run that was stopped goes on by it."""

from __future__ import annotations

import contextlib
import csv
import datetime
import hashlib
import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from xladdin import FORMAT
from xladdin.core.errors import UserError
from xladdin.reports.rejected import inert
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.file.values import number_texts
from xladdin.workbook.file.writing import write_whole, write_whole_stream

NAME = "manifest.csv"
_OWN = ["row", "line", "file", "hash", "time", "from_template", "errors", "size", "crc32"]
_FILE = _OWN.index("file")
ERRORS = _OWN.index("errors")
_SIZE = _OWN.index("size")  # which manifests of earlier releases have not, nor what comes after it
FIRST = len(_OWN)  # the place in a line of the first of what a report is known by; its results come after these
_UNKNOWN = (-1.0, "")  # the size and checksum of files of which a manifest does not say them
_LONGEST_LINE = 1 << 20  # bytes

csv.field_size_limit(2**31 - 1)  # of a template with very many inputs those that it kept are a long list


@dataclass(frozen=True)
class Entries:
    """What a manifest says of some reports, in columns.

    Attributes
    ----------
    rows, lines : list of int
        Which of the table's rows each is of, and the row's line in the table.
    files, hashes : list of str
        The file of each, and the hash of what it was made of.
    from_template : list of str
        The inputs of each that have the template's own value.
    errors : list of str
        What is wrong with each.
    sizes, checksums
        The number of each file's bytes, and their CRC-32.
    known_by : list of tuple
        What the row of each is known by.
    results : list of columns
        The key results, a column each.
    """

    rows: list[int]
    lines: list[int]
    files: list[str]
    hashes: list[str]
    from_template: list[str]
    errors: list[str]
    sizes: list[int]
    checksums: list[str]
    known_by: list[tuple[Any, ...]]
    results: list[Column]

    def texts(self) -> list[bytes]:
        """The line of each report, without its end."""
        count = len(self.files)
        now = _text(datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))
        own: list[Iterable[Any]] = [self.rows, self.lines, self.files, self.hashes]
        of_files: list[Iterable[Any]] = [self.from_template, map(inert, self.errors), self.sizes, self.checksums]
        before, after = ([list(map(_text, column)) for column in some] for some in (own, of_files))
        known_by = [list(map(_told, column)) for column in zip(*self.known_by, strict=True)]
        shown = [_shown(columns.full(column, count)) for column in self.results]
        return [b",".join(line) for line in zip(*before, [now] * count, *after, *known_by, *shown, strict=True)]


def row_hashes(digest: str, inputs: Mapping[str, Column], count: int) -> list[str]:
    """What each report is made of: the template, the format of what is made and the row's inputs."""
    start = orjson.dumps([FORMAT, digest, list(inputs)])
    values = zip(*(column.tolist() for column in inputs.values()), strict=True) if inputs else [()] * count
    return [hashlib.blake2b(start + orjson.dumps(each), digest_size=16).hexdigest() for each in values]


def _shown(column: Any) -> list[bytes]:
    """A result of all reports as the manifest has it: no text that a spreadsheet would take for a formula."""
    if column.dtype == np.float64 and np.isfinite(column).all():
        return number_texts(column)
    members = columns.to_cells(column, len(column))
    known = {member: _told(member) for member in set(members) if isinstance(member, str)}
    return [known[member] if isinstance(member, str) else _text(member) for member in members]


def _told(value: Any) -> bytes:
    """A value of a row or a result, with no text that a spreadsheet would take for a formula."""
    return _text(inert(value) if isinstance(value, str) else value)


def _text(value: Any) -> bytes:
    """A value as the manifest has it: text between quotation marks."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return orjson.dumps(value)
    text = ("TRUE" if value else "FALSE") if isinstance(value, bool) else value or ""
    return b'"' + text.replace('"', '""').encode(errors="replace") + b'"'


def is_one(start: bytes) -> bool:
    """Whether a file begins as a manifest does, also one that a spreadsheet has saved."""
    names = start.removeprefix(b"\xef\xbb\xbf").replace(b'"', b"").replace(b";", b",")
    return names.startswith(",".join(_OWN[:5]).encode())


def append(path: Path, lines: Sequence[bytes]) -> None:
    """Add lines to the manifest, all of them in one go.

    Raises
    ------
    UserError
        When it can't be written, or is no longer there.
    """
    text = _ended(lines)
    try:
        with path.open("r+b") as file:
            file.seek(0, io.SEEK_END)
            file.write(text)
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror or error}.") from None


def as_file(columns: Sequence[str], lines: Sequence[bytes]) -> bytes:
    """A manifest of some lines."""
    return _header(columns) + _ended(lines)


def _ended(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def create(path: Path, columns: Sequence[str]) -> None:
    """Start an empty manifest.

    Raises
    ------
    UserError
        When it can't be written.
    """
    write_whole(path, _header(columns))


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
            whole = (found for found in lines if len(found) == len(names))
            if names[: len(_OWN)] == _OWN:
                yield from whole
            elif names[:_SIZE] == _OWN[:_SIZE]:
                yield from ([*found[:_SIZE], *_UNKNOWN, *found[_SIZE:]] for found in whole)
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror or error}.") from None
    except (ValueError, csv.Error) as error:
        raise UserError(f"{path} is no manifest: {error}.") from None


def _files(path: Path) -> Iterator[str]:
    """The files that a manifest lists, in whatever form it was saved."""
    with contextlib.suppress(OSError, ValueError, csv.Error), path.open(newline="", encoding="utf-8-sig") as file:
        start = file.readline()
        if is_one(start.encode()):
            for line in csv.reader(file, delimiter=";" if ";" in start else ","):
                if len(line) > _FILE:
                    yield line[_FILE]


def continues(path: Path, columns: Sequence[str]) -> bool:
    """Whether a manifest lists the outputs of this template, so that lines can be added to it.

    A last line that was not finished, of a disk that was full, is cut off.
    """
    try:
        with path.open("r+b") as file:
            start = file.readline()
            end = file.seek(0, io.SEEK_END)
            file.seek(max(0, end - _LONGEST_LINE))
            last = file.read()
            if start != _header(columns) or b"\n" not in last:
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
            "CREATE TABLE made (file TEXT PRIMARY KEY, hash TEXT, size INTEGER, checksum TEXT,"
            " content BLOB, row INTEGER, line INTEGER) WITHOUT ROWID;"
        )

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._database.close()
        if isinstance(error, sqlite3.Error):
            raise UserError(f"The list of the reports' names in the temporary folder can't be kept: {error}.") from None

    def take(self, names: Sequence[str], lines: Sequence[int]) -> dict[int, int]:
        """Give names to lines of the table; by its place, for each that was given before the line that has it."""
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO taken VALUES (?, ?)", zip(names, lines, strict=True))
        if self._database.total_changes - before == len(names):
            return {}
        ask = self._database.execute
        holders = [ask("SELECT line FROM taken WHERE name = ?", (name,)).fetchone()[0] for name in names]
        return {place: holder for place, holder in enumerate(holders) if holder != lines[place]}

    def remember(self, path: Path) -> None:
        """Note what a manifest says was made, if it is one; of a file that is in it twice, the later line counts.

        Of one that a spreadsheet has saved in its own form only the files are noted.
        """
        with contextlib.suppress(UserError), self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                ((*found[2:4], int(found[_SIZE]), found[_SIZE + 1], orjson.dumps(found)) for found in read(path)),
            )
        if not self.tells:
            self.note_left(_files(path))

    @property
    def tells(self) -> bool:
        """Whether a manifest of an earlier run said what a report was made of."""
        return self._database.execute("SELECT 1 FROM made WHERE hash <> '' LIMIT 1").fetchone() is not None

    def made(self, file: str) -> tuple[str, int, str] | None:
        """What an earlier run made this file of, how long it was, and its checksum."""
        found: tuple[str, int, str] | None = self._database.execute(
            "SELECT hash, size, checksum FROM made WHERE file = ?", (file,)
        ).fetchone()
        return found

    def keep(self, file: str, row: int, line: int, known_by: Sequence[Any], result_count: int) -> str:
        """Count an earlier run's file among this run's, for the row where it stands now; and give its errors."""
        ask = self._database.execute
        of_file = "SELECT content, size, checksum FROM made WHERE file = ?"
        content, size, checksum = ask(of_file, (file,)).fetchone()
        found = orjson.loads(content)
        texts = [*map(_text, [*found[2:_SIZE], size, checksum]), *map(_told, known_by)]
        texts += map(_text, found[len(found) - result_count :])
        ask("UPDATE made SET row = ?, line = ?, content = ? WHERE file = ?", (row, line, b",".join(texts), file))
        return str(found[ERRORS])

    def measure(self, file: str, size: int, checksum: str) -> None:
        """Note how long a file is of which an earlier release did not."""
        self._database.execute("UPDATE made SET size = ?, checksum = ? WHERE file = ?", (size, checksum, file))

    def note_left(self, files: Iterable[str]) -> None:
        """Note reports of earlier runs whose rows were gone already."""
        self._database.executemany(
            "INSERT OR IGNORE INTO made VALUES (?, '', -1, '', NULL, NULL, NULL)", ((file,) for file in files)
        )

    def add(self, entries: Entries, texts: Sequence[bytes]) -> None:
        """Note what this run made."""
        contents = (text.split(b",", 2)[2] for text in texts)
        made = (entries.files, entries.hashes, entries.sizes, entries.checksums)
        noted = zip(*made, contents, entries.rows, entries.lines, strict=True)
        self._database.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, ?, ?, ?)", noted)

    def files(self) -> Iterator[str]:
        """The files of earlier runs."""
        for (file,) in self._database.execute("SELECT file FROM made"):
            yield file

    def left(self) -> Iterator[str]:
        """The files of an earlier run that no row of this one has."""
        for (file,) in self._database.execute(
            "SELECT file FROM made WHERE casefold(file) NOT IN (SELECT name FROM taken)"
        ):
            yield file

    def lines(self) -> Iterator[bytes]:
        """All lines of this run, in the order of the rows."""
        for row, line, content in self._database.execute(
            "SELECT row, line, content FROM made WHERE row IS NOT NULL ORDER BY row"
        ):
            yield b"%d,%d,%b" % (row, line, content)


def rewrite(path: Path, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """The whole manifest anew.

    Raises
    ------
    UserError
        When it can't be written.
    """

    def write(file: BinaryIO) -> None:
        file.write(_header(columns))
        file.writelines(line + b"\n" for line in lines)

    write_whole_stream(path, write)


def _header(columns: Sequence[str]) -> bytes:
    """The names of a manifest's columns: its own, what a report is known by, and its results."""
    return b",".join(map(_text, [*_OWN, *columns])) + b"\n"

"""A table of rows from a file that people have, read in frames so that its length does not matter."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars
from numpy.typing import NDArray
from python_calamine import CalamineError

from xladdin.core.errors import UnreadableError
from xladdin.reports import sheets, text_files, unpacking
from xladdin.reports.text_files import OWN_COLUMNS, first_line
from xladdin.reports.wording import cut

FRAME = 20_000  # rows that are read at a time
KINDS = (*text_files.KINDS, *sheets.KINDS, ".parquet")
_PARQUET = (b"PAR1", b"PARE")  # at both ends
# What a spreadsheet takes for a formula, where a cell begins or where it splits the line, and what keeps it from that.
FORMULA_START = "[ \"'\r\n]*[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_GUARD = f"(^|[;\t])'({FORMULA_START})"
_ALLOWED = f"a table is a file that ends in {', '.join(KINDS)}, or one of these as .zip or .gz"


@dataclass(frozen=True)
class Frame:
    """Some rows as they stand in the file, blank ones among them; a column more holds what is beyond the header's.

    Of a text it is known which rows are short: they have fewer values than the header has names.
    """

    lines: NDArray[np.int64]
    data: polars.DataFrame
    are_short: NDArray[np.bool_] | None = None

    @property
    def are_blank(self) -> NDArray[np.bool_]:
        """Which rows have nothing in any column."""
        empty = [
            polars.col(name).is_null() | (polars.col(name).str.strip_chars() == "")
            if kind == polars.String
            else polars.col(name).is_null()
            for name, kind in self.data.schema.items()
        ]
        return self.data.select(polars.all_horizontal(empty)).to_series().to_numpy()

    @property
    def without_blank(self) -> Frame:
        """The rows that have something."""
        are_filled = ~self.are_blank
        are_short = None if self.are_short is None else self.are_short[are_filled]
        return Frame(self.lines[are_filled], self.data.filter(polars.Series(are_filled)), are_short)


MAP, DECIMAL, DATES = "--map", "--decimal", "--dates"
OPTIONS = frozenset({MAP, DECIMAL, DATES})


@dataclass(frozen=True)
class Table:
    """The columns of a file, how it is read, and its rows when they are asked for.

    Attributes
    ----------
    path : Path
        The file as it was given.
    columns : list of str
        The names in its header.
    header : int
        The line that they stand in.
    form : str
        What was found out of it: encoding, separator, sheet.
    separator : str
        What stands between the values of a text file.
    remarks : list of str
        What is worth saying of it.
    source, in_words, aliases, in_file : str, str, dict, list
        The export that it is known as, what its rows are, our names for columns that had the venue's, and those that
        the file has.
    of_fills : frozenset of str
        The columns of which it was said what they are of a fill; they are for no input.
    options : frozenset of str
        The options of the command that say something of it: advice names no other.
    """

    path: Path
    columns: list[str]
    header: int
    form: str
    frames_of: Callable[[int], Iterator[Frame]] = field(repr=False)
    separator: str = ""
    remarks: list[str] = field(default_factory=list)
    source: str = ""
    aliases: dict[str, str] = field(default_factory=dict)
    in_words: str = ""
    in_file: list[str] = field(default_factory=list)
    of_fills: frozenset[str] = frozenset()
    options: frozenset[str] = OPTIONS

    @property
    def is_of_rejected(self) -> bool:
        """Whether it is a list of rejected rows: rows of another table, of which it has a part."""
        return _is_of_rejected(self.columns)

    @property
    def mapped_by(self) -> str:
        """What says which input a column is for."""
        return MAP if MAP in self.options else f"{self.path}.map.toml"

    def ways_to_map(self, column: str, name: str) -> str:
        """How it is said that a column is for an input."""
        if MAP in self.options:
            return f'{MAP} "{cut(column)}={name}"'
        return f'the line "{cut(column)}" = "{name}" below [columns] in {self.mapped_by}'

    def ways_to_say_decimal(self, unclear: str) -> str:
        """How it is said which mark is that of decimals in a number that can be read in two ways."""
        if DECIMAL in self.options:
            return f'say which with {DECIMAL} "," or {DECIMAL} "."'
        return (
            f"write {unclear.replace(',', '').replace('.', '')} or {unclear.replace(',', '.').rstrip('0')} in the file"
        )

    def ways_to_say_order(self) -> str:
        """How it is said whether dates begin with the day or with the month."""
        return f"say which with {DATES} dmy or {DATES} mdy" if DATES in self.options else "write them as 2026-12-31"

    def named(self, column: str) -> str:
        """A column as the file names it."""
        return next((theirs for theirs, ours in self.aliases.items() if ours == column), column)

    def frames(self, size: int) -> Iterator[Frame]:
        """The rows, at most so many at a time.

        Raises
        ------
        UnreadableError
            When the file can't be read to its end.
        """
        line = self.header
        try:
            for frame in self.frames_of(size):
                line = int(frame.lines[-1]) if len(frame.lines) else line
                yield frame
        except (polars.exceptions.PolarsError, CalamineError, OSError) as error:
            raise UnreadableError(f"{self.path} can't be read beyond line {line}: {first_line(error)}.") from None


class Unchanged:
    """A file that is to stay as it is while it is read: of a half of each nobody could say what was made of which."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = self._read()

    def check(self) -> None:
        """Say that it is another one now.

        Raises
        ------
        UnreadableError
            When it is.
        """
        if self._read() != self._state:
            raise UnreadableError(
                f"{self._path} was changed or replaced while it was read; --resume makes the reports of what it is now."
            )

    def _read(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return (found.st_ino, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else ()


def open_table(path: Path, sheet: str | None = None, header: int | None = None) -> Table:
    """Read a table's header.

    Parameters
    ----------
    path : Path
        A text file, a workbook or a Parquet file, or a .zip or .gz of one.
    sheet : str, optional
        The sheet of a workbook; otherwise the first visible one with a table.
    header : int, optional
        The line of the column names; otherwise it is found.

    Raises
    ------
    UnreadableError
        When the file is missing, of another kind, damaged, has no rows, or its header is not usable.
    """
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}.") from None
    if is_folder or not (is_file or unpacking.is_standard_input(path)):
        raise UnreadableError(f"{path} is {'a folder' if is_folder else 'not there'}; {_ALLOWED}.")
    unpacked = unpacking.unpacked(path)
    kind = unpacked.path.suffix.lower()
    if kind not in KINDS:
        raise UnreadableError(f"{path} is no table; {_ALLOWED}.")
    if sheet is not None and kind not in sheets.KINDS:
        raise UnreadableError(f"{path} has no sheets; --sheet is for workbooks.")
    try:
        if kind == ".parquet":
            return _parquet(path, unpacked)
        if kind in sheets.KINDS:
            return _of_workbook(path, unpacked, sheet, header)
        return _of_text(path, unpacked, header)
    except (polars.exceptions.PolarsError, CalamineError, OSError, ValueError) as error:
        raise UnreadableError(f"{path} can't be read as a table: {first_line(error)}.") from None


def _is_of_rejected(columns: list[str]) -> bool:
    return set(OWN_COLUMNS) <= set(columns)


def _of_text(path: Path, unpacked: unpacking.Unpacked, header: int | None) -> Table:
    layout = text_files.layout_of(path, unpacked, header)
    columns = _named(layout.names)

    def frames(size: int) -> Iterator[Frame]:
        read = text_files.frames(layout, size)
        if _is_of_rejected(columns):
            read = (frame.with_columns(polars.all().str.replace_all(_GUARD, "$1$2")) for frame in read)
        first = layout.header + 1
        for data, are_short in text_files.with_short_rows(layout, read):
            yield Frame(np.arange(first, first + data.height), data, are_short)
            first += data.height

    form = f"{layout.encoding}, {text_files.NAMES[layout.separator]} between the values"
    return Table(path, columns, layout.header, form, frames, layout.separator)


def _of_workbook(path: Path, unpacked: unpacking.Unpacked, sheet: str | None, header: int | None) -> Table:
    layout = sheets.layout_of(path, unpacked, sheet, header)
    columns = _named(layout.names)

    def frames(size: int) -> Iterator[Frame]:
        yield from _numbered(sheets.frames(layout, size), layout.header + 1, layout)

    return Table(path, columns, layout.header, f"sheet {layout.sheet}", frames, remarks=layout.remarks)


def _parquet(path: Path, unpacked: unpacking.Unpacked) -> Table:
    with unpacked.path.open("rb") as file:
        start, size = file.read(4), file.seek(0, 2)
        file.seek(max(size - 4, 0))
        if start not in _PARQUET or file.read() not in _PARQUET:
            raise UnreadableError(f"{path} is no Parquet file, or only a part of one.")
    lazy = polars.scan_parquet(unpacked.path)
    columns = _named(lazy.collect_schema().names())
    if lazy.limit(1).collect().is_empty():
        raise no_rows(path)

    def frames(size: int) -> Iterator[Frame]:
        read = polars.scan_parquet(unpacked.path).collect_batches(chunk_size=size, maintain_order=True)
        named = (frame.rename(dict(zip(frame.columns, columns, strict=True))) for frame in read)
        yield from _numbered(named, 1, unpacked)

    return Table(path, columns, 0, "Parquet", frames)


def _numbered(read: Iterator[polars.DataFrame], first: int, _source: object) -> Iterator[Frame]:
    """Frames with their lines; the source, which may be a temporary file, is kept until the last."""
    for frame in read:
        yield Frame(np.arange(first, first + frame.height), frame)
        first += frame.height


def no_rows(path: Path) -> UnreadableError:
    """A table of which there is nothing but a header, if that."""
    return UnreadableError(f"{path} has no rows; a table has a line of column names and at least one row below it.")


def _named(header: list[str]) -> list[str]:
    """A name for every column: one that another has already is numbered, one without gets its place."""
    seen: dict[str, int] = {}
    names = []
    for position, name in enumerate(header, 1):
        name = name or f"column {position}"
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        names.append(name if seen[name.casefold()] == 1 else f"{name} ({seen[name.casefold()]})")
    return names

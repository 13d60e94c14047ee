"""A table as text: its encoding, what stands between its values, which line is its header."""

from __future__ import annotations

import codecs
import collections
import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars
from numpy.typing import NDArray

from xladdin.core.errors import UnreadableError
from xladdin.reports import notation
from xladdin.reports.unpacking import Unpacked, rewritten
from xladdin.workbook.file.sheet import MOST_COLUMNS

KINDS = (".csv", ".tsv", ".txt")
OWN_COLUMNS = ("rejected line", "rejected because")  # of a list of rejected rows, which is a table again
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BYTE_ORDER = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHOWN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
_SAMPLE = 1 << 21  # bytes that are looked at to find the header: more than the longest line
_LONGEST_LINE = 1 << 20  # bytes
_LINES = 200  # that are looked at to find the header
_QUOTED = r'^\s+"((?:[^"]|"")*)"\s*$'  # a quotation mark that does not begin its value is none for who reads the file
_NAMED = 0.6  # of the columns have a name in a header


@dataclass(frozen=True)
class TextLayout:
    """How a text file is read: a copy of it in UTF-8 if need be, its names and their line."""

    source: Unpacked
    encoding: str
    separator: str
    header: int
    names: list[str]


def layout_of(path: Path, source: Unpacked, header: int | None = None) -> TextLayout:
    """Find out how a text file is read.

    Raises
    ------
    UnreadableError
        When it is no text, has a line that is too long, or no rows.
    """
    encoding = _encoding(path, source.path)
    with source.path.open("rb") as file:
        sample = file.read(_SAMPLE)
    is_short = len(sample) < _SAMPLE
    text = sample.decode(encoding, errors="ignore")
    has_old_ends = "\n" not in text and "\r" in text
    if encoding not in ("utf-8", "utf-8-sig") or has_old_ends:
        source = _as_utf_8(source, encoding)
    lines = io.StringIO(text.removeprefix("\ufeff"), newline=None).read().split("\n")
    lines = lines if is_short else lines[:-1] or lines
    separator, start = _separator(lines)
    found = header - 1 if header else start + header_of(_split(lines[start : start + _LINES], separator))
    names, end = _first_row(lines[found:], separator)
    if len(names) > MOST_COLUMNS:
        raise UnreadableError(f"{path} has {len(names):,} columns; a table has at most {MOST_COLUMNS:,}.")
    if not any(line.strip() for line in lines[found + end :]):
        raise UnreadableError(f"{path} has no rows; a table has a line of column names and at least one row below it.")
    cleaned = [name.strip() for name in names]
    while len(cleaned) > 1 and not cleaned[-1]:
        cleaned.pop()
    shown = _SHOWN.get(encoding, encoding.upper())
    return TextLayout(source, shown, separator, found + end, cleaned)


def frames(layout: TextLayout, size: int) -> Iterator[polars.DataFrame]:
    """The rows below the header, every value a text; a column more shows which have too many values."""
    columns = [f"column_{position}" for position in range(len(layout.names) + 1)]
    try:
        read = polars.scan_csv(
            layout.source.path,
            has_header=False,
            infer_schema=False,
            separator=layout.separator,
            skip_lines=layout.header,
            truncate_ragged_lines=True,
            missing_columns="insert",
            extra_columns="ignore",  # beyond the one that shows that there are too many
            schema=dict.fromkeys(columns, polars.String),
        ).collect_batches(chunk_size=size, maintain_order=True)
        yield from map(_unquoted, read)
    except polars.exceptions.NoDataError:
        return
    except polars.exceptions.PolarsError:
        line = _open_quote(layout)
        raise OSError(f'line {line} has a quotation mark (") without its partner') from None


def _unquoted(frame: polars.DataFrame) -> polars.DataFrame:
    """The same, where a space stands between the separator and a quotation mark without both."""
    every = polars.all()
    found = frame.select((every.str.starts_with(" ") & every.str.ends_with('"')).any())
    quoted = [name for name in found.columns if found[name][0]]
    if not quoted:
        return frame
    bare = {name: frame[name].str.extract(_QUOTED).str.replace_all('""', '"', literal=True) for name in quoted}
    return frame.with_columns(polars.coalesce(bare[name], name).alias(name) for name in quoted)


def with_short_rows(
    layout: TextLayout, read: Iterable[polars.DataFrame]
) -> Iterator[tuple[polars.DataFrame, NDArray[np.bool_]]]:
    """Each frame of a file, and which of its rows have fewer values than the header has names.

    What reads the file fills them up with blanks. So the values of a line are counted where the last of its columns
    is blank and others are not.
    """
    names = [f"column_{position}" for position in range(len(layout.names))]
    with layout.source.path.open("rb") as file:
        for _ in range(layout.header):
            file.readline()
        counts: list[int] | None = []
        for frame in read:
            lines = list(itertools.islice(file, frame.height))
            is_open: list[int] = []
            if frame[names[-1]].null_count():
                is_filled = frame.select(polars.any_horizontal(polars.col(names).is_not_null())).to_series()
                is_open = (frame[names[-1]].is_null() & is_filled).arg_true().to_list()
            are_short = np.zeros(frame.height, dtype=np.bool_)
            counts = None if counts is None else _counts(lines, file, layout.separator, is_open)
            if counts:
                are_short[is_open] = np.array(counts) < len(names)
            yield frame, are_short


def _counts(lines: list[bytes], file: Iterable[bytes], separator: str, wanted: list[int]) -> list[int] | None:
    """How many values some of the next rows of a file have; nothing where the rows are no longer to be told apart."""
    has_quoted = b'"' in b"".join(lines)  # which is looked for in all at once where there are none
    quoted = {number for number, line in enumerate(lines) if b'"' in line} if has_quoted else set[int]()
    if any(lines[number].count(b'"') % 2 for number in quoted):  # a value goes on in the next line
        reader = csv.reader(map(_decoded, itertools.chain(lines, file)), delimiter=separator)
        try:
            rows = list(itertools.islice(reader, len(lines)))
        except csv.Error:
            return None
        if len(rows) < len(lines):
            return None
        return [len(rows[number]) for number in wanted]
    mark = separator.encode()
    return [
        len(next(csv.reader([_decoded(lines[number])], delimiter=separator)))
        if number in quoted
        else lines[number].count(mark) + 1
        for number in wanted
    ]


def _decoded(line: bytes) -> str:
    return line.decode(errors="replace")


def rows_at_most(path: Path) -> int | None:
    """How many rows a text file can have, by the ends of its lines; None for any other file."""
    if path.suffix.lower() not in KINDS or not path.is_file():
        return None
    with path.open("rb") as file:
        return max(1, sum(part.count(b"\n") for part in iter(lambda: file.read(_LONGEST_LINE), b"")) - 1)


def first_line(error: Exception) -> str:
    """What a library says of a file, as a part of a sentence."""
    text = str(error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__


def header_of(rows: list[list[str]]) -> int:
    """Which of the first lines of a file is the header: the first with about as many names as rows have values."""
    widths = collections.Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    if not widths:
        return 0
    most = max(widths.values())
    width = max((width for width, count in widths.items() if count == most), default=1)
    usual = next((len(row) for row in rows if widths[len(row)] == most), width) if most == 1 else width
    for index, row in enumerate(rows):
        names = [cell for cell in row if cell.strip()]
        if len(names) >= max(_NAMED * usual, 1) and not any(_is_number(cell) for cell in names[:3]):
            return index
    return next((index for index, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def _is_number(text: str) -> bool:
    values, _ = notation.numbers(polars.Series([text]))
    return values[0] is not None


def _split(lines: list[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader([f"{line}\n" for line in lines], delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return [line.split(separator) for line in lines]


def _first_row(lines: list[str], separator: str) -> tuple[list[str], int]:
    """The values of the first row, and how many lines it takes."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, skipinitialspace=True)
    try:
        return next(reader, []), max(reader.line_num, 1)
    except csv.Error:
        return lines[0].split(separator), 1


def _separator(lines: list[str]) -> tuple[str, int]:
    """What stands between the values, and the first line after one that says it (sep=;)."""
    for index, line in enumerate(lines[:20]):
        said = line.strip().strip('"')
        if said.casefold().startswith("sep=") and len(said) == 5 and said[4] in NAMES:
            return said[4], index + 1
    for separator in NAMES:
        if lines[0].startswith(separator.join(OWN_COLUMNS)):  # short rows are among them, and reasons with any mark
            return separator, 0
    best, most = ",", (0, 0)
    for separator in NAMES:
        widths = collections.Counter(len(row) for row in _split(lines[:_LINES], separator) if any(row))
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        if width > 1 and (count, width) > most:
            best, most = separator, (count, width)
    return best, 0


def _encoding(path: Path, source: Path) -> str:
    """The encoding of a text: by its mark, by its zeros, UTF-8 where it is that, and else that of western Windows."""
    with source.open("rb") as file:
        start = file.read(4096)
        for mark, encoding in _BYTE_ORDER:
            if start.startswith(mark):
                return encoding
        if b"\0" in start:
            even, odd = start[::2].count(b"\0"), start[1::2].count(b"\0")
            if max(even, odd) * 4 < len(start) or min(even, odd) * 4 > max(even, odd):
                raise UnreadableError(f"{path} is no text; save it as CSV.")
            return "utf-16-le" if odd > even else "utf-16-be"
        file.seek(0)
        decoder, is_utf_8, since = codecs.getincrementaldecoder("utf-8")(), True, 0
        while piece := file.read(1 << 20):
            if b"\0" in piece:
                raise UnreadableError(f"{path} is no text; save it as CSV.")
            ends = piece.count(b"\n") or piece.count(b"\r")
            since = 0 if ends else since + len(piece)
            if since > _LONGEST_LINE:
                raise UnreadableError(
                    f"{path} has a line of more than {_LONGEST_LINE:,} bytes; a table has shorter ones."
                )
            if is_utf_8:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    is_utf_8 = False
    return "utf-8" if is_utf_8 else "cp1252"


def _as_utf_8(source: Unpacked, encoding: str) -> Unpacked:
    """A copy of a text in UTF-8, with lines that end as everywhere."""
    target = rewritten(source)
    with (
        source.path.open(encoding=encoding, errors="replace", newline=None) as old,
        target.path.open("w", encoding="utf-8", newline="\n") as new,
    ):
        while piece := old.read(1 << 20):
            new.write(piece)
    return target


def _open_quote(layout: TextLayout) -> int:
    """The line of a quotation mark that is never closed, or of the last line."""
    opened, number = 0, 0
    with layout.source.path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if number > layout.header and line.count('"') % 2:
                opened = 0 if opened else number
    return opened or number

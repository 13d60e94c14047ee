"""A table of rows from a CSV, XLSX or Parquet file, read in batches so that its length does not matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastexcel
import polars

from xladdin.core.errors import UnreadableError

KINDS = (".csv", ".xlsx", ".parquet")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands in the file, which of the rows it is, its values by column, and if it has more."""

    line: int
    number: int
    values: dict[str, Any]
    has_more: bool = False


@dataclass(frozen=True)
class Table:
    """The columns of a file, and its rows when they are asked for."""

    path: Path
    columns: list[str]

    def rows(self, batch_size: int) -> Iterator[list[Row]]:
        """The rows in batches; a row without any value is passed over."""
        number = 0
        batch: list[Row] = []
        for first, frame in self.frames(batch_size):
            for line, values in enumerate(frame.iter_rows(), first):
                if any(value is not None for value in values):
                    number += 1
                    batch.append(self.row(line, number, values))
                if len(batch) == batch_size:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def row(self, line: int, number: int, values: Sequence[Any]) -> Row:
        """The row that these values are, of which there may be more than columns."""
        too_many = any(value is not None for value in values[len(self.columns) :])
        return Row(line, number, dict(zip(self.columns, values, strict=False)), too_many)

    def frames(self, batch_size: int) -> Iterator[tuple[int, polars.DataFrame]]:
        """The rows as they are read, blank ones among them: the line of the first, and all."""
        is_parquet = self.path.suffix.lower() == ".parquet"
        line = 1
        try:
            for frame in _frames(self.path, batch_size, len(self.columns)):
                if line == 1 and not is_parquet:  # the header
                    yield 2, frame.slice(1)
                else:
                    yield line, frame
                line += frame.height
        except (polars.exceptions.PolarsError, OSError) as error:
            raise UnreadableError(f"{self.path} can't be read beyond line {line}: {_first_line(error)}.") from None


def open_table(path: Path) -> Table:
    """Read a table's header.

    Raises
    ------
    UnreadableError
        When the file is missing, of another kind, damaged, has no rows, or its header is not usable.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; a table is a file that ends in {', '.join(KINDS)}.")
    if not path.is_file():
        raise UnreadableError(f"{path} is not there; a table is a file that ends in {', '.join(KINDS)}.")
    if path.suffix.lower() not in KINDS:
        raise UnreadableError(f"{path} is no table; a table is a file that ends in {', '.join(KINDS)}.")
    try:
        frame = next(_frames(path, 2), None)
    except polars.exceptions.NoDataError:
        frame = None
    except (polars.exceptions.PolarsError, fastexcel.FastExcelError, OSError, ValueError) as error:
        raise UnreadableError(f"{path} can't be read as a table: {_first_line(error)}.") from None
    is_parquet = path.suffix.lower() == ".parquet"
    if frame is None or frame.height < (1 if is_parquet else 2):
        raise UnreadableError(f"{path} has no rows; a table has a line of column names and at least one row below it.")
    header = frame.columns if is_parquet else [str(name or "").strip() for name in frame.row(0)]
    return Table(path, _checked(header, path))


def _checked(header: list[str], path: Path) -> list[str]:
    seen: dict[str, int] = {}
    for position, name in enumerate(header, 1):
        if name and name.casefold() in seen:
            raise UnreadableError(
                f"{path}, line 1: columns {seen[name.casefold()]} and {position} are both named {name!r}; "
                "each column needs a name of its own."
            )
        seen[name.casefold()] = position
    return [name or f"column {position}" for position, name in enumerate(header, 1)]


def _frames(path: Path, batch_size: int, width: int | None = None) -> Iterator[polars.DataFrame]:
    """The file in frames; but for Parquet every value is text and the first row is the header.

    Where the number of columns is known, a CSV is read with one more, so that a line with too many values shows.
    """
    match path.suffix.lower():
        case ".parquet":
            yield from polars.scan_parquet(path).collect_batches(chunk_size=batch_size, maintain_order=True)
        case ".xlsx":
            yield polars.read_excel(
                path, engine="calamine", has_header=False, infer_schema_length=0, drop_empty_rows=False
            )
        case _:
            yield from polars.scan_csv(
                path,
                has_header=False,
                infer_schema=False,
                separator=_separator(path),
                truncate_ragged_lines=True,
                missing_columns="insert",
                schema=None if width is None else {f"column_{place}": polars.String for place in range(width + 1)},
            ).collect_batches(chunk_size=batch_size, maintain_order=True)


def _separator(path: Path) -> str:
    """What stands between the values of a CSV, by its header: a comma, or a semicolon or a tab where there is none."""
    with path.open("rb") as file:
        header = file.readline(1 << 20)
    if b"\0" in header:
        raise UnreadableError(f"{path} is not UTF-8 text; save it as CSV in UTF-8.")
    return next((mark for mark in (",", ";", "\t") if mark.encode() in header), ",")


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    if "utf-8" in text.casefold() or "utf8" in text.casefold():
        return "it is not UTF-8 text; save it as CSV in UTF-8"
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__

"""What each report's file is called."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import polars

from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports.rejected import Fault
from xladdin.reports.wording import cut

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\\]')
_RESERVED = re.compile(
    r"(con|conin\$|conout\$|prn|aux|nul|com[\d\u00b9\u00b2\u00b3]|lpt[\d\u00b9\u00b2\u00b3])\s*(\..*)?", re.IGNORECASE
)
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]"
)  # of lines, of the way of reading
# What needs no closer look: the name itself, what it must not begin a part with, the values that are parts of it.
_PLAIN_NAME = r"^(?:\w[\w -]*\w/)*\w[\w .-]*\w$"
_PLAIN_LENGTH = 120  # bytes
_DEVICE = r"(?i)(?:^|/)(?:con|prn|aux|nul|com|lpt)"
_PLAIN_PART = r"^\w[\w .-]*$"
_MOST_BYTES = 240  # of one name; nearly all file systems take 255
_LONGEST = 180  # characters of one name; most file systems take 255 bytes, and a client may be sent to another


def fields(pattern: str, columns: list[str]) -> list[str]:
    """The columns that a name pattern uses.

    Raises
    ------
    UserError
        When it is no pattern, climbs out of the folder, or names a column that the table has not.
    """
    try:
        parsed = list(string.Formatter().parse(pattern))
    except ValueError:
        raise UserError(
            f"--name {_short(pattern)} has a brace without its partner; allowed are {{row}} and {{column}}."
        ) from None
    used = []
    for _, name, form, conversion in parsed:
        if name is None:
            continue
        if form or conversion:
            raise UserError(
                f"--name {_short(pattern)} says more than a column in {{{name}}}; allowed is its name without ! or :."
            )
        if name not in (*columns, "row"):
            raise UserError(
                f"--name {_short(pattern)} uses {{{name}}}{did_you_mean(name, columns)}; "
                f"allowed are {{row}} and the columns {', '.join(columns)}."
            )
        used.append(name)
    literal = "".join(text for text, *_ in parsed)
    if _climbs(pattern) or _FORBIDDEN.search(literal) or not pattern.strip():
        raise UserError(
            f"--name {_short(pattern)} leads out of the folder or is no file name; allowed is text with {{column}}."
        )
    return used


def file_names(pattern: str, raw: polars.DataFrame, numbers: Sequence[int], ending: str = ".xlsx") -> list[str | Fault]:
    """The file of each row, relative to the folder of the reports, or why its values make no usable name.

    Parameters
    ----------
    pattern : str
        The names, with columns and the number of the row in braces.
    raw : polars.DataFrame
        The rows as they stand in the table.
    numbers : sequence of int
        Which of the table's rows each is.
    ending : str
        How all names end.
    """
    parts = [(text, field) for text, field, *_ in string.Formatter().parse(pattern)]
    texts = _texts(parts, raw, numbers)
    if not texts:
        return [_name(pattern, parts, {}, ending)] * raw.height
    names = _joined(parts, texts)
    is_plain = (names.str.len_bytes() <= _PLAIN_LENGTH) & names.str.contains(_PLAIN_NAME) & ~names.str.contains(_DEVICE)
    for text in texts.values():
        is_plain &= text.str.contains(_PLAIN_PART)
    files: list[str | Fault] = (names + ending).to_list()
    for index in (~is_plain).arg_true().to_list():
        files[index] = _name(pattern, parts, {field: text[index] for field, text in texts.items()}, ending)
    return files


def _texts(
    parts: Sequence[tuple[str, str | None]], raw: polars.DataFrame, numbers: Sequence[int]
) -> dict[str, polars.Series]:
    """What a pattern's fields stand for in each row."""
    of_rows = polars.Series([str(number) for number in numbers], dtype=polars.String)
    return {
        field: of_rows
        if field == "row" and field not in raw.columns
        else polars.Series(
            ["" if value is None else str(value).strip() for value in raw[field].to_list()], dtype=polars.String
        )
        for _, field in parts
        if field is not None
    }


def _joined(parts: Sequence[tuple[str, str | None]], texts: dict[str, polars.Series]) -> polars.Series:
    """The names of all rows."""
    pieces: list[polars.Expr] = []
    for text, field in parts:
        pieces += [polars.lit(text)] + ([] if field is None else [polars.col(field)])
    return polars.DataFrame(texts).select(name=polars.concat_str(pieces)).to_series()


def _name(pattern: str, parts: Sequence[tuple[str, str | None]], values: dict[str, str], ending: str) -> str | Fault:
    pieces = []
    for text, field in parts:
        pieces.append(text)
        if field is not None:
            if reason := _why_no_part(values[field]):
                return Fault(field, cut(values[field]), f"it is part of a file name; {reason}")
            pieces.append(values[field])
    name = "".join(pieces)
    if reason := _why_no_name(name):
        return Fault(pattern, cut(name), f"it is the file's name; {reason}")
    return f"{name}{ending}"


def compared(name: str) -> str:
    """A name as file systems compare it: some tell neither cases apart nor how an accent is written."""
    return unicodedata.normalize("NFC", name).casefold()


def _why_no_part(value: str) -> str:
    """What keeps a value from being a part of a file's name, if anything does."""
    if not value:
        return "it is blank; allowed is text"
    if _CONTROL.search(value):
        return "it holds a line break or a control character; allowed is text of one line"
    if _FORBIDDEN.search(value) or "/" in value:
        return 'allowed is text without \\ / : * ? " < > |'
    return "it is of dots alone; allowed is text" if not value.strip(".") else ""


def _why_no_name(name: str) -> str:
    """What keeps a name from being a file's, if anything does."""
    if _climbs(name):
        return "it leads out of the folder; allowed is a name in it"
    parts = PurePosixPath(name).parts
    if not name.rpartition("/")[2] or any(not part.strip() for part in parts):
        return "a part of it is blank; allowed is text"
    if any(_RESERVED.fullmatch(part) for part in parts):
        return "Windows keeps it for a device; allowed is any other name"
    if any(part != part.rstrip(". ") for part in parts):
        return "Windows allows no dot or space at the end; allowed is a name that ends otherwise"
    if any(len(part) > _LONGEST for part in parts):
        return f"allowed is a name of at most {_LONGEST} characters"
    if any(len(part.encode()) > _MOST_BYTES for part in parts):
        return f"allowed is a name of at most {_MOST_BYTES} bytes"
    return ""


def _short(pattern: str) -> str:
    """A pattern as it is quoted in a message."""
    return quoted(cut(pattern))


def _climbs(name: Any) -> bool:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return posix.is_absolute() or bool(windows.drive or windows.root) or ".." in posix.parts or ".." in windows.parts

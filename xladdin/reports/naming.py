"""What each report's file is called."""

from __future__ import annotations

import re
import string
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from xladdin.core.errors import UserError, quoted
from xladdin.reports.columns import Rejection
from xladdin.reports.table import Row

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\\]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]")
_LONGEST_QUOTED = 80  # characters of a value in a message
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
                f"--name {_short(pattern)} uses {{{name}}}; allowed are {{row}} and the columns {', '.join(columns)}."
            )
        used.append(name)
    literal = "".join(text for text, *_ in parsed)
    if _climbs(pattern) or _FORBIDDEN.search(literal) or not pattern.strip():
        raise UserError(
            f"--name {_short(pattern)} leads out of the folder or is no file name; allowed is text with {{column}}."
        )
    return used


def file_name(pattern: str, row: Row, ending: str = ".xlsx") -> str:
    """The file of a row, relative to the folder of the reports.

    Raises
    ------
    Rejection
        When the row's values make no usable name.
    """
    values = {name: "" if value is None else str(value).strip() for name, value in row.values.items()}
    parts = []
    for text, field, *_ in string.Formatter().parse(pattern):
        parts.append(text)
        if field is not None:
            value = str(row.number) if field == "row" and field not in values else values[field]
            if reason := _why_no_part(value):
                raise Rejection(row.line, field, _cut(value), f"it is part of a file name; {reason}")
            parts.append(value)
    name = "".join(parts)
    if reason := _why_no_name(name):
        raise Rejection(row.line, pattern, _cut(name), f"it is the file's name; {reason}")
    return f"{name}{ending}"


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
    last = PurePosixPath(name).name
    if _climbs(name):
        return "it leads out of the folder; allowed is a name in it"
    if _RESERVED.fullmatch(last):
        return "Windows keeps it for a device; allowed is any other name"
    if name != name.rstrip(". "):
        return "Windows allows no dot or space at the end; allowed is a name that ends otherwise"
    return f"allowed is a name of at most {_LONGEST} characters" if len(last) > _LONGEST else ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"


def _short(pattern: str) -> str:
    """A pattern as it is quoted in a message."""
    return quoted(_cut(pattern))


def _climbs(name: Any) -> bool:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return posix.is_absolute() or bool(windows.drive or windows.root) or ".." in posix.parts or ".." in windows.parts

"""What each report's file is called."""

from __future__ import annotations

import re
import string
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from xladdin.errors import UserError
from xladdin.reports.columns import Rejection
from xladdin.reports.table import Row

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\\]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
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
    except ValueError as error:
        raise UserError(f"--name {pattern!r} is not a pattern: {error}.") from None
    used = []
    for _, name, form, conversion in parsed:
        if name is None:
            continue
        if form or conversion or name not in (*columns, "row"):
            raise UserError(
                f"--name {pattern!r} uses {{{name}}}; allowed are {{row}} and the columns {', '.join(columns)}."
            )
        used.append(name)
    literal = "".join(text for text, *_ in parsed)
    if _climbs(pattern) or _FORBIDDEN.search(literal) or not pattern.strip():
        raise UserError(
            f"--name {pattern!r} leads out of the folder or is no file name; allowed is text with {{column}}."
        )
    return used


def file_name(pattern: str, row: Row) -> str:
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
            if not value or _FORBIDDEN.search(value) or "/" in value or value.strip(".") == "":
                raise Rejection(
                    row.line, field, value, 'it is part of a file name; allowed is text without \\ / : * ? " < > |'
                )
            parts.append(value)
    name = "".join(parts)
    last = PurePosixPath(name).name
    if _climbs(name) or _RESERVED.fullmatch(last) or len(last) > _LONGEST or name != name.rstrip(". "):
        raise Rejection(
            row.line, pattern, name, f"it is the file's name; allowed is a name of at most {_LONGEST} characters"
        )
    return f"{name}.xlsx"


def _climbs(name: Any) -> bool:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return posix.is_absolute() or bool(windows.drive or windows.root) or ".." in posix.parts or ".." in windows.parts

"""Cell errors as numbers: a NaN that carries the error's code.

A float is the only thing that a body of arithmetic, an array and a spreadsheet all hold, so an error travels
as one: the quiet NaN whose low bits are the code that LibreOffice Calc uses for the same error. Copying keeps
the bits on every platform; arithmetic on such a NaN is never relied on.
"""

from __future__ import annotations

import struct


class UserError(Exception):
    """What a person did that can't be done, in one sentence: what, where, what was found, what is allowed."""

    exit_code = 2


class UnreadableError(UserError):
    """A file that can't be read or used."""

    exit_code = 3


_QUIET_NAN = 0x7FF8_0000_0000_0000
PAYLOAD = 0xFFFF
_DOUBLE, _LOW_BITS = struct.Struct("<d"), struct.Struct("<H")

CODES: dict[str, int] = {
    "#NUM!": 503,
    "#VALUE!": 519,
    "#NULL!": 521,
    "#REF!": 524,
    "#NAME?": 525,
    "#DIV/0!": 532,
    "#N/A": 32767,
}
TEXTS: dict[int, str] = {code: text for text, code in CODES.items()}


def quoted(text: str) -> str:
    """What somebody wrote, as a sentence shows it: what can't be seen is escaped, a path's backslashes stay single."""
    return repr(text).replace("\\\\", "\\")


def error(text: str) -> float:
    """The NaN that stands for a cell error.

    Parameters
    ----------
    text : str
        One of the keys of `CODES`, for example ``"#NUM!"``.
    """
    value: float = struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | CODES[text]))[0]
    return value


def error_code(value: float) -> int:
    """The code that a NaN carries; 0 for a plain NaN and for any other number."""
    if value == value:
        return 0
    (low,) = _LOW_BITS.unpack_from(_DOUBLE.pack(value))
    return low if low in TEXTS else 0


def error_text(value: float) -> str:
    """The error that a number without a value shows in a cell: its own, or #NUM! for infinity and a plain NaN."""
    return _CONSTANTS.get(value) or TEXTS.get(error_code(value), "#NUM!")


NUM = error("#NUM!")
NA = error("#N/A")
VALUE = error("#VALUE!")
REF = error("#REF!")
# A NaN is found in a dictionary only where it is the very same object: most errors are these, and need no decoding.
_CONSTANTS = {NUM: "#NUM!", NA: "#N/A", VALUE: "#VALUE!", REF: "#REF!"}

"""The values of cells as a file has them: the kind that each declares, and its text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import orjson

from xladdin.core.errors import error_text

INVALID_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(range(1, 9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))  # but NUL
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())


def escape(text: str) -> str:
    """Text as it stands between the tags of XML: as by xml.sax.saxutils, which brings all of http with it."""
    return html.escape(text, quote=False)


def escape_all(text: str) -> str:
    """Text as it stands between quotation marks too."""
    return escape(text).replace('"', "&quot;")


class Written(Protocol):
    """What a value is written into: a cell, or a chart's point."""

    def kind(self, value: object) -> str: ...

    def render(self, value: object) -> bytes: ...


def kind_of(value: object) -> str:
    """The type that a cell declares for the element of a column."""
    if value is None:
        return "blank"
    if isinstance(value, float):
        return "n" if value == value else "e"
    return "b" if isinstance(value, bool) else "str"


def text_of(value: object) -> bytes:
    """The element of a column as it is written in a cell: a number so that it is read back as the same one."""
    if value is None:
        return b""
    if isinstance(value, float):
        return orjson.dumps(value + 0.0) if value == value else error_text(value).encode()  # 0.0: no negative zero
    if isinstance(value, bool):
        return b"1" if value else b"0"
    return escape(INVALID_IN_XML.sub("\ufffd", str(value))).encode()


def texts_of(texts: list[str]) -> list[bytes]:
    """Texts as they are written in cells, all at once."""
    try:
        together = escape("\0".join(texts)).encode()
    except UnicodeEncodeError:  # half of a pair of surrogates
        together = b""
    is_plain = len(together.translate(None, _CONTROLS)) == len(together) and together.count(b"\0") == len(texts) - 1
    if not is_plain or any(each in together for each in _NO_CHARACTERS):
        return [text_of(text) for text in texts]
    return together.split(b"\0")


def texts(column: Any, slot: Written) -> tuple[str, Sequence[bytes]]:
    """The values of a slot as text, and the kind that all of them are of; of several kinds, the whole cell."""
    kind = one_kind(column, slot)
    return kind, texts_of_kind(column, kind) if kind else [slot.render(member) for member in column.tolist()]


def one_kind(column: Any, slot: Written) -> str:
    """The kind that all values of a slot are of, or nothing where they are of several."""
    if column.dtype == np.float64 and np.isfinite(column).all() and slot.kind(0.0) == "n":
        return "n"
    members = column.tolist()
    is_text = column.dtype == object and set(map(type, members)) == {str}
    kinds = {slot.kind(member) for member in ([""] if is_text else _one_of_each_kind(members))}
    kind = kinds.pop() if len(kinds) == 1 else ""
    is_one = kind == "b" or (kind in ("str", "inlineStr") and column.dtype == object)
    return kind if is_one else ""


def texts_of_kind(column: Any, kind: str) -> list[bytes]:
    """The values of a column of one kind as text."""
    if kind == "n":
        return number_texts(column)
    members = column.tolist()
    return [text_of(member) for member in members] if kind == "b" else texts_of(members)


def _one_of_each_kind(members: list[Any]) -> list[Any]:
    return (
        list({type(member): member for member in members if member == member}.values())
        + [member for member in members if member != member][:1]
    )


def number_texts(column: Any) -> list[bytes]:
    """Numbers as text, each so that it is read back as the same one."""
    text = orjson.dumps(np.ascontiguousarray(column + 0.0), option=orjson.OPT_SERIALIZE_NUMPY)
    return text[1:-1].split(b",")

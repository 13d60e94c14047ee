"""Where formulas stand in the parts of a workbook."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from xladdin.workbook.file.values import escape_all

_TAGS = b"f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula|definedName"
_ELEMENT = re.compile(rb"(<(?:\w+:)?(?:%b)\b[^>]*?(?<!/)>)([^<]*)(<)" % _TAGS)
_ATTRIBUTE = re.compile(rb'(<(?:\w+:)?(?:cfvo\b[^>]*?\sval|hyperlink\b[^>]*?\slocation)=")([^"]*)(")')
_PARTS = re.compile(r"xl/(workbook|(worksheets|tables|charts)/[^/]+)\.xml")


def holds_formulas(part: str) -> bool:
    """Whether a part of a workbook may hold formulas."""
    return _PARTS.fullmatch(part) is not None


def with_formulas(xml: bytes, change: Callable[[str], str]) -> bytes:
    """A part's text with each of its formulas, without an equals sign, changed."""

    def changed(found: re.Match[bytes]) -> bytes:
        return found[1] + changed_text(found[2], change) + found[3]

    return _ATTRIBUTE.sub(changed, _ELEMENT.sub(changed, xml))


def changed_text(text: bytes, change: Callable[[str], str]) -> bytes:
    """Text between tags or quotes, changed as what it spells; as it is where nothing changes."""
    before = html.unescape(text.decode())
    after = change(before)
    return text if after == before else escape_all(after).encode()

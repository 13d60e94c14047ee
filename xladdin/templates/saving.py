"""From an openpyxl workbook to the bytes of a file: the same input gives the same bytes.

openpyxl stamps the time of saving into the file and into each member of the archive, writes what a font is in another
order than the format's, and can't write a chart's alternative text; all three are put right here.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from html import escape

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from xladdin.templates.arrays import mark_array_formulas

_STAMP = datetime.datetime(2026, 1, 1)
_ZIP_STAMP = (2026, 1, 1, 0, 0, 0)
_FONT = re.compile(r"(?<=<font>).*?(?=</font>)", re.DOTALL)
_PART_OF_FONT = re.compile(r"<(\w+)[^>]*/>")
# CT_Font of ECMA-376, part 1, 18.8.22, as the Open XML SDK holds it against a file.
_ORDER = [
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz"),
    *("color", "name", "family", "charset", "scheme"),
]


def to_bytes(workbook: Workbook) -> bytes:
    """The workbook as a file. A chart's alternative text is its attribute `alternative_text`."""
    mark_array_formulas(workbook)
    workbook.properties.created = workbook.properties.modified = _STAMP
    written = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(written, "w")).save()
    return _described(written, _alternative_texts(workbook))


def _alternative_texts(workbook: Workbook) -> dict[str, list[str]]:
    """The texts by the name of the drawing's part: openpyxl numbers the drawings in the order of the sheets."""
    drawn = [sheet for sheet in workbook.worksheets if sheet._charts]
    return {
        f"xl/drawings/drawing{number}.xml": [chart.alternative_text for chart in sheet._charts]
        for number, sheet in enumerate(drawn, 1)
    }


def _described(written: io.BytesIO, texts: dict[str, list[str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name).replace(b"\r\n", b"\n")  # which openpyxl makes of each line's end on Windows
            if name == "xl/styles.xml":
                data = _FONT.sub(_in_order, data.decode()).encode()
            if name in texts:
                data = _with_texts(data.decode(), texts[name]).encode()
            member = zipfile.ZipInfo(name, _ZIP_STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, data, compresslevel=9)
    return out.getvalue()


def _with_texts(xml: str, texts: list[str]) -> str:
    remaining = iter(texts)
    return re.sub(r'name="Chart \d+"', lambda found: f'{found[0]} descr="{escape(next(remaining))}"', xml)


def _in_order(font: re.Match[str]) -> str:
    parts = sorted(_PART_OF_FONT.finditer(font[0]), key=lambda part: _ORDER.index(part[1]))
    return "".join(part[0] for part in parts)

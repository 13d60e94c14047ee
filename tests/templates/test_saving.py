"""The same input gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from tools import templates as kept
from xladdin.templates.saving import to_bytes

ONE = "position-sizing"  # what holds for the way of building is tried on a single template: each takes seconds


def test_same_input_same_bytes(tmp_path: Path) -> None:
    kept.build(ONE, tmp_path / "first.xlsx")
    kept.build(ONE, tmp_path / "second.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_a_font_is_written_in_the_order_of_the_format() -> None:
    order = [
        *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz"),
        *("color", "name", "family", "charset", "scheme"),
    ]
    workbook = Workbook()
    cell = workbook.worksheets[0]["A1"]
    cell.font = Font(
        "Calibri", 12, bold=True, italic=True, underline="single", color="FF0000", family=2, scheme="minor"
    )
    with zipfile.ZipFile(io.BytesIO(to_bytes(workbook))) as archive:
        styles = archive.read("xl/styles.xml").decode()
    fonts = [re.findall(r"<(\w+)", font) for font in re.findall(r"<font>(.*?)</font>", styles)]
    assert max(map(len, fonts)) == 8
    for parts in fonts:
        assert parts == sorted(parts, key=order.index)

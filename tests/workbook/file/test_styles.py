"""The number formats of cells."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from support.books import with_parts

from xladdin.workbook.file.package import open_package
from xladdin.workbook.file.styles import number_formats


def test_own_and_built_in_formats_are_found_by_the_number_of_a_style(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row, written in enumerate(["General", "0.00", "yyyy-mm-dd", '0.0"x"'], 1):
        book.active.cell(row, 1, 1).number_format = written
    book.save(tmp_path / "t.xlsx")
    styles = [cell._style.xfId or cell.style_id for (cell,) in book.active]
    assert [number_formats(open_package(tmp_path / "t.xlsx"))[style] for style in styles] == [
        "General",
        "0.00",
        "yyyy-mm-dd",
        '0.0"x"',
    ]


def test_a_workbook_without_styles_has_the_general_one(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "t.xlsx")
    assert number_formats(open_package(with_parts(tmp_path / "t.xlsx", {"xl/styles.xml": None}))) == ["General"]

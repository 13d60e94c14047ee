"""From a text to a workbook with its values."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from support.command import call
from support.template_texts import GOOD


def test_a_text_becomes_a_workbook_whose_values_are_computed(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8")
    assert call("template", "build", tmp_path / "mine.toml", "-o", tmp_path / "mine.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx", data_only=True)
    sheet, _, cell = book.defined_names["income"].attr_text.rpartition("!")
    assert book[sheet.strip("'")][cell.replace("$", "")].value == 40 * 12
    sheet, _, cell = book.defined_names["cost"].attr_text.rpartition("!")
    assert book[sheet.strip("'")][cell.replace("$", "")].value == 5 * 40

"""Building: the same text gives the same bytes, and the workbooks that are kept are what their texts make anywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.books import parts, with_parts

from tools import templates as kept
from xladdin import templates
from xladdin.templates import library
from xladdin.workbook.file.comparison import differences

ONE = "position-sizing"  # what holds for the way of building is tried on a single template: each takes seconds


@pytest.mark.parametrize("name", templates.names())
def test_a_kept_file_is_what_its_text_makes(name: str, tmp_path: Path) -> None:
    kept.build(name, tmp_path / "fresh.xlsx")
    assert differences(templates.workbook_path(name), tmp_path / "fresh.xlsx") == []


def test_a_changed_and_a_missing_file_are_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ONE, "fields"):
        shutil.copy(library.folder() / f"{name}.toml", tmp_path)
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    assert templates.names() == [ONE]
    assert kept.stale(tmp_path) == [ONE]
    (built,) = kept.build_all(tmp_path)
    assert kept.stale(tmp_path) == []
    sheet = "xl/worksheets/sheet3.xml"
    text = parts(built)[sheet]
    assert b"POWER(1-risk,B50)" in text
    with_parts(built, {sheet: text.replace(b"POWER(1-risk,B50)", b"POWER(1-risk,B51)")})
    assert kept.stale(tmp_path) == [ONE]

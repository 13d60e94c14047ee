"""Two folders of workbooks are compared part by part."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.books import parts, with_parts

from tools.compare_workbooks import compared
from xladdin import templates


def test_what_differs_is_named_and_what_is_missing(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, names in ((old, ("positions", "staking-loop")), (new, ("positions",))):
        folder.mkdir()
        for name in names:
            shutil.copy(templates.workbook_path(name), folder)
    count = len(parts(old / "positions.xlsx"))
    lines = [f"positions.xlsx: {count} of {count} parts are equal", f"staking-loop.xlsx: not in {new}"]
    assert list(compared(old, new)) == lines
    sheet = "xl/worksheets/sheet2.xml"
    with_parts(new / "positions.xlsx", {sheet: parts(new / "positions.xlsx")[sheet].replace(b"Example desk", b"X")})
    first, second, *_ = compared(old, new)
    assert first == f"positions.xlsx: {count - 1} of {count} parts are equal"
    assert sheet in second

"""Names that a spreadsheet does not take, or that are taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import call
from support.template_texts import GOOD


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a1", "a spreadsheet takes it for a cell"),
        ("r1c1", "a spreadsheet takes it for a cell"),
        ("overall_flag", "every workbook has"),
        ("two words", "is no name"),
    ],
)
def test_a_name_that_can_not_be_is_said_with_its_line(tmp_path: Path, name: str, said: str) -> None:
    text = tmp_path / "mine.toml"
    changed = GOOD.replace(
        'owner = "@client"', f'"{name}" = {{ label = "X", example = 1, allowed = {{ from = 0, to = 9 }} }}'
    )
    text.write_text(changed, encoding="utf-8")
    result = call("template", "check", text)
    assert result.exit_code == 3
    assert said in result.stderr
    assert f"line {changed[: changed.index(name)].count(chr(10)) + 1}" in result.stderr

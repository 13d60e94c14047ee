"""What goes together in a text."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import call
from support.template_texts import GOOD


@pytest.mark.parametrize("number_format", ['0.0\\" EUR\\";-0', "yyyy-mm-dd hh:mm", "[h]:mm", "# ?/?", "0.00E+00", "@"])
def test_formats_as_spreadsheets_write_them(tmp_path: Path, number_format: str) -> None:
    text = tmp_path / "mine.toml"
    said = GOOD.replace('{plan.cost})", format = "money"', f'{{plan.cost}})", format = "{number_format}"')
    text.write_text(said, encoding="utf-8")
    assert call("template", "check", str(text)).exit_code == 0

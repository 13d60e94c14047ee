"""A text that is checked as a whole: what is worked out from itself is a fault with its line."""

from __future__ import annotations

from pathlib import Path

from support.command import call
from support.template_texts import GOOD


def test_a_circle_is_named_by_all_that_are_in_it(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace('formula = "MAX({plan.cost})"', 'formula = "income+cost"'), encoding="utf-8")
    result = call("template", "check", text)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "cost" in result.stderr
    assert "line" in result.stderr

"""A template tried with its own example."""

from __future__ import annotations

from pathlib import Path

from support.command import call
from support.template_texts import GOOD


def test_a_result_that_is_an_error_with_the_example_is_told(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace("MAX({plan.cost})", "MAX({plan.cost})/(days-days)"), encoding="utf-8")
    result = call("template", "check", str(text))
    assert result.exit_code == 1
    assert f"xladdin: {text}: with the example cost is #DIV/0!.\n" in result.stderr


def test_build_tells_of_a_result_that_is_an_error_too(tmp_path: Path) -> None:
    text, built = tmp_path / "mine.toml", tmp_path / "mine.xlsx"
    text.write_text(GOOD.replace("MAX({plan.cost})", "MAX({plan.cost})/(days-days)"), encoding="utf-8")
    result = call("template", "build", str(text), "-o", str(built))
    assert f"xladdin: {text}: with the example cost is #DIV/0!.\n" in result.stderr
    assert result.stderr.endswith(f"{built} is ready.\n")

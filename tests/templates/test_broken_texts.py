"""Broken texts of templates: each is said in one sentence with its line and its key, and nothing is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from support.command import call
from support.template_texts import GOOD, refused

BROKEN = tomllib.loads((Path(__file__).parent / "broken_texts.toml").read_text(encoding="utf-8"))


def test_the_text_that_is_broken_below_is_good(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD, encoding="utf-8")
    result = call("template", "check", str(text))
    assert (result.stderr, result.exit_code) == (
        f"{text}: its workbook has 5 inputs and 6 results, those of its checks among them.\n",
        0,
    )


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_text_is_said_with_its_line(tmp_path: Path, what: str) -> None:
    broken = BROKEN[what]
    assert GOOD.count(broken["old"]) == 1
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace(broken["old"], broken["new"]), encoding="utf-8")
    refused(text, [f"{text}, {sentence}" for sentence in broken["said"]])

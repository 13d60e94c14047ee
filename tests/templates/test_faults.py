"""All faults of a text are said at once."""

from __future__ import annotations

from pathlib import Path

from support.command import call
from support.template_texts import GOOD, refused


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace("Before cost.", "n" * 47).replace("example = 12", "example = 500"), encoding="utf-8")
    refused(
        text,
        [
            f"{text}, line 9, inputs.Terms.days.example: 500 is not a whole number from 1 to 365.",
            f"{text}, line 16, results.Answer.income.note: the note has 47 characters, and 46 are shown.",
        ],
    )


def test_the_reports_and_new_refuse_a_broken_text_alike(tmp_path: Path) -> None:
    text, table = tmp_path / "mine.toml", tmp_path / "table.csv"
    text.write_text(GOOD.replace("MAX({plan.cost})", "MAXX({plan.cost})"), encoding="utf-8")
    table.write_text("days\n3\n")
    said = f"xladdin: {text}, line 17, results.Answer.cost.formula: there is no function MAXX; did you mean MAX.\n"
    for arguments in (("report", str(table), "--template", str(text), "--out"), ("new", str(text), "-o")):
        result = call(*arguments, str(tmp_path / "out.xlsx"))
        assert (result.stderr, result.exit_code) == (said, 3)
    assert not (tmp_path / "out.xlsx").exists()

"""Formulas that no cell takes."""

from __future__ import annotations

from pathlib import Path

from support.template_texts import GOOD, refused


def test_a_formula_that_no_cell_takes(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace("MAX({plan.cost})", "+".join(["rate"] * 1800)), encoding="utf-8")
    where = f"{text}, line 17, results.Answer.cost.formula"
    refused(text, [f"{where}: the formula has 8,999 characters, and a cell takes 8,192."])


def test_a_verdict_of_more_cases_than_a_formula_takes(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    cases = "".join(f'{{ when = "income>{number}", word = "W{number}" }}, ' for number in range(100))
    text.write_text(GOOD.replace('[{ when = "income>cost"', f'[{cases}{{ when = "income>cost"'), encoding="utf-8")
    refused(text, [f"{text}, line 14, results.Answer.state.verdict: a verdict has at most 60 cases, not 102."])

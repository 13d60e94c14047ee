"""What an input may hold."""

from __future__ import annotations

from typing import Any


def test_required_is_a_validation_that_does_not_ignore_blanks(build: Any) -> None:
    sheet = build()["Inputs"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert {cells: bool(rule.allow_blank) for cells, rule in rules.items()} == {
        "C6": True,
        "C7": False,
        "C8": True,
        "C9": True,
    }
    assert rules["C7"].prompt == "A whole number from 1 to 365."


def test_every_input_has_validation_with_a_prompt(built: Any) -> None:
    places = list(built.input_cells())
    assert places
    for place, cell in places:
        (rule,) = [rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref]
        assert rule.type, place
        assert rule.showInputMessage, place
        assert rule.showErrorMessage, place
        assert rule.prompt, place
        assert len(rule.promptTitle) <= 32, place
        assert len(rule.prompt) <= 255, place

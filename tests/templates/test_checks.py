"""The sheet Checks."""

from __future__ import annotations

from typing import Any

import pytest
from support.results import result

from xladdin import templates
from xladdin.workbook.model_reader import read_model


def test_overall_flag_on_every_sheet(built: Any) -> None:
    for sheet in built.values.worksheets:
        assert sheet["B2"].value == built.own("ALL CHECKS PASS")


def test_at_least_six_checks_against_native_formulas(built: Any) -> None:
    sheet = built.formulas["Checks"]
    natives = [
        row[3].value for row in sheet.iter_rows() if row[5].data_type == "f" and str(row[3].value).startswith("=")
    ]
    assert len(natives) >= 6
    assert not [formula for formula in natives if "LEV_" in formula]


def test_the_flag_is_quiet_when_all_checks_pass_and_loud_when_not(built: Any) -> None:
    passes = built.own("ALL CHECKS PASS").partition(" ")[0]
    assert not built.own("CHECK FAILED: ").startswith(passes)
    assert not built.own("FUNCTIONS MISSING: see Read me").startswith(passes)
    for sheet in built.formulas.worksheets:
        assert (sheet["B2"].font.sz, sheet["B2"].fill.fill_type) == (9, None)
        (rule,) = [rule for cells in sheet.conditional_formatting if "B2" in cells.sqref for rule in cells.rules]
        assert rule.formula == [f'LEFT($B$2,{len(passes)})<>"{passes}"']


@pytest.mark.parametrize(
    ("language", "given", "said"),
    [
        ("en", {"stop": 60000}, 'CHECK FAILED: not so: "Stop is on the losing side"'),
        ("de", {"stop": 60000}, "PRÜFUNG NICHT BESTANDEN: trifft nicht zu: „Stop liegt auf der Verlustseite“"),
        ("es", {"stop": 60000}, "COMPROBACIÓN FALLIDA: no se cumple: «El stop está en el lado perdedor»"),
        ("en", {"leverage": 0.5}, "CHECK FAILED: Leverage"),
    ],
)
def test_a_rule_that_fails_does_not_read_as_if_it_held(language: str, given: dict[str, float], said: str) -> None:
    model = read_model(templates.find("futures-planner", language))
    assert result(model, given)["overall_flag"] == said


def test_the_rules_stand_below_what_they_say(built: Any) -> None:
    """Beside FALSE a rule reads as what must be so, and not as what is."""
    titles = [cell.value for cell in built.formulas["Checks"]["B"]]
    assert titles[titles.index(built.own("Rules between inputs")) + 1] == built.own("What must be so")

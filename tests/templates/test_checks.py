"""The sheet Checks."""

from __future__ import annotations

from typing import Any


def test_overall_flag_on_every_sheet(built: Any) -> None:
    for sheet in built.values.worksheets:
        assert sheet["B3"].value == built.own("ALL CHECKS PASS")


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
        assert (sheet["B3"].font.sz, sheet["B3"].fill.fill_type) == (9, None)
        (rule,) = [rule for cells in sheet.conditional_formatting if "B3" in cells.sqref for rule in cells.rules]
        assert rule.formula == [f'LEFT($B$3,{len(passes)})<>"{passes}"']

"""Whoever looks for the tests of a module finds them by its name."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
# What is tested through others: a way in, what only lists or runs inside another program, and the commands.
THROUGH_OTHERS = {
    "__main__": "test_cli",
    "cli": "test_cli",
    "core/functions/earnings": "test_mining",
    "core/running": "test_about",
    "hosts/guard": "test_server",
    "hosts/libreoffice/component": "test_calc_functions",
    "hosts/xlwings_udf": "test_excel",
    "reports/aggregates": "test_groups",
    "reports/doubts": "test_oracle",
    "reports/earlier": "test_destinations",
    "reports/filling": "test_prepared",
    "reports/group_batch": "test_groups",
    "reports/log": "test_failures",
    "reports/mailing": "test_groups",
    "reports/odd_lines": "test_reading",
    "reports/outcome": "test_run",
    "reports/parts": "test_store",
    "reports/processes": "test_workers",
    "reports/remarks": "test_failures",
    "reports/sheet_faults": "test_sheets",
    "reports/survey": "test_notation",
    "reports/tried": "test_check",
    "reports/wording": "test_sheets",
    "workbook/builtins/all": "test_registry",
    "workbook/file/budget": "test_hostile",
    "workbook/filled_lists": "test_prepared",
    "workbook/flag": "test_failures",
    "workbook/model": "test_model_reader",
    "reference_functions": "test_as_excel",
}


def test_each_module_has_tests_of_its_name() -> None:
    tests = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    modules = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "xladdin").rglob("*.py")]
    lacking = []
    for module in modules:
        room = module.relative_to("xladdin")
        through = next((name for key, name in THROUGH_OTHERS.items() if key in (room.as_posix(), *room.parts)), "")
        if module.stem != "__init__" and {f"test_{module.stem}", through}.isdisjoint(tests):
            lacking.append(module.as_posix())
    assert lacking == []

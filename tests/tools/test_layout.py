"""Whoever looks for the tests of a module finds them by its name."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
# What is tested through others: a way in, what only lists or runs inside another program, and the commands.
THROUGH_OTHERS = {
    "__main__": "test_cli",
    "cli": "test_cli",
    "xladdin/hosts/libreoffice/component": "test_calc_functions",
    "xladdin/hosts/xlwings_udf": "test_excel",
    "xladdin/workbook/builtins/all": "test_registry",
}


def test_each_module_has_tests_of_its_name() -> None:
    tests = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    modules = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "xladdin").rglob("*.py")]
    lacking = []
    for module in modules:
        through = next((name for key, name in THROUGH_OTHERS.items() if key in (module.as_posix(), *module.parts)), "")
        if module.stem != "__init__" and {f"test_{module.stem}", through}.isdisjoint(tests):
            lacking.append(module.as_posix())
    assert lacking == []

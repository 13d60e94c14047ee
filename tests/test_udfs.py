"""The module that Excel imports."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from support.cells import CATALOGUE

from xladdin import udfs
from xladdin.core.catalog import functions


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert not run.stderr
    return set(run.stdout.split())


def test_importing_it_brings_the_mathematics_and_nothing_else() -> None:
    beyond = modules_after("import xladdin.udfs") - modules_after("import numpy, ast, inspect, dataclasses, textwrap")
    packages = {name.partition(".")[0] for name in beyond} - set(sys.stdlib_module_names)
    assert packages == {"xladdin"}


def test_where_xlwings_is_every_function_is_registered_with_its_help() -> None:
    if find_spec("xlwings") is None:  # not imported here: what other tests have left of it would be asked for a licence
        pytest.skip("xlwings is not installed")
    code = (
        "import xlwings\nfrom xladdin import udfs\n"
        "print(*(name for name, call in udfs.FUNCTIONS.items() if 0 < len(call.__doc__) <= 255))"
    )
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=surroundings)
    assert sorted(run.stdout.split()) == sorted(functions())


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_function_can_be_called_by_position_only_as_a_spreadsheet_does(name: str) -> None:
    for parameter in inspect.signature(getattr(udfs, name)).parameters.values():
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


def test_what_python_gets_is_what_the_cell_gets() -> None:
    assert udfs.LEV_LIQPRICE(50000, 10, 0.01) == 45500
    assert udfs.LEV_LIQPRICE(50000, 10, 0.2) == "#NUM!"
    assert udfs.LEV_LIQPRICE(50000, 1, 0) == "#N/A"
    assert udfs.LEV_LIQPRICE("50000", 10, 0.01) == "#VALUE!"
    assert udfs.LEV_LIQPRICE([[50000, 0]], [[10], [20]], 0.01) == [[45500.0, "#NUM!"], [48000.0, "#NUM!"]]

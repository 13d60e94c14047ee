"""What `import xladdin` offers: every function of the catalogue by its Python name, and little else."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from support.cells import CATALOGUE

import xladdin

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_function_is_there_by_its_python_name(name: str) -> None:
    known = CATALOGUE[name]
    module = import_module(f"xladdin.core.functions.{known.group}")
    assert getattr(xladdin, known.python_name) is getattr(module, known.python_name)
    assert known.python_name in xladdin.__all__
    assert known.python_name in dir(xladdin)


def test_all_that_is_public_is_there_and_hides_no_module() -> None:
    assert len(set(xladdin.__all__)) == len(xladdin.__all__)
    assert all(hasattr(xladdin, name) for name in xladdin.__all__)
    assert not set(xladdin.__all__) & {module.name for module in pkgutil.iter_modules(xladdin.__path__)}


def test_what_is_not_there_is_said_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'xladdin' has no attribute 'liquidation_prize'"):
        xladdin.liquidation_prize  # noqa: B018


def test_importing_the_package_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import xladdin; print(*(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["xladdin"]


def test_everything_is_imported_by_a_star() -> None:
    code = "from xladdin import *; print(liquidation_price(50000, 10, 0.01), evaluate('=LEV_RATIO(10,5)'))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "45500.0 2.0\n"


def test_the_readme_shows_what_can_be_run() -> None:
    """A line with a number behind it gives that number."""
    (block,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for line in block.splitlines() if line]
    names: dict[str, object] = {}
    exec("\n".join(line for line in lines if line.startswith("import ")), names)
    calls = [line.partition("  # ") for line in lines if not line.startswith("import ")]
    values = [eval(call, names) for call, _, _ in calls]
    assert values[0] == float(calls[0][2])
    assert values[-1] == [[40500.0, 45500.0, 48000.0], ["#NUM!"] * 3, [48600.0, 54600.0, 57600.0]]

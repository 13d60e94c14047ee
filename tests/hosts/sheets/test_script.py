"""The script for Google Sheets, run by node as Apps Script would: every function, every call."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.required import need
from support.vectors import LEFT_OUT, Vector, all_vectors, same

from xladdin import __version__
from xladdin.core import catalog
from xladdin.hosts.sheets import script

pytestmark = pytest.mark.hosts
RUN = Path(__file__).with_name("run_script.mjs")


def answers(vectors: list[Vector], folder: Path) -> list[Any]:
    node = shutil.which("node")
    need("node", node)
    calls = [{"name": vector.function, "args": list(map(as_sheets, vector.arguments))} for vector in vectors]
    (folder / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
    made = script.build(folder / "lev.gs")
    words = [str(node), *map(str, (RUN, made, folder / "calls.json", folder / "answers.json"))]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return found


def as_sheets(value: Any) -> Any:
    """An argument as Sheets hands it to a custom function."""
    if value is LEFT_OUT:
        return "left out"
    if isinstance(value, list):
        return [["" if cell is None else cell for cell in row] for row in value]
    return "" if value is None else value


def test_every_call_gives_what_the_core_gives(tmp_path: Path) -> None:
    native = {name for name, function in catalog.functions().items() if function.native}
    vectors = [vector for vector in all_vectors() if vector.function in native]
    wrong = [
        f"{vector}: {answer!r}, not {vector.expected!r}"
        for vector, answer in zip(vectors, answers(vectors, tmp_path), strict=True)
        if not same(answer, vector.expected)
    ]
    assert not wrong, f"{len(wrong)} of {len(vectors)}, for example\n" + "\n".join(wrong[:20])


def test_the_script_says_of_which_version_it_is(tmp_path: Path) -> None:
    assert answers([Vector("LEV_VERSION", ())], tmp_path) == [f"xladdin {__version__}, formulas without Python"]


def test_every_function_has_its_help_where_sheets_looks() -> None:
    text = script.script()
    for name, function in catalog.functions().items():
        if function.native:
            (comment,) = re.findall(rf"/\*\*((?:(?!\*/).)*)\*/\nfunction {name}\(", text, flags=re.DOTALL)
            assert "@customfunction" in comment
            assert function.summary in comment

"""The functions in a Python without numpy, as LibreOffice brings one on Windows and macOS."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from support.cells import CATALOGUE, call, columns, example, row, same

from xladdin.hosts.libreoffice.extension import build
from xladdin.udfs import LEV_VERSION

TWELVE_DIGITS = 1e-12

# Cells in, cells out, one call a line, by the files of the extension and nothing else.
CALLS = """
import json, sys
sys.modules["numpy"] = None
sys.path.insert(0, sys.argv[1])
from xladdin.core import catalog, cells
functions = catalog.functions()
signatures = {name: known.signature for name, known in functions.items()}
for line in sys.stdin:
    name, arguments = json.loads(line)
    missing = [None] * (len(signatures[name].arguments) - len(arguments))
    print(json.dumps(cells.call_with_cells(signatures[name], arguments + missing)))
"""


def without_numpy(asked: list[tuple[str, list[Any]]], folder: Path) -> list[Any]:
    with zipfile.ZipFile(build(folder / "xladdin.oxt")) as archive:
        archive.extractall(folder)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", CALLS, str(folder / "pythonpath")],
        input="".join(f"{json.dumps(line)}\n" for line in asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def vectors() -> list[tuple[str, list[Any]]]:
    """For each function fifty rows of single cells, then the same rows as columns and one of them as a cross table."""
    dice = random.Random(7)
    asked: list[tuple[str, list[Any]]] = []
    for name, function in CATALOGUE.items():
        rows = [row(function, dice, bad=0.1) for _ in range(50)]
        asked += [(name, line) for line in rows]
        usual = example(function)
        single = [index for index, argument in enumerate(function.arguments) if argument.kind.broadcasts]
        block = list(usual)
        for index, column in enumerate(columns(rows)):
            if index in single:
                block[index] = column
        asked.append((name, block))
        if len(single) > 1:
            for height, width in ((2, 2), (5, 7)):
                cross = list(usual)
                cross[single[0]] = [[line[single[0]]] for line in rows[:height]]
                cross[single[1]] = [[line[single[1]] for line in rows[:width]]]
                asked.append((name, cross))
            asked.append((name, [*cross[: single[1]], [[1], [2]], *cross[single[1] + 1 :]]))  # does not fit
    return asked


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return not isinstance(one, list) and not isinstance(other, list) and same(one, other, TWELVE_DIGITS)


def test_the_functions_give_the_same_without_numpy(tmp_path: Path) -> None:
    asked = vectors()
    found = without_numpy(asked, tmp_path)
    assert len(found) == len(asked)
    wrong = [
        (name, cells, mine, call(name, *cells))
        for (name, cells), mine in zip(asked, found, strict=True)
        if not alike(mine, call(name, *cells))
    ]
    assert not wrong, wrong[0]
    assert sum(isinstance(value, list) for value in found) > 80


def test_the_version_is_a_text_without_numpy_too(tmp_path: Path) -> None:
    assert without_numpy([("LEV_VERSION", [])], tmp_path) == [LEV_VERSION()]

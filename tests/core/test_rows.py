"""Functions that give rows: all of them, a column, a row or one value, and the one error that bad input makes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from support.cells import BAD_CELLS, CATALOGUE, call, edges, example, row, same

from xladdin.core.catalog import Function
from xladdin.core.errors import CODES
from xladdin.workbook import one_formula

FUNCTIONS = [pytest.param(function, id=name) for name, function in CATALOGUE.items() if function.columns]
SINGLE = [
    pytest.param(*case.values, index, id=f"{case.id}-{argument.name}")
    for case in FUNCTIONS
    for index, argument in enumerate(case.values[0].arguments)
    if argument.kind.broadcasts
]


def whole(function: Function) -> list[Any]:
    """Ordinary cells, and nothing chosen of the rows."""
    own = len(function.arguments) - min(len(function.columns), 2)
    return example(function)[:own]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_column_a_row_and_a_value_are_those_of_all_rows(function: Function) -> None:
    given = whole(function)
    rows = call(function.name, *given)
    assert {len(line) for line in rows} == {len(function.columns)}
    for number, line in enumerate(rows, start=1):
        chosen = [*given, "all", number] if len(function.columns) > 1 else [*given, number]
        alone = call(function.name, *chosen)
        assert alone == ([line] if len(line) > 1 else line[0])
    for place, name in enumerate(function.columns if len(function.columns) > 1 else ()):
        assert call(function.name, *given, f" {name.upper()}") == [[line[place]] for line in rows]
        assert call(function.name, *given, name, len(rows)) == rows[-1][place]
        assert call(function.name, *given, [[name]], [[1.9]]) == rows[0][place]
    beyond = [*given, None, len(rows) + 1] if len(function.columns) > 1 else [*given, len(rows) + 1]
    assert call(function.name, *beyond) == "#REF!"


@pytest.mark.parametrize(("function", "index"), SINGLE)
def test_a_bad_cell_is_the_error_of_the_whole_and_a_range_no_single_value(function: Function, index: int) -> None:
    good = example(function)
    argument = function.arguments[index]
    for cell in [*BAD_CELLS, *edges(argument.kind)]:
        shown = call(function.name, *good[:index], cell, *good[index + 1 :])
        in_range = call(function.name, *good[:index], [[cell]], *good[index + 1 :])
        assert shown == in_range or (argument.required and shown != shown)
        if isinstance(cell, str) and cell in CODES:
            assert shown == cell
        elif cell is None or cell == "":
            assert shown == "#N/A" if argument.required else not isinstance(shown, str)
        elif isinstance(cell, str) and argument.kind.words is None:
            assert shown == "#VALUE!"
        elif argument.kind.words is None and not argument.kind.low <= cell <= argument.kind.high:
            assert shown == "#NUM!"
        elif isinstance(shown, str):
            assert shown in CODES
    assert call(function.name, *good[:index], [[good[index]]] * 2, *good[index + 1 :]) == "#VALUE!"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_python_gives_arrays(function: Function) -> None:
    module = sys.modules[f"xladdin.core.functions.{function.group}"]
    given = whole(function)
    rows = call(function.name, *given)
    found = getattr(module, function.python_name)(*given)
    assert isinstance(found, np.ndarray)
    assert [[cell if cell == cell else "error" for cell in line] for line in found.tolist()] == [
        [cell if isinstance(cell, float) else "error" for cell in line] for line in rows
    ]


WITHOUT_NUMPY = """
import json, sys
sys.modules["numpy"] = None
from xladdin import udfs
given = json.load(sys.stdin)
print(json.dumps([getattr(udfs, name)(*cells) for name, cells in given]))
"""


def test_without_numpy_the_rows_are_the_same() -> None:
    given: list[tuple[str, list[Any]]] = []
    for case in FUNCTIONS:
        (function,) = case.values
        dice = random.Random(function.name)
        given += [(function.name, row(function, dice, bad)) for bad in (0.0, 0.1) for _ in range(30)]
        given.append((function.name, whole(function)))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_NUMPY],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.stderr
    for (name, cells), shown in zip(given, json.loads(run.stdout), strict=True):
        expected = call(name, *cells)
        if not isinstance(expected, list):
            assert same(shown, expected), (name, cells)
            continue
        for line, other in zip(expected, shown, strict=True):
            assert all(same(one, two) for one, two in zip(line, other, strict=True)), (name, cells)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=LEV_AMORTIZE(1000,0,2)", [[500.0, 0.0, 500.0, 500.0], [500.0, 0.0, 500.0, 0.0]]),
        ("=INDEX(LEV_AMORTIZE(1000,0,4),3,4)", 250.0),
        ('=SUM(LEV_AMORTIZE(1000,0,4,,,"principal"))', 1000.0),
        ('=LEV_AMORTIZE(1000,0,4,,,"balance",3)*2', 500.0),
        ("=LEV_AMORTIZE(1000,0,4,,,,5)", "#REF!"),
        ('=LEV_AMORTIZE(1000,0,4,,,"rest")', "#VALUE!"),
    ],
)
def test_rows_in_a_formula(formula: str, expected: Any) -> None:
    assert one_formula.evaluate(formula) == expected

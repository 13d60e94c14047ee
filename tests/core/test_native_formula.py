"""Every function against its native spreadsheet formula in the formula engine: the same numbers, the same errors."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import formualizer
import ironcalc
import numpy as np
import pytest
from support.cells import BAD_CELLS, CATALOGUE, call, edges, example, row, same

from xladdin.core.catalog import Function
from xladdin.core.errors import CODES
from xladdin.core.native_formula import guarded
from xladdin.workbook.engine import from_engine

# Random rows beside every bad cell and every edge: a hundred a function every day, more by `make test-slow`.
EVERY_DAY, MANY = 100, 500
FUNCTIONS = [
    pytest.param(function, count, id=f"{name}-{count}", marks=pytest.mark.slow if count == MANY else ())
    for name, function in CATALOGUE.items()
    if function.native
    for count in (EVERY_DAY, MANY)
]
HEIGHT = 12  # rows of the second sheet that a row's ranges take; no table of the samples is longer


# What the native formula itself loses, relative to the result: without an LN(1 + x) it has the logarithm of a
# quotient that rounds, and in the tail of the distribution that counts as often as the score is large; without an
# EXP(x) - 1 it has what a power leaves of 1.
def _tail(price: float, liq_price: float, volatility: float, years: float, drift: Any, carry: Any) -> float:
    spread = max(volatility * math.sqrt(years), 1e-300)
    nu = abs((drift or 0) - (carry or 0) - volatility**2 / 2)
    return (nu * years + abs(math.log(liq_price / price))) / spread * 2**-50 / spread


NATIVE_LOSS: dict[str, Callable[..., float]] = {
    "LEV_LIQPROB": _tail,
    "LEV_LOOP": lambda ltv, loops: 2**-51 / (1 - ltv) / (loops + 1),
}


def opinions(function: Function, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """What the native formula shows for each row of cells, computed in one workbook."""
    return _by_ironcalc(function, rows) if "LAMBDA" in function.native else _by_formualizer(function, rows)


def _by_ironcalc(function: Function, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """The engine that knows LAMBDA, for a function without ranges."""
    model = ironcalc.create("opinions", "en", "UTC", "en")
    put = {bool: model.update_cell_with_bool, str: model.update_cell_with_text}
    last = len(function.arguments) + 1
    for number, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            if isinstance(cell, str) and cell in CODES:
                model.update_cell_with_formula(0, number, column, f"={cell}")
            elif cell is not None:
                put.get(type(cell), model.update_cell_with_number)(0, number, column, cell)
        given = [f"{_letter(column)}{number}" for column in range(1, last)]
        model.update_cell_with_formula(0, number, last, f"={guarded(function, given)}")
    model.evaluate()
    return [model.get_cell_value(0, number, last) for number in range(1, len(rows) + 1)]


def _by_formualizer(function: Function, rows: Sequence[Sequence[Any]]) -> list[Any]:
    workbook = formualizer.Workbook()
    # The engine lacks the product of matrices, and only that.
    workbook.register_function(
        "MMULT", lambda one, other: (np.atleast_2d(one) @ np.atleast_2d(other)).tolist(), min_args=2, max_args=2
    )
    sheet, ranges = workbook.sheet("Sheet1"), workbook.sheet("Ranges")
    last = len(function.arguments) + 1
    for number, cells in enumerate(rows, start=1):
        given = []
        for column, (argument, cell) in enumerate(zip(function.arguments, cells, strict=True), start=1):
            if argument.kind.broadcasts:
                _put(sheet, number, column, cell)
                given.append(f"{_letter(column)}{number}")
            elif cell is None:
                given.append("")
            else:
                given.append(_put_range(ranges, number * HEIGHT, column * 4, cell))
        sheet.set_formula(number, last, f"={guarded(function, given)}")
    found = workbook.evaluate_cells([("Sheet1", number, last) for number in range(1, len(rows) + 1)])
    return [from_engine(value) for value in found]


def _put_range(sheet: formualizer.Sheet, top: int, left: int, block: list[list[Any]]) -> str:
    for down, line in enumerate(block):
        for right, cell in enumerate(line):
            _put(sheet, top + down, left + right, cell)
    return f"Ranges!{_letter(left)}{top}:{_letter(left + len(block[0]) - 1)}{top + len(block) - 1}"


def _put(sheet: formualizer.Sheet, number: int, column: int, cell: Any) -> None:
    if isinstance(cell, str) and cell in CODES:
        sheet.set_formula(number, column, f"={cell}")
    elif cell is not None:
        sheet.set_value(number, column, cell)


def _letter(column: int) -> str:
    return (
        chr(ord("A") + column - 1) if column <= 26 else f"{_letter((column - 1) // 26)}{_letter((column - 1) % 26 + 1)}"
    )


def held_by_a_cell(cell: Any) -> bool:
    return not isinstance(cell, (int, float)) or abs(cell) <= 1.7976931348623157e308


@pytest.mark.parametrize(("function", "count"), FUNCTIONS)
def test_the_native_formula_gives_the_same(function: Function, count: int) -> None:
    dice = random.Random(f"second opinion on {function.name}")
    rows = [row(function, dice) for _ in range(count)]
    good = example(function)
    for index, argument in enumerate(function.arguments):
        if argument.kind.broadcasts:
            # ironcalc compares fifteen digits, as Excel does: to it the neighbour of an edge is the edge.
            sharp = [] if "LAMBDA" in function.native else edges(argument.kind)
            bad = [cell for cell in [*BAD_CELLS, *sharp] if held_by_a_cell(cell)]
            rows += [[*good[:index], cell, *good[index + 1 :]] for cell in bad]
    disagreements = []
    for cells, native in zip(rows, opinions(function, rows), strict=True):
        ours = call(function.name, *cells)
        if not same(ours, native, within(function, cells, ours)) and not overflows(cells, native):
            disagreements.append((cells, ours, native))
    assert not disagreements, f"{len(disagreements)} of {len(rows)}: {disagreements[:5]}"


def within(function: Function, cells: Sequence[Any], ours: Any) -> float:
    loss = NATIVE_LOSS.get(function.name)
    return max(1e-12, loss(*cells)) if loss and isinstance(ours, float) and ours else 1e-12


def overflows(cells: Sequence[Any], native: Any) -> bool:
    """Whether a spreadsheet stops at a step beyond the largest number, where ours goes on through infinity."""
    extreme = [cell for cell in cells if isinstance(cell, float) and cell and not 1e-300 < abs(cell) < 1e300]
    return bool(extreme) and native == "#NUM!"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("LEV_AVGENTRY", [[[[100], [110]], [[1], [3]], None], [[[100], [-1]], [[1], [3]], None]]),
        ("LEV_HEALTH", [[[[100], [50]], [[0.8], [0.5]], 70], [[[100], [50]], [[0.8], [-0.5]], 70]]),
        # One threshold for all fills no place that is blank otherwise.
        (
            "LEV_HEALTHPRICE",
            [
                [[[2], [None], [1]], [[0.8]], [[100], [None], [50]], 150, 1, None],
                [[[2], [None], [1]], [[0.8], [None], [0.5]], [[100], [None], [50]], 150, 1, None],
                [[[2], [None], [1]], [[-0.8]], [[100], [None], [50]], 150, 1, None],
            ],
        ),
    ],
)
def test_ranges_with_blanks_and_with_what_is_out_of_bounds(name: str, rows: list[list[Any]]) -> None:
    function = CATALOGUE[name]
    ours = [call(name, *cells) for cells in rows]
    assert [isinstance(value, float) for value in ours].count(True) >= 1
    assert ours.count("#NUM!") == 1
    for value, native in zip(ours, opinions(function, rows), strict=True):
        assert same(value, native, 1e-12)

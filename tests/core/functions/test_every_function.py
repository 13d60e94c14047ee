"""What holds for each function of the catalogue: the errors of section "Bad input", and ranges as single calls."""

from __future__ import annotations

import itertools
import json
import math
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from support.cells import BAD_CELLS, CATALOGUE, call, columns, edges, example, numbers, row, same, tiers

from xladdin.core.calls import Argument
from xladdin.core.catalog import Function
from xladdin.core.errors import CODES

# What gives rows is in tests/core/test_rows.py.
FUNCTIONS = [pytest.param(function, id=name) for name, function in CATALOGUE.items() if not function.columns]
ARGUMENTS = [
    pytest.param(*case.values, index, id=f"{case.id}-{argument.name}")
    for case in FUNCTIONS
    for index, argument in enumerate(case.values[0].arguments)
]
BROADCAST = [case for case in ARGUMENTS if case.values[0].arguments[case.values[1]].kind.broadcasts]
SERIES = [case for case in ARGUMENTS if case.values[0].arguments[case.values[1]].kind.is_series]
TABLES = [case for case in ARGUMENTS if case.values[0].arguments[case.values[1]].kind.read_table]

# numpy's exponential and logarithm and the standard library's may differ in the last digit, by the version of numpy and
# by the processor; the exponential of -600 makes of one digit a thousand.
WITHIN = {"LEV_LIQPROB": 1e-12, "LEV_LOOP": 1e-14, "LEV_APY": 1e-13, "LEV_APR": 1e-13, "LEV_LOANDAYS": 1e-13}


def replaced(cells: list[Any], index: int, value: Any) -> list[Any]:
    return [*cells[:index], value, *cells[index + 1 :]]


def documented(argument: Argument, cell: Any) -> str | None:
    """The error that an argument's documentation promises for a cell, or none."""
    kind = argument.kind
    if cell is None or cell == "":
        return "#N/A" if argument.required else None
    if isinstance(cell, str) and cell in CODES:
        return cell
    if kind.words is not None:
        known = cell in kind.words if not isinstance(cell, float) or math.isfinite(cell) else False
        return None if known else "#VALUE!"
    if isinstance(cell, str):
        return "#VALUE!"
    return None if kind.low <= cell <= kind.high and abs(cell) <= sys.float_info.max else "#NUM!"


@pytest.mark.parametrize(("function", "index"), BROADCAST)
def test_a_bad_cell_gives_its_documented_error_and_spoils_no_neighbour(function: Function, index: int) -> None:
    good = example(function)
    argument = function.arguments[index]
    expected = call(function.name, *good)
    cells = [*BAD_CELLS, *edges(argument.kind)]
    column = [[cell] for cell in itertools.chain.from_iterable((cell, good[index]) for cell in cells)]
    shown = [value for (value,) in call(function.name, *replaced(good, index, column))]
    for cell, in_range, neighbour in zip(cells, shown[::2], shown[1::2], strict=True):
        alone = call(function.name, *replaced(good, index, cell))
        assert same(in_range, alone, WITHIN.get(function.name, 0.0)), cell
        assert same(neighbour, expected, WITHIN.get(function.name, 0.0)), cell
        promised = documented(argument, cell)
        if promised:
            assert alone == promised, cell
        elif isinstance(alone, str):
            assert alone in ("#NUM!", "#N/A"), cell
        else:
            assert math.isfinite(alone), cell


@pytest.mark.parametrize(("function", "index"), BROADCAST)
def test_a_blank_optional_cell_is_the_default_and_a_boolean_counts(function: Function, index: int) -> None:
    good = example(function)
    argument = function.arguments[index]
    if not argument.required:
        default = call(function.name, *replaced(good, index, argument.shown_default))
        assert call(function.name, *replaced(good, index, None)) == default
        assert call(function.name, *replaced(good, index, "")) == default
        assert call(function.name, *replaced(good, index, [[None]])) == [[default]]
        if all(cell is None for cell in good[index + 1 :]):
            assert call(function.name, *good[:index]) == default
    for boolean, number in ((True, 1.0), (False, 0.0)):
        assert call(function.name, *replaced(good, index, boolean)) == call(
            function.name, *replaced(good, index, number)
        )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_errors_come_in_the_order_of_the_arguments_and_before_the_domain(function: Function) -> None:
    good = example(function)
    places = [index for index, argument in enumerate(function.arguments) if argument.kind.broadcasts]
    for first, second in itertools.combinations(places, 2):
        both = replaced(replaced(good, first, "#REF!"), second, "#DIV/0!")
        assert call(function.name, *both) == "#REF!"
        both[first] = [["#REF!"], [good[first]]]
        assert [cell for (cell,) in call(function.name, *both)] == ["#REF!", "#DIV/0!"]
        if not function.arguments[first].kind.words and function.arguments[first].kind.low > -1e300:
            assert call(function.name, *replaced(replaced(good, first, -1e300), second, "#REF!")) == "#REF!"


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("bad", [0.0, 0.15], ids=["good", "bad"])
def test_a_range_gives_what_its_cells_give_one_by_one(function: Function, bad: float) -> None:
    dice = random.Random(f"{function.name}{bad}")
    rows = [row(function, dice, bad) for _ in range(400)]
    whole = [index for index, argument in enumerate(function.arguments) if not argument.kind.broadcasts]
    for cells in rows:  # ranges that are taken whole stay the same in one call
        for index in whole:
            cells[index] = rows[0][index]
    given = columns(rows)
    for index in whole:
        given[index] = rows[0][index]
    shown = call(function.name, *given)
    if len(whole) == len(given):
        shown = [[shown]] * len(rows)
    for cells, (value,) in zip(rows, shown, strict=True):
        alone = call(function.name, *cells)
        assert same(value, alone, WITHIN.get(function.name, 0.0)), cells
        assert isinstance(alone, str) or (isinstance(alone, float) and math.isfinite(alone)), cells


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_mix_of_shapes_broadcasts(function: Function) -> None:
    dice = random.Random(function.name)
    height, width = 3, 4
    places = [index for index, argument in enumerate(function.arguments) if argument.kind.broadcasts]
    for _ in range(30):
        given = row(function, dice)
        shapes: dict[int, tuple[int, int]] = {}
        for index in places:
            shape = dice.choice([None, (1, 1), (1, width), (height, 1), (height, width)])
            if shape:
                shapes[index] = shape
                spread = [row(function, dice)[index] for _ in range(shape[0] * shape[1])]
                given[index] = [spread[start : start + shape[1]] for start in range(0, len(spread), shape[1])]
        shown = call(function.name, *given)
        if not shapes:
            shown = [[shown]]
        rows = max((shape[0] for shape in shapes.values()), default=1)
        across = max((shape[1] for shape in shapes.values()), default=1)
        assert [len(line) for line in shown] == [across] * rows
        for down, right in itertools.product(range(rows), range(across)):
            cells = [
                value[down % len(value)][right % len(value[0])] if index in shapes else value
                for index, value in enumerate(given)
            ]
            assert same(shown[down][right], call(function.name, *cells), WITHIN.get(function.name, 0.0)), cells


@pytest.mark.parametrize("function", FUNCTIONS)
def test_ranges_of_no_shape_or_that_do_not_fit_are_value_errors(function: Function) -> None:
    good = example(function)
    for index, argument in enumerate(function.arguments):
        for shapeless in ([], [[]], [[1.0], [1.0, 2.0]], [[1.0], 2.0], [[1.0, 2.0], []]):
            assert call(function.name, *replaced(good, index, shapeless)) == "#VALUE!", (argument.name, shapeless)
    places = [index for index, argument in enumerate(function.arguments) if argument.kind.broadcasts]
    for first, second in itertools.combinations(places, 2):
        for shape in ([[good[second]]] * 3, [[good[second]] * 2] * 3):
            unfit = replaced(replaced(good, first, [[good[first]]] * 2), second, shape)
            assert call(function.name, *unfit) == "#VALUE!"


def three_rows(function: Function) -> list[Any]:
    """Ordinary cells with three members in every series."""
    dice = random.Random(function.name)
    while True:
        good = example(function)
        for place, argument in enumerate(function.arguments):
            if argument.kind.is_series:
                words = list(argument.kind.words or ())
                good[place] = [[dice.choice(words) if words else numbers(argument.kind, dice)] for _ in range(3)]
        if isinstance(call(function.name, *good), float):
            return good


@pytest.mark.parametrize(("function", "index"), SERIES)
def test_a_series_shows_its_first_bad_member(function: Function, index: int) -> None:
    good = three_rows(function)
    argument = function.arguments[index]
    blank_counts = not argument.required or "" in (argument.kind.words or {})
    expected = call(function.name, *good)
    first, _, last = good[index]
    for cell in ("x", "#REF!", None, math.nan, math.inf, -1e300, "#N/A"):
        shown = call(function.name, *replaced(good, index, [first, [cell], last]))
        if cell is None and blank_counts:
            assert isinstance(shown, float)
            continue
        promised = documented(argument, cell)
        assert shown == promised if promised else isinstance(shown, float) or shown in ("#NUM!", "#N/A"), cell
    assert call(function.name, *replaced(good, index, [first, last])) == "#VALUE!"
    across = [cell for (cell,) in good[index]]
    assert call(function.name, *replaced(good, index, across)) == expected  # a row does as well


@pytest.mark.parametrize(
    "function", [case for case in FUNCTIONS if any(a.kind.is_series for a in case.values[0].arguments)]
)
def test_places_that_are_blank_in_all_series_are_left_out(function: Function) -> None:
    good = three_rows(function)
    expected = call(function.name, *good)
    places = [place for place, argument in enumerate(function.arguments) if argument.kind.is_series]
    apart = list(good)
    for place in places:
        apart[place] = [good[place][0], [None], *good[place][1:], [""], [None]]
    assert call(function.name, *apart) == expected
    for place in places:
        apart[place] = [[None], [None]]
    assert call(function.name, *apart) == "#N/A"


@pytest.mark.parametrize(("function", "index"), SERIES)
def test_one_value_stands_for_every_row_where_it_is_said(function: Function, index: int) -> None:
    good = three_rows(function)
    argument = function.arguments[index]
    member = good[index][0][0]
    alone = call(function.name, *replaced(good, index, member))
    if argument.kind.repeats:
        assert alone == call(function.name, *replaced(good, index, [[member]] * 3))
        assert alone == call(function.name, *replaced(good, index, [[member]]))
    else:
        assert alone == "#VALUE!"


@pytest.mark.parametrize(("function", "index"), SERIES + TABLES)
def test_a_bad_series_or_table_is_the_error_of_every_row(function: Function, index: int) -> None:
    good = three_rows(function)
    series = [place for place, argument in enumerate(function.arguments) if argument.kind.is_series]
    at, error = (
        (min(series), "#VALUE!") if index in series else (index, "#REF!")
    )  # two rows, where the others have three
    for place in (place for place, argument in enumerate(function.arguments) if argument.kind.broadcasts):
        bad = replaced(replaced(good, index, [["#REF!"], [1.0]]), place, [[good[place]], ["#DIV/0!"]])
        first, second = (cell for (cell,) in call(function.name, *bad))
        assert first == error
        assert second == ("#DIV/0!" if place < at else error)


@pytest.mark.parametrize(("function", "index"), TABLES)
@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([[0, 0.01], [100, 0.02], [50, 0.03]], "#NUM!"),  # unsorted
        ([[0, 0.01], [100, 0.02], [100, 0.03]], "#NUM!"),  # overlapping
        ([[0, 0.01], [100, 0.005]], "#NUM!"),  # a rate that falls
        ([[10, 0.01], [100, 0.02]], "#NUM!"),  # a gap below the first
        ([[0, 0.01], [None, None], [100, 0.02]], "#N/A"),  # a gap between
        ([[0, 0.01], [100, None]], "#N/A"),
        ([[0, 0.01], [100, "2%"]], "#VALUE!"),
        ([["floor", "rate"], [0, 0.01]], "#VALUE!"),  # the heading taken along
        ([[0, 0.01], [100, "#REF!"]], "#REF!"),
        ([[0, 0.01], [100, math.inf]], "#NUM!"),
        ([[0, 0.01], [100, math.nan]], "#NUM!"),
        ([[0, -0.01]], "#NUM!"),
        ([[0, 1]], "#NUM!"),
        ([[0, 0.01, 0]], "#NUM!"),
        ([[0], [100]], "#VALUE!"),
        ([[0, 0.01, 50, 1]], "#VALUE!"),
        ([[None, None]], "#N/A"),
        (0.01, "#VALUE!"),
        (None, "#N/A"),
        ("tiers", "#VALUE!"),
    ],
)
def test_tiers_that_are_none(function: Function, index: int, rows: Any, error: str) -> None:
    if not function.arguments[index].required and rows in (None, [[None, None]]):
        assert isinstance(call(function.name, *replaced(example(function), index, rows)), float)
        return
    assert call(function.name, *replaced(example(function), index, rows)) == error


@pytest.mark.parametrize(("function", "index"), TABLES)
def test_a_table_may_be_longer_than_what_is_filled_in(function: Function, index: int) -> None:
    good = replaced(example(function), index, [[0.0, 0.01, 125.0], [1e6, 0.02, 50.0]])
    longer = [*good[index], [None] * 3, [""] * 3]
    assert call(function.name, *replaced(good, index, longer)) == call(function.name, *good)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_arrays_of_python_give_what_the_cells_give(function: Function) -> None:
    module = sys.modules[f"xladdin.core.functions.{function.group}"]
    body = getattr(module, function.python_name)
    dice = random.Random(function.name)
    rows = [row(function, dice) for _ in range(100)]
    given: list[Any] = []
    for index, argument in enumerate(function.arguments):
        taken = [cells[index] if cells[index] is not None else argument.shown_default for cells in rows]
        given.append(
            np.array(taken, dtype=object if argument.kind.words else float)
            if argument.kind.broadcasts
            else rows[0][index]
        )
    found = np.broadcast_to(body(*given), 100).tolist()
    cells_given = [[[cell] for cell in value.tolist()] if isinstance(value, np.ndarray) else value for value in given]
    shown = call(function.name, *cells_given)
    shown = [cell for (cell,) in shown] if isinstance(shown, list) else [shown] * 100
    for value, cell in zip(found, shown, strict=True):
        assert math.isnan(value) if isinstance(cell, str) else value == cell


WITHOUT_NUMPY = """
import json, sys
sys.modules["numpy"] = None
from xladdin import udfs
given = json.load(sys.stdin)
print(json.dumps([getattr(udfs, name)(*cells) for name, cells in given]))
"""


def test_without_numpy_the_answers_are_the_same() -> None:
    given: list[tuple[str, list[Any]]] = [("LEV_RATIO", [[[1.0], [2.0]], [[1.0], [2.0], [3.0]]])]
    for name, function in CATALOGUE.items():
        dice = random.Random(name)
        rows = [row(function, dice, 0.1) for _ in range(20)]
        given += [(name, cells) for cells in rows]
        spread = columns(rows)
        for index, argument in enumerate(function.arguments):
            if not argument.kind.broadcasts:
                spread[index] = rows[0][index]
        given.append((name, spread))
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
        within = WITHIN.get(name, 0.0)
        if isinstance(expected, list):
            for line, other in zip(expected, shown, strict=True):
                assert all(same(one, two, within) for one, two in zip(line, other, strict=True)), (name, cells)
        else:
            assert same(expected, shown, within), (name, cells)


def test_tiers_with_a_column_of_sizes_beyond_a_block() -> None:
    dice = random.Random(7)
    rows = tiers(dice)
    sizes = [10 ** dice.uniform(0, 9) for _ in range(70_000)]
    shown = call("LEV_MAINTMARGIN", [[size] for size in sizes], rows)
    for index in (0, 1, 32767, 32768, 65535, 65536, 69_999):
        assert shown[index][0] == call("LEV_MAINTMARGIN", sizes[index], rows)


WITH_A_SIDE = [
    pytest.param(function, index, id=f"{name}-{argument.name}")
    for name, function in CATALOGUE.items()
    for index, argument in enumerate(function.arguments)
    if argument.kind.words and {"long", "short"} <= argument.kind.words.keys()
]


@pytest.mark.parametrize(("function", "index"), WITH_A_SIDE)
def test_a_side_may_be_said_by_a_venues_words_and_by_its_sign(function: Function, index: int) -> None:
    cells = list(example(function))
    is_range = function.arguments[index].kind.is_series
    for side, others in (("long", ("buy", 1, " LONG ")), ("short", ("sell", -1, "Short"))):
        found = []
        for word in (side, *others):
            cells[index] = [[word]] * len(cells[index]) if is_range else word
            found.append(call(function.name, *cells))
        assert all(each == found[0] for each in found), found

"""One set of calls for every host: what is in the cells, and what the Python core gives for it.

They are made from the catalogue, so that a new function is called in every host without another line: its examples,
then its first example with a blank, a left-out argument, text, TRUE and an error in every place, and with a column, a
row and a block in the places that broadcast; and from the published cases.
"""

from __future__ import annotations

import ast
import csv
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from xladdin import udfs
from xladdin.core import catalog
from xladdin.core.catalog import Function
from xladdin.workbook import one_formula

DIGITS = 1e-12  # a host that differs in the twelfth digit is wrong
NOTHING = 1e-100  # a probability this small is exp of hundreds, which loses the last digits of its argument
ODD_CELLS: tuple[Any, ...] = (None, "abc", True, False, 0, -1, "#NUM!", "#DIV/0!", "#N/A", " Short ", "INVERSE", "Mark")
# Every fifth call every day, all by `make test-slow`: no function and no kind of cell falls out with the others.
few_or_all_vectors = pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
PUBLISHED = Path(__file__).parents[1] / "core/published_cases.csv"


class _LeftOut:
    """Stands for an argument that is not given, between commas or at the end."""

    def __repr__(self) -> str:
        return "LEFT_OUT"


LEFT_OUT: Any = _LeftOut()


@dataclass(frozen=True)
class Vector:
    """A call: a cell value (None is a blank, an error is its text) or a list of rows an argument."""

    function: str
    arguments: tuple[Any, ...]

    @property
    def expected(self) -> Any:
        """What the core gives: a number, an error's text, or a list of rows."""
        given = (None if argument is LEFT_OUT else argument for argument in self.arguments)
        return getattr(udfs, self.function)(*given)

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(repr, self.arguments))})"


@functools.cache
def all_vectors() -> tuple[Vector, ...]:
    made = itertools.chain(*map(_of, catalog.functions().values()), _published())
    return tuple({str(vector): vector for vector in made}.values())  # each once


def same(given: Any, expected: Any) -> bool:
    """Whether a host gives what the core gives."""
    if isinstance(expected, list):
        rows = given if isinstance(given, list) else [[given]]
        return len(rows) == len(expected) and all(
            len(row) == len(wanted) and all(map(same, row, wanted)) for row, wanted in zip(rows, expected, strict=True)
        )
    if isinstance(expected, str) or isinstance(given, (str, bool)) or given is None:
        return bool(given == expected)
    return bool(abs(given - expected) <= max(DIGITS * max(abs(given), abs(expected)), NOTHING))


def _of(known: Function) -> Iterator[Vector]:
    if not known.arguments:
        return  # what it says of a host is another in each
    examples = list(_examples(known))
    yield from (Vector(known.name, example) for example in examples)
    yield from _odd_cells(known, examples[0])
    yield from _blocks(known, examples[0])


def _examples(known: Function) -> Iterator[tuple[Any, ...]]:
    """The arguments of every call of the function in its documentation."""
    for line in re.findall(r"^>>> (.+)$", known.sections["Examples"], flags=re.MULTILINE):
        for node in ast.walk(ast.parse(line, mode="eval")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == known.python_name:
                yield tuple(ast.literal_eval(argument) for argument in node.args)


def _odd_cells(known: Function, example: tuple[Any, ...]) -> Iterator[Vector]:
    """The example with each odd cell in each place, alone or as the first cell of a range that is taken whole."""
    for place, argument in enumerate(known.arguments):
        given = [*example, *[LEFT_OUT] * (place + 1 - len(example))]
        usual = given[place]
        for odd in ODD_CELLS:
            given[place] = [[odd, *usual[0][1:]], *usual[1:]] if isinstance(usual, list) else odd
            yield Vector(known.name, tuple(given))
        if isinstance(usual, list):
            given[place] = [*usual, [None] * len(usual[0])]
            yield Vector(known.name, tuple(given))
        if not argument.required:
            given[place] = LEFT_OUT
            yield Vector(known.name, tuple(given))


def _blocks(known: Function, example: tuple[Any, ...]) -> Iterator[Vector]:
    """The example with a column, a row and a block in each place that broadcasts, and with two such that fit or not."""
    places = [place for place, value in enumerate(example) if not isinstance(value, list)]
    for place in places:
        cells = [example[place], None, "abc", "#DIV/0!", -1, example[place]]
        for block in ([[cell] for cell in cells], [cells], [cells[:3], cells[3:]]):
            yield Vector(known.name, (*example[:place], block, *example[place + 1 :]))
    for first, second in itertools.pairwise(places):
        column, row = [[example[first]], [-1], ["#N/A"]], [[example[second], None]]
        for one, other in ((column, row), (column, [[example[second]]] * 3), (column, [[example[second]]] * 2)):
            given = list(example)
            given[first], given[second] = one, other
            yield Vector(known.name, tuple(given))


def _published() -> Iterator[Vector]:
    """Every call in the formulas of the published cases."""
    with PUBLISHED.open(newline="") as file:
        for case in csv.DictReader(file):
            for name, arguments in _calls(case["formula"]):
                yield Vector(
                    name, tuple(one_formula.evaluate(argument) if argument else LEFT_OUT for argument in arguments)
                )


def _calls(formula: str) -> Iterator[tuple[str, list[str]]]:
    """The calls of our functions in a formula, each with the text of its arguments."""
    open_calls: list[tuple[str, list[str]]] = []
    for token in Tokenizer(formula).items:
        if token.subtype == Token.CLOSE and token.type == Token.FUNC:
            name, arguments = open_calls.pop()
            if name.startswith("LEV_"):
                yield name, [argument.strip() for argument in arguments]
            text = f"{name}({','.join(arguments)})"
        elif token.subtype == Token.OPEN and token.type == Token.FUNC:
            open_calls.append((token.value[:-1], [""]))
            continue
        elif token.type == Token.SEP and open_calls and token.value == "," and not _in_array(open_calls):
            open_calls[-1][1].append("")
            continue
        else:
            text = token.value
        if open_calls:
            open_calls[-1][1][-1] += text


def _in_array(open_calls: list[tuple[str, list[str]]]) -> bool:
    last = open_calls[-1][1][-1]
    return last.count("{") > last.count("}")

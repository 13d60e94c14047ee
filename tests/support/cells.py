"""Cell values for the arguments of any function: ordinary ones, edges of their domain, and bad ones."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from xladdin import udfs
from xladdin.core.calls import Argument, Kind
from xladdin.core.catalog import Function, functions

CATALOGUE = {name: function for name, function in functions().items() if function.arguments}  # those that compute
TEXTS = {"venue": "binance", "symbol": "BTCUSDT"}  # of which tiers ship
BAD_CELLS: list[Any] = [
    *(None, "", "abc", "1", True, False, "#NUM!", "#VALUE!", "#N/A", "#DIV/0!", "#REF!", "#NAME?"),
    *(0, -1, 1, 1e308, -1e308, 1e-308, 5e-324, 10**400, math.inf, -math.inf, math.nan),
]


def stepped(low: float, high: float) -> st.SearchStrategy[float]:
    """Rates as venues quote them, in steps of a millionth: zero among them, and nothing right next to it."""
    return st.integers(round(low * 1e6), round(high * 1e6)).map(lambda count: count / 1e6)


def call(name: str, *cells: Any) -> Any:
    """What a cell with this function shows."""
    return getattr(udfs, name)(*cells)


def row(function: Function, dice: random.Random, bad: float = 0.0) -> list[Any]:
    """A value for each argument of a function, each with the given chance of being a bad one."""
    price = 10 ** dice.uniform(-2, 5)
    length = dice.randint(1, 4)
    return [
        dice.choice(BAD_CELLS)
        if dice.random() < bad and argument.kind.broadcasts
        else _value(argument, dice, price, length, bad)
        for argument in function.arguments
    ]


def numbers(kind: Kind, dice: random.Random, price: float = 1000.0) -> float:
    """An ordinary number of a kind."""
    if kind.unit == "price":
        return price * math.exp(dice.gauss(0, 0.2))
    if kind.low >= 1:
        return dice.choice([1.0, 2.0, 10.0, dice.uniform(1, 125)])
    if kind.unit == "multiple":
        return 10 ** dice.uniform(-0.3, 2)
    if kind.high <= 1:
        return dice.choice([max(kind.low, 0.0), dice.uniform(max(kind.low, -0.1), 0.1), dice.uniform(0, 0.99)])
    if kind.unit.startswith("fraction"):
        return dice.uniform(max(kind.low, -1.0), 1.0)
    size = 10 ** dice.uniform(-2, 6)
    return size if kind.low >= 0 or dice.random() < 0.7 else -size


def edges(kind: Kind) -> list[float]:
    """The ends of a domain and the nearest numbers outside it."""
    return [
        value
        for bound in (kind.low, kind.high)
        for value in (bound, math.nextafter(bound, -math.inf), math.nextafter(bound, math.inf))
    ]


def tiers(dice: random.Random, columns: int = 3) -> list[list[float]]:
    """Margin tiers as a venue publishes them."""
    count = dice.randint(1, 10)
    floors = sorted({float(round(10 ** dice.uniform(3, 8))) for _ in range(count - 1)})
    rates = sorted(round(dice.uniform(0.001, 0.5), 4) for _ in range(len(floors) + 1))
    rows = [[floor, rate, max(1.0, math.floor(0.5 / rate))] for floor, rate in zip([0.0, *floors], rates, strict=True)]
    return [row[:columns] for row in rows]


def same(one: Any, other: Any, within: float = 0.0) -> bool:
    """Whether two cells show the same: the same error, or numbers within a relative distance."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=within, abs_tol=1e-300 if within else 0.0)


def example(function: Function) -> list[Any]:
    """An ordinary value for every argument of a function, the same in every run."""
    dice = random.Random(function.name)
    for _ in range(1000):
        cells = row(function, dice)
        if not isinstance(call(function.name, *cells), str):
            return cells
    raise AssertionError(f"{function.name} has no value for any of a thousand ordinary rows")


def _value(argument: Argument, dice: random.Random, price: float, length: int, bad: float) -> Any:
    kind = argument.kind
    if not argument.required and dice.random() < 0.2:
        return None
    if kind.is_series:
        return [[_member(kind, dice, price, bad)] for _ in range(1 if kind.repeats and dice.random() < 0.3 else length)]
    if kind.words is not None:
        return dice.choice([word if dice.random() < 0.5 else _shouted(word) for word in kind.words])
    if kind.is_text:
        return TEXTS[kind.unit]
    if kind.read_table is not None:
        return tiers(dice, dice.choice([2, 3, 3]))
    return numbers(kind, dice, price)


def _member(kind: Kind, dice: random.Random, price: float, bad: float) -> Any:
    if dice.random() < bad:
        return dice.choice(BAD_CELLS)
    return dice.choice(list(kind.words)) if kind.words is not None else numbers(kind, dice, price)


def _shouted(word: str | float) -> str | float:
    return f" {word.upper()}" if isinstance(word, str) else word


def columns(rows: Sequence[Sequence[Any]]) -> list[list[list[Any]]]:
    """Rows of single values as one column a argument."""
    return [[[value] for value in values] for values in zip(*rows, strict=True)]

"""Random inputs for a workbook: what people type, and the edges of what a cell can hold."""

from __future__ import annotations

import random
from typing import Any

import pytest

from xladdin import templates
from xladdin.workbook.columns import from_cell
from xladdin.workbook.model import Input, Model

EDGES = [0.0, -1.0, 1e-9, 0.5, 1e12]
WORDS = [None, "Ünknown <&>", "LONG", "5"]
NEAR, WIDE = 0.02, 0.5  # how far from the workbook's own values: near them its cells make sense together

# A few sets of a few templates every day, many of all by `make test-slow`.
EVERY_DAY = ("futures-planner", "position-sizing", "staking-loop")
few_or_many_sets = pytest.mark.parametrize(
    ("name", "count"),
    [
        *((name, 3) for name in EVERY_DAY),
        *(pytest.param(name, 200, marks=pytest.mark.slow) for name in templates.names()),
    ],
)
every_template = pytest.mark.parametrize(
    "name", [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.slow) for name in templates.names()]
)


def random_inputs(model: Model, count: int) -> dict[str, list[Any]]:
    """Values for every input, in as many sets as asked for, the same in every run.

    Of three sets one is of allowed values near the workbook's own, one of allowed values with a single edge among
    them, and one is full of edges: where every set has an error early on, most formulas are not tried.
    """
    dice = random.Random(7)
    sets = []
    for number in range(count):
        spread = WIDE if number % 3 else NEAR
        values = {name: allowed(item, dice, spread) for name, item in model.inputs.items()}
        edges = [[], [dice.choice(list(values))], [name for name in values if dice.random() < 0.5]][number % 3]
        sets.append(values | {name: _edge(model.inputs[name], dice) for name in edges})
    return {name: [each[name] for each in sets] for name in model.inputs}


def allowed(item: Input, dice: random.Random, spread: float) -> Any:
    """A value that the input's validation admits, at most so far from its own."""
    default = from_cell(item.default)
    if isinstance(default, str):
        return dice.choice(item.rule.words) if item.rule and item.rule.words else default
    if default is None:
        return None
    for _ in range(100):
        value = default * dice.uniform(1 - spread, 1 + spread)
        value = float(round(value)) if item.rule and item.rule.kind in ("whole", "date") else float(f"{value:.6g}")
        if item.rule is None or item.rule.admits(value):
            return value
    return default


def _edge(item: Input, dice: random.Random) -> Any:
    default = from_cell(item.default)
    if isinstance(default, str):
        return dice.choice(WORDS)
    bounds = [bound for bound in (item.rule.first, item.rule.second) if bound is not None] if item.rule else []
    return dice.choice([*EDGES, *bounds, (default or 1.0) * dice.uniform(1 - WIDE, 1 + WIDE)])

"""What rises with an argument rises: over wide steps, and from one double to the next but for the last digits."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable

import pytest

from xladdin.udfs import (
    LEV_APY,
    LEV_DEPEG,
    LEV_KELLYBET,
    LEV_LIQPRICE,
    LEV_LIQPROB,
    LEV_LOANDAYS,
    LEV_LOOP,
    LEV_PAYBACK,
)

OF_MORE: dict[str, Callable[[float], float | str]] = {
    "a probability with time": lambda x: LEV_LIQPROB(100, 80, 0.6, x, 0.2),
    "a probability with time, above": lambda x: LEV_LIQPROB(100, 170, 0.9, x, -0.3),
    "a probability with nearness": lambda x: LEV_LIQPROB(300, 100 * x, 0.5, 0.4),
    "a payback with its cost": lambda x: LEV_PAYBACK(1000 * x, 20, 4, 0.03),
    "a payback with its cost, with a halving": lambda x: LEV_PAYBACK(1000 * x, 40, 4, 0.01, 50),
    "a yield with its rate": lambda x: LEV_APY(x, 1095),
    "a loop with its loops": lambda x: LEV_LOOP(0.83, x),
    "a liquidation price with leverage": lambda x: LEV_LIQPRICE(100, 1 + x, 0.004, "long", "mark", 0.0006),
    "days with the distance": lambda x: LEV_LOANDAYS(0.3, 0.3 + x, 0.07),
    "a bet with its chance": lambda x: LEV_KELLYBET(x / 3, 1.7),
    "what is left of a peg": lambda x: 1 - LEV_DEPEG(1 + x, 0.95),
}
LAST_DIGITS = {"a probability": 2e-15, "a payback": 1e-15}


@pytest.mark.parametrize("name", OF_MORE)
def test_it_rises(name: str) -> None:
    values = [OF_MORE[name](0.01 + 2.9 * step / 400) for step in range(400)]
    assert all(isinstance(value, float) for value in values)
    assert all(before <= after for before, after in itertools.pairwise(values))
    assert values[0] < values[-1]


@pytest.mark.parametrize("name", OF_MORE)
def test_from_a_double_to_the_next_it_falls_by_its_last_digits_at_most(name: str) -> None:
    allowed = next((within for start, within in LAST_DIGITS.items() if name.startswith(start)), 0.0)
    dice = random.Random(name)
    for _ in range(5):
        at = dice.uniform(0.05, 2)
        values = []
        for _ in range(200):
            values.append(OF_MORE[name](at))
            at = math.nextafter(at, math.inf)
        assert all(after >= before * (1 - allowed) for before, after in itertools.pairwise(values))

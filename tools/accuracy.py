"""How exact every function is: held against its equation in 60 digits, and written down in docs/accuracy.md.

    python -m tools.accuracy            all functions, some minutes
    python -m tools.accuracy LEV_LOOP   one, on the screen, with its worst call

Points are drawn from each argument's domain: as people have them, far out, at the edges, next to each other, and aimed
at where the result is zero. An error is counted in units in the last place (ulp) of the exact result. Where terms
cancel no formula can be right to the last digit, for the digits that its inputs were rounded to are gone; so the error
is also held against what a change of every input by one ulp does to the exact result.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpmath import mp, mpf

from tools.exact import EXACT, LEFT_OUT
from xladdin import udfs
from xladdin.core import catalog
from xladdin.core.calls import LARGEST, Argument, Kind

ROOT = Path(__file__).resolve().parent.parent
POINTS = 4000
DIGITS = 60
GOOD = 4.0  # ulp
LONGEST = 40  # of a range
CELLS = 12  # of many in a result that is rows

# As people have them, by the unit of an argument: powers of ten from and to.
USUAL = {
    "price": (-4, 5),
    "quantity": (-4, 6),
    "money": (-2, 7),
    "multiple": (0, 2.2),
    "fraction": (-5, 0),
    "fraction of the traded value": (-5, -1),
    "fraction a year": (-3, 0.5),
    "fraction a 30 days": (-3, 0),
    "fraction a period": (-6, -2),
    "fraction a bar": (-6, -2),
    "fraction a settlement": (-6, -2),
    "years": (-3, 1),
    "days": (-1, 3.5),
    "months": (0, 2.5),
    "periods": (0, 3),
    "settlements": (0, 3),
    "loops": (0, 1.5),
    "times a year": (0, 4),
    "number": (0, 1),
    "TH/s": (0, 6),
    "difficulty": (12, 15),
    "coins a block": (-1, 1.5),
    "watts": (1, 6),
    "money per kWh": (-3, 0),
}
WORDS = {
    '"long" or "short"': ("long", "short"),
    '"linear" or "inverse"': ("linear", "inverse"),
    '"entry", "mark" or a venue': ("entry", "mark"),
    '"marginal", "flat" or a venue': ("marginal", "flat"),
}
WHOLE = {"months", "number"}
_NEXT = (mpf(2) ** -50, -(mpf(2) ** -50))  # a last digit or two of an input, up and down
SMALLEST = 1e-40  # below it products of a few have not all of their digits


@dataclass
class Found:
    """What the points of one function showed."""

    name: str
    points: int = 0
    worst: float = 0.0  # in ulp of the exact result
    beyond: int = 0  # how many results were off by more than GOOD
    scaled: float = 0.0  # the worst over what one ulp of every input does
    kinds: int = 0  # a value where there is none, or the other way, though no ulp of an input makes it so
    at_edge: int = 0  # the same where an ulp of the inputs decides it
    call: str = ""  # the worst, scaled
    kind_call: str = ""


def main(names: Sequence[str]) -> None:
    if names:
        for name in names:
            found = held(name, POINTS)
            print(f"{found.name}: {_line(found)}\n  {found.call}\n  {found.kind_call}")
        return
    results = []
    for name in compared():
        results.append(held(name, POINTS))
        print(f"{name}: {_line(results[-1])}", flush=True)
    (ROOT / "docs" / "accuracy.md").write_text(page(results), encoding="utf-8")


def compared() -> list[str]:
    return [name for name in catalog.functions() if name not in LEFT_OUT]


def held(name: str, points: int) -> Found:
    """One function at so many points, always the same ones; at a tenth of them where it takes ranges or gives rows."""
    dice = random.Random(name)
    found = Found(name)
    with mp.workdps(DIGITS):
        function = catalog.functions()[name]
        arguments = [argument for argument in function.arguments if argument not in function.choosing]
        is_long = function.signature.has_series or bool(function.columns)
        for given in _points(arguments, EXACT[name], dice, points // 10 if is_long else points):
            _compare(found, given, arguments)
    return found


def _points(
    arguments: Sequence[Argument], exact: Callable[..., Any], dice: random.Random, points: int
) -> Iterator[list[Any]]:
    for _ in range(points):
        count = dice.randint(1, LONGEST) if dice.random() < 0.5 else dice.randint(1, 3)
        given = [_drawn(argument, dice, count) for argument in arguments]
        if dice.random() < 0.3:
            _bring_together(given, arguments, dice)
        if dice.random() < 0.3:
            _aim_at_zero(given, arguments, exact, dice)
        yield given


def _drawn(argument: Argument, dice: random.Random, count: int) -> Any:
    kind = argument.kind
    if kind.is_series:
        if kind.words is not None:
            return [dice.choice(["long", "short"]) for _ in range(count)]
        sign = argument.name not in ("quantities",)
        return [_number(kind, dice) if sign else abs(_number(kind, dice)) for _ in range(count)]
    if kind.read_table is not None:
        return None if not argument.required and dice.random() < 0.5 else _tiers(dice)
    if kind.words is not None:
        return dice.choice(WORDS[kind.domain])
    if not argument.required and dice.random() < 0.3:
        return float(argument.default)
    return _number(kind, dice)


def _number(kind: Kind, dice: random.Random) -> float:
    """A number of the domain."""
    while True:
        where = dice.random()
        if where < 0.7:
            number = 10 ** dice.uniform(*USUAL[kind.unit])
        elif where < 0.8:
            number = 10 ** dice.uniform(-20, 20)
        else:
            near = dice.choice([0.0, 1.0, *(limit for limit in (kind.low, kind.high) if 1e-9 < abs(limit) < LARGEST)])
            off = dice.choice([0.0, 10 ** dice.uniform(-17, -1), 2.0**-52])
            number = near + dice.choice([-1, 1]) * off
        if kind.low < 0 and dice.random() < 0.5:
            number = -number
        if kind.unit in WHOLE:
            number = float(min(int(number), 240))
        if kind.low <= number <= kind.high and (not number or abs(number) > SMALLEST):
            return number


def _tiers(dice: random.Random) -> list[list[float]]:
    floors = [0.0, *sorted(10 ** dice.uniform(1, 7) for _ in range(dice.randint(0, 7)))]
    rates = sorted(10 ** dice.uniform(-3, -0.3) for _ in floors)
    most = sorted((10 ** dice.uniform(0, 2.1) for _ in floors), reverse=True)
    return [list(row) for row in zip(floors, rates, most, strict=True)]


def _bring_together(given: list[Any], arguments: Sequence[Argument], dice: random.Random) -> None:
    """One number next to another, or to what one over it is."""
    places = [place for place, value in enumerate(given) if isinstance(value, float)]
    if len(places) < 2:
        return
    one, other = dice.sample(places, 2)
    value = given[one] if dice.random() < 0.7 else 1 / (given[one] or 1.0)
    value *= 1 + dice.choice([0.0, -1, 1]) * 10 ** dice.uniform(-16, -1)
    kind = arguments[other].kind
    if kind.low <= value <= kind.high and kind.unit not in WHOLE and SMALLEST < abs(value) < 1 / SMALLEST:
        given[other] = value


def _aim_at_zero(
    given: list[Any], arguments: Sequence[Argument], exact: Callable[..., Any], dice: random.Random
) -> None:
    """One number next to where the result is zero, found by a few steps of the secant."""
    places = [place for place, value in enumerate(given) if isinstance(value, float)]
    if not places:
        return
    place = dice.choice(places)
    kind = arguments[place].kind
    numbers = _as_mp(given)

    def result(x: Any) -> Any:
        return exact(*numbers[:place], x, *numbers[place + 1 :])

    try:
        x, after = numbers[place], numbers[place] * mpf("1.01") + mpf("1e-9")
        at, then = result(x), result(after)
        for _ in range(12):
            if not isinstance(at, mpf) or not isinstance(then, mpf) or then == at:
                break
            x, after, at = after, after - then * (after - x) / (then - at), then
            then = result(after)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # a step has left the domain
        return
    if isinstance(after, mp.mpc) or not mp.isfinite(after):
        return
    value = float(after) * (1 + dice.choice([0.0, -1, 1]) * 10 ** dice.uniform(-16, -1))
    if kind.low <= value <= kind.high and kind.unit not in WHOLE and SMALLEST < abs(value) < 1 / SMALLEST:
        given[place] = value


def _as_mp(given: list[Any]) -> list[Any]:
    signs = {"long": mpf(1), "short": mpf(-1)}

    def one(value: Any) -> Any:
        if isinstance(value, list):
            return [one(member) for member in value]
        return mpf(value) if isinstance(value, float) else signs.get(value, value)

    return [one(value) for value in given]


def _as_cells(given: list[Any]) -> list[Any]:
    return [
        [[member] if not isinstance(member, list) else member for member in value] if isinstance(value, list) else value
        for value in given
    ]


def _compare(found: Found, given: list[Any], arguments: Sequence[Argument]) -> None:
    exact = EXACT[found.name]
    got = getattr(udfs, found.name)(*_as_cells(given))
    true = exact(*_as_mp(given))
    all_got, all_true = _flat(got), _flat(true)
    for place in range(0, len(all_true), max(1, len(all_true) // CELLS)):
        number = all_got[place] if len(all_got) == len(all_true) else all_got[0]
        right = all_true[place]
        if not isinstance(right, str) and (
            isinstance(right, mp.mpc) or abs(right) > LARGEST or 0 < abs(right) < 1e-290
        ):
            continue  # beyond what a cell holds, or so small that it has not all digits
        found.points += 1
        if isinstance(number, str) or isinstance(right, str):
            if number != right:
                _other_kind(found, given, number, place, arguments)
            continue
        off, ulp = abs(mpf(number) - right), mpf(math.ulp(float(right)))
        if off <= GOOD * ulp:
            found.worst = max(found.worst, float(off / ulp))
            continue
        found.beyond += 1
        # Of an exact 0 there is no last place.
        found.worst = max(found.worst, float(off / ulp) if right else 0.0)
        scaled = float(off / (ulp + _moved_by_inputs(exact, given, place, arguments)))
        if scaled > found.scaled:
            found.scaled, found.call = scaled, _shown(found.name, given, number, right, float(off / ulp))


def _moved_by_inputs(exact: Callable[..., Any], given: list[Any], place: int, kinds: Sequence[Argument]) -> Any:
    """By how much the exact result moves when each input moves by one ulp, all against each other."""
    step = mpf(10) ** -(DIGITS // 2)
    if not _flat(exact(*_as_mp(given)))[place]:  # a nothing that begins next to it, as a margin to add does
        near = [_flat(exact(*changed))[place] for step in _NEXT for changed in _changes(given, kinds, step)]
        return sum((abs(there) for there in near if not isinstance(there, str)), mpf(0))
    here = _flat(exact(*_as_mp(given)))[place]
    around = (_flat(exact(*changed))[place] for changed in _changes(given, kinds, step))
    return sum((abs(there - here) for there in around if not isinstance(there, str)), mpf(0)) / step * mpf(2) ** -52


def _changes(given: list[Any], arguments: Sequence[Argument], step: Any) -> Iterator[list[Any]]:
    """The inputs with one number of them changed by a part of itself, each in turn."""
    for place, argument in enumerate(arguments):
        if argument.kind.unit in WHOLE or argument.kind.words is not None:
            continue
        for changed in _changed(_as_mp([given[place]])[0], step, argument.kind):
            yield [*_as_mp(given[:place]), changed, *_as_mp(given[place + 1 :])]


def _changed(value: Any, step: Any, kind: Kind) -> Iterator[Any]:
    if isinstance(value, list):
        for at, member in enumerate(value):
            yield from ([*value[:at], changed, *value[at + 1 :]] for changed in _changed(member, step, kind))
    elif isinstance(value, mpf) and value:
        yield value * (1 + step if kind.low <= value * (1 + step) <= kind.high else 1 - step)


def _other_kind(found: Found, given: list[Any], number: Any, place: int, arguments: Sequence[Argument]) -> None:
    """A value in the place of an error, an error in that of a value: at an edge that some ulp of the inputs cross?"""
    exact = EXACT[found.name]
    around = [_flat(exact(*changed))[place] for step in _NEXT for changed in _changes(given, arguments, step)]
    if (number if isinstance(number, str) else "a value") in {_kind(each) for each in around}:
        found.at_edge += 1
        return
    found.kinds += 1
    found.kind_call = _shown(found.name, given, number, _flat(exact(*_as_mp(given)))[place], 0)


def _kind(exact: Any) -> str:
    """The error that a cell shows for an exact result, or that it shows a value."""
    return exact if isinstance(exact, str) else "a value" if abs(exact) <= LARGEST else "#NUM!"


def _flat(result: Any) -> list[Any]:
    return [cell for row in result for cell in row] if isinstance(result, list) else [result]


def _shown(name: str, given: list[Any], number: Any, right: Any, error: float) -> str:
    exact = right if isinstance(right, str) else mp.nstr(right, 20)
    arguments = ", ".join(repr(value) for value in given)
    return f"{name}({arguments}) = {number!r}, exactly {exact}, {error:.3g} ulp"


def _line(found: Found) -> str:
    return (
        f"{found.points} results, worst {found.worst:.3g} ulp, {found.beyond} beyond {GOOD:g}, "
        f"scaled {found.scaled:.3g}, kinds {found.kinds}, at the edge {found.at_edge}"
    )


REASONS = {
    "LEV_TOPUP": "a maintenance margin rate within 1e-15 of 1 takes back all that the loss gives",
    "LEV_LIQACCOUNT": "after a price has come to zero on the way, the pieces of the move are added up",
    "LEV_LIQPOSITIONS": "the price now less a distance: the error is in the digits of the price now",
    "LEV_LIQPARTIAL": "what is left of the margin",
    "LEV_AMORTIZE": "at thousands of percent a month the power's own last digit counts",
    "LEV_LIQPROB": "far out the exponent of the density is in the hundreds, and its own last digit counts",
}
CANCELS = "terms cancel"

PAGE = """\
# How exact the functions are

Made by `make accuracy`, which holds every function against the equation of its documentation in {digits} digits
(mpmath), at {points:,} points each, a tenth of it where there are ranges or rows: as people have them, far out (1e-20
to 1e20), at the edges of the domain, next to each other, and aimed at where the result is zero. They are always the
same points; a system's own exponential and logarithm may end in another last digit.

- **results**: numbers compared; of a function that gives rows each number of them.
- **worst**: the largest error in units in the last place (ulp) of the exact result; one that is rounded right has 0.5.
- **beyond**: how many results are off by more than {good:g} ulp.
- **of the inputs**: the largest error as a part of what it does to the exact result when each input is off by one ulp.
  Where terms cancel, as in a profit next to zero, no formula is right to the last digit: the inputs were rounded
  before. As long as this is below {good:g}, the result is as exact as its inputs.
- **edge**: an error in the place of a value, or the other way round, where the last digit of an input decides it.

| function | results | worst | beyond | of the inputs | edge | why beyond |
|---|--:|--:|--:|--:|--:|---|
{rows}

An error in the place of a value, or the other way round, away from any edge: {kinds}.

Not in the table: {left_out}.

## Ranges, and Python without numpy

A range gives what its cells give one by one, bit for bit, but for functions that take a logarithm, an exponential or
the normal distribution of each cell: LEV_LIQPROB, LEV_LOOP, LEV_APY, LEV_APR and LEV_LOANDAYS have numpy's own there.
`tests/core/functions/test_every_function.py` has the bound of each. Without numpy a range is computed cell by cell.

## More of one is more of the other

A result that rises with an argument in mathematics rises here (`tests/core/functions/test_monotone.py`). From one
double to the very next LEV_LIQPROB and LEV_PAYBACK, which add up exponentials, may fall by their last digits: by 2e-15
of the result at most.
"""


def page(results: list[Found]) -> str:
    """docs/accuracy.md."""
    rows = [
        f"| {found.name} | {found.points:,} | {found.worst:.2g} | {found.beyond:,} | "
        + (f"{found.scaled:.2g} | " if found.beyond else "| ")
        + (f"{found.at_edge} | " if found.at_edge else "| ")
        + (REASONS.get(found.name, CANCELS) if found.beyond else "")
        + " |"
        for found in results
    ]
    return PAGE.format(
        digits=DIGITS,
        points=POINTS,
        good=GOOD,
        rows="\n".join(rows),
        kinds=sum(found.kinds for found in results) or "none",
        left_out="; ".join(f"{name} ({why})" for name, why in LEFT_OUT.items()),
    )


if __name__ == "__main__":
    main(sys.argv[1:])

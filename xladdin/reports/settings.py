"""Values that are given by hand, for one workbook or for every row."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import polars

from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports import notation, values
from xladdin.reports.matching import concept, plain
from xladdin.reports.units import Counting, allowed, power_of
from xladdin.reports.usual import unclear_rates
from xladdin.workbook.formula_doubts import is_thousands_by_point
from xladdin.workbook.idle import idle
from xladdin.workbook.model import Input, Model


def settings(model: Model, given: Sequence[str]) -> dict[str, Any]:
    """Inputs written as NAME=VALUE.

    Raises
    ------
    UserError
        When one is written otherwise, names no input, or has a value that the workbook does not allow.
    """
    by_concept = {concept(name): name for name in reversed(model.inputs)}
    names = by_concept | {plain(name): name for name in model.inputs}
    found: dict[str, Any] = {}
    counting = Counting(model, {names.get(plain(name), name): raw for name, raw in _parted(given)})
    for text in given:
        name, equals, raw = text.partition("=")
        if not equals:
            raise UserError(f"--set {quoted(text)} has no equals sign; allowed is NAME=VALUE.")
        if not (plain(name) in names or concept(name) in names):
            raise UserError(
                f"--set {quoted(text)} names no input of {model.path.name}{_meant(name, model)}; "
                f"the inputs are {', '.join(model.inputs)}."
            )
        item = model.inputs[names.get(plain(name)) or names[concept(name)]]
        if item.name in found:
            raise UserError(says_twice(text, item.name))
        if not raw.strip():
            if item.required or not (item.rule is None or item.rule.admits(None)):
                raise UserError(f"--set {quoted(text)}: found {quoted(raw)}; {values.allowed(item)}.")
            found[item.name] = None
            continue
        value = values.value_of(item, _day(item, raw), _checked_powers(item, text, raw, counting))
        if value is None:
            if values.is_number(item) and (unit := notation.unit_beside(raw)):
                raise UserError(_other_unit(text, unit, item, counting.of(item, concept(item.name))))
            said = f"{values.allowed(item, raw)}{_as_written(item, raw.strip())}"
            raise UserError(f"--set {quoted(text)}: found {quoted(raw)}; {said}.")
        found[item.name] = value
    return found


def _other_unit(text: str, unit: str, item: Input, counted: str) -> str:
    """A number is in another unit than the input's, in one sentence."""
    return (
        f"--set {quoted(text)}: {unit} is not what {item.name} counts; {values.allowed(item)}, in "
        f"{allowed(counted, item)}."
    )


def _meant(name: str, model: Model) -> str:
    """The input that a name may be for: one with that word in it, and the choice that it asks for, or the nearest."""
    word = plain(name)
    longer = [each for each in model.inputs if word in plain(each).split("_")]
    if not longer:
        return did_you_mean(name, model.inputs)
    chosen = choice_of(model, word)
    return f"; did you mean {longer[0]}{f', with {chosen}={word}' if chosen else ''}"


def choice_of(model: Model, word: str) -> str:
    """The input that a word is a choice of, or nothing."""
    words = {each: item.rule.words for each, item in model.inputs.items() if item.rule and item.rule.words}
    return next((each for each, said in words.items() if word in map(plain, said)), "")


def says_idle(model: Model, names: Sequence[str], values: Mapping[str, Any]) -> str:
    """Inputs that change nothing, in one sentence, with the choice that mends it where a word of a name is one."""
    change, it = ("changes", "it") if len(names) == 1 else ("change", "")
    said = f"{' and '.join(names)} {change} no result with the other inputs as they are"
    for name in names:
        for word in plain(name).split("_"):
            chosen = choice_of(model, word)
            if chosen and name not in idle(model, {**values, chosen: word}):
                said += f"; {it or name} does with {chosen}={word}"
    return f"{said}."


def says_twice(text: str, name: str) -> str:
    """Something is given a second time, in one sentence."""
    return f"--set {quoted(text)} gives {name} a second value; allowed is one."


def _as_written(item: Input, raw: str) -> str:
    """How a date is written, of which the day and the month may have been taken for each other."""
    if not values.is_date(item):
        return ""
    days = dict.fromkeys(str(day.date()) for order in ("dmy", "mdy") if (day := notation.time_of(raw, order)))
    if raw in days:
        return ""
    return f", written {' or '.join(days)}" if days else ", written as 2026-12-31, or today"


def _day(item: Input, raw: str) -> str:
    """The day that a word stands for: what a timer starts every night is the same line every night."""
    return _today() if values.is_date(item) and raw.strip().casefold() == "today" else raw


def _today() -> str:
    return datetime.date.today().isoformat()  # of whoever reads the report, not of Greenwich


def _parted(given: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, raw.strip()) for name, _, raw in (text.partition("=") for text in given)]


def _checked_powers(item: Input, text: str, raw: str, counting: Counting) -> dict[str, int]:
    """The power of ten for the unit of a number; of two meanings it is refused: one value has no others to decide by.

    Raises
    ------
    UserError
        When it is in another unit than the input's, or has two meanings.
    """
    if not values.is_number(item):
        return {}
    if is_thousands_by_point(raw.strip()):
        raise UserError(
            f"--set {quoted(text)}: {raw.strip()} is {raw.strip().partition('.')[0]} here, and elsewhere "
            f"{raw.strip().replace('.', '')}; allowed is whichever is meant, without a point."
        )
    cell = polars.Series([raw])
    unit = notation.units(cell, with_parts=True)[0]
    counted = counting.of(item, concept(item.name))
    power = power_of(unit, counted, item, concept(item.name)) if unit else 0
    if power is None:
        raise UserError(_other_unit(text, unit, item, counted))
    unclear = notation.two_meanings(cell, ",")
    if unclear is not None:
        ways = f"{unclear.replace(',', '')} or {unclear.replace(',', '.')}"
        raise UserError(f"--set {quoted(text)} can be {ways}; allowed is one of these.")
    number, is_marked = (series[0] for series in notation.numbers(cell))
    bounds = unclear_rates(item)
    is_unclear = bounds and number is not None and not is_marked and abs(number) >= bounds[0]
    if bounds and is_unclear and (item.rule is None or item.rule.admits(number)):  # else it is percent, if anything
        bare = f" (or {number / 100:.10g})" if abs(number) / 100 < bounds[0] else ""
        raise UserError(
            f"--set {quoted(text)} can be {number:.10g}% or {number * 100:.10g}%; allowed is {number:.10g}%{bare} or "
            f"{number * 100:.10g}%, so written."
        )
    return {unit: power} if unit else {}

"""What values are usual of a field, and those that are far from it: a wrong unit is taken silently otherwise."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xladdin.reports.matching import concept
from xladdin.reports.notation import PARTS
from xladdin.reports.remarks import Doubt
from xladdin.reports.units import Counting, is_rate
from xladdin.reports.wording import cut
from xladdin.workbook.model import Input, Model

_SHOWN = 3  # values of a column that are named


@dataclass(frozen=True)
class Usual:
    """What is usual of a field.

    Attributes
    ----------
    least, most : float
        Between which its values lie.
    counted_in : tuple of str
        What they have to be counted in for that, in small letters; else they are fractions.
    unclear : tuple of float, optional
        From where on a rate may be one of percent, and above where it is.
    """

    least: float
    most: float
    counted_in: tuple[str, ...] = ()
    unclear: tuple[float, float] | None = None

    def holds_for(self, counted: str) -> bool:
        """Whether it says something of numbers that are counted so."""
        if self.counted_in:
            return any(f"{counted.casefold()} ".startswith(f"{unit} ") for unit in self.counted_in)
        return PARTS.get(counted.casefold(), 0) == 0

    def in_words(self, item: Input, counted: str) -> str:
        """The range as a sentence has it."""
        return f"{_shown(self.least, item, '')} to {_shown(self.most, item, counted)}"


_DATA = tomllib.loads((Path(__file__).parent / "usual.toml").read_text(encoding="utf-8"))
_SETTINGS = frozenset(map(concept, _DATA.pop("settings")))


def _read() -> dict[str, Usual]:
    return {
        concept(name): Usual(
            said["from"],
            said["to"],
            tuple(unit.casefold() for unit in said.get("in", ())),
            tuple(said["unclear"]) if "unclear" in said else None,
        )
        for name, said in _DATA.items()
    }


_USUAL = _read()


def is_setting(name: str) -> bool:
    """Whether an input is a choice of whoever reads the workbook, such as a threshold, and no figure of his case."""
    return concept(name) in _SETTINGS


def usual_of(item: Input) -> Usual | None:
    """What is usual of an input, by what its name means in the field."""
    return _USUAL.get(concept(item.name))


def unclear_rates(item: Input) -> tuple[float, float] | None:
    """From where on a rate may be one of percent, and above where it is; nothing of an input that is none."""
    found = usual_of(item)
    return found.unclear if found else None


@dataclass
class Unusual:
    """The values of a table's columns that are far from what is usual; they are noted as its rows are read.

    Attributes
    ----------
    counting : Counting
        What the inputs are counted in.
    """

    counting: Counting
    _first: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    _count: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """Begin anew."""
        self._first.clear()
        self._count.clear()

    def note(self, name: str, elements: Any, lines: NDArray[np.int64]) -> None:
        """Look at some values of an input, and keep those that are unusual."""
        item = self.counting.model.inputs[name]
        usual = usual_of(item)
        if usual is None or not usual.holds_for(self.counting.of(item, concept(name))):
            return
        numbers = elements
        if numbers.dtype == object:
            floats = [each if isinstance(each, float) else np.nan for each in elements.tolist()]
            numbers = np.array(floats, dtype=np.float64)
        unusual = np.flatnonzero((numbers < usual.least) | (numbers > usual.most))
        if len(unusual):
            self._count[name] += len(unusual)
            first = self._first.setdefault(name, [])
            first += [(int(lines[index]), float(numbers[index])) for index in unusual[: _SHOWN - len(first)].tolist()]

    def told(self, path: Path, columns: Mapping[str, str]) -> list[str]:
        """One sentence on each column with such values."""
        return [self._told(path, columns[name], name, first) for name, first in self._first.items()]

    def _told(self, path: Path, column: str, name: str, first: list[tuple[int, float]]) -> str:
        item = self.counting.model.inputs[name]
        counted = self.counting.of(item, concept(name))
        shown = ", ".join(f"line {line} has {_shown(value, item, counted)}" for line, value in first)
        others = self._count[name] - len(first)
        more = f" and {others:,} more are such" if others else ""
        return Doubt(f"{path}, column {cut(column)}: {shown}{more}, and {_is_usual(item, counted)}.")


def unusual_settings(model: Model, values: Mapping[str, Any]) -> list[str]:
    """One sentence on each value that was given by hand and is far from what is usual."""
    counting = Counting(model, values)
    told: list[str] = []
    for name, value in values.items():
        item = model.inputs[name]
        usual, counted = usual_of(item), counting.of(item, concept(name))
        if usual is None or not isinstance(value, float) or not usual.holds_for(counted):
            continue
        if not usual.least <= value <= usual.most:
            told.append(Doubt(f"{name} is {_shown(value, item, counted)}, and {_is_usual(item, counted)}."))
    return told


def _is_usual(item: Input, counted: str) -> str:
    usual = usual_of(item)
    assert usual is not None
    return f"usual is {usual.in_words(item, counted)}: it is taken as it stands"


def _shown(value: float, item: Input, counted: str) -> str:
    if is_rate(item):
        return f"{value * 100:.10g}%"
    return f"{value:,.10g} {counted}".strip()

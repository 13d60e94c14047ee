"""What an input is of many rows: the one value that all have, or the aggregate that the template says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

_SAID = re.compile(r"\b(sum|mean|smallest|largest|first|last) of (?:the |all |its )?rows\b", re.IGNORECASE)
_OF_NUMBERS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
    "smallest": min,
    "largest": max,
}


def aggregate_said(comment: str) -> str:
    """The aggregate that the comment of a name says, as in "sum of rows", or nothing."""
    found = _SAID.search(comment)
    return found[1].lower() if found else ""


def aggregate(kind: str, values: Sequence[Any]) -> Any:
    """An aggregate of the values of some rows, blank ones left out; a blank where all are."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if kind in ("first", "last"):
        return known[0 if kind == "first" else -1]
    return float(_OF_NUMBERS[kind](known))

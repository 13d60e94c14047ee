"""Realised profits of closed positions that the move of the price can't have given, with their side and quantity."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xladdin.reports.remarks import Doubt

_NEEDED = ("side", "entry", "exit_price", "quantity", "realised")
_COSTS = ("fees", "funding", "funding_paid")
_MOST_COSTS = 0.05  # of the value at entry: fees, funding and rebates of a position are less
_MOST_TURNING_COSTS = 0.03  # the same, where a gain is said of a loss or a loss of a gain: funding of three months
_SIGNS = {"long": 1.0, "buy": 1.0, "short": -1.0, "sell": -1.0}
_SHOWN = 3  # that are told of


@dataclass
class Profits:
    """The positions with such a profit; they are noted as the rows of a table are read."""

    _first: list[str] = field(default_factory=list)
    _count: int = 0

    def clear(self) -> None:
        """Begin anew."""
        self._first.clear()
        self._count = 0

    def note(self, values: Mapping[str, Any], are_inverse: NDArray[np.bool_], lines: NDArray[np.int64]) -> None:
        """Look at some rows, whose values are given by what they mean."""
        if not all(name in values for name in _NEEDED):
            return
        entry, exit_price, quantity, realised = (_numbers(values[name]) for name in _NEEDED[1:])
        signs = np.array([_SIGNS.get(str(side).casefold(), np.nan) for side in values["side"].tolist()])
        with np.errstate(all="ignore"):
            value = quantity * np.where(are_inverse, 1 / entry, entry)
            move = signs * quantity * np.where(are_inverse, 1 / entry - 1 / exit_price, exit_price - entry)
            unexplained = _unexplained(move - realised, [_numbers(values[name]) for name in _COSTS if name in values])
            costs = unexplained / value
            are_other_way = (move * realised < 0) & (costs > _MOST_TURNING_COSTS)
            found = np.flatnonzero((costs > _MOST_COSTS) | are_other_way)
        self._count += len(found)
        for index in found[: _SHOWN - len(self._first)].tolist():
            self._first.append(
                f"line {lines[index]} is a {values['side'][index]} of {quantity[index]:,.10g} from "
                f"{entry[index]:,.10g} to {exit_price[index]:,.10g}, which earns {move[index]:,.10g}, and its realised "
                f"profit is {realised[index]:,.10g}"
            )

    def told(self, path: Path) -> list[str]:
        """One sentence on them, where there are any."""
        if not self._first:
            return []
        left = self._count - len(self._first)
        more = f"; {left:,} more are such" if left else ""
        return [
            Doubt(
                f"{path}: {'; '.join(self._first)}{more}: no usual costs explain it, the side or quantity may be wrong."
            )
        ]


def _unexplained(difference: NDArray[np.float64], costs: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """What of a difference the row's own costs leave, each paid or earned; a profit may also be one before them."""
    least = np.abs(difference)
    for ways in itertools.product((0, 1, -1), repeat=len(costs)):
        given = sum(way * np.nan_to_num(cost) for way, cost in zip(ways, costs, strict=True))
        least = np.minimum(least, np.abs(difference - given))
    return least


def _numbers(elements: Any) -> NDArray[np.float64]:
    return np.array([each if isinstance(each, float) else np.nan for each in elements.tolist()], dtype=np.float64)

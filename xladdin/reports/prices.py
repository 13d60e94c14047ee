"""Mark prices of one symbol that are far from each other, in whatever rows of a table they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars
from numpy.typing import NDArray

from xladdin.reports.remarks import Doubt
from xladdin.reports.wording import cut

_SPREAD = 1.25  # the highest over the lowest: venues, and hours of one day, are nearer to each other
_SHOWN = 3  # symbols that are told of
_KEYS = ["symbol", "currency"]
_NOTHING = polars.lit("")


@dataclass
class Prices:
    """The lowest and the highest price of each symbol, with their lines; they are noted as a table's rows are read."""

    _parts: list[polars.DataFrame] = field(default_factory=list)

    def clear(self) -> None:
        """Begin anew."""
        self._parts.clear()

    def note(self, values: Mapping[str, Any], lines: NDArray[np.int64]) -> None:
        """Look at some rows, whose values are given by what they mean."""
        if not {"symbol", "price"} <= values.keys():
            return
        texts = [
            _series(name, values[name], polars.String) if name in values else _NOTHING.alias(name) for name in _KEYS
        ]
        price = _series("price", values["price"], polars.Float64)
        rows = polars.DataFrame({"line": lines, "price": price}).with_columns(*texts)
        rows = rows.with_columns(polars.col(_KEYS).str.strip_chars().str.to_uppercase())
        self._parts.append(_ends(rows.filter(polars.col("price") > 0, polars.col("symbol") != "")))

    def told(self, path: Path) -> list[str]:
        """One sentence on the symbols of which the prices do not fit each other."""
        if not self._parts:
            return []
        ends = polars.concat(self._parts).sort("price", "line")
        each = ends.group_by(_KEYS, maintain_order=True).agg(
            **{
                f"{name}_{end}": getattr(polars.col(name), end)()
                for name in ("price", "line")
                for end in ("first", "last")
            }
        )
        found = each.filter(polars.col("price_last") > _SPREAD * polars.col("price_first")).sort("line_first")
        if not len(found):
            return []
        shown = "; ".join(
            f"{cut(row['symbol'], 30)} is {row['price_first']:,.10g} in line {row['line_first']} and "
            f"{row['price_last']:,.10g} in line {row['line_last']}"
            for row in found.head(_SHOWN).iter_rows(named=True)
        )
        more = f"; {len(found) - _SHOWN:,} more are such" if len(found) > _SHOWN else ""
        return [Doubt(f"{path}: the prices of one symbol differ: {shown}{more}; a digit may be missing.")]


def _ends(rows: polars.DataFrame) -> polars.DataFrame:
    """Of each symbol the row with the lowest and that with the highest price."""
    ordered = rows.sort("price", "line").group_by(_KEYS, maintain_order=True)
    return polars.concat([ordered.first(), ordered.last()]).select("line", "price", *_KEYS)


def _series(name: str, elements: NDArray[Any], dtype: type[polars.DataType]) -> polars.Series:
    """The elements of a kind as a column; others are none."""
    return polars.Series(name, elements.tolist(), dtype=dtype, strict=False)

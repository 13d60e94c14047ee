"""The flag of a workbook that checks itself: a result called `overall_flag`, which says whether all checks pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xladdin.workbook.model import Model, Place

NAME = "overall_flag"
PASSES = "ALL CHECKS PASS"


def failing(model: Model, values: Mapping[Place, Any]) -> str:
    """What the flag says where a check fails, or nothing.

    Parameters
    ----------
    model : Model
        The workbook.
    values : mapping
        The value of its formula cells.
    """
    if NAME not in model.outputs:
        return ""
    said = values.get(model.outputs[NAME].place, PASSES)
    return "" if said == PASSES else str(said)


def count_failing(model: Model, results: Sequence[Sequence[Any]]) -> int:
    """Of how many reports the flag says that a check fails; each has the values of the model's results, in order."""
    if NAME not in model.outputs:
        return 0
    place = list(model.outputs).index(NAME)
    return sum(values[place] != PASSES for values in results)

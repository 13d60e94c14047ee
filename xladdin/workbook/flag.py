"""The flag of a workbook that checks itself: a result called `overall_flag`, which says whether all checks pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xladdin.workbook.model import Model, Place

NAME, COUNT = "overall_flag", "checks_failed"
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
    passes = values.get(model.outputs[COUNT].place) == 0 if COUNT in model.outputs else said == PASSES
    return "" if passes else str(said)

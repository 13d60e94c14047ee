"""Where Calc itself differs from Excel."""

from __future__ import annotations

from typing import Any

from support.agreement import POWERS, Known
from xladdin.core.errors import CODES

OF_CALC = [
    Known(
        "of several errors in a formula it shows another: the last operand's, where Excel shows the first one's",
        lambda cell: cell.ours in CODES and cell.theirs in cell.errors,
    ),
    Known(
        "NORMSINV of 0 and 1 is #VALUE! and not #NUM!",
        lambda cell: "NORMSINV(" in cell.formula and (cell.ours, cell.theirs) == ("#NUM!", "#VALUE!"),
    ),
    Known(
        "INDEX of a row beyond those of any sheet is Err:502 and not #REF!",
        lambda cell: "INDEX(" in cell.formula and (cell.ours, cell.theirs) == ("#REF!", "#NUM!"),
    ),
    POWERS,
]


def spelled(value: Any) -> Any:
    """What Calc shows as Excel writes it: an argument outside a function's domain has a code of its own in Calc."""
    return "#NUM!" if value == "Err:502" else value

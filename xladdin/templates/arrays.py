"""Which formulas are array formulas, and why.

Those that hand a computed range to a function of ours: in an ordinary formula Calc computes such an argument, as
`prices*(venues="okx")`, of one row alone. And those that say whether the functions are there: of all formulas Calc
computes only these whenever it opens a file, so that without the extension no green bar stands over stored values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import formualizer
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from xladdin.workbook import flag

FUNCTIONS_ARE_MISSING = "ISERROR(LEV_RATIO(1,1))"


def mark_array_formulas(workbook: Workbook) -> None:
    """Make every such formula of a workbook an array formula of its cell."""
    for sheet in workbook.worksheets:
        for cell in sheet._cells.values():  # to go through rows would make cells where there are none
            if isinstance(cell.value, str) and (
                hands_over_computed_range(cell.value) or says_what_is_missing(cell.value)
            ):
                cell.value = ArrayFormula(cell.coordinate, cell.value)


def says_what_is_missing(formula: str) -> bool:
    """Whether a formula tells if the functions are there, itself or by the flag."""
    return formula.startswith("=") and (flag.NAME in formula or FUNCTIONS_ARE_MISSING in formula)


def hands_over_computed_range(formula: str) -> bool:
    """Whether an argument of a function of ours is computed of ranges."""
    if "LEV_" not in formula:
        return False
    return any(
        argument["node_type"] == "BinaryOp" and any(map(_is_range, _nodes(argument)))
        for call in _nodes(formualizer.parse(formula).to_dict())
        if call["node_type"] == "Function" and call["name"].upper().startswith("LEV_")
        for argument in call["args"]
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a formula's tree and all below it."""
    yield node
    below = [*node.get("args", ()), *(node[key] for key in ("left", "right", "operand") if key in node)]
    for each in below:
        yield from _nodes(each)


def _is_range(node: dict[str, Any]) -> bool:
    return node["node_type"] == "Reference" and any(mark in node["reference"] for mark in ":[")

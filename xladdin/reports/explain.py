"""What of a template is computed how: for all rows at once, once for all, or by the formula engine row by row."""

from __future__ import annotations

from pathlib import Path

from xladdin.reports.linked import linked_lines
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model_reader import read_model


def explain(template: Path) -> list[str]:
    """One sentence on a template's formulas, and a line for each that is computed row by row, with the reason.

    Raises
    ------
    UnreadableError
        When the file can't be read or can't be computed.
    """
    plan = compile_model(read_model(template))
    varying, left = len(plan.steps), len(plan.fallbacks)
    once = sum(place in plan.constants for place in plan.model.formulas)
    lines = [
        f"{template.name}: {varying} formulas are computed for all rows at once, {once} depend on no input and are "
        f"computed once, {left} {'is' if left == 1 else 'are'} computed row by row."
    ]
    return lines + linked_lines(plan.model) + plan.fallback_lines()

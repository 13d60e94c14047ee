"""Arrays of references, such as OFFSET(A1,{0,1},0): what leads to one for each cell of an array, and takes each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xladdin.workbook.builtins.long_range import LongRange, by_cell
from xladdin.workbook.builtins.registry import BUILTINS, caller
from xladdin.workbook.reference_functions.registry import Expressions
from xladdin.workbook.references import Area
from xladdin.workbook.terms import Cells, Reference, Term, areas_of, single_of, together

# The functions of which an argument that is an array of references makes an array of results.
OF_EACH = frozenset(
    {"AVERAGEIF", "AVERAGEIFS", "COUNTBLANK", "COUNTIF", "COUNTIFS", "MAXIFS", "MINIFS", "N", "SUMIF", "SUMIFS", "T"}
)


@dataclass(frozen=True, eq=False)
class _Whole:
    """A range that is taken as a whole for each reference of an array."""

    value: Any


def for_cells(refer: Callable[..., Any], values: Sequence[Any]) -> Any:
    """A reference, or of arrays one for each of their cells."""
    if not any(isinstance(value, (list, LongRange)) for value in values):
        return refer(*values)
    blocks = [value.block if isinstance(value, LongRange) else value for value in values]
    found = by_cell(refer, blocks)
    if len(found) == len(found[0]) == 1:
        return found[0][0]
    each = tuple(tuple(one.areas[0] if isinstance(one, Reference) else one for one in row) for row in found)
    return Reference(tuple(area for row in found for one in row for area in areas_of(one)), each)


def for_each(expressions: Expressions, name: str, terms: list[Term]) -> Term:
    """A function of ranges once for each reference of an array of references."""
    call, known, values = caller(name), BUILTINS[name], expressions.resolver.values

    def evaluate(cells: Cells) -> Any:
        def given(index: int, term: Term) -> Any:
            found = term.refer(cells) if term.is_each and term.refer else None
            if isinstance(found, Reference) and found.each:
                return [list(row) for row in found.each]
            value = term.evaluate(cells)
            return _Whole(value) if known.kind(index).is_range else value

        def argument(index: int, part: Any) -> Any:
            value = part.value if isinstance(part, _Whole) else part
            value = values(value, cells) if isinstance(value, Area) else value
            return value if known.kind(index).is_range else single_of(value)

        def one(*parts: Any) -> Any:
            faults = (part for part, term in zip(parts, terms, strict=True) if term.is_each and isinstance(part, float))
            fault = next(faults, None)
            return single_of(call(*map(argument, range(len(parts)), parts))) if fault is None else fault

        return by_cell(one, [given(index, term) for index, term in enumerate(terms)])

    return Term(evaluate, True, **(together(terms) | {"is_constant": False}))

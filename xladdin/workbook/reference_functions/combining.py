"""References that are made of others: the operators of ranges, and the cells that an array formula fills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xladdin.core.errors import REF, VALUE, error
from xladdin.workbook.reference_functions.registry import (
    Expressions,
    Node,
    is_error,
    reference_of_term,
    refers,
    special,
)
from xladdin.workbook.references import Area
from xladdin.workbook.terms import (
    Cells,
    NotCompiledError,
    Reference,
    Scope,
    Term,
    constant,
)

_NULL = error("#NULL!")


def combined(expressions: Expressions, sign: str, left: Node, right: Node, scope: Scope) -> Term:
    """The range from one reference to another, what two have in common, or both."""
    terms = [expressions.term(left, scope), expressions.term(right, scope)]
    if any(term.area is None and term.refer is None for term in terms):
        return next((term for term in terms if term.is_constant and is_error(term)), constant(VALUE))
    first, second = map(reference_of_term, terms)
    combine = {":": _spanned, " ": _common, ",": _union}[sign]

    def refer(cells: Cells) -> Any:
        one, other = first(cells), second(cells)
        if not isinstance(one, Reference):
            return one
        return combine(one, other) if isinstance(other, Reference) else other

    if all(term.area is not None for term in terms):
        found = refer(Cells({}))
        if isinstance(found, float):
            return constant(found)
        if len(found.areas) == 1:
            return expressions.cells(found.areas[0])
        return expressions.reference(refer, terms, found.areas)
    return expressions.reference(refer, terms)


def _spanned(left: Reference, right: Reference) -> Any:
    areas = (*left.areas, *right.areas)
    if len({area.sheet for area in areas}) > 1:
        return REF
    return Reference(
        (
            Area(
                areas[0].sheet,
                min(area.first_row for area in areas),
                min(area.first_column for area in areas),
                max(area.last_row for area in areas),
                max(area.last_column for area in areas),
            ),
        )
    )


def _common(left: Reference, right: Reference) -> Any:
    found = []
    for one in left.areas:
        for other in right.areas:
            area = Area(
                one.sheet,
                max(one.first_row, other.first_row),
                max(one.first_column, other.first_column),
                min(one.last_row, other.last_row),
                min(one.last_column, other.last_column),
            )
            if one.sheet == other.sheet and area.first_row <= area.last_row and area.first_column <= area.last_column:
                found.append(area)
    return Reference(tuple(found)) if found else _NULL


def _union(left: Reference, right: Reference) -> Any:
    return Reference((*left.areas, *right.areas))


@special("SINGLE", required=1, most=1)
def _single(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    (argument,) = arguments
    return expressions.intersected(expressions.term(argument, scope.arrays(False), single=True), scope)


def spilled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    """The cells that the array formula of a cell fills."""
    term = refers(expressions, arguments[0], scope)
    if term.place is None:
        raise NotCompiledError("a spilled range is asked of what is no cell")
    size = expressions.resolver.model.spills.get(term.place)
    if size is None:
        return constant(REF)
    place = term.place
    return expressions.cells(
        Area(place.sheet, place.row, place.column, place.row + size[0] - 1, place.column + size[1] - 1)
    )


special("ANCHORARRAY", required=1, most=1)(spilled)

"""SUBTOTAL and AGGREGATE, which leave out cells by what hides them or what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xladdin.core.errors import VALUE
from xladdin.workbook import columns
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.registry import cells_of
from xladdin.workbook.place import Place
from xladdin.workbook.reference_functions.registry import (
    Expressions,
    Node,
    is_error,
    reference_of_term,
    special,
)
from xladdin.workbook.references import Area
from xladdin.workbook.terms import (
    Cells,
    NotCompiledError,
    Reference,
    Scope,
    Term,
    single_of,
    together,
)

_AGGREGATES = {
    **{1: "AVERAGE", 2: "COUNT", 3: "COUNTA", 4: "MAX", 5: "MIN", 6: "PRODUCT", 7: "STDEV", 8: "STDEVP", 9: "SUM"},
    **{10: "VAR", 11: "VARP", 12: "MEDIAN", 13: "MODE.SNGL", 14: "LARGE", 15: "SMALL", 16: "PERCENTILE.INC"},
    **{17: "QUARTILE.INC", 18: "PERCENTILE.EXC", 19: "QUARTILE.EXC"},
}


@special("SUBTOTAL")
def _subtotal(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if len(arguments) < 2:
        raise NotCompiledError("SUBTOTAL takes at least 2 arguments")
    number = expressions.single(arguments[0], scope)
    terms = [expressions.term(argument, scope) for argument in arguments[1:]]
    if any(term.area is None and term.refer is None for term in terms):
        if all(term.is_constant for term in terms) and (bad := next(filter(is_error, terms), None)):
            return bad
        raise NotCompiledError("SUBTOTAL is given what is no reference")
    if (plain := _plain(expressions, number, terms)) is not None:
        return expressions.builtin(plain, arguments[1:], scope)
    which, calls_of = number.evaluate, [reference_of_term(term) for term in terms]
    model = expressions.resolver.model

    def totalled(cells: Cells, function: int, found: list[Any]) -> Any:
        skips_all = function > 100
        name = _AGGREGATES.get(function - 100 * skips_all)
        if name is None or function % 100 > 11:
            return VALUE
        members: list[Any] = []
        for reference in found:
            if not isinstance(reference, Reference):
                return reference
            for area in reference.areas:
                members += [
                    cells[Place(area.sheet, row, column)]
                    for line in expressions.resolver.clipped(area).rows()
                    for row, column in line
                    if not model.is_hidden(area.sheet, row, by_filter=not skips_all)
                    and not model.is_subtotal(Place(area.sheet, row, column))
                ]
        return BUILTINS[name].call([members] if members else [[None]])

    def evaluate(cells: Cells) -> Any:
        function = columns.number(single_of(which(cells)))
        if function != function:
            return function
        found = [call(cells) for call in calls_of]
        if len(found) == 1 and isinstance(found[0], Reference) and found[0].each:
            return [
                [totalled(cells, int(function), [Reference((one,)) if isinstance(one, Area) else one]) for one in row]
                for row in found[0].each
            ]
        return totalled(cells, int(function), found)

    how = together([number, *terms]) | {"is_constant": False}
    value = columns.number(single_of(which(Cells({})))) if number.is_constant else 0.0
    if any(term.refer is not None for term in terms) or not number.is_constant or _needs_rows(value):
        how["by_row"] = how["by_row"] or "SUBTOTAL is computed row by row"
    return Term(evaluate, any(term.is_each for term in terms), **how)


def _plain(expressions: Expressions, number: Term, terms: Sequence[Term]) -> str | None:
    """The function that a subtotal is where its ranges have nothing to leave out, and which knows long ranges."""
    value = columns.number(single_of(number.evaluate(Cells({})))) if number.is_constant else 0.0
    whole = int(value) if value == value else 0
    name = _AGGREGATES[whole % 100] if whole in (*range(1, 12), *range(101, 112)) else None
    areas = [term.area for term in terms if term.refer is None and term.area is not None]
    if name is None or len(areas) < len(terms) or any(map(expressions.resolver.has_left_out, areas)):
        return None
    return name


def _needs_rows(function: float) -> bool:
    name = _AGGREGATES.get(int(function) % 100) if function == function else None
    return name is None or bool(BUILTINS[name].by_row)


@special("AGGREGATE")
def _aggregate(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if len(arguments) < 3:
        raise NotCompiledError("AGGREGATE takes at least 3 arguments")
    how_terms = [expressions.single(argument, scope) for argument in arguments[:2]]
    terms = [expressions.term(argument, scope.arrays(True)) for argument in arguments[2:]]
    calls_of = [term.evaluate for term in (*how_terms, *terms)]
    refers_to = [reference_of_term(term) if term.area or term.refer else None for term in terms]
    model = expressions.resolver.model

    def evaluate(cells: Cells) -> Any:
        numbers = [columns.number(single_of(call(cells))) for call in calls_of[:2]]
        fault = next((number for number in numbers if number != number), None)
        if fault is not None:
            return fault
        function, option = map(int, numbers)
        name = _AGGREGATES.get(function)
        if name is None or not 0 <= option <= 7:
            return VALUE
        has_rank = function >= 14
        if has_rank and len(terms) < 2:
            return VALUE
        members: list[Any] = []
        ranges = refers_to[:1] if has_rank else refers_to
        for refer, call in zip(ranges, calls_of[2:], strict=False):
            if refer is None:
                members += cells_of(call(cells))
                continue
            found = refer(cells)
            if not isinstance(found, Reference):
                return found
            for area in found.areas:
                members += [
                    cells[Place(area.sheet, row, column)]
                    for line in expressions.resolver.clipped(area).rows()
                    for row, column in line
                    if not (option in (1, 3, 5, 7) and model.is_hidden(area.sheet, row, by_filter=False))
                    and not (option <= 3 and model.is_subtotal(Place(area.sheet, row, column)))
                ]
        if option in (2, 3, 6, 7):
            members = [member for member in members if member is None or member == member]
        rank = [single_of(calls_of[3](cells))] if has_rank else []
        return BUILTINS[name].call([members] if members else [[None]], *rank)

    how = together([*how_terms, *terms]) | {"is_constant": False}
    how["by_row"] = how["by_row"] or "AGGREGATE is computed row by row"
    return Term(evaluate, **how)

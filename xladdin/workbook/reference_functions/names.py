"""Names inside a formula: LET and LAMBDA."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from xladdin.core.errors import VALUE
from xladdin.workbook.file.budget import step
from xladdin.workbook.reference_functions.registry import (
    Expressions,
    Node,
    special,
)
from xladdin.workbook.terms import (
    Cells,
    NotCompiledError,
    Scope,
    Term,
    constant,
    together,
)


@special("LET")
def _let(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        raise NotCompiledError("LET takes names and values in turn, and what is computed of them")
    for name, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
        key = _parameter(name)
        scope = scope.with_names({key: kept_once(expressions.term(value, scope))})
    return expressions.term(arguments[-1], scope)


def kept_once(term: Term) -> Term:
    """A part that is computed once for all that use it."""
    if term.is_constant or term.is_local or term.call or term.area is not None or term.refer is not None:
        return term
    key, evaluate = object(), term.evaluate

    def kept(cells: Cells) -> Any:
        if key not in cells:
            cells[key] = evaluate(cells)
        return cells[key]

    return replace(term, evaluate=kept)


def counted(term: Term) -> Term:
    """A part that counts how often it is computed: what a LAMBDA is given may be so for each time that it is used."""
    if term.is_constant or term.area is not None or term.refer is not None or term.call:
        return term
    evaluate = term.evaluate

    def computed(cells: Cells) -> Any:
        step()
        return evaluate(cells)

    return replace(term, evaluate=computed)


def _parameter(node: Node) -> str:
    if node["node_type"] != "Reference":
        raise NotCompiledError("a name is expected in a LET or LAMBDA")
    return str(node["reference"]).casefold()


@special("LAMBDA")
def _lambda(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not arguments:
        raise NotCompiledError("LAMBDA takes what is computed")
    *names, body = arguments
    keys = [_parameter(name) for name in names]

    def call(given: Sequence[Term]) -> Term:
        if len(given) > len(keys):
            return constant(VALUE)
        missing = [constant(None)] * (len(keys) - len(given))
        once = [kept_once(counted(term)) for term in given]
        return expressions.term(body, scope.with_names(dict(zip(keys, [*once, *missing], strict=True))))

    slots: list[Any] = [None] * len(keys)
    bound = {
        key: Term(lambda cells, index=index: slots[index], True, is_local=True)  # type: ignore[misc]
        for index, key in enumerate(keys)
    }
    inner = expressions.term(body, scope.arrays(True).with_names(bound))

    def evaluate(cells: Cells) -> Any:
        def of_values(*values: Any) -> Any:
            step()
            before = list(slots)
            slots[: len(values)] = values
            try:
                return inner.evaluate(cells)
            finally:
                slots[:] = before

        return of_values

    how = together([inner]) | {"is_constant": False}
    how["by_row"] = how["by_row"] or "LAMBDA is computed row by row"
    return Term(evaluate, call=call, **how)


@special("ISOMITTED", required=1, most=1)
def _isomitted(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    (argument,) = arguments
    term = expressions.term(argument, scope)
    return constant(bool(term.is_constant) and term.evaluate(Cells({})) is None)

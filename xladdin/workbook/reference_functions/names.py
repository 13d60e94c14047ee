"""Names inside a formula: LET and LAMBDA."""

from __future__ import annotations

import re
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
from xladdin.workbook.references import is_cell
from xladdin.workbook.terms import (
    Cells,
    NotCompiledError,
    Scope,
    Term,
    constant,
    together,
)

_IN_FILE, _OPTIONAL_IN_FILE = "_xlpm.", "_xlop."  # how a file writes the names of a LET or LAMBDA
_PREFIX = re.compile(r"_xl(?:pm|op)\.", re.IGNORECASE)
_NAME = re.compile(r"(?:[^\W\d]|\\)[\w.?\\]*")


@special("LET")
def _let(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        raise NotCompiledError("LET takes names and values in turn, and what is computed of them")
    keys = _keys(arguments[:-1:2])
    if _required(arguments[:-1:2]) < len(keys):
        raise NotCompiledError("a name of LET has no brackets, which stand around an optional parameter of LAMBDA")
    for key, value in zip(keys, arguments[1::2], strict=True):
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


def _keys(nodes: Sequence[Node]) -> list[str]:
    """The names that are given in a LET or LAMBDA, as they are looked up; `[y]` and `_xlop.y` are optional ones."""
    found: list[str] = []
    for node in nodes:
        if node["node_type"] != "Reference":
            raise NotCompiledError("a name is expected in a LET or LAMBDA")
        written = str(node["reference"])
        name = _PREFIX.sub("", written.removeprefix("[").removesuffix("]"))
        if not _NAME.fullmatch(name):
            raise NotCompiledError(f"{written} is no name for a LET or LAMBDA: a letter comes first, no sign is in it")
        if is_cell(name):
            raise NotCompiledError(f"{name} is a cell, and no name for a LET or LAMBDA")
        prefix = _PREFIX.match(written)
        key = f"{_IN_FILE if prefix else ''}{name}".casefold()
        if key in found:
            raise NotCompiledError(f"{name} stands twice among the names of a LET or LAMBDA; allowed is once")
        found.append(key)
    return found


def _bound(keys: Sequence[str], terms: Sequence[Term]) -> dict[str, Term]:
    """What the names of a LAMBDA stand for; in a file one that is optional may be written in two ways."""
    names = dict(zip(keys, terms, strict=True))
    return names | {key.replace(_IN_FILE, _OPTIONAL_IN_FILE): term for key, term in names.items()}


def _required(nodes: Sequence[Node]) -> int:
    """How many parameters have to be given; those that need not be are the last."""
    are_optional = [str(node["reference"]).startswith(("[", _OPTIONAL_IN_FILE)) for node in nodes]
    if are_optional != sorted(are_optional):
        raise NotCompiledError("an optional parameter stands before one that is not; allowed is behind it")
    return are_optional.count(False)


def _slot(slots: Sequence[Any], index: int) -> Term:
    """A parameter, whose value stands in a list as long as a call lasts."""
    return Term(lambda cells: slots[index], True, is_local=True)


@special("LAMBDA")
def _lambda(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not arguments:
        raise NotCompiledError("LAMBDA takes what is computed")
    *names, body = arguments
    keys, required = _keys(names), _required(names)
    no_values = [constant(None)] * len(keys)

    def is_callable_with(count: int) -> bool:
        if required <= count <= len(keys):
            return True
        takes = ", ".join(str(name["reference"]) for name in names) or "nothing"
        expressions.explain(f"LAMBDA gives #VALUE!: it takes {takes}; given are {count}")
        return False

    def call(given: Sequence[Term]) -> Term:
        if not is_callable_with(len(given)):
            return constant(VALUE)
        once = [kept_once(counted(term)) for term in given]
        return expressions.term(body, scope.with_names(_bound(keys, [*once, *no_values[len(once) :]])))

    slots: list[Any] = [None] * len(keys)
    places = [_slot(slots, index) for index in range(len(keys))]
    inner = expressions.term(body, scope.arrays(True).with_names(_bound(keys, places)))

    def evaluate(cells: Cells) -> Any:
        def of_values(*values: Any) -> Any:
            step()
            if not is_callable_with(len(values)):
                return VALUE
            before = list(slots)
            slots[:] = [*values, *[None] * (len(keys) - len(values))]
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

"""How functions that see more than values are declared, and what turning a formula offers them.

Each is given what turns formulas, its arguments as trees and its scope. One that gives nothing leaves the call to the
function of the same name that takes values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from xladdin.workbook.builtins.registry import MANY
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area
from xladdin.workbook.resolver import Resolver
from xladdin.workbook.terms import Cells, Evaluate, NotCompiledError, Reference, Scope, Term

Node = Mapping[str, Any]


class Expressions(Protocol):
    """What turns formulas, as far as these functions ask it."""

    resolver: Resolver
    reads: set[Area]

    def term(self, node: Node, scope: Scope, *, single: bool = False) -> Term: ...

    def single(self, node: Node, scope: Scope) -> Term: ...

    def explain(self, reason: str) -> None: ...

    def intersected(self, term: Term, scope: Scope) -> Term: ...

    def cells(self, area: Area, text: str = "") -> Term: ...

    def reference(
        self, refer: Evaluate, terms: Sequence[Term], reads: Sequence[Area] = (), *, is_each: bool = False
    ) -> Term: ...

    def builtin(self, name: str, arguments: Sequence[Node], scope: Scope, single: bool = False) -> Term: ...


Special = Callable[[Expressions, Sequence[Node], Scope], Term | None]
_Special = TypeVar("_Special", bound=Special)
FUNCTIONS: dict[str, Special] = {}


def special(*names: str, required: int = 0, most: int = MANY) -> Callable[[_Special], _Special]:
    """Declare a function of trees, of which so many have to be given, and no more may be."""

    def declare(function: _Special) -> _Special:
        def checked(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term | None:
            if not required <= len(arguments) <= most:
                raise NotCompiledError(f"{names[0]} takes {required} to {most} arguments, not {len(arguments)}")
            return function(expressions, arguments, scope)

        FUNCTIONS.update(dict.fromkeys(names, checked))
        return function

    return declare


def refers(expressions: Expressions, node: Node, scope: Scope) -> Term:
    """A part that leads to cells, of which the values are not looked at.

    Raises
    ------
    NotCompiledError
        When it is no reference.
    """
    before = set(expressions.reads)
    term = expressions.term(node, scope)
    if term.area is not None or term.refer is not None:
        expressions.reads.clear()
        expressions.reads.update(before)
        return term
    raise NotCompiledError("a value stands where a reference is expected")


def reference_of_term(term: Term) -> Evaluate:
    """What gives a part's reference."""
    if term.area is not None:
        known = Reference((term.area,))
        return lambda cells: known
    assert term.refer is not None
    return term.refer


def is_error(term: Term) -> bool:
    """Whether a constant is an error."""
    value = term.evaluate(Cells({}))
    return isinstance(value, float) and value != value


def first_place(reference: Reference) -> Place:
    """The first cell of a reference."""
    area = reference.areas[0]
    return Place(area.sheet, area.first_row, area.first_column)

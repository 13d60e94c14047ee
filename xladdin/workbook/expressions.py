"""A formula's syntax tree as a call that takes the columns of the cells and gives its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from xladdin import udfs
from xladdin.core.calls import ALL, Signature
from xladdin.core.errors import REF, VALUE
from xladdin.workbook import catalogue_call, columns, engine
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.arrays import TAKE_FUNCTIONS
from xladdin.workbook.builtins.long_range import LongRange, by_cell
from xladdin.workbook.builtins.operators import BINARY, UNARY, without_rounding
from xladdin.workbook.builtins.registry import Builtin, Kind, caller
from xladdin.workbook.place import Place
from xladdin.workbook.reference_functions.all import FUNCTIONS
from xladdin.workbook.reference_functions.combining import combined, spilled
from xladdin.workbook.reference_functions.each import OF_EACH, for_each
from xladdin.workbook.references import Area, is_external
from xladdin.workbook.resolver import Resolver
from xladdin.workbook.terms import (
    Cells,
    Evaluate,
    NotCompiledError,
    Reference,
    Scope,
    Term,
    UnknownFunctionError,
    constant,
    intersected,
    lifted,
    single_of,
    together,
)

_LEFT_ASSOCIATIVE = {"+", "-", "*", "/", "&", "=", "<>", "<", "<=", ">", ">=", "^"}
Node = Mapping[str, Any]


@dataclass
class Expressions:
    """What turning formulas has to know, and what it finds on the way.

    Attributes
    ----------
    resolver : Resolver
        What references lead to.
    reads : set
        The cells that the formula in hand looks at, as far as that is known before it is computed.
    in_common : set
        The keys of parts that stand in more than one formula: each is computed once.
    """

    resolver: Resolver
    reads: set[Area] = field(default_factory=set)
    in_common: Mapping[int, Any] = field(default_factory=dict)

    def formula(self, tree: Node, here: Place, *, is_array: bool) -> Term:
        """A whole formula: one value, or as an array formula a range."""
        scope = Scope(here, is_array, is_whole=not is_array)
        if not is_array and (sum_of := self._without_rounding(tree, scope.part())):
            return sum_of
        term = self.term(tree, scope, single=True)
        if not is_array and term.is_block:
            evaluate = term.evaluate
            return replace(term, evaluate=lambda cells: single_of(evaluate(cells)), is_block=False)
        return term

    def _without_rounding(self, tree: Node, scope: Scope) -> Term | None:
        """The term of a formula that ends with a sum or difference of values, of which mere rounding is no value."""
        match tree:
            case {"node_type": "BinaryOp", "operator": "+" | "-" as sign, "left": left, "right": right}:
                operands = [self.single(each, scope) for each in (left, right)]
                if not any(operand.is_block for operand in operands):
                    return lifted(functools.partial(without_rounding, sign), operands)
        return None

    def single(self, node: Node, scope: Scope) -> Term:
        """A part where one value is expected: of a range, outside of arrays, the cell beside the formula."""
        return self.term(node, scope, single=True)

    def term(self, node: Node, scope: Scope, *, single: bool = False) -> Term:
        """A part of a formula; where one value is expected a reference is the one cell beside the formula."""
        term = self._unfolded(node, scope, single)
        if single and not scope.in_array:
            term = self.intersected(term, scope)
        if term.is_constant and node["node_type"] not in ("Literal", "Omitted", "Array"):
            with np.errstate(all="ignore"):
                value = term.evaluate(Cells({}))
            return replace(term, evaluate=lambda cells: value)
        key = self.in_common.get(id(node))
        if key is None or term.is_local or term.is_dynamic or term.by_row or scope.bound:
            return term
        return replace(term, evaluate=_once((key, scope.here.sheet, scope.in_array, single), term.evaluate))

    def explain(self, reason: str) -> None:
        """Take note of why a part of a formula gives an error; a cell shows the error alone."""

    def intersected(self, term: Term, scope: Scope) -> Term:
        """A reference to several cells as the one beside the formula; anything else as it is."""
        if not term.is_block:
            return term
        here = scope.here
        if term.area is not None:
            cell = intersected(term.area, here)
            return replace(self.cells(cell), is_local=True) if cell else constant(VALUE)
        if term.refer is None:
            return term
        refer = term.refer

        def evaluate(cells: Cells) -> Any:
            found = refer(cells)
            if not isinstance(found, Reference):
                return single_of(found)
            cell = intersected(found.areas[0], here)
            return cells[Place(cell.sheet, cell.first_row, cell.first_column)] if cell else VALUE

        return replace(term, evaluate=evaluate, is_block=False, is_local=True)

    def _unfolded(self, node: Node, scope: Scope, single: bool) -> Term:
        match node:
            case {"node_type": "Literal", "value": value}:
                return constant(columns.from_cell(value))
            case {"node_type": "Omitted"}:
                return constant(None)
            case {"node_type": "Array", "rows": rows}:
                return constant([[self._constant(cell, scope) for cell in row] for row in rows], is_block=True)
            case {"node_type": "Reference", "reference": reference}:
                return self._reference(reference, scope, single)
            case {"node_type": "BinaryOp", "operator": ":" | " " | "," as sign, "left": left, "right": right}:
                return combined(self, sign, left, right, scope)
            case {"node_type": "BinaryOp", "operator": sign} if sign in BINARY:
                return self._chain(node, scope.part())
            case {"node_type": "UnaryOp", "operator": "@", "operand": operand}:
                return self.intersected(self.term(operand, scope.arrays(False), single=True), scope)
            case {"node_type": "UnaryOp", "operator": "#", "operand": operand}:
                return spilled(self, [operand], scope)
            case {"node_type": "UnaryOp", "operator": sign, "operand": operand} if sign in UNARY:
                return lifted(UNARY[sign], [self.single(operand, scope.part())])
            case {"node_type": "Function", "name": name, "args": arguments}:
                return self._function(plain_name(name), arguments, scope, single)
            case {"node_type": "Call", "callee": callee, "args": arguments}:
                return self._called(self.term(callee, scope), arguments, scope)
        raise NotCompiledError(f"{node.get('operator', node['node_type'])} is not one of the operators known here")

    def _constant(self, node: Node, scope: Scope) -> Any:
        """An element of an array in braces; a spreadsheet takes none that is reckoned, such as 1%, but it is clear."""
        found = self.single(node, scope.part())
        if not found.is_constant or found.is_block:
            raise NotCompiledError("an array in braces holds plain numbers, texts, TRUE and FALSE alone")
        return found.evaluate(Cells({}))

    def _chain(self, node: Node, scope: Scope) -> Term:
        """Operators one after another, from left to right: of hundreds each would otherwise stand in the one before."""
        signs: list[str] = []
        nodes: list[Node] = []
        while (
            node["node_type"] == "BinaryOp"
            and node["operator"] in BINARY
            and not (signs and id(node) in self.in_common)
        ):
            signs.append(node["operator"])
            nodes.append(node["right"])
            node = node["left"]
        terms = [self.single(node, scope), *(self.single(each, scope) for each in reversed(nodes))]
        signs.reverse()
        if set(signs) == {"&"} and not any(term.is_block for term in terms):
            return lifted(BINARY["&"], terms)
        result = terms[0]
        if len(signs) <= 2 or any(term.is_block for term in terms):
            for sign, term in zip(signs, terms[1:], strict=True):
                result = lifted(BINARY[sign], [result, term])
            return result
        first = result.evaluate
        rest = [(BINARY[sign], term.evaluate) for sign, term in zip(signs, terms[1:], strict=True)]

        def evaluate(cells: Cells) -> Any:
            value = first(cells)
            for operation, operand in rest:
                value = operation(value, operand(cells))
            return value

        return Term(evaluate, **together(terms))

    def _reference(self, text: str, scope: Scope, single: bool) -> Term:
        bound = scope.bound.get(text.casefold())
        if bound is not None:
            return bound
        if is_external(text):
            return constant(REF)
        if self.resolver.is_relative_name(text, scope):
            return replace(self._target(text, scope, single), is_local=True)
        return self._target(text, scope, single)

    def _target(self, text: str, scope: Scope, single: bool) -> Term:
        """What a reference or a name leads to."""
        target = self.resolver.resolve(text, scope)
        if isinstance(target, float):
            return constant(target)
        if not isinstance(target, Reference):
            return self.term(target, scope.through(text).arrays(True), single=single)
        if len(target.areas) == 1:
            (area,) = target.areas
            cell = intersected(area, scope.here) if single and not scope.in_array and not area.is_cell else None
            if cell is not None:
                return replace(self.cells(cell), is_local=True)
            if single and not scope.in_array and not area.is_cell:
                return constant(VALUE)
            return self.cells(area, text)
        return self.reference(lambda cells: target, [constant(None)], target.areas)

    def cells(self, area: Area, text: str = "") -> Term:
        """The cells of a reference that is known, and may be written so."""
        self.reads.add(area)
        return self.resolver.cells(area, text)

    def reference(
        self, refer: Evaluate, terms: Sequence[Term], reads: Sequence[Area] = (), *, is_each: bool = False
    ) -> Term:
        """What leads to cells that are known when it is computed; those that it may lead to are named where known."""
        self.reads.update(reads)
        values = self.resolver.values

        def evaluate(cells: Cells) -> Any:
            found = refer(cells)
            if not isinstance(found, Reference):
                return found
            if len(found.areas) > 1:
                return [[cell] for area in found.areas for row in block(values(area, cells)) for cell in row]
            return values(found.areas[0], cells)

        how = together(terms) | {"is_constant": False, "is_dynamic": not reads, "is_local": True}
        how["by_row"] = how["by_row"] or "which cells it looks at is known only row by row"
        return Term(evaluate, True, refer=refer, is_each=is_each, **how)

    def _function(self, name: str, arguments: Sequence[Node], scope: Scope, single: bool) -> Term:
        whole, scope = scope.is_whole, scope.part()
        if (bound := scope.bound.get(name.casefold())) is not None or (
            name not in BUILTINS and (bound := self._named_function(name, scope)) is not None
        ):
            return self._called(bound, arguments, scope)
        if name.startswith("LEV_") and hasattr(udfs, name):
            signature: Signature = getattr(udfs, name).signature
            terms = [
                self.term(argument, scope, single=_takes_one(signature, index))
                for index, argument in enumerate(arguments)
            ]
            return self.catalogue(signature, terms, all_rows=_gives_rows(signature, arguments) and not whole)
        if name in FUNCTIONS:
            try:
                found = FUNCTIONS[name](self, arguments, scope)
            except (ValueError, IndexError):  # it takes its arguments by their places
                raise NotCompiledError(f"{name} does not take {len(arguments)} arguments of that kind") from None
            if found is not None:
                return found
        if name not in BUILTINS:
            return self._by_engine(name, arguments, scope)
        return self.builtin(name, arguments, scope, single)

    def catalogue(self, signature: Signature, terms: Sequence[Term], *, all_rows: bool) -> Term:
        """A call of a function of the catalogue."""
        return (catalogue_call.rows_term if all_rows else catalogue_call.term)(signature, terms)

    def builtin(self, name: str, arguments: Sequence[Node], scope: Scope, single: bool = False) -> Term:
        """A call of a function of values."""
        known = BUILTINS[name]
        if not known.required <= len(arguments) <= known.most:
            raise NotCompiledError(f"{name} takes {known.required} to {known.most} arguments, not {len(arguments)}")
        is_whole = known.required == len(known.takes) and not known.is_lazy
        if known.repeats > 1 and is_whole and (len(arguments) - len(known.takes)) % known.repeats:
            raise NotCompiledError(f"{name} takes its last arguments {known.repeats} at a time")
        if known.is_lazy:
            return self._lazy(name, arguments, scope, single)
        terms = [self._argument(known, index, argument, scope) for index, argument in enumerate(arguments)]
        _refuse_functions(terms[:-1] if name in TAKE_FUNCTIONS else terms)
        if name in OF_EACH and any(term.is_each for term in terms):
            return for_each(self, name, terms)
        return _builtin_call(name, known, terms)

    def _argument(self, known: Builtin, index: int, node: Node, scope: Scope) -> Term:
        kind = known.kind(index)
        if known.omitted_is_default and node["node_type"] == "Omitted" and index < len(known.defaults):
            return constant(known.defaults[index])
        if not kind.is_range:
            return self.single(node, scope)
        term = self.term(node, scope.arrays(scope.in_array or kind is Kind.ARRAY))
        return self._led_to(term) if term.refer is not None and not term.is_block else as_range(term)

    def _led_to(self, term: Term) -> Term:
        """What leads to one cell, such as INDEX, as a range of one; or as that which its row or column 0 is."""
        evaluate, refer, values = term.evaluate, term.refer, self.resolver.values
        assert refer is not None

        def found(cells: Cells) -> Any:
            value = evaluate(cells)
            if isinstance(value, float) and value != value:
                reference = refer(cells)
                if isinstance(reference, Reference) and not reference.areas[0].is_cell:
                    return values(reference.areas[0], cells)
            return [[value]]

        return replace(term, evaluate=found, is_block=True)

    def _lazy(self, name: str, arguments: Sequence[Node], scope: Scope, single: bool) -> Term:
        """IF and its kin: what no row takes is not computed."""
        conditions = {"IF": 1, "CHOOSE": 1, "IFS": len(arguments), "SWITCH": 1, "IFERROR": 0, "IFNA": 0}[name]
        terms = [
            self.term(argument, scope, single=single or index < conditions) for index, argument in enumerate(arguments)
        ]
        chooses = name in ("IF", "CHOOSE") and not terms[0].is_block
        if chooses and any(term.is_block and (term.refer or term.area) for term in terms[1:]):
            return self._chosen_reference(name, terms)
        call = BUILTINS[name].call
        calls_of = [term.evaluate for term in terms]
        how = together(terms)
        if not any(term.is_block for term in terms):
            return Term(lambda cells: call(*(_lazily(each, cells) for each in calls_of)), **how)

        def evaluate(cells: Cells) -> Any:
            values = [each(cells) for each in calls_of]
            return by_cell(lambda *found: call(*(_given(value) for value in found)), values)

        return Term(evaluate, True, **how)

    def _chosen_reference(self, name: str, terms: list[Term]) -> Term:
        """IF or CHOOSE between references: it is the one that it chooses."""
        calls_of = [term.evaluate for term in terms]

        def chosen(cells: Cells) -> int | float:
            number = calls_of[0](cells)
            number = (columns.truth if name == "IF" else columns.number)(number)
            if number != number:
                return float(number)
            index = (1 if number else 2) if name == "IF" else int(number)
            return index if 1 <= index < len(terms) else -1

        def value(cells: Cells) -> Any:
            index = chosen(cells)
            if isinstance(index, float):
                return index
            return (False if name == "IF" else VALUE) if index < 0 else calls_of[index](cells)

        def refer(cells: Cells) -> Any:
            index = chosen(cells)
            if isinstance(index, float) or index < 0:
                return VALUE
            term = terms[index]
            return Reference((term.area,)) if term.area else term.refer(cells) if term.refer else VALUE

        how = together(terms)
        how["by_row"] = how["by_row"] or "it chooses between ranges"
        return Term(value, True, refer=refer, **how)

    def _named_function(self, name: str, scope: Scope) -> Term | None:
        """The LAMBDA that a name of the workbook stands for."""
        if name in engine.known_functions():
            return None
        target = self.resolver.named(name, scope)
        if not isinstance(target, dict):
            return None
        return self.term(target, scope.through(name))

    def _called(self, function: Term, arguments: Sequence[Node], scope: Scope) -> Term:
        if function.call is None:
            raise NotCompiledError("what is called is no function")
        return function.call([self.term(argument, scope) for argument in arguments])

    def _by_engine(self, name: str, arguments: Sequence[Node], scope: Scope) -> Term:
        """A function that the formula engine knows, of values that are computed here."""
        if name not in engine.known_functions():
            raise UnknownFunctionError(f"{name} is not one of the functions known here")
        terms = [self.term(argument, scope) for argument in arguments]
        _refuse_functions(terms)
        are_ranges = [term.is_block or term.area is not None for term in terms]
        calls_of = [term.evaluate for term in terms]

        def evaluate(cells: Cells) -> Any:
            values = [each(cells) for each in calls_of]
            return engine.call(
                name, [block(value) if ranged else value for value, ranged in zip(values, are_ranges, strict=True)]
            )

        how = together(terms)
        how["by_row"] = how["by_row"] or f"{name} is computed by the formula engine"
        return Term(evaluate, name in engine.GIVES_RANGES, **how)


def _takes_one(signature: Signature, index: int) -> bool:
    """Whether a function of the catalogue takes one value there and no range."""
    return index < len(signature.arguments) and signature.arguments[index].kind.broadcasts


def _gives_rows(signature: Signature, arguments: Sequence[Node]) -> bool:
    """Whether it is a function that gives rows, and no single value is chosen of them in so many words."""
    if not signature.columns:
        return False
    chosen = [
        argument.get("value")
        for argument in arguments[len(signature.arguments) - signature.choosing :]
        if argument["node_type"] == "Literal"
    ]
    return len(chosen) < signature.choosing or any(each in (0, ALL) for each in chosen)


def plain_name(name: str) -> str:
    """A function's name as people write it."""
    return name.upper().removeprefix("_XLFN.").removeprefix("_XLWS.").removeprefix("_XLFN.")


def _refuse_functions(terms: Sequence[Term]) -> None:
    if any(term.call is not None for term in terms):
        raise NotCompiledError("a LAMBDA stands where a value is expected")


def as_range(term: Term) -> Term:
    """A reference to one cell as a range of one."""
    if term.is_block or term.area is None:
        return term
    evaluate = term.evaluate
    return replace(term, evaluate=lambda cells: [[evaluate(cells)]], is_block=True)


def block(value: Any) -> list[list[Any]]:
    """A range as a list of rows."""
    return value.block if isinstance(value, LongRange) else value if isinstance(value, list) else [[value]]


def _builtin_call(name: str, known: Builtin, terms: list[Term]) -> Term:
    call = caller(name)
    how = together(terms)
    if known.by_row:
        how["by_row"] = how["by_row"] or f"{name} is computed row by row"
    if name in ("TODAY", "NOW"):
        how |= {"is_constant": False, "is_dynamic": True}
    over = [index for index, term in enumerate(terms) if term.is_block and not known.kind(index).is_range]
    calls_of = [term.evaluate for term in terms]
    if over:
        return Term(lambda cells: _over_ranges(call, [each(cells) for each in calls_of], over), True, **how)
    gives_range = known.by_row and name not in _GIVE_ONE
    if len(calls_of) == 1:
        (only,) = calls_of
        return Term(lambda cells: call(only(cells)), gives_range, **how)
    return Term(lambda cells: call(*(each(cells) for each in calls_of)), gives_range, **how)


_RANGES = (
    *("TRANSPOSE", "MMULT", "MINVERSE", "MUNIT", "FREQUENCY", "SEQUENCE", "UNIQUE", "SORT", "SORTBY", "FILTER"),
    *("TAKE", "DROP", "CHOOSEROWS", "CHOOSECOLS", "VSTACK", "HSTACK", "EXPAND", "TOCOL", "TOROW", "WRAPROWS"),
    *(
        "LINEST",
        "LOGEST",
        "TREND",
        "GROWTH",
        "WRAPCOLS",
        "MODE.MULT",
        "TEXTSPLIT",
        "MAP",
        "BYROW",
        "BYCOL",
        "REDUCE",
        "SCAN",
        "MAKEARRAY",
        "REGEXEXTRACT",
    ),
)
_GIVE_ONE = {name for name, known in BUILTINS.items() if known.by_row and name not in _RANGES}


def _over_ranges(call: Callable[..., Any], values: list[Any], over: list[int]) -> Any:
    """A function once for each cell of the ranges that stand where it takes one value; the others it takes whole."""
    given = list(values)

    def one(*cells: Any) -> Any:
        for index, cell in zip(over, cells, strict=True):
            given[index] = cell
        return single_of(call(*given))

    return by_cell(one, [values[index] for index in over])


def _once(key: Any, evaluate: Evaluate) -> Evaluate:
    """What is computed when it is first asked for, and then kept with the batch; a very long range is too much."""

    def kept(cells: Cells) -> Any:
        if key in cells:
            return cells[key]
        value = evaluate(cells)
        if not isinstance(value, LongRange) or value.is_short:
            cells[key] = value
        return value

    return kept


def _lazily(evaluate: Evaluate, cells: Cells) -> Callable[[], Any]:
    return lambda: evaluate(cells)


def _given(value: Any) -> Callable[[], Any]:
    return lambda: value

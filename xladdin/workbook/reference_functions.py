"""Functions that take or give references, and those that name parts of a formula: they see more than values.

Each is given the expressions, its arguments as trees and its scope. One that gives nothing leaves the call to the
function of the same name that takes values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from openpyxl.utils import get_column_letter

from xladdin.core.errors import NA, REF, VALUE, error
from xladdin.workbook import columns
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.long_range import LongRange
from xladdin.workbook.builtins.registry import block_of, caller, cells_of
from xladdin.workbook.file.sheet import reference_of
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area, NoReferenceError
from xladdin.workbook.terms import (
    Cells,
    Evaluate,
    NotCompiledError,
    Reference,
    Scope,
    Term,
    areas_of,
    constant,
    single_of,
    together,
)

if TYPE_CHECKING:
    from xladdin.workbook.expressions import Expressions

Node = Mapping[str, Any]
Special = Callable[["Expressions", Sequence[Node], Scope], Term | None]
_Special = TypeVar("_Special", bound=Special)
FUNCTIONS: dict[str, Special] = {}
_NULL = error("#NULL!")
_NO_NAME = error("#NAME?")


def special(*names: str) -> Callable[[_Special], _Special]:
    """Declare a function of trees."""

    def declare(function: _Special) -> _Special:
        FUNCTIONS.update(dict.fromkeys(names, function))
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


def combined(expressions: Expressions, sign: str, left: Node, right: Node, scope: Scope) -> Term:
    """The range from one reference to another, what two have in common, or both."""
    terms = [expressions.term(left, scope), expressions.term(right, scope)]
    if any(term.area is None and term.refer is None for term in terms):
        return next((term for term in terms if term.is_constant and _is_error(term)), constant(VALUE))
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


def _is_error(term: Term) -> bool:
    value = term.evaluate(Cells({}))
    return isinstance(value, float) and value != value


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


def _of_place(first: Callable[[Area], int], count: Callable[[Area], int], across: bool) -> Special:
    """ROW and COLUMN."""

    def compiled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
        if not arguments:
            here = Area(scope.here.sheet, scope.here.row, scope.here.column, scope.here.row, scope.here.column)
            return replace(constant(float(first(here))), is_local=True)
        term = refers(expressions, arguments[0], scope)
        refer = reference_of_term(term)

        def numbers(cells: Cells) -> Any:
            found = refer(cells)
            if not isinstance(found, Reference):
                return found
            area = found.areas[0]
            line = [float(first(area) + index) for index in range(count(area))]
            if len(line) == 1 or not scope.in_array:
                return line[0] if len(line) == 1 else [line] if across else [[number] for number in line]
            return [line] if across else [[number] for number in line]

        if term.area is not None:
            value = numbers(Cells({}))
            if isinstance(value, list) and not scope.in_array:
                value = float(first(term.area))
            return replace(constant(value, is_block=isinstance(value, list)), is_local=True)
        how = together([term]) | {"is_constant": False, "is_dynamic": True}
        return Term(numbers, True, **how)

    return compiled


special("ROW")(_of_place(lambda area: area.first_row, lambda area: area.last_row - area.first_row + 1, False))
special("COLUMN")(
    _of_place(lambda area: area.first_column, lambda area: area.last_column - area.first_column + 1, True)
)


def _size(length: Callable[[Area], int]) -> Special:
    """ROWS and COLUMNS; of an array they count its cells."""

    def compiled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term | None:
        if len(arguments) != 1:
            return None
        try:
            term = refers(expressions, arguments[0], scope)
        except NotCompiledError:
            return None
        if term.area is not None:
            return constant(float(length(term.area)))
        refer = reference_of_term(term)

        def evaluate(cells: Cells) -> Any:
            found = refer(cells)
            return float(length(found.areas[0])) if isinstance(found, Reference) else found

        return Term(evaluate, **(together([term]) | {"is_constant": False}))

    return compiled


special("ROWS")(_size(lambda area: area.last_row - area.first_row + 1))
special("COLUMNS")(_size(lambda area: area.last_column - area.first_column + 1))


def _asks_reference(name: str, answer: Callable[[Expressions, Reference, Scope], Any], without: Any = VALUE) -> None:
    """Declare a function of a reference alone, or of the formula's own cell where it is given none."""

    def compiled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
        here = Reference((_area_of_place(scope.here),))
        if not arguments:
            return replace(constant(answer(expressions, here, scope)), is_local=True)
        try:
            term = refers(expressions, arguments[0], scope)
        except NotCompiledError:
            return constant(without)
        refer = reference_of_term(term)

        def evaluate(cells: Cells) -> Any:
            found = refer(cells)
            return answer(expressions, found, scope) if isinstance(found, Reference) else without

        if term.area is not None:
            return replace(constant(evaluate(Cells({}))), is_local=True)
        return Term(evaluate, **(together([term]) | {"is_constant": False, "is_dynamic": True}))

    special(name)(compiled)


def _area_of_place(place: Place) -> Area:
    return Area(place.sheet, place.row, place.column, place.row, place.column)


def _first_place(reference: Reference) -> Place:
    area = reference.areas[0]
    return Place(area.sheet, area.first_row, area.first_column)


def _formula_text(expressions: Expressions, reference: Reference, scope: Scope) -> Any:
    place = _first_place(reference)
    model = expressions.resolver.model
    place = expressions.resolver.spilled.get(place, place)
    text = model.written.get(place) or model.formulas.get(place)
    if text is None:
        return NA
    text = text if text.startswith("=") else f"={text}"
    text = re.sub(r"_xlfn\.(_xlws\.)?|_xlpm\.", "", text)
    return f"{{{text}}}" if place in model.spills and place not in model.dynamic else text


_asks_reference("ISREF", lambda expressions, reference, scope: True, False)
_asks_reference(
    "ISFORMULA",
    lambda expressions, reference, scope: (
        _first_place(reference) in expressions.resolver.model.formulas
        or _first_place(reference) in expressions.resolver.spilled
    ),
)
_asks_reference("FORMULATEXT", _formula_text, NA)
_asks_reference("AREAS", lambda expressions, reference, scope: float(len(reference.areas)))


@special("SHEET")
def _sheet(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    titles = [title.casefold() for title in expressions.resolver.model.titles]

    def number(title: Any) -> float:
        return (
            float(titles.index(title.casefold()) + 1) if isinstance(title, str) and title.casefold() in titles else NA
        )

    if not arguments:
        return constant(number(scope.here.sheet))
    try:
        term = refers(expressions, arguments[0], scope)
    except NotCompiledError:
        term = expressions.single(arguments[0], scope)
        evaluate, guarded = term.evaluate, columns.through_errors(number)
        return Term(lambda cells: guarded(single_of(evaluate(cells))), **together([term]))
    if term.area is None:
        raise NotCompiledError("SHEET is asked for a reference that is known only when it is computed")
    return constant(number(term.area.sheet))


@special("SHEETS")
def _sheets(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not arguments:
        return constant(float(len(expressions.resolver.model.titles)))
    refer = reference_of_term(refers(expressions, arguments[0], scope))
    found = refer(Cells({}))
    return constant(float(len({area.sheet for area in areas_of(found)})))


@special("OFFSET")
def _offset(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not 3 <= len(arguments) <= 5:
        raise NotCompiledError("OFFSET takes 3 to 5 arguments")
    start = refers(expressions, arguments[0], scope)
    given = [expressions.single(argument, scope) for argument in arguments[1:]]
    refer, calls_of = reference_of_term(start), [term.evaluate for term in given]
    is_left_out = [argument["node_type"] == "Omitted" for argument in arguments[1:]]

    def moved(cells: Cells) -> Any:
        found = refer(cells)
        if not isinstance(found, Reference):
            return found
        values = [call(cells) for call in calls_of]
        if scope.in_array and any(isinstance(value, (list, LongRange)) for value in values):
            each = [one_of(found.areas[0], [*row]) for row in zip(*_alike(values), strict=True)]
            return Reference(tuple(area for one in each for area in areas_of(one)), is_each=True)
        return one_of(found.areas[0], [single_of(value) for value in values])

    def one_of(area: Area, given: list[Any]) -> Any:
        numbers = [columns.number(value) for value in given]
        bad = next((number for number in numbers if number != number), None)
        if bad is not None:
            return bad
        down, right = int(numbers[0]), int(numbers[1])
        height, width = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
        if len(numbers) > 2 and not is_left_out[2]:
            height = int(numbers[2])
        if len(numbers) > 3 and not is_left_out[3]:
            width = int(numbers[3])
        return _area_from(area.sheet, area.first_row + down, area.first_column + right, height, width)

    return expressions.reference(moved, [start, *given])


def _alike(values: list[Any]) -> list[list[Any]]:
    """The cells of arrays and values, each as often as there are in the largest."""
    cells = [list(cells_of(value)) for value in values]
    count = max(map(len, cells))
    return [each * count if len(each) == 1 else each + [NA] * (count - len(each)) for each in cells]


def _area_from(sheet: str, row: int, column: int, height: int, width: int) -> Any:
    if not height or not width:
        return REF
    top, bottom = sorted((row, row + height - int(math.copysign(1, height))))
    left, right = sorted((column, column + width - int(math.copysign(1, width))))
    if top < 1 or left < 1 or bottom > 1_048_576 or right > 16_384:
        return REF
    return Reference((Area(sheet, top, left, bottom, right),))


_R1C1 = re.compile(r"R(\[-?\d+\]|\d+)?C(\[-?\d+\]|\d+)?(?::R(\[-?\d+\]|\d+)?C(\[-?\d+\]|\d+)?)?", re.IGNORECASE)


@special("INDIRECT")
def _indirect(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not 1 <= len(arguments) <= 2:
        raise NotCompiledError("INDIRECT takes 1 to 2 arguments")
    given = [expressions.single(argument, scope.arrays(False)) for argument in arguments]
    calls_of = [term.evaluate for term in given]
    known: dict[tuple[str, bool], Any] = {}

    def refer(cells: Cells) -> Any:
        values = [single_of(call(cells)) for call in calls_of]
        bad = next((value for value in values if value is not None and value != value), None)
        if bad is not None:
            return bad
        is_a1 = len(values) < 2 or bool(columns.truth(values[1]))
        key = str(columns.text(values[0])), is_a1
        if key not in known:
            known[key] = _named_cells(expressions, *key, scope)
        return known[key]

    return expressions.reference(refer, given)


def _named_cells(expressions: Expressions, text: str, is_a1: bool, scope: Scope) -> Any:
    """The cells that a text names."""
    text = text.strip().removeprefix("=")
    if not is_a1:
        text = _as_a1(text, scope.here)
    try:
        text = expressions.resolver.model.without_tables(f"={text}", scope.here)[1:]
        target = expressions.resolver.resolve(text, replace(scope, seen=frozenset()))
    except (NoReferenceError, NotCompiledError, ValueError):
        return REF
    return target if isinstance(target, Reference) else REF


def _as_a1(text: str, here: Place) -> str:
    title, mark, cells = text.rpartition("!")
    found = _R1C1.fullmatch(cells)
    if not found:
        return "#REF!"

    def number(part: str | None, own: int) -> int:
        if not part:
            return own
        return own + int(part[1:-1]) if part.startswith("[") else int(part)

    first = reference_of((number(found[1], here.row), number(found[2], here.column)))
    if ":" not in cells:
        return f"{title}{mark}{first}"
    return f"{title}{mark}{first}:{reference_of((number(found[3], here.row), number(found[4], here.column)))}"


@special("INDEX")
def _index(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term | None:
    """INDEX as a reference; as one value of cells that are known it is left to the function of values."""
    if not 2 <= len(arguments) <= 4:
        return None
    before = set(expressions.reads)
    start = expressions.term(arguments[0], scope.arrays(True))
    given = [expressions.single(argument, scope) for argument in arguments[1:]]
    if start.area is None and start.refer is None:
        if any(_is_nothing(argument) for argument in arguments[1:]) and not any(term.is_block for term in given):
            return _rows_of(start, given)
        expressions.reads.clear()
        expressions.reads.update(before)
        return None
    area = start.area
    is_line = area is not None and (area.first_row == area.last_row or area.first_column == area.last_column)
    is_whole = any(_is_nothing(argument) for argument in arguments[1:]) and not (is_line and len(arguments) == 2)
    refer, calls_of = reference_of_term(start), [term.evaluate for term in given]

    def chosen(cells: Cells) -> Any:
        found = refer(cells)
        if not isinstance(found, Reference):
            return found
        numbers = [columns.number(single_of(call(cells))) for call in calls_of]
        return next((number for number in numbers if number != number), None) or _cell_of(found, numbers)

    if is_whole or start.refer is not None or len(arguments) == 4:
        reads = start.area and (start.area,)
        return expressions.reference(chosen, [start, *given], reads or ())
    if any(term.is_block for term in given) or start.by_row:
        if start.by_row and not any(term.is_block for term in given):
            return _index_of_long(expressions, start, given, chosen)
        return None
    call = caller("INDEX")
    whole = start.evaluate if start.is_block else lambda cells: [[start.evaluate(cells)]]
    how = together([start, *given])
    return Term(lambda cells: call(whole(cells), *(each(cells) for each in calls_of)), refer=chosen, **how)


def _index_of_long(expressions: Expressions, start: Term, given: list[Term], chosen: Evaluate) -> Term:
    """One cell of whole rows or columns: it alone is looked at."""

    def evaluate(cells: Cells) -> Any:
        found = chosen(cells)
        if not isinstance(found, Reference):
            return found
        return single_of(expressions.resolver.values(found.areas[0], cells))

    return Term(evaluate, refer=chosen, **(together([start, *given]) | {"is_constant": False}))


def _rows_of(start: Term, given: list[Term]) -> Term:
    """A whole row or column of an array."""
    whole, calls_of = start.evaluate, [term.evaluate for term in given]

    def evaluate(cells: Cells) -> Any:
        rows = [list(row) for row in block_of(whole(cells))]
        numbers = [int(columns.number(single_of(call(cells)))) for call in calls_of]
        down, across = numbers[0], numbers[1] if len(numbers) > 1 else 0
        if not 0 <= down <= len(rows) or not 0 <= across <= len(rows[0]):
            return REF
        found = [rows[down - 1]] if down else rows
        return [[row[across - 1]] for row in found] if across else found

    how = together([start, *given])
    how["by_row"] = how["by_row"] or "it takes a whole row or column of an array"
    return Term(evaluate, True, **how)


def _is_nothing(node: Node) -> bool:
    return bool(node["node_type"] == "Omitted" or (node["node_type"] == "Literal" and node["value"] == 0))


def _cell_of(reference: Reference, numbers: list[float]) -> Any:
    """The cell, row or column of a range by its numbers."""
    which = int(numbers[2]) if len(numbers) > 2 else 1
    if not 1 <= which <= len(reference.areas):
        return REF
    area = reference.areas[which - 1]
    height, width = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
    down, across = int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    if len(numbers) == 1 and height == 1:
        down, across = 1, down
    if not 0 <= down <= height or not 0 <= across <= width:
        return REF
    top, bottom = (area.first_row + down - 1,) * 2 if down else (area.first_row, area.last_row)
    left, right = (area.first_column + across - 1,) * 2 if across else (area.first_column, area.last_column)
    return Reference((Area(area.sheet, top, left, bottom, right),))


@special("SINGLE")
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


special("ANCHORARRAY")(spilled)

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
        if all(term.is_constant for term in terms) and (bad := next(filter(_is_error, terms), None)):
            return bad
        raise NotCompiledError("SUBTOTAL is given what is no reference")
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
        if len(found) == 1 and isinstance(found[0], Reference) and found[0].is_each:
            return [[totalled(cells, int(function), [Reference((area,))])] for area in found[0].areas]
        return totalled(cells, int(function), found)

    how = together([number, *terms]) | {"is_constant": False}
    value = columns.number(single_of(which(Cells({})))) if number.is_constant else 0.0
    if any(term.refer is not None for term in terms) or not number.is_constant or _needs_rows(int(value)):
        how["by_row"] = how["by_row"] or "SUBTOTAL is computed row by row"
    return Term(evaluate, scope.in_array and any(term.refer is not None for term in terms), **how)


def _needs_rows(function: int) -> bool:
    name = _AGGREGATES.get(function % 100)
    return name is None or bool(BUILTINS[name].by_row)


@special("AGGREGATE")
def _aggregate(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if len(arguments) < 3:
        raise NotCompiledError("AGGREGATE takes at least 3 arguments")
    numbers = [expressions.single(argument, scope) for argument in arguments[:2]]
    terms = [expressions.term(argument, scope.arrays(True)) for argument in arguments[2:]]
    calls_of = [term.evaluate for term in (*numbers, *terms)]
    refers_to = [reference_of_term(term) if term.area or term.refer else None for term in terms]
    model = expressions.resolver.model

    def evaluate(cells: Cells) -> Any:
        function, option = (int(columns.number(single_of(call(cells)))) for call in calls_of[:2])
        name = _AGGREGATES.get(function)
        if name is None or not 0 <= option <= 7:
            return VALUE
        has_rank = function >= 14
        members: list[Any] = []
        ranges = refers_to[:1] if has_rank else refers_to
        for refer, call in zip(ranges, calls_of[2:], strict=False):
            if refer is None:
                members += cells_of(call(cells))
                continue
            for area in areas_of(refer(cells)):
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

    how = together([*numbers, *terms]) | {"is_constant": False}
    how["by_row"] = how["by_row"] or "AGGREGATE is computed row by row"
    return Term(evaluate, **how)


@special("CELL")
def _cell(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if len(arguments) != 2:
        raise NotCompiledError("CELL is asked of the cell that was changed last")
    what = expressions.single(arguments[0], scope)
    if not what.is_constant:
        raise NotCompiledError("what CELL is asked is not written out")
    kind = str(columns.text(what.evaluate(Cells({})))).casefold()
    term = (
        expressions.term(arguments[1], scope)
        if kind in ("contents", "type")
        else refers(expressions, arguments[1], scope)
    )
    refer = reference_of_term(term)
    if kind not in ("address", "row", "col", "contents", "type"):
        raise NotCompiledError(f"CELL of {kind} is not known here")

    def evaluate(cells: Cells) -> Any:
        found = refer(cells)
        if not isinstance(found, Reference):
            return found
        place = _first_place(found)
        match kind:
            case "address":
                return f"${get_column_letter(place.column)}${place.row}"
            case "row":
                return float(place.row)
            case "col":
                return float(place.column)
        value = cells[place]
        if kind == "contents":
            return 0.0 if value is None else value
        return "b" if value is None else "l" if isinstance(value, str) else "v"

    how = together([term]) | {"is_constant": term.area is not None and kind in ("address", "row", "col")}
    how["by_row"] = how["by_row"] or "CELL is computed row by row"
    return Term(evaluate, **how)


@special("ADDRESS")
def _address(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not 2 <= len(arguments) <= 5:
        raise NotCompiledError("ADDRESS takes 2 to 5 arguments")
    terms = [expressions.single(argument, scope) for argument in arguments]
    calls_of = [term.evaluate for term in terms]
    is_left_out = [argument["node_type"] == "Omitted" for argument in arguments]

    def one(*values: Any) -> Any:
        numbers = [columns.number(value) for value in values[:2]]
        kind = columns.number(values[2]) if len(values) > 2 and not is_left_out[2] else 1.0
        bad = next((number for number in (*numbers, kind) if number != number), None)
        if bad is not None:
            return bad
        row, column = map(int, numbers)
        is_a1 = len(values) < 4 or is_left_out[3] or bool(columns.truth(values[3]))
        if not (1 <= row <= 1_048_576 and 1 <= column <= 16_384 and 1 <= kind <= 4):
            return VALUE
        letters, number = ("$" if kind in (1, 3) else "", "$" if kind in (1, 2) else "")
        text = f"{letters}{get_column_letter(column)}{number}{row}"
        if not is_a1:
            text = f"R{row}" if kind in (1, 2) else f"R[{row}]"
            text += f"C{column}" if kind in (1, 3) else f"C[{column}]"
        if len(values) < 5 or is_left_out[4]:
            return text
        sheet = columns.text(values[4])
        is_plain = not sheet or re.fullmatch(r"(\[[^\]]*\])?[A-Za-z_]\w*", sheet)
        quoted = sheet if is_plain else "'" + sheet.replace("'", "''") + "'"
        return f"{quoted}!{text}"

    from xladdin.workbook.expressions import lifted

    assert calls_of
    return lifted(lambda *values: columns.apply(one, *values), terms)


@special("XLOOKUP")
def _xlookup(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term | None:
    """XLOOKUP of a result with several columns and rows, of which it gives one whole."""
    if len(arguments) < 3:
        return None
    before = set(expressions.reads)
    result = expressions.term(arguments[2], scope.arrays(True))
    expressions.reads.clear()
    expressions.reads.update(before)
    if result.area is not None:
        is_line = 1 in result.area.shape
    else:
        rows = block_of(result.evaluate(Cells({}))) if result.is_constant else []
        is_line = not result.is_block or len(rows) == 1 or (bool(rows) and len(rows[0]) == 1)
    if is_line:
        return None
    term = expressions.builtin("XLOOKUP", arguments, scope)
    return replace(term, is_block=True, by_row=term.by_row or "it gives a whole row or column")


def _of_same_size(name: str) -> Special:
    """SUMIF and AVERAGEIF: the range of numbers is as large as that of the criteria, whatever it is written as."""

    def compiled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term | None:
        if len(arguments) != 3:
            return None
        before = set(expressions.reads)
        one, other = (expressions.term(arguments[index], scope).area for index in (0, 2))
        expressions.reads.clear()
        expressions.reads.update(before)
        if one is None or other is None or one.is_unbounded or one.shape == other.shape:
            return None
        resized = {"node_type": "Reference", "reference": other.of(*one.shape).written}
        call = {"node_type": "Function", "name": name, "args": [*arguments[:2], resized]}
        return expressions.term(call, scope)

    return compiled


special("SUMIF")(_of_same_size("SUMIF"))
special("AVERAGEIF")(_of_same_size("AVERAGEIF"))


# Names inside a formula


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
        return expressions.term(body, scope.with_names(dict(zip(keys, [*given, *missing], strict=True))))

    slots: list[Any] = [None] * len(keys)
    bound = {
        key: Term(lambda cells, index=index: slots[index], True, is_local=True)  # type: ignore[misc]
        for index, key in enumerate(keys)
    }
    inner = expressions.term(body, scope.arrays(True).with_names(bound))

    def evaluate(cells: Cells) -> Any:
        def of_values(*values: Any) -> Any:
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


@special("ISOMITTED")
def _isomitted(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    (argument,) = arguments
    term = expressions.term(argument, scope)
    return constant(bool(term.is_constant) and term.evaluate(Cells({})) is None)

"""Functions of where cells stand and what they are: ROW, CELL, ADDRESS and their kin."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from openpyxl.utils import get_column_letter

from xladdin.core.errors import NA, VALUE
from xladdin.workbook import columns
from xladdin.workbook.reference_functions.registry import (
    Expressions,
    Node,
    Special,
    first_place,
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
    areas_of,
    constant,
    lifted,
    single_of,
    together,
)


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
                return line[0]
            return [line] if across else [[number] for number in line]

        if term.area is not None:
            value = numbers(Cells({}))
            return replace(constant(value, is_block=isinstance(value, list)), is_local=True)
        how = together([term]) | {"is_constant": False, "is_dynamic": True}
        return Term(numbers, scope.in_array, **how)

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
    """Declare a function of a reference alone."""

    def compiled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
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


def _formula_text(expressions: Expressions, reference: Reference, scope: Scope) -> Any:
    place = first_place(reference)
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
        first_place(reference) in expressions.resolver.model.formulas
        or first_place(reference) in expressions.resolver.spilled
    ),
)
_asks_reference("FORMULATEXT", _formula_text, NA)
_asks_reference("AREAS", lambda expressions, reference, scope: float(len(reference.areas)))


def _of_first_cell(name: str) -> None:
    """Declare N or T, which looks at the first cell of a range alone."""

    def compiled(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term | None:
        if len(arguments) != 1 or arguments[0]["node_type"] != "Reference":
            return None
        area = expressions.term(arguments[0], scope).area
        if area is None or area.is_cell:
            return None
        first = {"node_type": "Reference", "reference": area.of(1, 1).written}
        return expressions.builtin(name, [first], scope)

    special(name)(compiled)


_of_first_cell("N")
_of_first_cell("T")


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
        place = first_place(found)
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

    assert calls_of
    return lifted(lambda *values: columns.apply(one, *values), terms)

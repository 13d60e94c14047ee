"""Functions that lead to cells: OFFSET, INDIRECT, INDEX, and those whose ranges are other than they are written."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openpyxl.utils import get_column_letter

from xladdin.core.errors import REF, VALUE
from xladdin.workbook import columns
from xladdin.workbook.builtins.registry import block_of, caller
from xladdin.workbook.place import Place
from xladdin.workbook.reference_functions.each import for_cells
from xladdin.workbook.reference_functions.registry import (
    Expressions,
    Node,
    Special,
    reference_of_term,
    refers,
    special,
)
from xladdin.workbook.references import Area, NoReferenceError
from xladdin.workbook.terms import (
    Cells,
    Evaluate,
    NotCompiledError,
    Reference,
    Scope,
    Term,
    single_of,
    together,
)


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
        return for_cells(lambda *given: one_of(found.areas[0], list(given)), values)

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

    return expressions.reference(moved, [start, *given], is_each=any(term.is_block for term in given))


def _area_from(sheet: str, row: int, column: int, height: int, width: int) -> Any:
    if not height or not width:
        return REF
    top, bottom = sorted((row, row + height - int(math.copysign(1, height))))
    left, right = sorted((column, column + width - int(math.copysign(1, width))))
    if top < 1 or left < 1 or bottom > 1_048_576 or right > 16_384:
        return REF
    return Reference((Area(sheet, top, left, bottom, right),))


_R1C1 = re.compile(r"(?P<row>R(\[-?\d+\]|\d+)?)?(?P<column>C(\[-?\d+\]|\d+)?)?", re.IGNORECASE)


@special("INDIRECT")
def _indirect(expressions: Expressions, arguments: Sequence[Node], scope: Scope) -> Term:
    if not 1 <= len(arguments) <= 2:
        raise NotCompiledError("INDIRECT takes 1 to 2 arguments")
    given = [expressions.single(argument, scope) for argument in arguments]
    calls_of = [term.evaluate for term in given]
    known: dict[tuple[str, bool], Any] = {}

    def one_of(*values: Any) -> Any:
        bad = next((value for value in values if value is not None and value != value), None)
        if bad is not None:
            return bad
        is_a1 = len(values) < 2 or bool(columns.truth(values[1]))
        key = str(columns.text(values[0])), is_a1
        if key not in known:
            known[key] = _named_cells(expressions, *key, scope)
        return known[key]

    return expressions.reference(
        lambda cells: for_cells(one_of, [call(cells) for call in calls_of]),
        given,
        is_each=any(term.is_block for term in given),
    )


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
    corners = [_corner(each, here) for each in cells.split(":")]
    if len(corners) == 1 and not (corners[0][:1].isalpha() and corners[0][-1:].isdigit()):
        corners *= 2  # a whole row or column
    return f"{title}{mark}{':'.join(corners)}"


def _corner(text: str, here: Place) -> str:
    """A cell, row or column by its numbers, or by how far it is away; nothing where it is none."""
    found = _R1C1.fullmatch(text)
    if not text or not found:
        return ""

    def number(part: str, own: int) -> int:
        if not part[1:]:
            return own
        return own + int(part[2:-1]) if part[1] == "[" else int(part[1:])

    row = number(found["row"], here.row) if found["row"] else None
    column = number(found["column"], here.column) if found["column"] else None
    if any(place is not None and not 1 <= place <= most for place, most in ((row, 1_048_576), (column, 16_384))):
        return ""
    return f"{get_column_letter(column) if column else ''}{row or ''}"


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
    is_whole = any(_is_nothing(argument) for argument in arguments[1:])
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


def _rows_of(start: Term, numbers: list[Term]) -> Term:
    """A whole row or column of an array."""
    whole, calls_of = start.evaluate, [term.evaluate for term in numbers]

    def evaluate(cells: Cells) -> Any:
        rows = [list(row) for row in block_of(whole(cells))]
        given = [columns.number(single_of(call(cells))) for call in calls_of]
        bad = next((number for number in given if number != number), None)
        if bad is not None:
            return bad
        down, across = int(given[0]), int(given[1]) if len(given) > 1 else 0
        if down < 0 or across < 0:
            return VALUE
        if down > len(rows) or across > len(rows[0]):
            return REF
        found = [rows[down - 1]] if down else rows
        return [[row[across - 1]] for row in found] if across else found

    how = together([start, *numbers])
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
    if down < 0 or across < 0:
        return VALUE
    if down > height or across > width:
        return REF
    top, bottom = (area.first_row + down - 1,) * 2 if down else (area.first_row, area.last_row)
    left, right = (area.first_column + across - 1,) * 2 if across else (area.first_column, area.last_column)
    return Reference((Area(area.sheet, top, left, bottom, right),))


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

"""What every template keeps to, checked on the built files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries
from support.template_texts import tokens

STRUCTURAL = {"INDEX", "MATCH", "ROUND", "ROUNDUP", "ROUNDDOWN", "LOOKUP", "XLOOKUP", "VLOOKUP", "LARGE", "SMALL"}
STRUCTURAL |= {"FIXED", "LEFT", "RIGHT", "MID", "DATE", "SEQUENCE", "CHOOSE", "LOG", "RANK"}
VOLATILE = {"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"}


def loose_numbers(formula: str) -> Iterator[str]:
    """The numbers other than 0 and 1 that are not arguments of a structural function."""
    calls: list[str] = []
    for token in tokens(formula):
        if token.type in (Token.FUNC, Token.PAREN, Token.ARRAY):
            if token.subtype == Token.OPEN:
                calls.append(token.value.rstrip("({").upper())
            elif token.subtype == Token.CLOSE:
                calls.pop()
        elif (
            token.type == Token.OPERAND
            and token.subtype == Token.NUMBER
            and float(token.value) not in (0, 1)
            and not (calls and calls[-1] in STRUCTURAL)
        ):
            yield token.value


def test_loose_numbers_are_found() -> None:
    assert list(loose_numbers("=A1*2")) == ["2"]
    assert list(loose_numbers("=IF(A1>0,ROUND(A1*1,2),-1)")) == []
    assert list(loose_numbers("=INDEX(A1:C3,(A1*3),2)")) == ["3"]


def test_no_constant_in_a_formula(built: Any) -> None:
    found = {place: list(loose_numbers(text_of(cell))) for place, cell in built.formula_cells()}
    assert not {place: numbers for place, numbers in found.items() if numbers}


def text_of(cell: Any) -> str:
    """A cell's formula, that of an array formula too."""
    return str(getattr(cell.value, "text", cell.value))


def test_no_volatile_function(built: Any) -> None:
    for place, cell in built.formula_cells():
        called = {token.value.rstrip("(").upper() for token in tokens(text_of(cell)) if token.type == Token.FUNC}
        assert not called & VOLATILE, place


def test_no_function_of_ours_straight_in_a_maximum(built: Any) -> None:
    """Calc leaves an error of ours out of a MAX or MIN, and makes FALSE of it in NOT; within SUM it keeps it."""
    losing = {"MAX", "MIN", "MAXA", "MINA", "NOT"}
    for place, cell in built.formula_cells():
        assert losing.isdisjoint(around_ours(text_of(cell))), place


def around_ours(formula: str) -> Iterator[str]:
    """The function that each of ours stands in; IF hands on what is in it."""
    calls: list[str] = []
    for token in tokens(formula):
        if token.type in (Token.FUNC, Token.PAREN, Token.ARRAY):
            if token.subtype == Token.OPEN:
                name = token.value.rstrip("({").upper()
                if name.startswith("LEV_"):
                    yield next((call for call in reversed(calls) if call not in ("", "IF")), "")
                calls.append(name)
            elif token.subtype == Token.CLOSE:
                calls.pop()


def test_what_is_around_ours_is_found() -> None:
    assert list(around_ours("=MAX(0,IF(A1>0,(LEV_SIZE(1,LEV_RATIO(2,1))-1),0))")) == ["MAX", "LEV_SIZE"]
    assert list(around_ours("=MAX(0,SUM(LEV_SIZE(1,2),-1))+LEV_SIZE(1,2)")) == ["SUM", ""]


def test_every_formula_has_a_value_and_none_is_an_error(built: Any) -> None:
    for place, cell in built.formula_cells():
        value = built.values[cell.parent.title][cell.coordinate].value
        assert value is not None, place
        assert not str(value).startswith("#"), (place, value)


def test_names(built: Any) -> None:
    """Each name is one cell, an unlocked value (an input) or a formula (an output), or a range of unlocked cells."""
    for name, defined in built.formulas.defined_names.items():
        if defined.hidden:
            continue  # where a list is, and by what its example is known
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
        title, _, reference = defined.attr_text.rpartition("!")
        left, top, right, bottom = range_boundaries(reference)
        sheet = built.formulas[title.strip("'")]
        if (left, top) == (right, bottom):
            cell = sheet.cell(top, left)
            assert (cell.data_type == "f") == cell.protection.locked, name
        else:
            block = sheet.iter_rows(top, bottom, left, right)
            assert not any(cell.protection.locked for row in block for cell in row), name

"""Calls and answers as Office.js writes them: rows, null for a blank or what is left out, an object for an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from support.vectors import LEFT_OUT
from xladdin.core import catalog

# The names of Office.js for the errors that are a cell's.
ERRORS = {
    "#NULL!": "Null",
    "#DIV/0!": "Div0",
    "#VALUE!": "Value",
    "#REF!": "Ref",
    "#NAME?": "Name",
    "#NUM!": "Num",
    "#N/A": "NotAvailable",
}
_TEXTS = {name: text for text, name in ERRORS.items()}


def as_office(function: str, arguments: Sequence[Any]) -> list[Any]:
    """The arguments of a call: every parameter has a place, a single cell is a block of one."""
    left_out = [LEFT_OUT] * (len(catalog.functions()[function].arguments) - len(arguments))
    return [None if given is LEFT_OUT else _rows(given) for given in (*arguments, *left_out)]


def from_office(answer: Any) -> Any:
    """An answer's rows with errors as their texts; what is no block of cells as it is."""
    return [[_text(cell) for cell in row] for row in answer] if isinstance(answer, list) else answer


def _rows(value: Any) -> list[list[Any]]:
    rows = value if isinstance(value, list) else [[value]]
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value in ERRORS:
        return {"type": "Error", "basicType": "Error", "basicValue": value, "errorType": ERRORS[value]}
    return value


def _text(cell: Any) -> Any:
    return _TEXTS[cell["errorType"]] if isinstance(cell, dict) and cell.get("type") == "Error" else cell

"""Inputs that were given and of which nothing in the workbook depends as the others are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model
from xladdin.workbook.place import Place


def idle(model: Model, values: Mapping[str, Any]) -> list[str]:
    """The inputs whose values change no cell: with the workbook's own in their place all comes out the same.

    Parameters
    ----------
    model : Model
        The workbook.
    values : mapping
        What was given, by the names of the inputs.

    Returns
    -------
    list of str
        The names, of those that were given another value than the workbook's own.
    """
    other = [name for name, value in values.items() if value is not None and value != model.inputs[name].default]
    rows = [values, *({name: value for name, value in values.items() if name != left_out} for left_out in other)]
    given, *without = compute(model, rows)
    return [name for name, found in zip(other, without, strict=True) if not _differs(model, name, given, found)]


def _differs(model: Model, name: str, one: Mapping[Place, Any], other: Mapping[Place, Any]) -> bool:
    """Whether any cell does but such as only show the input again."""
    shows = f"={name}".casefold()
    return any(one[place] != other[place] and model.formulas.get(place, "").casefold() != shows for place in one)

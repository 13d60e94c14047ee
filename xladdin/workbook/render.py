"""A model's values written into copies of its file: every formula stays, and has its value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xladdin.errors import UserError
from xladdin.workbook import package as packages
from xladdin.workbook.compute import Values, compute
from xladdin.workbook.model import Model


class Renderer:
    """A model split once at the cells that change, so that each copy of it costs little."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._slots = model.slots()
        self._layout = packages.Layout(model.package, (model.sheets[sheet] for sheet in self._slots))

    def render(self, inputs: Mapping[str, Any], values: Values) -> bytes:
        """The file with these inputs and the values that follow from them."""
        by_place = {item.place: inputs.get(name, item.default) for name, item in self._model.inputs.items()}
        cells = {(place.sheet, place.address): value for place, value in (by_place | values).items()}
        replaced = {}
        for sheet, (parts, slots) in self._slots.items():
            text = [parts[0]]
            for part, slot in zip(parts[1:], slots, strict=True):
                text += (slot.render(cells[sheet, slot.address]), part)
            replaced[self._model.sheets[sheet]] = packages.compress(b"".join(text))
        return self._layout.join(replaced)


def recalculate(model: Model, target: Path, inputs: Mapping[str, Any] | None = None) -> Values:
    """Compute every formula of a workbook and store the values, the formulas kept.

    Parameters
    ----------
    model : Model
        The workbook.
    target : Path
        Where the computed one is written; it may be the same file.
    inputs : mapping, optional
        Values by the name of the input, in place of those in the workbook.

    Returns
    -------
    dict
        The value of every formula cell.

    Raises
    ------
    UserError
        When the file can't be written.
    """
    given = dict(inputs or {})
    (values,) = compute(model, [given])
    write_whole(target, Renderer(model).render(given, values))
    return values


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UserError
        When it can't be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror or error}.") from None

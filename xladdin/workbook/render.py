"""A model's values written into copies of its file: every formula stays, and has its value."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xladdin.core.errors import UserError
from xladdin.core.series import shortened
from xladdin.core.suggestions import did_you_mean
from xladdin.workbook import columns, compute, oracle
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.file import chart, sheet
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.values import texts
from xladdin.workbook.file.writing import write_whole
from xladdin.workbook.model import Model, Place
from xladdin.workbook.references import Area

Slot = sheet.Slot | chart.Point
SplitPart = tuple[list[bytes], Sequence[tuple[Place, Slot]]]  # a part around cells that change, and these

_RECALCULATION = re.compile(rb'\s(fullCalcOnLoad|calcId|forceFullCalc)="[^"]*"')
_WORTH_A_SEGMENT = 1024  # bytes: below it they are compressed better with what is beside them
_CALC_ID = b' calcId="191029"'  # of Excel since 2019, which computes anew whatever an older one computed


@dataclass(frozen=True)
class _Part:
    """A part of the package around the cells that differ from report to report.

    What it starts and ends with is the same in all of them, whatever they are made together with: so are the bytes.
    """

    start: packages.Segment
    pieces: Sequence[bytes]
    slots: Sequence[tuple[Place, Slot]]
    end: packages.Segment


class Renderer:
    """A compiled workbook split once at the cells that change, so that each copy of it costs little."""

    def __init__(self, plan: Plan, known: Mapping[Place, Any] | None = None) -> None:
        """Split a workbook; of cells that are computed elsewhere the values may be given, with what depends on them."""
        package = computed(plan.model)
        constants = {**plan.constants, **oracle.kept(plan, plan.constants), **(known or {})}
        varying = {place for place, _ in plan.steps} | set(plan.fallbacks) | plan.inputs
        self._parts: dict[str, _Part] = {}
        for name, (pieces, slots) in split_parts(plan, _changing(plan)).items():
            places = [index for index, (place, _) in enumerate(slots) if place in varying]
            if places:
                self._parts[name] = _part(pieces, slots, constants, places[0], places[-1] + 1)
            elif slots:
                text = _filled(pieces, slots, constants)
                package = replace(package, members=package.members | {name: packages.compress(text)})
        self._layout = packages.Layout(package, list(self._parts))

    def render(self, cells: Mapping[Place, Column], count: int) -> Iterator[bytes]:
        """The file of each row of a batch."""
        parts = [_members(part, cells, count) for part in self._parts.values()]
        for members in zip(*parts, strict=True) if parts else [()] * count:
            yield self._packed(members)

    def _packed(self, members: Sequence[packages.Member]) -> bytes:
        """The file with these members in the place of the parts that change."""
        return self._layout.join(dict(zip(self._parts, members, strict=True)))


def text_of_part(pieces: Sequence[bytes], slots: Sequence[tuple[Place, Slot]], cells: Mapping[Place, Column]) -> bytes:
    """The text of a part around cells that change, for a single row."""
    return next(_joined(*_around(pieces, slots, cells), 1))


def _changing(plan: Plan) -> set[Place]:
    """The cells whose values are written: inputs, and what formulas give."""
    return {item.place for item in plan.model.inputs.values()} | set(plan.model.value_places())


def split_parts(plan: Plan, changing: set[Place]) -> dict[str, SplitPart]:
    """Each part of the package that changes, split at its slots."""
    model = plan.model
    found: dict[str, SplitPart] = {}
    by_sheet: dict[str, set[tuple[int, int]]] = {title: set() for title in model.sheets}
    for place in changing:
        by_sheet[place.sheet].add(place.address)
    for title, addresses in by_sheet.items():
        part = model.sheets[title]
        inputs = {item.place.address for item in model.inputs.values() if item.place.sheet == title}
        pieces, slots = sheet.split(sheet.with_cells(model.package.read(part), inputs), addresses)
        found[part] = pieces, [(Place(title, *slot.address), slot) for slot in slots]
    for part in model.package.members:
        if part.startswith("xl/charts/chart") and part.endswith(".xml"):
            pieces, points = chart.split(model.package.read(part), lambda area: _touches(area, by_sheet))
            found[part] = pieces, [(Place(point.sheet, *point.address), point) for point in points]
    return found


def _touches(area: Area, by_sheet: Mapping[str, set[tuple[int, int]]]) -> bool:
    return any(
        area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column
        for row, column in by_sheet.get(area.sheet, ())
    )


def computed(model: Model) -> Package:
    """The workbook without the order to compute everything on opening, where it has functions of ours: a machine
    without them would show #NAME? in the place of values. Any other may compute itself anew."""
    formulas = itertools.chain(model.formulas.values(), model.names.values())
    if not any("LEV_" in formula.upper() for formula in formulas):
        return model.package
    return packages.with_part(model.package, "xl/workbook.xml", _without_order)


def _without_order(workbook: bytes) -> bytes:
    return re.sub(
        rb"<((?:\w+:)?calcPr)\b([^>]*?)(/?)>",
        lambda match: b"<" + match[1] + _CALC_ID + _RECALCULATION.sub(b"", match[2]) + match[3] + b">",
        workbook,
    )


def _around(
    pieces: Sequence[bytes], slots: Sequence[tuple[Place, Slot]], cells: Mapping[Place, Column]
) -> tuple[list[bytes], list[Sequence[bytes]]]:
    """A part as what all rows share, joined once, and between that what differs from row to row."""
    shared: list[list[bytes]] = [[pieces[0]]]
    varying: list[Sequence[bytes]] = []
    for (place, slot), piece in zip(slots, pieces[1:], strict=True):
        column = cells.get(place)
        if not isinstance(column, np.ndarray):
            shared[-1] += (slot.render(column), piece)
            continue
        kind, values = texts(column, slot)
        if kind:
            shared[-1].append(slot.opening(kind))
            shared.append([slot.closing(kind), piece])
        else:
            shared.append([piece])
        varying.append(values)
    return [b"".join(each) for each in shared], varying


def _part(
    pieces: Sequence[bytes],
    slots: Sequence[tuple[Place, Slot]],
    constants: Mapping[Place, Column],
    first: int,
    stop: int,
) -> _Part:
    """A part of which the slots before the first and from the stop on have their values."""
    before = _filled(pieces[: first + 1], slots[:first], constants)
    after = _filled(pieces[stop:], slots[stop:], constants)
    start, end = (packages.segment(text if len(text) >= _WORTH_A_SEGMENT else b"") for text in (before, after))
    inner = [before[len(start.text) :], *pieces[first + 1 : stop], after[len(end.text) :]]
    return _Part(start, inner, slots[first:stop], end)


def _filled(pieces: Sequence[bytes], slots: Sequence[tuple[Place, Slot]], constants: Mapping[Place, Column]) -> bytes:
    """The text of a part, or some of it, that is the same in all reports."""
    ((text,), _) = _around(pieces, slots, constants)
    return text


def _members(part: _Part, cells: Mapping[Place, Column], count: int) -> Iterator[packages.Member]:
    """A part for each row."""
    for text in _joined(*_around(part.pieces, part.slots, cells), count):
        yield packages.compress_between(part.start, text, part.end)


def _joined(shared: list[bytes], varying: list[Sequence[bytes]], count: int) -> Iterator[bytes]:
    text: list[bytes] = [b""] * (2 * len(shared) - 1)
    text[::2] = shared
    for row in zip(*varying, strict=True) if varying else [()] * count:
        text[1::2] = row
        yield b"".join(text)


def recalculate(
    model: Model, target: str | Path, inputs: Mapping[str, Any] | None = None, others: Mapping[Place, Any] | None = None
) -> dict[Place, Any]:
    """Compute every formula of a workbook and store the values, the formulas kept.

    A value that is stored already is kept where ours is an error and nothing that it depends on has changed.

    Parameters
    ----------
    model : Model
        The workbook.
    target : str or Path
        Where the computed one is written; it may be the same file.
    inputs : mapping, optional
        Values by the name of the input, in place of those in the workbook.
    others : mapping, optional
        The values of cells that another spreadsheet has computed.

    Returns
    -------
    dict
        The value of every formula cell.

    Raises
    ------
    UserError
        When an input is none of the workbook's, or the file can't be written.
    """
    if not isinstance(model, Model):
        raise TypeError(f"recalculate takes what read_model gives, not {shortened(model)}")
    if unknown := [name for name in inputs or {} if name not in model.inputs]:
        near = did_you_mean(unknown[0], model.inputs)
        inputs_are = ", ".join(model.inputs)
        raise UserError(f"{model.path.name} has no input {', '.join(unknown)}{near}; its inputs are {inputs_are}.")
    plan = compile_model(model)
    given = {name: columns.from_cell(value, model.epoch) for name, value in (inputs or {}).items()}
    cells = compute.evaluate(compile_model(model.with_values(others)) if others else plan, given, 1)
    changed = {model.inputs[name].place for name in given}
    cells |= {place: value for place, value in oracle.kept(plan, cells, changed).items() if place not in (others or {})}
    (data,) = Renderer(plan, cells if others else None).render(cells, 1)
    write_whole(Path(target), data)
    return {place: columns.to_cell(next(iter(columns.elements(cells[place], 1)))) for place in model.value_places()}

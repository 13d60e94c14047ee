"""A workbook as its own test: what its formulas gave when it was saved, against what we make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xladdin.core.errors import CODES
from xladdin.workbook import columns, compute
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.links import refers_elsewhere
from xladdin.workbook.model import Model, Place
from xladdin.workbook.references import Area

TOLERANCE = 1e-9  # relative: spreadsheets add and raise in other orders
_VOLATILE = re.compile(r"\b(RAND|RANDBETWEEN|RANDARRAY|NOW|TODAY|INFO|CELL)\s*\(", re.IGNORECASE)
_FUNCTION = re.compile(r"([A-Z][A-Z0-9.]*)\(")
_LISTED = 20  # cells that are named one by one
_LONGEST = 120  # characters of a formula that is quoted


@dataclass(frozen=True)
class Difference:
    """A formula's cell whose value is not the stored one."""

    place: Place
    formula: str
    stored: Any
    ours: Any
    reason: str = ""  # why it can't be computed

    @property
    def functions(self) -> list[str]:
        """The functions in the formula."""
        return list(dict.fromkeys(_FUNCTION.findall(self.formula.upper().replace("_XLFN.", "").replace("_XLWS.", ""))))

    @property
    def line(self) -> str:
        """It in a line: where, what is stored, what we compute, the formula."""
        ours = f"can't be computed here ({self.reason})" if self.reason else f"is {_shown(self.ours)} here"
        formula = self.formula if len(self.formula) <= _LONGEST else f"{self.formula[:_LONGEST]}…"
        return f"{self.place.reference} holds {_shown(self.stored)} and {ours}: {formula}"


@dataclass
class Comparison:
    """All formulas of a workbook against their stored values.

    Attributes
    ----------
    equal : int
        How many are as stored.
    differences : list
        Those that are not.
    elsewhere : int
        How many of all are computed by another spreadsheet.
    volatile, linked : int
        How many differ because they change by themselves, or look into other workbooks.
    unsaved : int
        How many have no stored value.
    """

    model: Model
    equal: int = 0
    differences: list[Difference] = field(default_factory=list)
    elsewhere: int = 0
    volatile: int = 0
    linked: int = 0
    unsaved: int = 0

    @property
    def places(self) -> set[Place]:
        """The cells that differ."""
        return {each.place for each in self.differences}

    def lines(self) -> list[str]:
        """What a person is told."""
        checked = self.equal + len(self.differences)
        lines = [
            f"{self.model.path.name}: of {checked:,} formulas with a stored value {self.equal:,} are computed as "
            f"stored, {len(self.differences):,} are not."
        ]
        apart = [
            (self.volatile, "change by themselves"),
            (self.linked, "look into other workbooks"),
            (self.unsaved, "have no stored value"),
        ]
        lines += [f"{count:,} {what} and are not compared." for count, what in apart if count]
        if self.elsewhere:
            lines.append(f"{self.elsewhere:,} that can't be computed here are computed by LibreOffice.")
        lines += [each.line for each in self.differences[:_LISTED]]
        if len(self.differences) > _LISTED:
            lines.append(f"… and {len(self.differences) - _LISTED:,} more.")
        return lines


def compared(
    model: Model, cells: Mapping[Place, Any] | None = None, others: Mapping[Place, Any] | None = None
) -> Comparison:
    """Compute a workbook on its own inputs and compare each formula with what is stored of it.

    Parameters
    ----------
    model : Model
        The workbook.
    cells : mapping, optional
        Its computed cells where they are at hand.
    others : mapping, optional
        The values of cells that another spreadsheet has computed.
    """
    plan = compile_model(model)
    others = others or {}
    if cells is None:
        cells = compute.evaluate(compile_model(model.with_values(others)) if others else plan, {}, 1)
    found = Comparison(model, elsewhere=len(others))
    aside = apart(plan)
    for place in model.value_places():
        if place not in model.stored:
            found.unsaved += 1
            continue
        stored = columns.to_cell(columns.from_cell(model.stored[place], model.epoch))
        ours = columns.to_cell(columns.full(cells.get(place), 1).tolist()[0])
        reason = "" if place in others else plan.uncomputed.get(place, "")
        if not reason and agree(ours, stored):
            found.equal += 1
        elif place in aside["volatile"]:
            found.volatile += 1
        elif place in aside["linked"]:
            found.linked += 1
        else:
            formula = model.formulas.get(place, "part of an array formula")
            found.differences.append(Difference(place, formula, stored, ours, reason))
    return found


def agree(ours: Any, stored: Any) -> bool:
    """Whether two values are the same for a person."""
    if type(ours) is bool or type(stored) is bool:
        return ours is stored
    if isinstance(ours, float) and isinstance(stored, float):
        return ours == stored or abs(ours - stored) <= TOLERANCE * max(abs(ours), abs(stored))
    return bool(ours == stored)


def apart(plan: Plan) -> dict[str, set[Place]]:
    """The cells that change by themselves or look into other workbooks, and what depends on them."""
    model = plan.model
    volatile = {place for place, formula in model.formulas.items() if _VOLATILE.search(formula)}
    linked = {place for place, formula in model.formulas.items() if "[" in formula and refers_elsewhere(formula)}
    return {"volatile": dependents(plan, volatile), "linked": dependents(plan, linked)}


def dependents(plan: Plan, changed: Iterable[Place]) -> set[Place]:
    """Cells, and all formulas that depend on them."""
    found = set(changed)
    if not found:
        return found
    users: dict[Place | Area, list[Place | Area]] = {}
    for place, areas in plan.reads.items():
        for area in areas:
            users.setdefault(area, []).append(place)
    for area, members in plan.members.items():
        for member in members:
            users.setdefault(member, []).append(area)
    seen: set[Place | Area] = set(found)
    waiting = list(seen)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in seen:
                seen.add(user)
                waiting.append(user)
    found = {place for place in seen if isinstance(place, Place)}
    for anchor, (height, width) in plan.model.spills.items():
        if anchor in found:
            found |= {
                Place(anchor.sheet, anchor.row + row, anchor.column + column)
                for row in range(height)
                for column in range(width)
            }
    return found


def doubtful_results(model: Model, others: Mapping[Place, str] | None = None) -> dict[str, Difference]:
    """The results that are not computed as stored, or depend on a cell that is not: for each the cell.

    Parameters
    ----------
    model : Model
        The workbook.
    others : mapping, optional
        Cells that are results too, with what they are called.
    """
    comparison = compared(model)
    found: dict[str, Difference] = {}
    places = {**(others or {}), **{output.place: name for name, output in model.outputs.items()}}
    plan = compile_model(model)
    for difference in comparison.differences:
        for place in dependents(plan, {difference.place}) & set(places):
            found.setdefault(places[place], difference)
    return found


def kept(plan: Plan, cells: Mapping[Place, Any], changed: Iterable[Place] = ()) -> dict[Place, Any]:
    """The stored values that stand in the place of errors of ours, where nothing that they depend on has changed."""
    touched = dependents(plan, changed)
    found = {}
    for place, stored in plan.model.stored.items():
        if place in touched or place not in cells or stored in CODES:
            continue
        ours = cells[place]
        if place in plan.uncomputed or (isinstance(ours, float) and ours != ours):
            found[place] = columns.from_cell(stored, plan.model.epoch)
    return found


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) and value not in CODES else columns.text(columns.from_cell(value))
    return str(columns.to_cell(text))[:60]

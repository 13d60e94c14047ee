"""What is said of a template that refers to other workbooks: whose values are used, and where there are none."""

from __future__ import annotations

from xladdin.reports.remarks import Doubt
from xladdin.workbook.links import refers_elsewhere
from xladdin.workbook.model import Model


def linked_lines(model: Model) -> list[str]:
    """A line for each formula and name that refers to another workbook."""
    return [
        f"{where}: it refers to another workbook, of which "
        f"{'the stored values are used' if is_stored else 'no value is stored'}: {model.links.shown(formula)}"
        for where, formula, is_stored in _linked(model)
    ]


def linked_remarks(model: Model) -> list[str]:
    """One sentence where there are any."""
    found = _linked(model)
    if not found:
        return []
    places = "1 place" if len(found) == 1 else f"{len(found)} places"
    without = sum(not is_stored for *_, is_stored in found)
    lack = f", {without} of which have none and give #REF!" if without else ""
    return [
        Doubt(
            f"{model.path.name} refers to other workbooks in {places}, {found[0][0]} first, and is computed with the "
            f"values that it has stored of them{lack}."
        )
    ]


def _linked(model: Model) -> list[tuple[str, str, bool]]:
    """Where it is, the formula, and whether values are stored of all that it refers to."""
    formulas = {place.reference: text for place, text in sorted(model.formulas.items())}
    formulas |= {f"the name {name}": f"={text}" for name, text in model.names.items()}
    return [
        (where, formula, not refers_elsewhere(model.links.stored(formula)))
        for where, formula in formulas.items()
        if refers_elsewhere(formula)
    ]

"""Values that are given by hand, for one workbook or for every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xladdin.core.errors import UserError, quoted
from xladdin.reports import values
from xladdin.reports.matching import concept, plain
from xladdin.templates.suggestions import did_you_mean
from xladdin.workbook.model import Model


def settings(model: Model, given: Sequence[str]) -> dict[str, Any]:
    """Inputs written as NAME=VALUE.

    Raises
    ------
    UserError
        When one is written otherwise, names no input, or has a value that the workbook does not allow.
    """
    by_concept = {concept(name): name for name in reversed(model.inputs)}
    names = by_concept | {plain(name): name for name in model.inputs}
    found: dict[str, Any] = {}
    for text in given:
        name, equals, raw = text.partition("=")
        if not equals or not (plain(name) in names or concept(name) in names):
            raise UserError(
                f"--set {quoted(text)} names no input of {model.path.name}{did_you_mean(name, model.inputs)}; "
                f"the inputs are {', '.join(model.inputs)}."
            )
        item = model.inputs[names.get(plain(name)) or names[concept(name)]]
        if not raw.strip():
            if item.required or not (item.rule is None or item.rule.admits(None)):
                raise UserError(f"--set {quoted(text)}: found {quoted(raw)}; {values.allowed(item)}.")
            found[item.name] = None
            continue
        value = values.value_of(item, raw)
        if value is None:
            raise UserError(f"--set {quoted(text)}: found {quoted(raw)}; {values.allowed(item)}.")
        found[item.name] = value
    return found

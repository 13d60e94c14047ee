"""What a template gives for sets of inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model


def results(model: Model, sets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The outputs for each set of inputs, all computed in one call: many sets take no longer than one."""
    return [{name: values[output.place] for name, output in model.outputs.items()} for values in compute(model, sets)]


def result(model: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs for one set of inputs."""
    (found,) = results(model, [given])
    return found

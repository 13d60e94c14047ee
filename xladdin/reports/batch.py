"""A batch of reports: what one worker makes at a time, wherever it runs."""

from __future__ import annotations

import functools
import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from xladdin.reports import destinations
from xladdin.reports.failures import failures
from xladdin.workbook import columns, compute, oracle
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.file import budget
from xladdin.workbook.model import Place, read_model
from xladdin.workbook.render import Renderer

SIZE = 1000  # reports: enough that starting a batch costs nothing beside it, and few enough to stay in memory


@dataclass(frozen=True)
class Template:
    """A workbook file as it travels to workers, which may be on other machines."""

    name: str
    data: bytes
    largest: int = budget.DEFAULT.size  # what it may be unpacked

    @functools.cached_property
    def digest(self) -> str:
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()


@dataclass(frozen=True)
class Batch:
    """Rows to make reports of: the name of each file, and each input's column; and whether the folder is there."""

    template: Template
    place: str
    files: list[str]
    inputs: dict[str, Column]
    is_there: bool = False


class Made(NamedTuple):
    """For each report of a batch, the values of the template's outputs in their order, and what is wrong with it."""

    results: list[list[Any]]
    failures: list[str]


def make(batch: Batch) -> Made:
    """Make the reports of a batch.

    Returns
    -------
    Made
        What is noted of each report.

    Raises
    ------
    UserError
        When a file can't be written.
    """
    with budget.allowed(batch.template.largest):
        return _made(batch)


def _made(batch: Batch) -> Made:
    plan, renderer, places = _prepared(batch.template)
    count = len(batch.files)
    if not count:
        return Made([], [])
    cells = compute.evaluate(plan, batch.inputs, count)
    temporary = uuid.uuid4().hex
    for name, data in zip(batch.files, renderer.render(cells, count), strict=True):
        destinations.write(batch.place, name, data, temporary, is_there=batch.is_there)
    results = [columns.to_cells(cells[output.place], count) for output in plan.model.outputs.values()]
    rows = [list(row) for row in zip(*results, strict=True)] if results else [[] for _ in range(count)]
    return Made(rows, failures(plan.model, cells, count, places))


_LATEST: dict[str, tuple[Plan, Renderer, list[Place]]] = {}


def _prepared(template: Template) -> tuple[Plan, Renderer, list[Place]]:
    """The compiled template, and its cells that may be errors, kept for the batches that follow in this process."""
    if template.digest not in _LATEST:
        plan = compile_model(read_model(Path(template.name), template.data))
        _LATEST.clear()
        stored = oracle.kept(plan, plan.constants)
        places = [place for place in plan.model.value_places() if place not in stored]
        _LATEST[template.digest] = plan, Renderer(plan), places
    return _LATEST[template.digest]

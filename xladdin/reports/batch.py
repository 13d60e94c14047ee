"""A batch of reports: what one worker makes at a time, wherever it runs."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xladdin.reports import destinations
from xladdin.reports.failures import failures
from xladdin.workbook import columns, compute, oracle
from xladdin.workbook.columns import Column
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.file import budget
from xladdin.workbook.file.package import compressor
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import Renderer
from xladdin.workbook.values_only import values_only

if TYPE_CHECKING:
    from xladdin.reports.group_batch import GroupBatch

SIZE = 1000  # reports: enough that starting a batch costs nothing beside it, and few enough to stay in memory


@dataclass(frozen=True)
class Template:
    """A workbook file as it travels to workers, which may be on other machines: where it was, and what it holds."""

    name: str
    data: bytes
    largest: int = budget.DEFAULT.size  # what it may be unpacked
    is_values: bool = False  # whether what is made of it has values in the place of formulas

    @functools.cached_property
    def digest(self) -> str:
        return hashlib.blake2b(self.data + (b"values" if self.is_values else b""), digest_size=16).hexdigest()

    def finished(self, data: bytes) -> bytes:
        """A report's file as it is to be."""
        return values_only(data, Path(self.name).name) if self.is_values else data


@dataclass(frozen=True)
class Batch:
    """Rows to make reports of: the name of each file, and each input's column; and whether the folder is there."""

    template: Template
    place: str
    files: list[str]
    inputs: dict[str, Column]
    is_there: bool = False

    def failures(self) -> list[str]:
        """What would be wrong with each report, none of which is made."""
        plan, count = plan_of(self.template), len(self.files)
        return failures(plan.model, compute.evaluate(plan, self.inputs, count), count, _places(self.template))

    def made(self) -> Made:
        """Make the reports."""
        plan, count = plan_of(self.template), len(self.files)
        if not count:
            return Made([], [], [], [columns.full(None, 0)] * len(plan.model.outputs))
        cells = compute.evaluate(plan, self.inputs, count)
        sizes, checksums = [], []

        def files() -> Iterator[tuple[str, bytes]]:
            for name, rendered in zip(self.files, _renderer(self.template).render(cells, count), strict=True):
                data = self.template.finished(rendered)
                sizes.append(len(data))
                checksums.append(checksum(data))
                yield name, data

        destinations.write_all(self.place, files(), is_there=self.is_there)
        results = [columns.full(cells[output.place], count) for output in plan.model.outputs.values()]
        return Made(sizes, checksums, failures(plan.model, cells, count, _places(self.template)), results)


@dataclass(frozen=True)
class Made:
    """The reports of a batch: the bytes of each and their checksum, what is wrong with it, and the template's outputs,
    a column each.
    """

    sizes: list[int]
    checksums: list[str]
    failures: list[str]
    results: list[Column]


@dataclass(frozen=True)
class Work:
    """A batch with the numbers, lines and hashes of its rows, what each is known by, and how many of the table's rows
    are done when it is.
    """

    numbers: list[int]
    lines: list[int]
    hashes: list[str]
    from_template: list[str]
    known_by: list[tuple[Any, ...]]
    batch: Batch | GroupBatch
    passed: int


def make(batch: Batch | GroupBatch) -> Made:
    """Make the reports of a batch.

    Raises
    ------
    UserError
        When a file can't be written.
    """
    with budget.allowed(batch.template.largest):
        return batch.made()


def make_work(work: Work) -> Made:
    """Make the reports of a batch with what is known of its rows; a worker needs no more than this module for it."""
    return make(work.batch)


def checksum(data: bytes) -> str:
    """What tells a file from one that was cut or changed: CRC-32, which costs next to nothing beside any other."""
    return f"{compressor.crc32(data):08x}"


@functools.lru_cache(maxsize=2)  # a run may begin with another than it makes
def plan_of(template: Template) -> Plan:
    """The compiled template, kept for the batches that follow in this process."""
    return compile_model(read_model(Path(template.name), template.data))


@functools.lru_cache(maxsize=1)
def _renderer(template: Template) -> Renderer:
    return Renderer(plan_of(template))


@functools.lru_cache(maxsize=1)
def _places(template: Template) -> list[Place]:
    """The cells that may be errors."""
    plan = plan_of(template)
    stored = oracle.kept(plan, plan.constants)
    return [place for place in plan.model.value_places() if place not in stored]

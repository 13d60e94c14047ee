"""A workbook with an Excel table written out: its rows after the pattern of one, everything else as its values are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np

from xladdin.workbook import render
from xladdin.workbook.compiler import Cells
from xladdin.workbook.file import package as packages
from xladdin.workbook.file import rows
from xladdin.workbook.file.rows import Pattern
from xladdin.workbook.file.sheet import cell_spans, row_spans
from xladdin.workbook.place import Place
from xladdin.workbook.render import SplitPart
from xladdin.workbook.table.plan import TablePlan, Whole

_BATCH = 1024  # rows: a few megabytes of text
_Beside = dict[int, tuple[bytes, bytes]]  # by row, the cells before the table's and those after


@dataclass(frozen=True)
class _Sheet:
    """The table's sheet: what is above and below the rows, split at the cells that change, and the rows' pattern."""

    above: SplitPart
    pattern: Pattern
    below: SplitPart


class TableWriter:
    """A compiled workbook with a table, split once at the cells that change, so that each copy of it costs little."""

    def __init__(self, plan: TablePlan, inputs: Iterable[Place] = ()) -> None:
        """Split a workbook.

        Parameters
        ----------
        plan : TablePlan
            The compiled workbook.
        inputs : iterable of Place
            The single cells that are filled in beside the table.
        """
        self._plan = plan
        self._own = plan.model.sheets[plan.table.sheet]
        places = {place for place in plan.model.value_places() if not plan.in_rows(place)} | set(inputs)
        self._parts = {name: part for name, part in render.split_parts(plan, places).items() if part[1]}
        self._whole = self._parts.pop(self._own, None)
        self._sheet = _around_rows(plan, self._whole)
        self._package = render.computed(plan.model)
        self._layout = packages.Layout(self._package, [*self._parts, self._own])

    def write(self, file: BinaryIO, cells: Cells, count: int) -> None:
        """Write the workbook with the values of its cells, as `plan.evaluate` gives them; its rows as a stream.

        Raises
        ------
        ValueError
            When the table's sheet grows beyond what a workbook file holds (4 GB).
        """
        package = replace(self._package, members=self._package.members | self._members(cells))
        packages.write_stream(file, package, {self._own: self._text(cells, count)})

    def file(self, cells: Cells, count: int) -> bytes:
        """The workbook with the values of its cells, which fit the memory."""
        own = packages.compress(b"".join(self._text(cells, count)))
        return self._layout.join(self._members(cells) | {self._own: own})

    def _members(self, cells: Cells) -> dict[str, packages.Member]:
        return {name: packages.compress(render.text_of_part(*part, cells)) for name, part in self._parts.items()}

    def _text(self, cells: Cells, count: int) -> Iterator[bytes]:
        if self._sheet is not None:
            yield render.text_of_part(*self._sheet.above, cells)
            yield from _rows(self._plan, self._sheet.pattern, cells, count, {})
            yield render.text_of_part(*self._sheet.below, cells)
        else:
            own = render.text_of_part(*self._whole, cells) if self._whole else self._package.read(self._own)
            yield from _sheet_with_cells_beside(own, self._plan, cells, count)


def _around_rows(plan: TablePlan, whole: SplitPart | None) -> _Sheet | None:
    """The table's sheet around its rows, or nothing where single cells stand beside them: these differ with values."""
    xml = plan.model.package.read(plan.model.sheets[plan.table.sheet])
    pieces, slots = whole or ([xml], [])
    table = plan.table
    beside, end = _cells_beside(xml, plan)
    if beside or not end or any(table.first_row <= place.row <= table.last_row for place, _ in slots):
        return None
    before = sum(place.row < table.first_row and place.sheet == table.sheet for place, _ in slots)
    pattern = rows.pattern_of(xml, table.first_row, range(table.first_column, table.last_column + 1))
    start = len(pattern.head)
    piece = pieces[before]
    position = xml.find(piece) if xml.count(piece) == 1 else len(xml)  # it is not there when cells were added
    if not position <= start <= end <= position + len(piece):
        return None
    above = [*pieces[:before], piece[: start - position]], slots[:before]
    below = [piece[end - position :], *pieces[before + 1 :]], slots[before:]
    return _Sheet(above, pattern, below)


def _cells_beside(xml: bytes, plan: TablePlan) -> tuple[_Beside, int]:
    """The cells that stand beside the table in rows of its body, and where the last of these rows ends."""
    table = plan.table
    beside: _Beside = {}
    end = 0
    for row, found in row_spans(xml):
        if table.first_row <= row <= table.last_row:
            around = list(cell_spans(found[3]))
            before = b"".join(cell for column, cell in around if column < table.first_column)
            after = b"".join(cell for column, cell in around if column > table.last_column)
            if before or after:
                beside[row] = before, after
            end = found.end()
    return beside, end


def _sheet_with_cells_beside(xml: bytes, plan: TablePlan, cells: Cells, count: int) -> Iterator[bytes]:
    """The table's sheet, of which the text has the first row of its body alone."""
    table = plan.table
    pattern = rows.pattern_of(xml, table.first_row, range(table.first_column, table.last_column + 1))
    beside, end = _cells_beside(xml, plan)
    yield pattern.head
    yield from _rows(plan, pattern, cells, count, beside)
    yield xml[end:]


def _rows(
    plan: TablePlan, pattern: Pattern, cells: Cells, count: int, beside: Mapping[int, tuple[bytes, bytes]]
) -> Iterator[bytes]:
    table = plan.table
    numbers = range(table.first_column, table.last_column + 1)
    whole = {number: cells[Whole(plan.column(number))] for number in numbers}
    for first in range(0, count, _BATCH):
        size = min(_BATCH, count - first)
        batch = {number: _part(column, first, size) for number, column in whole.items()}
        yield rows.fill(pattern, table.first_row + first, batch, size, beside)


def _part(column: Any, first: int, size: int) -> Any:
    return column[first : first + size] if isinstance(column, np.ndarray) else column

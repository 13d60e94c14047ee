"""A workbook with a long Excel table written out: its rows as a stream, everything else as its values are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np

from xladdin.workbook import render
from xladdin.workbook.compiler import Cells
from xladdin.workbook.file import package as packages
from xladdin.workbook.file import rows
from xladdin.workbook.file.sheet import cell_spans, row_spans
from xladdin.workbook.table.plan import TablePlan, Whole

_BATCH = 1024  # rows: a few megabytes of text


def write(file: BinaryIO, plan: TablePlan, cells: Cells, count: int) -> None:
    """Write the workbook with the values of its cells, as `plan.evaluate` gives them.

    Raises
    ------
    ValueError
        When the table's sheet grows beyond what a workbook file holds (4 GB).
    """
    model = plan.model
    places = {place for place in model.value_places() if not plan.in_rows(place)}
    texts = render.texts_of_parts(plan, places, cells)
    own = model.sheets[plan.table.sheet]
    sheet = texts.pop(own, None) or model.package.read(own)
    package = render.computed(model)
    members = package.members | {part: packages.compress(text) for part, text in texts.items()}
    packages.write_stream(file, replace(package, members=members), {own: _sheet(sheet, plan, cells, count)})


def _sheet(xml: bytes, plan: TablePlan, cells: Cells, count: int) -> Iterator[bytes]:
    """The table's sheet, of which the text has the first row of its body alone."""
    table = plan.table
    numbers = range(table.first_column, table.last_column + 1)
    pattern = rows.pattern_of(xml, table.first_row, numbers)
    beside: dict[int, tuple[bytes, bytes]] = {}
    end = 0
    for row, found in row_spans(xml):
        if table.first_row <= row <= table.last_row:
            around = list(cell_spans(found[3]))
            before = b"".join(cell for column, cell in around if column < table.first_column)
            after = b"".join(cell for column, cell in around if column > table.last_column)
            if before or after:
                beside[row] = before, after
            end = found.end()
    yield pattern.head
    whole = {number: cells[Whole(plan.column(number))] for number in numbers}
    for first in range(0, count, _BATCH):
        size = min(_BATCH, count - first)
        batch = {number: _part(column, first, size) for number, column in whole.items()}
        yield rows.fill(pattern, table.first_row + first, batch, size, beside)
    yield xml[end:]


def _part(column: Any, first: int, size: int) -> Any:
    return column[first : first + size] if isinstance(column, np.ndarray) else column

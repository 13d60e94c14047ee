"""Every built template, opened for its formulas and for its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell

from xladdin import templates


@dataclass(frozen=True)
class Built:
    name: str
    path: Path
    formulas: Any
    values: Any

    def cells(self) -> Iterator[tuple[str, Cell]]:
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        yield f"{sheet.title}!{cell.coordinate}", cell

    def formula_cells(self) -> Iterator[tuple[str, Cell]]:
        return ((place, cell) for place, cell in self.cells() if cell.data_type == "f")

    def input_cells(self) -> Iterator[tuple[str, Cell]]:
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if not cell.protection.locked:
                        yield f"{sheet.title}!{cell.coordinate}", cell


@pytest.fixture(scope="module", params=templates.names())
def built(request: pytest.FixtureRequest) -> Built:
    path = templates.workbook_path(request.param)
    return Built(request.param, path, openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True))

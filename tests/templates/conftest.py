"""Every built template in each of its languages, opened for its formulas and for its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from support.template_texts import GOOD

from xladdin import templates
from xladdin.templates import library
from xladdin.templates.build import without_values
from xladdin.templates.languages import own_texts_of
from xladdin.templates.own_texts import OwnTexts
from xladdin.templates.read import read_template


@dataclass(frozen=True)
class Built:
    name: str
    path: Path
    formulas: Any
    values: Any
    own: OwnTexts

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


IN_LANGUAGES = [
    (name, language) for name in templates.names() for language in library.languages_of(library.text_path(name))
]


@pytest.fixture(scope="module", params=IN_LANGUAGES, ids="-".join)
def built(request: pytest.FixtureRequest) -> Built:
    name, language = request.param
    path = templates.find(name, language)
    own = own_texts_of(library.text_path(name), language)
    return Built(name, path, openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True), own)


@pytest.fixture
def build(tmp_path: Path) -> Any:
    """Builds good.toml with something put in the place of something."""

    def build_changed(*changes: tuple[str, str]) -> openpyxl.Workbook:
        text = GOOD
        for old, new in changes:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        (tmp_path / "mine.xlsx").write_bytes(
            without_values(read_template(tmp_path / "mine.toml", library.fields_path()))
        )
        return openpyxl.load_workbook(tmp_path / "mine.xlsx")

    return build_changed

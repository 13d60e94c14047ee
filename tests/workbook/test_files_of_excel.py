"""Workbooks that another spreadsheet saved are computed as it stored them."""

from __future__ import annotations

from pathlib import Path

import pytest

from xladdin.workbook import oracle
from xladdin.workbook.model_reader import read_model

FILES = sorted((Path(__file__).parents[1] / "files_of_excel").glob("*.xlsx"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_formula_is_as_it_was_saved(path: Path) -> None:
    comparison = oracle.compared(read_model(path))
    assert comparison.equal
    assert comparison.lines()[1:] == []

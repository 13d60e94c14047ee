"""A workbook for Google Sheets."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import ironcalc
import openpyxl
import pytest

from xladdin.core.errors import UserError
from xladdin.hosts.sheets.edition import HOST, with_plain_formulas


def own(path: Path, *formulas: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, tier in enumerate([(0, 0.004), (50_000, 0.005), (250_000, 0.01)], 1):
        sheet.cell(row, 8, tier[0])
        sheet.cell(row, 9, tier[1])
    for row, formula in enumerate(formulas, 1):
        sheet.cell(row, 1, formula)
    book.save(path)
    return path


def test_no_function_of_ours_is_left_and_an_engine_that_has_none_computes_it(tmp_path: Path) -> None:
    source = own(
        tmp_path / "own.xlsx", "=LEV_SIZE(LEV_RATIO(10000,1000),5)", "=LEV_MMR(60000,H1:I3)", '="LEV_SIZE(1,2)"'
    )
    with_plain_formulas(source, tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"LEV_\w+", sheet) == ["LEV_SIZE"]  # the text that only speaks of one
    model = ironcalc.load_from_xlsx(str(tmp_path / "plain.xlsx"), "en", "UTC", "en")
    model.evaluate()
    assert [model.get_cell_value(0, row, 1) for row in (1, 2, 3)] == [50, 0.005, "LEV_SIZE(1,2)"]


def test_a_formula_that_gets_too_long_is_named_with_its_cell(tmp_path: Path) -> None:
    nested = "A9"
    for _ in range(16):
        nested = f"LEV_LIQPRICE({nested},10,1%)"
    source = own(tmp_path / "own.xlsx", "=1", f"={nested}")
    with pytest.raises(UserError, match=r"^own\.xlsx, xl/worksheets/sheet1\.xml: cell A2: .* a cell takes 8192"):
        with_plain_formulas(source, tmp_path / "plain.xlsx")
    assert not (tmp_path / "plain.xlsx").exists()


def test_the_host_works_on_this_machine() -> None:
    assert [finding.works for finding in HOST.findings()] == [True]

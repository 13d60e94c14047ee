"""A workbook for Google Sheets."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import ironcalc
import openpyxl
import pytest

from xladdin import templates
from xladdin.core.catalog import functions
from xladdin.core.errors import UserError
from xladdin.hosts.sheets.edition import HOST, with_plain_formulas
from xladdin.hosts.sheets.inline import LONGEST_CELL
from xladdin.workbook.model_reader import read_model

CALL = r"\b(LEV_[A-Z]+)\("


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


@pytest.mark.parametrize("name", templates.names())
def test_every_template_is_made_without_a_function_of_ours_or_refused_for_one(name: str, tmp_path: Path) -> None:
    calls = {name for text in read_model(templates.find(name)).formulas.values() for name in re.findall(CALL, text)}
    if lacking := [called for called in calls if not functions()[called].native]:
        with pytest.raises(UserError, match=f"({'|'.join(lacking)}) has no form without our functions"):
            with_plain_formulas(templates.find(name), tmp_path / "plain.xlsx")
        return
    with_plain_formulas(templates.find(name), tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as archive:
        formulas = [
            formula
            for part in archive.namelist()
            if part.startswith("xl/worksheets/sheet")
            for formula in re.findall(r"<f[^>]*>([^<]*)</f>", archive.read(part).decode())
        ]
    assert formulas
    assert not [formula for formula in formulas if re.search(CALL, formula)]
    assert max(map(len, formulas)) <= LONGEST_CELL


def test_a_formula_that_gets_too_long_is_named_with_its_cell(tmp_path: Path) -> None:
    nested = "A9"
    for _ in range(80):
        nested = f"LEV_LIQPRICE({nested},10,1%)"
    source = own(tmp_path / "own.xlsx", "=1", f"={nested}")
    with pytest.raises(UserError, match=r"^own\.xlsx, xl/worksheets/sheet1\.xml: cell A2: .* Sheets takes 50,000"):
        with_plain_formulas(source, tmp_path / "plain.xlsx")
    assert not (tmp_path / "plain.xlsx").exists()


def test_the_host_works_on_this_machine() -> None:
    assert [finding.works for finding in HOST.findings()] == [True]

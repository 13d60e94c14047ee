"""Values are computed and stored; formulas, formats, names and everything else stay as they were."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xladdin.core.errors import UserError
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate


def cells(path: Path, *, values: bool) -> dict[str, Any]:
    book = openpyxl.load_workbook(path, data_only=values)
    found = {
        f"{sheet.title}!{cell.coordinate}": cell.value for sheet in book for row in sheet.iter_rows() for cell in row
    }
    return {place: getattr(value, "text", value) for place, value in found.items() if value is not None}


def test_each_formula_keeps_its_formula_and_has_its_value(workbook: Path, tmp_path: Path) -> None:
    before = cells(workbook, values=False)
    recalculate(read_model(workbook), tmp_path / "done.xlsx")
    assert cells(tmp_path / "done.xlsx", values=False) == before
    done = cells(tmp_path / "done.xlsx", values=True)
    assert done["In puts!B5"] == pytest.approx(45500, rel=1e-15)
    assert done["In puts!B6"] == pytest.approx(50000 * 0.9 / 0.99, rel=1e-15)
    assert done["In puts!B7"] == "SAFE"
    assert done["In puts!B8"] is True
    assert done["In puts!B9"] == "#DIV/0!"
    assert done["In puts!B10"] == 0
    assert done["In puts!B11"] == 46348
    assert done["In puts!B12"] == "<>"
    assert done["Other!A1"] == pytest.approx(91000, rel=1e-15)
    assert [done[f"In puts!E{row}"] for row in (1,)] == [2]


def test_inputs_take_the_place_of_the_workbooks_own(workbook: Path, tmp_path: Path) -> None:
    recalculate(read_model(workbook), tmp_path / "done.xlsx", {"side": "short", "leverage": 5, "note": 'a<b>&"c" ü'})
    done = cells(tmp_path / "done.xlsx", values=True)
    assert (done["In puts!B3"], done["In puts!B2"]) == ("short", 5)
    assert done["In puts!B5"] == pytest.approx(59500, rel=1e-15)
    assert done["In puts!B7"] == "DANGER"
    assert done["In puts!B12"] == '<a<b>&"c" ü>'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " padded "])
def test_text_that_looks_like_a_formula_stays_text(workbook: Path, tmp_path: Path, text: str) -> None:
    recalculate(read_model(workbook), tmp_path / "done.xlsx", {"note": text})
    cell = openpyxl.load_workbook(tmp_path / "done.xlsx")["In puts"]["B4"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_control_characters_do_not_make_a_file_that_nothing_opens(workbook: Path, tmp_path: Path) -> None:
    recalculate(read_model(workbook), tmp_path / "done.xlsx", {"note": "a\x00b\x1fc"})
    assert cells(tmp_path / "done.xlsx", values=True)["In puts!B4"] == "a\ufffdb\ufffdc"


def test_everything_but_the_sheets_is_copied_byte_for_byte(workbook: Path, tmp_path: Path) -> None:
    recalculate(read_model(workbook), tmp_path / "done.xlsx")
    with zipfile.ZipFile(workbook) as before, zipfile.ZipFile(tmp_path / "done.xlsx") as after:
        assert after.testzip() is None
        assert set(after.namelist()) == set(before.namelist())
        for part in before.namelist():
            if not part.startswith("xl/worksheets/") and part != "xl/workbook.xml":
                assert after.read(part) == before.read(part)


def test_same_input_same_bytes(workbook: Path, tmp_path: Path) -> None:
    model = read_model(workbook)
    for name in ("one.xlsx", "two.xlsx"):
        recalculate(model, tmp_path / name, {"entry": 61234.5})
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_workbook_can_be_recalculated_onto_itself(workbook: Path) -> None:
    recalculate(read_model(workbook), workbook, {"leverage": 20})
    recalculate(read_model(workbook), workbook)
    assert cells(workbook, values=True)["In puts!B5"] == pytest.approx(48000, rel=1e-15)


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="can't be written"):
        recalculate(read_model(workbook), tmp_path / "file" / "done.xlsx")

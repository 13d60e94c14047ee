"""What one worker makes at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl

from xladdin.reports import batch
from xladdin.workbook.columns import to_cells


def test_a_batch_makes_its_files_and_notes_results_and_failures(workbook: Path, tmp_path: Path) -> None:
    template = batch.Template(workbook.name, workbook.read_bytes())
    place = (tmp_path / "out").as_posix()
    made = batch.make(batch.Batch(template, place, ["a.xlsx", "b.xlsx"], {"leverage": np.array([20.0, 0.0])}))
    assert [to_cells(column, 2) for column in made.results] == [[48_000.0, "#NUM!"], ["DANGER", "#NUM!"]]
    assert made.sizes == [(tmp_path / "out" / name).stat().st_size for name in ("a.xlsx", "b.xlsx")]
    assert [bool(failure) for failure in made.failures] == [False, True]
    sheets = [
        openpyxl.load_workbook(tmp_path / "out" / name, data_only=True)["In puts"] for name in ("a.xlsx", "b.xlsx")
    ]
    assert [sheet["B5"].value for sheet in sheets] == [48_000, "#NUM!"]


def test_no_rows_make_nothing(workbook: Path, tmp_path: Path) -> None:
    template = batch.Template(workbook.name, workbook.read_bytes())
    assert batch.make(batch.Batch(template, (tmp_path / "out").as_posix(), [], {})).sizes == []
    assert not (tmp_path / "out").exists()

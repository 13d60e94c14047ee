"""A table of rows from any file: by name, from another program, and what no cell holds."""

from __future__ import annotations

import datetime
import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars
import pytest
from support.tables import refused

from xladdin.reports.run import run
from xladdin.reports.table import open_table


def test_a_name_that_is_too_long_is_a_sentence(tmp_path: Path) -> None:
    assert "can't be read" in refused(tmp_path / f"{'x' * 300}.csv")


@pytest.mark.parametrize("kind", ["datetime", "time", "duration", "list", "struct", "binary", "categorical"])
def test_what_no_cell_holds_is_no_number(tmp_path: Path, workbook: Path, kind: str) -> None:
    values: dict[str, Any] = {
        "datetime": polars.Series([datetime.datetime(2026, 1, 1)]),
        "time": polars.Series([datetime.time(1, 2)]),
        "duration": polars.Series([datetime.timedelta(1)]),
        "list": polars.Series([[1, 2]]),
        "struct": polars.Series([{"a": 1}]),
        "binary": polars.Series([b"1"]),
        "categorical": polars.Series(["x"], dtype=polars.Categorical),
    }
    polars.DataFrame({"entry": values[kind], "note": ["x"]}).write_parquet(tmp_path / "t.parquet")
    outcome = run(tmp_path / "t.parquet", workbook, tmp_path / "out")
    assert (outcome.made, outcome.rejected) == (0, 1)


def test_a_table_comes_from_another_program(tmp_path: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"entry\n5\n6\n")))
    assert run(Path("-"), workbook, tmp_path / "out").made == 2


def test_columns_of_one_name_are_told_apart_where_nobody_needs_them(tmp_path: Path, workbook: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("entry,Unit,fee,unit\n5,BTC,1,USDT\n")
    assert open_table(table).columns == ["entry", "Unit", "fee", "unit (2)"]
    assert run(table, workbook, tmp_path / "out", "{unit (2)}").made == 1

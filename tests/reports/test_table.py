"""A table of rows from any file: by name, from another program, and what no cell holds."""

from __future__ import annotations

import datetime
import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars
import pytest
from support.books import make_book
from support.command import report
from support.systems import posix_words
from support.tables import refused

from xladdin.reports.run import run
from xladdin.reports.table import open_table

CELLS = {"A1": 50000, "A2": "=A1*2"}
NAMES = {"entry": "S!$A$1", "double": "S!$A$2"}


@posix_words
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


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"entry": [], "note": []}, "{} has no rows; a table has a line of column names and at least one row below"),
        ({"Entry": [1], "entry": [2]}, "{}, line 1: the columns 'Entry' and 'entry (2)' are named like the same input"),
        (
            {"stop-price": [1], "Stop price": [2]},
            "{}, line 1: the columns 'stop-price' and 'Stop price' are named like",
        ),
        ({"price": [1]}, "{} has no column that is named like an input of own.xlsx; the columns"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, kind: str, columns: dict[str, list[int]], said: str
) -> None:
    template = make_book(tmp_path / "own.xlsx", CELLS, NAMES | {"stop_price": "S!$A$5"})
    path = tmp_path / f"t.{kind}"
    frame = polars.DataFrame(columns, schema=dict.fromkeys(columns, polars.Int64))
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in [frame.columns, *frame.rows()]:
            book.active.append(row)
        book.save(path)
    else:
        {"csv": frame.write_csv, "parquet": frame.write_parquet}[kind](path)
    result = report(path, template, tmp_path / "out")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
    assert result.stderr.startswith(f"xladdin: {said.format(path)}")
    assert not (tmp_path / "out").exists()


def test_a_file_without_a_byte_is_no_table(tmp_path: Path) -> None:
    template = make_book(tmp_path / "own.xlsx", CELLS, NAMES)
    for kind in ("csv", "xlsx", "parquet"):
        path = tmp_path / f"t.{kind}"
        path.touch()
        result = report(path, template, tmp_path / "out")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
        assert result.stderr.startswith(f"xladdin: {path} ")

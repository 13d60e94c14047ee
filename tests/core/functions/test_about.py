"""What `=LEV_VERSION()` says of what is running."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from xladdin import __version__, about, evaluate, read_model, recalculate
from xladdin.core import tier_sets
from xladdin.udfs import LEV_VERSION


def test_it_names_the_version_the_python_and_the_day_of_the_tiers() -> None:
    python = ".".join(map(str, sys.version_info[:3]))
    code = "from xladdin.udfs import LEV_VERSION; print(LEV_VERSION())"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert shown.startswith(f"xladdin {__version__}, Python {python}, margin tiers of 20")


def test_newer_tiers_of_a_user_are_the_ones_that_it_speaks_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "okx-2031-05-06.json").write_text(json.dumps({"schema": "xladdin.tiers/1"}), encoding="utf-8")
    monkeypatch.setattr(tier_sets, "user_folder", lambda: tmp_path)
    assert LEV_VERSION().endswith("margin tiers of 2031-05-06")


def test_a_formula_a_workbook_and_python_get_the_same(tmp_path: Path) -> None:
    assert evaluate("=LEV_VERSION()") == LEV_VERSION() == about()
    assert evaluate('="by "&LEV_VERSION()') == f"by {about()}"
    assert evaluate("=LEV_VERSION(1)") == "#VALUE!"
    book = openpyxl.Workbook()
    book["Sheet"]["A1"] = "=LEV_VERSION()"
    book["Sheet"]["A2"] = "=LEN(A1)"
    book.save(tmp_path / "own.xlsx")
    recalculate(read_model(tmp_path / "own.xlsx"), tmp_path / "own.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "own.xlsx", data_only=True)["Sheet"]
    assert [sheet["A1"].value, sheet["A2"].value] == [about(), len(about())]

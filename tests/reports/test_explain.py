"""What is said of how a template is computed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from click.testing import CliRunner

from xladdin.cli import main
from xladdin.templates import find


def explained(template: str, tmp_path: Path) -> list[str]:
    result = CliRunner().invoke(
        main, ["report", "t.csv", "--template", template, "--out", str(tmp_path / "out"), "--explain"]
    )
    assert (result.exit_code, (tmp_path / "out").exists()) == (0, False)
    return result.stdout.splitlines()


def test_nothing_of_our_own_template_is_left_to_the_engine(tmp_path: Path) -> None:
    (line,) = explained(str(find("futures-planner")), tmp_path)
    assert "0 are computed row by row" in line


def test_a_long_table_with_array_formulas_beside_it_is_explained(tmp_path: Path) -> None:
    table = tmp_path / "trades.csv"
    table.write_text("symbol,side,entry,exit price,quantity\nBTCUSDT,long,60000,61000,0.1\n", encoding="utf-8")
    arguments = ["report", str(table), "--template", "trading-journal", "--into", str(tmp_path / "j.xlsx"), "--explain"]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, (tmp_path / "j.xlsx").exists()) == (0, False), result.stderr
    assert "the rows fill the table trades of the sheet Trades" in result.stdout


def test_what_is_computed_row_by_row_is_named_with_the_reason(workbook: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["In puts"]["B12"] = "=GCD(leverage,12)"
    book.save(workbook)
    first, *lines = explained(str(workbook), tmp_path)
    assert "1 is computed row by row" in first
    assert lines[0] == "In puts!B12: GCD is computed row by row: =GCD(leverage,12)"

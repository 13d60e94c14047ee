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


def test_what_is_computed_row_by_row_is_named_with_the_reason(workbook: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["In puts"]["B12"] = "=GCD(leverage,12)"
    book.save(workbook)
    first, *lines = explained(str(workbook), tmp_path)
    assert "1 is computed row by row" in first
    assert lines[0] == "In puts!B12: GCD is computed row by row: =GCD(leverage,12)"

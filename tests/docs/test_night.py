"""docs/night.md: what a timer starts makes reports, of the day on which it does."""

from __future__ import annotations

import datetime
import re
import shlex
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from xladdin.cli import main

PAGE = (Path(__file__).parents[2] / "docs/night.md").read_text(encoding="utf-8")
LINES = [line for line in PAGE.replace("\\\n", " ").splitlines() if re.search(r"xladdin(\.exe)? report ", line)]
POSITIONS = """client_id,email,symbol,side,entry,quantity,leverage,price,mmr,margin mode
a,a@example.org,BTC,long,50000,1,5,51000,1%,isolated
b,b@example.org,ETH,short,2000,3,10,1900,2%,isolated
"""


def test_there_are_lines_of_every_kind() -> None:
    assert len(LINES) == 4
    for kind in ("0 2 * * 1-5 ", "ExecStart=", "schtasks "):
        assert sum(line.startswith(kind) for line in LINES) == 1


def test_check_is_told_what_the_line_of_the_night_is_told() -> None:
    (check,) = [line for line in PAGE.replace("\\\n", " ").splitlines() if line.startswith("xladdin check ")]
    decides = ("--template", "--group-by", "--with", "--map", "--set", "--address")

    def options(line: str) -> list[tuple[str, str]]:
        words = shlex.split(line)
        return sorted((option, value) for option, value in pairwise(words) if option in decides)

    assert options(check) == options(LINES[0])


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split()[0])
def test_the_reports_of_a_line_show_the_day(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xladdin.reports.settings._today", lambda: "2031-02-03")
    (tmp_path / "positions.csv").write_text(POSITIONS, encoding="utf-8")
    (tmp_path / "wallets.csv").write_text("client_id,venue,balance\na,bybit,100\n", encoding="utf-8")
    command = line[line.index(" report ") :].strip().rstrip('"')
    # What these paths are called on another machine; LibreOffice is not what this is about.
    command = re.sub(r" --pdf \S+", "", re.sub(r"(?<= |=)(C:\\|/)?(\w[\w-]*[\\/])*(?=\w+\.(csv|jsonl))", "", command))
    words = [str(tmp_path / word) if re.search(r"\.(csv|jsonl)$", word) else word for word in shlex.split(command)]
    words = [
        f"wallets={tmp_path / 'wallets.csv'}" if word.startswith(str(tmp_path / "wallets=")) else word for word in words
    ]
    words[words.index("--out") + 1] = str(tmp_path / "out")
    result = CliRunner().invoke(main, [*words, "--allow-errors"])
    assert result.exit_code == 0, result.stderr
    book = openpyxl.load_workbook(tmp_path / "out" / "a.xlsx", data_only=True)
    sheet, _, cell = book.defined_names["as_of"].attr_text.replace("$", "").rpartition("!")
    assert book[sheet.strip("'")][cell].value.date() == datetime.date(2031, 2, 3)

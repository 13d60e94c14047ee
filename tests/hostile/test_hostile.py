"""Every hostile file is taken, or refused in one sentence: by one command every day, by all in `make hostile`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.systems import IS_WINDOWS

from hostile.every import EVERY
from hostile.files import Hostile, refused
from hostile.judging import OF_TABLES, OF_WORKBOOKS, Became, commands, judged, prepare
from hostile.packages import PACKAGES
from hostile.tables import TABLES
from xladdin import cli

HERE = Path(__file__).parent
QUICK = [case for case in EVERY if not case.is_heavy]


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_a_hostile_file_is_taken_or_refused_in_a_sentence(
    case: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if IS_WINDOWS and case.name == "pipe.xlsx":
        pytest.skip("Windows has no pipes among its files")
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    case.make(tmp_path / case.name)
    command = next(iter(commands(case)))
    arguments = [each.replace("{file}", case.name) for each in commands(case)[command]]
    done = CliRunner().invoke(cli.main, arguments)
    assert judged(case, command, Became(done.exit_code, done.output, 0.0, 0)) == "", done.output[-500:]


@pytest.mark.parametrize(
    "name", ["cell-in-a-cell.xlsx", "name-of-50000-characters.xlsx", "sheets-10000.xlsx", "table-at-the-end.xlsx"]
)
def test_a_report_of_a_hostile_file_ends_in_a_sentence_too(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    case = next(case for case in EVERY if case.name == name)
    case.make(tmp_path / name)
    for command in ("into", "out", "table") if not case.is_heavy else ("table",):
        arguments = [each.replace("{file}", name) for each in OF_WORKBOOKS[command]]
        done = CliRunner().invoke(cli.main, arguments)
        assert judged(case, command, Became(done.exit_code, done.output, 0.0, 0)) == "", done.output[-500:]


def test_what_is_refused_is_one_of_the_files() -> None:
    assert refused().keys() <= {case.name for case in EVERY}
    assert len({case.name for case in EVERY}) == len(EVERY)
    assert {*OF_WORKBOOKS, *OF_TABLES} >= {"recalc", "new", "check", "out", "into"}
    assert PACKAGES
    assert TABLES


@pytest.mark.hosts
@pytest.mark.slow
def test_every_hostile_file_through_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hostile"], cwd=HERE.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]

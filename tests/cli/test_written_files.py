"""The files that commands write: one rule for all of what is there, open, or in a folder that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.books import make_book, make_portfolio
from support.command import call

PRECIOUS = b"precious"

# Every command that writes the file that it is told, behind which the file's name comes.
COMMANDS = [
    ("mine.xlsx", ("new", "futures-planner", "-o")),
    ("mine.xlsx", ("new", "futures-planner", "--host", "lambda", "-o")),
    ("mine.xlsx", ("recalc", "{folder}/own.xlsx", "-o")),
    ("mine.toml", ("template", "new", "mine", "-o")),
    ("mine.xlsx", ("template", "build", "{folder}/own.toml", "-o")),
    ("mine.gs", ("build", "sheets", "-o")),
    ("mine.oxt", ("build", "libreoffice", "-o")),
    ("mine.xlsx", ("build", "lambda", "-o")),
    ("mine.csv", ("fetch", "hyperliquid", "positions", "-o")),
    ("mine.xlsx", ("report", "{folder}/t.csv", "--template", "{folder}/portfolio.xlsx", "--into")),
]
each_command = pytest.mark.parametrize(("name", "command"), COMMANDS, ids=lambda value: " ".join(value[:2]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_book(tmp_path / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})
    make_portfolio(tmp_path / "portfolio.xlsx")
    (tmp_path / "t.csv").write_text("coin,side,entry,quantity,price\nBTC,long,100,1,110\n", encoding="utf-8")
    assert call("template", "new", "own", "-o", tmp_path / "own.toml").exit_code == 0
    return tmp_path


def told(folder: Path, command: tuple[str, ...]) -> list[str]:
    return [word.format(folder=folder) for word in command]


@each_command
def test_a_file_that_is_there_is_refused_and_written_over_when_it_is_said(
    folder: Path, name: str, command: tuple[str, ...]
) -> None:
    target = folder / name
    target.write_bytes(PRECIOUS)
    result = call(*told(folder, command), target)
    assert (result.exit_code, result.stderr) == (
        2,
        f"xladdin: {target} is there already; choose another name, or write over it with --force.\n",
    )
    assert target.read_bytes() == PRECIOUS
    if command[0] != "fetch":  # which asks a venue then
        result = call(*told(folder, command), target, "--force")
        assert result.exit_code == 0, result.stderr
        assert target.read_bytes() != PRECIOUS


@each_command
@pytest.mark.parametrize("lock", [".~lock.{}#", "~${}"])
def test_a_file_that_is_open_in_a_spreadsheet_is_refused(
    folder: Path, name: str, command: tuple[str, ...], lock: str
) -> None:
    target, beside = folder / name, folder / lock.format(name)
    target.write_bytes(PRECIOUS)
    beside.touch()
    result = call(*told(folder, command), target, "--force")
    assert (result.exit_code, result.stderr) == (
        2,
        f"xladdin: {target} is open in a spreadsheet; close it there, or delete {beside} if none has it open.\n",
    )
    assert target.read_bytes() == PRECIOUS


@each_command
def test_a_folder_that_is_not_there_is_no_place_for_a_file(folder: Path, name: str, command: tuple[str, ...]) -> None:
    target = folder / "repotrs" / name
    result = call(*told(folder, command), target)
    assert (result.exit_code, result.stderr) == (
        2,
        f"xladdin: {target} can't be written: there is no folder {target.parent}; make it, or choose another place.\n",
    )
    assert not target.parent.exists()


def test_a_log_is_in_a_folder_that_is_there_and_the_folder_of_reports_is_made(folder: Path) -> None:
    (folder / "entries.csv").write_text("entry\n1\n", encoding="utf-8")
    given = ("report", folder / "entries.csv", "--template", folder / "own.xlsx", "--out", folder / "new" / "out")
    log = folder / "losg" / "run.jsonl"
    result = call(*given, "--log", log)
    assert (result.exit_code, result.stderr) == (
        2,
        f"xladdin: {log} can't be written: there is no folder {log.parent}; make it, or choose another place.\n",
    )
    assert not (folder / "new").exists()
    assert call(*given, "--log", folder / "run.jsonl").exit_code == 0
    assert (folder / "new" / "out" / "report-1.xlsx").exists()


def test_the_second_file_of_the_excel_add_in_is_one_too(folder: Path) -> None:
    second = folder / "mine.intellisense.xml"
    second.write_bytes(PRECIOUS)
    result = call("build", "excel", "-o", folder / "mine.xlam")
    assert (result.exit_code, result.stderr) == (
        2,
        f"xladdin: {second} is there already; choose another name, or write over it with --force.\n",
    )
    assert (second.read_bytes(), (folder / "mine.xlam").exists()) == (PRECIOUS, False)
    assert call("build", "excel", "-o", folder / "mine.xlam", "--force").exit_code == 0
    assert second.read_bytes() != PRECIOUS

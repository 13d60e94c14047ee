"""The boundary of every command: whatever is raised behind it, one sentence comes out of it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.parsers.expat import ExpatError

import formualizer
import openpyxl.utils.exceptions
import polars
import pytest
from click.testing import CliRunner
from distributed.comm import CommClosedError
from fsspec.exceptions import FSTimeoutError
from python_calamine import CalamineError

from xladdin.cli import main
from xladdin.core.errors import UnreadableError, UserError
from xladdin.workbook import model_reader


class Panic(BaseException):
    """As a panic of a library in Rust: no Exception."""


FOREIGN = [
    openpyxl.utils.exceptions.InvalidFileException("openpyxl does not support"),
    polars.exceptions.ComputeError("could not parse `x` as dtype `i64`\n\nYou might want to try:\n- something"),
    CalamineError("Xml error"),
    formualizer.ParserError("unexpected token"),
    ExpatError("not well-formed (invalid token): line 1, column 7"),
    zipfile.BadZipFile("Bad magic number for file header"),
    FSTimeoutError("timed out"),
    CommClosedError("in <TCP>: Stream is closed"),
    Panic("index out of bounds: the len is 3 but the index is 7"),
    KeyError("name"),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
]


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def read_model(*_: object) -> None:
        raise error

    monkeypatch.setattr(model_reader, "read_model", read_model)


def assert_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException) -> None:
    raising(monkeypatch, error)
    done = CliRunner().invoke(main, ["recalc", "any.xlsx", "-o", str(tmp_path / "made.xlsx")])
    assert (done.exit_code, done.stdout) == (2 if isinstance(error, OSError) else 4, "")
    assert done.stderr.startswith("xladdin: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("error", FOREIGN, ids=lambda error: type(error).__name__)
def test_a_foreign_error_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException) -> None:
    assert_is_one_sentence(monkeypatch, tmp_path, error)


def test_an_error_of_ccxt_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ccxt = pytest.importorskip("ccxt")
    assert_is_one_sentence(monkeypatch, tmp_path, ccxt.ExchangeError('binance {"code":-1}'))


@pytest.mark.parametrize(("error", "code"), [(UserError("No."), 2), (UnreadableError("No."), 3)])
def test_an_error_of_ours_is_its_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: UserError, code: int
) -> None:
    raising(monkeypatch, error)
    done = CliRunner().invoke(main, ["recalc", "any.xlsx", "-o", str(tmp_path / "made.xlsx")])
    assert (done.exit_code, done.stderr) == (code, "xladdin: No.\n")


def test_debug_shows_where_an_error_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    raising(monkeypatch, KeyError("name"))
    done = CliRunner().invoke(main, ["recalc", "any.xlsx", "-o", str(tmp_path / "made.xlsx"), "--debug"])
    assert done.exit_code == 4
    assert "Traceback" in done.stderr
    assert "KeyError" in done.stderr


@pytest.mark.parametrize("options", [[], ["--debug"]])
def test_a_key_that_a_library_quotes_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str]
) -> None:
    monkeypatch.setenv("XLADDIN_BINANCE_SECRET", "0xverysecret")
    raising(monkeypatch, ValueError("0xverysecret is no base64"))
    done = CliRunner().invoke(main, ["recalc", "any.xlsx", "-o", str(tmp_path / "made.xlsx"), *options])
    assert "verysecret" not in done.output
    assert "***" in done.output


def test_what_a_library_writes_to_standard_error_by_itself_is_not_seen() -> None:
    code = (
        "import os\n"
        "from xladdin.core.errors import UserError\n"
        "from xladdin.workbook import model_reader\n"
        "def read_model(*_):\n"
        "    os.write(2, b\"thread '<unnamed>' panicked at src/lib.rs\\n\")\n"
        "    raise UserError('No.')\n"
        "model_reader.read_model = read_model\n"
        "from xladdin.cli import main\n"
        "main(['recalc', 'any.xlsx', '-o', 'made.xlsx'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ})
    assert (done.returncode, done.stderr) == (2, "xladdin: No.\n")


def test_a_size_is_one_that_people_write(tmp_path: Path) -> None:
    for size, code in (("1MB", 3), ("2 gb", 3), ("5", 3), ("0", 2), ("much", 2), ("-1MB", 2)):
        done = CliRunner().invoke(main, ["recalc", "nowhere.xlsx", "-o", str(tmp_path / "m.xlsx"), "--max-size", size])
        assert done.exit_code == code, size
        assert ("is no size" in done.stderr) is (code == 2)


def test_a_larger_workbook_is_taken_when_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/picture.bin", bytes(120 * 2**20))
    refused = CliRunner().invoke(main, ["recalc", str(path), "-o", str(tmp_path / "m.xlsx")])
    assert (refused.exit_code, "say --max-size 121MB" in refused.stderr) == (3, True)
    (tmp_path / "t.csv").write_text("entry\n1\n", encoding="utf-8")
    for target in (["--out", str(tmp_path / "out")], ["--into", str(tmp_path / "into.xlsx")]):
        report = CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), "--template", str(path), *target])
        assert (report.exit_code, "say --max-size 121MB" in report.stderr) == (3, True)
    taken = CliRunner().invoke(main, ["recalc", str(path), "-o", str(tmp_path / "m.xlsx"), "--max-size", "121MB"])
    assert taken.exit_code == 0

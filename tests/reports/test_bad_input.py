"""Templates that can't be used, or that are odd: one sentence and an honest exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from support.books import make_book, parts, with_parts
from support.command import report

from xladdin.hosts.excel import with_macros

CELLS = {"A1": 50000, "A2": "=A1*2"}
NAMES = {"entry": "S!$A$1", "double": "S!$A$2"}


def unusable(tmp_path: Path, what: str) -> Path:
    """A template that can't be used."""
    path = tmp_path / "own.xlsx"
    whole = make_book(path, CELLS, NAMES).read_bytes()
    contents = {
        "a text": b"not a workbook\n",
        "empty": b"",
        "cut short": whole[: len(whole) // 2],
        "encrypted": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000),
        "of damaged parts": whole[:60] + bytes(200) + whole[260:],
    }
    books = {
        "without names": (CELLS, {}),
        "with names of formulas alone": (CELLS, {"double": "S!$A$2", "block": "S!$A$1:$A$2"}),
        "circular": (CELLS | {"A3": "=A4", "A4": "=SUM(A2:A3)"}, NAMES),
        "circular through its name": (CELLS | {"A2": "=double+A1"}, NAMES),
    }
    if what in contents:
        path.write_bytes(contents[what])
    elif what in books:
        make_book(path, *books[what])
    elif what == "another office file":
        with_parts(path, {"xl/workbook.xml": None, "word/document.xml": b"<x/>"})
    else:
        path.unlink()
        if what == "a folder":
            path.mkdir()
    return path


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a text", "{} is not an .xlsx workbook: it is no zip file."),
        ("empty", "{} is not an .xlsx workbook: it is empty."),
        ("cut short", "{} is not an .xlsx workbook: its end is missing: it was not copied whole."),
        ("encrypted", "{} is encrypted or an old .xls file; save it as .xlsx without a password."),
        ("of damaged parts", "{} is not an .xlsx workbook: a part of it is damaged."),
        ("another office file", "{} is not an .xlsx workbook: it has no xl/workbook.xml."),
        ("without names", "{} has no inputs: an input is a name of one cell without a formula, and it has no names."),
        (
            "with names of formulas alone",
            "{} has no inputs: an input is a name of one cell without a formula, and none of",
        ),
        ("circular", "{} has a circular reference, from S!A3 to S!A4 to S!A3; allowed are formulas without."),
        ("circular through its name", "{} has a circular reference, from S!A2 to S!A2; allowed are formulas without."),
        ("a folder", "'{}' is a folder; a template is an .xlsx or .toml file or one of "),
        ("missing", "'{}' is not there; a template is an .xlsx or .toml file or one of "),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(
    table: Path, tmp_path: Path, what: str, said: str
) -> None:
    template = unusable(tmp_path, what)
    for options in ([], ["--resume"]):
        result = report(table, template, tmp_path / "out", *options)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
        assert result.stderr.startswith(f"xladdin: {said.format(template)}")
    assert not (tmp_path / "out").exists()


def test_the_command_itself_ends_so_too(table: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xladdin", "report", str(table), "--out", str(tmp_path / "out")]
    template = unusable(tmp_path, "circular")
    done = subprocess.run([*command, "--template", str(template)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


@pytest.mark.parametrize("options", [[], pytest.param(["--workers", "2"], marks=pytest.mark.slow)])
def test_macros_stay_byte_for_byte(table: Path, tmp_path: Path, options: list[str]) -> None:
    template = tmp_path / "Own.XLSM"
    with_macros(make_book(tmp_path / "own.xlsx", CELLS, NAMES), template)
    before = parts(template)
    kept = ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/vbaProject.bin"]
    assert b"macroEnabled" in before[kept[0]]
    assert report(table, template, tmp_path / "out", *options).exit_code == 0
    made = sorted((tmp_path / "out").glob("report-*"))
    assert [path.name for path in made] == ["report-1.xlsm", "report-2.xlsm", "report-3.xlsm"]
    for number, path in enumerate(made, 1):
        after = parts(path)
        assert [after[name] for name in kept] == [before[name] for name in kept]
        assert openpyxl.load_workbook(path, data_only=True)["S"]["A2"].value == 2 * number

"""The command line on Windows: paths with blanks and umlauts, a console of cp1252, output into a pipe."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from support.windows import FOLDER, python, windows_path

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.windows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Müller & Söhne"
    made.mkdir()
    return made


def xladdin(*words: str, folder: Path | None = None) -> tuple[int, str, str]:
    done = python("-m", "xladdin", *words, folder=folder)
    return done.returncode, done.stdout.replace("\r\n", "\n"), done.stderr.replace("\r\n", "\n")


def test_a_formula_is_computed() -> None:
    assert xladdin("eval", "=LEV_LIQPRICE(50000,10,1%)") == (0, "45500\n", "")


def test_a_workbook_is_filled_in_where_the_path_has_blanks_and_umlauts(folder: Path) -> None:
    code, _, said = xladdin("new", "futures-planner", "-o", "mein Plan.xlsx", "--set", "entry=61000", folder=folder)
    assert code == 0, said
    book = openpyxl.load_workbook(folder / "mein Plan.xlsx", data_only=True)
    sheet, cell = book.defined_names["entry"].attr_text.replace("'", "").split("!")
    assert book[sheet][cell].value == 61000


def test_reports_are_made_by_two_processes(folder: Path) -> None:
    shutil.copy(ROOT / "workbooks/positions.csv", folder)
    code, _, said = xladdin(
        *("report", "positions.csv", "--template", "futures-planner", "--out", "Berichte", "--workers", "2"),
        *("--name", "{client}-{symbol}-{venue}"),
        folder=folder,
    )
    assert code == 0, said
    rows = (folder / "positions.csv").read_text(encoding="utf-8").splitlines()[1:]
    made = {path.name for path in (folder / "Berichte").glob("*.xlsx")}
    assert len(made - {"summary.xlsx"}) == len(rows)


def test_doctor_into_a_pipe_says_all_that_it_says_elsewhere() -> None:
    # A pipe has the code page of the system, cp1252 in western Europe, which has no tick.
    done = python("-m", "xladdin", "doctor", as_bytes=True)
    assert done.returncode == 0, done.stderr.decode("cp1252")
    lines = done.stdout.decode("cp1252").splitlines()
    told = json.loads(xladdin("doctor", "--json")[1])
    assert [finding["what"] for finding in told if not any(finding["what"] in line for line in lines)] == []


def test_what_is_said_of_a_path_is_the_path(folder: Path) -> None:
    code, _, said = xladdin("recalc", r"kein Ordner\kein Buch.xlsx", "-o", "x.xlsx", folder=folder)
    assert code == 3
    assert r"kein Ordner\kein Buch.xlsx" in said
    assert "\\\\" not in said
    assert "Traceback" not in said


def test_the_add_in_is_put_where_excel_looks(folder: Path) -> None:
    code, _, said = xladdin("install", "excel")
    assert code == 0, said
    roaming = next((FOLDER / "prefix/drive_c/users").glob("*/AppData/Roaming"))
    (add_in,) = (roaming / "Microsoft/AddIns").glob("*.xlam")
    built = folder / "xladdin.xlam"
    assert xladdin("build", "excel", "-o", windows_path(built))[0] == 0
    assert add_in.read_bytes() == built.read_bytes()

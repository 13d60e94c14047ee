"""Reports as PDF: by a LibreOffice that works, is missing, ends or hangs. What hangs here is a program of the tests."""

from __future__ import annotations

import csv
import os
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.books import make_book
from support.calc import find_uno

from xladdin.cli import main

CELLS = {"A1": 1, "A2": "=A1*2"}
NAMES = {"amount": "S!$A$1", "result": "S!$A$2"}

OFFICE = """#!/bin/sh
exec "{python}" - "$@" <<'END'
import os, sys, time, zipfile
from pathlib import Path
with open({seen!r}, "a") as seen:
    print(len([each for each in sys.argv if each.endswith(".xlsx")]), file=seen)
out = Path(sys.argv[sys.argv.index("--outdir") + 1])
for source in (each for each in sys.argv if each.endswith(".xlsx")):
    with zipfile.ZipFile(source) as file:
        if b"<v>{bad}" in file.read("xl/worksheets/sheet1.xml"):
            {what}
    (out / Path(source).with_suffix(".pdf").name).write_bytes(b"%PDF-1.7 " + Path(source).stem.encode() + b" %%EOF")
END
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a program stands that the command takes for LibreOffice."""
    if sys.platform == "win32":
        pytest.skip("a script is no program there")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setattr("xladdin.reports.pdf._PATIENCE", 1.0)
    return tmp_path / "bin" / "soffice"


def put_office(path: Path, what: str = "pass", bad: int = -1) -> Path:
    """A program that makes PDFs, and does something else when it comes to a file with a bad number."""
    seen = path.with_name("seen")
    path.write_text(OFFICE.format(python=sys.executable, what=what, bad=bad, seen=str(seen)), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return seen


def report(folder: Path, *options: str, rows: int = 4) -> Result:
    template = folder / "template.xlsx"
    if not template.exists():  # a workbook says when it was made: another would be another template
        make_book(template, CELLS, NAMES)
    (folder / "t.csv").write_text("amount\n" + "".join(f"{row}\n" for row in range(1, rows + 1)), encoding="utf-8")
    of = () if "--template" in options else ("--template", str(template))
    source = ["report", str(folder / "t.csv"), *of, "--out", str(folder / "out")]
    return CliRunner().invoke(main, [*source, "--pdf", str(folder / "pdf"), *options])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("**/*.pdf"))


def test_every_report_gets_a_pdf_by_several_programs_at_a_time(office: Path, tmp_path: Path) -> None:
    seen = put_office(office)
    result = report(tmp_path, "--workers", "2", rows=5)
    assert result.exit_code == 0, result.stderr
    assert names(tmp_path / "pdf") == [f"report-{row}.pdf" for row in range(1, 6)]
    assert sorted(seen.read_text(encoding="utf-8").split()) == ["2", "3"]


def test_a_resumed_run_makes_those_that_are_missing_or_older(office: Path, tmp_path: Path) -> None:
    seen = put_office(office)
    report(tmp_path)
    (tmp_path / "pdf" / "report-2.pdf").unlink()
    seen.unlink()
    assert report(tmp_path, "--resume").exit_code == 0
    assert (names(tmp_path / "pdf"), seen.read_text(encoding="utf-8").split()) == (
        [f"report-{row}.pdf" for row in range(1, 5)],
        ["1"],
    )


def test_a_pdf_that_no_run_has_made_stays_unless_it_is_said(office: Path, tmp_path: Path) -> None:
    put_office(office)
    foreign = tmp_path / "pdf" / "report-2.pdf"
    foreign.parent.mkdir()
    foreign.write_bytes(b"precious")
    for options in ((), ("--resume",)):
        result = report(tmp_path, *options)
        assert (result.exit_code, result.stderr) == (
            2,
            f"xladdin: {foreign} is there and is of no run that made reports here, whose own are replaced; choose "
            "another --pdf, or write over it with --force.\n",
        )
        assert foreign.read_bytes() == b"precious"
        assert not list((tmp_path / "out").glob("*.xlsx"))
    assert report(tmp_path, "--force").exit_code == 0
    assert foreign.read_bytes().startswith(b"%PDF-")
    assert report(tmp_path).exit_code == 0  # now it is a run's


@pytest.mark.parametrize("what", ["time.sleep(60)", "sys.exit(1)", "os.kill(os.getpid(), 9)", "continue"])
def test_one_that_it_hangs_over_or_ends_at_is_named_and_the_others_are_made(
    office: Path, tmp_path: Path, what: str
) -> None:
    put_office(office, what, bad=6)
    result = report(tmp_path)
    assert result.exit_code == 1
    assert names(tmp_path / "pdf") == ["report-1.pdf", "report-2.pdf", "report-4.pdf"]
    assert "xladdin: report-3.xlsx: LibreOffice makes no PDF of it.\n" in result.stderr


def test_without_libreoffice_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xladdin.reports.pdf.find_program", lambda name: None)
    result = report(tmp_path)
    assert (result.exit_code, result.stderr.count("\n"), "--pdf needs LibreOffice" in result.stderr) == (2, 1, True)
    assert not (tmp_path / "out").exists()


def test_what_is_no_success_gets_no_pdf_unless_it_is_allowed(office: Path, tmp_path: Path) -> None:
    put_office(office)
    make_book(tmp_path / "own.xlsx", CELLS | {"A2": "=1/(A1-2)"}, NAMES)
    for options, made in (((), 3), (("--allow-errors",), 4)):
        report(tmp_path, "--template", str(tmp_path / "own.xlsx"), *options)
        assert len(names(tmp_path / "pdf")) == made


def test_pdfs_of_reports_that_are_gone_or_have_errors_now_do_not_stay(office: Path, tmp_path: Path) -> None:
    put_office(office)
    make_book(tmp_path / "own.xlsx", CELLS | {"A2": "=1/(A1-2)"}, NAMES)
    own = ("--template", str(tmp_path / "own.xlsx"))
    report(tmp_path, *own, "--allow-errors", rows=4)
    (tmp_path / "pdf" / "of-mine.pdf").write_bytes(b"")
    report(tmp_path, *own, "--resume", rows=3)
    assert names(tmp_path / "pdf") == ["of-mine.pdf", "report-1.pdf", "report-3.pdf", "report-4.pdf"]
    report(tmp_path, *own, "--resume", "--prune", rows=3)
    assert names(tmp_path / "pdf") == ["of-mine.pdf", "report-1.pdf", "report-3.pdf"]


def test_a_list_for_a_mailer_names_the_pdf(office: Path, tmp_path: Path) -> None:
    put_office(office)
    result = report(tmp_path, "--address", "amount", rows=1)
    assert "made.csv: 1 without an address: report-1.xlsx ('1' is none)." in result.stderr
    with (tmp_path / "out" / "made.csv").open(newline="", encoding="utf-8") as file:
        (line,) = csv.DictReader(file)
    assert (line["file"], line["address"], Path(line["pdf"]).name) == ("report-1.xlsx", "", "report-1.pdf")


@pytest.mark.hosts
@pytest.mark.skipif(find_uno() is None, reason="there is no LibreOffice")
def test_libreoffice_makes_them(tmp_path: Path) -> None:
    assert report(tmp_path, "--name", "a {row}", rows=3).exit_code == 0
    pdfs = sorted((tmp_path / "pdf").glob("*.pdf"))
    assert [path.name for path in pdfs] == ["a 1.pdf", "a 2.pdf", "a 3.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in pdfs)

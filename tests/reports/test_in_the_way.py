"""What stands where reports are to go: what no run has made stays, and what is open is not written."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest
from support.books import make_book
from support.command import call, report

from xladdin.reports import run as runs
from xladdin.reports.outcome import StoppedError

PRECIOUS = b"precious"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return make_book(tmp_path / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("client,entry\nann,1\nbob,2\ncy,3\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "pattern", "options"),
    [
        ("report-2.xlsx", None, ()),
        ("report-2.xlsx", None, ("--resume",)),
        ("of bob/2.xlsx", "of {client}/{row}", ()),
        ("BOB.xlsx", "{client}", ()),
    ],
)
def test_a_file_that_no_run_has_made_stays_unless_it_is_said(
    table: Path, template: Path, tmp_path: Path, name: str, pattern: str | None, options: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    foreign = out / name
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(PRECIOUS)
    options += ("--quiet", *(("--name", pattern) if pattern else ()))
    result = report(table, template, out, *options)
    assert result.stderr == (
        f"xladdin: {foreign} is there and is of no run that made reports here, whose own are replaced; choose another "
        "--out, or write over it with --force.\n"
    )
    assert result.exit_code == 2
    assert foreign.read_bytes() == PRECIOUS
    assert {path.name for path in out.rglob("*") if path.is_file()} <= {foreign.name, ".lock"}
    assert report(table, template, out, *options, "--force").exit_code == 0
    assert len(list(out.rglob("*.xlsx"))) >= 4


def test_what_no_row_is_named_like_is_nobodys_business(table: Path, template: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("report-4.xlsx", "report-1.pdf", "mine.xlsx"):
        (out / name).write_bytes(PRECIOUS)
    assert report(table, template, out).exit_code == 0
    assert [(out / name).read_bytes() for name in ("report-4.xlsx", "report-1.pdf", "mine.xlsx")] == [PRECIOUS] * 3


@pytest.mark.parametrize("options", [(), ("--resume",)])
def test_reports_of_an_earlier_run_are_made_anew_also_where_a_spreadsheet_has_saved_its_list(
    table: Path, template: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    for separator in (None, ",", ";"):
        if separator:
            manifest = out / "manifest.csv"
            text = manifest.read_text(encoding="utf-8").replace('"', "").replace(",", separator)
            manifest.write_text(text, encoding="utf-8-sig")
        result = report(table, template, out, *options)
        assert result.exit_code == 0, result.stderr


def test_what_a_run_left_that_ended_before_it_noted_it_is_known_as_a_runs(
    table: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> list[bytes]:
        raise StoppedError("Stopped.")

    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(runs, "_note", end)
        assert report(table, template, out).exit_code == 130
    assert (out / "report-1.xlsx").exists()
    assert "report-1" not in (out / "manifest.csv").read_text(encoding="utf-8")
    assert report(table, template, out).exit_code == 0
    assert not (out / "left.csv").exists()


def test_a_list_that_no_run_has_made_stays_too(table: Path, template: Path, tmp_path: Path) -> None:
    for name, options in (("left.csv", ()), ("made.csv", ("--address", "client")), ("summary.xlsx", ("--resume",))):
        out = tmp_path / f"out of {name}"
        out.mkdir()
        (out / name).write_bytes(PRECIOUS)
        result = report(table, template, out, *options)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
        assert f"{out / name} is there and is of no run" in result.stderr
        assert (out / name).read_bytes() == PRECIOUS


def test_what_is_read_is_not_removed_with_the_list_of_rejected_rows(
    table: Path, template: Path, tmp_path: Path
) -> None:
    corrected = tmp_path / "out" / "rejected.csv"
    corrected.parent.mkdir()
    corrected.write_text("rejected line,rejected because,client,entry\n2,it was so,ann,1\n", encoding="utf-8")
    before = corrected.read_bytes()
    for source, out, given in (
        (corrected, str(corrected.parent), ()),
        (corrected, f"file://{corrected.parent}", ()),
        (table, str(corrected.parent), ("--set", f"rates={corrected}")),
    ):
        result = report(source, template, out, *given)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
        assert corrected.read_bytes() == before


@pytest.mark.parametrize("lock", [".~lock.report-2.xlsx#", "~$report-2.xlsx"])
def test_a_report_that_is_open_is_not_written_over(table: Path, template: Path, tmp_path: Path, lock: str) -> None:
    out = tmp_path / "out"
    assert report(table, template, out).exit_code == 0
    (out / lock).touch()
    before = {path: path.read_bytes() for path in out.glob("report-*.xlsx")}
    for options in ((), ("--resume",), ("--force",)):
        result = report(table, template, out, "--quiet", *options)
        assert result.stderr == (
            f"xladdin: {out / 'report-2.xlsx'} is open in a spreadsheet; close it there, or delete {out / lock} if "
            "none has it open.\n"
        )
        assert result.exit_code == 2
    assert {path: path.read_bytes() for path in before} == before
    (out / lock).unlink()
    assert report(table, template, out).exit_code == 0


@pytest.mark.parametrize("place", ["s3:x", "memory:x", "file:x", "file:", "S3:b/x", "file://host/x", "local://x"])
def test_what_is_nearly_a_url_is_no_folder(
    table: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    options = ("report", table, "--template", template)
    for given in (
        (*options, "--out", place),
        (*options, "--into", f"{place}.xlsx"),
        (*options, "--out", "out", "--pdf", place),
        ("recalc", template, "-o", f"{place}.xlsx"),
    ):
        result = call(*given)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), (given, result.stderr)
        assert sorted(tmp_path.rglob("*")) == before
    assert report(table, template, "night: the first").exit_code == 0
    assert report(table, template, f"./{place.partition('/')[0]}x").exit_code == 0


def test_a_place_with_a_url_is_no_other(
    table: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> list[bytes]:
        raise SystemExit(9)  # as near to a kill as can be: nothing is handed over

    system = fsspec.filesystem("memory")
    system.pipe("/desk/report-2.xlsx", PRECIOUS)
    out = "memory://desk"
    result = report(table, template, out, "--quiet")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert result.stderr.startswith(f"xladdin: {out}/report-2.xlsx is there and is of no run")
    assert [system.cat("/desk/report-2.xlsx"), len(system.find("/desk"))] == [PRECIOUS, 1]
    system.rm("/desk", recursive=True)
    with monkeypatch.context() as patched:
        patched.setattr(runs, "_note", end)
        patched.setattr(runs, "_hand_over", lambda *_: None)
        assert report(table, template, out).exit_code == 9
    assert sorted(Path(path).name for path in system.find("/desk")) == [
        "00000001.files",
        *(f"report-{row}.xlsx" for row in (1, 2, 3)),
    ]
    assert report(table, template, out).exit_code == 0
    assert not [path for path in system.find("/desk") if ".files" in path or "left.csv" in path]
    system.rm("/desk", recursive=True)


def test_reports_of_many_rows_keep_to_it(tmp_path: Path) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "out"
    table.write_text(
        "client,symbol,side,quantity,entry,price,margin_mode,leverage\n"
        "ann,BTCUSDT,long,1,60000,61000,isolated,5\nbob,BTCUSDT,long,1,60000,61000,isolated,5\n",
        encoding="utf-8",
    )
    out.mkdir()
    (out / "bob.xlsx").write_bytes(PRECIOUS)
    given = ("report", table, "--template", "positions", "--group-by", "client", "--out", out)
    result = call(*given)
    assert result.stderr.splitlines()[-1].startswith(f"xladdin: {out / 'bob.xlsx'} is there and is of no run")
    assert (result.exit_code, (out / "bob.xlsx").read_bytes()) == (2, PRECIOUS)
    assert not (out / "ann.xlsx").exists()
    (out / "bob.xlsx").rename(tmp_path / "bob.xlsx")
    assert call(*given).exit_code in (0, 1)
    assert (out / "bob.xlsx").exists()

"""Folders that can't be written to, that hold something else, or that an earlier run has used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from support.books import make_book
from support.command import report
from support.reports import differing, files
from support.systems import deletes_what_is_open, posix_words

from xladdin.cli import main
from xladdin.reports import batch, destinations, reader
from xladdin.reports.destinations import LOCK

Disk = Callable[[int], Path]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return make_book(tmp_path / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})


def write_table(path: Path, values: list[object]) -> Path:
    path.write_text("\n".join(["entry", *map(str, values)]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A real disk of so many kilobytes; asked again, the same one of another size."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def sized(kilobytes: int, *options: str) -> Path:
        how = ["remount"] if os.path.ismount(folder) else []
        given = ",".join([*how, f"size={kilobytes}k", *options])
        command = ["mount", "-t", "tmpfs", "-o", given, "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a disk of a given size can't be mounted here: {done.stderr.strip()}")
        return folder

    try:
        yield sized
    finally:
        if os.path.ismount(folder):
            subprocess.run(["umount", str(folder)], check=True)


@posix_words
@pytest.mark.parametrize("options", [[], ["--resume"]])
@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("", "--out is empty; allowed is a folder or a URL."),
        (" ", "--out is empty; allowed is a folder or a URL."),
        ("{}/file", "--out {}/file is a file; allowed is a folder or a URL."),
        ("{}/file/in/it", "{}/file/in/it can't be written: Not a directory."),
    ],
)
def test_a_folder_that_is_none_is_refused(
    table: Path, template: Path, tmp_path: Path, out: str, said: str, options: list[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    result = report(table, template, out.format(tmp_path), *options)
    assert (result.exit_code, result.stderr) == (2, f"xladdin: {said.format(tmp_path)}\n")
    assert (tmp_path / "file").read_text() == "mine"


# The last row can be used, or is listed as rejected.
@posix_words
@pytest.mark.parametrize(("options", "last"), [([], "x" * 10_000), (["--resume"], 3)])
@pytest.mark.parametrize("name", ["manifest.csv", "summary.xlsx", "rejected.csv", "report-2.xlsx", ".unfinished"])
def test_what_is_in_the_way_is_named_and_the_run_can_go_on_without_it(
    template: Path, tmp_path: Path, name: str, options: list[str], last: object
) -> None:
    table = write_table(tmp_path / "t.csv", [1, 2, last])
    out = tmp_path / "out"
    is_file = name == ".unfinished"
    out.mkdir()
    (out / name).write_text("") if is_file else (out / name).mkdir()
    result = report(table, template, out, *options)
    named, why = ("report-1.xlsx", "Not a directory") if is_file else (name, "Is a directory")
    assert (result.exit_code, result.stderr) == (2, f"xladdin: {out}/{named} can't be written: {why}.\n")
    (out / name).unlink() if is_file else (out / name).rmdir()
    expected = 0 if last == 3 else 1
    assert report(table, template, out, "--resume").exit_code == expected
    assert report(table, template, tmp_path / "other").exit_code == expected
    assert differing(files(out), files(tmp_path / "other")) == []


def test_a_list_of_rejected_rows_that_a_killed_run_left_goes(table: Path, template: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".rejected.csv").touch()
    assert report(table, template, tmp_path / "out").exit_code == 0
    assert {path.name for path in (tmp_path / "out").glob(".*")} <= {".lock"}


def long_table(path: Path) -> Path:
    """Sixty rows, of which each third is rejected with much to say."""
    return write_table(path, ["x" * 500 if row % 3 == 2 else row for row in range(60)])


def check_full(result: Result, out: Path) -> None:
    """One sentence, nothing half-written, nothing left of what was not finished."""
    assert result.exit_code == 2
    assert result.stderr.startswith(f"xladdin: {out}/")
    assert result.stderr.endswith("can't be written: No space left on device.\n")
    assert result.stderr.count("\n") == 1
    for path in out.rglob("*"):
        assert path.is_file()
        assert path.name == LOCK or not path.name.startswith(".")
        if path.suffix == ".xlsx":
            openpyxl.load_workbook(path)


@pytest.mark.hosts
@pytest.mark.parametrize("full_at", [4, 180, 328, 332, 340, 348])
def test_a_full_disk_is_said_and_when_there_is_room_resume_makes_the_rest(
    disk: Disk, template: Path, tmp_path: Path, full_at: int
) -> None:
    table = long_table(tmp_path / "t.csv")
    assert report(table, template, tmp_path / "other").exit_code == 1
    out = disk(full_at) / "out"
    result = report(table, template, out)
    if result.exit_code == 1:  # it just fitted
        assert full_at > 300
    else:
        check_full(result, out)
    disk(10_000)
    assert report(table, template, out, "--resume").exit_code == 1
    assert differing(files(out), files(tmp_path / "other")) == []


@pytest.mark.hosts
@pytest.mark.slow
def test_a_full_disk_is_said_by_workers_too(disk: Disk, template: Path, tmp_path: Path) -> None:
    table = long_table(tmp_path / "t.csv")
    report(table, template, tmp_path / "other")
    out = disk(150) / "out"
    check_full(report(table, template, out, "--workers", "2"), out)
    disk(10_000)
    assert report(table, template, out, "--workers", "2", "--resume").exit_code == 1
    assert differing(files(out), files(tmp_path / "other")) == []


@pytest.mark.hosts
def test_a_folder_that_may_only_be_read_is_said(disk: Disk, table: Path, template: Path) -> None:
    out = disk(1000) / "out"
    assert report(table, template, out).exit_code == 0
    before = files(out)
    disk(1000, "ro")  # what root may not write to either
    for options in ([], ["--resume"]):
        result = report(table, template, out, *options)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"xladdin: {out}")
        assert result.stderr.endswith("can't be written: Read-only file system.\n")
    assert differing(files(out), before) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0",
        b"\xff\xfe",
        b'"row","line"\n',
        b'"row","line","file","hash","time","double"\nx,y,z,a,b,c\n',
        b"row,line,file,hash,time,double\n1,2,report-1.xlsx,a,b,2\n",  # saved by a spreadsheet
        b'"row","line","file","hash","time","double"\n1,2,"report-1.xlsx","h',
    ],
)
def test_a_run_resumes_from_a_damaged_manifest_by_making_all(
    table: Path, template: Path, tmp_path: Path, content: bytes
) -> None:
    for folder in ("out", "other"):
        assert report(table, template, tmp_path / folder).exit_code == 0
    (tmp_path / "out" / "manifest.csv").write_bytes(content)
    result = report(table, template, tmp_path / "out", "--resume")
    assert (result.exit_code, result.stdout) == (0, f"3 reports and a summary in {tmp_path / 'out'}.\n")
    assert differing(files(tmp_path / "out"), files(tmp_path / "other")) == []


def test_a_line_that_was_not_finished_costs_no_more_than_that_report(
    table: Path, template: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report(table, template, out)
    whole = (out / "manifest.csv").read_bytes()
    (out / "manifest.csv").write_bytes(whole[:-20])
    (out / "report-3.xlsx").unlink()
    (out / "report-3.xlsx").mkdir()
    assert report(table, template, out, "--resume").exit_code == 2  # stopped before it has made any
    (out / "report-3.xlsx").rmdir()
    result = report(table, template, out, "--resume")
    assert result.stdout == f"1 report and a summary in {out}, 2 more there already.\n"


@pytest.mark.parametrize("during", ["run.open_table", "summary.write_whole_stream"])
def test_ctrl_c_before_and_after_the_reports_is_not_taken_for_rejected_rows(
    table: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, during: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"xladdin.reports.{during}", stop)
        result = report(table, template, tmp_path / "out")
    assert (result.exit_code, result.stderr) == (130, "xladdin: Stopped.\n")
    assert report(table, template, tmp_path / "out", "--resume").exit_code == 0


def test_reports_of_an_earlier_run_are_told_of(template: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report(write_table(tmp_path / "t.csv", list(range(9))), template, out)
    (out / "report-9.xlsx").unlink()
    result = report(write_table(tmp_path / "t.csv", [1, 2, "x", 3]), template, out)
    assert result.stderr.splitlines()[0] == (
        f"xladdin: {out} still holds 5 reports of an earlier run, such as report-3.xlsx; left.csv lists "
        "all, and --prune removes them."
    )
    assert (out / "left.csv").read_text().split() == ['"file"', *(f'"report-{row}.xlsx"' for row in (3, 5, 6, 7, 8))]
    result = report(write_table(tmp_path / "t.csv", [1, 2, 5, 3]), template, out)
    assert "still holds 4 reports of an earlier run, such as report-5.xlsx;" in result.stderr
    result = report(write_table(tmp_path / "t.csv", [1, 2, 5]), template, out, "--resume")
    assert "still holds 5 reports of an earlier run, such as report-4.xlsx;" in result.stderr


def test_reports_of_rows_that_are_gone_are_removed_when_asked(template: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report(write_table(tmp_path / "t.csv", list(range(9))), template, out)
    (out / "report-8.xlsx.old").write_text("somebody's own")
    report(write_table(tmp_path / "t.csv", [0, 1, 2]), template, out)
    result = report(write_table(tmp_path / "t.csv", [0, 1]), template, out, "--resume", "--prune")
    assert f"xladdin: 7 reports of rows that are gone were removed from {out}, such as report-3.xlsx." in result.stderr
    assert sorted(path.name for path in out.glob("[!.]*")) == [
        *("manifest.csv", "report-1.xlsx", "report-2.xlsx", "report-8.xlsx.old", "summary.xlsx")
    ]
    assert "earlier run" not in report(write_table(tmp_path / "t.csv", [0, 1]), template, out).stderr


def test_nothing_is_removed_when_no_row_can_be_used(template: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report(write_table(tmp_path / "t.csv", [1, 2]), template, out)
    result = report(write_table(tmp_path / "t.csv", ["x", "y"]), template, out, "--prune")
    assert "still holds 2 reports of an earlier run" in result.stderr
    assert (out / "report-1.xlsx").exists()


@pytest.mark.parametrize("harm", [lambda data: data[:-9], lambda data: data[:99] + b"x" + data[100:]])
def test_a_report_that_was_cut_or_changed_is_made_anew(
    template: Path, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    out, table = tmp_path / "out", write_table(tmp_path / "t.csv", list(range(9)))
    report(table, template, out)
    whole = (out / "report-3.xlsx").read_bytes()
    (out / "report-3.xlsx").write_bytes(harm(whole))
    result = report(table, template, out, "--resume")
    assert "1 report and a summary" in result.output
    assert (out / "report-3.xlsx").read_bytes() == whole


def test_two_runs_do_not_share_a_folder(table: Path, template: Path, tmp_path: Path) -> None:
    """A lock is of the process that has it: one that a run left that was killed stops nobody."""
    out = tmp_path / "out"
    with destinations.locked(str(out)):
        result = report(table, template, out)
        assert (result.exit_code, result.stderr) == (
            2,
            f"xladdin: Another run makes reports in {out} now; wait until it has ended, or choose another --out.\n",
        )
    (out / ".lock").touch()  # Windows takes it away with the lock, and a run that is killed leaves it
    assert report(table, template, out).exit_code == 0


@deletes_what_is_open
def test_a_table_that_is_replaced_while_it_is_read_is_said(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, table = tmp_path / "out", write_table(tmp_path / "t.csv", list(range(9)))
    make = batch.make

    def replacing(made: batch.Batch) -> batch.Made:
        write_table(tmp_path / "new.csv", list(range(5))).replace(table)
        return make(made)

    monkeypatch.setattr(reader, "FRAME", 4)
    with monkeypatch.context() as patch:
        patch.setattr(batch, "make", replacing)
        result = report(table, template, out)
    assert (result.exit_code, result.stderr) == (
        3,
        f"xladdin: {table} was changed or replaced while it was read; --resume makes the reports of what it is now.\n",
    )
    assert report(table, template, out, "--resume", "--prune").exit_code == 0
    assert len(list(out.glob("report-*.xlsx"))) == 5


@pytest.mark.hosts
def test_a_full_disk_for_temporary_files_is_said(disk: Disk, table: Path, template: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report(table, template, out)
    last = (out / "manifest.csv").read_text().splitlines()[-1]
    assert last.startswith('3,4,"report-3.xlsx"')
    with (out / "manifest.csv").open("a") as file:
        file.writelines(
            last.replace('3,4,"report-3.', f'{row},{row + 1},"report-{row}.') + "\n" for row in range(4, 60_000)
        )
    command = [sys.executable, "-m", "xladdin", "report", str(table), "--template", str(template), "--resume"]
    surroundings = os.environ | {"SQLITE_TMPDIR": str(disk(500))}  # which is read when a process starts
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, check=False, env=surroundings)
    assert (done.returncode, done.stderr) == (
        2,
        "xladdin: The list of the reports' names in the temporary folder can't be kept: database or disk is full.\n",
    )


@posix_words
def test_names_that_the_system_takes_for_none_are_one_sentence(table: Path, template: Path) -> None:
    long = "a" * 300
    for arguments in (
        ["report", str(table), "--template", str(template), "--out", long],
        ["report", str(table), "--template", long, "--out", "out"],
        ["check", str(table), "--template", long],
        ["check", long, "--template", str(template)],
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code in (2, 3), result.output
        assert isinstance(result.exception, SystemExit)
        assert result.stderr.startswith("xladdin: aaa")
        assert "File name too long" in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("place", ["ftp://127.0.0.1:1/x", "zip://{folder}"])
def test_a_place_that_can_not_be_reached_is_one_sentence(
    place: str, table: Path, template: Path, tmp_path: Path
) -> None:
    place = place.format(folder=tmp_path)
    result = report(table, template, place)
    assert result.exit_code == 2
    assert f"xladdin: {place} can't be reached: " in result.stderr


@pytest.mark.parametrize("name", ["manifest.csv", "summary.xlsx", "rejected.csv"])
def test_a_file_of_no_run_is_not_written_over_unless_by_force(
    template: Path, table: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_bytes(b"mine")
    result = report(table, template, out)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"{out / name} is there and is of no run" in result.stderr
    assert "--force" in result.stderr
    assert [path.name for path in out.iterdir()] == [name]
    assert (out / name).read_bytes() == b"mine"
    assert report(table, template, out, "--force").exit_code == 0
    assert not (out / name).exists() or (out / name).read_bytes() != b"mine"
    for options in ([], ["--resume"]):  # now the folder is a run's
        assert report(table, template, out, *options).exit_code == 0


def test_a_list_beside_the_one_workbook_that_no_run_has_made_is_not_written_over(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("symbol,side,entry,quantity,price,leverage\nBTC,long,1,1,2,5\nBTC,long,x,1,2,5\n")
    listed = tmp_path / "one-rejected.csv"
    listed.write_text("mine")
    given = ["report", str(table), "--template", "positions", "--into", str(tmp_path / "one.xlsx"), "--defaults"]
    result = CliRunner().invoke(main, given)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"{listed} is there and is no list of rejected rows" in result.stderr
    assert (listed.read_text(), (tmp_path / "one.xlsx").exists()) == ("mine", False)
    assert CliRunner().invoke(main, [*given, "--force"]).exit_code == 1
    assert listed.read_text().startswith("rejected line,")
    (tmp_path / "one.xlsx").unlink()
    assert CliRunner().invoke(main, given).exit_code == 1  # over a list of ours

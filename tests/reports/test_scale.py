"""Runs by several workers, by Dask, to a URL, stopped, killed and resumed: always the same files."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import fsspec
import pytest
from distributed import LocalCluster
from support.reports import differing, files
from support.systems import deletes_what_is_open

from xladdin.core.errors import UserError
from xladdin.reports import batch, workers
from xladdin.reports.run import run
from xladdin.templates import find

ROWS, BATCH = 100, 40  # three batches
MANY = 1200  # rows: long enough to be stopped on the way
KILLS = 30


def write(path: Path, count: int) -> Path:
    """A table of positions, of which one in fifty can't be used."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["client", "side", "entry", "amount", "leverage", "stop", "target"])
        for number in range(count):
            side = "sideways" if number % 50 == 7 else ("long", "short")[number % 2]
            writer.writerow([f"Client {number}", side, 1000 + number, 500, 5, 1050 if number % 2 else 950, 1100])
    return path


def in_one_go(table: Path, out: Path) -> dict[str, bytes]:
    """What one worker makes of a table as a single batch, or as few."""
    count = len(table.read_text(encoding="utf-8").splitlines()) - 1
    outcome = run(table, find("futures-planner"), out)
    assert (outcome.made, outcome.rejected) == (count - count // 50, count // 50)
    return files(out)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("table") / "positions.csv", ROWS)


@pytest.fixture(scope="module")
def expected(table: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return in_one_go(table, tmp_path_factory.mktemp("expected"))


@pytest.fixture(scope="module")
def long_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("table") / "positions.csv", MANY)


@pytest.fixture(scope="module")
def expected_of_many(long_table: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return in_one_go(long_table, tmp_path_factory.mktemp("expected"))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "SIZE", BATCH)


@pytest.mark.usefixtures("small_batches")
def test_two_workers_make_the_same_files(table: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    run(table, find("futures-planner"), tmp_path, worker_count=2)
    assert differing(files(tmp_path), expected) == []


def test_the_size_of_a_batch_does_not_show(
    table: Path, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "SIZE", 7)
    run(table, find("futures-planner"), tmp_path)
    assert differing(files(tmp_path), expected) == []


@pytest.mark.hosts
@pytest.mark.filterwarnings("ignore")  # Dask's own, of its sockets and loops at the end
def test_dask_makes_the_same_files(
    long_table: Path, expected_of_many: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        monkeypatch.chdir(tmp_path)  # and the workers are elsewhere
        run(long_table, find("futures-planner"), "out", scheduler=cluster.scheduler_address)
    assert differing(files(tmp_path / "out"), expected_of_many) == []


@pytest.mark.usefixtures("small_batches")
def test_a_url_takes_the_same_files(table: Path, workbook: Path, tmp_path: Path) -> None:
    run(table, workbook, tmp_path / "here")
    expected = files(tmp_path / "here")
    run(table, workbook, "memory://bucket/night")
    system = fsspec.filesystem("memory")
    assert {path.rpartition("/")[2] for path in system.find("/bucket/night")} == set(expected)
    assert system.cat("/bucket/night/report-1.xlsx") == expected["report-1.xlsx"]
    again = run(table, workbook, "memory://bucket/night", resume=True)
    assert (again.made, again.kept) == (0, ROWS - ROWS // 50)


@pytest.mark.usefixtures("small_batches")
def test_a_url_of_folders_takes_the_same_files(table: Path, workbook: Path, tmp_path: Path) -> None:
    run(table, workbook, tmp_path / "here")
    run(table, workbook, f"file://{tmp_path}/there/night")
    assert differing(files(tmp_path / "there" / "night"), files(tmp_path / "here")) == []


@deletes_what_is_open
@pytest.mark.usefixtures("small_batches")
def test_what_is_in_a_folder_that_was_removed_meanwhile_is_known(table: Path, workbook: Path, tmp_path: Path) -> None:
    run(table, workbook, tmp_path / "fresh")
    out = tmp_path / "out"

    def remove(_: int) -> None:
        shutil.rmtree(out)
        out.mkdir()

    with pytest.raises(UserError, match=r"manifest\.csv can't be written"):
        run(table, workbook, out, progress=remove)
    assert list(out.glob("report-*.xlsx"))
    run(table, workbook, out, resume=True)
    assert differing(files(out), files(tmp_path / "fresh")) == []


@pytest.mark.usefixtures("small_batches")
def test_resume_makes_what_is_missing_or_changed_and_no_more(table: Path, workbook: Path, tmp_path: Path) -> None:
    out, changed = tmp_path / "out", tmp_path / "t.csv"
    changed.write_text(table.read_text(encoding="utf-8"))
    run(changed, workbook, out)
    (out / "report-3.xlsx").unlink()
    lines = changed.read_text().splitlines()
    lines[5] = lines[5].replace(",1004,", ",2004,")
    changed.write_text("\n".join(lines))
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("report-*.xlsx")}
    outcome = run(changed, workbook, out, resume=True)
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("report-*.xlsx")}
    assert outcome.made == 2
    assert {name for name in after if after[name] != before.get(name)} == {"report-3.xlsx", "report-5.xlsx"}
    run(changed, workbook, tmp_path / "fresh")
    assert differing(files(out), files(tmp_path / "fresh")) == []


def start(table: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xladdin", "report", str(table), "--template", "futures-planner"]
    return subprocess.Popen(
        [*command, "--out", str(out), *options], stderr=subprocess.PIPE, start_new_session=True, env=os.environ
    )


@pytest.mark.hosts
@pytest.mark.slow
def test_a_run_killed_at_random_moments_resumes_to_the_same_files(
    long_table: Path, expected_of_many: dict[str, bytes], tmp_path: Path
) -> None:
    chance = random.Random(3)
    for _ in range(KILLS):
        process = start(long_table, tmp_path, "--resume")
        time.sleep(chance.uniform(0.3, 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        for path in tmp_path.glob("report-*.xlsx"):  # what has its name is whole
            assert differing({path.name: path.read_bytes()}, {path.name: expected_of_many[path.name]}) == []
    process = start(long_table, tmp_path, "--resume")
    process.communicate()
    assert process.returncode == 1  # some rows are rejected
    assert differing(files(tmp_path), expected_of_many) == []


@pytest.mark.hosts
@pytest.mark.parametrize("options", [[], ["--workers", "2"]])
def test_ctrl_c_ends_cleanly_and_resume_goes_on(
    long_table: Path, expected_of_many: dict[str, bytes], tmp_path: Path, options: list[str]
) -> None:
    process = start(long_table, tmp_path, *options)
    while not list(tmp_path.glob("report-*.xlsx")):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    *told, stopped = said.splitlines()
    assert process.returncode == 130
    assert told[0].startswith(b"xladdin: From the template")
    assert stopped.startswith(b"xladdin: Stopped; ")
    run(long_table, find("futures-planner"), tmp_path, resume=True)
    assert differing(files(tmp_path), expected_of_many) == []


def dies_once(folder: str) -> str:
    """A job whose worker dies the first time."""
    marker = Path(folder, "died")
    if not marker.exists():
        marker.touch()
        os._exit(1)
    return "done"


def dies(_: str) -> str:
    os._exit(1)


@pytest.mark.hosts
def test_what_a_dead_worker_had_in_hand_is_done_by_another(tmp_path: Path) -> None:
    with workers.workers(2, None) as (start_executor, ahead):
        jobs = [str(tmp_path)] * 5
        assert list(workers.in_order(dies_once, jobs, start_executor, ahead)) == [(job, "done") for job in jobs]


@pytest.mark.hosts
def test_a_job_that_kills_every_worker_ends_the_run_in_one_sentence() -> None:
    with workers.workers(2, None) as (start_executor, ahead), pytest.raises(UserError, match="Workers died 3 times"):
        list(workers.in_order(dies, ["job"], start_executor, ahead))


def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    table: Path, workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        if str(target).endswith("report-9.xlsx"):
            raise OSError(28, "No space left on device")
        shutil.move(source, target)

    monkeypatch.setattr("xladdin.reports.destinations.os.replace", full)
    with pytest.raises(UserError, match=r"report-9\.xlsx can't be written: No space left on device"):
        run(table, workbook, tmp_path)
    assert len(list(tmp_path.glob("report-*.xlsx"))) == 7  # 8 is rejected
    assert not (tmp_path / ".unfinished").exists()


@deletes_what_is_open
@pytest.mark.usefixtures("small_batches")
def test_a_folder_that_vanishes_is_said(table: Path, workbook: Path, tmp_path: Path) -> None:
    def vanish(count: int) -> None:
        shutil.rmtree(out)

    out = tmp_path / "out"
    with pytest.raises(UserError, match="out is not there: it has gone"):
        run(table, workbook, out, progress=vanish)
    assert not out.exists()


@pytest.mark.usefixtures("small_batches")
def test_a_manifest_that_vanishes_is_said(table: Path, workbook: Path, tmp_path: Path) -> None:
    def vanish(count: int) -> None:
        (out / "manifest.csv").unlink()

    out = tmp_path / "out"
    with pytest.raises(UserError, match=r"manifest\.csv can't be written: No such file"):
        run(table, workbook, out, progress=vanish)


def test_a_place_that_is_none_is_said(table: Path, workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no place"):
        run(table, workbook, "nowhere://x")

"""Workers that are killed, folders that are removed and schedulers that go away while a real run goes on."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from support.books import make_book
from support.reports import differing, files

from xladdin.core.errors import UserError
from xladdin.reports import workers
from xladdin.reports.run import run

ROWS = 2000  # four batches
CHILDREN = Path("/proc/self/task") / str(os.getpid()) / "children"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A table and a template as the command takes them."""
    folder = tmp_path_factory.mktemp("source")
    template = make_book(folder / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})
    table = folder / "t.csv"
    table.write_text("entry\n" + "".join(f"{row}\n" for row in range(ROWS)))
    return [str(table), "--template", str(template)]


@pytest.fixture(scope="module")
def expected(source: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an undisturbed run makes."""
    out = tmp_path_factory.mktemp("expected")
    run(Path(source[0]), Path(source[2]), out)
    return files(out)


@contextlib.contextmanager
def running(source: list[str], out: Path, *options: str) -> Any:
    """The command, with what it says."""
    command = [sys.executable, "-m", "xladdin", "report", *source, "--out", str(out), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(found: Any, process: subprocess.Popen[str]) -> Any:
    """What a function gives as soon as it is true, or the process has ended."""
    while not (result := found()) and process.poll() is None:
        time.sleep(0.01)
    return result


def worker_processes(process: subprocess.Popen[str]) -> list[int]:
    """The processes that make reports for a run."""
    found = []
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split():
        with contextlib.suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def has_reports(out: Path, count: int) -> bool:
    return out.exists() and len(os.listdir(out)) >= count  # noqa: PTH208  (many, and often)


needs_proc = pytest.mark.skipif(not CHILDREN.exists(), reason="the workers' processes are found in /proc, not here")


@pytest.mark.hosts
@needs_proc
@pytest.mark.parametrize("after", [300, *(pytest.param(count, marks=pytest.mark.slow) for count in (0, 1, 900, 1800))])
def test_reports_of_a_worker_that_is_killed_are_made_by_another(
    source: list[str], expected: dict[str, Any], tmp_path: Path, after: int
) -> None:
    with running(source, tmp_path / "out", "--workers", "2") as process:
        wait_for(lambda: not after or has_reports(tmp_path / "out", after), process)
        victim, *_ = wait_for(lambda: worker_processes(process), process)
        os.kill(victim, signal.SIGKILL)
        told, said = process.communicate(timeout=120)
    assert (process.returncode, told, said) == (0, f"{ROWS} reports and a summary in {tmp_path / 'out'}.\n", "")
    assert differing(files(tmp_path / "out"), expected) == []


@pytest.mark.hosts
@pytest.mark.slow
@pytest.mark.parametrize("count", ["1", "2"])
@pytest.mark.parametrize("after", [1, 300, 700, 1400])
def test_a_folder_that_is_removed_ends_the_run_in_one_sentence_and_stays_away(
    source: list[str], expected: dict[str, Any], tmp_path: Path, count: str, after: int
) -> None:
    out = tmp_path / "out"
    with running(source, out, "--workers", count) as process:
        wait_for(lambda: has_reports(out, after), process)
        process.send_signal(signal.SIGSTOP)  # or it may write its last files while the folder is being removed
        while out.exists():
            shutil.rmtree(out, ignore_errors=True)
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said.count("\n"), said.startswith(f"xladdin: {out}")) == (2, 1, True)
    assert not out.exists()
    run(Path(source[0]), Path(source[2]), out, resume=True)
    assert differing(files(out), expected) == []


class Dying(Executor):
    """An executor of which the workers are dead before a job is handed in."""

    started = 0

    def __init__(self) -> None:
        Dying.started += 1

    def submit(self, function: Any, /, *args: Any, **named: Any) -> Future[Any]:
        if Dying.started < 3:
            raise BrokenExecutor
        future: Future[Any] = Future()
        future.set_result(function(*args))
        return future


def test_workers_that_die_while_jobs_are_handed_in_again_are_replaced_too() -> None:
    assert list(workers.in_order(str, [1, 2, 3], Dying, 2)) == [(1, "1"), (2, "2"), (3, "3")]


ENDINGS = """
import multiprocessing, os, random, signal, sys, threading, time
from xladdin.reports import workers

def killed(victim, after):
    time.sleep(after)
    os.kill(victim, signal.SIGKILL)

if __name__ == "__main__":
    for turn in range(30):
        start, ahead = workers.workers(2, None).__enter__()
        jobs = [bytes(500_000)] * 6
        for number, _ in enumerate(workers.in_order(len, jobs, start, ahead), 1):
            if number == int(sys.argv[1]):
                victim = multiprocessing.active_children()[0].pid
                end = threading.Thread(target=killed, args=(victim, random.random() * 0.004))
                end.start()
        end.join()
        assert number == len(jobs)
"""


@pytest.mark.hosts
@pytest.mark.slow
@pytest.mark.parametrize("after", [2, 6])
def test_a_worker_that_is_killed_at_whatever_moment_keeps_nobody_waiting(tmp_path: Path, after: int) -> None:
    """Also while the pool is shut down, with the lock of its queue, and while a job is on its way to it."""
    script = tmp_path / "endings.py"
    script.write_text(ENDINGS)
    subprocess.run([sys.executable, str(script), str(after)], check=True, timeout=120)


@pytest.mark.hosts
@needs_proc
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Dask's own, of its sockets and loops at the end
def test_reports_of_a_dask_worker_that_is_killed_are_made_by_another(
    source: list[str], expected: dict[str, Any], tmp_path: Path
) -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        for after in (1, 700, 1400):
            out = tmp_path / f"after-{after}"
            with running(source, out, "--scheduler", cluster.scheduler_address) as process:
                wait_for(lambda out=out, after=after: has_reports(out, after), process)
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
                told, _ = process.communicate(timeout=120)
            assert (process.returncode, told) == (0, f"{ROWS} reports and a summary in {out}.\n")
            assert differing(files(out), expected) == []


@pytest.mark.hosts
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_goes_away_ends_the_run_in_one_sentence(
    source: list[str], expected: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with contextlib.ExitStack() as stack:
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            process = stack.enter_context(running(source, out, "--scheduler", cluster.scheduler_address))
            wait_for(lambda: has_reports(out, 300), process)
        _, said = process.communicate(timeout=120)
    last = f"xladdin: The Dask scheduler at {cluster.scheduler_address} answers no longer."
    assert (process.returncode, said.splitlines()[-1]) == (2, last)
    run(Path(source[0]), Path(source[2]), out, resume=True)
    assert differing(files(out), expected) == []


@pytest.mark.hosts
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_job_that_kills_every_dask_worker_ends_the_run_in_one_sentence() -> None:
    def dies(_: str) -> None:
        os._exit(1)

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        pytest.raises(UserError, match="Workers died 4 times over the same batch"),
        workers.workers(1, cluster.scheduler_address) as (start, ahead),
    ):
        list(workers.in_order(dies, ["job"], start, ahead))

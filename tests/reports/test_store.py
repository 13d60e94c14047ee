"""Runs to an object store by a Dask cluster, with workers killed, schedulers lost and power cut in between.

The store is moto's server, a real one over HTTP on this machine; s3fs speaks to it as to any other.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from distributed import LocalCluster
from support.books import make_book
from support.browser import free_port
from support.reports import differing, files

from xladdin.core.errors import UserError
from xladdin.reports.outcome import Outcome
from xladdin.reports.run import run

pytestmark = [pytest.mark.hosts, pytest.mark.filterwarnings("ignore")]  # Dask's own, of its sockets and loops

ROWS = 3000  # three batches
BUCKET = "s3://night"


@contextlib.contextmanager
def a_store(command: list[str], *arguments: str) -> Iterator[Any]:
    """A store on this machine, and s3fs told of it, here and in all processes that begin here."""
    port = free_port()
    surroundings = {
        "FSSPEC_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "FSSPEC_S3_KEY": "test",
        "FSSPEC_S3_SECRET": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    known = fsspec.config.conf.get("s3")
    with (
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen([*command, str(port), *arguments], stderr=subprocess.DEVNULL) as process,
    ):
        for name, value in surroundings.items():
            patch.setenv(name, value)
        fsspec.config.set_conf_env(fsspec.config.conf)
        try:
            yield ready()
        finally:
            process.kill()
            fsspec.config.conf.pop("s3", None)
            if known is not None:
                fsspec.config.conf["s3"] = known


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """A store that does as it is told."""
    with a_store([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p"]) as system:
        yield system


def ready() -> Any:
    """The store's files, as soon as it answers."""
    last = time.monotonic() + 60
    while True:
        try:
            system = fsspec.filesystem("s3", skip_instance_cache=True)
            system.makedirs(BUCKET, exist_ok=True)
        except Exception:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)
        else:
            return system


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A table and a template."""
    folder = tmp_path_factory.mktemp("source")
    template = make_book(folder / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})
    table = folder / "t.csv"
    table.write_text("entry\n" + "".join(f"{row}\n" for row in range(ROWS)))
    return [table, template]


@pytest.fixture(scope="module")
def expected(source: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an undisturbed run makes in a folder."""
    out = tmp_path_factory.mktemp("expected")
    run(*source, out)
    return files(out)


@contextlib.contextmanager
def running(source: list[Path], out: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command, with what it says."""
    command = [sys.executable, "-m", "xladdin", "report", str(source[0]), "--template", str(source[1]), "--out", out]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(store: Any, out: str, ending: str, process: subprocess.Popen[str]) -> None:
    """Until a file with this ending is there, or the run has ended."""
    while process.poll() is None:
        store.invalidate_cache()
        if any(path.endswith(ending) for path in store.find(out)):
            return
        time.sleep(0.1)


def stored(store: Any, out: str, folder: Path) -> dict[str, Any]:
    """All that there is under a URL."""
    store.invalidate_cache()
    start = len(out.removeprefix("s3://")) + 1
    for path, data in store.cat(store.find(out)).items():
        target = folder / path[start:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return files(folder)


def gone_on_with(source: list[Path], out: str) -> Outcome:
    """The run that comes after one that did not end: it keeps what there is, and makes the rest."""
    outcome = run(*source, out, resume=True)
    assert outcome.made + outcome.kept == ROWS
    return outcome


def test_reports_of_a_worker_that_is_killed_are_in_the_store_once(
    store: Any, source: list[Path], expected: dict[str, Any], tmp_path: Path
) -> None:
    out = f"{BUCKET}/worker"
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        running(source, out, "--scheduler", cluster.scheduler_address) as process,
    ):
        wait_for(store, out, ".xlsx", process)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        said, errors = process.communicate(timeout=500)
    assert (process.returncode, said) == (0, f"{ROWS} reports and a summary in {out}.\n"), errors
    assert differing(stored(store, out, tmp_path), expected) == []


def test_a_run_whose_scheduler_is_lost_is_gone_on_with(
    store: Any, source: list[Path], expected: dict[str, Any], tmp_path: Path
) -> None:
    out = f"{BUCKET}/scheduler"
    with contextlib.ExitStack() as stack:
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            process = stack.enter_context(running(source, out, "--scheduler", cluster.scheduler_address))
            wait_for(store, f"{out}/.unfinished", ".csv", process)  # a batch is noted
        _, said = process.communicate(timeout=500)
    last = f"xladdin: The Dask scheduler at {cluster.scheduler_address} answers no longer."
    assert (process.returncode, said.splitlines()[-1]) == (2, last)
    assert gone_on_with(source, out).kept > 0
    assert differing(stored(store, out, tmp_path), expected) == []


def test_a_run_that_loses_its_power_is_gone_on_with(
    store: Any, source: list[Path], expected: dict[str, Any], tmp_path: Path
) -> None:
    out = f"{BUCKET}/power"
    with running(source, out) as process:
        wait_for(store, f"{out}/.unfinished", ".csv", process)  # a batch is noted
        process.kill()
    assert not store.exists(f"{out}/summary.xlsx")
    outcome = gone_on_with(source, out)
    assert 0 < outcome.kept < ROWS
    assert differing(stored(store, out, tmp_path), expected) == []


def test_a_report_in_the_store_that_was_cut_is_made_anew(
    store: Any, source: list[Path], expected: dict[str, Any], tmp_path: Path
) -> None:
    out = f"{BUCKET}/cut"
    run(*source, out)
    store.pipe_file(f"{out}/report-7.xlsx", b"half of it")
    outcome = gone_on_with(source, out)
    assert (outcome.made, outcome.kept) == (1, ROWS - 1)
    assert differing(stored(store, out, tmp_path), expected) == []


BUSY = """
import itertools, sys
from pathlib import Path
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

port, folder = int(sys.argv[1]), Path(sys.argv[2])
store = DomainDispatcherApplication(create_backend_app)
puts = itertools.count(1)

def busy(environ, start):
    every = int((folder / "every").read_text())
    if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].endswith(".xlsx") and next(puts) % every == 0:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with (folder / "refused").open("a") as refused:
            print(environ["PATH_INFO"], file=refused)
        start("503 Slow Down", [("Content-Type", "application/xml")])
        return [b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"]
    return store(environ, start)

run_simple("127.0.0.1", port, busy, threaded=True)
"""
FEW = 300


@pytest.fixture
def busy_store(tmp_path: Path) -> Iterator[tuple[Any, Path]]:
    """A store that is too busy for every so many reports, as a file says; another lists those that it refused."""
    folder = tmp_path / "busy"
    folder.mkdir()
    (folder / "every").write_text("10")
    (folder / "refused").touch()
    with a_store([sys.executable, "-c", BUSY], str(folder)) as system:
        yield system, folder


def test_a_store_that_is_too_busy_now_and_then_has_all_of_them_once(
    busy_store: tuple[Any, Path], source: list[Path], tmp_path: Path
) -> None:
    store, folder = busy_store
    table = tmp_path / "few.csv"
    table.write_text("entry\n" + "".join(f"{row}\n" for row in range(FEW)))
    run(table, source[1], tmp_path / "expected")
    out = f"{BUCKET}/busy"
    assert run(table, source[1], out).made == FEW
    refused = (folder / "refused").read_text().splitlines()
    assert len(refused) >= FEW // 10
    assert differing(stored(store, out, tmp_path / "found"), files(tmp_path / "expected")) == []


def test_a_run_that_a_store_is_too_busy_for_ends_in_a_sentence_and_is_gone_on_with(
    busy_store: tuple[Any, Path], source: list[Path], tmp_path: Path
) -> None:
    store, folder = busy_store
    table = tmp_path / "few.csv"
    table.write_text("entry\n" + "".join(f"{row}\n" for row in range(20)))
    run(table, source[1], tmp_path / "expected")
    (folder / "every").write_text("1")
    out = f"{BUCKET}/too-busy"
    with pytest.raises(UserError, match="can't be written"):
        run(table, source[1], out)
    (folder / "every").write_text("1000")
    outcome = run(table, source[1], out, resume=True)
    assert outcome.made + outcome.kept == 20
    assert differing(stored(store, out, tmp_path / "found"), files(tmp_path / "expected")) == []

"""`make faults`: runs that are killed, cut off, filled up, run into each other, and what is left: a table.

A fault is survived when the run says what happened in one sentence or by its exit code, no half file stands under a
report's name, and the same command with --resume gives what an undisturbed run gives.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.books import make_book, make_portfolio
from support.reports import differing, files

ROWS = 3000
_RUN = [sys.executable, "-m", "xladdin", "report"]
_PATIENCE = 300  # seconds


@dataclass
class Place:
    """Where a fault happens: a table, a template, and what an undisturbed run made of them."""

    folder: Path
    expected: dict[str, Any]
    dice: random.Random

    @property
    def source(self) -> list[str]:
        return [str(self.folder / "t.csv"), "--template", str(self.folder / "own.xlsx")]

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def start(self, *options: str, out: str | Path | None = None) -> subprocess.Popen[str]:
        command = [*_RUN, *self.source, "--out", str(out or self.out), *options]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            start_new_session=True,
        )

    def wait_for_some(self, process: subprocess.Popen[str], most: int = ROWS) -> None:
        """Wait until a random part of the reports is there."""
        wanted = self.dice.randrange(1, most)
        while process.poll() is None and not (self.out.is_dir() and len(os.listdir(self.out)) >= wanted):  # noqa: PTH208
            time.sleep(0.005)

    def finished(self) -> str:
        """What is wrong after the run is finished by --resume; empty where nothing is."""
        broken = _half_files(self.out)
        process = self.start("--resume")
        said = _ended(process)
        if process.returncode:
            return f"--resume ends with {process.returncode}: {said[-200:]}"
        wrong = differing(files(self.out), self.expected)
        return "; ".join([*broken, *wrong])[:300]


def _ended(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=_PATIENCE)
    return said


def _half_files(out: Path) -> list[str]:
    """Files that stand under a report's name and are not whole."""
    return [path.name for path in out.rglob("*.xlsx") if not zipfile.is_zipfile(path)] if out.is_dir() else []


def _is_sentence(said: str) -> bool:
    return "Traceback" not in said and "panicked" not in said and len(said.strip().splitlines()) <= 3


# Each fault gives what was wrong, or nothing.


def killed(place: Place, number: int, *, group: bool) -> str:
    process = place.start("--workers", "2" if group else "1")
    place.wait_for_some(process)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number) if group else process.send_signal(number)
    said = _ended(process)
    if not _is_sentence(said):
        return f"says {said[-200:]!r}"
    return place.finished()


def killed_worker(place: Place) -> str:
    process = place.start("--workers", "2")
    place.wait_for_some(process, ROWS // 2)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
    workers = [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    if workers:
        os.kill(int(place.dice.choice(workers)), signal.SIGKILL)
    said = _ended(process)
    return f"ends with {process.returncode}: {said[-200:]}" if process.returncode else place.finished()


def killed_into(place: Place) -> str:
    target = place.folder / "all.xlsx"
    command = [
        *_RUN,
        str(place.folder / "many.csv"),
        "--template",
        str(place.folder / "book.xlsx"),
        "--into",
        str(target),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(place.dice.uniform(0.5, 6))
    process.kill()
    process.communicate()
    if target.exists() and not zipfile.is_zipfile(target):
        return "the workbook is half written"
    done = subprocess.run([*command, "--force"], capture_output=True, text=True, check=False, timeout=_PATIENCE)
    left = [path.name for path in place.folder.iterdir() if path.name.endswith(".tmp")]
    return f"then ends with {done.returncode}: {done.stderr[-200:]}" if done.returncode else ", ".join(left)


def full_disk(place: Place) -> str:
    place.out.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place.out)], check=True)
    try:
        process = place.start("--workers", place.dice.choice(["1", "2"]))
        said = _ended(process)
        if process.returncode != 2 or "No space left on device" not in said or not _is_sentence(said):
            return f"ends with {process.returncode}: {said[-200:]}"
        subprocess.run(["mount", "-o", "remount,size=400m", str(place.out)], check=True)
        return place.finished()
    finally:
        subprocess.run(["umount", str(place.out)], check=True)


def read_only(place: Place) -> str:
    place.out.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(place.out)], check=True)
    try:
        process = place.start()
        said = _ended(process)
        return (
            "" if process.returncode == 2 and _is_sentence(said) else f"ends with {process.returncode}: {said[-200:]}"
        )
    finally:
        subprocess.run(["umount", str(place.out)], check=True)


def removed_folder(place: Place) -> str:
    process = place.start()
    place.wait_for_some(process, ROWS // 2)
    shutil.rmtree(place.out, ignore_errors=True)
    said = _ended(process)
    if process.returncode == 0 and _half_files(place.out):
        return "says that it is done"
    return place.finished() if _is_sentence(said) else f"says {said[-200:]!r}"


def table_cut(place: Place) -> str:
    """The table is cut off in the middle of the run: rows are made or the run says so, and nothing is invented."""
    table = place.folder / "t.csv"
    whole = table.read_bytes()
    process = place.start()
    place.wait_for_some(process, ROWS // 2)
    with table.open("r+b") as file:
        file.truncate(len(whole) // 2)
    said = _ended(process)
    table.write_bytes(whole)
    if "Traceback" in said:
        return f"says {said[-200:]!r}"
    return place.finished()


def table_replaced(place: Place) -> str:
    table = place.folder / "t.csv"
    whole = table.read_bytes()
    process = place.start()
    place.wait_for_some(process, ROWS // 2)
    other = table.with_name("other.csv")
    other.write_bytes(whole.replace(b"\n1", b"\n7"))
    other.replace(table)
    said = _ended(process)
    table.write_bytes(whole)
    return f"says {said[-200:]!r}" if "Traceback" in said else place.finished()


def two_runs(place: Place) -> str:
    first, second = place.start("--force"), place.start("--force")
    told = [_ended(each) for each in (first, second)]
    if not all(map(_is_sentence, told)):
        return f"says {told}"
    return place.finished()


def clock_set_back(place: Place) -> str:
    """The reports are made in 2030, and then the clock is right again."""
    code = (
        "import datetime, sys\n"
        "class Later(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        "        return super().now(tz).replace(year=2030)\n"
        "datetime.datetime = Later\n"
        "from xladdin.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", code, "report", *place.source, "--out", str(place.out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(place.dice.uniform(1, 5))
    process.kill()
    process.communicate()
    return place.finished()


def faltering_store(place: Place) -> str:
    """A store that answers 503 now and then: the run ends in a sentence, and is repeated until it is whole."""
    code = (
        "import os, random, sys, fsspec\n"
        "from fsspec.implementations.local import LocalFileSystem\n"
        "dice = random.Random(os.environ['DICE'])\n"
        "class Faltering(LocalFileSystem):\n"
        "    protocol = 'faltering'\n"
        "    @classmethod\n"
        "    def _strip_protocol(cls, path):\n"
        "        return LocalFileSystem._strip_protocol(str(path).removeprefix('faltering://'))\n"
        "    def _open(self, *args, **options):\n"
        "        if dice.random() < 0.002:\n"
        "            raise OSError('503 Service Unavailable')\n"
        "        return super()._open(*args, **options)\n"
        "fsspec.register_implementation('faltering', Faltering, clobber=True)\n"
        "from xladdin.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", code, "report", *place.source, "--out", f"faltering://{place.out}"]
    for turn in range(60):
        options = ["--resume"] if turn else []
        dice = {**os.environ, "DICE": str(place.dice.random())}  # others each time, as a store falters
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, check=False, timeout=_PATIENCE, env=dice
        )
        if not _is_sentence(done.stderr):
            return f"says {done.stderr[-200:]!r}"
        if not done.returncode:
            return "; ".join(_half_files(place.out))
    return "is never whole"


FAULTS: dict[str, Callable[[Place], str]] = {
    "killed (all processes, SIGKILL)": lambda place: killed(place, signal.SIGKILL, group=True),
    "the process alone killed (SIGKILL)": lambda place: killed(place, signal.SIGKILL, group=False),
    "told to end (SIGTERM)": lambda place: killed(place, signal.SIGTERM, group=True),
    "Ctrl-C": lambda place: killed(place, signal.SIGINT, group=True),
    "a worker killed": killed_worker,
    "--into killed": killed_into,
    "disk full": full_disk,
    "folder read-only": read_only,
    "folder removed": removed_folder,
    "table cut off": table_cut,
    "table replaced": table_replaced,
    "two runs into one folder": two_runs,
    "clock set back": clock_set_back,
    "store answers 503 now and then": faltering_store,
}


@contextlib.contextmanager
def a_place(seed: int) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        names = {"entry": "S!$A$1", "double": "S!$A$2"}
        make_book(folder / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, names)
        (folder / "t.csv").write_text("entry\n" + "".join(f"{row}\n" for row in range(1, ROWS + 1)), encoding="utf-8")
        make_portfolio(folder / "book.xlsx")
        line = "BTC,long,50000,1,51000\n"
        (folder / "many.csv").write_text("Coin,Side,Entry,Quantity,Price\n" + line * 20_000, encoding="utf-8")
        whole = folder / "whole"
        place = Place(folder, {}, random.Random(seed))
        _ended(place.start(out=whole))
        place.expected = files(whole)
        yield place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often each fault happens")
    parser.add_argument("faults", nargs="*", help="only faults with one of these in their name")
    options = parser.parse_args()
    failed = 0
    print(f"{'what is done':38} {'times':>5} {'survived':>8}")
    for name, fault in FAULTS.items():
        if options.faults and not any(each in name for each in options.faults):
            continue
        wrong = []
        with a_place(len(name)) as place:
            for _ in range(options.times):
                if found := fault(place):
                    wrong.append(found)
                shutil.rmtree(place.out, ignore_errors=True)
                (place.folder / "all.xlsx").unlink(missing_ok=True)
        failed += len(wrong)
        print(f"{name:38} {options.times:5} {options.times - len(wrong):8}", flush=True)
        for each in wrong:
            print(f"    {each[:400]}", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

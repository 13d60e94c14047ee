"""A night at a desk, played: reports of many clients, bad rows, a kill, a resume, clients that leave, PDFs; and told.

    python tools/night.py --clients 10000 --folder /dev/shm

Every step says how long it took, what it made, and its exit code; it ends with 1 when one is not as it should be.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BAD = 0.03  # of the rows
KILL_AFTER = 0.3  # of the reports
TEMPLATE = "futures-planner"


def rows_of(clients: int) -> list[dict[str, Any]]:
    """A row a client, the same every time, some of them with an amount that is none."""
    chance = random.Random(20261126)
    found = []
    for number in range(clients):
        entry = round(chance.uniform(100, 60_000), 2)
        is_bad = chance.random() < BAD
        found.append(
            {
                "client_id": f"client-{number:05}",
                "symbol": "BTC",
                "side": "long",
                "entry": entry,
                "amount": "n/k" if is_bad else round(chance.uniform(100, 10_000), 2),
                "leverage": round(chance.uniform(2, 4), 1),
                "stop": round(entry * 0.97, 2),
                "target": round(entry * 1.08, 2),
                "email": f"{number}@example.org",
            }
        )
    return found


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Night:
    """The steps of a night in a folder."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.out = folder / "reports"
        self.workers = workers
        self.is_well = True

    def command(self, *options: str) -> list[str]:
        source = ["report", str(self.folder / "clients.csv"), "--template", TEMPLATE, "--out", str(self.out)]
        own = ["--name", "{client_id}", "--workers", str(self.workers), "--json", "--quiet"]
        return [sys.executable, "-m", "xladdin", *source, *own, *options]

    def run(self, step: str, code: int, *options: str) -> dict[str, Any]:
        """One run to its end, told."""
        start = time.monotonic()
        done = subprocess.run(self.command(*options), capture_output=True, text=True, check=False)
        found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
        figures = {name: found.get(name) for name in ("made", "kept", "rejected", "with_errors")}
        self.tell(step, done.returncode, code, time.monotonic() - start, figures)
        return found

    def kill(self, wanted: int) -> None:
        """A run that is killed when so many reports are there."""
        start = time.monotonic()
        with subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and self.count() < wanted:
                time.sleep(0.05)
            process.kill()
        self.tell("killed", process.returncode, -9, time.monotonic() - start, {"reports": self.count()})

    def count(self) -> int:
        return sum(1 for _ in self.out.glob("client-*.xlsx")) if self.out.is_dir() else 0

    def tell(self, step: str, code: int, expected: int, seconds: float, figures: dict[str, Any]) -> None:
        is_as_it_should = code == expected
        self.is_well &= is_as_it_should
        shown = ", ".join(f"{name} {value}" for name, value in figures.items())
        print(f"{step:<34} exit {code:>3}{'' if is_as_it_should else f' (not {expected})'}  {seconds:7.1f} s  {shown}")

    def check(self, what: str, found: object, expected: object) -> None:
        if found != expected:
            self.is_well = False
            print(f"{what}: {found}, not {expected}")


def play(folder: Path, clients: int, workers: int, pdfs: int) -> bool:
    """All of it."""
    night = Night(folder, workers)
    rows = rows_of(clients)
    good = [row for row in rows if row["amount"] != "n/k"]
    write(folder / "clients.csv", rows)
    night.kill(int(len(good) * KILL_AFTER))
    found = night.run("resumed; 3% of the rows are bad", 1, "--resume")
    night.check("rejected", found.get("rejected"), len(rows) - len(good))
    night.check("reports", night.count(), len(good))
    night.run("resumed again; 5% may be bad", 0, "--resume", "--fail-above", "5%")
    write(folder / "clients.csv", good[: -len(good) // 100])
    night.run("corrected, a hundredth has left", 0, "--resume", "--prune", "--address", "email")
    left = len(good[: -len(good) // 100])
    night.check("reports", night.count(), left)
    with (night.out / "made.csv").open(encoding="utf-8") as file:
        night.check("to be sent", sum(1 for _ in file) - 1, left)
    if pdfs:
        write(folder / "clients.csv", good[:pdfs])
        night.out = folder / "few"
        night.run(f"{pdfs} as PDF too", 0, "--pdf", str(folder / "pdf"))
        night.check("PDFs", sum(1 for _ in (folder / "pdf").glob("*.pdf")), pdfs)
    return night.is_well


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pdfs", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        sys.exit(0 if play(Path(name), arguments.clients, arguments.workers, arguments.pdfs) else 1)

"""A night at a desk, played: reports of many clients, bad rows, a kill, a resume, clients that leave, PDFs; and told.

    python tools/night.py --clients 10000 --folder /dev/shm
    python tools/night.py --clients 10000 --folder /dev/shm --rows 200

The second has one report of `positions` for the 1 to 200 rows of a client. Every step says how long it took, what it
made, and its exit code; it ends with 1 when one is not as it should be.
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

BAD = 0.03  # of the clients: one of their rows has an amount that is none
KILL_AFTER = 0.3  # of the reports
BAD_AMOUNT = "n/k"
Client = list[dict[str, Any]]  # his rows


def clients_of(count: int, most: int) -> list[Client]:
    """Clients with up to so many rows each, the same every time, some of them with an amount that is none."""
    chance = random.Random(20261126)
    found = []
    for number in range(count):
        rows = [_row(chance, number, many=most > 1) for _ in range(chance.randint(1, most))]
        if chance.random() < BAD:
            rows[-1]["quantity" if most > 1 else "amount"] = BAD_AMOUNT
        found.append(rows)
    return found


def _row(chance: random.Random, number: int, *, many: bool) -> dict[str, Any]:
    """A position, for `positions` or for `futures-planner`."""
    entry = round(chance.uniform(100, 60_000), 2)
    row: dict[str, Any] = {
        "client_id": f"client-{number:05}",
        "email": f"{number}@example.org",
        "symbol": "BTC",
        "side": "long",
    }
    row |= {"entry": entry, "leverage": round(chance.uniform(2, 4), 1), "stop": round(entry * 0.97, 2)}
    row["target"] = round(entry * 1.08, 2)
    if not many:
        return row | {"amount": round(chance.uniform(100, 10_000), 2)}
    own = {"quantity": round(chance.uniform(0.01, 2), 3), "price": round(entry * chance.uniform(0.99, 1.02), 2)}
    return row | own | {"venue": "bybit", "margin_mode": "isolated", "maintenance_margin_rate": 0.005}


def is_good(client: Client) -> bool:
    return all(BAD_AMOUNT not in row.values() for row in client)


def write(path: Path, clients: list[Client]) -> None:
    rows = [row for client in clients for row in client]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Night:
    """The steps of a night in a folder."""

    def __init__(self, folder: Path, workers: int, most: int) -> None:
        self.folder = folder
        self.template = ["positions", "--group-by", "client_id"] if most > 1 else ["futures-planner"]
        self.out = folder / "reports"
        self.workers = workers
        self.is_well = True

    def command(self, *options: str) -> list[str]:
        source = ["report", str(self.folder / "clients.csv"), "--template", *self.template, "--out", str(self.out)]
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
        print(
            f"{step:<34} exit {code:>3}{'' if is_as_it_should else f' (not {expected})'}  {seconds:7.1f} s  {shown}",
            flush=True,
        )

    def check(self, what: str, found: object, expected: object) -> None:
        if found != expected:
            self.is_well = False
            print(f"{what}: {found}, not {expected}")


def play(folder: Path, count: int, workers: int, pdfs: int, most: int) -> bool:
    """All of it."""
    night = Night(folder, workers, most)
    clients = clients_of(count, most)
    good = list(filter(is_good, clients))
    bad_rows = sum(len(client) for client in clients if not is_good(client))
    write(folder / "clients.csv", clients)
    print(
        f"{count} clients, {sum(map(len, clients))} rows; {count - len(good)} have one that can't be used", flush=True
    )
    night.kill(int(len(good) * KILL_AFTER))
    found = night.run("resumed; 3% of the clients are bad", 1, "--resume")
    night.check("rejected", found.get("rejected"), bad_rows)
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
    parser.add_argument("--rows", type=int, default=1, help="of one client, at most; more than one make one report")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pdfs", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        sys.exit(0 if play(Path(name), arguments.clients, arguments.workers, arguments.pdfs, arguments.rows) else 1)

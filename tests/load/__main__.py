"""`make load`: a million rows of functions, many reports, and a server that two hundred ask at once: a table.

Seconds are of the processor for functions and reports, and of the clock for the server. Memory is the most that was
held; of reports first, for a child's counts from what its parent held.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from support.books import make_book, make_portfolio

from xladdin import udfs
from xladdin.hosts.token import token

ROOT = Path(__file__).parent.parent.parent
_FUNCTIONS = {
    "LEV_LIQPRICE": lambda count: (np.linspace(1e3, 1e5, count)[:, None], 10.0, 0.01),
    "LEV_PROFIT": lambda count: (1.0, np.linspace(1e3, 1e5, count)[:, None], 50_000.0),
    "LEV_LIQDISTANCE": lambda count: (np.linspace(5e4, 1e5, count)[:, None], 45_000.0),
    "LEV_SIZE": lambda count: (np.linspace(1, 1e5, count)[:, None], 3.0),
    "LEV_LIQPROB": lambda count: (np.linspace(5e4, 1e5, count)[:, None], 45_000.0, 0.6, 30.0),
}


def functions(count: int) -> int:
    faults = 0
    for name, arguments_of in _FUNCTIONS.items():
        arguments = [each.tolist() if isinstance(each, np.ndarray) else each for each in arguments_of(count)]
        start = time.process_time()
        found = udfs.FUNCTIONS[name](*arguments)
        seconds = time.process_time() - start
        wrong = sum(not isinstance(row[0], float) for row in found)
        faults += wrong + (len(found) != count)
        print(f"{name:32} {len(found):12,} rows {seconds:8.2f} s {wrong} errors {_memory():8.0f} MB", flush=True)
    return faults


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reports(count: int, *, into: bool) -> int:
    """So many reports of a small workbook, or so many rows in the list of one."""
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        template = make_book(folder / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})
        (folder / "t.csv").write_text("entry\n" + "".join(f"{row}\n" for row in range(count)), encoding="utf-8")
        command = [sys.executable, "-m", "xladdin", "report"]
        if into:
            rows = "".join(f"BTC,long,50000,{row % 9 + 1},51000,2026-01-02\n" for row in range(count))
            (folder / "p.csv").write_text("coin,side,entry,quantity,price,opened\n" + rows, encoding="utf-8")
            book = make_portfolio(folder / "book.xlsx")
            command += [str(folder / "p.csv"), "--template", str(book), "--into", str(folder / "all.xlsx")]
        else:
            command += [str(folder / "t.csv"), "--template", str(template), "--out", str(folder / "out")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert process.stdout
        said = process.stdout.read().strip().splitlines()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        what = "rows in one workbook" if into else "reports"
        seconds = usage.ru_utime + usage.ru_stime
        print(f"{what:32} {count:12,} {seconds:13.1f} s {usage.ru_maxrss / 1024:17.0f} MB  {said[-1][:90]}", flush=True)
        return int(process.returncode > 1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


_GOOD = {"func_name": "LEV_LIQPRICE", "args": [[[50000.0 + row] for row in range(10)], [[10]], [[0.01]]]}
_BAD = (b"nonsense", b"[]", b'{"func_name": "LEV_NONE", "args": []}', b'{"func_name": "LEV_SIZE", "args": [[[1]]]}')


async def _asking(port: int, end: float, dice: random.Random, times: list[float], counted: Counter[str]) -> None:
    """One who asks again and again on a connection of its own, a hundredth of it nonsense."""
    good = json.dumps(_GOOD).encode()
    reader = writer = None
    while time.monotonic() < end:
        is_bad = dice.random() < 0.01
        body = dice.choice(_BAD) if is_bad else good
        start = time.monotonic()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert reader
            head = f"POST /{token()}/xlwings/custom-functions-call HTTP/1.1\r\nHost: localhost:{port}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            status = int(answer.split()[1])
            size = int(answer.lower().partition(b"content-length:")[2].split()[0])
            text = await reader.readexactly(size)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            counted[f"lost ({type(error).__name__})"] += 1
            writer = None
            continue
        if b"connection: close" in answer.lower():
            writer.close()
            writer = None
        is_right = 400 <= status < 500 if is_bad else status == 200 and b"result" in text
        counted["refused" if is_bad and is_right else "answered" if is_right else f"wrong ({status})"] += 1
        times.append(time.monotonic() - start)


def server(connections: int, seconds: float) -> int:
    """A server that so many ask at once."""
    port = _free_port()
    environment = os.environ | {"XLWINGS_LICENSE_KEY": "noncommercial", "PYTHONPATH": str(ROOT)}
    code = f"from xladdin.hosts import server; server.serve({port}, say=lambda line: None)"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        for _ in range(1200):
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        before = _held_by(process.pid)
        times: list[float] = []
        counted: Counter[str] = Counter()

        async def all_of_them() -> None:
            end = time.monotonic() + seconds
            await asyncio.gather(
                *(_asking(port, end, random.Random(number), times, counted) for number in range(connections))
            )

        start = time.monotonic()
        asyncio.run(all_of_them())
        passed = time.monotonic() - start
        after = _held_by(process.pid)
    finally:
        process.terminate()
        process.wait(30)
    times.sort()
    middle, high = (times[len(times) * part // 100] * 1000 for part in (50, 99))
    print(f"{'server, connections':32} {connections:12,} for {passed:.0f} s: {len(times):,} requests", end=", ")
    print(f"{len(times) / passed:,.0f}/s, p50 {middle:.0f} ms, p99 {high:.0f} ms")
    print(f"{'':32} memory {before:.0f} -> {after:.0f} MB, {dict(counted)}")
    return sum(count for what, count in counted.items() if what not in ("answered", "refused"))


def _held_by(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--into", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="that the server is asked")
    options = parser.parse_args()
    faults = reports(options.reports, into=False)
    faults += reports(options.into, into=True)
    faults += functions(options.rows)
    faults += server(200, options.seconds)
    print(f"{faults} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

"""What the hosts add to the functions' cost: the server over HTTP and xlwings' own call, for a column of 10,000 rows.

Each side is measured in turn in the same run, so that a busy machine slows all alike. The script prints each figure,
its limit and whether it is met, and ends well either way.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from xladdin import udfs

ROOT = Path(__file__).resolve().parent.parent
ROWS = [[50000.0 + row] for row in range(10_000)]
REPEATS = 15


def main() -> None:
    print(f"{'what':<66}{'figure':>9}{'limit':>8}")
    over_http()
    through_xlwings()


def report(what: str, figure: float, limit: float) -> None:
    print(f"{what:<66}{figure:>9.3f}{limit:>8g}  {'met' if figure <= limit else 'NOT MET'}")


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def over_http() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"XLWINGS_LICENSE_KEY": "noncommercial", "PYTHONPATH": str(ROOT)}
    code = f"from xladdin.hosts import server; server.serve({port}, say=lambda line: None)"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        wait_for(port)
        body = json.dumps({"func_name": "LEV_LIQPRICE", "args": [ROWS, [[10]], [[0.01]]]}).encode()

        def ask() -> bytes:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/xlwings/custom-functions-call", body, {"Content-Type": "application/json"})
            answer = connection.getresponse().read()
            connection.close()
            return answer

        def in_process() -> bytes:
            call = json.loads(body)
            return json.dumps({"result": udfs.LEV_LIQPRICE(*call["args"])}).encode()

        assert json.loads(ask()) == json.loads(in_process())
        pairs = [(timed(ask), timed(in_process)) for _ in range(REPEATS)]
    finally:
        process.terminate()
        process.wait()
    report("server over HTTP, seconds", statistics.median(asked for asked, _ in pairs), 0.3)
    report("  times the call in process through JSON", statistics.median(asked / own for asked, own in pairs), 4)


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not start within half a minute")


def through_xlwings() -> None:
    """Last, since it puts stand-ins for Windows' modules in place."""
    sys.path.insert(0, str(ROOT / "tests" / "hosts"))
    import xlwings_on_windows

    excel = xlwings_on_windows.server()
    rows = tuple(map(tuple, ROWS))
    block = [list(row) for row in ROWS]

    def whole() -> object:
        return excel.CallUDF("xladdin.udfs", "LEV_LIQPRICE", (rows, 10, 0.01))  # type: ignore[attr-defined]

    def ours() -> object:
        return udfs.LEV_LIQPRICE(block, [[10]], [[0.01]])

    from xladdin.hosts.xlwings_udf import register

    register(udfs.LEV_LIQPRICE)  # it was imported before xlwings
    whole()
    parts = [(timed(ours), timed(whole)) for _ in range(REPEATS)]
    report("our part of xlwings' call_udf", statistics.median(own / all_ for own, all_ in parts), 0.1)


if __name__ == "__main__":
    main()

"""Servers of ours on this machine, and a page in Chromium that stands for Excel on the web in front of one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.office import as_office
from support.required import need
from support.vectors import Vector

ROOT = Path(__file__).parents[2]
_PAGE = ROOT / "tests/hosts/excel_page.py"
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
)


def environment() -> dict[str, str]:
    """What a server of ours finds around it: the folders of the tests too."""
    return {**os.environ, "XLWINGS_LICENSE_KEY": "noncommercial", "PYTHONPATH": str(ROOT)}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(found: Any, process: subprocess.Popen[bytes], what: str, minutes: int = 1) -> None:
    for _ in range(1200 * minutes):
        if found():
            return
        assert process.poll() is None, f"{what}: the process ended with {process.returncode}"
        time.sleep(0.05)
    raise AssertionError(f"{what} took longer than {minutes} minutes")


def answers_at(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def ended(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answered_in_chromium(vectors: Sequence[Vector], folder: Path, lite: Path | None = None) -> dict[str, Any]:
    """What the page got for these calls: `names` of the functions, `answers`, and `seconds` of the last call.

    With the folder of a Pyodide the functions run in the page, as in xlwings Lite, otherwise in our server.
    """
    browser = shutil.which("chromium")
    need("chromium", browser)
    assert browser is not None
    calls, answers = folder / "calls.json", folder / "answers.json"
    asked = [{"name": vector.function, "args": as_office(vector.function, vector.arguments)} for vector in vectors]
    calls.write_text(json.dumps(asked), encoding="utf-8")
    number = free_port()
    command = [sys.executable, str(_PAGE), str(number), str(calls), str(answers), *([str(lite)] if lite else [])]
    harness = subprocess.Popen(command, env=environment())
    window = None
    try:
        wait_for(lambda: answers_at(number), harness, "the server's start")
        window = subprocess.Popen(
            [browser, *_FLAGS, f"--user-data-dir={folder / 'profile'}", f"http://127.0.0.1:{number}/test/page"],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(answers.exists, window, "the page's answers", minutes=4 if lite else 1)
    finally:
        if window is not None:
            os.killpg(window.pid, signal.SIGKILL)
            window.wait()
        ended(harness)
    found: dict[str, Any] = json.loads(answers.read_text(encoding="utf-8"))
    return found

"""What a person sees at a terminal while reports are made."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="only POSIX has terminals that a test can make")
ROOT = Path(__file__).parents[2]


def shown_at_a_terminal(*words: str, **environment: str) -> str:
    """All that a command writes to a terminal."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ |= {"TERM": "xterm", "COLUMNS": "120", **environment}
        os.execv(sys.executable, [sys.executable, "-m", "xladdin", *words])
    seen = b""
    try:
        while part := os.read(terminal, 65536):
            seen += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.waitpid(process, 0)
    return seen.decode()


def test_the_bar_has_the_number_of_rows(tmp_path: Path) -> None:
    table = ROOT / "workbooks/positions.csv"
    rows = len(table.read_text(encoding="utf-8").splitlines()) - 1
    words = ("report", str(table), "--template", "futures-planner", "--out", str(tmp_path / "out"))
    assert f"/{rows}" in shown_at_a_terminal(*words)
    assert f"/{rows}" not in shown_at_a_terminal(*words, "--force", "--quiet")


def test_no_colour_where_the_environment_asks_for_none() -> None:
    words = ("functions", "liqprice")
    colour = re.compile(r"\x1b\[(\d+;)*3\d[;m]")
    assert colour.search(shown_at_a_terminal(*words))
    plain = shown_at_a_terminal(*words, NO_COLOR="1")
    assert "LEV_LIQPRICE" in plain
    assert not colour.search(plain)

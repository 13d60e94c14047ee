"""One truth of what is rejected: every odd row by both doors, a report of each row and the one workbook."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import polars
import pytest
from support.books import make_book
from support.tables import COLUMNS, listed, template

from xladdin.reports import into
from xladdin.reports.reading import Said
from xladdin.reports.run import run

ODD = [
    *("", " ", "-", "N/A", "1", "1.5", "+2", "-1", "1e400", "nan", "inf", "1e-5", "12%", "1,000.5", "0,5", "abc"),
    *("TRUE", "0x1", "\uff11", "1_0", "'=1+1", "=1+1", "$1,055.81", "2 USDT", "10x", "Cross 20x", "(2)", "(2"),
    *("#N/A", "7.0", "91", "Buy", "SELL", "Close Long", "both", "sideways", "2026-01-12T21:00:00Z"),
    *("2026/01/12 21:00", "12/25/2025, 7:00:00 AM", "1768251600", "1768251600000", "1999-01-01", "yesterday"),
    *("x" * 40_000, "\U0001f600" * 17_000, "a\ufffe\x01b", "9" * 400),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_odd_row_is_made_or_rejected_by_both_in_the_same_words(tmp_path: Path, kind: str) -> None:
    own = template(tmp_path / "own.xlsx")
    good = ["a", "long", "100", "3", "2026-01-02", "x"]
    rows = [good] + [[*good[:place], odd, *good[place + 1 :]] for place in range(len(good)) for odd in ODD]
    frame = polars.DataFrame(rows, schema=list(COLUMNS), orient="row")
    table = tmp_path / f"t.{kind}"
    {"csv": frame.write_csv, "parquet": frame.write_parquet}[kind](table)
    one = run(table, own, tmp_path / "out", said=Said(blank="default"))
    other = into.fill(table, own, tmp_path / "one.xlsx")
    assert (one.made, one.rejected) == (other.made, other.rejected)
    assert 30 < one.rejected < len(rows) - 30
    assert listed(tmp_path / "out" / "rejected.csv") == listed(tmp_path / "one-rejected.csv")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory is read in /proc, which is not here")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_million_rows_take_no_more_memory_than_a_few(tmp_path: Path, kind: str) -> None:
    rows = 1_000_000
    template = make_book(tmp_path / "own.xlsx", {"A1": 50000, "A2": "=A1*2"}, {"entry": "S!$A$1", "double": "S!$A$2"})
    table = tmp_path / f"t.{kind}"
    frame = polars.DataFrame(
        {
            "client": [f"Client {row}" for row in range(rows)],
            "entry": ["100" if row % 2000 == 0 else "x" for row in range(rows)],
        }
    )
    {"csv": frame.write_csv, "parquet": frame.write_parquet}[kind](table)
    command = [sys.executable, "-m", "xladdin", "report", str(table), "--template", str(template)]
    with subprocess.Popen([*command, "--out", str(tmp_path / "out")], stderr=subprocess.DEVNULL) as process:
        highest = 0
        while process.poll() is None:
            # Not the figure of wait4, in which is what the tests themselves take.
            lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
            highest = max([highest, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
            time.sleep(0.2)
    assert process.returncode == 1
    assert len(list((tmp_path / "out").glob("report-*.xlsx"))) == rows // 2000
    with (tmp_path / "out" / "rejected.csv").open() as file:
        assert sum(1 for _ in file) == rows - rows // 2000 + 1
    assert 0 < highest < 300_000  # kilobytes

"""Reports that another kind of processor makes of the same table: the same but for the last digits of numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from xladdin.workbook.file.comparison import differences

ROWS = 20


def report(table: Path, folder: Path, without: str) -> None:
    """Make the reports as where numpy and the C library have only what the oldest processors have, or as here."""
    limits = {"NPY_DISABLE_CPU_FEATURES": without, "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA"}
    command = [
        sys.executable,
        "-m",
        "xladdin",
        "report",
        str(table),
        "--template",
        "position-sizing",
        "--out",
        folder,
        "--defaults",
    ]
    subprocess.run(command, env=os.environ | (limits if without else {}), check=True, capture_output=True)


def test_another_processor_makes_the_same_reports_within_the_bound(tmp_path: Path) -> None:
    """Position sizing has powers and logarithms, whose last digits differ."""
    beyond = ",".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))
    table = tmp_path / "table.csv"
    lines = (f"{0.001 + row * 0.0007},{0.3 + row * 0.013}" for row in range(ROWS))
    table.write_text("\n".join(["risk,win_rate", *lines]), encoding="utf-8")
    report(table, tmp_path / "here", "")
    report(table, tmp_path / "elsewhere", beyond)
    made = sorted((tmp_path / "here").glob("report-*.xlsx"))
    assert len(made) == ROWS
    assert not [found for path in made if (found := differences(path, tmp_path / "elsewhere" / path.name))]

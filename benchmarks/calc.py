"""How fast a real Calc computes with the functions, against its own arithmetic for the same numbers.

The bounds that DESIGN sets: one formula over 100,000 rows at most 5 times Calc's own, one formula a cell at most 25 us
a cell, the first call below a second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from calc import find_uno, running

ROWS = 100_000
RUNS = 5
OURS = "LEV_LIQPRICE(A1{0};B1{1};C1{2})"
OWN = "A1{0}*(1-1/B1{1}+C1{2})"


def main() -> None:
    uno = find_uno()
    if uno is None:
        sys.exit("LibreOffice and its Python module are needed")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), uno) as calc, calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        begun = time.perf_counter()
        sheet.getCellRangeByName("Z1").setFormula("=LEV_LIQPRICE(50000;10;1%)")
        document.calculateAll()
        print(f"first call                     {1e3 * (time.perf_counter() - begun):8.0f} ms")
        sheet.getCellRangeByName("Z1").clearContents(31)
        rows = tuple((50_000.0 + row, 10.0 + row % 7, 0.01) for row in range(ROWS))
        sheet.getCellRangeByName(f"A1:C{ROWS}").setDataArray(rows)
        down = [f":{column}{ROWS}" for column in "ABC"]
        ours, own = (seconds(document, sheet, formula.format(*down), True) for formula in (OURS, OWN))
        print(f"one formula over {ROWS:,} rows {1e3 * ours:8.0f} ms, Calc's own {1e3 * own:.0f} ms: {ours / own:.1f} times")
        ours, own = (seconds(document, sheet, formula.format("", "", ""), False) for formula in (OURS, OWN))
        print(f"one formula a cell             {1e6 * ours / ROWS:8.1f} us a cell, Calc's own {1e6 * own / ROWS:.1f} us")


def seconds(document: Any, sheet: Any, formula: str, whole: bool) -> float:
    """The shortest of several recalculations of a column with this formula."""
    column = sheet.getCellRangeByName(f"E1:E{ROWS}")
    if whole:
        column.setArrayFormula(f"={formula}")
    else:
        sheet.getCellRangeByName("E1").setFormula(f"={formula}")
        column.fillAuto(0, 1)
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        document.calculateAll()
        times.append(time.perf_counter() - begun)
    column.clearContents(31)
    return min(times)


if __name__ == "__main__":
    main()

"""How fast a real Calc computes with the functions, against its own arithmetic for the same numbers.

To be reached: one formula over 100,000 rows at most 4 times Calc's own bare arithmetic, one formula a cell at most
25 us a cell, the first call below a second. Times are of LibreOffice's processor time, so that they are the same on a
machine that is busy; the formulas take turns, and the least of all rounds counts. A round is many recalculations: each
is a thread of its own, whose time shows only some time after it has ended.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.calc import find_uno, running

ROWS = 100_000
ROUNDS = 3
RECALCULATIONS = 8
OURS = "LEV_LIQPRICE(A1{0};B1{1};C1{2})"
BARE = "A1{0}*(1-1/B1{1}+C1{2})"
CHECKED = (  # the same answer for the same cells: no number where a position can't be opened or can't be liquidated
    "IF((A1{0}>0)*(B1{1}>0)*(C1{2}>=0)*(C1{2}<1)*(C1{2}*B1{1}<1);"
    "IF(A1{0}*(1-1/B1{1}+C1{2})>0;A1{0}*(1-1/B1{1}+C1{2});NA());SQRT(-1))"
)


def main() -> None:
    uno = find_uno()
    if uno is None:
        sys.exit("LibreOffice and its Python module are needed")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), uno) as calc, calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        begun = time.perf_counter()
        sheet.getCellRangeByName("Z1").setFormula("=LEV_LIQPRICE(50000;10;1%)")
        document.calculateAll()
        print(f"first call                     {1e3 * (time.perf_counter() - begun):8.0f} ms by the clock")
        sheet.getCellRangeByName("Z1").clearContents(31)
        rows = tuple((50_000.0 + row, 10.0 + row % 7, 0.01) for row in range(ROWS))
        sheet.getCellRangeByName(f"A1:C{ROWS}").setDataArray(rows)
        down = [f":{column}{ROWS}" for column in "ABC"]
        for how, ranges in (("one formula over all rows", down), ("one formula a cell", ["", "", ""])):
            formulas = [formula.format(*ranges) for formula in (OURS, BARE, CHECKED)]
            ours, bare, checked = seconds(document, sheet, formulas, ranges is down)
            print(
                f"{how:30} {1e3 * ours:8.0f} ms, {1e6 * ours / ROWS:.1f} us a row; Calc's own: with the same checks "
                f"{ours / checked:.1f} times {1e3 * checked:.0f} ms, bare {ours / bare:.1f} times {1e3 * bare:.0f} ms"
            )


def seconds(document: Any, sheet: Any, formulas: list[str], whole: bool) -> list[float]:
    """The least processor time of several recalculations of a column with each of these formulas."""
    column = sheet.getCellRangeByName(f"E1:E{ROWS}")
    used = processor_time()
    times: list[list[float]] = [[] for _ in formulas]
    for _ in range(ROUNDS):
        for formula, found in zip(formulas, times, strict=True):
            if whole:
                column.setArrayFormula(f"={formula}")
            else:
                sheet.getCellRangeByName("E1").setFormula(f"={formula}")
                column.fillAuto(0, 1)
            begun = used()
            for _ in range(RECALCULATIONS):
                document.calculateAll()
            time.sleep(0.3)
            found.append((used() - begun) / RECALCULATIONS)
            column.clearContents(31)
    return list(map(min, times))


def processor_time() -> Callable[[], float]:
    """What LibreOffice has used so far, of all its threads."""
    (office,) = (each for each in psutil.Process().children(recursive=True) if each.name().startswith("soffice.bin"))

    def used() -> float:
        spent = office.cpu_times()
        return float(spent.user + spent.system)

    return used


if __name__ == "__main__":
    main()

"""How fast the functions are, as ratios to what the machine itself can do, all measured in one run.

Each ratio is a median over interleaved pairs of the two sides, so that a busy machine slows both alike. The script
prints each ratio, its limit and whether it is met, and ends well either way.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from xladdin import udfs
from xladdin.core import calls, cells
from xladdin.core.functions import liquidation, risk, tiers

ROWS = 1_000_000
MANY = 100_000
IMPORT_LIMIT = 0.050  # seconds beyond numpy's own import

TIERS = [
    [0, 0.004], [300e3, 0.005], [800e3, 0.0065], [3e6, 0.01], [12e6, 0.02],
    [70e6, 0.025], [100e6, 0.05], [230e6, 0.1], [480e6, 0.125], [600e6, 0.15],
]  # fmt: skip


def main() -> None:
    print(f"{'what':<58}{'ratio':>8}{'limit':>8}")
    scalar_call()
    million_rows()
    heavy_functions()
    account_and_ladder()
    import_time()


def report(what: str, ratio: float, limit: float | None) -> None:
    verdict = "" if limit is None else "met" if ratio <= limit else "NOT MET"
    print(f"{what:<58}{ratio:>8.2f}{'' if limit is None else f'{limit:g}':>8}  {verdict}")


def seconds(work: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def ratio(work: Callable[[], object], yardstick: Callable[[], object], times: int, pairs: int = 41) -> float:
    """Median of work over yardstick in interleaved pairs; the first pair only warms up."""
    found = [seconds(work, times) / seconds(yardstick, times) for _ in range(pairs + 1)]
    return statistics.median(found[1:])


def plain_liquidation_price(
    entry: object,
    leverage: object,
    mmr: object,
    side: object = "long",
    method: object = "entry",
    fee: object = 0.0,
    contract: object = "linear",
) -> float | str:
    """LEV_LIQPRICE as one would write it for single numbers, with the same checks of kind and domain."""
    for value in (entry, leverage, mmr, fee):
        if value is None:
            return "#N/A"
        if not isinstance(value, (int, float)):
            return "#VALUE!"
    if side not in ("long", "short") or method not in ("entry", "mark") or contract not in ("linear", "inverse"):
        return "#VALUE!"
    if not (0 < entry < 1e308 and 0 < leverage < 1e308 and 0 <= mmr < 1 and 0 <= fee < 1):
        return "#NUM!"
    sign = 1 if side == "long" else -1
    held = sign * (mmr + fee)
    if (mmr + fee) * leverage >= 1:
        return "#NUM!"
    if contract == "inverse":
        owed = (leverage + sign) / leverage
        price = entry / (owed - held) if method == "entry" else entry * (1 + held) / owed
    else:
        owed = (leverage - sign) / leverage
        price = entry * (owed + held) if method == "entry" else entry * owed / (1 - held)
    return price if price > 0 else "#N/A"


def scalar_call() -> None:
    found = ratio(
        lambda: udfs.LEV_LIQPRICE(50000, 10, 0.01), lambda: plain_liquidation_price(50000, 10, 0.01), times=5000
    )
    report("LEV_LIQPRICE(50000, 10, 0.01) / plain Python, same checks", found, 3)


def million_rows() -> None:
    dice = np.random.default_rng(1)
    given = [dice.uniform(1e4, 1e5, ROWS), dice.uniform(1, 50, ROWS), dice.uniform(0.004, 0.015, ROWS)]
    source, target = np.zeros((4, ROWS)), np.zeros((4, ROWS))

    def copy_all() -> None:
        np.copyto(target, source)

    def copy_inputs() -> None:
        np.copyto(target[:3], source[:3])

    def compute() -> object:
        return liquidation.liquidation_price(*given)

    # Three inputs are read and one result is written: the same bytes are four arrays of 8 MB.
    report("LEV_LIQPRICE of a million rows / copy of the same 32 MB", ratio(compute, copy_all, times=1), 3)
    report("  the same / copy of the three inputs only, 24 MB", ratio(compute, copy_inputs, times=1), None)


def heavy_functions() -> None:
    dice = np.random.default_rng(2)
    entry = dice.uniform(1e4, 1e5, MANY)
    leverage, mmr = dice.uniform(1, 50, MANY), dice.uniform(0.004, 0.015, MANY)
    quantity = dice.uniform(0.1, 1e3, MANY)
    margin = entry * quantity / leverage
    liq_price, volatility = entry * dice.uniform(0.7, 1.3, MANY), dice.uniform(0.2, 1.5, MANY)
    years = dice.uniform(0.01, 2, MANY)

    def liq_price_of_many() -> object:
        return liquidation.liquidation_price(entry, leverage, mmr)

    def tiered() -> object:
        return tiers.tiered_liquidation_price(entry, quantity, margin, TIERS)

    def likely() -> object:
        return risk.liquidation_probability(entry, liq_price, volatility, years)

    report("LEV_LIQTIERED, 10 tiers, 100,000 rows / LEV_LIQPRICE", ratio(tiered, liq_price_of_many, times=3), 20)
    report("LEV_LIQPROB, 100,000 rows / LEV_LIQPRICE", ratio(likely, liq_price_of_many, times=3), 20)


def account_and_ladder() -> None:
    """What an account of 20 positions costs beyond the conversion of its cells, and a ladder of 10,000 fills."""
    dice = np.random.default_rng(3)

    def column(low: float, high: float, count: int) -> list[list[float]]:
        return [[float(value)] for value in dice.uniform(low, high, count)]

    sides = [["long"] if long else ["short"] for long in dice.integers(0, 2, 20)]
    prices, sizes, rates = column(1e3, 1e5, 20), column(0.01, 0.2, 20), column(0.004, 0.02, 20)
    given = [5e4, prices, sizes, sides, rates, prices, column(0.5, 1.5, 20), column(0, 50, 20), 0.0005]
    arguments = udfs.LEV_LIQACCOUNT.signature.arguments

    def convert() -> object:
        found = [cells.convert(cell, argument) for cell, argument in zip(given, arguments, strict=True)]
        return calls.paired(arguments, found)

    # Times and not ratios: the least of many is what the machine takes when nobody else has it.
    alone = min(seconds(convert, times=20) for _ in range(201))
    for called in (udfs.LEV_LIQACCOUNT, udfs.LEV_LIQPOSITIONS, udfs.LEV_ACCOUNTRATIO, udfs.LEV_FREEMARGIN):
        whole = min(seconds(lambda called=called: called(*given), times=20) for _ in range(201))
        report(f"{called.__name__} of 20 positions, us beyond conversion", (whole - alone) * 1e6, 20)
    fills = column(9e4, 1.1e5, 10_000), column(0.1, 1, 10_000)
    spent = min(seconds(lambda: udfs.LEV_LADDER(*fills, 3e8, 0.01, "short"), times=1) for _ in range(101))
    report("LEV_LADDER of 10,000 fills, ms", spent * 1e3, 5)


def import_time() -> None:
    # As installed: with compiled files beside the sources, which the warm-up leaves there.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def fresh(module: str) -> float:
        code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        return float(run.stdout)

    pairs = [(fresh("numpy"), fresh("xladdin.udfs")) for _ in range(16)][1:]
    numpy_alone = statistics.median(alone for alone, _ in pairs)
    beyond = statistics.median(ours - alone for alone, ours in pairs)
    verdict = "met" if beyond <= IMPORT_LIMIT else "NOT MET"
    print(
        f"import xladdin.udfs: numpy's own {numpy_alone * 1000:.0f} ms + {beyond * 1000:.0f} ms"
        f" (limit {IMPORT_LIMIT * 1000:.0f} ms)  {verdict}"
    )


if __name__ == "__main__":
    main()

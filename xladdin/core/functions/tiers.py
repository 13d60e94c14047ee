"""Margin tiers: the range of rows that a venue publishes, checked once and ready to compute with."""

from __future__ import annotations

from typing import NamedTuple

from xladdin.core.catalog import NA, NUM, VALUE


class Tier(NamedTuple):
    """One tier: from which position size it holds, and what it asks."""

    floor: float
    rate: float
    deduction: float
    max_leverage: float


def read_tiers(rows: list[list[float]]) -> list[Tier] | float:
    """The tiers of a range of floor, maintenance margin rate and, where given, maximum leverage.

    Returns
    -------
    list of Tier, or float
        #VALUE! where the range has not two or three columns; #NUM! where the floors do not start at zero and rise, a
        rate falls or is not a fraction below 1, or a leverage is not above zero.
    """
    if not rows or len(rows[0]) not in (2, 3):
        return VALUE
    tiers: list[Tier] = []
    for floor, rate, *leverage in rows:
        max_leverage = leverage[0] if leverage else NA
        if tiers:
            last = tiers[-1]
            ascending = floor > last.floor and rate >= last.rate
            deduction = last.deduction + floor * (rate - last.rate)
        else:
            ascending = floor == 0
            deduction = 0.0
        if not ascending or not 0 <= rate < 1 or max_leverage <= 0:
            return NUM
        tiers.append(Tier(floor, rate, deduction, max_leverage))
    return tiers


# The same check as a formula of `table_rows`, which gives the rows themselves where they are good.
NATIVE_CHECK = (
    "IF((COLUMNS(table_rows)<2)+(COLUMNS(table_rows)>3)>0,#VALUE!,LET(floors,INDEX(table_rows,0,1),rates,INDEX(table_rows,0,2),"
    "unordered,(floors<=TAKE(VSTACK(-1,floors),ROWS(floors)))+(rates<TAKE(VSTACK(0,rates),ROWS(rates)))+(rates>=1),"
    "unusable,IF(COLUMNS(table_rows)=3,SUM(--(INDEX(table_rows,0,COLUMNS(table_rows))<=0)),0),"
    "IF((INDEX(table_rows,1,1)<>0)+SUM(unordered)+unusable>0,#NUM!,table_rows)))"
)

"""Lists of fills: what a ladder of orders makes, and what has been realised."""

import itertools
import math
from array import array
from collections import deque
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from xladdin.core import calls
from xladdin.core.arrays import np
from xladdin.core.catalog import (
    LONG,
    NA,
    NUM,
    Contract,
    Method,
    Number,
    Rows,
    choice,
    function,
    number,
    series,
)
from xladdin.core.functions.elementary import quotient
from xladdin.core.functions.liquidation import liquidation_price

Prices = Annotated[list[float], series("price", "> 0")]
RateOfOne = Annotated[float, number("fraction", ">= 0 and < 1")]
SideOfOne = Annotated[
    float,
    choice('"long" or "short"', {"long": 1.0, "short": -1.0, "buy": 1.0, "sell": -1.0, 1.0: 1.0, -1.0: -1.0}),
]
Matching = Annotated[
    Literal["average", "fifo", "lifo"],
    choice('"average", "fifo" or "lifo"', {"average": "average", "fifo": "fifo", "lifo": "lifo"}),
]
NO_FEES: Any = 0

# What is left of a fill when its parts are taken off it is zero if it is this much smaller: 0.3 - 0.1 - 0.2 is not 0.
LEFT_OVER = 1e-12


@function(
    "LEV_LADDER",
    no_native="a running sum of the fills has no formula without a function of its own for each step",
    columns=("entry", "position", "leverage", "liquidation"),
    row_each=True,
)
def ladder(
    prices: Prices,
    quantities: Annotated[list[float], series("quantity", "> 0")],
    margin: Annotated[float, number("money", "> 0")],
    mmr: RateOfOne,
    side: SideOfOne = LONG,
    method: Method = "entry",
    fee: RateOfOne = 0,
    contract: Contract = "linear",
) -> Rows:
    """Ladder of orders: after each fill the average entry, the position, its leverage and its liquidation price.

    Parameters
    ----------
    prices : price, > 0, a range
        Price of each fill, in the order in which they come.
    quantities : quantity, > 0, a range
        Coins of each fill, or for an inverse contract its notional in quote currency.
    margin : money, > 0
        Margin behind the whole position, the same from the first fill to the last.
    mmr : fraction, >= 0 and < 1
        Maintenance margin rate: 1% is 0.01.
    side : "long" or "short", default "long"
        Direction of the position.
    method : "entry", "mark" or a venue, default "entry"
        Maintenance margin on the value at "entry" or at the "mark" price of liquidation; or a venue: docs/venues.md.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.
    contract : "linear" or "inverse", default "linear"
        "linear": margin in quote currency. "inverse": margin in coin.

    Returns
    -------
    price, quantity, multiple, price
        A row a fill with the columns entry, position, leverage, liquidation. In its row the liquidation is #N/A where
        the position can't be liquidated and #NUM! where it could not be opened; a blank row is #N/A. For all #NUM!
        outside the domains above and #VALUE! when the ranges differ in length.

    Notes
    -----
    Of the fills so far: entry as LEV_AVGENTRY, position sum(Q), leverage the value at entry over the margin,
    liquidation LEV_LIQPRICE(entry, leverage, mmr, side, method, fee, contract).

    References
    ----------
    .. [1] Bybit Help Center, "P&L Calculations (USDT Contract)" (2024-11-13): average entry price; the rest is
       LEV_LIQPRICE's.

    Examples
    --------
    >>> ladder([[50000], [48000]], [[0.1], [0.1]], 1000, 0.01, "long", "entry", 0, "linear", "liquidation", 2)
    44490.0
    """

    def rung(position: Number, value: Number) -> tuple[Number, ...]:
        entry = quotient(position, value, NUM) if contract == "inverse" else value / position
        leverage = value / margin
        price = calls.evaluate(
            liquidation_price.signature,  # type: ignore[attr-defined]
            (entry, leverage, mmr, side, method, fee, contract),
        )
        return entry, position, leverage, price

    if np is not None:
        bought, paid = (np.frombuffer(array("d", numbers)) for numbers in (quantities, prices))
        with np.errstate(all="ignore"):
            values = bought / paid if contract == "inverse" else bought * paid
            return np.array(rung(np.cumsum(bought), np.cumsum(values))).T
    worths = [_worth(filled, price, contract == "inverse") for filled, price in zip(quantities, prices, strict=True)]
    totals = zip(itertools.accumulate(quantities), itertools.accumulate(worths), strict=True)
    return [list(map(float, rung(*total))) for total in totals]


@function(
    "LEV_REALIZED",
    no_native="each fill is set against those before it that are still open, one after another",
    columns=("profit", "quantity", "entry"),
)
def realized(
    prices: Prices,
    quantities: Annotated[list[float], series("quantity")],
    method: Matching = "average",
    fees: Annotated[list[float], series("fraction of the traded value", "> -1 and < 1", repeats=True)] = NO_FEES,
    contract: Contract = "linear",
) -> Rows:
    """Realised profit of a list of fills, and the quantity and entry of what is still open.

    Parameters
    ----------
    prices : price, > 0, a range
        Price of each fill, in the order in which they came.
    quantities : quantity, any number, a range
        Bought, or negative when sold: coins, or for an inverse contract the notional in quote currency.
    method : "average", "fifo" or "lifo", default "average"
        What a fill closes: a part of all at its "average" entry as venues do, or the first or last that was opened.
    fees : fraction of the traded value, > -1 and < 1, a range, or one for all, default 0
        Fee of each fill, as a fraction of its value; negative for a rebate.
    contract : "linear" or "inverse", default "linear"
        "linear": profit in quote currency. "inverse": profit in coin.

    Returns
    -------
    money, quantity, price
        One row with the columns profit, less the fees of all fills; quantity, negative for a short; entry, #N/A when
        nothing is open. #NUM! outside the domains above; #VALUE! when the ranges differ in length. Rows in which all is
        blank are left out.

    Notes
    -----
    Each closed part Q of an entry E at a price P earns s*Q*(P - E), inverse s*Q*(1/E - 1/P); what a fill has beyond the
    open position opens one in its own direction.

    References
    ----------
    .. [1] Bybit Help Center, "P&L Calculations (USDT Contract)" (2024-11-13): average entry price and closed P&L;
       IAS 2 "Inventories", paragraphs 25 to 27: first in first out, weighted average.

    Examples
    --------
    >>> realized([[100], [110], [120]], [[1], [1], [-1]], "fifo", 0, "linear", "profit", 1)
    20.0
    >>> realized([[100], [110], [120]], [[1], [1], [-1]], "average", 0, "linear", "entry", 1)
    105.0
    """
    is_inverse = contract == "inverse"
    lots: deque[tuple[float, float]] = deque()  # what is open: signed quantities of one direction, and their entries
    earned: list[float] = []
    largest = 0.0
    for price, filled, fee in zip(prices, quantities, fees, strict=True):
        largest = max(largest, abs(filled))
        earned.append(-fee * _worth(abs(filled), price, is_inverse))
        rest = filled
        while rest and lots and (lots[0][0] > 0) != (rest > 0):
            opened, entry = lots.popleft() if method == "fifo" else lots.pop()
            closed = math.copysign(min(abs(opened), abs(rest)), opened)
            earned.append(closed * ((price - entry) / entry / price if is_inverse else price - entry))
            rest = _without(rest, -closed, largest)
            if left := _without(opened, closed, largest):
                (lots.appendleft if method == "fifo" else lots.append)((left, entry))
        if rest:
            lots.append((rest, price))
            if method == "average":
                lots = deque([_together(lots, is_inverse)])
    quantity, entry = _together(lots, is_inverse) if lots else (0.0, NA)
    return [[math.fsum(earned), quantity, entry]]


def _together(lots: Iterable[tuple[float, float]], is_inverse: bool) -> tuple[float, float]:
    """The quantity of several lots of one direction, and their average entry."""
    quantities, entries = zip(*lots, strict=True)
    if len(quantities) == 1:
        return quantities[0], entries[0]
    total = math.fsum(quantities)
    value = math.fsum(_worth(opened, entry, is_inverse) for opened, entry in zip(quantities, entries, strict=True))
    return total, total / value if is_inverse else value / total


def _worth(quantity: float, price: float, is_inverse: bool) -> float:
    return quantity / price if is_inverse else quantity * price


def _without(quantity: float, part: float, largest: float) -> float:
    left = quantity - part
    return left if abs(left) > LEFT_OVER * largest else 0.0

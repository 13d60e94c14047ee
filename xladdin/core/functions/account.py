"""The account: many positions that one wallet stands behind, and the move that liquidates them together."""

import math
from collections.abc import Iterable
from itertools import accumulate
from operator import mul, neg, sub
from typing import Annotated, Any, NamedTuple

from xladdin.core.catalog import (
    NA,
    NUM,
    Money,
    Number,
    Rate,
    Rows,
    function,
    number,
    series,
    series_of_choices,
)
from xladdin.core.functions.elementary import each, quotient

Entries = Annotated[list[float], series("price", "> 0")]
Quantities = Annotated[list[float], series("quantity")]
Sides = Annotated[
    list[float],
    series_of_choices(
        '"long", "short" or blank',
        {"long": 1.0, "short": -1.0, "buy": 1.0, "sell": -1.0, 1.0: 1.0, -1.0: -1.0, "": 0.0},
    ),
]
Rates = Annotated[list[float], series("fraction", ">= 0 and < 1", repeats=True)]
PricesNow = Annotated[list[float], series("price", "> 0", repeats=True)]
Betas = Annotated[list[float], series("multiple", repeats=True)]
Deductions = Annotated[list[float], series("money", ">= 0", repeats=True)]
# The defaults of the series that may be left out, as they are written: for each position its entry, 1, nothing.
AT_ENTRY: Any = "entries"
ALIKE: Any = 1
NOTHING: Any = 0

_NO_NATIVE = "a side or a price that is left out in some rows and not in others can't be said in one"


class _Account(NamedTuple):
    """An account now: of each position 1 or -1 for its direction and its value, and the sums over all."""

    signs: list[float]
    values: list[float]
    pnl: float
    maintenance: float
    worth: float


@function(
    "LEV_LIQACCOUNT",
    no_native="the prices that reach zero on the way are passed one after another",
    explain=lambda wallet, entries, quantities, sides, *rest: _explained(quantities, sides),
)
def account_liquidation_move(
    wallet: Money,
    entries: Entries,
    quantities: Quantities,
    sides: Sides,
    mmrs: Rates,
    prices: PricesNow = AT_ENTRY,
    betas: Betas = ALIKE,
    deductions: Deductions = NOTHING,
    fee: Rate = 0,
) -> Number:
    """Common move of all prices at which an account with cross margin is liquidated.

    Parameters
    ----------
    wallet : money, any number
        Wallet balance that stands behind all positions, without their unrealised profit.
    entries : price, > 0, a range
        Average entry price of each position.
    quantities : quantity, any number, a range
        Coins of each position; where its side is blank a negative quantity is a short. Hedge mode is two rows.
    sides : "long", "short" or blank, a range, or one for all
        Direction of each position; blank where the quantity's sign says it.
    mmrs : fraction, >= 0 and < 1, a range, or one for all
        Maintenance margin rate of each position's tier: 1% is 0.01.
    prices : price, > 0, a range, or one for all, default entries
        Mark prices now; a blank is the entry price.
    betas : multiple, any number, a range, or one for all, default 1
        How many times the common move each price moves; negative against it, 0 not at all.
    deductions : money, >= 0, a range, or one for all, default 0
        Maintenance amount of each position's tier, which lowers its maintenance margin.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.

    Returns
    -------
    fraction
        -0.2 is a fall of 20%: the nearest move, down or up, that liquidates; 0 when the account is liquidated already;
        #N/A when no move liquidates it. #NUM! for a negative quantity with a side, and outside the domains above;
        #VALUE! when the ranges differ in length. Rows in which all is blank are left out.

    Notes
    -----
    The x nearest to zero, above -1, at which equity(x) = requirement(x), with price(x) = max(0, price*(1 + beta*x)):
    equity(x) = wallet + sum(s*|Q|*(price(x) - entry)),
    requirement(x) = sum((mmr + fee)*|Q|*price(x) - deduction). Of two as near the fall is given.

    References
    ----------
    .. [1] Deribit API, get_account_summary, read 2026-11-26: estimated_liquidation_ratio, by which the price of a
       future is multiplied for its estimated liquidation price; it is 1 + x with betas of 1.
    .. [2] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts" (2020-08-14): the same sums
       for one position; dYdX Docs, "Margin", and Hyperliquid Docs, "Liquidations", read 2026-11-26: account value
       against the maintenance margin of all positions.

    Examples
    --------
    >>> round(account_liquidation_move(2000, [[50000], [3000]], [[0.2], [2]], "long", 0.01), 9)
    -0.116161616
    >>> round(account_liquidation_move(2000, [[50000], [3000]], [[0.2], [-2]], "", 0.01), 9)
    -0.479166667
    """
    account = _account(entries, quantities, sides, mmrs, prices, deductions)
    if account is None:
        return NUM
    return each(lambda wallet, fee: _nearest_move(account, mmrs, betas, wallet, fee), wallet, fee)


@function(
    "LEV_LIQPOSITIONS",
    no_native=_NO_NATIVE,
    columns=("price",),
    row_each=True,
    explain=lambda wallet, entries, quantities, sides, *rest: _explained(quantities, sides),
)
def account_liquidation_prices(
    wallet: Annotated[float, number("money")],
    entries: Entries,
    quantities: Quantities,
    sides: Sides,
    mmrs: Rates,
    prices: PricesNow = AT_ENTRY,
    betas: Betas = ALIKE,
    deductions: Deductions = NOTHING,
    fee: Annotated[float, number("fraction", ">= 0 and < 1")] = 0,
) -> Rows:
    """Liquidation price of each position of an account with cross margin, the other prices staying where they are.

    Parameters
    ----------
    wallet : money, any number
        Wallet balance that stands behind all positions, without their unrealised profit.
    entries : price, > 0, a range
        Average entry price of each position.
    quantities : quantity, any number, a range
        Coins of each position; where its side is blank a negative quantity is a short.
    sides : "long", "short" or blank, a range, or one for all
        Direction of each position; blank where the quantity's sign says it.
    mmrs : fraction, >= 0 and < 1, a range, or one for all
        Maintenance margin rate of each position's tier: 1% is 0.01.
    prices : price, > 0, a range, or one for all, default entries
        Mark prices now; a blank is the entry price.
    betas : multiple, any number, a range, or one for all, default 1
        Taken so that the arguments are those of LEV_LIQACCOUNT; here one price moves alone and they change nothing.
    deductions : money, >= 0, a range, or one for all, default 0
        Maintenance amount of each position's tier, which lowers its maintenance margin.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.

    Returns
    -------
    price
        A row a position, beyond the price now where the account is liquidated already. In its row #N/A where no price
        of it liquidates, where its quantity is 0 and where the row is blank; #NUM! where it asks for all that it is
        worth. For all #NUM! for a negative quantity with a side, and outside the domains above.

    Notes
    -----
    price - (equity - requirement)/(|Q|*(s - mmr - fee)), with equity and requirement of the whole account now. Of a
    hedge in two rows each row moves alone: enter the net of both for the price that a venue shows.

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts" (2020-08-14): cross margin,
       with maintenance margin and unrealised profit of all other contracts.

    Examples
    --------
    >>> round(account_liquidation_prices(100, [[100], [10]], [[4], [40]], "long", 0.01, [[100], [10]], 1, 0, 0, 1), 6)
    76.767677
    """
    account = _account(entries, quantities, sides, mmrs, prices, deductions)
    if account is None:
        return NUM
    excess = float(_equity(account, wallet) - _requirement(account, fee))
    rows = []
    for sign, mmr, price, quantity in zip(account.signs, mmrs, prices, quantities, strict=True):
        share = sign - mmr - fee
        found = price - excess / (abs(quantity) * share) if quantity and share else 0.0
        rows.append([NUM if sign * share <= 0 else found if found > 0 else NA])
    return rows


@function(
    "LEV_ACCOUNTRATIO",
    no_native=_NO_NATIVE,
    explain=lambda wallet, entries, quantities, sides, *rest: (
        _explained(quantities, sides) or "the account has no equity above zero to hold the maintenance margin against"
    ),
)
def account_margin_ratio(
    wallet: Money,
    entries: Entries,
    quantities: Quantities,
    sides: Sides,
    mmrs: Rates,
    prices: PricesNow = AT_ENTRY,
    betas: Betas = ALIKE,
    deductions: Deductions = NOTHING,
    fee: Rate = 0,
) -> Number:
    """Margin ratio of an account with cross margin: maintenance margin over equity, at the prices now.

    Parameters
    ----------
    wallet : money, any number
        Wallet balance that stands behind all positions, without their unrealised profit.
    entries : price, > 0, a range
        Average entry price of each position.
    quantities : quantity, any number, a range
        Coins of each position; where its side is blank a negative quantity is a short.
    sides : "long", "short" or blank, a range, or one for all
        Direction of each position; blank where the quantity's sign says it.
    mmrs : fraction, >= 0 and < 1, a range, or one for all
        Maintenance margin rate of each position's tier: 1% is 0.01.
    prices : price, > 0, a range, or one for all, default entries
        Mark prices now; a blank is the entry price.
    betas : multiple, any number, a range, or one for all, default 1
        Taken so that the arguments are those of LEV_LIQACCOUNT; at the prices now they change nothing.
    deductions : money, >= 0, a range, or one for all, default 0
        Maintenance amount of each position's tier, which lowers its maintenance margin.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.

    Returns
    -------
    fraction
        The account is liquidated at 1. #NUM! when the equity is not above zero, for a negative quantity with a side,
        and outside the domains above.

    Notes
    -----
    sum((mmr + fee)*|Q|*price - deduction) / (wallet + sum(s*|Q|*(price - entry)))

    References
    ----------
    .. [1] Hyperliquid Docs, "Liquidations", read 2026-11-26: liquidated where the account's equity falls below the
       maintenance margin.
    .. [2] OKX Help, "Tiered maintenance margin ratio rules" (2025-05-16): a margin ratio that is the inverse of this
       one, liquidated at 100% of maintenance margin and fees.

    Examples
    --------
    >>> account_margin_ratio(2000, [[50000], [3000]], [[0.2], [2]], "long", 0.01)
    0.08
    """
    account = _account(entries, quantities, sides, mmrs, prices, deductions)
    if account is None:
        return NUM
    return quotient(_requirement(account, fee), _equity(account, wallet), NUM)


@function(
    "LEV_FREEMARGIN",
    no_native=_NO_NATIVE,
    explain=lambda wallet, entries, quantities, sides, *rest: _explained(quantities, sides),
)
def account_free_margin(
    wallet: Money,
    entries: Entries,
    quantities: Quantities,
    sides: Sides,
    mmrs: Rates,
    prices: PricesNow = AT_ENTRY,
    betas: Betas = ALIKE,
    deductions: Deductions = NOTHING,
    fee: Rate = 0,
) -> Number:
    """Money that an account with cross margin can lose before it is liquidated, at the prices now.

    Parameters
    ----------
    wallet : money, any number
        Wallet balance that stands behind all positions, without their unrealised profit.
    entries : price, > 0, a range
        Average entry price of each position.
    quantities : quantity, any number, a range
        Coins of each position; where its side is blank a negative quantity is a short.
    sides : "long", "short" or blank, a range, or one for all
        Direction of each position; blank where the quantity's sign says it.
    mmrs : fraction, >= 0 and < 1, a range, or one for all
        Maintenance margin rates. With initial margin rates, 1/leverage, in their place it is what may be withdrawn.
    prices : price, > 0, a range, or one for all, default entries
        Mark prices now; a blank is the entry price.
    betas : multiple, any number, a range, or one for all, default 1
        Taken so that the arguments are those of LEV_LIQACCOUNT; at the prices now they change nothing.
    deductions : money, >= 0, a range, or one for all, default 0
        Maintenance amount of each position's tier, which lowers its maintenance margin.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.

    Returns
    -------
    money
        Equity less maintenance margin; negative when the account is beyond its liquidation. #NUM! for a negative
        quantity with a side, and outside the domains above.

    Notes
    -----
    wallet + sum(s*|Q|*(price - entry)) - sum((mmr + fee)*|Q|*price - deduction)

    References
    ----------
    .. [1] dYdX Docs, "Margin", read 2026-11-26: free collateral, with initial in the place of maintenance margin.

    Examples
    --------
    >>> account_free_margin(2000, [[50000], [3000]], [[0.2], [2]], "long", 0.01)
    1840.0
    """
    account = _account(entries, quantities, sides, mmrs, prices, deductions)
    if account is None:
        return NUM
    return _equity(account, wallet) - _requirement(account, fee)


def _account(
    entries: list[float],
    quantities: list[float],
    sides: list[float],
    mmrs: list[float],
    prices: list[float],
    deductions: list[float],
) -> _Account | None:
    """The rows as an account, or nothing where a quantity's sign and a side say it twice."""
    least = min(quantities)
    if least < 0 and any(side and quantity < 0 for quantity, side in zip(quantities, sides, strict=True)):
        return None
    signs = sides
    if not all(sides):
        signs = [side or (1.0 if quantity >= 0 else -1.0) for side, quantity in zip(sides, quantities, strict=True)]
    sizes = quantities if least >= 0 else list(map(abs, quantities))
    values = list(map(mul, sizes, prices))
    won = map(mul, map(mul, signs, sizes), map(sub, prices, entries))
    asked = map(sub, map(mul, mmrs, values), deductions)
    return _Account(signs, values, math.fsum(won), math.fsum(asked), math.fsum(values))


def _explained(quantities: list[float], sides: list[float]) -> str:
    for place, (quantity, side) in enumerate(zip(quantities, sides, strict=True), start=1):
        if quantity < 0 and side:
            return f"quantity {quantity:.15g} of position {place} is negative although its side is given"
    return ""


def _equity(account: _Account, wallet: Number) -> Number:
    return wallet + account.pnl


def _requirement(account: _Account, fee: Number) -> Number:
    return account.maintenance + fee * account.worth


def _nearest_move(account: _Account, mmrs: list[float], betas: list[float], wallet: float, fee: float) -> float:
    """The move nearest to zero at which the equity meets the requirement."""
    excess = float(_equity(account, wallet) - _requirement(account, fee))
    if excess <= 0:
        return 0.0
    # What the excess gains where all prices move up by one.
    shares = [sign - mmr - fee for sign, mmr in zip(account.signs, mmrs, strict=True)]
    gains = list(map(mul, map(mul, account.values, betas), shares))
    together = math.fsum(gains)
    fall = _distance(excess, -together, map(neg, gains), betas, 1.0)
    rise = _distance(excess, together, gains, list(map(neg, betas)), math.inf)
    if fall <= rise:
        return -fall if fall < math.inf else NA
    return rise


def _distance(excess: float, slope: float, gains: Iterable[float], falls: list[float], limit: float) -> float:
    """How far a move goes until the excess is gone; infinite where it is not within the limit.

    `gains` is what the excess gains by each position a unit of the move, `slope` by all, `falls` how fast the prices
    fall. One that has come to zero on the way moves no more, and its position gains and loses nothing more.
    """
    fastest, least = max(falls), 1 / limit
    first = 1 / fastest if fastest > least else limit
    if slope < 0 and -excess / slope < first:
        return -excess / slope
    if first == limit:
        return math.inf
    passing: list[tuple[float, float]] = []
    others: list[float] = []
    for fall, gain in zip(falls, gains, strict=True):
        if fall > least:
            passing.append((1 / fall, gain))
        else:
            others.append(gain)
    passing.sort()
    # The slopes from the last on, so that nothing is left over of what has been taken away.
    slopes = list(accumulate([gain for _, gain in reversed(passing)], initial=math.fsum(others)))
    at = 0.0
    for end, _ in passing:
        slope = slopes.pop()
        left = excess + slope * (end - at)
        if left < 0:
            return at - excess / slope
        at, excess = end, left
    slope = slopes.pop()
    reached = at - excess / slope if slope < 0 else math.inf
    return reached if reached < limit else math.inf

"""Margin tiers: the range of rows that a venue publishes, what it asks of a position, and where it is from."""

import functools
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xladdin.core import venues
from xladdin.core.catalog import (
    LONG,
    NA,
    NUM,
    VALUE,
    Contract,
    Money,
    MoneyOrZero,
    Number,
    Price,
    Quantity,
    Rate,
    Rows,
    Side,
    Tiering,
    function,
    number,
    table,
    text,
)
from xladdin.core.errors import UserError
from xladdin.core.functions.elementary import maximum, quotient, where

if TYPE_CHECKING:
    from xladdin.core.tier_sets import TierSet


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


_RANGE = table("floor in money, rate, max leverage", read_tiers, NATIVE_CHECK)
Tiers = Annotated[list[Tier], _RANGE]
TiersIfAny = Annotated[list[Tier] | None, _RANGE]
VenueName = Annotated[str, text("venue")]
Symbol = Annotated[str, text("symbol")]
Date = Annotated[float, number("date", ">= 0 and < 2958466")]

# A range of tiers in native formulas: the step in the rate at each floor, from which everything else follows.
STEPS = "floors,INDEX(tiers,0,1),rates,INDEX(tiers,0,2),steps,rates-TAKE(VSTACK(0,rates),ROWS(tiers))"
_NO_NATIVE = "a spreadsheet can't look into the sets of tiers that ship with xladdin"


@function("LEV_MMR", native="LOOKUP(position_size,INDEX(tiers,0,1),INDEX(tiers,0,2))")
def maintenance_margin_rate(position_size: MoneyOrZero, tiers: Tiers) -> Number:
    """Maintenance margin rate of the tier that a position falls in.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position.
    tiers : floor in money, rate, max leverage, a range of rows
        Range with a row a tier, ascending: floor, maintenance margin rate[, maximum leverage]; first floor 0.

    Returns
    -------
    fraction
        The rate of the last tier whose floor is not above the size. #NUM! when the tiers are not in ascending order
        from zero; #VALUE! when the range has not two or three columns or holds text.

    Notes
    -----
    rate(n) for the largest n with floor(n) <= position_size

    References
    ----------
    .. [1] Binance Support, "Leverage and Margin of USD-M Futures".

    Examples
    --------
    >>> maintenance_margin_rate(264000, [[0, 0.004], [50000, 0.005], [250000, 0.01]])
    0.01
    """
    rate: Number = tiers[0].rate
    for tier in tiers[1:]:
        rate = where(position_size >= tier.floor, tier.rate, rate)
    return rate


@function(
    "LEV_MAXLEVERAGE",
    native="IF(COLUMNS(tiers)<3,NA(),LOOKUP(position_size,INDEX(tiers,0,1),INDEX(tiers,0,COLUMNS(tiers))))",
)
def maximum_leverage(position_size: MoneyOrZero, tiers: Tiers) -> Number:
    """Maximum leverage of the tier that a position falls in.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position.
    tiers : floor in money, rate, max leverage, a range of rows
        Range with a row a tier, ascending: floor, maintenance margin rate, maximum leverage; first floor 0.

    Returns
    -------
    multiple
        Of the last tier whose floor is not above the size. #N/A when the range has no third column; #NUM! when the
        tiers are not in ascending order from zero; #VALUE! when the range has not two or three columns or holds text.

    Notes
    -----
    max leverage(n) for the largest n with floor(n) <= position_size

    References
    ----------
    .. [1] Binance Support, "Leverage and Margin of USD-M Futures".

    Examples
    --------
    >>> maximum_leverage(60000, [[0, 0.004, 125], [50000, 0.005, 100], [250000, 0.01, 50]])
    100.0
    """
    leverage: Number = tiers[0].max_leverage
    for tier in tiers[1:]:
        leverage = where(position_size >= tier.floor, tier.max_leverage, leverage)
    return leverage


@function(
    "LEV_MAINTMARGIN",
    native=(
        f"LET({STEPS},"
        'IF(tiering="flat",LOOKUP(position_size,floors,rates)*position_size,'
        "SUMPRODUCT((position_size>=floors)*(position_size-floors)*steps)))"
    ),
)
def maintenance_margin(position_size: MoneyOrZero, tiers: Tiers, tiering: Tiering = "marginal") -> Number:
    """Maintenance margin of a position under margin tiers.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position.
    tiers : floor in money, rate, max leverage, a range of rows
        Range with a row a tier, ascending: floor, maintenance margin rate[, maximum leverage]; first floor 0.
    tiering : "marginal", "flat" or a venue, default "marginal"
        "marginal" charges each part of the size its own tier's rate, "flat" the whole size the rate of the tier it is
        in; or a venue, as in `xladdin venues`, where it is known.

    Returns
    -------
    money
        In the currency of the position. #NUM! when the tiers are not in ascending order from zero; #VALUE! when the
        range has not two or three columns or holds text.

    Notes
    -----
    marginal: size*rate(n) - c(n) for the tier n that holds, with c(1) = 0 and c(n) = c(n-1) +
    floor(n)*(rate(n) - rate(n-1)); flat: size*rate(n).

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts", section 2: maintenance
       amount.
    .. [2] Bitget Support, "Bitget to update maintenance margin calculation for classic account futures" (2025-11-10):
       both methods on one position.

    Examples
    --------
    >>> maintenance_margin(264000, [[0, 0.004], [50000, 0.005], [250000, 0.01]])
    1340.0
    >>> maintenance_margin(330000, [[0, 0.004], [200000, 0.005]], "flat")
    1650.0
    """
    return required_margin(position_size, tiers, tiering)


def required_margin(size: Number, tiers: list[Tier], tiering: str) -> Number:
    required: Number = size * tiers[0].rate
    for tier in tiers[1:]:
        required = where(size >= tier.floor, size * tier.rate - _deduction(tier, tiering), required)
    return required


def _deduction(tier: Tier, tiering: str) -> float:
    return 0.0 if tiering == "flat" else tier.deduction


@function(
    "LEV_LIQTIERED",
    native=(
        f"LET({STEPS},deductions,MMULT(--(SEQUENCE(ROWS(tiers))>=SEQUENCE(1,ROWS(tiers))),floors*steps),"
        'value,IF(contract="inverse",quantity/entry,quantity*entry),grows,IF(contract="inverse",side,-side),'
        'needed,IF(tiering="flat",LOOKUP(value,floors,rates)*value,'
        "SUMPRODUCT((value>=floors)*(value-floors)*steps))+fee*value,"
        "IF(OR(needed>=margin,MAX(rates)+fee>=1),#NUM!,"
        'LET(solved,(margin+deductions*(tiering<>"flat")+grows*value)/(quantity*(rates+fee+grows)),edges,floors/quantity,'
        'reached,IF((tiering="flat")*(grows>0),IF(solved>edges,solved,edges),'
        'IF((tiering="flat")*((solved<edges)+(floors>value)>0),0,solved)),'
        "result,IF(grows>0,MIN(reached),MAX(reached)),"
        'IF(result<=0,NA(),IF(contract="inverse",1/result,result)))))'
    ),
)
def tiered_liquidation_price(
    entry: Price,
    quantity: Quantity,
    margin: Money,
    tiers: Tiers,
    side: Side = LONG,
    fee: Rate = 0,
    contract: Contract = "linear",
    tiering: Tiering = "marginal",
) -> Number:
    """Liquidation price under margin tiers, with the tier that holds at the liquidation price itself.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    quantity : quantity, > 0
        Coins, or for an inverse contract its notional in quote currency.
    margin : money, any number
        Margin or wallet behind the position: quote currency, or coin for an inverse contract.
    tiers : floor in money, rate, max leverage, a range of rows
        Range with a row a tier, ascending: floor, maintenance margin rate[, maximum leverage]; first floor 0.
    side : "long" or "short", default "long"
        Direction of the position.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.
    contract : "linear" or "inverse", default "linear"
        "linear": margin and tiers in quote currency. "inverse": both in coin.
    tiering : "marginal", "flat" or a venue, default "marginal"
        "marginal" charges each part of the value its own tier's rate, "flat" the whole value the rate of the tier it is
        in; or a venue, as in `xladdin venues`, where it is known.

    Returns
    -------
    price
        Quote currency per coin. #NUM! when the maintenance margin at entry is not below the margin, or the tiers are
        not in ascending order from zero; #N/A when the position can't be liquidated; #VALUE! for tiers that are no
        such range.

    Notes
    -----
    Equity equals maintenance margin: linear (margin + c(n) - s*Q*E)/(Q*(m(n) + f - s)), for the tier n whose range
    holds the notional at the answer. As each tier asks more than the one below, the answer is the highest of all
    tiers' prices for a long and the lowest for a short. Inverse likewise on Q/E and Q/P in coin. "flat": without c(n);
    a short whose value grows into a tier that asks more than its equity is liquidated at that tier's floor.

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts".

    Examples
    --------
    >>> round(tiered_liquidation_price(10, 1, 2, [[0, 0.01], [5, 0.02]]), 6)
    8.112245
    >>> round(tiered_liquidation_price(10, 1, 2, [[0, 0.01], [5, 0.02]], "long", 0, "linear", "flat"), 6)
    8.163265
    """
    value = quantity / entry if contract == "inverse" else quantity * entry
    opens = (required_margin(value, tiers, tiering) + fee * value < margin) & (tiers[-1].rate + fee < 1)
    grows = side if contract == "inverse" else -side
    # Solved for the price, or for 1/price where that is what the value in coin is proportional to.
    reached: list[Number] = []
    for tier in tiers:
        solved = (margin + _deduction(tier, tiering) + grows * value) / (quantity * (tier.rate + fee + grows))
        if tiering == "flat":
            edge = tier.floor / quantity
            left = where((solved >= edge) & (tier.floor <= value), solved, 0.0)
            solved = where(grows > 0, maximum(solved, edge), left)
        reached.append(solved)
    # The tier that comes first: the least of a value that grows, the greatest of one that shrinks.
    result: Number = -grows * functools.reduce(maximum, [-grows * solved for solved in reached])
    price = quotient(1.0, result, NA) if contract == "inverse" else result
    return where(opens, where(price > 0, price, NA), NUM)


@function(
    "LEV_TIERS",
    no_native=_NO_NATIVE,
    columns=("floor", "rate", "max_leverage"),
    explain=lambda venue, symbol, as_of: _why(venue, symbol, as_of),
)
def venue_tiers(venue: VenueName, symbol: Symbol, as_of: Date = 0) -> Rows:
    """Margin tiers of a symbol at a venue: a row a tier with floor, maintenance margin rate and maximum leverage.

    Parameters
    ----------
    venue : venue, a text
        One of which tiers are here; `xladdin tiers` lists them.
    symbol : symbol, a text
        In any spelling: BTCUSDT, BTC/USDT, BTC-USDT-SWAP.
    as_of : date, >= 0 and < 2958466, default 0
        The day, as a spreadsheet's date: the newest tiers that are not younger. 0 for the newest of all.

    Returns
    -------
    money, fraction, multiple
        Rows for LEV_LIQTIERED and its like: floors in the currency of the margin. They are of the day that LEV_TIERDATE
        gives, and the venue may have changed them since. #VALUE! for a venue that is not known; #N/A when there are no
        tiers of the venue, of that time or of the symbol.

    Notes
    -----
    The set with the largest date <= as_of; of the same date the one that you brought with `xladdin tiers import`.

    References
    ----------
    .. [1] Binance, leverage brackets of 2024-10-24 and 2026-09-29, as freqtrade carries them (binance_leverage_tiers).

    Examples
    --------
    >>> venue_tiers("binance", "BTCUSDT", 45589, "rate", 2)
    0.005
    """
    try:
        return _found(venue, as_of).table(symbol)
    except UserError:
        return _missing(venue)


@function(
    "LEV_TIERDATE",
    no_native=_NO_NATIVE,
    columns=("date",),
    explain=lambda venue, as_of: _why(venue, "", as_of),
)
def tier_date(venue: VenueName, as_of: Date = 0) -> Rows:
    """Day of the margin tiers that LEV_TIERS gives: venues change them, and old ones give a wrong price.

    Parameters
    ----------
    venue : venue, a text
        One of which tiers are here; `xladdin tiers` lists them.
    as_of : date, >= 0 and < 2958466, default 0
        As for LEV_TIERS.

    Returns
    -------
    date
        A spreadsheet's date, so that TODAY() less it is the age in days. #VALUE! for a venue that is not known; #N/A
        when there are no tiers of the venue or of that time.

    Notes
    -----
    The largest date <= as_of of the venue's sets.

    References
    ----------
    .. [1] The sets of tiers that ship with xladdin; `xladdin tiers` shows the source of each.

    Examples
    --------
    >>> tier_date("binance", 45700, 1)
    45589.0
    """
    try:
        return [[_found(venue, as_of).serial]]
    except UserError:
        return _missing(venue)


def _found(venue: str, as_of: float) -> "TierSet":
    from xladdin.core import tier_sets  # only here: it is not to cost every import of the functions

    return tier_sets.find(venue, tier_sets.from_serial(as_of) if as_of else None)


def _missing(venue: str) -> float:
    return NA if venue.casefold() in venues.WORDS else VALUE


def _why(venue: str, symbol: str, as_of: float) -> str:
    """Why there are no tiers; empty where there are."""
    try:
        found = _found(venue, as_of)
        if symbol:
            found.table(symbol)
    except UserError as error:
        return str(error).rstrip(".")
    return ""

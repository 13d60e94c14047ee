"""Liquidation: where it happens, how far away it is, and what moves it."""

import functools
from typing import Annotated

from xladdin.core.catalog import (
    LONG,
    NA,
    NUM,
    Contract,
    Leverage,
    Method,
    Money,
    MoneyOrZero,
    Number,
    Price,
    PriceOrZero,
    Quantity,
    Rate,
    Side,
    function,
    table,
)
from xladdin.core.functions.elementary import maximum, quotient, where
from xladdin.core.functions.tiers import NATIVE_CHECK, Tier, read_tiers

Tiers = Annotated[list[Tier], table("floor in money, rate, max leverage", read_tiers, NATIVE_CHECK)]

# A range of tiers in native formulas: the step in the rate at each floor, from which everything else follows.
_STEPS = "floors,INDEX(tiers,0,1),rates,INDEX(tiers,0,2),steps,rates-TAKE(VSTACK(0,rates),ROWS(tiers))"


@function(
    "LEV_LIQPRICE",
    native=(
        "IF((mmr+fee)*leverage>=1,#NUM!,LET(held,side*(mmr+fee),"
        'owed,IF(contract="inverse",leverage+side,leverage-side)/leverage,'
        'upper,IF(contract="inverse",IF(method="entry",entry,entry*(1+held)),'
        'IF(method="entry",entry*(owed+held),entry*owed)),'
        'lower,IF(contract="inverse",IF(method="entry",owed-held,owed),'
        'IF(method="entry",1,1-held)),IF((upper<=0)+(lower<=0)>0,NA(),upper/lower)))'
    ),
)
def liquidation_price(
    entry: Price,
    leverage: Leverage,
    mmr: Rate,
    side: Side = LONG,
    method: Method = "entry",
    fee: Rate = 0,
    contract: Contract = "linear",
) -> Number:
    """Liquidation price of a position with isolated margin.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    leverage : multiple, > 0
        Position value at entry over initial margin.
    mmr : fraction, >= 0 and < 1
        Maintenance margin rate: 1% is 0.01. Hyperliquid's is 1/(2*maximum leverage).
    side : "long" or "short", default "long"
        Direction of the position.
    method : "entry", "mark" or a venue, default "entry"
        Maintenance margin on the value at "entry" or at the "mark" price of liquidation; or a venue by its rule of
        today, "bybit", or of a year, "bybit 2024": `xladdin venues` and docs/venues.md list all.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.
    contract : "linear" or "inverse", default "linear"
        "linear": margin in quote currency. "inverse": margin in coin.

    Returns
    -------
    price
        Quote currency per coin, not rounded to the venue's tick. #NUM! when the maintenance margin is not below the
        initial margin, for then the position can't be opened; #N/A when it can't be liquidated.

    Notes
    -----
    With s = 1 for a long and -1 for a short, m = mmr + fee:
    entry: E*(1 - s/L + s*m); mark: E*(1 - s/L)/(1 - s*m);
    inverse, entry: E/(1 + s/L - s*m); inverse, mark: E*(1 + s*m)/(1 + s/L).
    The formula "entry * (1 - mmr/leverage)" of some guides gives 49,950 for the first example below: it is wrong.

    References
    ----------
    .. [1] Bybit Help Center, "Liquidation Price (USDT Contract)": method "entry", Bybit's rule until 2025-09-01;
       "Liquidation Price Calculation under Isolated Mode (Unified Trading Account)", 2026-05-27: method "mark".
    .. [2] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts" and "... of COIN-M Futures
       Contracts": method "mark".
    .. [3] Kraken Support, "Equity Protection Process": method "mark" of an inverse contract.
    .. [4] dYdX Docs, "Liquidations": isolated liquidation price; Hyperliquid Docs, "Liquidations".

    Examples
    --------
    >>> liquidation_price(50000, 10, 0.01)
    45500.0
    >>> round(liquidation_price(50000, 10, 0.01, "short"), 6)
    54500.0
    >>> round(liquidation_price(50000, 10, 0.01, "long", "binance"), 6)
    45454.545455
    """
    kept = mmr + fee
    held = side * kept
    if contract == "inverse":
        owed = (leverage + side) / leverage
        price = quotient(entry, owed - held, NA) if method == "entry" else quotient(entry * (1 + held), owed, NA)
    else:
        owed = (leverage - side) / leverage
        price = entry * (owed + held) if method == "entry" else quotient(entry * owed, 1 - held, NA)
    return where(kept * leverage < 1, where(price > 0, price, NA), NUM)


@function(
    "LEV_BANKRUPTCY",
    native=(
        'IF(contract="inverse",IF(leverage+side<=0,NA(),entry*(leverage/(leverage+side))),'
        "IF(leverage-side<=0,NA(),entry*((leverage-side)/leverage)))"
    ),
)
def bankruptcy_price(entry: Price, leverage: Leverage, side: Side = LONG, contract: Contract = "linear") -> Number:
    """Price at which a position's margin is gone.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    leverage : multiple, > 0
        Position value at entry over initial margin.
    side : "long" or "short", default "long"
        Direction of the position.
    contract : "linear" or "inverse", default "linear"
        "linear": margin in quote currency. "inverse": margin in coin.

    Returns
    -------
    price
        Quote currency per coin. #N/A when no price takes the whole margin; #NUM! outside the domains above.

    Notes
    -----
    linear: E*(1 - s/L); inverse: E*L/(L + s)

    References
    ----------
    .. [1] Bybit Help Center, "Bankruptcy Price (USDT Contract)" and "Bankruptcy Price (Inverse Contract)".

    Examples
    --------
    >>> bankruptcy_price(2400, 10)
    2160.0
    """
    if contract == "inverse":
        return entry * quotient(leverage, leverage + side, NA)
    price = entry * ((leverage - side) / leverage)
    return where(price > 0, price, NA)


@function("LEV_LIQDISTANCE", native="side*(price-liq_price)/price")
def liquidation_distance(price: Price, liq_price: PriceOrZero, side: Side = LONG) -> Number:
    """Adverse move that is left before liquidation, as a fraction of the price now.

    Parameters
    ----------
    price : price, > 0
        Mark price now.
    liq_price : price, >= 0
        Liquidation price.
    side : "long" or "short", default "long"
        Direction of the position.

    Returns
    -------
    fraction
        0.09 means 9% away; negative when the price is already beyond. #NUM! outside the domains above.

    Notes
    -----
    s * (price - liq_price) / price

    References
    ----------
    .. [1] tradermakemoney.com, "Liquidation price": the distance to liquidation of its examples.

    Examples
    --------
    >>> liquidation_distance(50000, 45500)
    0.09
    """
    return side * (price - liq_price) / price


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
    native=f"LET({_STEPS},SUMPRODUCT((position_size>=floors)*(position_size-floors)*steps))",
)
def maintenance_margin(position_size: MoneyOrZero, tiers: Tiers) -> Number:
    """Maintenance margin of a position under margin tiers.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position.
    tiers : floor in money, rate, max leverage, a range of rows
        Range with a row a tier, ascending: floor, maintenance margin rate[, maximum leverage]; first floor 0.

    Returns
    -------
    money
        In the currency of the position. #NUM! when the tiers are not in ascending order from zero; #VALUE! when the
        range has not two or three columns or holds text.

    Notes
    -----
    size*rate(n) - c(n) for the tier n that holds, with c(1) = 0 and c(n) = c(n-1) + floor(n)*(rate(n) - rate(n-1)):
    each part of the size is charged its own tier's rate.

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts", section 2: maintenance
       amount.

    Examples
    --------
    >>> maintenance_margin(264000, [[0, 0.004], [50000, 0.005], [250000, 0.01]])
    1340.0
    """
    return _required(position_size, tiers)


def _required(size: Number, tiers: list[Tier]) -> Number:
    required: Number = size * tiers[0].rate
    for tier in tiers[1:]:
        required = where(size >= tier.floor, size * tier.rate - tier.deduction, required)
    return required


@function(
    "LEV_LIQTIERED",
    native=(
        f"LET({_STEPS},deductions,MMULT(--(SEQUENCE(ROWS(tiers))>=SEQUENCE(1,ROWS(tiers))),floors*steps),"
        'value,IF(contract="inverse",quantity/entry,quantity*entry),'
        "needed,SUMPRODUCT((value>=floors)*(value-floors)*steps)+fee*value,"
        "IF(OR(needed>=margin,MAX(rates)+fee>=1),#NUM!,"
        'IF(contract="inverse",'
        "LET(inverses,(margin+deductions+side*value)/(quantity*(rates+fee+side)),"
        "inverse_price,IF(side>0,MIN(inverses),MAX(inverses)),IF(inverse_price<=0,NA(),1/inverse_price)),"
        "LET(prices,(margin+deductions-side*value)/(quantity*(rates+fee-side)),"
        "price,IF(side>0,MAX(prices),MIN(prices)),IF(price<=0,NA(),price)))))"
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
    tiers' prices for a long and the lowest for a short. Inverse likewise on Q/E and Q/P in coin.

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts".

    Examples
    --------
    >>> round(tiered_liquidation_price(10, 1, 2, [[0, 0.01], [5, 0.02]]), 6)
    8.112245
    """
    notional = quantity / entry if contract == "inverse" else quantity * entry
    opens = (_required(notional, tiers) + fee * notional < margin) & (tiers[-1].rate + fee < 1)
    price: Number
    if contract == "inverse":
        # Solved for 1/price, which falls as the price rises: the highest price has the lowest inverse.
        inverses = [
            (margin + tier.deduction + side * notional) / (quantity * (tier.rate + fee + side)) for tier in tiers
        ]
        price = quotient(1.0, -side * functools.reduce(maximum, [-side * inverse for inverse in inverses]), NA)
    else:
        prices = [(margin + tier.deduction - side * notional) / (quantity * (tier.rate + fee - side)) for tier in tiers]
        price = side * functools.reduce(maximum, [side * price for price in prices])
    return where(opens, where(price > 0, price, NA), NUM)


@function(
    "LEV_LIQCROSS",
    native=(
        "LET(price,(wallet-other_mm+other_pnl+deduction-side*quantity*entry)/(quantity*(mmr-side)),"
        "IF(price<=0,NA(),price))"
    ),
)
def cross_liquidation_price(
    wallet: Money,
    entry: Price,
    quantity: Quantity,
    mmr: Rate,
    side: Side = LONG,
    deduction: MoneyOrZero = 0,
    other_mm: MoneyOrZero = 0,
    other_pnl: Money = 0,
) -> Number:
    """Liquidation price of a position with cross margin, in one-way mode.

    Parameters
    ----------
    wallet : money, any number
        Wallet balance that stands behind all positions.
    entry : price, > 0
        Average entry price, quote currency per coin.
    quantity : quantity, > 0
        Coins.
    mmr : fraction, >= 0 and < 1
        Maintenance margin rate of the position's tier.
    side : "long" or "short", default "long"
        Direction of the position.
    deduction : money, >= 0, default 0
        Maintenance amount of the position's tier, which lowers its maintenance margin.
    other_mm : money, >= 0, default 0
        Maintenance margin of all other positions.
    other_pnl : money, any number, default 0
        Unrealised profit of all other positions; negative for a loss.

    Returns
    -------
    price
        Mark price, quote currency per coin. #N/A when the position can't be liquidated; #NUM! outside the domains
        above.

    Notes
    -----
    (wallet - other_mm + other_pnl + deduction - s*Q*E)/(Q*(mmr - s))

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts".

    Examples
    --------
    >>> round(cross_liquidation_price(1535443.01, 32481.98, 109.488, 0.025, "long", 16300), 2)
    18778.73
    >>> round(cross_liquidation_price(2, 10, 1, 0.01, "short", 0.01), 6)
    11.891089
    """
    covered = wallet - other_mm + other_pnl + deduction
    price = (covered - side * quantity * entry) / (quantity * (mmr - side))
    return where(price > 0, price, NA)


@function(
    "LEV_TOPUP",
    native=(
        'LET(missing,quantity*(side*(entry-target_price)+(mmr+fee)*IF(method="entry",entry,target_price))-margin,'
        "IF(missing>0,missing,0))"
    ),
)
def top_up(
    entry: Price,
    quantity: Quantity,
    margin: MoneyOrZero,
    mmr: Rate,
    target_price: Price,
    side: Side = LONG,
    method: Method = "entry",
    fee: Rate = 0,
) -> Number:
    """Margin to add so that the liquidation price moves to a target.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    quantity : quantity, > 0
        Coins.
    margin : money, >= 0
        Margin behind the position now.
    mmr : fraction, >= 0 and < 1
        Maintenance margin rate: 1% is 0.01.
    target_price : price, > 0
        Where the liquidation price is to be.
    side : "long" or "short", default "long"
        Direction of the position.
    method : "entry", "mark" or a venue, default "entry"
        Maintenance margin on the value at "entry" or at the "mark" price of liquidation; or a venue by its rule of
        today, "bybit", or of a year, "bybit 2024": `xladdin venues` and docs/venues.md list all.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.

    Returns
    -------
    money
        In the currency of the margin; 0 where the liquidation price is already beyond the target. #NUM! outside the
        domains above.

    Notes
    -----
    max(0, Q*(s*(E - P) + (mmr + fee)*V) - margin) with V = E for "entry" and V = P for "mark"

    References
    ----------
    .. [1] Bybit Help Center, "Adjust Margin on position (USDT Contract)"; it is LEV_LIQPRICE's equation solved for the
       margin.

    Examples
    --------
    >>> top_up(50000, 1, 5000, 0.01, 45000)
    500.0
    """
    value = entry if method == "entry" else target_price
    return maximum(0.0, quantity * (side * (entry - target_price) + (mmr + fee) * value) - margin)

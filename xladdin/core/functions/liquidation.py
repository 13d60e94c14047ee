"""Liquidation: where it happens, how far away it is, and what moves it."""

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
    Rows,
    Side,
    Tiering,
    choice,
    function,
    number,
)
from xladdin.core.functions.elementary import maximum, quotient, where
from xladdin.core.functions.tiers import STEPS, Tiers, TiersIfAny, required_margin


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
    explain=lambda entry, leverage, mmr, side, method, fee, contract: _why_not_opened(mmr, fee, leverage),
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


@function(
    "LEV_LIQCROSS",
    native=(
        'IF(mmr+fee>=1,#NUM!,LET(grows,IF(contract="inverse",side,-side),'
        'value,IF(contract="inverse",quantity/entry,quantity*entry),'
        "result,(wallet-other_mm+other_pnl+deduction+grows*value)/(quantity*(mmr+fee+grows)),"
        'IF(result<=0,NA(),IF(contract="inverse",1/result,result))))'
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
    fee: Rate = 0,
    contract: Contract = "linear",
) -> Number:
    """Liquidation price of a position with cross margin, in one-way mode.

    Parameters
    ----------
    wallet : money, any number
        Wallet balance that stands behind all positions: quote currency, or coin for an inverse contract.
    entry : price, > 0
        Average entry price, quote currency per coin.
    quantity : quantity, > 0
        Coins, or for an inverse contract its notional in quote currency.
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
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing this position that the venue asks beside the maintenance margin, as a fraction of the value.
    contract : "linear" or "inverse", default "linear"
        "linear": all amounts in quote currency. "inverse": all in coin.

    Returns
    -------
    price
        Mark price, quote currency per coin. #N/A when the position can't be liquidated; #NUM! outside the domains
        above, and when mmr and fee together are the whole value.

    Notes
    -----
    linear: (wallet - other_mm + other_pnl + deduction - s*Q*E)/(Q*(mmr + fee - s));
    inverse: Q*(mmr + fee + s)/(wallet - other_mm + other_pnl + deduction + s*Q/E)

    References
    ----------
    .. [1] Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts" and "... of COIN-M Futures
       Contracts".

    Examples
    --------
    >>> round(cross_liquidation_price(1535443.01, 32481.98, 109.488, 0.025, "long", 16300), 2)
    18778.73
    >>> round(cross_liquidation_price(2, 10, 1, 0.01, "short", 0.01), 6)
    11.891089
    """
    covered = wallet - other_mm + other_pnl + deduction
    value, grows = (quantity / entry, side) if contract == "inverse" else (quantity * entry, -side)
    result = (covered + grows * value) / (quantity * (mmr + fee + grows))
    price = quotient(1.0, result, NA) if contract == "inverse" else result
    return where(mmr + fee < 1, where(price > 0, price, NA), NUM)


@function(
    "LEV_TOPUP",
    native=(
        'LET(opened,IF(contract="inverse",1/entry,entry),closed,IF(contract="inverse",1/target_price,target_price),'
        'lost,side*(entry-target_price)/IF(contract="inverse",entry,1)/IF(contract="inverse",target_price,1),'
        'held,IF(method="entry",opened,closed),value,quantity*held,'
        "missing,IF(COLUMNS(tiers)=1,quantity*(lost+(mmr+fee)*held),"
        f"quantity*lost+fee*value+LET({STEPS},SUMPRODUCT((value>=floors)*(value-floors)*steps)))-margin,"
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
    contract: Contract = "linear",
    tiers: TiersIfAny = None,
) -> Number:
    """Margin to add so that the liquidation price moves to a target.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    quantity : quantity, > 0
        Coins, or for an inverse contract its notional in quote currency.
    margin : money, >= 0
        Margin behind the position now: quote currency, or coin for an inverse contract.
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
    contract : "linear" or "inverse", default "linear"
        "linear": margin in quote currency. "inverse": margin in coin.
    tiers : floor in money, rate, max leverage, a range of rows, default none
        Range with a row a tier, ascending: floor, maintenance margin rate[, maximum leverage]; first floor 0. Given,
        they say the maintenance margin in place of mmr, each part of the value at its own rate.

    Returns
    -------
    money
        In the currency of the margin; 0 where the liquidation price is already beyond the target. #NUM! outside the
        domains above.

    Notes
    -----
    linear: max(0, Q*(s*(E - P) + (mmr + fee)*V) - margin) with V = E for "entry" and V = P for "mark";
    inverse: max(0, Q*(s*(1/P - 1/E) + (mmr + fee)*V) - margin) with V = 1/E and V = 1/P;
    with tiers LEV_MAINTMARGIN(Q*V, tiers) stands in place of Q*mmr*V

    References
    ----------
    .. [1] Bybit Help Center, "Adjust Margin on position (USDT Contract)"; it is LEV_LIQPRICE's equation solved for the
       margin.

    Examples
    --------
    >>> top_up(50000, 1, 5000, 0.01, 45000)
    500.0
    >>> round(top_up(50000, 10000, 0.02, 0.005, 40000, "long", "mark", 0, "inverse"), 9)
    0.03125
    >>> top_up(100, 2, 15, 0, 95, "long", "mark", 0, "linear", [[0, 0.01], [100, 0.1]])
    5.0
    """
    price = entry if method == "entry" else target_price
    lost, held = side * (entry - target_price), price
    if contract == "inverse":
        lost, held = lost / entry / target_price, 1 / price
    if tiers is None:
        return maximum(quantity * (lost + (mmr + fee) * held) - margin, 0.0)
    value = quantity * held
    return maximum(quantity * lost + fee * value + required_margin(value, tiers, "marginal") - margin, 0.0)


@function(
    "LEV_LIQAFTER",
    native=(
        "IF(mmr*leverage>=1,#NUM!,LET(left,1-side*(1/leverage-rate*periods),"
        'price,IF(method="entry",entry*(left+side*mmr),entry*left/(1-side*mmr)),IF(price<=0,NA(),price)))'
    ),
    explain=lambda entry, leverage, mmr, *rest: _why_not_opened(mmr, 0.0, leverage),
)
def liquidation_price_after(
    entry: Price,
    leverage: Leverage,
    mmr: Rate,
    rate: Annotated[Number, number("fraction a period")],
    periods: Annotated[Number, number("periods", ">= 0")],
    side: Side = LONG,
    method: Method = "entry",
) -> Number:
    """Liquidation price of a linear position after funding or interest has eaten into its isolated margin.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    leverage : multiple, > 0
        Position value at entry over initial margin.
    mmr : fraction, >= 0 and < 1
        Maintenance margin rate: 1% is 0.01.
    rate : fraction a period, any number
        What the position PAYS a period, of its entry value: 0.01% is 0.0001; negative when it receives, as a short does
        of a positive funding rate.
    periods : periods, >= 0
        How many times it has been paid.
    side : "long" or "short", default "long"
        Direction of the position.
    method : "entry", "mark" or a venue, default "entry"
        Maintenance margin on the value at "entry" or at the "mark" price of liquidation; or a venue: docs/venues.md.

    Returns
    -------
    price
        Beyond the entry where only a profit keeps the position open. #NUM! when the maintenance margin is not below the
        initial margin, and outside the domains above; #N/A when it can't be liquidated.

    Notes
    -----
    With p = rate*periods, what has been paid: entry: E*(1 - s*(1/L - p) + s*m); mark: E*(1 - s*(1/L - p))/(1 - s*m)

    References
    ----------
    .. [1] Bybit Help Center, "Position Margin" (2024-03-14): funding that the available balance does not cover is taken
       from the position's margin, and the liquidation price moves nearer.

    Examples
    --------
    >>> round(liquidation_price_after(50000, 10, 0.01, 0.0001, 90), 6)
    45950.0
    """
    left = 1 - side * (1 / leverage - rate * periods)
    price = entry * (left + side * mmr) if method == "entry" else quotient(entry * left, 1 - side * mmr, NA)
    return where(mmr * leverage < 1, where(price > 0, price, NA), NUM)


def _why_not_opened(mmr: float, fee: float, leverage: float) -> str:
    if (mmr + fee) * leverage < 1:
        return ""
    added = f" and the fee {fee:.15g}" if fee else ""
    return (
        f"mmr {mmr:.15g}{added} {'are' if fee else 'is'} {(mmr + fee) * 100:.6g}%; "
        f"the initial margin at {leverage:.15g}x is {100 / leverage:.6g}%"
    )


@function(
    "LEV_LIQPARTIAL",
    no_native="the tiers are gone down one after another, each from what the one before has left",
    columns=("closed", "penalty", "margin"),
)
def partial_liquidation(
    entry: Annotated[float, number("price", "> 0")],
    quantity: Annotated[float, number("quantity", "> 0")],
    margin: Annotated[float, number("money", ">= 0")],
    tiers: Tiers,
    price: Annotated[float, number("price", "> 0")],
    penalty: Annotated[float, number("fraction", ">= 0 and < 1")] = 0,
    side: Annotated[
        float,
        choice('"long" or "short"', {"long": 1.0, "short": -1.0, "buy": 1.0, "sell": -1.0, 1.0: 1.0, -1.0: -1.0}),
    ] = LONG,
    tiering: Tiering = "marginal",
) -> Rows:
    """What a venue that liquidates by steps closes at a price, tier by tier, and what is left.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    quantity : quantity, > 0
        Coins of a linear position.
    margin : money, >= 0
        Margin behind the position, without its unrealised profit.
    tiers : floor in money, rate, max leverage, a range of rows
        Range with a row a tier, ascending: floor, maintenance margin rate[, maximum leverage]; first floor 0.
    price : price, > 0
        Mark price at which it is looked at and closed.
    penalty : fraction, >= 0 and < 1, default 0
        Liquidation fee on the value that is closed.
    side : "long" or "short", default "long"
        Direction of the position.
    tiering : "marginal", "flat" or a venue, default "marginal"
        "marginal" charges each part of the size its own tier's rate, "flat" the whole size the rate of the tier it is
        in; or a venue, as in `xladdin venues`, where it is known.

    Returns
    -------
    quantity, money, money
        One row with the columns closed, in coins; penalty; margin, which stands behind what is left and is not below 0:
        what is lost beyond it the venue bears. Nothing is closed where the equity is above the maintenance margin.
        #NUM! when the tiers are not in ascending order from zero, and outside the domains above.

    Notes
    -----
    While margin + s*Q*(P - E) <= maintenance margin of Q*P, Q is brought down to the floor of its tier, the whole of it
    in the lowest: margin becomes margin + s*closed*(P - E) - penalty*closed*P. Venues take one tier or two at a step,
    and orders fill at other prices than the mark: it is an estimate.

    References
    ----------
    .. [1] OKX Help, "V. Forced Partial or Full Liquidation", and Bybit Help Center, "Liquidation Process (Inverse
       Contract)" (2024-01-24), read 2026-11-26: a position of a higher tier is brought down to a lower one first.

    Examples
    --------
    >>> round(partial_liquidation(100, 100, 900, [[0, 0.01], [5000, 0.05]], 93, 0.01, 1, "marginal", "penalty", 1), 6)
    43.0
    """
    change = side * (price - entry)
    held, left, charged = quantity, margin, 0.0
    for tier in reversed(tiers):
        if held * price <= tier.floor:
            continue
        if left + held * change > required_margin(held * price, tiers, tiering):
            break
        kept = tier.floor / price
        charged += penalty * (held - kept) * price
        left += (held - kept) * (change - penalty * price)
        held = kept
    return [[quantity - held, charged, max(left, 0.0)]]

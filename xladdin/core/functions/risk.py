"""Risk: how large, how much leverage, and how likely."""

import math
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
    Rate,
    Side,
    function,
    number,
)
from xladdin.core.functions.elementary import absolute, exp, log1p, maximum, minimum, quotient, sqrt, where
from xladdin.core.functions.normal import mills_ratio, normal_cdf, normal_density
from xladdin.core.functions.tiers import TiersIfAny

Volatility = Annotated[Number, number("fraction a year", "> 0")]
YearlyRate = Annotated[Number, number("fraction a year")]
KellyFraction = Annotated[Number, number("fraction", ">= 0")]


@function(
    "LEV_POSITIONSIZE",
    native=(
        "IF(ABS(entry-stop)+fee*(entry+stop)<=0,#NUM!,"
        'LET(size,balance*risk*IF(contract="inverse",entry*stop,1)/(ABS(entry-stop)+fee*(entry+stop)),'
        'most,IF(contract="inverse",balance*max_leverage*entry,balance*max_leverage/entry),'
        "IF((max_leverage>0)*(size>most),most,size)))"
    ),
)
def position_size_for_risk(
    balance: MoneyOrZero,
    risk: Annotated[Number, number("fraction", ">= 0 and <= 1")],
    entry: Price,
    stop: Price,
    fee: Rate = 0,
    contract: Contract = "linear",
    max_leverage: Annotated[Number, number("multiple", ">= 0")] = 0,
) -> Number:
    """Quantity that loses a fraction of the balance at the stop, the fees of both legs counted.

    Parameters
    ----------
    balance : money, >= 0
        Account balance: quote currency, or coin for an inverse contract.
    risk : fraction, >= 0 and <= 1
        Part of the balance that may be lost: 2% is 0.02.
    entry : price, > 0
        Entry price, quote currency per coin.
    stop : price, > 0
        Stop price: below the entry for a long, above it for a short.
    fee : fraction, >= 0 and < 1, default 0
        Fee of one leg, as a fraction of the traded value; charged at the entry and at the stop.
    contract : "linear" or "inverse", default "linear"
        "linear": balance and loss in quote currency. "inverse": both in coin, the quantity is the notional in quote.
    max_leverage : multiple, >= 0, default 0
        Most that the value at entry may be of the balance: the quantity is cut to it. 0 is no limit.

    Returns
    -------
    quantity
        Coins, or for an inverse contract its notional in quote currency. #NUM! outside the domains above, and when
        nothing would be lost at the stop.

    Notes
    -----
    linear: balance*risk/(abs(entry - stop) + fee*(entry + stop)), at most balance*max_leverage/entry;
    inverse: balance*risk*entry*stop/(abs(entry - stop) + fee*(entry + stop)), at most balance*max_leverage*entry

    References
    ----------
    .. [1] Tharp, V. K. (1998), "Trade Your Way to Financial Freedom", McGraw-Hill: percent risk position sizing.
    .. [2] CME Group, course "Trade and Risk Management", lesson "Proper Position Size".

    Examples
    --------
    >>> position_size_for_risk(5000, 0.02, 2500, 2400)
    1.0
    >>> position_size_for_risk(1, 0.02, 50000, 40000, 0, "inverse")
    4000.0
    >>> position_size_for_risk(5000, 0.02, 2500, 2490, 0, "linear", 3)
    6.0
    """
    risked = balance * risk * entry * stop if contract == "inverse" else balance * risk
    size = quotient(risked, absolute(entry - stop) + fee * (entry + stop), NUM)
    if isinstance(max_leverage, float) and not max_leverage:
        return size
    most = balance * max_leverage * entry if contract == "inverse" else balance * max_leverage / entry
    return where((max_leverage > 0) & (size > most), most, size)


@function(
    "LEV_STOPLEVERAGE",
    native=(
        "IF(side*(entry-stop)<=0,#NUM!,"
        'LET(opened,IF(contract="inverse",stop,entry),closed,IF(contract="inverse",entry,stop),'
        'opened/(side*(entry-stop)+(mmr+fee)*IF(method="entry",opened,closed))))'
    ),
)
def stop_leverage(
    entry: Price,
    stop: Price,
    mmr: Rate,
    side: Side = LONG,
    method: Method = "entry",
    fee: Rate = 0,
    contract: Contract = "linear",
) -> Number:
    """Leverage at which the liquidation price is the stop price: stay below it and the stop comes first.

    Parameters
    ----------
    entry : price, > 0
        Entry price, quote currency per coin.
    stop : price, > 0
        Stop price: below the entry for a long, above it for a short.
    mmr : fraction, >= 0 and < 1
        Maintenance margin rate: 1% is 0.01.
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
    multiple
        #NUM! when the stop is not on the losing side of the entry.

    Notes
    -----
    linear: entry/(s*(entry - stop) + (mmr + fee)*v) with v = entry for "entry" and v = stop for "mark";
    inverse: stop/(s*(entry - stop) + (mmr + fee)*v) with v = stop for "entry" and v = entry for "mark"

    References
    ----------
    .. [1] Bybit Help Center, "Liquidation Price (USDT Contract)": its equation solved for the leverage.

    Examples
    --------
    >>> round(stop_leverage(50000, 45500, 0.01), 9)
    10.0
    """
    # The value of one unit at the entry and at the stop; in coin it is 1/price, here times entry*stop.
    opened, closed = (stop, entry) if contract == "inverse" else (entry, stop)
    leverage = quotient(opened, side * (entry - stop) + (mmr + fee) * (opened if method == "entry" else closed), NUM)
    return where(side * (entry - stop) > 0, leverage, NUM)


@function("LEV_RISKREWARD", native="IF(SIGN(target-entry)*SIGN(entry-stop)<=0,#NUM!,(target-entry)/(entry-stop))")
def risk_reward(entry: Price, stop: Price, target: Price) -> Number:
    """Reward to risk of a trade: what the target wins for each unit that the stop loses.

    Parameters
    ----------
    entry : price, > 0
        Entry price, quote currency per coin.
    stop : price, > 0
        Stop price.
    target : price, > 0
        Target price, on the other side of the entry.

    Returns
    -------
    multiple
        3 means three won for one risked. #NUM! when stop and target are not on opposite sides of the entry.

    Notes
    -----
    (target - entry) / (entry - stop)

    References
    ----------
    .. [1] CME Group, course "Trade and Risk Management", lesson "The 2% Rule": risk/reward ratio.

    Examples
    --------
    >>> risk_reward(100, 95, 115)
    3.0
    """
    won, lost = target - entry, entry - stop
    opposite = ((won > 0) & (lost > 0)) | ((won < 0) & (lost < 0))
    return where(opposite, quotient(absolute(won), absolute(lost), NUM), NUM)


@function("LEV_KELLY", native="fraction*(mean-rate)/volatility/volatility")
def kelly_leverage(
    mean: YearlyRate, volatility: Volatility, rate: YearlyRate = 0, fraction: KellyFraction = 1
) -> Number:
    """Kelly leverage: the one at which wealth grows fastest over the long run.

    Parameters
    ----------
    mean : fraction a year, any number
        Expected yearly return: 0.7 for 70%.
    volatility : fraction a year, > 0
        Yearly standard deviation of returns.
    rate : fraction a year, any number, default 0
        Yearly rate at which the leverage is borrowed.
    fraction : fraction, >= 0, default 1
        Part of the full Kelly leverage to use; 0.5 for half Kelly.

    Returns
    -------
    multiple
        Negative when a short would grow. #NUM! when the volatility is not above zero or the fraction is negative.

    Notes
    -----
    fraction * (mean - rate) / volatility^2

    References
    ----------
    .. [1] Thorp, E. O. (2006), "The Kelly Criterion in Blackjack, Sports Betting, and the Stock Market", section 7.

    Examples
    --------
    >>> round(kelly_leverage(0.7, 0.8), 5)
    1.09375
    """
    return fraction * (mean - rate) / volatility / volatility


@function("LEV_KELLYBET", native="fraction*(win_rate-(1-win_rate)/payoff)")
def kelly_bet(
    win_rate: Annotated[Number, number("fraction", ">= 0 and <= 1")],
    payoff: Annotated[Number, number("multiple", "> 0")],
    fraction: KellyFraction = 1,
) -> Number:
    """Kelly bet: the part of the balance to stake on a bet that is repeated.

    Parameters
    ----------
    win_rate : fraction, >= 0 and <= 1
        Probability of winning.
    payoff : multiple, > 0
        What is won for each unit lost.
    fraction : fraction, >= 0, default 1
        Part of the full Kelly bet to use; 0.5 for half Kelly.

    Returns
    -------
    fraction
        Negative when the bet is not worth taking. #NUM! outside the domains above.

    Notes
    -----
    fraction * (win_rate - (1 - win_rate)/payoff)

    References
    ----------
    .. [1] Kelly, J. L. (1956), "A New Interpretation of Information Rate", Bell System Technical Journal 35, 917-926.

    Examples
    --------
    >>> round(kelly_bet(0.4, 2), 12)
    0.1
    """
    return fraction * (win_rate - (1 - win_rate) / payoff)


@function(
    "LEV_LIQPROB",
    native=(
        "IF(price=liq_price,1,IF(years=0,0,LET(away,ABS(LN(liq_price/price)),"
        "towards,SIGN(liq_price-price)*(drift-carry-volatility^2/2),spread,volatility*SQRT(years),"
        "straight,(towards*years-away)/spread,mirrored,(towards*years+away)/spread,"
        "touched,NORM.S.DIST(straight,TRUE)+IF(mirrored<12,EXP(2*towards*away/volatility^2)*NORM.S.DIST(-mirrored,TRUE),"
        "EXP(-(straight^2)/2)/SQRT(2*PI())*LET(square,1/mirrored^2,"
        "(1-square*(1-3*square*(1-5*square*(1-7*square*(1-9*square*(1-11*square*(1-13*square*(1-15*square*(1-17*square"
        "*(1-19*square*(1-21*square*(1-23*square))))))))))))/mirrored)),IF(touched>1,1,touched))))"
    ),
)
def liquidation_probability(
    price: Price,
    liq_price: Price,
    volatility: Volatility,
    years: Annotated[Number, number("years", ">= 0")],
    drift: YearlyRate = 0,
    carry: YearlyRate = 0,
) -> Number:
    """Probability that the price touches the liquidation price within a time.

    Parameters
    ----------
    price : price, > 0
        Price now.
    liq_price : price, > 0
        Liquidation price, below or above the price.
    volatility : fraction a year, > 0
        Yearly standard deviation of returns: 0.6 for 60%.
    years : years, >= 0
        Time horizon: 30 days are 30/365.
    drift : fraction a year, any number, default 0
        Expected yearly growth of the price.
    carry : fraction a year, any number, default 0
        Yearly cost of carry (funding, dividend) that lowers the drift.

    Returns
    -------
    fraction
        Between 0 and 1. #NUM! outside the domains above.

    Notes
    -----
    First passage of a geometric Brownian motion. With b = abs(ln(liq_price/price)), nu the drift of the logarithm
    towards liq_price, +-(drift - carry - volatility^2/2), and w = volatility*sqrt(years):
    P = N((nu*years - b)/w) + exp(2*nu*b/volatility^2) * N(-(nu*years + b)/w).
    In the far tail the second term is N'((nu*years - b)/w) times the Mills ratio of (nu*years + b)/w, which can't
    overflow.

    References
    ----------
    .. [1] Haug, E. G. (2007), "The Complete Guide to Option Pricing Formulas", 2nd ed., McGraw-Hill: binary barriers.
    .. [2] Borodin, A. N. and Salminen, P. (2002), "Handbook of Brownian Motion", 2nd ed., Birkhauser, 2.0.2.

    Examples
    --------
    >>> round(liquidation_probability(105, 100, 0.2, 0.5, 0.1), 6)
    0.656018
    """
    # abs(ln(liq_price/price)), right for neighbours too, whose quotient would round away what they differ by.
    away = log1p(absolute(liq_price - price) / minimum(liq_price, price))
    towards = where(liq_price < price, -1.0, 1.0) * (drift - carry - volatility * volatility / 2)
    # Where there is no time, or no spread to speak of, what moves is the drift alone.
    spread = maximum(volatility * sqrt(years), 1e-300)
    straight = (towards * years - away) / spread
    mirrored = (towards * years + away) / spread
    # Below 12 the exponent is at most 72; above it the ratio's series is exact to the last digit.
    near = exp(minimum(2 * (towards / volatility) * (away / volatility), 100.0)) * normal_cdf(-mirrored)
    far = normal_density(straight) * mills_ratio(maximum(mirrored, 12.0))
    touched = minimum(normal_cdf(straight) + where(mirrored < 12, near, far), 1.0)
    return where(away > 0, touched, 1.0)


@function("LEV_REBALANCE", native="target_leverage*equity-position_size")
def rebalance(
    position_size: Money, equity: MoneyOrZero, target_leverage: Annotated[Number, number("multiple", ">= 0")]
) -> Number:
    """What to buy (+) or sell (-) to be back at a target leverage.

    Parameters
    ----------
    position_size : money, any number
        Value of the position now.
    equity : money, >= 0
        Your own money in it now: margin plus unrealised profit.
    target_leverage : multiple, >= 0
        Position size over equity that is wanted.

    Returns
    -------
    money
        Value to buy, negative to sell. #NUM! when the equity or the target is negative.

    Notes
    -----
    target_leverage * equity - position_size

    References
    ----------
    .. [1] Cheng, M. and Madhavan, A. (2009), "The Dynamics of Leveraged and Inverse Exchange-Traded Funds", Journal of
       Investment Management 7(4).

    Examples
    --------
    >>> rebalance(11000, 6000, 2)
    1000.0
    """
    return target_leverage * equity - position_size


@function(
    "LEV_MAXQTY",
    native=(
        'LET(closing,IF(contract="inverse",1+side/leverage,1-side/leverage),'
        "cost,1/leverage+fee+fee*IF(closing>0,closing,0),"
        "size,wallet/cost,last,COLUMNS(tiers),"
        "most,IF(last=1,size,IF(last=2,NA(),IF(INDEX(tiers,1,last)<leverage,#NUM!,"
        "MIN(IF(INDEX(tiers,0,last)<leverage,INDEX(tiers,0,1),size))))),"
        'held,IF(most<size,most,size),IF(contract="inverse",held*price,held/price))'
    ),
    explain=lambda wallet, leverage, price, fee, side, contract, tiers: (
        f"leverage {leverage:.15g} is more than the {tiers[0].max_leverage:.15g} that the first tier allows"
        if tiers and leverage > tiers[0].max_leverage
        else ""
    ),
)
def largest_quantity(
    wallet: MoneyOrZero,
    leverage: Leverage,
    price: Price,
    fee: Rate = 0,
    side: Side = LONG,
    contract: Contract = "linear",
    tiers: TiersIfAny = None,
) -> Number:
    """Largest order that a wallet can open with its fees, within the maximum leverage of the tiers.

    Parameters
    ----------
    wallet : money, >= 0
        Money that is free for it: quote currency, or coin for an inverse contract.
    leverage : multiple, > 0
        Leverage that is set for the position.
    price : price, > 0
        Price of the order, quote currency per coin.
    fee : fraction, >= 0 and < 1, default 0
        Taker fee, held back for opening and for closing at the bankruptcy price.
    side : "long" or "short", default "long"
        Direction of the position.
    contract : "linear" or "inverse", default "linear"
        "linear": wallet and tiers in quote currency. "inverse": both in coin.
    tiers : floor in money, rate, max leverage, a range of rows, default none
        Range with a row a tier, ascending: floor, maintenance margin rate, maximum leverage; first floor 0.

    Returns
    -------
    quantity
        Coins, or for an inverse contract its notional in quote currency; not rounded to the venue's lots. #NUM! when no
        tier allows the leverage, and outside the domains above; #N/A for tiers without a third column.

    Notes
    -----
    wallet/(P*(1/L + f + f*(1 - s/L))), inverse wallet*P/(1/L + f + f*(1 + s/L)), and no more than what the first tier
    that allows less leverage begins with

    References
    ----------
    .. [1] Bybit Help Center, "Order Cost (USDT Contract)" and the same of inverse contracts: initial margin, fee to
       open, fee to close.
    .. [2] Binance Support, "Leverage and Margin of USD-M Futures": largest position of each leverage.

    Examples
    --------
    >>> round(largest_quantity(5057, 10, 50000, 0.0006), 9)
    1.0
    >>> largest_quantity(10000, 100, 50000, 0, "long", "linear", [[0, 0.004, 125], [50000, 0.005, 75]])
    1.0
    """
    if tiers and tiers[0].max_leverage != tiers[0].max_leverage:
        return NA
    closing = 1 + side / leverage if contract == "inverse" else 1 - side / leverage
    size = wallet / (1 / leverage + fee + fee * maximum(0.0, closing))
    most: Number = math.inf
    for tier in reversed(tiers or []):
        most = where(leverage > tier.max_leverage, tier.floor, most)
    size = minimum(size, most)
    quantity = size * price if contract == "inverse" else size / price
    return where(most > 0, quantity, NUM)

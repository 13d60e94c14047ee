"""The position: its size and margin, what it wins or loses, and the prices at which it does."""

import math
from typing import Annotated

from xladdin.core.catalog import (
    LONG,
    NA,
    NUM,
    Contract,
    Fee,
    Fraction,
    Leverage,
    LeverageFromOne,
    Money,
    MoneyAboveZero,
    MoneyOrZero,
    Number,
    Price,
    PriceOrZero,
    QuantityOrZero,
    Side,
    function,
    number,
    series,
)
from xladdin.core.functions.elementary import quotient, where


@function("LEV_RATIO", native="position_size/margin")
def leverage_ratio(position_size: MoneyOrZero, margin: MoneyAboveZero) -> Number:
    """Leverage of a position: its size over the margin behind it.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position, in the currency of the margin.
    margin : money, > 0
        Your own money behind the position.

    Returns
    -------
    multiple
        10 means ten times. #NUM! when the size is negative or the margin is not above zero.

    Notes
    -----
    leverage = position_size / margin

    References
    ----------
    .. [1] Binance Academy, "What Is Leverage in Crypto Trading?".

    Examples
    --------
    >>> leverage_ratio(10000, 1000)
    10.0
    """
    return position_size / margin


@function("LEV_SIZE", native="margin*leverage")
def position_size(margin: MoneyOrZero, leverage: Leverage) -> Number:
    """Size of the position that a margin opens at a leverage.

    Parameters
    ----------
    margin : money, >= 0
        Your own money behind the position.
    leverage : multiple, > 0
        Position size over margin.

    Returns
    -------
    money
        In the currency of the margin. #NUM! when the margin is negative or the leverage not above zero.

    Notes
    -----
    position_size = margin * leverage

    References
    ----------
    .. [1] Binance Academy, "What Is Leverage in Crypto Trading?".

    Examples
    --------
    >>> position_size(1000, 5)
    5000.0
    """
    return margin * leverage


@function(
    "LEV_MARGIN",
    native='IF(contract="inverse",IF(entry<=0,NA(),position_size/leverage/entry),position_size/leverage)',
)
def initial_margin(
    position_size: MoneyOrZero, leverage: Leverage, contract: Contract = "linear", entry: PriceOrZero = 0
) -> Number:
    """Initial margin that a position of a size needs at a leverage.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position.
    leverage : multiple, > 0
        Position size over margin.
    contract : "linear" or "inverse", default "linear"
        "linear": margin in the currency of the position. "inverse": the size is notional in quote, the margin in coin.
    entry : price, >= 0, default 0
        Entry price, quote currency per coin; needed for an inverse contract alone.

    Returns
    -------
    money
        In the currency of the position, or in coin for an inverse contract. #NUM! outside the domains above; #N/A for
        an inverse contract without an entry price.

    Notes
    -----
    linear: margin = position_size / leverage; inverse: margin = position_size / (leverage * entry)

    References
    ----------
    .. [1] Bybit Help Center, "Initial Margin (USDT Contract)" and "Initial Margin (Inverse Contract)".

    Examples
    --------
    >>> initial_margin(25000, 10)
    2500.0
    >>> initial_margin(60000, 10, "inverse", 50000)
    0.12
    """
    if contract == "inverse":
        return quotient(position_size / leverage, entry, NA)
    return position_size / leverage


@function("LEV_QTY", native='IF(contract="inverse",margin*leverage*entry,margin*leverage/entry)')
def quantity(margin: MoneyOrZero, leverage: Leverage, entry: Price, contract: Contract = "linear") -> Number:
    """Quantity of the position that a margin opens at a price.

    Parameters
    ----------
    margin : money, >= 0
        Your own money behind the position: quote currency, or coin for an inverse contract.
    leverage : multiple, > 0
        Position size over margin.
    entry : price, > 0
        Entry price, quote currency per coin.
    contract : "linear" or "inverse", default "linear"
        "linear": profit in the quote currency. "inverse": coin-margined, the quantity is the notional in quote.

    Returns
    -------
    quantity
        Coins, or for an inverse contract its notional in quote currency. #NUM! outside the domains above.

    Notes
    -----
    linear: quantity = margin * leverage / entry; inverse: quantity = margin * leverage * entry

    References
    ----------
    .. [1] Bybit Help Center, "Order Cost (USDT Contract)" and "Order Cost (Inverse Contract)".

    Examples
    --------
    >>> quantity(1000, 10, 50000)
    0.2
    >>> quantity(0.02, 10, 50000, "inverse")
    10000.0
    """
    if contract == "inverse":
        return margin * leverage * entry
    return margin * leverage / entry


@function("LEV_BORROWED", native="capital*(leverage-1)")
def borrowed(capital: MoneyOrZero, leverage: LeverageFromOne) -> Number:
    """Amount borrowed to bring a capital to a leverage.

    Parameters
    ----------
    capital : money, >= 0
        Your own money.
    leverage : multiple, >= 1
        Total exposure over capital; 1 borrows nothing.

    Returns
    -------
    money
        In the currency of the capital. #NUM! when the capital is negative or the leverage below 1.

    Notes
    -----
    borrowed = capital * (leverage - 1)

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill: assets = equity + debt.

    Examples
    --------
    >>> borrowed(10000, 3)
    20000.0
    """
    return capital * (leverage - 1)


@function(
    "LEV_AVGENTRY",
    native=(
        'IF(SUM(quantities)=0,#NUM!,IF(contract="inverse",SUM(quantities)/SUMPRODUCT(quantities/prices),'
        "SUMPRODUCT(prices,quantities)/SUM(quantities)))"
    ),
)
def average_entry(
    prices: Annotated[list[float], series("price", "> 0")],
    quantities: Annotated[list[float], series("quantity", ">= 0")],
    contract: Contract = "linear",
) -> Number:
    """Average entry price of a position that was built in several fills.

    Parameters
    ----------
    prices : price, > 0, a range
        Price of each fill, quote currency per coin.
    quantities : quantity, >= 0, a range
        Quantity of each fill, in the same order: coins, or notional in quote currency for an inverse contract.
    contract : "linear" or "inverse", default "linear"
        "linear" weighs by value; "inverse" by coins, which makes the average a harmonic one.

    Returns
    -------
    price
        Quote currency per coin. Rows in which both are blank are left out. #NUM! when nothing was filled, #VALUE!
        when the ranges differ in length, #N/A when only one of a pair is blank.

    Notes
    -----
    linear: sum(price * quantity) / sum(quantity); inverse: sum(quantity) / sum(quantity / price)

    References
    ----------
    .. [1] Bybit Help Center, "How to Calculate Average Entry Price" and "P&L Calculations (USDT Contract)".

    Examples
    --------
    >>> average_entry([[5000], [6000]], [[1000], [2000]], "inverse")
    5625.0
    >>> average_entry([[100], [110]], [[1], [3]])
    107.5
    """
    total = math.fsum(quantities)
    if contract == "inverse":
        return total / math.fsum(filled / price for filled, price in zip(quantities, prices, strict=True))
    return math.fsum(filled * price for filled, price in zip(quantities, prices, strict=True)) / total


@function(
    "LEV_PROFIT",
    native=(
        'IF(contract="inverse",'
        "quantity_before_leverage*leverage*((side*(exit-entry)-close_fee*entry)/exit-open_fee)/entry-funding,"
        "quantity_before_leverage*leverage*(side*(exit-entry)-open_fee*entry-close_fee*exit)-funding)"
    ),
)
def profit(
    entry: Price,
    exit: PriceOrZero,
    quantity_before_leverage: QuantityOrZero,
    leverage: Leverage = 1,
    side: Side = LONG,
    open_fee: Fee = 0,
    close_fee: Fee = 0,
    funding: Money = 0,
    contract: Contract = "linear",
) -> Number:
    """Profit or loss of a quantity times a leverage; for a position as a venue shows it use LEV_PNL.

    Parameters
    ----------
    entry : price, > 0
        Entry price, quote currency per coin.
    exit : price, >= 0
        Exit price, quote currency per coin.
    quantity_before_leverage : quantity, >= 0
        What your own margin alone buys: leverage MULTIPLIES it. The quantity that a venue shows has the leverage in it
        and goes into LEV_PNL, or here with leverage left out.
    leverage : multiple, > 0, default 1
        Multiplies the quantity: 0.5 coins at 10 are a position of 5.
    side : "long" or "short", default "long"
        Direction of the position.
    open_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for opening, as a fraction of the entry value; negative for a rebate.
    close_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for closing, as a fraction of the exit value; negative for a rebate.
    funding : money, any number, default 0
        Funding paid over the holding time, as an amount; negative when received.
    contract : "linear" or "inverse", default "linear"
        "linear": profit in quote currency. "inverse": quantity is notional in quote, profit is in coin.

    Returns
    -------
    money
        Positive for a profit: quote currency, or coin for an inverse contract. #NUM! outside the domains above, and
        for an inverse contract at an exit price of zero.

    Notes
    -----
    With Q = quantity_before_leverage * leverage and s = 1 for a long, -1 for a short:
    linear: s*Q*(exit - entry) - open_fee*Q*entry - close_fee*Q*exit - funding;
    inverse: s*Q*(1/entry - 1/exit) - open_fee*Q/entry - close_fee*Q/exit - funding

    References
    ----------
    .. [1] Bybit Help Center, "P&L Calculations (USDT Contract)" and "P&L Calculations (Inverse Contract)".
    .. [2] freqtrade, tests/persistence/test_persistence.py, test_calc_profit.

    Examples
    --------
    >>> profit(50000, 52500, 0.02, 10)
    500.0
    >>> profit(5000, 4500, 1, 1, "short")
    500.0
    """
    position = quantity_before_leverage * leverage
    return _profit(position, entry, exit, side, open_fee, close_fee, funding, contract)


@function(
    "LEV_PNL",
    native=(
        'IF(contract="inverse",'
        "quantity*((side*(exit-entry)-close_fee*entry)/exit-open_fee)/entry-funding,"
        "quantity*(side*(exit-entry)-open_fee*entry-close_fee*exit)-funding)"
    ),
)
def position_profit(
    entry: Price,
    exit: PriceOrZero,
    quantity: QuantityOrZero,
    side: Side = LONG,
    open_fee: Fee = 0,
    close_fee: Fee = 0,
    funding: Money = 0,
    contract: Contract = "linear",
) -> Number:
    """Profit or loss of a position of the quantity that a venue shows, after fees and funding.

    Parameters
    ----------
    entry : price, > 0
        Average entry price, quote currency per coin.
    exit : price, >= 0
        Exit price, or the price now, quote currency per coin.
    quantity : quantity, >= 0
        Coins of the whole position, as the venue shows it: nothing multiplies it. Inverse: notional in quote currency.
    side : "long" or "short", default "long"
        Direction of the position.
    open_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for opening, as a fraction of the entry value; negative for a rebate.
    close_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for closing, as a fraction of the exit value; negative for a rebate.
    funding : money, any number, default 0
        Funding paid over the holding time, as an amount; negative when received.
    contract : "linear" or "inverse", default "linear"
        "linear": profit in quote currency. "inverse": quantity is notional in quote, profit is in coin.

    Returns
    -------
    money
        Positive for a profit: quote currency, or coin for an inverse contract. #NUM! outside the domains above, and
        for an inverse contract at an exit price of zero.

    Notes
    -----
    linear: s*Q*(exit - entry) - open_fee*Q*entry - close_fee*Q*exit - funding;
    inverse: s*Q*(1/entry - 1/exit) - open_fee*Q/entry - close_fee*Q/exit - funding

    References
    ----------
    .. [1] Bybit Help Center, "P&L Calculations (USDT Contract)" and "P&L Calculations (Inverse Contract)".

    Examples
    --------
    >>> position_profit(92000, 105000, 0.5)
    6500.0
    >>> position_profit(5000, 4500, 1, "short")
    500.0
    """
    return _profit(quantity, entry, exit, side, open_fee, close_fee, funding, contract)


def _profit(
    position: Number,
    entry: Number,
    exit: Number,
    side: Number,
    open_fee: Number,
    close_fee: Number,
    funding: Number,
    contract: str,
) -> Number:
    if contract == "inverse":
        return position * ((side * (exit - entry) - close_fee * entry) / exit - open_fee) / entry - funding
    return position * (side * (exit - entry) - open_fee * entry - close_fee * exit) - funding


@function(
    "LEV_ROI",
    native=(
        'leverage*IF(contract="inverse",(side*(exit-entry)-close_fee*entry)/exit-open_fee-carry,'
        "(side*(exit-entry)-close_fee*exit)/entry-open_fee-carry)"
    ),
)
def return_on_margin(
    entry: Price,
    exit: PriceOrZero,
    leverage: Leverage,
    side: Side = LONG,
    open_fee: Fee = 0,
    close_fee: Fee = 0,
    carry: Fraction = 0,
    contract: Contract = "linear",
) -> Number:
    """Return on the initial margin: profit after fees and carry over the margin.

    Parameters
    ----------
    entry : price, > 0
        Entry price, quote currency per coin.
    exit : price, >= 0
        Exit price, quote currency per coin.
    leverage : multiple, > 0
        Position value at entry over initial margin.
    side : "long" or "short", default "long"
        Direction of the position.
    open_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for opening, as a fraction of the entry value; negative for a rebate.
    close_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for closing, as a fraction of the exit value; negative for a rebate.
    carry : fraction, any number, default 0
        Funding and interest paid, as a fraction of the entry value; negative when received.
    contract : "linear" or "inverse", default "linear"
        "linear": margin and profit in quote currency. "inverse": both in coin.

    Returns
    -------
    fraction
        0.5 means half of the margin won. #NUM! outside the domains above, and for an inverse contract at an exit price
        of zero.

    Notes
    -----
    linear: L*(s*(X/E - 1) - f_open - f_close*X/E - carry);
    inverse: L*(s*(1 - E/X) - f_open - f_close*E/X - carry)

    References
    ----------
    .. [1] Binance Support, "How to Use the Binance Futures Calculator": profit over the initial margin.

    Examples
    --------
    >>> round(return_on_margin(50000, 55000, 10), 9)
    1.0
    """
    if contract == "inverse":
        return leverage * ((side * (exit - entry) - close_fee * entry) / exit - open_fee - carry)
    return leverage * ((side * (exit - entry) - close_fee * exit) / entry - open_fee - carry)


@function(
    "LEV_EXITPRICE",
    native=(
        'IF(contract="inverse",'
        "IF(side*(side-open_fee-carry-roi/leverage)>0,entry*(side+close_fee)/(side-open_fee-carry-roi/leverage),#NUM!),"
        "IF(side*(side+open_fee+carry+roi/leverage)>=0,entry*(side+open_fee+carry+roi/leverage)/(side-close_fee),"
        "#NUM!))"
    ),
)
def exit_price(
    entry: Price,
    leverage: Leverage,
    roi: Fraction,
    side: Side = LONG,
    open_fee: Fee = 0,
    close_fee: Fee = 0,
    carry: Fraction = 0,
    contract: Contract = "linear",
) -> Number:
    """Exit price that gives a return on the initial margin.

    Parameters
    ----------
    entry : price, > 0
        Entry price, quote currency per coin.
    leverage : multiple, > 0
        Position value at entry over initial margin.
    roi : fraction, any number
        The return wanted, on the initial margin: 0.5 for +50%, negative for a loss.
    side : "long" or "short", default "long"
        Direction of the position.
    open_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for opening, as a fraction of the entry value; negative for a rebate.
    close_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for closing, as a fraction of the exit value; negative for a rebate.
    carry : fraction, any number, default 0
        Funding and interest paid, as a fraction of the entry value; negative when received.
    contract : "linear" or "inverse", default "linear"
        "linear": margin and profit in quote currency. "inverse": both in coin.

    Returns
    -------
    price
        Quote currency per coin. #NUM! when no price gives this return.

    Notes
    -----
    LEV_ROI solved for the exit. linear: E*(s + f_open + carry + roi/L)/(s - f_close);
    inverse: E*(s + f_close)/(s - f_open - carry - roi/L)

    References
    ----------
    .. [1] Binance Support, "How to Use the Binance Futures Calculator": target price.

    Examples
    --------
    >>> round(exit_price(50000, 10, 1), 6)
    55000.0
    >>> exit_price(50000, 10, -0.5, "short")
    52500.0
    """
    wanted = open_fee + carry + roi / leverage
    if contract == "inverse":
        return quotient(entry * side * (side + close_fee), side * (side - wanted), NUM)
    kept = side + wanted
    return where(side * kept >= 0, entry * kept / (side - close_fee), NUM)


@function(
    "LEV_BREAKEVENPRICE",
    native=(
        'IF(contract="inverse",'
        "IF(side*(side-open_fee-carry)>0,entry*(side+close_fee)/(side-open_fee-carry),#NUM!),"
        "IF(side*(side+open_fee+carry)>=0,entry*(side+open_fee+carry)/(side-close_fee),#NUM!))"
    ),
)
def breakeven_price(
    entry: Price,
    side: Side = LONG,
    open_fee: Fee = 0,
    close_fee: Fee = 0,
    carry: Fraction = 0,
    contract: Contract = "linear",
) -> Number:
    """Exit price at which nothing is won or lost after fees and carry.

    Parameters
    ----------
    entry : price, > 0
        Entry price, quote currency per coin.
    side : "long" or "short", default "long"
        Direction of the position.
    open_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for opening, as a fraction of the entry value; negative for a rebate.
    close_fee : fraction of the traded value, > -1 and < 1, default 0
        Fee for closing, as a fraction of the exit value; negative for a rebate.
    carry : fraction, any number, default 0
        Funding and interest paid, as a fraction of the entry value; negative when received.
    contract : "linear" or "inverse", default "linear"
        "linear": profit in quote currency. "inverse": profit in coin.

    Returns
    -------
    price
        Quote currency per coin. #NUM! when no price breaks even (a carry of more than the whole position).

    Notes
    -----
    linear: E*(s + f_open + carry)/(s - f_close); inverse: E*(s + f_close)/(s - f_open - carry)

    References
    ----------
    .. [1] tradingcalc.io, "Crypto Breakeven Calculator".

    Examples
    --------
    >>> round(breakeven_price(65000, "long", 0.0002, 0.0002), 4)
    65026.0052
    >>> breakeven_price(65000)
    65000.0
    """
    paid = open_fee + carry
    if contract == "inverse":
        return quotient(entry * side * (side + close_fee), side * (side - paid), NUM)
    kept = side + paid
    return where(side * kept >= 0, entry * kept / (side - close_fee), NUM)


@function("LEV_FUNDING", native="side*position_size*rate*periods")
def funding(
    position_size: MoneyOrZero,
    rate: Annotated[Number, number("fraction a settlement")],
    periods: Annotated[Number, number("settlements", ">= 0")] = 1,
    side: Side = LONG,
) -> Number:
    """Funding paid by a position over a number of settlements.

    Parameters
    ----------
    position_size : money, >= 0
        Value of the whole position.
    rate : fraction a settlement, any number
        Funding rate of one settlement, 0.0001 for 0.01%; negative when shorts pay longs.
    periods : settlements, >= 0, default 1
        Number of settlements, on most venues three a day.
    side : "long" or "short", default "long"
        Direction of the position.

    Returns
    -------
    money
        What is paid, in the currency of the position; negative when it is received. #NUM! when the size or the number
        of settlements is negative.

    Notes
    -----
    funding = s * position_size * rate * periods

    References
    ----------
    .. [1] Binance Support, "Introduction to Binance Futures Funding Rates".

    Examples
    --------
    >>> funding(20000, 0.0001, 3)
    6.0
    """
    return side * position_size * rate * periods

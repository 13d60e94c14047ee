"""Lending and staking: collateral, health, and exposure that is built by looping a loan."""

import math
import sys
from operator import mul
from typing import Annotated, Any

from xladdin.core.catalog import (
    LONG,
    NA,
    NUM,
    LeverageFromOne,
    MoneyAboveZero,
    MoneyOrZero,
    Number,
    Price,
    Quantity,
    Rate,
    Side,
    function,
    number,
    series,
)
from xladdin.core.functions.elementary import each, expm1, log, maximum, quotient, where

LoanToValue = Annotated[Number, number("fraction", "> 0")]

NOT_PEGGED: Any = 0

SMALLEST = sys.float_info.min  # has a logarithm where zero has none


@function("LEV_LTV", native="debt/collateral/price")
def loan_to_value(debt: MoneyOrZero, collateral: Quantity, price: Price) -> Number:
    """Loan to value: the debt over what the collateral is worth.

    Parameters
    ----------
    debt : money, >= 0
        What is owed, interest included.
    collateral : quantity, > 0
        Coins that secure it.
    price : price, > 0
        Price of the coin, in the currency of the debt.

    Returns
    -------
    fraction
        0.5 means that half of the collateral's value is lent against it. #NUM! outside the domains above.

    Notes
    -----
    debt / (collateral * price)

    References
    ----------
    .. [1] Biterest, "LTV: How does Bitcoin price affect Loan-to-Value ratio?".

    Examples
    --------
    >>> loan_to_value(5000, 10000, 1)
    0.5
    """
    return debt / collateral / price


@function("LEV_LOANPRICE", native="debt/collateral/ltv")
def loan_price(debt: MoneyOrZero, collateral: Quantity, ltv: LoanToValue) -> Number:
    """Price at which a loan reaches a loan to value: its margin call or its liquidation.

    Parameters
    ----------
    debt : money, >= 0
        What is owed, interest included.
    collateral : quantity, > 0
        Coins that secure it.
    ltv : fraction, > 0
        The loan to value that triggers: 80% is 0.8.

    Returns
    -------
    price
        In the currency of the debt per coin. #NUM! outside the domains above.

    Notes
    -----
    debt / (collateral * ltv)

    References
    ----------
    .. [1] Aave Docs, "Aave V3 Health Factor Preview" (aave.com/docs/aave-v3/markets/health-factor), read 2026-11-26:
       liquidated where the collateral, weighted by its liquidation threshold, falls below the debt.

    Examples
    --------
    >>> loan_price(10000, 5, 0.8)
    2500.0
    """
    return debt / collateral / ltv


@function("LEV_COLLATERAL", native="debt/price/ltv")
def collateral_needed(debt: MoneyOrZero, price: Price, ltv: LoanToValue) -> Number:
    """Collateral that a debt needs at a loan to value.

    Parameters
    ----------
    debt : money, >= 0
        What is owed, interest included.
    price : price, > 0
        Price of the coin, in the currency of the debt.
    ltv : fraction, > 0
        The loan to value that is wanted: 50% is 0.5.

    Returns
    -------
    quantity
        Coins. #NUM! outside the domains above.

    Notes
    -----
    debt / (price * ltv)

    References
    ----------
    .. [1] loan4bitcoins.com, "LTV Ratio".

    Examples
    --------
    >>> collateral_needed(10000, 50000, 0.5)
    0.4
    """
    return debt / price / ltv


@function("LEV_HEALTH", native="SUMPRODUCT(collateral_values,thresholds)/debt")
def health_factor(
    collateral_values: Annotated[list[float], series("money", ">= 0")],
    thresholds: Annotated[list[float], series("fraction", ">= 0")],
    debt: MoneyAboveZero,
) -> Number:
    """Health factor of a loan against several collaterals: below 1 it is liquidated.

    Parameters
    ----------
    collateral_values : money, >= 0, a range
        Value of each collateral, in the currency of the debt.
    thresholds : fraction, >= 0, a range
        Liquidation threshold of each collateral, in the same order: 80% is 0.8.
    debt : money, > 0
        What is owed, interest included.

    Returns
    -------
    multiple
        Rows in which both are blank are left out. #NUM! without a debt and outside the domains above; #VALUE! when the
        ranges differ in length; #N/A when only one of a pair is blank.

    Notes
    -----
    sum(value * threshold) / debt

    References
    ----------
    .. [1] Aave Docs, "Aave V3 Health Factor Preview" (aave.com/docs/aave-v3/markets/health-factor), read 2026-11-26:
       the collateral weighted by its liquidation thresholds against the debt.

    Examples
    --------
    >>> round(health_factor([[10000]], [[0.8]], 6000), 9)
    1.333333333
    """
    return math.fsum(value * threshold for value, threshold in zip(collateral_values, thresholds, strict=True)) / debt


@function(
    "LEV_HEALTHPRICE",
    native=(
        "LET(number,INT(which),moves,IF(SEQUENCE(ROWS(pegs))=number,1,pegs),weights,collaterals*thresholds*prices,"
        "moving,SUMPRODUCT(weights*moves),left,debt-SUMPRODUCT(weights*(1-moves)),IF(number>ROWS(prices),#NUM!,"
        "IF((INDEX(weights,number)<=0)+(left<=0)>0,NA(),INDEX(prices,number)*(left/moving))))"
    ),
    explain=lambda collaterals, thresholds, prices, debt, which, pegs: (
        f"which is {which:.15g} and there are {len(prices)} collaterals" if which >= len(prices) + 1 else ""
    ),
)
def health_price(
    collaterals: Annotated[list[float], series("quantity", ">= 0")],
    thresholds: Annotated[list[float], series("fraction", ">= 0", repeats=True)],
    prices: Annotated[list[float], series("price", "> 0")],
    debt: MoneyAboveZero,
    which: Annotated[Number, number("number", ">= 1")],
    pegs: Annotated[list[float], series("fraction", ">= 0 and <= 1", repeats=True)] = NOT_PEGGED,
) -> Number:
    """Price of one of several collaterals at which the health factor of a loan is 1, the others staying.

    Parameters
    ----------
    collaterals : quantity, >= 0, a range
        Coins of each collateral.
    thresholds : fraction, >= 0, a range, or one for all
        Liquidation threshold of each collateral: 80% is 0.8.
    prices : price, > 0, a range
        Price of each now, in the currency of the debt.
    debt : money, > 0
        What is owed, interest included.
    which : number, >= 1
        Number of the collateral whose price is asked for: 1 is the first of those that are filled in.
    pegs : fraction, >= 0 and <= 1, a range, or one for all, default 0
        How much of its move each of the others makes with it: 1 for a pegged coin, as staked ETH is to ETH; 0 for none.

    Returns
    -------
    price
        Above the price now when the loan is liquidated already; #N/A when no price of that coin liquidates. #NUM! when
        there are not so many collaterals, and outside the domains above; #VALUE! when the ranges differ in length.

    Notes
    -----
    price*(debt - sum(w*(1 - peg)))/sum(w*peg) with w = coins*price*threshold, its own peg being 1

    References
    ----------
    .. [1] Aave Docs, "Aave V3 Health Factor Preview" (aave.com/docs/aave-v3/markets/health-factor), read 2026-11-26:
       a health factor of 1 solved for one price.

    Examples
    --------
    >>> health_price([[10], [1]], [[0.8], [0.75]], [[2000], [40000]], 36000, 1)
    750.0
    >>> round(health_price([[10], [5]], [[0.8], [0.75]], [[2000], [2200]], 18000, 1, 1), 6)
    1484.536082
    """
    weights = [
        coins * threshold * price for coins, threshold, price in zip(collaterals, thresholds, prices, strict=True)
    ]

    def price_of(debt: float, which: float) -> float:
        place = int(which) - 1
        if place >= len(prices):
            return NUM
        if not weights[place]:
            return NA
        moves = [1.0 if other == place else peg for other, peg in enumerate(pegs)]
        moving = math.fsum(map(mul, weights, moves))
        # What the debt is beyond what does not move: where that is little, 1 + x would lose its digits.
        left = math.fsum([debt, *(-weight * (1 - move) for weight, move in zip(weights, moves, strict=True))])
        return prices[place] * (left / moving) if left > 0 else NA

    return each(price_of, debt, which)


@function(
    "LEV_LIQSPOT",
    native="LET(owed,debt*(1+rate)*(1+fee),IF(owed=0,NA(),IF(side>0,owed/assets,assets/owed)))",
)
def spot_liquidation_price(assets: Quantity, debt: MoneyOrZero, rate: Rate, side: Side = LONG, fee: Rate = 0) -> Number:
    """Liquidation price of a spot position with isolated margin, in which the coin or the money is borrowed.

    Parameters
    ----------
    assets : quantity, > 0
        What the position holds, its margin included: coins for a long, money for a short.
    debt : money, >= 0
        What is owed, interest included: money for a long, coins for a short.
    rate : fraction, >= 0 and < 1
        Maintenance margin rate on the debt: 5% is 0.05. Of a margin level that liquidates, such as 1.1, it is the part
        above 1.
    side : "long" or "short", default "long"
        Direction of the position.
    fee : fraction, >= 0 and < 1, default 0
        Fee for closing that the venue keeps back, as a fraction of the value.

    Returns
    -------
    price
        Money per coin; #N/A without a debt. #NUM! outside the domains above.

    Notes
    -----
    long: debt*(1 + rate)*(1 + fee)/assets; short: assets/(debt*(1 + rate)*(1 + fee))

    References
    ----------
    .. [1] OKX Help, "Isolated margin mode": estimated liquidation price of long and short positions, 2024-04-04.

    Examples
    --------
    >>> round(spot_liquidation_price(1.1, 50000, 0.05), 6)
    47727.272727
    >>> round(spot_liquidation_price(110000, 2, 0.05, "short"), 6)
    52380.952381
    """
    owed = debt * (1 + rate) * (1 + fee)
    price = where(side > 0, owed / assets, quotient(assets, owed, NA))
    return where(owed > 0, price, NA)


@function("LEV_LOOP", native="(1-ltv^(loops+1))/(1-ltv)")
def loop_exposure(
    ltv: Annotated[Number, number("fraction", ">= 0 and < 1")], loops: Annotated[Number, number("loops", ">= 0")]
) -> Number:
    """Exposure after borrowing against the collateral and buying more of it several times.

    Parameters
    ----------
    ltv : fraction, >= 0 and < 1
        Loan to value of each loop: 70% is 0.7.
    loops : loops, >= 0
        How many times it is done.

    Returns
    -------
    multiple
        Total exposure over capital; it nears 1/(1 - ltv). #NUM! outside the domains above.

    Notes
    -----
    (1 - ltv^(loops + 1)) / (1 - ltv)

    References
    ----------
    .. [1] The sum of a geometric series, as in Reaper Farm Docs, "LTV looping".

    Examples
    --------
    >>> round(loop_exposure(0.7, 6), 5)
    3.05882
    """
    # 1 - ltv^loops by the exponential less one, which keeps its digits for an ltv near 1.
    # What is borrowed is ltv times as much for one loop less: none for no loops, exactly.
    return 1 + ltv * -expm1(loops * log(maximum(ltv, SMALLEST))) / (1 - ltv)


@function("LEV_LOOPAPY", native="stake_apr+(leverage-1)*(stake_apr-borrow_apr)")
def loop_yield(
    leverage: LeverageFromOne,
    stake_apr: Annotated[Number, number("fraction a year")],
    borrow_apr: Annotated[Number, number("fraction a year")],
) -> Number:
    """Net yearly yield of leveraged staking on your own capital.

    Parameters
    ----------
    leverage : multiple, >= 1
        Total exposure over capital.
    stake_apr : fraction a year, any number
        What staking yields a year, as a simple rate or as a yield with compounding (LEV_APY): 4% is 0.04.
    borrow_apr : fraction a year, any number
        What borrowing costs a year, the same of both as stake_apr.

    Returns
    -------
    fraction
        The yield of a year, negative when borrowing costs more than it brings. #NUM! when the leverage is below 1.

    Notes
    -----
    stake_apr + (leverage - 1)*(stake_apr - borrow_apr)

    References
    ----------
    .. [1] Joule Finance Docs, "Leverage Yield Loops"; cryptogloss.io, "Recursive Borrowing".

    Examples
    --------
    >>> round(loop_yield(3, 0.04, 0.02), 12)
    0.08
    """
    return stake_apr + (leverage - 1) * (stake_apr - borrow_apr)


@function(
    "LEV_DEPEG",
    native="IF(leverage*threshold<=leverage-1,#NUM!,1-(leverage-1)/(leverage*threshold))",
)
def depeg_to_liquidation(leverage: LeverageFromOne, threshold: LoanToValue) -> Number:
    """Fall of the staked coin against the borrowed one that liquidates a loop.

    Parameters
    ----------
    leverage : multiple, >= 1
        Total exposure over capital.
    threshold : fraction, > 0
        Liquidation threshold of the collateral: 93% is 0.93.

    Returns
    -------
    fraction
        0.05 means a fall of 5%. #NUM! when the loop is already beyond the threshold.

    Notes
    -----
    1 - (leverage - 1)/(leverage * threshold)

    References
    ----------
    .. [1] Aave Docs, "Aave V3 Health Factor Preview" (aave.com/docs/aave-v3/markets/health-factor), read 2026-11-26:
       a health factor of 1 solved for the price ratio.

    Examples
    --------
    >>> round(depeg_to_liquidation(5, 0.93), 6)
    0.139785
    """
    secured = leverage * threshold
    return where(secured > leverage - 1, 1 - (leverage - 1) / secured, NUM)

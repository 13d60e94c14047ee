"""Loans over time: instalments, compounding, and how long until interest alone liquidates."""

import math
from typing import Annotated

from xladdin.core.catalog import NA, NUM, Number, Rows, function, number
from xladdin.core.functions.elementary import expm1, log, log1p, native_expm1, native_log1p, quotient, where

YearlyRate = Annotated[Number, number("fraction a year")]
Compoundings = Annotated[Number, number("times a year", ">= 1")]
LoanToValue = Annotated[Number, number("fraction", "> 0")]


@function(
    "LEV_APY",
    native=f"LET(each,rate/periods,grown,periods*{native_log1p('each')},{native_expm1('grown')})",
)
def compounded_yield(rate: Annotated[Number, number("fraction a year", "> -1")], periods: Compoundings) -> Number:
    """Yearly yield with compounding (APY) of a simple yearly rate (APR).

    Parameters
    ----------
    rate : fraction a year, > -1
        Simple yearly rate, APR: 12% is 0.12. Of a rate a period give rate*periods.
    periods : times a year, >= 1
        How often a year it is compounded: 12 by the month, 365 by the day, 1095 with funding each 8 hours.

    Returns
    -------
    fraction
        The yield of a year. #NUM! outside the domains above.

    Notes
    -----
    (1 + rate/periods)^periods - 1; a spreadsheet's EFFECT is the same for whole periods and rates above zero.

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill: effective annual interest rate.

    Examples
    --------
    >>> round(compounded_yield(0.12, 12), 9)
    0.12682503
    """
    return expm1(periods * log1p(rate / periods))


@function("LEV_APR", native=f"LET(grown,{native_log1p('apy')}/periods,periods*{native_expm1('grown')})")
def simple_rate(apy: Annotated[Number, number("fraction a year", "> -1")], periods: Compoundings) -> Number:
    """Simple yearly rate (APR) that compounds to a yearly yield (APY).

    Parameters
    ----------
    apy : fraction a year, > -1
        Yearly yield with compounding: 12.68% is 0.1268.
    periods : times a year, >= 1
        How often a year it is compounded: 12 by the month, 365 by the day.

    Returns
    -------
    fraction
        The rate of a year. #NUM! outside the domains above.

    Notes
    -----
    periods*((1 + apy)^(1/periods) - 1); a spreadsheet's NOMINAL is the same for whole periods and yields above zero.

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill: effective annual interest rate.

    Examples
    --------
    >>> round(simple_rate(0.12682503, 12), 9)
    0.12
    """
    return periods * expm1(log1p(apy) / periods)


@function(
    "LEV_LOANDAYS",
    native=(
        "IF(ltv>=liquidation_ltv,0,"
        "IF(borrow_apr-supply_apr<=0,NA(),365*LN(liquidation_ltv/ltv)/(borrow_apr-supply_apr)))"
    ),
)
def days_until_interest_liquidates(
    ltv: LoanToValue, liquidation_ltv: LoanToValue, borrow_apr: YearlyRate, supply_apr: YearlyRate = 0
) -> Number:
    """Days until interest alone brings a loan to its liquidation, prices staying.

    Parameters
    ----------
    ltv : fraction, > 0
        Loan to value now: 60% is 0.6.
    liquidation_ltv : fraction, > 0
        Loan to value that liquidates: 80% is 0.8.
    borrow_apr : fraction a year, any number
        What the debt grows by a year, compounded continuously as lending protocols do each second.
    supply_apr : fraction a year, any number, default 0
        What the collateral grows by a year, likewise.

    Returns
    -------
    days
        0 when the loan is there already; #N/A when the debt grows no faster than the collateral. #NUM! outside the
        domains above.

    Notes
    -----
    365*ln(liquidation_ltv/ltv)/(borrow_apr - supply_apr): the T at which ltv*e^((borrow_apr - supply_apr)*T/365) is the
    liquidation_ltv.

    References
    ----------
    .. [1] Aave, protocol-v2, contracts/protocol/libraries/math/MathUtils.sol, calculateCompoundedInterest: debt that
       compounds each second, with which it is ln(liquidation_ltv/ltv)/2 seconds later.

    Examples
    --------
    >>> round(days_until_interest_liquidates(0.6, 0.8, 0.1, 0.02), 4)
    1312.5495
    """
    days = quotient(365 * log(liquidation_ltv / ltv), borrow_apr - supply_apr, NA)
    return where(ltv < liquidation_ltv, days, 0.0)


PAYMENTS = ("payment", "interest", "principal", "balance")


@function(
    "LEV_AMORTIZE",
    no_native="a row a month is what PMT, IPMT and PPMT give one month at a time, without months of grace",
    columns=PAYMENTS,
    explain=lambda principal, apr, months, balloon, grace: (
        f"months {months:g} and grace {grace:g} are to be whole numbers, and the grace shorter than the loan"
    ),
)
def amortization(
    principal: Annotated[float, number("money", "> 0")],
    apr: Annotated[float, number("fraction a year", ">= 0")],
    months: Annotated[float, number("months", ">= 1 and <= 1200")],
    balloon: Annotated[float, number("money", ">= 0")] = 0,
    grace: Annotated[float, number("months", ">= 0 and <= 1200")] = 0,
) -> Rows:
    """Loan in equal instalments: a row a month with payment, interest, principal and the balance that is left.

    Parameters
    ----------
    principal : money, > 0
        Amount borrowed.
    apr : fraction a year, >= 0
        Yearly interest rate, a twelfth of it each month: 12% is 0.12.
    months : months, >= 1 and <= 1200
        How many payments there are, a whole number.
    balloon : money, >= 0, default 0
        What is paid back at once with the last payment, which shows it; 0 for a loan that the instalments pay off.
    grace : months, >= 0 and <= 1200, default 0
        How many of the first payments are of interest alone.

    Returns
    -------
    money
        A row a month with the columns payment, interest, principal, balance; the last balance is 0. #NUM! when months
        or grace are no whole numbers, the grace is not shorter than the loan, and outside the domains above.

    Notes
    -----
    With r = apr/12 and n = months - grace: interest = r * balance; the instalment after the grace is
    (principal*(1 + r)^n - balloon)*r/((1 + r)^n - 1), or (principal - balloon)/n without interest; the last payment is
    the instalment and the balloon. With k payments to come the balance is
    balloon + (principal - balloon)*(1 - (1 + r)^-k)/(1 - (1 + r)^-n).

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill: amortizing loans; the instalment is
       that of a spreadsheet's PMT.

    Examples
    --------
    >>> round(amortization(10000, 0.12, 12, 0, 0, "payment", 1), 6)
    888.487887
    >>> round(amortization(10000, 0.12, 12, 4000, 3, "balance", 11), 6)
    4693.507106
    """
    if months % 1 or grace % 1 or grace >= months:
        return NUM
    rate, count = apr / 12, months - grace
    falls = math.log1p(rate)

    def worth(payments: float) -> float:
        """What so many payments of 1 to come are worth."""
        return -math.expm1(-payments * falls) / rate if rate else payments

    instalment = (principal - balloon * math.exp(-count * falls)) / worth(count)
    rows = []
    balance = principal
    # Each by itself: to take one from the other month by month lets the first rounding grow with interest.
    for left in range(int(months) - 1, -1, -1):
        interest, paid, repaid, after = balance * rate, instalment, 0.0, 0.0
        if left >= count:
            paid, after = interest, balance
        elif left == 0:
            paid, repaid = interest + balance, balance
        else:
            kept = math.exp(-left * falls)
            repaid = (principal - balloon) * kept / (1 + rate) / worth(count)
            after = (principal * worth(left) + balloon * kept * worth(count - left)) / worth(count)
        rows.append([paid, interest, repaid, after])
        balance = after
    return rows

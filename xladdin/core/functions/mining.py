"""Mining: what a rig earns and costs, with borrowed money, and when it has paid for itself."""

from typing import Annotated

from xladdin.core.catalog import (
    Fraction,
    LeverageFromOne,
    Money,
    MoneyAboveZero,
    MoneyOrZero,
    Number,
    PriceOrZero,
    function,
    number,
)
from xladdin.core.functions.earnings import NATIVE_DECAY, mined, native_earned, native_paid_after, payback
from xladdin.core.functions.elementary import each

Hashrate = Annotated[Number, number("TH/s", ">= 0")]
Difficulty = Annotated[Number, number("difficulty", "> 0")]
Reward = Annotated[Number, number("coins a block", ">= 0")]
Days = Annotated[Number, number("days", ">= 0")]
Watts = Annotated[Number, number("watts", ">= 0")]
Tariff = Annotated[Number, number("money per kWh", ">= 0")]
PoolFee = Annotated[Number, number("fraction", ">= 0 and <= 1")]

HASHES_PER_DIFFICULTY = 2.0**32
SECONDS_A_DAY = 86400.0


@function("LEV_MINEPROFIT", native="capital*leverage*yield-borrow_cost-capital*leverage*price_loss")
def mining_profit(
    capital: MoneyOrZero,
    leverage: LeverageFromOne,
    yield_: Fraction,
    borrow_cost: Money,
    price_loss: Annotated[Number, number("fraction", "<= 1")] = 0,
) -> Number:
    """Net profit of leveraged mining over one period.

    Parameters
    ----------
    capital : money, >= 0
        Your own money.
    leverage : multiple, >= 1
        Total exposure over capital.
    yield_ : fraction, any number
        Mining yield of the period on the whole exposure: 5% is 0.05.
    borrow_cost : money, any number
        Total cost of borrowing over the period, an amount.
    price_loss : fraction, <= 1, default 0
        Fall of the price over the period as a fraction; negative when the price rises.

    Returns
    -------
    money
        Positive for a profit, in the currency of the capital. #NUM! outside the domains above.

    Notes
    -----
    capital*leverage*yield - borrow_cost - capital*leverage*price_loss

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill, on financial leverage: the return
       on all assets less the cost of the debt.

    Examples
    --------
    >>> mining_profit(10000, 2, 0.05, 300, 0.01)
    500.0
    """
    exposure = capital * leverage
    return exposure * yield_ - borrow_cost - exposure * price_loss


@function("LEV_BREAKEVEN", native="borrow_cost/daily_net")
def breakeven_days(borrow_cost: MoneyOrZero, daily_net: MoneyAboveZero) -> Number:
    """Days until the earnings have paid the total borrowing cost.

    Parameters
    ----------
    borrow_cost : money, >= 0
        Total cost of borrowing, an amount.
    daily_net : money, > 0
        Net earnings a day, before the borrowing cost.

    Returns
    -------
    days
        #NUM! when nothing is earned, for then it is never paid.

    Notes
    -----
    borrow_cost / daily_net

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill: the payback rule.

    Examples
    --------
    >>> breakeven_days(300, 12)
    25.0
    """
    return borrow_cost / daily_net


@function("LEV_HASHREVENUE", native="hashrate*10^12*86400*block_reward/difficulty/2^32*days*(1-pool_fee)")
def hash_revenue(
    hashrate: Hashrate, difficulty: Difficulty, block_reward: Reward, days: Days = 1, pool_fee: PoolFee = 0
) -> Number:
    """Coins that a hash rate earns.

    Parameters
    ----------
    hashrate : TH/s, >= 0
        Hash rate in terahashes a second.
    difficulty : difficulty, > 0
        Network difficulty.
    block_reward : coins a block, >= 0
        Coins a block pays: subsidy and, if you wish, average fees.
    days : days, >= 0, default 1
        Number of days.
    pool_fee : fraction, >= 0 and <= 1, default 0
        Part that the pool keeps: 1% is 0.01.

    Returns
    -------
    coins
        Expected earnings. #NUM! outside the domains above.

    Notes
    -----
    hashrate*1e12*86400*block_reward/difficulty/2^32*days*(1 - pool_fee): a block takes difficulty*2^32 hashes on
    average

    References
    ----------
    .. [1] Bitcoin Wiki, "Difficulty": expected hashes per block.
    .. [2] O'Dwyer, K. J. and Malone, D. (2014), "Bitcoin Mining and its Energy Footprint", ISSC 2014.

    Examples
    --------
    >>> round(hash_revenue(100, 1e14, 3.125), 12)
    6.2864274e-05
    """
    return _coins_a_day(hashrate, difficulty, block_reward) * days * (1 - pool_fee)


def _coins_a_day(hashrate: Number, difficulty: Number, block_reward: Number) -> Number:
    return hashrate * (1e12 * SECONDS_A_DAY) * block_reward / difficulty / HASHES_PER_DIFFICULTY


@function("LEV_HASHPRICE", native="10^15*86400*block_reward/difficulty/2^32*price")
def hash_price(difficulty: Difficulty, block_reward: Reward, price: PriceOrZero) -> Number:
    """Hash price: revenue of one petahash a second for one day.

    Parameters
    ----------
    difficulty : difficulty, > 0
        Network difficulty.
    block_reward : coins a block, >= 0
        Coins a block pays: subsidy and, if you wish, average fees.
    price : price, >= 0
        Price of the coin, quote currency per coin.

    Returns
    -------
    money
        Quote currency per PH/s and day. #NUM! outside the domains above.

    Notes
    -----
    1e15*86400*block_reward/difficulty/2^32*price

    References
    ----------
    .. [1] Luxor Docs, Hashrate Index, "Hashprice".

    Examples
    --------
    >>> round(hash_price(1e14, 3.125, 100000), 3)
    62.864
    """
    return _coins_a_day(1000.0, difficulty, block_reward) * price


@function("LEV_POWERCOST", native="watts/1000*24*days*tariff")
def power_cost(watts: Watts, tariff: Tariff, days: Days = 1) -> Number:
    """Cost of the electricity that a rig uses.

    Parameters
    ----------
    watts : watts, >= 0
        Power draw at the wall.
    tariff : money per kWh, >= 0
        Price of a kilowatt hour.
    days : days, >= 0, default 1
        Number of days.

    Returns
    -------
    money
        In the currency of the tariff. #NUM! when an argument is negative.

    Notes
    -----
    watts/1000*24*days*tariff

    References
    ----------
    .. [1] O'Dwyer, K. J. and Malone, D. (2014), "Bitcoin Mining and its Energy Footprint", ISSC 2014.

    Examples
    --------
    >>> round(power_cost(3250, 0.05), 6)
    3.9
    """
    return watts / 1000 * 24 * days * tariff


@function(
    "LEV_MINEDAILY",
    native=(
        "hashrate*10^12*86400*block_reward/difficulty/2^32*(1-pool_fee)*price-watts/1000*24*tariff-daily_borrow_cost"
    ),
)
def mining_daily(
    hashrate: Hashrate,
    watts: Watts,
    difficulty: Difficulty,
    block_reward: Reward,
    price: PriceOrZero,
    tariff: Tariff,
    pool_fee: PoolFee = 0,
    daily_borrow_cost: Money = 0,
) -> Number:
    """Net earnings of a rig a day, after power and borrowing.

    Parameters
    ----------
    hashrate : TH/s, >= 0
        Hash rate in terahashes a second.
    watts : watts, >= 0
        Power draw at the wall.
    difficulty : difficulty, > 0
        Network difficulty.
    block_reward : coins a block, >= 0
        Coins a block pays: subsidy and, if you wish, average fees.
    price : price, >= 0
        Price of the coin, quote currency per coin.
    tariff : money per kWh, >= 0
        Price of a kilowatt hour.
    pool_fee : fraction, >= 0 and <= 1, default 0
        Part that the pool keeps: 1% is 0.01.
    daily_borrow_cost : money, any number, default 0
        What borrowing costs a day.

    Returns
    -------
    money
        Quote currency a day, negative for a loss. #NUM! outside the domains above.

    Notes
    -----
    LEV_HASHREVENUE(hashrate, difficulty, block_reward, 1, pool_fee)*price - LEV_POWERCOST(watts, tariff) -
    daily_borrow_cost

    References
    ----------
    .. [1] Luxor Docs, Hashrate Index, "Hashprice"; O'Dwyer and Malone (2014), "Bitcoin Mining and its Energy
       Footprint".

    Examples
    --------
    >>> round(mining_daily(100, 3250, 1e14, 3.125, 100000, 0.05), 4)
    2.3864
    """
    coins = _coins_a_day(hashrate, difficulty, block_reward) * (1 - pool_fee)
    return coins * price - watts / 1000 * 24 * tariff - daily_borrow_cost


Growth = Annotated[Number, number("fraction a 30 days", "> -1")]
Uptime = Annotated[Number, number("fraction", "> 0 and <= 1")]


@function(
    "LEV_PAYBACK",
    native=(
        f"LET({NATIVE_DECAY},early,{native_paid_after('cost', 'full')},"
        "IF((halving_day<0.00001)+IFERROR(early<=halving_day,FALSE),early,LET(gone,decay*halving_day,"
        f"missing,cost-full*{native_earned('halving_day', 'gone')}+daily_cost*halving_day,"
        f"halving_day+{native_paid_after('missing', 'full*EXP(-gone)/2')})))"
    ),
)
def payback_days(
    cost: MoneyOrZero,
    daily_revenue: MoneyAboveZero,
    daily_cost: MoneyOrZero = 0,
    growth: Growth = 0,
    halving_day: Days = 0,
    uptime: Uptime = 1,
    price_growth: Growth = 0,
) -> Number:
    """Days until the hardware is paid, while revenue falls as difficulty grows.

    Parameters
    ----------
    cost : money, >= 0
        What the hardware cost.
    daily_revenue : money, > 0
        Revenue of the first day.
    daily_cost : money, >= 0, default 0
        Running cost a day, which stays.
    growth : fraction a 30 days, > -1, default 0
        Growth of difficulty over 30 days: 3% is 0.03.
    halving_day : days, >= 0, default 0
        Days from now to a halving, from which on the revenue is half; 0 for none.
    uptime : fraction, > 0 and <= 1, default 1
        Part of the time that the hardware earns: 95% is 0.95. The running cost goes on.
    price_growth : fraction a 30 days, > -1, default 0
        Growth of the coin's price over 30 days: 3% is 0.03.

    Returns
    -------
    days
        #NUM! when it is never paid, and outside the domains above.

    Notes
    -----
    The time T at which the integral from 0 to T of
    uptime*daily_revenue*((1 + price_growth)/(1 + growth))^(t/30) - daily_cost is the cost, the revenue being half from
    the halving on. It is found by Newton's steps from the side on which they can't overshoot.

    References
    ----------
    .. [1] Brealey, Myers and Allen, "Principles of Corporate Finance", McGraw-Hill: the payback rule, continuous cash
       flow.

    Examples
    --------
    >>> payback_days(3000, 10, 4)
    500.0
    >>> round(payback_days(1500, 10, 4, 0.03), 4)
    330.8634
    >>> round(payback_days(3000, 20, 4, 0, 100), 6)
    333.333333
    """
    return each(payback, cost, daily_revenue, daily_cost, growth, halving_day, uptime, price_growth)


@function(
    "LEV_MINETOTAL",
    native=(
        "IF(daily_revenue=0,0-daily_cost*days,"
        f"LET({NATIVE_DECAY},until,IF((halving_day>=0.00001)*(halving_day<days),halving_day,days),fallen,decay*until,"
        "after,days-until,later,decay*after,"
        f"full*({native_earned('until', 'fallen')}+EXP(-fallen)/2*{native_earned('after', 'later')})-daily_cost*days))"
    ),
)
def mining_total(
    daily_revenue: MoneyOrZero,
    days: Days,
    daily_cost: MoneyOrZero = 0,
    growth: Growth = 0,
    halving_day: Days = 0,
    uptime: Uptime = 1,
    price_growth: Growth = 0,
) -> Number:
    """What a rig earns over a time, while difficulty grows and with a halving in it.

    Parameters
    ----------
    daily_revenue : money, >= 0
        Revenue of the first day: coins or money.
    days : days, >= 0
        Number of days.
    daily_cost : money, >= 0, default 0
        Running cost a day, which stays.
    growth : fraction a 30 days, > -1, default 0
        Growth of difficulty over 30 days: 3% is 0.03.
    halving_day : days, >= 0, default 0
        Days from now to a halving, from which on the revenue is half; 0 for none.
    uptime : fraction, > 0 and <= 1, default 1
        Part of the time that the hardware earns: 95% is 0.95. The running cost goes on.
    price_growth : fraction a 30 days, > -1, default 0
        Growth of the coin's price over 30 days: 3% is 0.03; leave it out for a revenue in coins.

    Returns
    -------
    money
        In the currency of the revenue, negative for a loss. #NUM! outside the domains above.

    Notes
    -----
    The integral from 0 to days of uptime*daily_revenue*((1 + price_growth)/(1 + growth))^(t/30) - daily_cost, the
    revenue being half from the halving on.

    References
    ----------
    .. [1] Bitcoin Wiki, "Controlled supply": the halving each 210,000 blocks; "Difficulty": revenue in inverse
       proportion to it.

    Examples
    --------
    >>> mining_total(10, 365, 4)
    2190.0
    >>> round(mining_total(10, 365, 4, 0.03, 200), 4)
    980.5142
    """
    return each(mined, daily_revenue, days, daily_cost, growth, halving_day, uptime, price_growth)


@function("LEV_BORROWCOST", native="borrowed*apr*days/365")
def borrow_cost(borrowed: MoneyOrZero, apr: Annotated[Number, number("fraction a year")], days: Days) -> Number:
    """Simple interest on what is borrowed.

    Parameters
    ----------
    borrowed : money, >= 0
        Amount borrowed.
    apr : fraction a year, any number
        Yearly interest rate: 12% is 0.12.
    days : days, >= 0
        Number of days.

    Returns
    -------
    money
        In the currency of the loan. #NUM! when the amount or the number of days is negative.

    Notes
    -----
    borrowed * apr * days / 365

    References
    ----------
    .. [1] ISDA 2006 Definitions, section 4.16(d): Actual/365 (Fixed).

    Examples
    --------
    >>> borrow_cost(36500, 0.1, 30)
    300.0
    """
    return borrowed * apr * days / 365

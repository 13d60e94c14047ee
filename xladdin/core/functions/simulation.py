"""Simulation: one plan lived through bar by bar on given prices."""

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from xladdin.core.catalog import LONG, NA, NUM, Rows, choice, function, number, series

Closes = Annotated[list[float], series("price", "> 0")]
OtherPrices = Annotated[list[float], series("price", "> 0", repeats=True)]
PriceOrNone = Annotated[float, number("price", ">= 0")]
RateOfOne = Annotated[float, number("fraction", ">= 0 and < 1")]
SideOfOne = Annotated[
    float,
    choice('"long" or "short"', {"long": 1.0, "short": -1.0, "buy": 1.0, "sell": -1.0, 1.0: 1.0, -1.0: -1.0}),
]
AT_CLOSE: Any = "closes"

QUIET, FILLED, REBALANCED, STOPPED, TAKEN, LIQUIDATED, ADDED = map(float, range(7))


class _Bar(NamedTuple):
    """What a bar means to the plan's side: the worst and the best price that it reached."""

    opened: float
    worst: float
    best: float
    close: float


class _Plan(NamedTuple):
    leverage: float
    mmr: float
    side: float
    entry: float
    stop: float
    target: float
    funding: float
    fee: float
    band: float
    addition: float
    nearer_than: float


class _Held(NamedTuple):
    """Money (negative when borrowed) and coins: at a price the equity is money + side*coins*price."""

    money: float
    coins: float


@function(
    "LEV_PAPERTRADE",
    no_native="each bar starts from what the bar before has left of the trade",
    columns=("event", "quantity", "liquidation", "funding", "equity", "drawdown", "added"),
    row_each=True,
    explain=lambda closes, margin, leverage, highs, lows, opens, *rest: _explained(closes, highs, lows, opens),
)
def paper_trade(
    closes: Closes,
    margin: Annotated[float, number("money", "> 0")],
    leverage: Annotated[float, number("multiple", "> 0")],
    highs: OtherPrices = AT_CLOSE,
    lows: OtherPrices = AT_CLOSE,
    opens: OtherPrices = AT_CLOSE,
    mmr: RateOfOne = 0,
    side: SideOfOne = LONG,
    entry: PriceOrNone = 0,
    stop: PriceOrNone = 0,
    target: PriceOrNone = 0,
    funding: Annotated[float, number("fraction a bar", "> -1 and < 1")] = 0,
    fee: RateOfOne = 0,
    band: Annotated[float, number("fraction", ">= 0")] = 0,
    addition: Annotated[float, number("money", ">= 0")] = 0,
    nearer_than: RateOfOne = 0,
) -> Rows:
    """Paper trade: a position with isolated margin lived through bar by bar, what can't be known assumed against it.

    Parameters
    ----------
    closes : price, > 0, a range
        Closing price of each bar, in the order of time; alone where no other prices are known.
    margin : money, > 0
        Your own money in the trade.
    leverage : multiple, > 0
        Position over margin when it is opened, and what it is brought back to.
    highs : price, > 0, a range, or one for all, default closes
        Highest price of each bar.
    lows : price, > 0, a range, or one for all, default closes
        Lowest price of each bar.
    opens : price, > 0, a range, or one for all, default closes
        First price of each bar.
    mmr : fraction, >= 0 and < 1, default 0
        Maintenance margin rate: 1% is 0.01.
    side : "long" or "short", default "long"
        Direction of the position.
    entry : price, >= 0, default 0
        Limit price at which it is opened, once a bar reaches it; 0 for the first bar's open.
    stop : price, >= 0, default 0
        Where it is given up; 0 for none. Where a bar opens beyond it, at that open.
    target : price, >= 0, default 0
        Where profit is taken, never at a better price; 0 for none.
    funding : fraction a bar, > -1 and < 1, default 0
        Funding rate at each bar's open after the one that filled; positive: longs pay, shorts receive.
    fee : fraction, >= 0 and < 1, default 0
        Fee of each trade, as a fraction of its value.
    band : fraction, >= 0, default 0
        How far the leverage may be off, as a fraction of it, before a close brings it back: 0.1 is 10%; 0 for never.
    addition : money, >= 0, default 0
        Margin that is added at a close at which liquidation is near; 0 for none.
    nearer_than : fraction, >= 0 and < 1, default 0
        How near, as a fraction of the close: 0.05 is 5%; 0 for never.

    Returns
    -------
    event, quantity, price, money, money, fraction, money
        A row a bar with the columns event: 0 none, 1 filled, 2 rebalanced, 3 stopped, 4 taken, 5 liquidated, 6 margin
        added; quantity of coins after the bar; liquidation, the price after the bar, #N/A where there is none;
        funding, paid in the bar, negative when received; equity at the close; drawdown of the equity from its highest
        close or the margin, what was added counted with the highest; added, the margin that the bar's close added.
        #NUM! for a bar whose high or low is not its highest or lowest, and outside the domains above; #VALUE! when the
        ranges differ in length.

    Notes
    -----
    Within a bar: funding at the open, then the worst price before the best. Of stop and liquidation the nearer comes
    first; a bar that opens beyond liquidation liquidates. A limit order's bar takes no target, for the best may have
    come before the fill. With m money and Q coins equity is m + s*Q*P and liquidation -m/(Q*(s - mmr)); a liquidated
    position has lost all of its margin. Rebalancing trades |leverage*equity/P - Q| coins at the close; margin is
    added after it.

    References
    ----------
    .. [1] Bybit Help Center, "Liquidation Price (USDT Contract)" and "Funding Fee"; Avellaneda and Zhang (2010),
       "Path-Dependence of Leveraged ETF Returns", SIAM J. Financial Math. 1: what rebalancing does.

    Examples
    --------
    >>> paper_trade([[9], [7]], 10, 5, 11, [[9], [6]], [[10], [9]], 0, "long", 0, 8.5, 0, 0, 0, 0, 0, 0, "equity", 1)
    5.0
    >>> paper_trade([[9], [7]], 10, 5, 11, [[9], [6]], [[10], [9]], 0, "long", 0, 8.5, 0, 0, 0, 0, 0, 0, "event", 2)
    3.0
    """
    if _explained(closes, highs, lows, opens):
        return NUM
    plan = _Plan(leverage, mmr, side, entry, stop, target, funding, fee, band, addition, nearer_than)
    bars = [
        _Bar(opened, low if side > 0 else high, high if side > 0 else low, close)
        for opened, high, low, close in zip(opens, highs, lows, closes, strict=True)
    ]
    return list(_rows(plan, bars, margin))


def _explained(closes: list[float], highs: list[float], lows: list[float], opens: list[float]) -> str:
    for place, (close, high, low, opened) in enumerate(zip(closes, highs, lows, opens, strict=True), start=1):
        if not low <= min(opened, close) <= max(opened, close) <= high:
            return f"bar {place} has prices outside its high {high:.15g} and low {low:.15g}"
    return ""


def _rows(plan: _Plan, bars: list[_Bar], margin: float) -> Iterator[list[float]]:
    held, waits, highest = _Held(margin, 0.0), True, margin
    for bar in bars:
        event, paid, added = QUIET, 0.0, 0.0
        fills = waits and (not plan.entry or plan.side * (bar.worst - plan.entry) <= 0)
        if fills:
            waits, event = False, FILLED
            price = plan.entry or bar.opened
            held = _traded(held, plan.leverage * margin / price, price, plan)
        elif held.coins:
            paid = plan.side * plan.funding * held.coins * bar.opened
            held = _Held(held.money - paid, held.coins)
        if held.coins:
            held, ended = _after(held, bar, plan, takes=not (fills and plan.entry), opened=not fills or not plan.entry)
            event = ended or event
        if held.coins and not fills and (balanced := _rebalanced(held, bar.close, plan)) != held:
            held, event = balanced, REBALANCED
        if held.coins and _is_near(held, bar.close, plan):
            held, event, added = _Held(held.money + plan.addition, held.coins), ADDED, plan.addition
        equity = held.money + plan.side * held.coins * bar.close
        highest = max(highest + added, equity)
        yield [event, held.coins, _liquidation(held, plan) or NA, paid, equity, 1 - equity / highest, added]


def _traded(held: _Held, coins: float, price: float, plan: _Plan) -> _Held:
    """After buying (or with a minus giving up) coins of the plan's side at a price."""
    return _Held(held.money - plan.side * coins * price - plan.fee * abs(coins) * price, held.coins + coins)


def _liquidation(held: _Held, plan: _Plan) -> float:
    """The price at which the equity is the maintenance margin; 0 where there is none."""
    return max(0.0, -held.money / (held.coins * (plan.side - plan.mmr))) if held.coins else 0.0


def _is_near(held: _Held, close: float, plan: _Plan) -> bool:
    """Whether margin is to be added: liquidation is nearer to a close than the plan bears."""
    liquidation = _liquidation(held, plan)
    return bool(plan.addition and liquidation) and plan.side * (close - liquidation) < plan.nearer_than * close


def _after(held: _Held, bar: _Bar, plan: _Plan, *, takes: bool, opened: bool) -> tuple[_Held, float]:
    """What a bar leaves of a position, and how it ended it, if it did; `opened` where it was held at the open."""
    side, liquidation = plan.side, _liquidation(held, plan)
    first = bar.opened if opened else plan.entry
    liquidated = held.money + side * held.coins * bar.worst <= plan.mmr * held.coins * bar.worst
    stopped = bool(plan.stop) and side * (bar.worst - plan.stop) <= 0
    if liquidated and (not stopped or side * (first - liquidation) <= 0 or side * (plan.stop - liquidation) <= 0):
        return _Held(0.0, 0.0), LIQUIDATED
    if stopped:
        price = plan.stop if side * (first - plan.stop) > 0 else first
        return _closed(held, price, plan), STOPPED
    if takes and plan.target and side * (bar.best - plan.target) >= 0:
        return _closed(held, plan.target, plan), TAKEN
    return held, QUIET


def _closed(held: _Held, price: float, plan: _Plan) -> _Held:
    """The money that is left when all is closed: no less than nothing, for the margin is isolated."""
    return _Held(max(0.0, _traded(held, -held.coins, price, plan).money), 0.0)


def _rebalanced(held: _Held, close: float, plan: _Plan) -> _Held:
    """The position brought back to its leverage at the close, where that has left the band."""
    equity = held.money + plan.side * held.coins * close
    wanted = plan.leverage * equity / close
    if not plan.band or abs(held.coins - wanted) <= plan.band * wanted:
        return held
    return _traded(held, wanted - held.coins, close, plan)

"""Every function once more, by the equation of its documentation, in as many digits as are asked for.

A number is an mpmath number, a side 1 or -1, a choice its word, a range a list, tiers rows of floor, rate and maximum
leverage. Where a function gives an error, so does the one here: its text. Domains are not looked at: they were before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

NUM, NA = "#NUM!", "#N/A"
HASHES = mpf(2) ** 32
DAY = mpf(86400)
SECOND = mpf("0.00001")  # of a day, as mining has it


def _above_zero(price: Any) -> Any:
    return price if price > 0 else NA


def profit(position: Any, entry: Any, left: Any, side: Any, opening: Any, closing: Any, funding: Any, kind: str) -> Any:
    if kind == "linear":
        return position * (side * (left - entry) - opening * entry - closing * left) - funding
    if not left:
        return NUM
    return position * (side * (1 / entry - 1 / left) - opening / entry - closing / left) - funding


def return_on_margin(
    entry: Any, left: Any, leverage: Any, side: Any, opening: Any, closing: Any, carry: Any, kind: str
) -> Any:
    if kind == "linear":
        return leverage * (side * (left / entry - 1) - opening - closing * left / entry - carry)
    if not left:
        return NUM
    return leverage * (side * (1 - entry / left) - opening - closing * entry / left - carry)


def exit_price(
    entry: Any, leverage: Any, roi: Any, side: Any, opening: Any, closing: Any, carry: Any, kind: str
) -> Any:
    wanted = opening + carry + roi / leverage
    if kind == "inverse":
        return entry * (side + closing) / (side - wanted) if side * (side - wanted) > 0 else NUM
    return entry * (side + wanted) / (side - closing) if side * (side + wanted) >= 0 else NUM


def liquidation_price(entry: Any, leverage: Any, mmr: Any, side: Any, method: str, fee: Any, kind: str) -> Any:
    kept = mmr + fee
    if kept * leverage >= 1:
        return NUM
    if kind == "linear":
        if method == "entry":
            return _above_zero(entry * (1 - side / leverage + side * kept))
        return _above_zero(entry * (1 - side / leverage) / (1 - side * kept)) if 1 - side * kept > 0 else NA
    if method == "entry":
        shrunk = 1 + side / leverage - side * kept
        return entry / shrunk if shrunk > 0 else NA
    shrunk = 1 + side / leverage
    return entry * (1 + side * kept) / shrunk if shrunk > 0 and 1 + side * kept > 0 else NA


def bankruptcy_price(entry: Any, leverage: Any, side: Any, kind: str) -> Any:
    if kind == "linear":
        return _above_zero(entry * (1 - side / leverage))
    return entry * leverage / (leverage + side) if leverage + side > 0 else NA


def cross_liquidation_price(
    wallet: Any,
    entry: Any,
    quantity: Any,
    mmr: Any,
    side: Any,
    deduction: Any,
    others: Any,
    pnl: Any,
    fee: Any,
    kind: str,
) -> Any:
    if mmr + fee >= 1:
        return NUM
    covered = wallet - others + pnl + deduction
    if kind == "linear":
        return _above_zero((covered - side * quantity * entry) / (quantity * (mmr + fee - side)))
    worth = (covered + side * quantity / entry) / (quantity * (mmr + fee + side))
    return 1 / worth if worth > 0 else NA


def maintenance_margin(size: Any, tiers: list[list[Any]], tiering: str) -> Any:
    """By the parts of each tier, and not by deductions."""
    if tiering == "flat":
        return size * maintenance_margin_rate(size, tiers)
    ends = [floor for floor, *_ in tiers[1:]] + [mp.inf]
    return sum(
        ((min(size, end) - floor) * rate for (floor, rate, _), end in zip(tiers, ends, strict=True) if size > floor),
        mpf(0),
    )


def maintenance_margin_rate(size: Any, tiers: list[list[Any]]) -> Any:
    return [rate for floor, rate, _ in tiers if size >= floor][-1]


def maximum_leverage(size: Any, tiers: list[list[Any]]) -> Any:
    return [leverage for floor, _, leverage in tiers if size >= floor][-1]


def top_up(
    entry: Any,
    quantity: Any,
    margin: Any,
    mmr: Any,
    target: Any,
    side: Any,
    method: str,
    fee: Any,
    kind: str,
    tiers: list[list[Any]] | None,
) -> Any:
    lost = side * (entry - target) if kind == "linear" else side * (1 / target - 1 / entry)
    price = entry if method == "entry" else target
    value = quantity * (price if kind == "linear" else 1 / price)
    asked = mmr * value if tiers is None else maintenance_margin(value, tiers, "marginal")
    return max(quantity * lost + asked + fee * value - margin, mpf(0))


def liquidation_price_after(
    entry: Any, leverage: Any, mmr: Any, rate: Any, periods: Any, side: Any, method: str
) -> Any:
    if mmr * leverage >= 1:
        return NUM
    left = 1 - side * (1 / leverage - rate * periods)
    return _above_zero(entry * (left + side * mmr) if method == "entry" else entry * left / (1 - side * mmr))


def partial_liquidation(
    entry: Any,
    quantity: Any,
    margin: Any,
    tiers: list[list[Any]],
    price: Any,
    penalty: Any,
    side: Any,
    tiering: str,
) -> Any:
    held, left, charged = quantity, margin, mpf(0)
    for floor, *_ in reversed(tiers):
        if held * price <= floor:
            continue
        if left + side * held * (price - entry) > maintenance_margin(held * price, tiers, tiering):
            break
        closed = held - floor / price
        charged += penalty * closed * price
        left += side * closed * (price - entry) - penalty * closed * price
        held -= closed
    return [[quantity - held, charged, max(left, mpf(0))]]


def tiered_liquidation_price(
    entry: Any, quantity: Any, margin: Any, tiers: list[list[Any]], side: Any, fee: Any, kind: str, tiering: str
) -> Any:
    """By the solution of each tier that lies in its own range, the one that comes first."""
    value = quantity * entry if kind == "linear" else quantity / entry
    if maintenance_margin(value, tiers, tiering) + fee * value >= margin or tiers[-1][1] + fee >= 1:
        return NUM
    grows = -side if kind == "linear" else side  # the value, as the price moves against the position
    ends = [floor for floor, *_ in tiers[1:]] + [mp.inf]
    found = []
    for (floor, rate, _), end in zip(tiers, ends, strict=True):
        asked = mpf(0) if tiering == "flat" else rate * floor - maintenance_margin(floor, tiers, "marginal")
        solved = (margin + asked + grows * value) / (rate + fee + grows)
        if floor <= solved < end and solved > 0 and grows * (solved - value) > 0:
            found.append(solved)
        if (
            tiering == "flat"
            and grows > 0
            and floor > value
            and margin + grows * (value - floor) <= (rate + fee) * floor
        ):
            found.append(floor)
    if not found:
        return NA
    first = min(found) if grows > 0 else max(found)
    return first / quantity if kind == "linear" else quantity / first


def _account(given: tuple[Any, ...]) -> tuple[list[Any], Any, Any]:
    """Of each position direction, size, entry, rate, price, beta and deduction; and the wallet and the fee."""
    wallet, entries, quantities, sides, mmrs, prices, betas, deductions, fee = given
    signs = [side or (mpf(1) if quantity >= 0 else mpf(-1)) for side, quantity in zip(sides, quantities, strict=True)]
    rows = list(zip(signs, map(abs, quantities), entries, mmrs, prices, betas, deductions, strict=True))
    return rows, wallet, fee


def free_margin(*given: Any) -> Any:
    rows, wallet, fee = _account(given)
    return wallet + sum(
        s * size * (price - entry) - (mmr + fee) * size * price + deduction
        for s, size, entry, mmr, price, _, deduction in rows
    )


def margin_ratio(*given: Any) -> Any:
    rows, wallet, fee = _account(given)
    equity = wallet + sum(s * size * (price - entry) for s, size, entry, _, price, _, _ in rows)
    asked = sum((mmr + fee) * size * price - deduction for _, size, _, mmr, price, _, deduction in rows)
    return asked / equity if equity > 0 else NUM


def liquidation_move(*given: Any) -> Any:
    """By the ends of the straight pieces of the excess, each looked at by itself."""
    rows, wallet, fee = _account(given)

    def excess(move: Any) -> Any:
        left = wallet
        for s, size, entry, mmr, price, beta, deduction in rows:
            moved = max(mpf(0), price * (1 + beta * move))
            left += s * size * (moved - entry) - (mmr + fee) * size * moved + deduction
        return left

    if excess(mpf(0)) <= 0:
        return mpf(0)
    found = []
    for direction, limit in ((mpf(-1), mpf(1)), (mpf(1), mp.inf)):
        stops = sorted({-1 / (direction * row[5]) for row in rows if direction * row[5] < 0} | {limit})
        at, left = mpf(0), excess(mpf(0))
        for stop in stops:
            if stop > limit:
                break
            until = stop if stop < mp.inf else 2 * at + 1
            then = excess(direction * until)
            slope = (then - left) / (until - at) if until > at else mpf(0)
            if slope < 0 and (stop == mp.inf or then < 0):
                found.append((at - left / slope, direction))
                break
            at, left = until, then
    found = [each for each in found if each[0] < 1 or each[1] > 0]
    return direction * distance if found and (distance := min(found)[0]) and (direction := min(found)[1]) else NA


def liquidation_prices(*given: Any) -> Any:
    rows, _, fee = _account(given)
    excess = free_margin(*given)
    prices = []
    for s, size, _, mmr, price, _, _ in rows:
        share = s - mmr - fee
        if s * share <= 0:
            prices.append([NUM])
        else:
            prices.append([_above_zero(price - excess / (size * share)) if size else NA])
    return prices


def ladder(
    prices: list[Any], quantities: list[Any], margin: Any, mmr: Any, side: Any, method: str, fee: Any, kind: str
) -> Any:
    rows = []
    position = value = mpf(0)
    for price, quantity in zip(prices, quantities, strict=True):
        position += quantity
        value += quantity * price if kind == "linear" else quantity / price
        entry = value / position if kind == "linear" else position / value
        leverage = value / margin
        rows.append([entry, position, leverage, liquidation_price(entry, leverage, mmr, side, method, fee, kind)])
    return rows


def position_size_for_risk(balance: Any, risk: Any, entry: Any, stop: Any, fee: Any, kind: str, most: Any) -> Any:
    lost = abs(entry - stop) + fee * (entry + stop)
    if not lost:
        return NUM
    size = balance * risk * (entry * stop if kind == "inverse" else 1) / lost
    limit = balance * most * entry if kind == "inverse" else balance * most / entry
    return min(size, limit) if most else size


def stop_leverage(entry: Any, stop: Any, mmr: Any, side: Any, method: str, fee: Any, kind: str) -> Any:
    if side * (entry - stop) <= 0:
        return NUM
    opened, closed = (entry, stop) if kind == "linear" else (1 / entry, 1 / stop)
    lost = side * (opened - closed) if kind == "linear" else side * (closed - opened)
    return opened / (lost + (mmr + fee) * (opened if method == "entry" else closed))


def liquidation_probability(price: Any, barrier: Any, volatility: Any, years: Any, drift: Any, carry: Any) -> Any:
    if price == barrier:
        return mpf(1)
    if not years:
        return mpf(0)
    away = abs(mp.log(barrier / price))
    towards = mp.sign(barrier - price) * (drift - carry - volatility**2 / 2)
    spread = volatility * mp.sqrt(years)
    straight, mirrored = (towards * years - away) / spread, (towards * years + away) / spread
    touched = mp.ncdf(straight) + mp.exp(2 * towards * away / volatility**2) * mp.ncdf(-mirrored)
    return min(touched, mpf(1))


def largest_quantity(
    wallet: Any, leverage: Any, price: Any, fee: Any, side: Any, kind: str, tiers: list[list[Any]] | None
) -> Any:
    closing = max(mpf(0), 1 - side / leverage if kind == "linear" else 1 + side / leverage)
    size = wallet / (1 / leverage + fee + fee * closing)
    for floor, _, most in tiers or []:
        if leverage > most:
            if not floor:
                return NUM
            size = min(size, floor)
            break
    return size * price if kind == "inverse" else size / price


def mined(revenue: Any, days: Any, running: Any, growth: Any, halving_day: Any, uptime: Any, price_growth: Any) -> Any:
    decay = mp.log((1 + growth) / (1 + price_growth)) / 30

    def earned(first: Any, time: Any) -> Any:
        return first * (1 - mp.exp(-decay * time)) / decay if decay else first * time

    until = halving_day if SECOND <= halving_day < days else days
    halved = mp.exp(-decay * until) / 2
    return revenue * uptime * (earned(mpf(1), until) + earned(halved, days - until)) - running * days


def payback_days(
    cost: Any, revenue: Any, running: Any, growth: Any, halving_day: Any, uptime: Any, price_growth: Any
) -> Any:
    """By halving an interval on which what is earned rises; what it comes to at most is looked at before."""
    if not cost:
        return mpf(0)
    decay = mp.log((1 + growth) / (1 + price_growth)) / 30
    full = revenue * uptime

    def after(missing: Any, first: Any) -> Any:
        if missing <= 0:
            return mpf(0)
        if not decay:
            return missing / (first - running) if first > running else NUM
        if decay > 0:
            if first <= running:
                return NUM
            last = mp.log(first / running) / decay if running else mp.inf
            most = first * (1 - running / first) / decay - (running * last if running else 0)
            if most < missing:
                return NUM
        start = mp.log(running / first) / -decay if decay < 0 and first < running else mpf(0)

        def left(time: Any) -> Any:
            return first * (1 - mp.exp(-decay * time)) / decay - running * time - missing

        low, high = start, (last if decay > 0 and running else start + 1)
        while left(high) < 0:
            high = 2 * high + 1
        for _ in range(mp.prec + 12 + abs(int(mp.log(high, 2)))):
            middle = (low + high) / 2
            low, high = (middle, high) if left(middle) < 0 else (low, middle)
        return (low + high) / 2

    early = after(cost, full)
    if halving_day < SECOND or (early is not NUM and early <= halving_day):
        return early
    missing = cost - mined(revenue, halving_day, running, growth, mpf(0), uptime, price_growth)
    late = after(missing, full * mp.exp(-decay * halving_day) / 2)
    return late if late is NUM else halving_day + late


def health_price(
    coins: list[Any], thresholds: list[Any], prices: list[Any], debt: Any, which: Any, pegs: list[Any]
) -> Any:
    place = int(which) - 1
    if place >= len(prices):
        return NUM
    weights = [c * t * p for c, t, p in zip(coins, thresholds, prices, strict=True)]
    if not weights[place]:
        return NA
    moving = sum(w * (1 if at == place else peg) for at, (w, peg) in enumerate(zip(weights, pegs, strict=True)))
    return _above_zero(prices[place] * (1 + (debt - sum(weights)) / moving))


def spot_liquidation_price(assets: Any, debt: Any, rate: Any, side: Any, fee: Any) -> Any:
    owed = debt * (1 + rate) * (1 + fee)
    if not owed:
        return NA
    return owed / assets if side > 0 else assets / owed


def compounded_yield(rate: Any, periods: Any) -> Any:
    with mp.workdps(3 * mp.dps):  # which a rate by the smallest of periods takes
        return (1 + rate / periods) ** periods - 1


def simple_rate(apy: Any, periods: Any) -> Any:
    with mp.workdps(3 * mp.dps):
        return periods * ((1 + apy) ** (1 / periods) - 1)


def loan_days(ltv: Any, liquidation_ltv: Any, borrow: Any, supply: Any) -> Any:
    if ltv >= liquidation_ltv:
        return mpf(0)
    return 365 * mp.log(liquidation_ltv / ltv) / (borrow - supply) if borrow > supply else NA


def amortization(principal: Any, apr: Any, months: Any, balloon: Any, grace: Any) -> Any:
    """Month by month, in as many digits more as interest takes of them."""
    if grace >= months:
        return NUM
    rate, count = apr / 12, int(months - grace)
    with mp.workdps(mp.dps + int(months * mp.log10(1 + rate)) + 1):
        annuity = rate / -mp.expm1(-count * mp.log1p(rate)) if rate else mpf(1) / count
        instalment = balloon * rate + (principal - balloon) * annuity
        rows, balance = [], principal
        for month in range(1, int(months) + 1):
            interest = balance * rate
            repaid = mpf(0) if month <= grace else balance if month == months else instalment - interest
            balance -= repaid
            rows.append([interest + repaid, interest, repaid, balance])
        return rows


def _coins(hashrate: Any, difficulty: Any, reward: Any) -> Any:
    return hashrate * mpf(10) ** 12 * DAY * reward / difficulty / HASHES


EXACT: dict[str, Callable[..., Any]] = {
    "LEV_RATIO": lambda size, margin: size / margin,
    "LEV_SIZE": lambda margin, leverage: margin * leverage,
    "LEV_MARGIN": lambda size, leverage, kind, entry: (
        size / leverage if kind == "linear" else size / leverage / entry if entry else NA
    ),
    "LEV_QTY": lambda margin, leverage, entry, kind: margin * leverage * (entry if kind == "inverse" else 1 / entry),
    "LEV_BORROWED": lambda capital, leverage: capital * (leverage - 1),
    "LEV_AVGENTRY": lambda prices, quantities, kind: (
        NUM
        if not sum(quantities)
        else sum(p * q for p, q in zip(prices, quantities, strict=True)) / sum(quantities)
        if kind == "linear"
        else sum(quantities) / sum(q / p for p, q in zip(prices, quantities, strict=True))
    ),
    "LEV_PROFIT": lambda entry, left, quantity, leverage, *rest: profit(quantity * leverage, entry, left, *rest),
    "LEV_PNL": lambda entry, left, quantity, *rest: profit(quantity, entry, left, *rest),
    "LEV_ROI": return_on_margin,
    "LEV_EXITPRICE": exit_price,
    "LEV_BREAKEVENPRICE": lambda entry, *rest: exit_price(entry, mpf(1), mpf(0), *rest),
    "LEV_FUNDING": lambda size, rate, periods, side: side * size * rate * periods,
    "LEV_LIQPRICE": liquidation_price,
    "LEV_BANKRUPTCY": bankruptcy_price,
    "LEV_LIQDISTANCE": lambda price, liquidation, side: side * (price - liquidation) / price,
    "LEV_LIQCROSS": cross_liquidation_price,
    "LEV_TOPUP": top_up,
    "LEV_LIQAFTER": liquidation_price_after,
    "LEV_LIQPARTIAL": partial_liquidation,
    "LEV_MMR": maintenance_margin_rate,
    "LEV_MAXLEVERAGE": maximum_leverage,
    "LEV_MAINTMARGIN": maintenance_margin,
    "LEV_LIQTIERED": tiered_liquidation_price,
    "LEV_LIQACCOUNT": liquidation_move,
    "LEV_LIQPOSITIONS": liquidation_prices,
    "LEV_ACCOUNTRATIO": margin_ratio,
    "LEV_FREEMARGIN": free_margin,
    "LEV_LADDER": ladder,
    "LEV_POSITIONSIZE": position_size_for_risk,
    "LEV_STOPLEVERAGE": stop_leverage,
    "LEV_RISKREWARD": lambda entry, stop, target: (
        (target - entry) / (entry - stop) if (target - entry) * (entry - stop) > 0 else NUM
    ),
    "LEV_KELLY": lambda mean, volatility, rate, fraction: fraction * (mean - rate) / volatility**2,
    "LEV_KELLYBET": lambda rate, payoff, fraction: fraction * (rate - (1 - rate) / payoff),
    "LEV_LIQPROB": liquidation_probability,
    "LEV_REBALANCE": lambda size, equity, target: target * equity - size,
    "LEV_MAXQTY": largest_quantity,
    "LEV_MINEPROFIT": lambda capital, leverage, gain, cost, loss: (
        capital * leverage * gain - cost - capital * leverage * loss
    ),
    "LEV_BREAKEVEN": lambda cost, daily: cost / daily,
    "LEV_HASHREVENUE": lambda hashrate, difficulty, reward, days, fee: (
        _coins(hashrate, difficulty, reward) * days * (1 - fee)
    ),
    "LEV_HASHPRICE": lambda difficulty, reward, price: _coins(mpf(1000), difficulty, reward) * price,
    "LEV_POWERCOST": lambda watts, tariff, days: watts / 1000 * 24 * days * tariff,
    "LEV_MINEDAILY": lambda hashrate, watts, difficulty, reward, price, tariff, fee, cost: (
        _coins(hashrate, difficulty, reward) * (1 - fee) * price - watts / 1000 * 24 * tariff - cost
    ),
    "LEV_PAYBACK": payback_days,
    "LEV_MINETOTAL": mined,
    "LEV_BORROWCOST": lambda borrowed, apr, days: borrowed * apr * days / 365,
    "LEV_LTV": lambda debt, collateral, price: debt / collateral / price,
    "LEV_LOANPRICE": lambda debt, collateral, ltv: debt / collateral / ltv,
    "LEV_COLLATERAL": lambda debt, price, ltv: debt / price / ltv,
    "LEV_HEALTH": lambda values, thresholds, debt: (
        sum(value * threshold for value, threshold in zip(values, thresholds, strict=True)) / debt
    ),
    "LEV_HEALTHPRICE": health_price,
    "LEV_LIQSPOT": spot_liquidation_price,
    "LEV_LOOP": lambda ltv, loops: (1 - ltv ** (loops + 1)) / (1 - ltv),
    "LEV_LOOPAPY": lambda leverage, stake, borrow: leverage * stake - (leverage - 1) * borrow,
    "LEV_DEPEG": lambda leverage, threshold: (
        1 - (leverage - 1) / (leverage * threshold) if leverage * threshold > leverage - 1 else NUM
    ),
    "LEV_APY": compounded_yield,
    "LEV_APR": simple_rate,
    "LEV_LOANDAYS": loan_days,
    "LEV_AMORTIZE": amortization,
    "LEV_HEDGE": lambda exposure, size, ratio: ratio * exposure / size,
}

# Of these there is nothing to compare: they look up, or go through bars and fills one by one, adding and multiplying.
LEFT_OUT = {
    "LEV_TIERS": "a look-up",
    "LEV_TIERDATE": "a look-up",
    "LEV_VERSION": "a text",
    "LEV_REALIZED": "sums and products of fills; tests/core/functions/test_fills.py holds it against exact fractions",
    "LEV_PAPERTRADE": "a bar after another; tests/core/functions/test_simulation.py holds it against a plain loop",
}

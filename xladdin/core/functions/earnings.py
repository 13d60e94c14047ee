"""What a revenue that falls or grows earns over a time, with a halving in it, and when it has paid a cost."""

import math

from xladdin.core.catalog import NUM
from xladdin.core.functions.elementary import expm1_rest, log1p_rest, native_log1p

STEPS = 200  # Newton needs five or six, and fifty where it is paid just when revenue has sunk to the running cost
A_SECOND = 0.00001  # of a day; a halving sooner than that is none


def native_earned(days: str, fallen: str) -> str:
    """What a revenue of 1 a day earns until it has fallen by EXP(-fallen), in the name `decay`."""
    series = f"{days}*(1-{fallen}/2*(1-{fallen}/3*(1-{fallen}/4*(1-{fallen}/5*(1-{fallen}/6*(1-{fallen}/7))))))"
    return f"IF(ABS({fallen})<0.01,{series},(1-EXP(-{fallen}))/decay)"


def native_paid_after(cost: str, revenue: str) -> str:
    """The days until a cost is paid without a halving, in the names `decay` and `daily_cost`."""
    return (
        f"LET(owed,{cost},first,{revenue},lead,first-daily_cost,"
        "most,IF(decay<=0,owed,IF(daily_cost=0,lead,LET(ahead,lead/daily_cost,daily_cost*IF(ABS(ahead)<0.01,"
        "ahead^2*(1/2-ahead*(1/3-ahead*(1/4-ahead*(1/5-ahead*(1/6-ahead/7))))),ahead-LN(1+ahead))))/decay),"
        "IF(owed<=0,0,IF((decay>=0)*(lead<=0)+(most<owed),#NUM!,IF(decay=0,owed/lead,REDUCE("
        "IF(decay>0,owed/lead,LET(late,(SQRT(lead^2-2*decay*first*owed)-lead)/(-decay*first),"
        "LN(1-decay*(owed+daily_cost*late)/first)/(-decay))),SEQUENCE(100),"
        "LAMBDA(time,step,LET(fallen,decay*time,slope,first*EXP(-fallen)-daily_cost,"
        f"earned,first*{native_earned('time', 'fallen')}-daily_cost*time,"
        "IF(slope=0,time,time+(owed-earned)/slope))))))))"
    )


NATIVE_DECAY = f"decay,({native_log1p('growth')}-{native_log1p('price_growth')})/30,full,daily_revenue*uptime"


def _decay(growth: float, price_growth: float) -> float:
    """By what the logarithm of the revenue falls a day."""
    return (math.log1p(growth) - math.log1p(price_growth)) / 30


def _earned(revenue: float, decay: float, days: float) -> float:
    return -revenue * math.expm1(-decay * days) / decay if decay else revenue * days


def mined(
    revenue: float, days: float, running: float, growth: float, halving_day: float, uptime: float, price_growth: float
) -> float:
    """What a rig earns over some days, less what it costs to run."""
    if not revenue:
        return 0.0 - running * days  # of nothing nothing grows, however much growth would make of something
    decay = _decay(growth, price_growth)
    until = halving_day if A_SECOND <= halving_day < days else days
    of_one = _earned(1.0, decay, until) + math.exp(-decay * until) / 2 * _earned(1.0, decay, days - until)
    return revenue * uptime * of_one - running * days


def payback(
    cost: float,
    revenue: float,
    running: float,
    growth: float,
    halving_day: float,
    uptime: float,
    price_growth: float,
) -> float:
    """One rig's payback time: before the halving, or what is missing then from the halved revenue."""
    decay = _decay(growth, price_growth)
    revenue *= uptime
    days = _paid_after(cost, revenue, running, decay)
    if halving_day < A_SECOND or days <= halving_day:
        return days
    missing = cost - _earned(revenue, decay, halving_day) + running * halving_day
    days = _paid_after(missing, revenue * math.exp(-decay * halving_day) / 2, running, decay)
    return halving_day + days if days == days else NUM


def _paid_after(cost: float, revenue: float, running: float, decay: float) -> float:
    """The days until a cost is paid: Newton's steps on a function that bends one way only, so they close in."""
    if cost <= 0:
        return 0.0
    if decay == 0 or running == 0:
        return _in_closed_form(cost, revenue, running, decay)
    lead = revenue - running
    if decay > 0:
        # What is earned until the revenue has sunk to the running cost is the most that there is to earn.
        if lead <= 0 or _most_earned(revenue, running) / decay < cost:
            return NUM
        days = cost / lead
    else:
        # exp(u) - 1 >= u + u*u/2 makes the root of a quadratic a time by which it surely is paid; what the running
        # cost has taken by then gives a nearer one, which no steep growth throws off.
        growing = -decay * revenue
        days = (math.hypot(lead, math.sqrt(2 * growing * cost)) - lead) / growing
        days = math.log1p(-decay * (cost + running * days) / revenue) / -decay
    for _ in range(STEPS):
        # What the revenue loses is taken from the lead: of two sums that are nearly the same nothing would be left.
        fallen = -decay * days
        rest = expm1_rest(fallen)
        earned = lead * days + revenue * rest / -decay
        slope = lead + revenue * (fallen + rest)
        step = (cost - earned) / slope if slope else 0.0
        days += step
        # The next step is about this one's square, by how much the slope bends.
        if step * step * abs(decay * (slope + running)) <= 1e-16 * abs(slope) * days:
            break
    return days


def _most_earned(revenue: float, running: float) -> float:
    """What is earned until a falling revenue is down to the running cost, times what its logarithm falls a day."""
    lead = revenue - running
    return running * log1p_rest(lead / running)


def _in_closed_form(cost: float, revenue: float, running: float, decay: float) -> float:
    """The payback time where either the revenue stays or nothing runs up: the cases that need no steps."""
    if decay == 0:
        return cost / (revenue - running) if revenue > running else NUM
    gone = decay * cost / revenue  # the part of all that there ever is to earn
    return -math.log1p(-gone) / decay if gone < 1 else NUM

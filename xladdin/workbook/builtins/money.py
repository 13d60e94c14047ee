"""Functions of payments, interest and what things lose in value."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from xladdin.core.errors import NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.operators import DIVISION_BY_ZERO
from xladdin.workbook.builtins.ranges import CellError, numbers_of
from xladdin.workbook.builtins.registry import CELLS, NUMBER, VALUE, cells_of, elementwise, of_ranges
from xladdin.workbook.file.budget import ROUNDS_A_STEP, step


def _gain(rate: float, periods: float) -> float:
    """(1 + rate) ** periods - 1, to the last digits of a small rate too."""
    return math.expm1(periods * math.log1p(rate)) if rate > -1 else math.pow(1 + rate, periods) - 1


@elementwise("PMT", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=3)
def _pmt(rate: float, periods: float, present: float, future: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(present + future) / periods
    gain = _gain(rate, periods)
    return -(present * (1 + gain) + future) * rate / ((1 + rate * bool(due)) * gain)


@elementwise("FV", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=3)
def _fv(rate: float, periods: float, payment: float, present: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(present + payment * periods)
    if rate == -1 and periods < 0:
        return DIVISION_BY_ZERO
    gain = _gain(rate, periods)
    return -(present * (1 + gain) + payment * (1 + rate * bool(due)) * gain / rate)


@elementwise("PV", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=3)
def _pv(rate: float, periods: float, payment: float, future: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(future + payment * periods)
    gain = _gain(rate, periods)
    if gain == -1:
        return DIVISION_BY_ZERO
    return -(future + payment * (1 + rate * bool(due)) * gain / rate) / (1 + gain)


@elementwise("NPER", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=3)
def _nper(rate: float, payment: float, present: float, future: float = 0.0, due: float = 0.0) -> float:
    if rate == 0:
        return -(present + future) / payment
    paid = payment * (1 + rate * bool(due)) / rate
    return math.log((paid - future) / (paid + present)) / math.log1p(rate)


@elementwise("IPMT", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=4)
def _ipmt(rate: float, period: float, periods: float, present: float, future: float = 0.0, due: float = 0.0) -> float:
    if not 1 <= period < periods + 1:
        return NUM
    payment = _pmt(rate, periods, present, future, due)
    if not due:
        return _fv(rate, period - 1, payment, present) * rate
    if period == 1:
        return 0.0
    return (_fv(rate, period - 2, payment, present, 1.0) - payment) * rate


@elementwise("PPMT", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=4)
def _ppmt(rate: float, period: float, periods: float, present: float, future: float = 0.0, due: float = 0.0) -> float:
    interest = _ipmt(rate, period, periods, present, future, due)
    return interest if interest != interest else _pmt(rate, periods, present, future, due) - interest


@elementwise("RRI", NUMBER, NUMBER, NUMBER)
def _rri(periods: float, present: float, future: float) -> float:
    return math.pow(future / present, 1 / periods) - 1


@elementwise("PDURATION", NUMBER, NUMBER, NUMBER)
def _pduration(rate: float, present: float, future: float) -> float:
    return (math.log(future) - math.log(present)) / math.log1p(rate) if rate > 0 else NUM


@elementwise("EFFECT", NUMBER, NUMBER)
def _effect(nominal: float, periods: float) -> float:
    count = int(periods)
    return math.pow(1 + nominal / count, count) - 1 if nominal > 0 and count >= 1 else NUM


@elementwise("NOMINAL", NUMBER, NUMBER)
def _nominal(effective: float, periods: float) -> float:
    count = int(periods)
    return (math.pow(1 + effective, 1 / count) - 1) * count if effective > 0 and count >= 1 else NUM


# What things lose in value


@elementwise("SLN", NUMBER, NUMBER, NUMBER)
def _sln(cost: float, salvage: float, life: float) -> float:
    return (cost - salvage) / life if life else DIVISION_BY_ZERO


@elementwise("SYD", NUMBER, NUMBER, NUMBER, NUMBER)
def _syd(cost: float, salvage: float, life: float, period: float) -> float:
    if life <= 0 or not 1 <= period <= life:
        return NUM
    return (cost - salvage) * (life - period + 1) * 2 / (life * (life + 1))


@elementwise("DB", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=4)
def _db(cost: float, salvage: float, life: float, period: float, months: float = 12.0) -> float:
    life, period, months = math.floor(life), math.floor(period), math.floor(months)
    if cost < 0 or salvage < 0 or life <= 0 or period < 1 or not 1 <= months <= 12:
        return NUM
    if period > life + (months < 12):
        return NUM
    if not cost:
        return 0.0
    rate = round(1 - math.pow(salvage / cost, 1 / life), 3)
    lost = cost * rate * months / 12
    total = lost
    step(int(period) // ROUNDS_A_STEP)
    for number in range(2, int(period) + 1):
        part = (12 - months) / 12 if number == life + 1 else 1.0
        lost = (cost - total) * rate * part
        total += lost
    return lost


@elementwise("DDB", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=4)
def _ddb(cost: float, salvage: float, life: float, period: float, factor: float = 2.0) -> float:
    if cost < 0 or salvage < 0 or life <= 0 or factor <= 0 or not 0 < period <= life:
        return NUM
    rate = min(factor / life, 1.0)
    before = cost * math.pow(1 - rate, max(period - 1, 0.0))
    after = cost * math.pow(1 - rate, period)
    return max(before - max(after, salvage), 0.0)


@elementwise("VDB", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, required=5)
def _vdb(
    cost: float, salvage: float, life: float, start: float, end: float, factor: float = 2.0, no_switch: float = 0.0
) -> float:
    if not (cost >= 0 and salvage >= 0 and life > 0 and 0 <= start <= end <= life and factor > 0):
        return NUM
    # A broken start begins the periods anew: the first is its broken part.
    first = start - math.floor(start)
    count = math.ceil(end - first)
    step(count // ROUNDS_A_STEP)
    times = itertools.chain([0.0], [first] if first else [], (first + number for number in range(1, count)), [end])
    left = before = cost
    for time, after in itertools.pairwise(times):
        before = left if time <= start else before
        rest = max(left - salvage, 0.0)
        declining, straight = min(left * factor / life, rest), rest / (life - time)
        left -= max(declining, 0.0 if no_switch else straight) * min(after - time, end - time)
    return (left if start == end else before) - left


# Flows of money


def _flows(*arguments: Any) -> list[float]:
    """Each flow, one a period; a blank among them is none."""
    found = []
    for value in cells_of(*arguments):
        if value is not None and value != value:
            raise CellError(value)
        if type(value) is float:
            found.append(value)
    return found


def _with_cell_errors(function: Callable[..., float]) -> Callable[..., float]:
    def computed(*arguments: Any) -> float:
        try:
            return function(*arguments)
        except CellError as error:
            return error.value
        except ZeroDivisionError:
            return DIVISION_BY_ZERO

    return computed


def _present(rate: float, flows: list[float]) -> float:
    return math.fsum(flow / math.pow(1 + rate, index) for index, flow in enumerate(flows) if flow)


def root(value_at: Callable[[float], float], guess: float) -> float:
    """Where a function of a rate is zero, near a guess: Newton's way, and halving where it leaves.

    Raises
    ------
    ValueError
        When there is none to be found.
    """
    rate = guess
    for _ in range(100):
        step = 1e-7 * max(1.0, abs(rate))
        slope = (value_at(rate + step) - value_at(rate - step)) / (2 * step)
        if not slope:
            break
        following = rate - value_at(rate) / slope
        if following <= -1:
            following = (rate - 1) / 2
        if abs(following - rate) <= 1e-13 * max(1.0, abs(following)):
            if abs(value_at(following)) <= 1e-6 * max(1.0, abs(value_at(0.0))):
                return following
            break
        rate = following
    low, high = -0.999999, 10.0
    below, above = value_at(low), value_at(high)
    if below * above > 0:
        raise ValueError
    for _ in range(200):
        middle = (low + high) / 2
        if value_at(middle) * below > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@of_ranges("IRR", CELLS, VALUE, required=1)
@_with_cell_errors
def _irr(values: Any, guess: Any = None) -> float:
    flows = _flows(values)
    if not flows or min(flows) >= 0 or max(flows) <= 0:
        return NUM
    return root(lambda rate: _present(rate, flows), 0.1 if guess is None else columns.number(guess))


@of_ranges("NPV", VALUE, CELLS, repeats=1)
@_with_cell_errors
def _npv(rate: Any, *values: Any) -> float:
    flows = numbers_of(*values)
    return _present(columns.number(rate), [0.0, *flows])


@of_ranges("MIRR", CELLS, VALUE, VALUE)
@_with_cell_errors
def _mirr(values: Any, paid: Any, earned: Any) -> float:
    flows = _flows(values)
    out = _present(columns.number(paid), [min(flow, 0.0) for flow in flows])
    rate = columns.number(earned)
    back = _present(rate, [max(flow, 0.0) for flow in flows]) * math.pow(1 + rate, len(flows) - 1)
    return math.pow(-back / out, 1 / (len(flows) - 1)) - 1


def _dated(values: Any, dates: Any) -> tuple[list[float], list[float]]:
    flows = [columns.number(each) for each in cells_of(values)]
    dated = [columns.number(each) for each in cells_of(dates)]
    for each in (*flows, *dated):
        if each != each:
            raise CellError(each)
    days = [float(math.floor(each)) for each in dated]
    if len(flows) != len(days) or any(day < days[0] for day in days):
        raise CellError(NUM)
    return flows, days


@of_ranges("XNPV", VALUE, CELLS, CELLS)
@_with_cell_errors
def _xnpv(rate: Any, values: Any, dates: Any) -> float:
    flows, days = _dated(values, dates)
    growth = 1 + columns.number(rate)
    if growth < 1:
        return NUM
    return math.fsum(flow / math.pow(growth, (day - days[0]) / 365) for flow, day in zip(flows, days, strict=True))


@of_ranges("XIRR", CELLS, CELLS, VALUE, required=2)
@_with_cell_errors
def _xirr(values: Any, dates: Any, guess: Any = None) -> float:
    flows, days = _dated(values, dates)
    if min(flows) >= 0 or max(flows) <= 0:
        return NUM

    def present(rate: float) -> float:
        return math.fsum(
            flow / math.pow(1 + rate, (day - days[0]) / 365) for flow, day in zip(flows, days, strict=True)
        )

    return root(present, 0.1 if guess is None else columns.number(guess))


@of_ranges("FVSCHEDULE", VALUE, CELLS)
@_with_cell_errors
def _fvschedule(principal: Any, rates: Any) -> float:
    found = [columns.number(rate) if not isinstance(rate, str) else VALUE_ERROR for rate in cells_of(rates)]
    bad = next((rate for rate in found if rate != rate), None)
    if bad is not None:
        return bad
    return columns.number(principal) * math.prod(1 + rate for rate in found)


def _dollars(name: str, to_fraction: bool) -> None:
    @elementwise(name, NUMBER, NUMBER)
    def computed(value: float, fraction: float) -> float:
        parts = math.trunc(fraction)
        if parts < 0:
            return NUM
        if parts == 0:
            return DIVISION_BY_ZERO
        whole = math.trunc(value)
        scale = 10.0 ** math.ceil(math.log10(parts)) if parts > 1 else 10.0
        rest = value - whole
        return whole + (rest * parts / scale if to_fraction else rest * scale / parts)


_dollars("DOLLARDE", False)
_dollars("DOLLARFR", True)

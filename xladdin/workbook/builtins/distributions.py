"""Probability distributions, and what they are made of: parts of the gamma and beta integrals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

from xladdin.core.errors import NUM
from xladdin.workbook.builtins.numbers import arrangements, combinations
from xladdin.workbook.builtins.operators import DIVISION_BY_ZERO
from xladdin.workbook.builtins.registry import NUMBER, TRUTH, elementwise

_TINY = 1e-300
_EPSILON = 1e-16
_STEPS = 200_000
_MOST_DRAWN = 10_000
_MOST_TERMS = 10_000  # of a sum that is added up one by one
_MANY_DEGREES = 10_000  # of Student's distribution: beyond it is close to the normal one
_MOST_ADDED = 100  # chances that are added up: beyond it they are the difference of two sums


def _fraction(term: Callable[[int], tuple[float, float]], first: float) -> float:
    """A continued fraction from its terms (numerator and denominator), by Lentz's method."""
    value = c = first or _TINY
    d = 0.0
    for index in range(1, _STEPS):
        numerator, denominator = term(index)
        d = 1 / (denominator + numerator * d or _TINY)
        c = denominator + numerator / c or _TINY
        value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value


def _gap(excess: float, logarithm: float) -> float:
    """By how much a ratio to one is above its logarithm, also where it is close to one."""
    if abs(excess) > 0.1:
        return excess - logarithm
    return math.fsum((-excess) ** power / power for power in range(2, 18))


def _beyond_stirling(value: float) -> float:
    """What the logarithm of the gamma function has beyond Stirling's formula."""
    if value < 15:
        return math.lgamma(value) - (value - 0.5) * math.log(value) + value - math.log(2 * math.pi) / 2
    square = value * value
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / value


def gamma_parts(shape: float, value: float) -> tuple[float, float]:
    """The parts of the gamma integral below and above a value."""
    if value <= 0:
        return 0.0, 1.0
    gap = _gap((value - shape) / shape, math.log(value) - math.log(shape))
    scale = math.sqrt(shape / (2 * math.pi)) * math.exp(-shape * gap - _beyond_stirling(shape))
    if value < shape + 1:
        total = term = 1 / shape
        for index in range(1, _STEPS):
            term *= value / (shape + index)
            total += term
            if term < total * _EPSILON:
                break
        below = total * scale
        return below, 1 - below
    above = scale / _fraction(lambda i: (i * (shape - i), value + 2 * i + 1 - shape), value + 1 - shape)
    return 1 - above, above


def beta_part(first: float, second: float, value: float, rest: float | None = None) -> float:
    """The part of the beta integral below a value from 0 to 1, of which the rest to 1 may be known more exactly."""
    if value <= 0 or value >= 1:
        return float(value >= 1)
    rest = 1 - value if rest is None else rest
    if value > (first + 1) / (first + second + 2):
        return 1 - _lower_beta(second, first, rest, value)
    return _lower_beta(first, second, value, rest)


def _beta_density(first: float, second: float, value: float, rest: float) -> float:
    """A value to a power by its rest to another, in parts of the whole beta integral."""
    both = first + second
    away = value * second - rest * first
    one = _gap(away / first, math.log(value) - math.log(first / both))
    other = _gap(-away / second, math.log(rest) - math.log(second / both))
    exponent = _beyond_stirling(both) - _beyond_stirling(first) - _beyond_stirling(second)
    return math.exp(exponent - first * one - second * other) * math.sqrt(first * second / both / (2 * math.pi))


def _lower_beta(first: float, second: float, value: float, rest: float) -> float:
    scale = _beta_density(first, second, value, rest) / first

    def term(index: int) -> tuple[float, float]:
        half, is_odd = divmod(index, 2)
        if is_odd:
            top = -(first + half) * (first + second + half) * value
            return top / ((first + 2 * half) * (first + 2 * half + 1)), 1.0
        return half * (second - half) * value / ((first + 2 * half - 1) * (first + 2 * half)), 1.0

    return scale / _fraction(term, 1.0)


def _log_beta(first: float, second: float) -> float:
    return math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)


def _where(part: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """The value of which a rising part is as wanted, by halving."""
    while not math.isinf(high) and part(high) < wanted:
        low, high = high, high * 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if part(middle) < wanted else (low, middle)
    return high if abs(part(high) - wanted) < abs(part(low) - wanted) else low


Function = Callable[..., float]


def _named(*names: str, takes: str, required: int | None = None) -> Callable[[Function], Function]:
    """Declare a function by its names; each letter is an argument: n for a number, c for whether it is cumulative."""
    kinds = [TRUTH if letter == "c" else NUMBER for letter in takes]

    def declare(function: Function) -> Function:
        for name in names:
            elementwise(name, *kinds, required=required)(function)
        return function

    return declare


def _whole(*values: float) -> list[float]:
    return [float(math.floor(value)) for value in values]


# The normal distribution and its kin

_NORMAL = statistics.NormalDist()


def normal_below(value: float) -> float:
    """The part of the standard normal distribution below a value."""
    return 0.5 * math.erfc(-value / math.sqrt(2.0))


@_named("NORM.DIST", "NORMDIST", takes="nnnc")
def _norm_dist(value: float, mean: float, deviation: float, cumulative: bool) -> float:
    if deviation <= 0:
        return NUM
    place = (value - mean) / deviation
    return normal_below(place) if cumulative else math.exp(-place * place / 2) / (deviation * math.sqrt(2 * math.pi))


@_named("NORM.INV", "NORMINV", takes="nnn")
def _norm_inv(part: float, mean: float, deviation: float) -> float:
    return mean + deviation * _NORMAL.inv_cdf(part) if deviation > 0 else NUM


@_named("LOGNORM.DIST", takes="nnnc")
def _lognorm_dist(value: float, mean: float, deviation: float, cumulative: bool) -> float:
    if value <= 0:
        return NUM
    found = _norm_dist(math.log(value), mean, deviation, cumulative)
    return found if cumulative or found != found else found / value


_named("LOGNORMDIST", takes="nnn")(lambda value, mean, deviation: _lognorm_dist(value, mean, deviation, True))
_named("LOGNORM.INV", "LOGINV", takes="nnn")(lambda *given: _exp(_norm_inv(*given)))
_named("PHI", takes="n")(lambda value: math.exp(-value * value / 2) / math.sqrt(2 * math.pi))
_named("GAUSS", takes="n")(lambda value: math.erf(value / math.sqrt(2.0)) / 2)
_named("STANDARDIZE", takes="nnn")(lambda value, mean, deviation: (value - mean) / deviation if deviation > 0 else NUM)
_named("FISHER", takes="n")(lambda value: math.log((1 + value) / (1 - value)) / 2 if abs(value) < 1 else NUM)
_named("FISHERINV", takes="n")(math.tanh)
_named("ERF.PRECISE", takes="n")(math.erf)
_named("ERFC", "ERFC.PRECISE", takes="n")(math.erfc)


def _exp(value: float) -> float:
    return math.exp(value) if value == value else value


@_named("ERF", takes="nn", required=1)
def _erf(first: float, second: float | None = None) -> float:
    return math.erf(first) if second is None else math.erf(second) - math.erf(first)


@_named("CONFIDENCE.NORM", "CONFIDENCE", takes="nnn")
def _confidence(alpha: float, deviation: float, size: float) -> float:
    if not 0 < alpha < 1 or deviation <= 0 or math.floor(size) < 1:
        return NUM
    return -_NORMAL.inv_cdf(alpha / 2) * deviation / math.sqrt(math.floor(size))


@_named("CONFIDENCE.T", takes="nnn")
def _confidence_t(alpha: float, deviation: float, size: float) -> float:
    if not 0 < alpha < 1 or deviation <= 0 or math.floor(size) < 1:
        return NUM
    if math.floor(size) == 1:
        return DIVISION_BY_ZERO
    return _t_inv_of_both(alpha, math.floor(size) - 1) * deviation / math.sqrt(math.floor(size))


# Student's t, F and chi squared


def _as_normal(square: float, degrees: float) -> float:
    """The value of the normal distribution that has the same part above, by Hill's expansion for many degrees."""
    y, b = (degrees - 0.5) * math.log1p(square / degrees), 48 * (degrees - 0.5) ** 2
    last = (((0.4 * y + 3.3) * y + 24) * y + 85.5) / (0.8 * y * y + 100 + b)
    return ((y + 3 - last) / b + 1) * math.sqrt(y)


def t_above(value: float, degrees: float) -> float:
    """The part above a value that is not below 0."""
    square = value * value
    if degrees > _MANY_DEGREES:
        return normal_below(-_as_normal(square, degrees))
    return beta_part(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square)) / 2


def _t_between(value: float, degrees: float) -> float:
    """The part between a value and its opposite."""
    square = value * value
    return beta_part(0.5, degrees / 2, square / (degrees + square), degrees / (degrees + square))


@_named("T.DIST", takes="nnc")
def _t_dist(value: float, degrees: float, cumulative: bool) -> float:
    (count,) = _whole(degrees)
    if count < 1:
        return DIVISION_BY_ZERO if not cumulative and count == 0 else NUM
    if cumulative:
        above = t_above(value, count)
        return 1 - above if value > 0 else above
    return math.exp(
        math.lgamma((count + 1) / 2) - math.lgamma(count / 2) - (count + 1) / 2 * math.log1p(value * value / count)
    ) / math.sqrt(count * math.pi)


@_named("T.DIST.RT", takes="nn")
def _t_dist_rt(value: float, degrees: float) -> float:
    (count,) = _whole(degrees)
    if count < 1:
        return NUM
    above = t_above(value, count)
    return above if value > 0 else 1 - above


@_named("T.DIST.2T", takes="nn")
def _t_dist_2t(value: float, degrees: float) -> float:
    return 2 * t_above(value, math.floor(degrees)) if value >= 0 and degrees >= 1 else NUM


@_named("TDIST", takes="nnn")
def _tdist(value: float, degrees: float, tails: float) -> float:
    if value < 0 or degrees < 1 or math.floor(tails) not in (1, 2):
        return NUM
    return math.floor(tails) * t_above(value, math.floor(degrees))


@_named("T.INV.2T", "TINV", takes="nn")
def _t_inv_of_both(part: float, degrees: float) -> float:
    if not 0 < part <= 1 or degrees < 1:
        return NUM
    count = math.floor(degrees)
    if part > 0.5:  # what lies between is the smaller part, of which more digits are known
        return _where(lambda value: _t_between(value, count), 1 - part, 0.0, 1.0)
    return _where(lambda value: -2 * t_above(value, count), -part, 0.0, 1.0)


@_named("T.INV", takes="nn")
def _t_inv(part: float, degrees: float) -> float:
    if not 0 < part < 1 or degrees < 1:
        return NUM
    size = _t_inv_of_both(2 * min(part, 1 - part), degrees)
    return -size if part < 0.5 else size


def _f_below(value: float, first: float, second: float) -> float:
    whole = first * value + second
    return beta_part(first / 2, second / 2, first * value / whole, second / whole)


def f_above(value: float, first: float, second: float) -> float:
    """The part of the F distribution above a value."""
    whole = first * value + second
    return beta_part(second / 2, first / 2, second / whole, first * value / whole)


@_named("F.DIST", takes="nnnc")
def _f_dist(value: float, first: float, second: float, cumulative: bool) -> float:
    one, other = _whole(first, second)
    if value < 0 or one < 1 or other < 1:
        return NUM
    if cumulative:
        return _f_below(value, one, other)
    if not value:
        return 1.0 if one == 2 else 0.0 if one > 2 else NUM
    return math.exp(
        one / 2 * math.log(one / other)
        + (one / 2 - 1) * math.log(value)
        - (one + other) / 2 * math.log1p(one * value / other)
        - _log_beta(one / 2, other / 2)
    )


@_named("F.DIST.RT", "FDIST", takes="nnn")
def _f_dist_rt(value: float, first: float, second: float) -> float:
    return f_above(value, *_whole(first, second)) if value >= 0 and first >= 1 and second >= 1 else NUM


@_named("F.INV", takes="nnn")
def _f_inv(part: float, first: float, second: float) -> float:
    if not 0 <= part < 1 or first < 1 or second < 1:
        return NUM
    degrees = _whole(first, second)
    return _where(lambda value: _f_below(value, *degrees), part, 0.0, 1.0)


@_named("F.INV.RT", "FINV", takes="nnn")
def _f_inv_rt(part: float, first: float, second: float) -> float:
    if not 0 < part <= 1 or first < 1 or second < 1:
        return NUM
    degrees = _whole(first, second)
    return _where(lambda value: -f_above(value, *degrees), -part, 0.0, 1.0)


@_named("CHISQ.DIST", takes="nnc")
def _chisq_dist(value: float, degrees: float, cumulative: bool) -> float:
    return _gamma_dist(value, math.floor(degrees) / 2, 2.0, cumulative) if degrees >= 1 else NUM


@_named("CHISQ.DIST.RT", "CHIDIST", takes="nn")
def _chisq_dist_rt(value: float, degrees: float) -> float:
    return chi_squared_above(value, math.floor(degrees)) if value >= 0 and degrees >= 1 else NUM


def chi_squared_above(value: float, degrees: float) -> float:
    """The part of the distribution above a value."""
    return gamma_parts(degrees / 2, value / 2)[1]


@_named("CHISQ.INV", takes="nn")
def _chisq_inv(part: float, degrees: float) -> float:
    return _gamma_inv(part, math.floor(degrees) / 2, 2.0) if degrees >= 1 else NUM


@_named("CHISQ.INV.RT", "CHIINV", takes="nn")
def _chisq_inv_rt(part: float, degrees: float) -> float:
    if not 0 < part <= 1 or degrees < 1:
        return NUM
    shape = math.floor(degrees) / 2
    return 2 * _where(lambda value: -gamma_parts(shape, value)[1], -part, 0.0, 1.0)


# Gamma, beta and others of amounts


@_named("GAMMA", takes="n")
def _gamma(value: float) -> float:
    return math.gamma(value)


_named("GAMMALN", "GAMMALN.PRECISE", takes="n")(lambda value: math.lgamma(value) if value > 0 else NUM)


@_named("GAMMA.DIST", "GAMMADIST", takes="nnnc")
def _gamma_dist(value: float, shape: float, scale: float, cumulative: bool) -> float:
    if value < 0 or shape <= 0 or scale <= 0:
        return NUM
    if cumulative:
        return gamma_parts(shape, value / scale)[0]
    if not value:
        return 1 / scale if shape == 1 else 0.0 if shape > 1 else NUM
    return math.exp((shape - 1) * math.log(value / scale) - value / scale - math.lgamma(shape)) / scale


@_named("GAMMA.INV", "GAMMAINV", takes="nnn")
def _gamma_inv(part: float, shape: float, scale: float) -> float:
    if not 0 <= part < 1 or shape <= 0 or scale <= 0:
        return NUM
    return scale * _where(lambda value: gamma_parts(shape, value)[0], part, 0.0, 1.0)


@_named("BETA.DIST", takes="nnncnn", required=4)
def _beta_dist(
    value: float, first: float, second: float, cumulative: bool, low: float = 0.0, high: float = 1.0
) -> float:
    if first <= 0 or second <= 0 or not low <= value <= high or low == high:
        return NUM
    place = (value - low) / (high - low)
    if cumulative:
        return beta_part(first, second, place)
    if place in (0.0, 1.0):
        power = first if not place else second
        return 0.0 if power > 1 else NUM if power < 1 else (second if not place else first) / (high - low)
    return math.exp((first - 1) * math.log(place) + (second - 1) * math.log1p(-place) - _log_beta(first, second)) / (
        high - low
    )


@_named("BETADIST", takes="nnnnn", required=3)
def _betadist(value: float, first: float, second: float, low: float = 0.0, high: float = 1.0) -> float:
    return _beta_dist(value, first, second, True, low, high)


@_named("BETA.INV", "BETAINV", takes="nnnnn", required=3)
def _beta_inv(part: float, first: float, second: float, low: float = 0.0, high: float = 1.0) -> float:
    if not 0 < part < 1 or first <= 0 or second <= 0 or low >= high:
        return NUM
    return low + (high - low) * _where(lambda value: beta_part(first, second, value), part, 0.0, 1.0)


@_named("EXPON.DIST", "EXPONDIST", takes="nnc")
def _expon_dist(value: float, rate: float, cumulative: bool) -> float:
    if value < 0 or rate <= 0:
        return NUM
    return -math.expm1(-rate * value) if cumulative else rate * math.exp(-rate * value)


@_named("WEIBULL.DIST", "WEIBULL", takes="nnnc")
def _weibull(value: float, shape: float, scale: float, cumulative: bool) -> float:
    if value < 0 or shape <= 0 or scale <= 0:
        return NUM
    power = (value / scale) ** shape
    return -math.expm1(-power) if cumulative else shape / scale * (value / scale) ** (shape - 1) * math.exp(-power)


# Counts


def _poisson_at(count: float, mean: float) -> float:
    if not mean:
        return float(not count)
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))


@_named("POISSON.DIST", "POISSON", takes="nnc")
def _poisson(value: float, mean: float, cumulative: bool) -> float:
    (count,) = _whole(value)
    if count < 0 or mean < 0:
        return NUM
    if not cumulative:
        return _poisson_at(count, mean)
    return gamma_parts(count + 1, mean)[1] if mean else 1.0


def _binomial_at(count: float, trials: float, chance: float) -> float:
    if chance in (0.0, 1.0):
        return float(count == trials * chance)
    found = math.comb(int(trials), int(count)) if trials <= _MOST_TERMS else 0
    if found and found < 1e300:
        return found * math.pow(chance, count) * math.pow(1 - chance, trials - count)
    missed = trials - count
    if not count or not missed:
        return math.exp(trials * (math.log(chance) if count else math.log1p(-chance)))
    return _beta_density(count, missed, chance, 1 - chance) * trials / count / missed


def _binomial_until(count: float, trials: float, chance: float) -> float:
    """How likely so many or fewer are."""
    if count < 0:
        return 0.0
    return 1.0 if count >= trials or not chance else beta_part(trials - count, count + 1, 1 - chance)


@_named("BINOM.DIST", "BINOMDIST", takes="nnnc")
def _binom_dist(successes: float, trials: float, chance: float, cumulative: bool) -> float:
    count, whole = _whole(successes, trials)
    if not 0 <= count <= whole or not 0 <= chance <= 1:
        return NUM
    return (_binomial_until if cumulative else _binomial_at)(count, whole, chance)


@_named("BINOM.DIST.RANGE", takes="nnnn", required=3)
def _binom_dist_range(trials: float, chance: float, first: float, last: float | None = None) -> float:
    whole, low = _whole(trials, first)
    high = low if last is None else math.floor(last)
    if not 0 <= chance <= 1 or not 0 <= low <= high <= whole:
        return NUM
    if high - low <= _MOST_ADDED:
        return math.fsum(_binomial_at(count, whole, chance) for count in range(int(low), int(high) + 1))
    return _binomial_until(high, whole, chance) - _binomial_until(low - 1, whole, chance)


@_named("BINOM.INV", "CRITBINOM", takes="nnn")
def _binom_inv(trials: float, chance: float, alpha: float) -> float:
    (whole,) = _whole(trials)
    if whole < 0 or not 0 < chance < 1 or not 0 < alpha < 1:
        return NUM
    low, high = -1, int(whole)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _binomial_until(middle, whole, chance) >= alpha else (middle, high)
    return float(high)


@_named("NEGBINOM.DIST", takes="nnnc")
def _negbinom_dist(failures: float, successes: float, chance: float, cumulative: bool) -> float:
    missed, wanted = _whole(failures, successes)
    if missed < 0 or wanted < 1 or not 0 < chance < 1:
        return NUM
    if cumulative:
        return beta_part(wanted, missed + 1, chance)
    return wanted / (missed + wanted) * _binomial_at(wanted, missed + wanted, chance)


_named("NEGBINOMDIST", takes="nnn")(lambda *given: _negbinom_dist(*given, False))


@_named("HYPGEOM.DIST", takes="nnnnc")
def _hypgeom_dist(drawn_ones: float, drawn: float, ones: float, size: float, cumulative: bool) -> float:
    hits, sample, special, whole = map(int, _whole(drawn_ones, drawn, ones, size))
    if not 0 <= hits <= min(sample, special) or hits < sample - whole + special:
        return NUM
    if not 0 < sample <= whole or not 0 < special <= whole:
        return NUM
    counts = range(max(0, sample - whole + special), hits + 1) if cumulative else (hits,)
    if len(counts) > _MOST_TERMS:
        return NUM
    if min(sample, whole - sample, special, whole - special) > _MOST_DRAWN:  # numbers of thousands of digits each
        part = sample / whole
        likely = (
            _binomial_at(hit, special, part) * _binomial_at(sample - hit, whole - special, part) for hit in counts
        )
        return math.fsum(likely) / _binomial_at(sample, whole, part)
    ways = sum(math.comb(special, count) * math.comb(whole - special, sample - count) for count in counts)
    return ways / math.comb(whole, sample)


_named("HYPGEOMDIST", takes="nnnn")(lambda *given: _hypgeom_dist(*given, False))


@_named("PERMUT", takes="nn")
def _permut(size: float, chosen: float) -> float:
    count, places = _whole(size, chosen)
    return arrangements(int(count), int(places)) if count > 0 else NUM


@_named("PERMUTATIONA", takes="nn")
def _permutationa(size: float, chosen: float) -> float:
    count, places = _whole(size, chosen)
    return math.pow(count, places) if count >= 0 and places >= 0 else NUM


@_named("COMBINA", takes="nn")
def _combina(size: float, chosen: float) -> float:
    count, places = map(int, _whole(size, chosen))
    if count < 0 or places < 0 or (count < places and count == 0):
        return NUM
    return combinations(count + places - 1, places) if count or places else 1.0

"""Distributions, with the values of Excel's documentation, and held against mpmath."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from support.books import value_of

from xladdin.workbook.builtins.distributions import beta_part, gamma_parts, t_above


@pytest.mark.parametrize(
    ("formula", "expected", "digits"),
    [
        ("=NORM.DIST(42,40,1.5,TRUE)", 0.9087888, 7),
        ("=NORM.INV(0.908789,40,1.5)", 42.000002, 6),
        ("=LOGNORM.DIST(4,3.5,1.2,TRUE)", 0.0390836, 7),
        ("=LOGNORM.INV(0.039084,3.5,1.2)", 4.0000252, 7),
        ("=T.DIST.2T(1.959999998,60)", 0.054645, 6),
        ("=T.INV.2T(0.546449,60)", 0.606533, 6),
        ("=T.INV(0.75,2)", 0.8164966, 7),
        ("=F.DIST(15.2069,6,4,TRUE)", 0.99, 5),
        ("=F.INV.RT(0.01,6,4)", 15.20686, 5),
        ("=CHISQ.DIST.RT(18.307,10)", 0.0500006, 7),
        ("=CHISQ.INV.RT(0.050001,10)", 18.306973, 6),
        ("=CHISQ.INV(0.93,1)", 3.28302029, 8),
        ("=BETA.DIST(2,8,10,TRUE,1,3)", 0.6854706, 7),
        ("=BETA.INV(0.685470581,8,10,1,3)", 2.0, 6),
        ("=GAMMA.DIST(10.00001131,9,2,TRUE)", 0.068094, 6),
        ("=GAMMA.INV(0.068094,9,2)", 10.0000112, 7),
        ("=GAMMALN(4)", 1.7917595, 7),
        ("=GAMMA(-3.75)", 0.26786611, 7),
        ("=BINOM.DIST(6,10,0.5,FALSE)", 0.2050781, 7),
        ("=BINOM.DIST.RANGE(60,0.75,45,50)", 0.524, 3),
        ("=BINOM.INV(6,0.5,0.75)", 4.0, 9),
        ("=HYPGEOM.DIST(1,4,8,20,TRUE)", 0.4654, 4),
        ("=NEGBINOM.DIST(10,5,0.25,TRUE)", 0.3135141, 7),
        ("=POISSON.DIST(2,5,TRUE)", 0.124652, 6),
        ("=WEIBULL.DIST(105,20,100,TRUE)", 0.929581, 6),
        ("=EXPON.DIST(0.2,10,TRUE)", 0.86466472, 8),
        ("=CONFIDENCE.NORM(0.05,2.5,50)", 0.692952, 6),
        ("=CONFIDENCE.T(0.05,1,50)", 0.284196855, 9),
        ("=FISHER(0.75)", 0.9729551, 7),
        ("=FISHERINV(0.972955)", 0.75, 6),
        ("=ERF(0.745)", 0.70792892, 8),
        ("=PERMUT(100,3)", 970200.0, 6),
        ("=PERMUTATIONA(3,2)", 9.0, 6),
        ("=COMBINA(4,3)", 20.0, 6),
        ('=NORM.DIST("42",40,1.5,TRUE)', 0.9087888, 7),  # text that spells a number
        ("=NORM.DIST(42,40,1.5,FALSE)", 0.10934, 5),
        ("=LOGNORM.DIST(4,3.5,1.2,FALSE)", 0.0176176, 7),
        ("=T.DIST(60,1,TRUE)", 0.99469533, 8),
        ("=T.DIST(8,3,FALSE)", 0.00073691, 8),
        ("=T.DIST.RT(1.959999998,60)", 0.027322, 6),
        ("=TDIST(1.959999998,60,2)", 0.054644930, 9),
        ("=TDIST(1.959999998,60,1)", 0.027322465, 9),
        ("=F.DIST(15.2069,6,4,FALSE)", 0.0012238, 7),
        ("=F.DIST.RT(15.2069,6,4)", 0.01, 5),
        ("=F.INV(0.01,6,4)", 0.109309914, 9),
        ("=CHISQ.DIST(0.5,1,TRUE)", 0.52049988, 8),
        ("=CHISQ.DIST(2,3,FALSE)", 0.20755375, 8),
        ("=CHISQ.INV(0.6,2)", 1.832581464, 9),
        ("=GAMMA.DIST(10.00001131,9,2,FALSE)", 0.032639, 6),
        ("=BETA.DIST(2,8,10,FALSE,1,3)", 1.4837646, 7),
        ("=BETADIST(2,8,10,1,3)", 0.6854706, 7),
        ("=EXPON.DIST(0.2,10,FALSE)", 1.35335283, 8),
        ("=WEIBULL.DIST(105,20,100,FALSE)", 0.035589, 6),
        ("=POISSON.DIST(2,5,FALSE)", 0.084224, 6),
        ("=BINOM.DIST.RANGE(60,0.75,48)", 0.084, 3),
        ("=NEGBINOM.DIST(10,5,0.25,FALSE)", 0.0550487, 7),
        ("=NEGBINOMDIST(10,5,0.25)", 0.05504866, 8),
        ("=HYPGEOM.DIST(1,4,8,20,FALSE)", 0.3633, 4),
        ("=HYPGEOMDIST(1,4,8,20)", 0.3633, 4),
        ("=PHI(0.75)", 0.301137432, 9),
        ("=GAUSS(2)", 0.47725, 5),
        ("=STANDARDIZE(42,40,1.5)", 1.33333333, 8),
        ("=ERFC(1)", 0.15729921, 8),
        ("=LOGNORMDIST(4,3.5,1.2)", 0.0390836, 7),
        ("=BETADIST(0.4,2,3)", 0.5248, 9),  # 1 - 0.6^4 - 4 0.4 0.6^3
        ("=BETA.DIST(0.4,2,3,TRUE)", 0.5248, 9),
        ("=CONFIDENCE.T(0.05,2,50)", 2 * 0.284196855, 8),
    ],
)
def test_a_distribution_is_as_documented(tmp_path: Path, formula: str, expected: float, digits: int) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, abs=0.51 * 10**-digits)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # Of one degree of freedom it is Cauchy's distribution, whose parts are an arc tangent.
        ("=T.DIST(-1,1,TRUE)", 0.25),
        ("=T.DIST(1,1,FALSE)", 1 / (2 * math.pi)),
        ("=T.DIST(0,1.9,FALSE)", 1 / math.pi),
        ("=T.DIST.RT(-1,1)", 0.75),
        ("=T.DIST.RT(TAN(PI()/8),1)", 0.375),
        ("=T.DIST.2T(1,1)", 0.5),
        ("=T.DIST.2T(0,1)", 1.0),
        ("=T.DIST.2T(TAN(PI()/8),1)", 0.75),
        ("=T.INV(0.25,1)", -1.0),
        ("=T.INV.2T(0.75,1)", math.tan(math.pi / 8)),
        ("=T.INV.2T(1,1)", 0.0),
        # Of two degrees of freedom each, F is what one has over what it lacks to one.
        ("=F.DIST(3,2,2,TRUE)", 0.75),
        ("=F.DIST(0,2,2,TRUE)", 0.0),
        ("=F.DIST(3,2,2,FALSE)", 1 / 16),
        ("=F.DIST(0,2,2,FALSE)", 1.0),
        ("=F.DIST(0,3,2,FALSE)", 0.0),
        ("=F.DIST.RT(0,3,2)", 1.0),
        ("=F.DIST.RT(1,1,1)", 0.5),
        ("=F.INV(0.75,2,2)", 3.0),
        ("=F.INV(0,2,2)", 0.0),
        ("=F.INV(0.5,1,1)", 1.0),
        ("=F.INV(0.75,1,1)", math.tan(0.75 * math.pi / 2) ** 2),
        ("=F.INV.RT(0.75,2,2)", 1 / 3),
        ("=F.INV.RT(1,6,4)", 0.0),
        # Of two degrees of freedom chi squared is exponential.
        ("=CHISQ.DIST(2,2,FALSE)", math.exp(-1) / 2),
        ("=CHISQ.DIST(0,2,TRUE)", 0.0),
        ("=CHISQ.DIST.RT(0,5)", 1.0),
        ("=CHISQ.INV.RT(0.2,2)", -2 * math.log(0.2)),
        ("=CHISQ.INV.RT(1,10)", 0.0),
        ("=CHISQ.INV(0,10)", 0.0),
        # Of a shape of one gamma is exponential too; a larger shape begins with nothing.
        ("=GAMMA.DIST(3,1,2,FALSE)", math.exp(-1.5) / 2),
        ("=GAMMA.DIST(0,1,2,FALSE)", 0.5),
        ("=GAMMA.DIST(0,1.5,2,FALSE)", 0.0),
        ("=GAMMA.INV(0.2,1,3)", -3 * math.log(0.8)),
        # Of a power of one beta is a power.
        ("=BETA.DIST(0.4,1,3,FALSE)", 3 * 0.6**2),
        ("=BETA.DIST(0,1,3,FALSE)", 3.0),
        ("=BETA.DIST(5,3,1,FALSE,1,5)", 0.75),
        ("=BETA.DIST(1,1,3,FALSE)", 0.0),
        ("=BETA.DIST(0,3,1,FALSE)", 0.0),
        ("=BETA.DIST(1,2,3,TRUE)", 1.0),
        ("=BETA.INV(0.3,2,1)", math.sqrt(0.3)),
        ("=ERF(0.5,1.5)", math.erf(1.5) - math.erf(0.5)),
        ("=NORM.DIST(0,0,0.5,FALSE)", 2 / math.sqrt(2 * math.pi)),
        ("=WEIBULL.DIST(0,20,100,TRUE)", 0.0),
        # What is certain.
        ("=POISSON.DIST(0,0,FALSE)", 1.0),
        ("=POISSON.DIST(3,0,FALSE)", 0.0),
        ("=POISSON.DIST(3,0,TRUE)", 1.0),
        ("=POISSON.DIST(2.9,3,TRUE)", 8.5 * math.exp(-3)),
        ("=BINOM.DIST(0,5,0,FALSE)", 1.0),
        ("=BINOM.DIST(3,5,1,FALSE)", 0.0),
        ("=BINOM.DIST(5,5,1,FALSE)", 1.0),
        ("=BINOM.DIST(0,5,0.5,TRUE)", 1 / 32),
        ("=BINOM.INV(1,0.5,0.5)", 0.0),
        ("=PERMUTATIONA(3,0)", 1.0),
        ("=BINOM.DIST(2,5,0,TRUE)", 1.0),
        ("=BINOM.DIST(5,5,0.3,TRUE)", 1.0),
        ("=BINOM.DIST(4,5,0.5,TRUE)", 31 / 32),
        ("=HYPGEOM.DIST(2,5,3,6,TRUE)", 0.5),
        ("=NEGBINOM.DIST(2,1,0.5,TRUE)", 7 / 8),
        ("=COMBINA(0,0)", 1.0),
        ("=COMBINA(10,3)", 220.0),
    ],
)
def test_a_distribution_of_simple_form_has_its_exact_values(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, rel=1e-12, abs=1e-300)


def _drawn(first: int, last: int, half: int) -> float:
    """How likely so many ones are among a half that is drawn, where half of all are ones."""
    return float(
        Fraction(sum(math.comb(half, ones) ** 2 for ones in range(first, last + 1)), math.comb(2 * half, half))
    )


def _ways(first: int, last: int, size: int) -> float:
    """How likely so many heads are in so many throws of a coin, counted in whole numbers."""
    return float(Fraction(sum(math.comb(size, count) for count in range(first, last + 1)), 2**size))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # Of so many degrees of freedom it is the normal distribution; what is symmetric has one half on each side.
        ("=T.DIST(1,1E13,TRUE)", math.erfc(-math.sqrt(0.5)) / 2),
        ("=T.DIST.2T(2,1E13)", math.erfc(math.sqrt(2))),
        ("=T.INV(0.9,1E13)", statistics.NormalDist().inv_cdf(0.9)),
        ("=F.DIST(1,1E6,1E6,TRUE)", 0.5),
        ("=F.DIST.RT(1,1E9,1E9)", 0.5),
        ("=BETA.DIST(0.5,1E7,1E7,TRUE)", 0.5),
        ("=BINOM.DIST(500000,1000001,0.5,TRUE)", 0.5),
    ],
)
def test_of_many_degrees_of_freedom(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("value", [0.01, 1.8, 5.0, 20.0])
@pytest.mark.parametrize("degrees", [9_999, 10_001, 1e6, 1e9])
def test_the_part_above_of_many_degrees_of_freedom(value: float, degrees: float) -> None:
    with mpmath.workdps(40):
        count = mpmath.mpf(degrees)
        logarithm = mpmath.loggamma((count + 1) / 2) - mpmath.loggamma(count / 2)
        places = [value + step / max(value, 1) for step in (0, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 40, 90)]
        above = mpmath.quad(lambda x: mpmath.exp(logarithm - (count + 1) / 2 * mpmath.log1p(x * x / count)), places)
        expected = float(above / mpmath.sqrt(count * mpmath.pi))
    assert t_above(value, degrees) == pytest.approx(expected, rel=3e-12, abs=0)


_DRAWN_MOST = (1 + float(Fraction(math.comb(12010, 7000) ** 2, math.comb(24020, 14000)))) / 2


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=BINOM.DIST(1500,3000,0.5,FALSE)", _ways(1500, 1500, 3000)),  # more ways than a number holds
        ("=BINOM.DIST(10100,20000,0.5,FALSE)", _ways(10100, 10100, 20000)),
        ("=BINOM.DIST(0,20000,0.0001,FALSE)", float(Fraction(9999, 10000) ** 20000)),
        ("=BINOM.DIST(20000,20000,0.9999,FALSE)", float(Fraction(9999, 10000) ** 20000)),
        ("=HYPGEOM.DIST(11000,22000,22000,44000,FALSE)", _drawn(11000, 11000, 22000)),
        ("=HYPGEOM.DIST(10950,22000,22000,44000,FALSE)", _drawn(10950, 10950, 22000)),
        # Of a symmetric distribution the lower half is one half, with half of what is in the middle.
        ("=HYPGEOM.DIST(7500,15000,15000,30000,TRUE)", (1 + _drawn(7500, 7500, 15000)) / 2),
        # Where more is drawn than there are others, some are certain: 12,010 of each kind, 14,000 drawn.
        ("=HYPGEOM.DIST(7000,14000,12010,24020,TRUE)", _DRAWN_MOST),
        ("=BINOM.DIST.RANGE(1000,0.5,0,480)", _ways(0, 480, 1000)),
        ("=BINOM.DIST.RANGE(1000,0.5,450,560)", _ways(450, 560, 1000)),
        ("=BINOM.DIST.RANGE(1000,0.5,450,550)", _ways(450, 550, 1000)),
    ],
)
def test_many_throws_of_a_coin(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.parametrize(
    "formula",
    [
        "NORM.DIST(42,40,0,TRUE)",
        "NORM.INV(0,40,1)",
        "NORM.INV(0.5,40,0)",
        "LOGNORM.DIST(0,3.5,1.2,TRUE)",
        "LOGNORM.DIST(4,3.5,0,FALSE)",
        "LOGNORM.INV(0.5,3.5,0)",
        "STANDARDIZE(42,40,0)",
        "FISHER(1)",
        "CONFIDENCE.NORM(1,2.5,50)",
        "CONFIDENCE.NORM(0.05,0,50)",
        "CONFIDENCE.NORM(0.05,2.5,0.9)",
        "CONFIDENCE.T(0.05,0,50)",
        "T.DIST(1,0.9,TRUE)",
        "T.DIST.RT(1,0.9)",
        "T.DIST.2T(-1,5)",
        "TDIST(-1,60,1)",
        "TDIST(1,60,3)",
        "TDIST(1,0,1)",
        "T.INV.2T(0,5)",
        "T.INV.2T(1.1,5)",
        "T.INV(1,5)",
        "T.INV(0.5,0.5)",
        "F.DIST(-1,6,4,TRUE)",
        "F.DIST(1,0.5,4,TRUE)",
        "F.DIST.RT(1,6,0.5)",
        "F.INV(-0.1,6,4)",
        "F.INV.RT(1.1,6,4)",
        "CHISQ.DIST(-1,5,TRUE)",
        "CHISQ.DIST(1,0.5,TRUE)",
        "CHISQ.DIST.RT(-1,5)",
        "CHISQ.INV(1.1,5)",
        "CHISQ.INV.RT(-0.1,5)",
        "CHISQ.INV.RT(0,5)",
        "CHISQ.INV.RT(0.1,0.5)",
        "GAMMA(0)",
        "GAMMA(-2)",
        "GAMMALN(0)",
        "GAMMA.DIST(-1,9,2,TRUE)",
        "GAMMA.DIST(1,0,2,TRUE)",
        "GAMMA.DIST(0,0.5,2,FALSE)",  # without bound there
        "GAMMA.INV(-0.1,9,2)",
        "GAMMA.INV(0.5,9,0)",
        "BETA.DIST(2,0,10,TRUE,1,3)",
        "BETA.DIST(4,8,10,TRUE,1,3)",
        "BETA.DIST(1,8,10,TRUE,1,1)",
        "BETA.DIST(0,0.5,1,FALSE)",
        "BETA.INV(0,8,10)",
        "EXPON.DIST(-0.2,10,TRUE)",
        "EXPON.DIST(0.2,0,TRUE)",
        "WEIBULL.DIST(-1,20,100,TRUE)",
        "WEIBULL.DIST(105,0,100,TRUE)",
        "POISSON.DIST(-1,5,FALSE)",
        "POISSON.DIST(2,-5,FALSE)",
        "BINOM.DIST(-1,10,0.5,FALSE)",
        "BINOM.DIST(11,10,0.5,FALSE)",
        "BINOM.DIST(6,10,1.5,FALSE)",
        "BINOM.DIST.RANGE(60,1.5,45,50)",
        "BINOM.DIST.RANGE(60,0.75,61)",
        "BINOM.DIST.RANGE(60,0.75,45,40)",
        "NEGBINOM.DIST(-1,5,0.25,TRUE)",
        "NEGBINOM.DIST(10,0,0.25,TRUE)",
        "NEGBINOM.DIST(10,5,1.5,TRUE)",
        "HYPGEOM.DIST(-1,4,8,20,TRUE)",
        "HYPGEOM.DIST(15000,30000,30000,60000,TRUE)",  # a sum of more terms than are added up
        "HYPGEOM.DIST(5,4,8,20,TRUE)",
        "HYPGEOM.DIST(1,18,8,20,TRUE)",
        "HYPGEOM.DIST(0,0,8,20,TRUE)",
        "HYPGEOM.DIST(8,21,8,20,TRUE)",
        "PERMUT(0,0)",
        "PERMUT(3,4)",
        "PERMUTATIONA(-1,2)",
        "COMBINA(-1,2)",
    ],
)
def test_what_is_out_of_bounds_is_an_error(tmp_path: Path, formula: str) -> None:
    assert value_of(tmp_path, f"={formula}", {}) == "#NUM!"


def test_one_value_says_nothing_of_its_mean(tmp_path: Path) -> None:
    assert value_of(tmp_path, "=CONFIDENCE.T(0.05,1,1)", {}) == "#DIV/0!"


_SHAPES = [(shape, part) for shape in (0.3, 2.0, 17.5, 400.0) for part in (0.2, 0.99, 1.0, 1.3)]


@pytest.mark.parametrize(("shape", "part"), [*_SHAPES, (1e6, 1.0)])
def test_the_parts_of_the_gamma_integral(shape: float, part: float) -> None:
    value = shape * part
    expected = [mpmath.gammainc(shape, 0, value, regularized=True), mpmath.gammainc(shape, value, regularized=True)]
    for found, wanted in zip(gamma_parts(shape, value), map(float, expected), strict=True):
        assert found == pytest.approx(wanted, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("first", [0.5, 3.0, 80.0])
@pytest.mark.parametrize("second", [0.5, 7.0, 80.0])
@pytest.mark.parametrize("value", [0.01, 0.4, 0.5, 0.97])
def test_the_part_of_the_beta_integral(first: float, second: float, value: float) -> None:
    wanted = float(mpmath.betainc(first, second, 0, value, regularized=True))
    assert beta_part(first, second, value) == pytest.approx(wanted, rel=1e-11, abs=1e-300)


@pytest.mark.parametrize(
    "formula",
    ["BINOM.INV(-1,0.5,0.5)", "BINOM.INV(6,1,0.5)", "BINOM.INV(6,0,0.5)", "BINOM.INV(6,0.5,0)", "BINOM.INV(6,0.5,1)"],
)
def test_what_is_no_chance_is_an_error(tmp_path: Path, formula: str) -> None:
    assert value_of(tmp_path, f"={formula}", {}) == "#NUM!"

"""Distributions, with the values of Excel's documentation, and held against mpmath."""

from __future__ import annotations

from pathlib import Path

import mpmath
import pytest
from support.books import value_of

from xladdin.workbook.builtins.distributions import beta_part, gamma_parts


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
    ],
)
def test_a_distribution_is_as_documented(tmp_path: Path, formula: str, expected: float, digits: int) -> None:
    assert value_of(tmp_path, formula, {}) == pytest.approx(expected, abs=0.51 * 10**-digits)


_SHAPES = [(shape, part) for shape in (0.3, 2.0, 17.5, 400.0) for part in (0.2, 0.99, 1.0, 1.3)]


@pytest.mark.parametrize(("shape", "part"), [*_SHAPES, (1e6, 1.0)])
def test_the_parts_of_the_gamma_integral(shape: float, part: float) -> None:
    value = shape * part
    expected = [mpmath.gammainc(shape, 0, value, regularized=True), mpmath.gammainc(shape, value, regularized=True)]
    for found, wanted in zip(gamma_parts(shape, value), map(float, expected), strict=True):
        assert found == pytest.approx(wanted, rel=1e-7 if shape > 1e5 else 1e-11, abs=1e-14)


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

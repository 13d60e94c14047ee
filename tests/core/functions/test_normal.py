from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from xladdin.core.functions.normal import erfc, mills_ratio, normal_cdf, normal_density

mpmath.mp.dps = 50


def test_erfc_of_an_array_to_the_last_digits() -> None:
    points = np.concatenate([np.linspace(-6, 6, 1201), np.linspace(6, 26, 401)])
    for point, found in zip(points, erfc(points), strict=True):
        exact = mpmath.erfc(mpmath.mpf(float(point)))
        # The square in the exponential rounds: a relative error of x*x/2 last digits, beside the polynomial's few.
        within = (4 + point * point) * 2**-53
        assert abs(found / exact - 1) <= within, point


@pytest.mark.parametrize(("point", "limit"), [(math.inf, 0.0), (-math.inf, 2.0), (1e300, 0.0), (-1e300, 2.0)])
def test_erfc_of_the_infinite(point: float, limit: float) -> None:
    assert erfc(point) == limit
    assert erfc(np.array([point])) == limit


def test_erfc_keeps_a_nan() -> None:
    assert np.isnan(erfc(np.array([math.nan, 1.0]))).tolist() == [True, False]


def test_normal_cdf_and_density() -> None:
    points = np.linspace(-37, 9, 461)
    for point, below, density in zip(points, normal_cdf(points), normal_density(points), strict=True):
        within = (8 + point * point) * 2**-52
        assert abs(below / mpmath.ncdf(mpmath.mpf(float(point))) - 1) <= within
        assert abs(density / mpmath.npdf(mpmath.mpf(float(point))) - 1) <= within
        assert abs(normal_cdf(float(point)) / mpmath.ncdf(mpmath.mpf(float(point))) - 1) <= within


def test_mills_ratio_from_twelve_on() -> None:
    for point in [12.0, 12.5, 15.0, 20.0, 30.0, 100.0, 1e8, 1e150]:
        large = mpmath.mpf(point)
        exact = 1 / large - 1 / large**3 if large > 100 else mpmath.ncdf(-large) / mpmath.npdf(large)
        assert abs(mills_ratio(point) / exact - 1) <= 1e-15
        assert abs(mills_ratio(np.array([point]))[0] / exact - 1) <= 1e-15

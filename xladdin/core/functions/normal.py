"""The normal distribution, on floats by the standard library and on arrays by one polynomial."""

from __future__ import annotations

import math

from xladdin.core.arrays import np
from xladdin.core.catalog import Number

# (1 + 2x)*exp(x^2)*erfc(x) for x >= 0 as a polynomial in (x - 3.75)/(x + 3.75), the variable of Shepherd and
# Laframboise (1981), Mathematics of Computation 36, 249-253. The coefficients are our own: an interpolation at
# Chebyshev nodes in 60 digits, turned into powers. The tests hold them against mpmath.
SCALED_ERFC = (
    1.2375126308378275,
    -0.14024059858554702,
    0.0035854154854644293,
    0.08227673849015102,
    -0.10880393014174886,
    0.09230432116019834,
    -0.05869339858963677,
    0.0283622774215156,
    -0.009746579558029276,
    0.0017556258324217529,
    0.0002937136655913448,
    -0.00029015397928986765,
    5.164909889268241e-05,
    2.2383912036550678e-05,
    -1.1444146237700524e-05,
    -9.72849582211122e-07,
    1.751637648849062e-06,
    -5.826281078800777e-08,
    -2.5866850716155884e-07,
    2.4289762925488707e-08,
    3.8675334242222354e-08,
    -4.389284159986328e-09,
    -5.1739902140113095e-09,
    5.457157304704688e-10,
    4.2514714447963895e-10,
    -3.75315827795962e-11,
)


def normal_cdf(x: Number) -> Number:
    """Probability that a standard normal variable is below x."""
    return 0.5 * erfc(x * -math.sqrt(0.5))


def normal_density(x: Number) -> Number:
    """Density of the standard normal distribution at x."""
    square = -0.5 * x * x
    return (math.exp(square) if isinstance(x, float) else np.exp(square)) / math.sqrt(2 * math.pi)


def mills_ratio(x: Number) -> Number:
    """N(-x)/N'(x) for x >= 12, by its asymptotic series: there twelve terms are right to 1e-15."""
    inverse_square = 1 / (x * x)
    series: Number = 1.0
    for odd in range(23, 0, -2):
        series = 1 - odd * inverse_square * series
    return series / x


def erfc(x: Number) -> Number:
    """Complementary error function."""
    if isinstance(x, float):
        return math.erfc(x)
    size = np.minimum(np.abs(x), 40.0)  # beyond it nothing is left, not even of an infinite one
    variable = (size - 3.75) / (size + 3.75)
    value = np.full_like(size, SCALED_ERFC[-1])
    for coefficient in SCALED_ERFC[-2::-1]:
        value *= variable
        value += coefficient
    value *= np.exp(-size * size) / (1 + 2 * size)
    return np.where(x < 0, 2 - value, value)

"""Every function that is known: each room declares its own."""

from xladdin.workbook.builtins import (
    arrays,
    bases,
    bonds,
    by_engine,
    choices,
    criteria,
    databases,
    distributions,
    lookup,
    money,
    numbers,
    operators,
    ranges,
    regression,
    samples,
    text,
    time,
)
from xladdin.workbook.builtins.registry import BUILTINS

ROOMS = (
    *(operators, choices, ranges, criteria, lookup, numbers, text, time, money, bonds, arrays, distributions, samples),
    *(databases, bases, regression, by_engine),
)

__all__ = ["BUILTINS", "ROOMS"]

"""Every function that is known: each room declares its own."""

from xladdin.workbook.builtins import arrays, choices, criteria, lookup, money, numbers, operators, ranges, text, time
from xladdin.workbook.builtins.registry import BUILTINS

ROOMS = (operators, choices, ranges, criteria, lookup, numbers, text, time, money, arrays)

__all__ = ["BUILTINS", "ROOMS"]

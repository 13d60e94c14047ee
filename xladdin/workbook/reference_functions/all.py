"""Every function that sees more than values: each file declares its own."""

from xladdin.workbook.reference_functions import combining, leading, names, places, totals
from xladdin.workbook.reference_functions.registry import FUNCTIONS

FILES = (combining, leading, names, places, totals)

__all__ = ["FILES", "FUNCTIONS"]

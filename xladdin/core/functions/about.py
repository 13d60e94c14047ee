"""What is running: of which version, where, and how old its margin tiers are."""

import sys

from xladdin.core import running
from xladdin.core.catalog import function


@function("LEV_VERSION", native=f'"xladdin {running.version()}, formulas without Python"')
def about() -> str:
    """Which xladdin computes this workbook: its version, host and Python, and the day of its newest margin tiers.

    Returns
    -------
    a text
        For a person to read. Where nothing is installed it says so; it is never an error.

    Examples
    --------
    >>> about()  # doctest: +ELLIPSIS
    'xladdin ...'
    """
    from xladdin.core import tier_sets  # only here: it is not to cost every import of the functions

    python = f"Python {'.'.join(map(str, sys.version_info[:3]))}"
    newest = tier_sets.newest_day()
    tiers = f"margin tiers of {newest}" if newest else "no margin tiers"
    return f"xladdin {running.version()}, {running.host}{python}, {tiers}"

"""numpy where there is one, and the type of a number that may be an array.

Every module that works without numpy takes it from here: LibreOffice brings a Python without it on Windows and macOS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Number", "Rows", "np"]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Number = float | NDArray[np.float64]
    Rows = list[list[float]] | NDArray[np.float64] | float  # or the error that there is instead
else:
    Number = float
    Rows = list
    try:
        import numpy as np
    except ModuleNotFoundError:
        np = None

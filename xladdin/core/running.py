"""In which application the functions run, which an application's glue says when it starts."""

from __future__ import annotations

import xladdin

host = ""  # with a comma behind it where there is one


def inside(application: str) -> None:
    """Say where the functions run.

    Parameters
    ----------
    application : str
        As `LEV_VERSION` shows it.
    """
    global host
    host = f"{application}, "


def version() -> str:
    """The version of xladdin."""
    return xladdin.__version__

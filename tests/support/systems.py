"""What only some systems can, as marks of tests, each with its reason."""

from __future__ import annotations

import ctypes
import sys

import pytest


def is_wine() -> bool:
    """Whether this Windows is Wine."""
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


IS_WINDOWS = sys.platform == "win32"
posix_words = pytest.mark.skipif(IS_WINDOWS, reason="the reasons are the system's, and Windows has other words")
deletes_what_is_open = pytest.mark.skipif(IS_WINDOWS, reason="Windows deletes no file that is open")

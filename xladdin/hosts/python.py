"""Python itself, which every host needs but those that compute by native formulas."""

from __future__ import annotations

import platform
import struct
import sys
from collections.abc import Iterator
from typing import Any

from xladdin import __version__
from xladdin.hosts.host import PROBE, Finding, Host, live


def _findings() -> Iterator[Finding]:
    bits = struct.calcsize("P") * 8
    yield Finding("python", "Python", True, f"{platform.python_version()}, {bits} bit, {sys.executable}")
    yield Finding("python", "xladdin", True, __version__)
    yield live("python", "a call in Python", _in_python, "pip install --force-reinstall xladdin")


def _in_python() -> Any:
    from xladdin import udfs

    name, arguments, _ = PROBE
    return getattr(udfs, name)(*arguments)


HOST = Host(
    name="python",
    where="No spreadsheet: Python and the command line",
    how="`import xladdin`, `xladdin eval`, `xladdin recalc`",
    proved="the published cases, and every example of the reference",
    findings=_findings,
)

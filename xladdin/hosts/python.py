"""Python itself, which every host needs but those that compute by native formulas."""

from __future__ import annotations

import datetime
import platform
import struct
import sys
from collections.abc import Iterator
from typing import Any

from xladdin import __version__, installed
from xladdin.core.errors import UserError
from xladdin.hosts.host import PROBE, Finding, Host, live


def _findings() -> Iterator[Finding]:
    bits = struct.calcsize("P") * 8
    yield Finding("python", "Python", True, f"{platform.python_version()}, {bits} bit, {sys.executable}")
    yield Finding("python", "xladdin", True, __version__)
    yield live("python", "a call in Python", _in_python, installed.again())
    yield from _tiers(datetime.date.today())


def _tiers(today: datetime.date) -> Iterator[Finding]:
    """The margin tiers, which grow old: that is told, and is no failure of the host."""
    from xladdin import tier_files
    from xladdin.core import tier_sets

    try:
        newest = tier_sets.newest()
    except UserError as error:
        yield Finding("python", "margin tiers", False, str(error), "xladdin tiers import FILE")
        return
    for found in newest:
        yield Finding("python", f"margin tiers of {found.venue}", True, tier_files.aged(found, today))


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

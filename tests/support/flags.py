"""The flag of a workbook that checks itself, read."""

from __future__ import annotations

import re

_FAILED = re.compile(r'CHECK FAILED: (?:not so: "(?P<rule>[^"]+)"(?P<where>: .+)?|(?P<other>[^"]+))')


def failing_check(flag: str) -> str:
    """The name of the check that a flag says fails and, behind a colon, where; nothing when all pass."""
    found = _FAILED.fullmatch(flag)
    return "" if found is None else found["other"] or found["rule"] + (found["where"] or "")

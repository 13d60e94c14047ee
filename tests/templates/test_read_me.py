"""The sheet Read me."""

from __future__ import annotations

from typing import Any


def test_read_me(built: Any) -> None:
    words = [str(row[0]) for row in built.values["Read me"].iter_rows(min_col=2, max_col=2, values_only=True)]
    assert built.own("In {count} steps").format(count=built.own("three")) in words
    for part in ("Purpose", "Colours", "Assumptions", "Limits", "Functions", "Format", "Not advice"):
        assert built.own(part) in words

"""Stretches of a text replaced by others."""

from __future__ import annotations

import pytest

from xladdin.workbook.file.splice import spliced


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ([], b"abcdef"),
        ([(0, 0, b"<")], b"<abcdef"),
        ([(6, 6, b">")], b"abcdef>"),
        ([(0, 6, b"")], b""),
        ([(1, 2, b"xx"), (2, 3, b""), (5, 6, b"y")], b"axxdey"),
    ],
)
def test_what_is_between_stays(changes: list[tuple[int, int, bytes]], made: bytes) -> None:
    assert spliced(b"abcdef", changes) == made

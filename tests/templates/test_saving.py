"""The same input gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from tools import templates as kept

ONE = "position-sizing"  # what holds for the way of building is tried on a single template: each takes seconds


def test_same_input_same_bytes(tmp_path: Path) -> None:
    kept.build(ONE, tmp_path / "first.xlsx")
    kept.build(ONE, tmp_path / "second.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()

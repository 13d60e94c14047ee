"""What the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Three rows of one input."""
    path = tmp_path / "t.csv"
    path.write_text("entry\n1\n2\n3\n")
    return path

"""What the tests on Windows need: `tools/windows-python` makes it, `make test-windows` calls both."""

from __future__ import annotations

import pytest
from support import windows
from support.required import need


@pytest.fixture(autouse=True, scope="session")
def _windows() -> None:
    need("windows", windows.is_there())

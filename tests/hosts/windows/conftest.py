"""What the tests on Windows need: `tools/windows-python` makes it, `make test-windows` calls both."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import windows
from support.required import need

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.windows)


@pytest.fixture(autouse=True)
def _windows() -> None:
    need("windows", windows.is_there())

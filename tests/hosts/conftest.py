"""One Calc for all tests of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.calc import Calc, find_uno, running
from support.required import need


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    uno = find_uno()
    need("libreoffice", uno)
    with running(tmp_path_factory.mktemp("calc"), uno) as started:
        yield started

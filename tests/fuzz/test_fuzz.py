"""The targets themselves: what is given at random is read at all, and the first inputs find nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fuzz.targets import TARGETS


@pytest.mark.parametrize("title", TARGETS)
def test_the_first_inputs_find_nothing(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for number in range(5):
        TARGETS[title](random.Random(number), tmp_path)

"""Every function against its equation in many digits: at fewer points than `make accuracy`, and what it would say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import accuracy
from tools.exact import EXACT

PAGE = Path(accuracy.ROOT, "docs", "accuracy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", accuracy.compared())
def test_a_function_is_as_exact_as_its_inputs(name: str) -> None:
    found = accuracy.held(name, 60)
    assert found.points
    assert not found.kinds, found.kind_call
    if name not in accuracy.REASONS:
        assert found.scaled <= accuracy.GOOD, found.call


def test_a_formula_that_is_wrong_in_its_last_digits_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = EXACT["LEV_LTV"]
    monkeypatch.setitem(EXACT, "LEV_LTV", lambda *given: right(*given) * (1 + accuracy.mpf(2) ** -48))
    found = accuracy.held("LEV_LTV", 60)
    assert found.worst > accuracy.GOOD
    assert found.scaled > accuracy.GOOD or found.beyond


def test_an_error_in_the_place_of_a_value_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXACT, "LEV_LTV", lambda *given: "#N/A")
    assert accuracy.held("LEV_LTV", 20).kinds


def test_the_page_has_every_function() -> None:
    assert re.findall(r"^\| (LEV_\w+) ", PAGE, flags=re.MULTILINE) == accuracy.compared()

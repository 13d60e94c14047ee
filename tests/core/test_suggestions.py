"""What a person may have meant."""

from __future__ import annotations

from xladdin.core.suggestions import did_you_mean

KNOWN = ["entry", "leverage", "Maintenance"]


def test_the_nearest_word_in_any_case_or_nothing() -> None:
    assert did_you_mean("levrage", KNOWN) == "; did you mean leverage"
    assert did_you_mean("MAINTENANCE", KNOWN) == "; did you mean Maintenance"
    assert did_you_mean("ent", KNOWN) == "; did you mean entry"
    assert did_you_mean("ma", KNOWN) == "; did you mean Maintenance"  # two letters that it begins with
    assert did_you_mean("m", KNOWN) == ""
    assert did_you_mean("xyz", KNOWN) == did_you_mean("x", []) == ""


def test_another_number_is_no_slip_of_the_pen() -> None:
    assert did_you_mean("bybit 2025", ["bybit 2024", "bybit 2026"]) == ""
    assert did_you_mean("bybit 2025", ["bybit 2024", "bybit"]) == "; did you mean bybit"

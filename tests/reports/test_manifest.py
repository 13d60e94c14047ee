"""What a report is known by, so that a run goes on where it was."""

from __future__ import annotations

import pytest

from xladdin.reports import manifest


def test_a_release_makes_no_report_anew_and_another_format_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash stands in the manifests that people have: it is of no release, only of what the report is made of."""
    monkeypatch.setattr(manifest, "FORMAT", 1)
    assert manifest.row_hash("template", {"entry": 50000.0}) == "4ae10b4d2dc66eb161f3095cb4b2033b"
    monkeypatch.setattr(manifest, "FORMAT", 2)
    assert manifest.row_hash("template", {"entry": 50000.0}) != "4ae10b4d2dc66eb161f3095cb4b2033b"

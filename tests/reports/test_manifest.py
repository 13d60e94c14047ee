"""What a report is known by, so that a run goes on where it was."""

from __future__ import annotations

import numpy as np
import pytest

from xladdin.reports import manifest

INPUTS = {"entry": np.array([50000.0, 61000.0]), "side": np.array(["long", "short"], dtype=object)}


def test_a_release_makes_no_report_anew_and_another_format_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hashes stand in the manifests that people have: nothing goes into them but what a report is made of."""
    monkeypatch.setattr(manifest, "FORMAT", 1)
    kept = manifest.row_hashes("template", INPUTS, 2)
    assert kept == ["d020986899036b89691a8b486e734c48", "b2885cd682d7de4822a773f5b40191ca"]
    monkeypatch.setattr(manifest, "FORMAT", 2)
    assert set(manifest.row_hashes("template", INPUTS, 2)).isdisjoint(kept)

"""What a report is known by, so that a run goes on where it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.books import make_book
from support.command import report

from xladdin.reports import manifest

INPUTS = {"entry": np.array([50000.0, 61000.0]), "side": np.array(["long", "short"], dtype=object)}


def test_a_release_makes_no_report_anew_and_another_format_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hashes stand in the manifests that people have: nothing goes into them but what a report is made of."""
    monkeypatch.setattr(manifest, "FORMAT", 1)
    kept = manifest.row_hashes("template", INPUTS, 2)
    assert kept == ["d020986899036b89691a8b486e734c48", "b2885cd682d7de4822a773f5b40191ca"]
    monkeypatch.setattr(manifest, "FORMAT", 2)
    assert set(manifest.row_hashes("template", INPUTS, 2)).isdisjoint(kept)


def test_a_template_with_more_inputs_than_csv_takes_for_a_value_is_known_again(tmp_path: Path) -> None:
    """A manifest says of each report which inputs it has from the template."""
    names = [f"n{number}_{'x' * 240}" for number in range(600)]
    cells = {f"A{row}": row for row in range(1, 601)} | {"B1": 1, "B2": "=B1*2"}
    places = {name: f"S!$A${row}" for row, name in enumerate(names, 1)} | {"entry": "S!$B$1", "double": "S!$B$2"}
    template = make_book(tmp_path / "own.xlsx", cells, places)
    (tmp_path / "t.csv").write_text("entry\n7\n8\n", encoding="utf-8")
    assert report(tmp_path / "t.csv", template, tmp_path / "out", "--defaults").exit_code == 0
    again = report(tmp_path / "t.csv", template, tmp_path / "out", "--defaults", "--resume")
    assert again.exit_code == 0
    assert "2 more there already" in again.stdout + again.stderr

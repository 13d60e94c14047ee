"""The order of liquidation in a real Calc: every position once, where moves are equal or nearly so."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.calc import Calc, shown
from support.command import call

from xladdin.workbook.model_reader import read_model

pytestmark = pytest.mark.hosts


def test_every_position_has_one_place_in_calc(calc: Calc, tmp_path: Path) -> None:
    """Calc takes numbers for equal that differ in their last digits: 0.1+0.2 and 0.3 stand for such entries."""
    table = tmp_path / "positions.csv"
    entries = {"A": 0.3, "B": 0.1 + 0.2, "C": 0.7, "D": 2.1, "E": 60000, "F": 3}
    lines = [f"{name},bybit,long,isolated,{entry},{600 / entry},3,{entry},0.01" for name, entry in entries.items()]
    table.write_text("\n".join(["symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr", *lines]))
    book = tmp_path / "book.xlsx"
    assert call("report", table, "--template", "positions", "--into", book).exit_code == 0
    with calc.open(book) as document:
        document.calculateAll()
        found = shown(document, read_model(book))
    listed = [value for place, value in found.items() if place.sheet == "Calculations" and value in entries]
    assert sorted(set(listed)) == sorted(entries)
    assert all(listed.count(name) == 2 for name in entries)  # as the symbol, and as the name in the chart

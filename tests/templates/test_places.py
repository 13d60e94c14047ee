"""Where everything stands."""

from __future__ import annotations

from typing import Any

from support.template_texts import formula


def test_a_table_that_grows_above_moves_what_is_below(build: Any) -> None:
    book = build(("rows = 5", "rows = 9"))
    assert formula(book, "cost") == "=MAX(Calculations!$D$7:$D$15)"


def test_headers_of_a_grid_stay_while_its_cells_go_on(build: Any) -> None:
    sheet = build()["Calculations"]
    assert sheet["C16"].value == "=$B16*C$15"
    assert sheet["D17"].value == "=$B17*D$15"

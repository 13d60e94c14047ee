"""A cell of a workbook."""

from __future__ import annotations

from xladdin.workbook.place import Place


def test_a_place_is_written_as_people_do_and_sorts_by_row() -> None:
    assert Place("My sheet", 1_048_576, 16_384).reference == "My sheet!XFD1048576"
    assert Place("S", 3, 28).address == (3, 28)
    assert sorted([Place("S", 10, 1), Place("S", 9, 2)]) == [Place("S", 9, 2), Place("S", 10, 1)]

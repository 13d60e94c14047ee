"""What names in braces stand for."""

from __future__ import annotations

from typing import Any

from support.template_texts import formula


def test_columns_of_a_table_are_addresses_in_its_rows(build: Any) -> None:
    sheet = build()["Calculations"]
    column = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7, max_row=9, min_col=2, max_col=4)]
    assert column == [
        [1, '=IF(B7>1,"late","early")', "=rate"],
        [2, '=IF(B8>1,"late","early")', "=D7+rate"],
        [3, '=IF(B9>1,"late","early")', "=D8+rate"],
    ]


def test_a_whole_column_is_named_with_its_sheet_elsewhere_and_without_in_its_own_table(build: Any) -> None:
    book = build(('formula = "{previous.cost}+rate"', 'formula = "{day}/MAX({plan.day})"'))
    assert formula(book, "cost") == "=MAX(Calculations!$D$7:$D$11)"
    assert book["Calculations"]["D8"].value == "=B8/MAX($B$7:$B$11)"

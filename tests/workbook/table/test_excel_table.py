"""The Excel tables of a workbook."""

from __future__ import annotations

from pathlib import Path

from support.books import make_portfolio

from xladdin.workbook.file.package import open_package
from xladdin.workbook.table.excel_table import tables_of


def test_a_table_knows_its_columns_and_where_its_rows_are(tmp_path: Path) -> None:
    (table,) = tables_of(open_package(make_portfolio(tmp_path / "own.xlsx")))
    assert (table.name, table.sheet, table.columns[:3]) == ("book", "My book", ("Coin", "Side", "Entry"))
    assert table.holds("My book", table.first_row - 1, table.first_column)
    assert not table.holds("My book", table.first_row - 2, table.first_column)
    assert not table.holds("Other", table.first_row, table.first_column)
    assert table.of(100).last_row == table.first_row + 99
    assert table.capacity == 1_048_576 - table.first_row + 1 - table.has_totals

"""A workbook with a long table written out."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from support.books import make_portfolio, parts

from xladdin.reports import into


def test_rows_carry_the_formulas_of_their_own_row_and_the_styles_of_the_first(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "own.xlsx")
    rows = tmp_path / "t.csv"
    rows.write_text("coin,side,entry,quantity,price\n" + "".join(f"C{row},long,1,2,{row}\n" for row in range(1, 501)))
    into.fill(rows, template, tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx")["My book"]
    first, last = 6, 505
    assert sheet.tables["book"].ref.endswith(str(last + 1)) or sheet.tables["book"].ref.endswith(str(last))
    assert "D505" in sheet.cell(last, 9).value
    assert sheet.cell(last, 4).number_format == sheet.cell(first, 4).number_format
    assert parts(tmp_path / "one.xlsx")["xl/styles.xml"] == parts(template)["xl/styles.xml"]

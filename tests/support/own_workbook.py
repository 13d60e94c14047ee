"""A small workbook of a user's own: names with and without formulas, validation, a table, every kind of value."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

ROWS = [
    ["Entry", 50000, "USD"],
    ["Leverage", 10, "x"],
    ["Side", "long", None],
    ["Note", None, None],
    ["Liquidation", "=LEV_LIQPRICE(entry,leverage,1%,side)", "USD"],
    ["By mark", '=LEV_LIQPRICE(entry,leverage,1%,,"mark")', "USD"],
    ["Verdict", '=IF(B5>46000,"DANGER","SAFE")', None],
    ["Above", "=B5>1", None],
    ["Broken", "=1/0", None],
    ["Of nothing", "=Z99", None],
    ["Day", "=DATE(2026,11,22)", None],
    ["Quoted", '="<"&note&">"', None],
]
NAMES = {"entry": "B1", "leverage": "B2", "side": "B3", "note": "B4", "liquidation": "B5", "verdict": "B7"}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "In puts"
    for row in ROWS:
        sheet.append(row)
    sheet["B4"].font = Font(color="FF0000FF")
    sheet["E1"] = ArrayFormula("E1:E3", "=LEV_SIZE({1;2;3},2)")
    for name, cell in NAMES.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"'In puts'!${cell[0]}${cell[1:]}")
    book.defined_names["whole_block"] = DefinedName("whole_block", attr_text="'In puts'!$A$1:$B$3")
    book.defined_names["a_constant"] = DefinedName("a_constant", attr_text="0.5")
    side = DataValidation(type="list", formula1='"long,short"', allow_blank=True)
    above_zero = DataValidation(type="decimal", operator="greaterThan", formula1="0", allow_blank=True)
    anything = DataValidation(type="textLength", operator="lessThan", formula1="100", allow_blank=True)
    for rule, cells in ((side, "B3"), (above_zero, "B1:B2"), (anything, "B4")):
        rule.add(cells)
        sheet.add_data_validation(rule)
    other = book.create_sheet("Other")
    other["A1"] = "=liquidation*2"
    path = tmp_path / "own.xlsx"
    book.save(path)
    return path

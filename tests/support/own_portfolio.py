"""A workbook of a user's own around an Excel table: totals, notes below it, cells beside it, charts, names, rules."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

COLUMNS: dict[str, Any] = {
    "Coin": "BTC",
    "Side": "long",
    "Entry": 50000,
    "Quantity": 1,
    "Price": 51000,
    "Opened": None,
    "Value": "=book[[#This Row],[Quantity]]*book[[#This Row],[Price]]",
    "Profit": "=LEV_PROFIT(D{row},F{row},E{row},1,$C{row})+fee",
    "Share": "=book[[#This Row],[Value]]/SUM(book[Value])",
    "Of coin": '=COUNTIF(B$6:B$8,book[[#This Row],[Coin]])&" of "&$B$6',
    "Best": '=IF(I{row}=MAX(I$6:I$8),"best",I{row}>0)',
}
FIRST, LAST = 6, 8  # the rows of the table's body in the workbook as it is made
TOTALS = LAST + 1


def make(path: Path, *extra: tuple[str, str], **more_columns: Any) -> Path:
    """Write the workbook; extra cells of the sheet Out, and columns after the others."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "My book"
    sheet["B2"] = "Positions"
    sheet["B3"], sheet["C3"] = "Fee", 0.5
    headers = {**COLUMNS, **more_columns}
    for column, (header, value) in enumerate(headers.items(), 2):
        sheet.cell(FIRST - 1, column, header).font = Font(bold=True)
        for row in range(FIRST, LAST + 1):
            cell = sheet.cell(row, column, value.format(row=row) if isinstance(value, str) else value)
            cell.fill = PatternFill("solid", fgColor="FFFFF2CC")
    right = chr(ord("A") + len(headers))
    sheet.cell(TOTALS, 2, "Total")
    sheet.cell(TOTALS, 9, "=SUBTOTAL(109,book[Profit])" if "subtotal" in more_columns else "=SUM(book[Profit])")
    table = Table(displayName="book", name="book", ref=f"B{FIRST - 1}:{right}{TOTALS}")
    table.totalsRowCount = 1
    table._initialise_columns()
    for column, header in zip(table.tableColumns, headers, strict=True):
        column.name = header
    table.tableColumns[0].totalsRowLabel = "Total"
    table.autoFilter.ref = f"B{FIRST - 1}:{right}{LAST}"
    sheet.add_table(table)
    sheet["P6"], sheet["P7"], sheet["P8"] = "beside", "=I6*2", "=I8"
    sheet["B11"] = '="Of all "&ROWS(B6:B8)&" rows, total "&TEXT(I9,"0.00")'
    sheet["B12"] = "The end"
    sheet.merge_cells("B12:D12")
    sheet.conditional_formatting.add("I6:I8", FormulaRule(formula=["I6<0"], font=Font(color="FFFF0000")))
    sheet.conditional_formatting.add("B12", FormulaRule(formula=["$I$9<0"], font=Font(color="FFFF0000")))
    above_zero = DataValidation(type="decimal", operator="greaterThan", formula1="0", allow_blank=False)
    sides = DataValidation(type="list", formula1='"long,short"', allow_blank=True)
    for rule, cells in ((above_zero, "D6:F8"), (sides, "C6:C8")):
        rule.add(cells)
        sheet.add_data_validation(rule)
    sheet["G6"].number_format = "yyyy-mm-dd"
    day = DataValidation(type="date", operator="greaterThan", formula1="40000", allow_blank=True)
    day.add("G6:G8")
    sheet.add_data_validation(day)
    out = book.create_sheet("Out")
    formulas = [
        "=SUM(book[Profit])",
        '=SUMIFS(book[Value],book[Side],"long",book[Profit],">0")',
        "=INDEX(book[Coin],MATCH(MAX(book[Profit]),book[Profit],0))",
        "=SUMPRODUCT((book[Side]=\"short\")*book[Quantity]*('My book'!$F$6:$F$8-'My book'!$D$6:$D$8))",
        "=COUNTA('My book'!B:B)",
        "='My book'!I9+profits_total",
        "=AVERAGE(profits)",
        "='My book'!$I$7",
        "=LEV_AVGENTRY(book[Entry],book[Quantity])",
        "=SMALL(book[Entry],2)/LARGE(book[Entry],1)",
        '=MEDIAN(book[Price])+ROWS(book)+COLUMNS(book)+COUNTIFS(book[Best],"best")',
        '=VLOOKUP("ETH",book[[Coin]:[Entry]],3,FALSE)',
        '=TEXT(book[[#Totals],[Profit]],"0.00")&book[[#Headers],[Coin]]',
    ]
    for row, formula in enumerate([*formulas, *(formula for _, formula in extra)], 1):
        out.cell(row, 2, formula)
    for name, text in {
        "fee": "'My book'!$C$3",
        "profits": "'My book'!$I$6:$I$8",
        "profits_total": "'My book'!$I$9",
        "answer": "Out!$B$1",
    }.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    for anchor, last in (("H14", LAST), ("P4", LAST)):
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=9, min_row=FIRST - 1, max_row=last), titles_from_data=True)
        sheet.add_chart(chart, anchor)
    sheet.print_area = "A1:L12"
    book.save(path)
    return path


def rows(count: int) -> list[list[Any]]:
    """Rows to fill it with, the same every time."""
    chance = random.Random(11)
    found = []
    for number in range(count):
        entry = round(chance.uniform(10, 60_000), 2)
        coin, side = chance.choice(["BTC", "ETH", "<&>"]), chance.choice(["long", "short", "Long"])
        day = f"2026-0{number % 9 + 1}-15"
        found.append(
            [coin, side, entry, round(chance.uniform(0.1, 5), 3), round(entry * chance.uniform(0.9, 1.1), 2), day]
        )
    if count > 1:
        found[1][0] = "ETH"
    return found

"""Tables of venues through the command, and what comes out of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from xladdin.cli import main
from xladdin.reports import exports, trips
from xladdin.reports.table import open_table

EXPORTS = Path(__file__).parents[1] / "reports" / "exports"
FIELDS = (
    *("symbol", "side", "entry", "quantity", "exit_price", "realised", "client", "margin_mode", "profit", "leverage"),
    *("price", "maintenance_margin_rate", "fees", "funding"),
)
NEEDED = ("side", "entry", "quantity")


def template(path: Path) -> Path:
    """A workbook with a name for every field; side, entry and quantity are needed, the rest may be blank."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for row, name in enumerate(FIELDS, 1):
        book.defined_names[name] = DefinedName(name, attr_text=f"S!$B${row}")
        if name in ("client", "symbol", "margin_mode"):
            rule = DataValidation(type="textLength", operator="lessThan", formula1="99")
        elif name == "side":
            rule = DataValidation(type="list", formula1='"long,short"')
        else:
            rule = DataValidation(type="decimal", operator="greaterThan", formula1="-1000000000")
        rule.allow_blank = name not in NEEDED
        rule.add(f"B{row}")
        sheet.add_data_validation(rule)
    sheet["B20"] = "=B3*B4"
    book.defined_names["value"] = DefinedName("value", attr_text="S!$B$20")
    book.save(path)
    return path


def report(table: Path, folder: Path, *options: str) -> tuple[Result, list[dict[str, Any]]]:
    """The command, and the fields of each report."""
    out = folder / "out"
    given = ["report", str(table), "--template", str(template(folder / "own.xlsx")), "--out", str(out), *options]
    result = CliRunner().invoke(main, given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    made = []
    for path in sorted(out.glob("report-*.xlsx"), key=lambda path: int(path.stem.partition("-")[2])):
        sheet = openpyxl.load_workbook(path)["S"]
        made.append({name: sheet.cell(row, 2).value for row, name in enumerate(FIELDS, 1)})
    return result, made


def fills(path: Path, rows: list[str]) -> Path:
    header = "Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def positions(path: Path) -> list[dict[str, Any]]:
    table = open_table(path)
    source = exports.recognised(table)
    assert source is not None
    return [row for frame in trips.positions_of(table, source).frames(100) for row in frame.data.iter_rows(named=True)]

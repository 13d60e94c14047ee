"""Workbooks for tests: those that users have, one around an Excel table, odd ones that no library writes."""

from __future__ import annotations

import datetime
import functools
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place
from xladdin.workbook.render import recalculate

_OWN_ROWS = [
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
_OWN_NAMES = {"entry": "B1", "leverage": "B2", "side": "B3", "note": "B4", "liquidation": "B5", "verdict": "B7"}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A small workbook of a user's own: names with and without formulas, validation, every kind of value."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "In puts"
    for row in _OWN_ROWS:
        sheet.append(row)
    sheet["B4"].font = Font(color="FF0000FF")
    sheet["E1"] = ArrayFormula("E1:E3", "=LEV_SIZE({1;2;3},2)")
    for name, cell in _OWN_NAMES.items():
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


_PORTFOLIO: dict[str, Any] = {
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
FIRST_ROW, LAST_ROW = 6, 8  # of a portfolio's table, as it is made
_TOTALS_ROW = LAST_ROW + 1


def make_portfolio(path: Path, *extra: tuple[str, str], **more_columns: Any) -> Path:
    """A workbook of a user's own around an Excel table: totals, notes below it, cells beside it, charts, names, rules.

    It may have extra cells in the sheet Out, and columns after the others.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "My book"
    sheet["B2"] = "Positions"
    sheet["B3"], sheet["C3"] = "Fee", 0.5
    headers = {**_PORTFOLIO, **more_columns}
    for column, (header, value) in enumerate(headers.items(), 2):
        sheet.cell(FIRST_ROW - 1, column, header).font = Font(bold=True)
        for row in range(FIRST_ROW, LAST_ROW + 1):
            cell = sheet.cell(row, column, value.format(row=row) if isinstance(value, str) else value)
            cell.fill = PatternFill("solid", fgColor="FFFFF2CC")
    right = chr(ord("A") + len(headers))
    sheet.cell(_TOTALS_ROW, 2, "Total")
    sheet.cell(_TOTALS_ROW, 9, "=SUBTOTAL(109,book[Profit])" if "subtotal" in more_columns else "=SUM(book[Profit])")
    table = Table(displayName="book", name="book", ref=f"B{FIRST_ROW - 1}:{right}{_TOTALS_ROW}")
    table.totalsRowCount = 1
    table._initialise_columns()
    for column, header in zip(table.tableColumns, headers, strict=True):
        column.name = header
    table.tableColumns[0].totalsRowLabel = "Total"
    table.autoFilter.ref = f"B{FIRST_ROW - 1}:{right}{LAST_ROW}"
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
    for anchor, last in (("H14", LAST_ROW), ("P4", LAST_ROW)):
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=9, min_row=FIRST_ROW - 1, max_row=last), titles_from_data=True)
        sheet.add_chart(chart, anchor)
    sheet.print_area = "A1:L12"
    book.save(path)
    return path


def portfolio_rows(count: int) -> list[list[Any]]:
    """Rows to fill a portfolio with, the same every time."""
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


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
LINK = "xl/externalLinks/externalLink1.xml"
LINK_TO = "xl/externalLinks/_rels/externalLink1.xml.rels"
DATA_LINK = "xl/externalLinks/externalLink2.xml"

# As Excel writes it of a file in the cloud: three sheets, of which one could not be read; a name; a value of each kind.
_LINK = f"""<externalLink xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 mc:Ignorable="xxl21" xmlns:xxl21="http://schemas.microsoft.com/office/spreadsheetml/2021/extlinks2021">
<externalBook xmlns:r="{OFFICE}" r:id="rId1"><xxl21:alternateUrls driveId="a" itemId="b"/>
<sheetNames><sheetName val="Prices"/><sheetName val="My 'Sheet"/><sheetName val="Gone"/></sheetNames>
<definedNames><definedName name="rate" refersTo="='Prices'!$B$3"/></definedNames><sheetDataSet>
<sheetData sheetId="0"><row r="1"><cell r="D1" t="b"><v>1</v></cell><cell r="E1" t="e"><v>#N/A</v></cell></row>
<row r="2"><cell r="A2" t="str"><v>btc</v></cell><cell r="B2"><v>5</v></cell></row>
<row r="3"><cell r="A3" t="str"><v>eth</v></cell><cell r="B3"><v>7</v></cell></row></sheetData>
<sheetData sheetId="1"><row r="1"><cell r="A1"><v>1</v></cell></row><row r="3"><cell r="A3"><v>10</v></cell></row>
</sheetData><sheetData sheetId="2" refreshError="1"/></sheetDataSet></externalBook></externalLink>"""
_LINK_TO = f"""<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath"
 Target="https://example.com/desk/my%20prices.xlsx" TargetMode="External"/></Relationships>"""
_DATA_LINK = f"""<externalLink xmlns="{MAIN}"><ddeLink xmlns:r="{OFFICE}" ddeService="Feed" ddeTopic="Spot">
<ddeItems><ddeItem name="BTC" advise="1"/></ddeItems></ddeLink></externalLink>"""


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a workbook of cells and names."""
    return functools.partial(make_book, tmp_path / "book.xlsx")


def make_book(
    path: Path, cells: Mapping[str, Any], names: Mapping[str, str], epoch: datetime.datetime = WINDOWS_EPOCH
) -> Path:
    """A workbook of one sheet, S; a pair is an array formula with its range."""
    book = openpyxl.Workbook()
    book.epoch = epoch
    sheet = book.active
    sheet.title = "S"
    for address, value in cells.items():
        sheet[address] = ArrayFormula(*value) if isinstance(value, tuple) else value
    for name, text in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    book.save(path)
    return path


def filled(path: Path, **inputs: Any) -> Any:
    """The sheet S of a workbook that is filled in and computed."""
    target = path.with_name("filled.xlsx")
    recalculate(read_model(path), target, inputs)
    return openpyxl.load_workbook(target, data_only=True)["S"]


def value_of(tmp_path: Path, formula: str, cells: Mapping[str, Any]) -> Any:
    """What a formula beside these cells gives."""
    model = read_model(make_book(tmp_path / "book.xlsx", {**cells, "Z1": formula}, {}))
    (values,) = compute(model, [{}])
    return values[Place("S", 1, 26)]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(path: Path, changed: Mapping[str, bytes | None]) -> Path:
    """Replace parts of a file, add some, or take away those that are None."""
    found = {name: text for name, text in (parts(path) | changed).items() if text is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in found.items():
            archive.writestr(name, text)
    return path


def add_links(path: Path) -> Path:
    """Link a workbook to another one and to a program that sends values."""
    found = parts(path)
    references, relations, types = "", "", ""
    for number in (1, 2):
        name = f"externalLinks/externalLink{number}.xml"
        references += f'<externalReference xmlns:r="{OFFICE}" r:id="rId9{number}"/>'
        relations += f'<Relationship Id="rId9{number}" Type="{OFFICE}/externalLink" Target="{name}"/>'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
        types += f'<Override PartName="/xl/{name}" ContentType="{kind}"/>'

    def before(part: str, mark: str, text: str) -> bytes:
        return found[part].decode().replace(mark, text + mark, 1).encode()

    workbook = found["xl/workbook.xml"].decode()
    return with_parts(
        path,
        {
            "xl/workbook.xml": workbook.replace(
                "</sheets>", f"</sheets><externalReferences>{references}</externalReferences>", 1
            ).encode(),
            "xl/_rels/workbook.xml.rels": before("xl/_rels/workbook.xml.rels", "</Relationships>", relations),
            "[Content_Types].xml": before("[Content_Types].xml", "</Types>", types),
            LINK: _LINK.encode(),
            LINK_TO: _LINK_TO.encode(),
            DATA_LINK: _DATA_LINK.encode(),
        },
    )


def named_values(path: Path) -> dict[str, Any]:
    """The stored value of each name that points to one cell."""
    book = openpyxl.load_workbook(path, data_only=True)
    cells = {name: defined.attr_text.rpartition("!")[::2] for name, defined in book.defined_names.items()}
    return {
        name: book[sheet.strip("'")][cell.replace("$", "")].value
        for name, (sheet, cell) in cells.items()
        if sheet and ":" not in cell
    }

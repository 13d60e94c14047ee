"""One workbook of all rows: the table, what refers to it, and every value, held against the formula engine."""

from __future__ import annotations

import csv
import datetime
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars
import pytest
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.table import Table
from support import second_engine
from support.books import FIRST_ROW, LAST_ROW, make_portfolio, portfolio_rows
from support.command import call

from xladdin.core.errors import UserError
from xladdin.reports import into, reader
from xladdin.templates import find
from xladdin.workbook import engine, oracle
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.table import compute, excel_table, resize
from xladdin.workbook.table.excel_table import tables_of

HEADER = ["coin", "Side", "entry", "QUANTITY", "Price", "opened"]
TOLERANCE = 1e-13  # sums in pairs and sums in a row differ by the last digits


def write(path: Path, rows: list[list[Any]], header: list[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def filled(tmp_path: Path, count: int, template: Path | None = None) -> Path:
    template = template or make_portfolio(tmp_path / "own.xlsx")
    table = write(tmp_path / "t.csv", portfolio_rows(count))
    outcome = into.fill(table, template, tmp_path / "one.xlsx")
    assert (outcome.made, outcome.rejected, outcome.remarks) == (count, 0, [])
    return tmp_path / "one.xlsx"


_TAKES_AN_ARRAY = re.compile(r"SMALL\(\(|COUNTIFS?\(([^,]+),\1[,)]")


def differences(path: Path) -> tuple[int, list[Any]]:
    """How many formulas a file has, and those whose stored value is not what the formula engine gives."""
    model, stored = read_model(path), openpyxl.load_workbook(path, data_only=True)
    workbook = second_engine.filled(model)
    places = list(model.formulas)
    found = []
    for place, value in zip(places, workbook.evaluate_cells([tuple(place) for place in places]), strict=True):
        ours, theirs = stored[place.sheet].cell(place.row, place.column).value, engine.from_engine(value)
        if isinstance(ours, datetime.datetime):
            ours = to_excel(ours)
        are_numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (ours, theirs))
        is_same = math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=1e-9) if are_numbers else ours == theirs
        if not is_same:
            found.append((place, model.formulas[place], ours, theirs))
    return len(places), found


@pytest.mark.parametrize("count", [1, 2, 3, 4, 40])
def test_every_formula_has_the_value_that_the_engine_gives(tmp_path: Path, count: int) -> None:
    path = filled(tmp_path, count)
    formulas, wrong = differences(path)
    # VLOOKUP finds no ETH in a single row: #N/A there, by both.
    assert (formulas, wrong) == (count * 5 + 1 + 2 + 1 + 13, [])


def test_a_range_that_ends_or_begins_at_the_edge_of_the_table_follows_it(tmp_path: Path) -> None:
    edges = [
        ("from above", "=SUM('My book'!D2:D6)"),
        ("to below", "=SUM('My book'!D8:D12)"),
        ("left", "=COUNTA('My book'!A6:B6)"),
    ]
    assert differences(filled(tmp_path, 5, make_portfolio(tmp_path / "own.xlsx", *edges)))[1] == []


def test_the_template_positions_too(tmp_path: Path) -> None:
    header = ["Symbol", "side", "venue", "entry", "quantity", "leverage", "maintenance_margin_rate", "price"]
    rows = [["BTC", ("long", "short")[n % 2], "okx", 100 + n, 2, 1 + n % 30, 0.01, 101 - n % 3] for n in range(150)]
    rows[7][5] = rows[90][5] = 120  # can't be opened: the row says CHECK
    into.fill(write(tmp_path / "t.csv", rows, header), find("positions"), tmp_path / "one.xlsx")
    formulas, wrong = differences(tmp_path / "one.xlsx")
    # The second engine takes an array in SMALL, or for a criterion, for one value; Calc is asked for these.
    model = read_model(tmp_path / "one.xlsx")
    of_arrays = [place for place, formula in model.formulas.items() if _TAKES_AN_ARRAY.search(formula)]
    excused = oracle.dependents(compile_model(model), of_arrays)
    assert 0 < len(of_arrays) <= 8 + 2 * 2
    assert [each for each in wrong if each[0] not in excused] == []
    assert formulas > 150 * 9
    (table,) = (each for each in tables_of(read_model(tmp_path / "one.xlsx").package) if each.name == "positions")
    stored = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)["Positions"]
    column = table.first_column + table.columns.index("Row")
    assert [stored.cell(table.first_row + index, column).value for index in (6, 7, 8)] == ["OK", "CHECK", "OK"]


def test_what_refers_to_the_table_follows_it(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled(tmp_path, 40))
    sheet = book["My book"]
    last = FIRST_ROW + 39
    assert sheet.tables["book"].ref == f"B5:L{last + 1}"
    assert sheet.tables["book"].autoFilter.ref == f"B5:L{last}"
    assert book.defined_names["profits"].attr_text == f"'My book'!$I$6:$I${last}"
    assert book.defined_names["profits_total"].attr_text == f"'My book'!$I${last + 1}"
    assert book.defined_names["fee"].attr_text == "'My book'!$C$3"
    assert sorted(str(rule.sqref) for rule in sheet.data_validations.dataValidation) == [
        f"C6:C{last}", f"D6:F{last}", f"G6:G{last}",
    ]  # fmt: skip
    formats = {str(each.sqref): each.rules[0].formula for each in sheet.conditional_formatting}
    assert formats == {f"I6:I{last}": ["I6<0"], f"B{last + 4}": [f"$I${last + 1}<0"]}
    assert [str(merged) for merged in sheet.merged_cells.ranges] == [f"B{last + 4}:D{last + 4}"]
    assert sheet[f"B{last + 4}"].value == "The end"
    assert sheet[f"B{last + 1}"].value == "Total"
    assert sheet.print_area == f"'My book'!$A$1:$L${last + 4}"
    assert [sheet[f"P{row}"].value for row in (6, 7, 8, 9)] == ["beside", "=I6*2", "=I8", None]
    assert sheet["I40"].value == "=LEV_PROFIT(D40,F40,E40,1,$C40)+fee"
    assert sheet["K40"].value == f'=COUNTIF(B$6:B${last},book[[#This Row],[Coin]])&" of "&$B$6'
    assert {sheet[f"D{row}"].fill.fgColor.rgb for row in range(6, last + 1)} == {"FFFFF2CC"}
    rows = sorted(chart.anchor._from.row for chart in sheet._charts)
    assert rows == [3, 13 + 37]  # the one beside the table stays, the one below it moves
    for chart in sheet._charts:
        assert chart.series[0].val.numRef.f == f"'My book'!$I$6:$I${last}"


def test_a_shorter_table_pulls_up_its_totals_and_nothing_else(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled(tmp_path, 1))
    sheet = book["My book"]
    assert sheet.tables["book"].ref == "B5:L7"
    assert [sheet[cell].value for cell in ("B7", "B8", "B9", "P8", "B12")] == ["Total", None, None, "=#REF!", "The end"]


def test_values_of_every_kind_arrive(tmp_path: Path) -> None:
    table = write(
        tmp_path / "t.csv", [['é <&>"', " SHORT ", "1e3", "1,000.5", " 7 ", "2026-02-03"], ["x", "", "1", "2", "3", ""]]
    )
    into.fill(table, make_portfolio(tmp_path / "own.xlsx"), tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)["My book"]
    first, second = ([sheet.cell(row, column).value for column in range(2, 8)] for row in (6, 7))
    assert first[:5] == ['é <&>"', "SHORT", 1000, 1000.5, 7]
    assert str(first[5]) == "2026-02-03 00:00:00"
    assert second == ["x", None, 1, 2, 3, None]


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_every_kind_of_table_gives_the_same_bytes(tmp_path: Path, kind: str) -> None:
    template = make_portfolio(tmp_path / "own.xlsx")
    first = filled(tmp_path, 30, template).read_bytes()
    frame = polars.read_csv(tmp_path / "t.csv", try_parse_dates=True)
    (frame.write_excel if kind == "xlsx" else frame.write_parquet)(tmp_path / f"t.{kind}")
    into.fill(tmp_path / f"t.{kind}", template, tmp_path / "two.xlsx")
    assert (tmp_path / "two.xlsx").read_bytes() == first


def test_the_size_of_a_block_or_a_frame_does_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = make_portfolio(tmp_path / "own.xlsx")
    first = filled(tmp_path, 30, template).read_bytes()
    monkeypatch.setattr(compute, "BLOCK", 7)
    monkeypatch.setattr(reader, "FRAME", 4)
    monkeypatch.setattr("xladdin.workbook.table.write._BATCH", 3)
    assert filled(tmp_path, 30, template).read_bytes() == first


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("=IF(ISNUMBER(M{before}),M{before},0)+D{row}", "it refers to other rows than its own"),
        ("=SUM(D$6:D{row})", "it refers to other rows than its own"),
        ("=Out!$A{row}", "it refers to other rows than its own"),
        ("=SUMPRODUCT((book[Coin]=book[[#This Row],[Coin]])*book[Entry])", "it combines its row with whole columns"),
    ],
)
def test_what_cannot_be_turned_is_left_to_the_engine(tmp_path: Path, column: str, reason: str) -> None:
    template = make_portfolio(
        tmp_path / "own.xlsx", ("last", "=SUM(book[Extra])"), Extra=column.replace("{before}", "5")
    )
    book = openpyxl.load_workbook(template)
    for row in range(FIRST_ROW, LAST_ROW + 1):
        book["My book"].cell(row, 13, column.format(row=row, before=row - 1))
    book.save(template)
    path = filled(tmp_path, 6, template)
    assert differences(path)[1] == []
    said = into.explain(tmp_path / "t.csv", template)
    assert "2 are computed cell by cell" in said[0]
    assert any(reason in line for line in said)
    assert any("it depends on My book!M6" in line for line in said)


def test_a_column_that_refers_to_itself_as_a_whole_is_refused(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "own.xlsx", Extra="=SUM(book[Extra])")
    with pytest.raises(UserError, match=r"circular reference, from My book!M6"):
        into.fill(write(tmp_path / "t.csv", portfolio_rows(2)), template, tmp_path / "one.xlsx")


def test_shared_formulas_are_written_out(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "own.xlsx", ("one", "=1+1"), ("two", "=B14+2"), ("three", "=B15+2"))
    with zipfile.ZipFile(template) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet2.xml"]
    sheet = sheet.replace(b"<f>B14+2</f>", b'<f t="shared" ref="B15:B16" si="0">B14+2</f>')
    parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"<f>B15+2</f>", b'<f t="shared" si="0"/>')
    with zipfile.ZipFile(template, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    path = filled(tmp_path, 5, template)
    assert differences(path)[1] == []
    assert openpyxl.load_workbook(path, data_only=True)["Out"]["B16"].value == 6


def test_rows_that_cannot_be_used_are_listed_and_the_others_are_in_it(tmp_path: Path) -> None:
    good = portfolio_rows(3)
    bad = [
        ["BTC", "sideways", 1, 1, 1, ""],
        ["BTC", "long", "x", 1, 1, ""],
        ["BTC", "long", 1, -1, 1, ""],
        ["BTC", "long", 1, "", 1, ""],
        ["BTC", "long", 1, 1, "1_0", ""],
        ["BTC", "long", 1, 1, "inf", ""],
        ["BTC", "long", 1, 1, 1, "yesterday"],
        ["BTC", "long", 1, 1, 1, "", "more"],
    ]
    mixed = [good[0], *bad[:4], good[1], [""] * 6, *bad[4:], good[2]]
    outcome = into.fill(write(tmp_path / "t.csv", mixed), make_portfolio(tmp_path / "own.xlsx"), tmp_path / "one.xlsx")
    assert (outcome.made, outcome.rejected, len(outcome.first_rejected)) == (3, 8, 5)
    with (tmp_path / "one-rejected.csv").open(newline="") as file:
        listed = list(csv.reader(file))[1:]
    assert [(line, why.removeprefix("column ").partition(":")[0]) for line, why, *_ in listed] == [
        ("3", "Side"), ("4", "entry"), ("5", "QUANTITY"), ("6", "QUANTITY"), ("9", "Price"), ("10", "Price"),
        ("11", "opened"), ("12", "it has more values than the 6 columns of the header"),
    ]  # fmt: skip
    first = (tmp_path / "one.xlsx").read_bytes()
    again = into.fill(write(tmp_path / "t.csv", good), tmp_path / "own.xlsx", tmp_path / "one.xlsx")
    assert again.rejected == 0
    assert (tmp_path / "one.xlsx").read_bytes() == first
    assert not (tmp_path / "one-rejected.csv").exists()


def test_no_usable_row_makes_no_workbook(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", [["BTC", "long", "x", 1, 1, ""]])
    outcome = into.fill(table, make_portfolio(tmp_path / "own.xlsx"), tmp_path / "one.xlsx")
    assert (outcome.made, outcome.rejected) == (0, 1)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("one", "."))] == ["one-rejected.csv"]


def test_more_rows_than_a_sheet_holds_are_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (resize, excel_table):
        monkeypatch.setattr(room, "MOST_ROWS", 30)
    template = make_portfolio(tmp_path / "own.xlsx")
    with pytest.raises(UserError, match="has more rows than the 24 that fit the sheet My book from row 6 on"):
        into.fill(write(tmp_path / "t.csv", portfolio_rows(25)), template, tmp_path / "one.xlsx")
    with pytest.raises(UserError, match="My book!B11 would be pushed off the sheet by 24 rows"):
        into.fill(write(tmp_path / "t.csv", portfolio_rows(24)), template, tmp_path / "one.xlsx")
    assert [path for path in tmp_path.iterdir() if "one" in path.name] == []
    path = filled(tmp_path, 21, template)
    assert openpyxl.load_workbook(path)["My book"].max_row == 30


def test_blank_rows_that_are_pushed_off_the_sheet_are_named_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (resize, excel_table):
        monkeypatch.setattr(room, "MOST_ROWS", 30)
    template = make_portfolio(tmp_path / "own.xlsx")
    book = openpyxl.load_workbook(template)
    book["My book"].print_area = "A1:L15"
    book.save(template)
    assert openpyxl.load_workbook(filled(tmp_path, 21, template))["My book"].print_area == "'My book'!$A$1:$L$30"


def test_columns_that_are_missing_or_unknown_are_remarked_on(tmp_path: Path) -> None:
    rows = [["BTC", 1, 2, 3, 9]]
    table = write(tmp_path / "t.csv", rows, ["coin", "entry", "quantity", "price", "profit"])
    outcome = into.fill(table, make_portfolio(tmp_path / "own.xlsx"), tmp_path / "one.xlsx")
    assert [remark.replace(f"{tmp_path / 't.csv'}", "t.csv") for remark in outcome.remarks] == [
        "t.csv: columns not used: profit.",
        "t.csv has no column Side, Opened; blank in the table book.",
    ]
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)["My book"]
    assert (sheet["C6"].value, sheet["I6"].value) == (None, 4.5)  # a blank side is long
    with pytest.raises(UserError, match=r"has no column for Quantity, Price of own\.xlsx"):
        into.fill(write(table, [["BTC", 1]], ["coin", "entry"]), tmp_path / "own.xlsx", tmp_path / "one.xlsx")


def test_a_template_without_a_fitting_table_is_refused(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", [[1, 2]], ["colour", "shape"])
    with pytest.raises(UserError, match=r"futures-planner\.xlsx has no Excel table, which is what --group-by, --into"):
        into.fill(table, find("futures-planner"), tmp_path / "one.xlsx")
    with pytest.raises(UserError, match="has no column that is named like an input"):
        into.fill(table, find("positions"), tmp_path / "one.xlsx")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("one.csv", "a name that ends in .xlsx"),
        ("folder.xlsx", "is a folder"),
        ("own.xlsx", "is the template itself"),
        ("t.xlsx", "is the table itself"),
        ("", "a name that ends in .xlsx"),
        (".xlsx", "a name that ends in .xlsx"),
        ("file/one.xlsx", "can't be written"),
    ],
)
def test_a_target_that_cannot_be_is_refused(tmp_path: Path, target: str, said: str) -> None:
    template = make_portfolio(tmp_path / "own.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").touch()
    polars.DataFrame(portfolio_rows(2), schema=HEADER, orient="row").write_excel(tmp_path / "t.xlsx")
    before = template.read_bytes()
    with pytest.raises(UserError, match=re.escape(said)):
        into.fill(tmp_path / "t.xlsx", template, f"{tmp_path}/{target}" if target else "")
    assert template.read_bytes() == before


def test_a_url_takes_the_workbook_and_the_list(tmp_path: Path) -> None:
    import fsspec

    rows = [*portfolio_rows(3), ["BTC", "long", "x", 1, 1, ""]]
    template = make_portfolio(tmp_path / "own.xlsx")
    into.fill(write(tmp_path / "t.csv", rows), template, "memory://desk/one.xlsx")
    system = fsspec.filesystem("memory")
    assert {path.rpartition("/")[2] for path in system.find("/desk")} == {"one.xlsx", "one-rejected.csv"}
    assert system.cat("/desk/one.xlsx") == filled(tmp_path, 3, template).read_bytes()


@pytest.mark.slow
def test_as_many_rows_as_a_sheet_holds_and_one_more(tmp_path: Path) -> None:
    """A million rows in a table of plain formulas: every one of them, and little memory."""
    import subprocess
    import sys

    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    sheet.append(["Equity", "=SUM(book[Equity])"])
    sheet.append(["Symbol", "Entry", "Quantity", "Leverage", "Price", "Liquidation", "Equity"])
    liquidation = "=LEV_LIQPRICE(book[[#This Row],[Entry]],book[[#This Row],[Leverage]],1%)"
    equity = "=B3*C3/D3+(E3-B3)*C3"
    sheet.append(["BTC", 50000, 1, 10, 51000, liquidation, equity])
    sheet.add_table(Table(displayName="book", ref="A2:G3"))
    book.save(tmp_path / "own.xlsx")
    most = tables_of(read_model(tmp_path / "own.xlsx").package)[0].capacity
    assert most == 1_048_576 - 2
    header = ["Symbol", "Entry", "Quantity", "Leverage", "Price"]
    frame = polars.DataFrame([["BTC", 100.5, 2.0, 10.0, 101.25]], schema=header, orient="row")
    polars.concat([frame] * most).write_csv(tmp_path / "t.csv")
    measured = (
        "import sys; from pathlib import Path; from xladdin.reports.into import fill;"
        "print(fill(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]).made);"
        "print(int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024)"
    )
    one = tmp_path / "one.xlsx"
    command = [sys.executable, "-c", measured, str(tmp_path / "t.csv"), str(tmp_path / "own.xlsx"), str(one)]
    made, megabytes = map(int, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert made == most
    assert megabytes <= 300
    with zipfile.ZipFile(one) as archive, archive.open("xl/worksheets/sheet1.xml") as part:
        first = part.read(4000)
        last = b""
        while chunk := part.read(1 << 20):
            last = last[-100_000:] + chunk
    assert re.findall(rb'<row r="(\d+)"', last)[-1] == b"1048576"
    (total,) = re.findall(rb'<c r="B1"[^>]*><f>[^<]*</f><v>([^<]*)</v>', first)
    assert float(total) == pytest.approx(most * (201 / 10 + 1.5), rel=1e-12)
    polars.concat([frame] * (most + 1)).write_csv(tmp_path / "t.csv")
    with pytest.raises(UserError, match="has more rows than the 1,048,574 that fit"):
        into.fill(tmp_path / "t.csv", tmp_path / "own.xlsx", tmp_path / "two.xlsx")


ROWS_OF_FUNCTIONS = [
    {
        "Row": "=ROW()-ROW(book[[#Headers],[Coin]])",
        "Liquidation": "=INDEX(LEV_LIQPOSITIONS(1000,D$6:D$8,E$6:E$8,C$6:C$8,0.01),ROW()-5)",
        "Same": "=LEV_LIQPOSITIONS(1000,book[Entry],book[Quantity],book[Side],0.01,,,,,ROWS(D$6:D{row}))",
    },
    {
        "Step": '=LEV_LADDER(book[Entry],book[Quantity],20000,0.01,,,,,"liquidation",ROWS(D$6:D{row}))',
        "Entry so far": '=LEV_REALIZED(D$6:D{row},E$6:E{row},,,,"entry",1)',
        "Balance": "=INDEX(LEV_AMORTIZE(1000+D{row},0.1,12),3,4)",
    },
    {
        "Position": '=INDEX(LEV_LADDER(book[Entry],book[Quantity],20000,0.01,,,,,"position"),3)',
        "Own": "=INDEX(LEV_LADDER(D{row},E{row},D{row}*E{row}/10,0.01),1,4)",
        "Led": "=SUM(ROW(D{row}),OFFSET(D{row},0,1))",
    },
]


@pytest.mark.parametrize("more", ROWS_OF_FUNCTIONS, ids=lambda more: next(iter(more)))
def test_functions_that_give_rows_and_what_asks_for_its_own_row(tmp_path: Path, more: dict[str, str]) -> None:
    path = filled(tmp_path, 7, make_portfolio(tmp_path / "own.xlsx", **more))
    assert differences(path)[1] == []
    sheet = openpyxl.load_workbook(path, data_only=True)["My book"]
    for column in range(13, 13 + len(more)):
        values = [sheet.cell(row, column).value for row in range(6, 6 + 7)]
        assert any(isinstance(value, (int, float)) for value in values)
    if "Row" in more:
        assert [sheet.cell(row, 13).value for row in range(6, 6 + 7)] == [1, 2, 3, 4, 5, 6, 7]
        assert [sheet.cell(row, 14).value for row in range(6, 13)] == [
            sheet.cell(row, 15).value for row in range(6, 13)
        ]


def test_a_range_without_an_array_means_the_cell_in_its_row(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "own.xlsx", Double="=D$6:D$8*2")
    sheet = openpyxl.load_workbook(filled(tmp_path, 5, template), data_only=True)["My book"]
    assert [sheet.cell(row, 13).value for row in range(6, 11)] == [sheet.cell(row, 4).value * 2 for row in range(6, 11)]


def test_rows_with_an_error_among_their_results_are_counted_in_one_workbook_too(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "template.xlsx", Extra="=1/D{row}-1/(D{row}-5)")
    table = tmp_path / "t.csv"
    table.write_text("coin,entry,quantity,price\nBTC,1,1,1\nETH,5,1,1\nSOL,5,1,1\n")
    result = call("report", table, "--template", template, "--into", tmp_path / "one.xlsx")
    assert "3 rows in" in result.stderr
    assert "2 with an error or a failing check" in result.stderr


@pytest.mark.parametrize(("currency", "is_told"), [("EUR", True), ("usdc", False), ("", False)])
def test_money_of_another_currency_than_the_book_s_is_a_doubt(currency: str, is_told: bool, tmp_path: Path) -> None:
    header = ["symbol", "side", "entry", "quantity", "leverage", "maintenance_margin_rate", "price", "currency"]
    table = write(tmp_path / "t.csv", [["BTC", "long", 100, 2, 5, 0.01, 101, currency]] * 1, header)
    result = call("report", table, "--template", "positions", "--into", tmp_path / "one.xlsx", "--quiet")
    assert result.exit_code == 0, result.stderr
    told = f"the column currency has {currency}, and all is counted as USD" in result.stderr
    assert told == is_told, result.stderr

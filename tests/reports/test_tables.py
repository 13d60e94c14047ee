"""Tables as they come: kinds of files, encodings, lines before the header, and what is damaged, in one sentence."""

from __future__ import annotations

import datetime
import gzip
import io
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars
import pytest
from click.testing import CliRunner
from support.books import make_book, parts, with_parts

from xladdin.cli import main
from xladdin.core.errors import UnreadableError
from xladdin.reports import notation
from xladdin.reports.run import run
from xladdin.reports.table import open_table

TEXT = "note,entry\nM\u00fcller,1.5\nB,2\n"


def read(path: Path, **options: Any) -> list[tuple[Any, ...]]:
    """The lines and values of a table."""
    table = open_table(path, **options)
    found = []
    for frame in table.frames(100):
        for line, row in zip(frame.lines.tolist(), frame.data.iter_rows(), strict=True):
            found.append((line, *row[: len(table.columns)]))
    return found


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(path, **options)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    return str(caught.value)


def test_text_files_of_every_kind_and_packing(tmp_path: Path) -> None:
    wanted = [(2, "M\u00fcller", "1.5"), (3, "B", "2")]
    for name, text in (("a.csv", TEXT), ("a.txt", TEXT.replace(",", "|")), ("a.tsv", TEXT.replace(",", "\t"))):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert read(path) == wanted
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        assert read(tmp_path / f"{name}.gz") == wanted
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.write(path, name)
        assert read(tmp_path / f"{name}.zip") == wanted


def test_a_zip_of_several_tables_or_none_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TEXT)
        archive.writestr("b.csv", TEXT)
    assert "holds 2 files; allowed is a .zip of one table" in refused(path)
    path.write_bytes(path.read_bytes()[:40])
    assert "can't be unpacked" in refused(path)
    gz = tmp_path / "t.csv.gz"
    gz.write_bytes(gzip.compress(TEXT.encode())[:30])
    assert "can't be unpacked" in refused(gz)


def test_a_number_of_a_sheet_is_read_to_its_last_digit(tmp_path: Path, workbook: Path) -> None:
    numbers = [8.52345678e-6, 1 / 3, 1.23456789e-7, 1.5e-10, 123456.0625, 5e15 + 1]
    book = openpyxl.Workbook()
    for row in (["entry"], *([number] for number in numbers)):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    run(tmp_path / "t.xlsx", workbook, tmp_path / "out")
    made = [openpyxl.load_workbook(tmp_path / "out" / f"report-{n}.xlsx")["In puts"]["B1"].value for n in range(1, 7)]
    assert made == numbers


def test_an_error_or_a_formula_that_nobody_computed_is_no_blank(tmp_path: Path, workbook: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["entry", "leverage"], [1, 2], [3, "#N/A"], [4, "=5*4"], [5, 6]):
        book.active.append(row)
    book.active["B3"].data_type = "e"
    book.save(tmp_path / "t.xlsx")
    outcome = run(tmp_path / "t.xlsx", workbook, tmp_path / "out")
    assert (outcome.made, [row.line for row in outcome.first_rejected]) == (2, [3, 4])
    assert [row.faults[0].value for row in outcome.first_rejected] == ["#N/A", "=5*4"]


def test_the_first_visible_sheet_with_rows_is_read_with_its_own_line_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.append(["entry"])
    hidden.append([9])
    hidden.sheet_state = "hidden"
    book.create_sheet("Cover")["A1"] = "Positions"
    table = book.create_sheet("Table")
    table["B4"], table["C4"] = "note", "entry"
    table["B5"], table["C5"] = "x", datetime.datetime(2026, 1, 2, 3, 4, 5)
    table["B7"], table["C7"] = "y", True
    more = book.create_sheet("More")
    more.append(["entry"])
    more.append([7])
    book.save(tmp_path / "t.xlsx")
    found = open_table(tmp_path / "t.xlsx")
    assert (found.form, found.header) == ("sheet Table", 4)
    assert found.remarks == [f"{tmp_path / 't.xlsx'} has more sheets with rows (More); read is Table."]
    assert [row[0] for row in read(tmp_path / "t.xlsx")] == [5, 6, 7]
    assert read(tmp_path / "t.xlsx", sheet="more") == [(2, "7")]
    assert "has no sheet 'x'; its sheets are" in refused(tmp_path / "t.xlsx", sheet="x")


def test_lines_before_the_header_are_passed_over_or_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('My positions,,\n\nsep=,\nnote,entry,side\n"two\nlines",1,long\n"x, y",2,short\n\n')
    table = open_table(path)
    assert (table.header, table.columns) == (4, ["note", "entry", "side"])
    assert read(path)[0][1:] == ("two\nlines", "1", "long")
    path.write_text("1,2\n3,4\nentry,leverage\n5,6\n")
    assert read(path, header=3) == [(4, "5", "6")]


def test_a_semicolon_file_whose_header_has_a_comma_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('"Preis, USD";leverage\n5;10\n7;3\n')
    assert open_table(path).columns == ["Preis, USD", "leverage"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'a,b\n1,2\n3,"x\n4,5\n', "line 3 has a quotation mark"),
        (b"\0" * 5000, "is no text"),
        (b"a" * 3_000_000, "has a line of more than"),
        (b"a,b\n", "has no rows"),
        (b"\n\n\n", "has no rows"),
    ],
)
def test_damaged_text_is_refused_in_our_words(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert said in refused(path)


def test_damaged_workbooks_are_refused_in_our_words(tmp_path: Path) -> None:
    for name, content in (("a.xls", b"x"), ("a.ods", b"PK"), ("a.xlsx", b""), ("a.xlsb", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(content)
        assert refused(tmp_path / name).startswith(str(tmp_path / name))
    book = make_book(tmp_path / "own.xlsx", {"A1": "entry", "A2": 1}, {})
    with_parts(book, {"xl/worksheets/sheet1.xml": b"<worksheet"})
    assert "can't be read" in refused(book)


@pytest.mark.parametrize("place", ["A1048577", "B99999999", "XFE3", "ZZZZ3", "A999999999999999999999"])
def test_a_cell_off_the_sheet_is_refused_before_all_blank_ones_before_it_are_read(tmp_path: Path, place: str) -> None:
    path = make_book(tmp_path / "t.xlsx", {"A1": "entry", "A2": 1}, {})
    sheet = parts(path)["xl/worksheets/sheet1.xml"]
    cell = f'<row r="{place.strip("ABEFXZ")}"><c r="{place}"><v>5</v></c></row></sheetData>'
    with_parts(path, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", cell.encode())})
    said = refused(path)
    assert said.startswith(f"{path}, sheet S: found the ")
    assert said.endswith("; allowed are rows to 1048576 and columns to XFD.")


def test_a_name_that_is_too_long_is_a_sentence(tmp_path: Path) -> None:
    assert "can't be read" in refused(tmp_path / f"{'x' * 300}.csv")


@pytest.mark.parametrize("kind", ["datetime", "time", "duration", "list", "struct", "binary", "categorical"])
def test_what_no_cell_holds_is_no_number(tmp_path: Path, workbook: Path, kind: str) -> None:
    values: dict[str, Any] = {
        "datetime": polars.Series([datetime.datetime(2026, 1, 1)]),
        "time": polars.Series([datetime.time(1, 2)]),
        "duration": polars.Series([datetime.timedelta(1)]),
        "list": polars.Series([[1, 2]]),
        "struct": polars.Series([{"a": 1}]),
        "binary": polars.Series([b"1"]),
        "categorical": polars.Series(["x"], dtype=polars.Categorical),
    }
    polars.DataFrame({"entry": values[kind], "note": ["x"]}).write_parquet(tmp_path / "t.parquet")
    outcome = run(tmp_path / "t.parquet", workbook, tmp_path / "out")
    assert (outcome.made, outcome.rejected) == (0, 1)


def test_a_table_comes_from_another_program(tmp_path: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"entry\n5\n6\n")))
    assert run(Path("-"), workbook, tmp_path / "out").made == 2


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("1,234.56", 1234.56), ("$1,055.81", 1055.81), ("1234.56 USDT", 1234.56), ("2 BTC", 2), ("1'234.56", 1234.56),
        ("10x", 10), ("Cross 20x", 20), ("20X isolated", 20), ("(2)", -2), ("-$5", -5), ("\u2212 5", -5), ("50%", 0.5),
        ("25 bps", 0.0025), ("0.305USDT", 0.305), ("\u20ac 1 234,5", 1234.5), ("0,02", 0.02), ("1.234.567", 1234567),
        ("1e-5", 1e-5), (" 7 ", 7), ("+2", 2), ("x", None), ("1_0", None), ("\uff11", None), ("inf", None),
        ("nan", None),
        ("(2", None), ("12,34,56", None), ("1.2.3", None), ("--5", None), ("5 coins", None), ("2026-01-01", None),
    ],
)  # fmt: skip
def test_numbers_as_they_are_written(text: str, read_as: float | None) -> None:
    assert notation.numbers(polars.Series([text]))[0].to_list() == [read_as]


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("2026-01-12T21:00:00Z", None, "2026-01-12 21:00:00"),
        ("2026-01-12T21:00:00+02:00", None, "2026-01-12 19:00:00"),
        ("2026-01-01T00:00:00.250Z", None, "2026-01-01 00:00:00.250000"),
        ("12/25/2019, 7:00:00 AM", None, "2019-12-25 07:00:00"),
        ("12/25/2019 12:30 pm", None, "2019-12-25 12:30:00"),
        ("1768251600", None, "2026-01-12 21:00:00"),
        ("1768251600000", None, "2026-01-12 21:00:00"),
        ("2026/01/12 21:00", None, "2026-01-12 21:00:00"),
        ("25.12.2025", None, "2025-12-25 00:00:00"),
        ("03/04/2026", "dmy", "2026-04-03 00:00:00"),
        ("03/04/2026", "mdy", "2026-03-04 00:00:00"),
        ("03/04/2026", None, None),
        ("08/03/2026 - 11:15:00", "dmy", "2026-03-08 11:15:00"),
        ("31/02/2026", "dmy", None),
        ("2026-01-12 25:00", None, None),
        ("yesterday", None, None),
    ],
)
def test_times_as_they_are_written(text: str, order: str | None, moment: str | None) -> None:
    found = notation.time_of(text, order)
    assert (str(found) if found else None) == moment


def test_dates_of_two_meanings_are_asked_for(tmp_path: Path) -> None:
    template = make_book(tmp_path / "own.xlsx", {"A1": datetime.datetime(2020, 1, 1), "A2": "=A1+1"}, {"day": "S!$A$1"})
    table = tmp_path / "t.csv"
    arguments = ["report", str(table), "--template", str(template), "--out", str(tmp_path / "out")]

    def day(*options: str) -> Any:
        result = CliRunner().invoke(main, [*arguments, *options])
        if result.exit_code:
            return result.exit_code
        return openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx")["S"]["A1"].value

    table.write_text("day\n03/04/2026\n05/06/2026\n")
    assert day() == 3
    assert day("--dates", "dmy") == datetime.datetime(2026, 4, 3)
    assert day("--dates", "mdy") == datetime.datetime(2026, 3, 4)
    table.write_text("day\n03/04/2026\n25/06/2026\n")
    assert day() == datetime.datetime(2026, 4, 3)
    table.write_text("day\n2026-01-12T21:00:00Z\n")
    assert day() == datetime.datetime(2026, 1, 12, 21)
    result = CliRunner().invoke(
        main, ["new", str(template), "-o", str(tmp_path / "n.xlsx"), "--set", "day=2026-01-12T21:00:00Z"]
    )
    assert result.exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "n.xlsx")["S"]["A1"].value == datetime.datetime(2026, 1, 12, 21)


def test_columns_of_one_name_are_told_apart_where_nobody_needs_them(tmp_path: Path, workbook: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("entry,Unit,fee,unit\n5,BTC,1,USDT\n")
    assert open_table(table).columns == ["entry", "Unit", "fee", "unit (2)"]
    assert run(table, workbook, tmp_path / "out", "{unit (2)}").made == 1

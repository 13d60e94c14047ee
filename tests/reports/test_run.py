"""A table in, workbooks out: through the same function that the command calls."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import polars
import pytest
from click.testing import CliRunner
from openpyxl.workbook.defined_name import DefinedName

from xladdin.cli import main
from xladdin.core.errors import UnreadableError, UserError
from xladdin.reports.run import run

GOOD = "client,Entry,leverage,side,note\nann,50000,10,long,first\nbob,60000,5,short,\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def value(path: Path, cell: str, *, sheet: str = "In puts") -> Any:
    return openpyxl.load_workbook(path, data_only=True)[sheet][cell].value


def made(out: Path) -> list[str]:
    """The reports of a folder."""
    return sorted(path.name for path in out.glob("*.xlsx") if path.name != "summary.xlsx")


def rejected(out: Path) -> list[list[str]]:
    with (out / "rejected.csv").open(newline="") as file:
        return list(csv.reader(file))[1:]


def test_one_workbook_a_row_with_its_values(workbook: Path, tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "t.csv", GOOD), workbook, tmp_path / "out", "{client}")
    assert made(tmp_path / "out") == ["ann.xlsx", "bob.xlsx"]
    assert (outcome.made, outcome.rejected, (tmp_path / "out" / "rejected.csv").exists()) == (2, 0, False)
    assert value(tmp_path / "out" / "ann.xlsx", "B5") == pytest.approx(45500, rel=1e-15)
    assert value(tmp_path / "out" / "bob.xlsx", "B5") == pytest.approx(71400, rel=1e-15)
    assert value(tmp_path / "out" / "ann.xlsx", "B12") == "<first>"
    # A blank takes the workbook's own value, not that of the row before.
    assert value(tmp_path / "out" / "bob.xlsx", "B12") == "<>"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_every_kind_of_table_gives_the_same_files(workbook: Path, tmp_path: Path, kind: str) -> None:
    frame = polars.DataFrame(
        {"client": ["ann", "=cmd"], "entry": [50000.25, 60000.0], "leverage": [10, 3], "side": ["long", "sHort"]}
    )
    tables = {"csv": frame.write_csv, "xlsx": frame.write_excel, "parquet": frame.write_parquet}
    tables[kind](tmp_path / f"t.{kind}")
    outcome = run(tmp_path / f"t.{kind}", workbook, tmp_path / "out", "{client}")
    assert outcome.rejected == 0
    assert value(tmp_path / "out" / "ann.xlsx", "B5") == pytest.approx(50000.25 * 0.91, rel=1e-15)
    assert value(tmp_path / "out" / "=cmd.xlsx", "B5") == pytest.approx(60000 * (1 + 1 / 3 - 0.01), rel=1e-14)
    summary = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx").active
    assert (summary["D5"].value, summary["D5"].data_type) == ("=cmd.xlsx", "s")


@pytest.mark.parametrize(
    ("row", "column", "found", "said"),
    [
        ("cal,x,10,long,", "Entry", "x", "a number above 0"),
        ("cal,,10,long,", "Entry", "", "or --blank default for the template's 50,000"),
        ("cal,-5,10,long,", "Entry", "-5", "a number above 0"),
        ("cal,inf,10,long,", "Entry", "inf", "a number above 0"),
        ("cal,50000,0,long,", "leverage", "0", "a number above 0"),
        ("cal,50000,10,neither,", "side", "neither", "one of long, short"),
        ("ann,50000,10,long,", "{client}", "ann.xlsx", "line 2 has it already"),
        ("../up,50000,10,long,", "client", "../up", "text without"),
        ("..,50000,10,long,", "client", "..", "of dots alone"),
        ("a/b,50000,10,long,", "client", "a/b", "text without"),
        ("aux,50000,10,long,", "{client}", "aux", "Windows keeps it for a device"),
        ("summary,50000,10,long,", "{client}", "summary.xlsx", "writes that file itself"),
        (",50000,10,long,", "client", "", "it is blank"),
    ],
)
def test_a_row_that_cannot_be_used_is_noted_and_the_others_are_made(
    workbook: Path, tmp_path: Path, row: str, column: str, found: str, said: str
) -> None:
    outcome = run(write(tmp_path / "t.csv", f"{GOOD}{row}\n"), workbook, tmp_path / "out", "{client}")
    assert outcome.rejected == 1
    assert made(tmp_path / "out") == ["ann.xlsx", "bob.xlsx"]
    ((line, why, *values),) = rejected(tmp_path / "out")
    assert line == "4"
    assert f"column {column}: found {found!r}; " in why
    assert said in why
    assert values == next(csv.reader([row]))


def test_a_rejected_value_does_not_become_a_formula_in_the_list(workbook: Path, tmp_path: Path) -> None:
    run(write(tmp_path / "t.csv", f"{GOOD}cal,=1+1,10,long,\n"), workbook, tmp_path / "out", "{client}")
    assert rejected(tmp_path / "out")[0][3] == "'=1+1"


def test_a_list_of_rejected_rows_from_an_earlier_run_goes(workbook: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", f"{GOOD}cal,x,10,long,\n")
    run(table, workbook, tmp_path / "out", "{client}")
    assert (tmp_path / "out" / "rejected.csv").exists()
    run(write(table, GOOD), workbook, tmp_path / "out", "{client}")
    assert not (tmp_path / "out" / "rejected.csv").exists()


def test_a_column_that_no_input_is_named_like_is_remarked_on(workbook: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "client,levrage,entry,colour\nann,10,50000,red\n")
    outcome = run(table, workbook, tmp_path / "out", "{client}")
    assert outcome.made == 1
    assert [remark.partition("t.csv: ")[2] or remark for remark in outcome.remarks] == [
        "columns not used: levrage (did you mean leverage?), colour.",
        "From the template in every report: leverage 10, side long.",
        "Blank in every report: note.",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.csv", None, "is not there"),
        ("t.doc", "entry\n1\n", "is no table"),
        ("t.csv", "", "has no rows"),
        ("t.csv", "entry,leverage\n", "has no rows"),
        ("t.csv", "entry,leverage,Entry\n1,2,3\n", "the columns 'entry' and 'Entry (2)' are named like the same input"),
        ("t.xlsx", "not a workbook", "is not an .xlsx workbook"),
        ("t.parquet", "not parquet", "is no Parquet file"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(
    workbook: Path, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    if content is not None:
        write(tmp_path / name, content)
    with pytest.raises(UnreadableError) as caught:
        run(tmp_path / name, workbook, tmp_path / "out")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_required_input_without_column_and_value_is_refused(workbook: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["In puts"]["B1"] = None
    book["In puts"].data_validations.dataValidation[1].allow_blank = False
    book.save(workbook)
    with pytest.raises(UnreadableError, match=r"t\.csv has no column for entry, and own\.xlsx has no value for it"):
        run(write(tmp_path / "t.csv", "leverage\n10\n"), workbook, tmp_path / "out")


@pytest.mark.parametrize("pattern", ["../{client}", "/tmp/{client}", "C:\\{client}", "{nobody}", "{client", "", "a:b"])
def test_a_pattern_that_is_none_is_refused(workbook: Path, tmp_path: Path, pattern: str) -> None:
    with pytest.raises(UserError) as caught:
        run(write(tmp_path / "t.csv", GOOD), workbook, tmp_path / "out", pattern)
    assert "--name" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_pattern_may_make_a_folder_a_client(workbook: Path, tmp_path: Path) -> None:
    run(write(tmp_path / "t.csv", GOOD), workbook, tmp_path / "out", "{client}/{row}")
    assert (tmp_path / "out" / "ann" / "1.xlsx").exists()
    assert (tmp_path / "out" / "bob" / "2.xlsx").exists()


def test_lines_are_counted_as_they_stand_in_the_file(workbook: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "client,entry\nann,1\n,\n\nbob,x\n")
    outcome = run(table, workbook, tmp_path / "out")
    assert [row.line for row in outcome.first_rejected] == [5]
    assert made(tmp_path / "out") == ["report-1.xlsx"]


def test_a_percentage_is_a_fraction(workbook: Path, tmp_path: Path) -> None:
    run(write(tmp_path / "t.csv", "leverage\n250%\n"), workbook, tmp_path / "out")
    assert value(tmp_path / "out" / "report-1.xlsx", "B2") == 2.5


def test_same_input_same_bytes(workbook: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", GOOD)
    for folder in ("one", "two"):
        run(table, workbook, tmp_path / folder, "{client}")
    for name in ("ann.xlsx", "bob.xlsx", "summary.xlsx"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_semicolon_or_a_tab_between_the_values_is_understood(workbook: Path, tmp_path: Path, separator: str) -> None:
    run(write(tmp_path / "t.csv", GOOD.replace(",", separator)), workbook, tmp_path / "out", "{client}")
    assert value(tmp_path / "out" / "ann.xlsx", "B1") == 50000


def test_a_table_without_any_column_for_the_workbook_is_refused(workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"no column that is named like an input of own\.xlsx"):
        run(write(tmp_path / "t.csv", "foo,bar\n1,2\n"), workbook, tmp_path / "out")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_any_usual_encoding_is_read(workbook: Path, tmp_path: Path, encoding: str, end: str) -> None:
    (tmp_path / "t.csv").write_bytes(f"note;entry{end}M\u00fcller;1{end}".encode(encoding))
    assert run(tmp_path / "t.csv", workbook, tmp_path / "out").rejected == 0
    assert value(tmp_path / "out" / "report-1.xlsx", "B4") == "M\u00fcller"


def test_a_row_with_more_values_than_columns_is_rejected(workbook: Path, tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "t.csv", "client,entry\nann,1,000.5\nbob,2\n"), workbook, tmp_path / "out")
    assert (outcome.made, outcome.rejected) == (1, 1)
    (line,) = rejected(tmp_path / "out")
    assert "more values than the 2 columns" in line[1]
    assert line[2:] == ["ann", "1", "000.5"]


def test_a_first_row_with_two_values_more_than_columns_is_rejected(workbook: Path, tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "t.csv", "client,entry\nann,1,2,3\nbob,2\n"), workbook, tmp_path / "out")
    assert (outcome.made, outcome.rejected) == (1, 1)
    assert "more values than the 2 columns" in rejected(tmp_path / "out")[0][1]


def test_a_blank_row_of_an_xlsx_counts_as_a_line(workbook: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["entry"], [1], [None], ["x"]):
        book.active.append(row)
    book.active["B4"] = None
    book.save(tmp_path / "t.xlsx")
    outcome = run(tmp_path / "t.xlsx", workbook, tmp_path / "out")
    assert [rejection.line for rejection in outcome.first_rejected] == [4]


def test_the_table_and_the_template_are_never_written_over(workbook: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "client,entry\nown,1\n")
    before = workbook.read_bytes()
    assert run(table, workbook, tmp_path, "{client}").rejected == 1
    assert workbook.read_bytes() == before
    with pytest.raises(UserError, match="is the table, and the run writes that file"):
        run(write(tmp_path / "rejected.csv", "client,entry\na,1\n"), workbook, tmp_path)
    assert (tmp_path / "rejected.csv").exists()


def test_reports_with_an_error_among_their_results_are_counted(workbook: Path, tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "t.csv", "leverage\n10\n100\n"), workbook, tmp_path / "out")
    assert (outcome.made, outcome.with_errors) == (2, 1)


def test_the_summary_opens_whatever_a_cell_of_the_table_holds(workbook: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "client,note\na\ufffe,b\x01\ufffe\n")
    run(table, workbook, tmp_path / "out", "{client}")
    assert openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx").active["A4"].value == 1


def test_what_comes_from_the_template_is_said_as_its_cell_shows_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    inputs = [("price", 10, "General"), ("income", 600, "0.00"), ("rate", 0.05, "0.0%")]
    for row, (name, value, shown) in enumerate(inputs, 1):
        sheet.cell(row, 2, value).number_format = shown
        sheet.cell(row, 3, "a month")
        book.defined_names[name] = DefinedName(name, attr_text=f"Sheet!$B${row}")
    sheet["B5"] = "=B1*B2*B3"
    book.defined_names["result"] = DefinedName("result", attr_text="Sheet!$B$5")
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "t.csv").write_text("price\n5\n", encoding="utf-8")
    arguments = [
        "report",
        tmp_path / "t.csv",
        "--template",
        tmp_path / "own.xlsx",
        "--out",
        tmp_path / "out",
        "--defaults",
    ]
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert "From the template in every report: income 600, rate 5%." in result.stderr

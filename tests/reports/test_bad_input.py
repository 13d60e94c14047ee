"""Templates, tables and folders that can't be used, or that are odd: one sentence and an honest exit code."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import polars
import pytest
from click.testing import CliRunner, Result
from support.books import DATA_LINK, LINK, LINK_TO, add_links, make_book, parts, with_parts

from xladdin.cli import main
from xladdin.hosts.excel import with_macros

CELLS = {"A1": 50000, "A2": "=A1*2"}
NAMES = {"entry": "S!$A$1", "double": "S!$A$2"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("entry\n1\n2\n3\n")
    return path


def report(table: Path, template: Path | str, out: Path, *options: str) -> Result:
    """The command, of which an exception that is no exit fails the test."""
    arguments = ["report", str(table), "--template", str(template), "--out", str(out), *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def unusable(tmp_path: Path, what: str) -> Path:
    """A template that can't be used."""
    path = tmp_path / "own.xlsx"
    whole = make_book(path, CELLS, NAMES).read_bytes()
    contents = {
        "a text": b"not a workbook\n",
        "empty": b"",
        "cut short": whole[: len(whole) // 2],
        "encrypted": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000),
        "of damaged parts": whole[:60] + bytes(200) + whole[260:],
    }
    books = {
        "without names": (CELLS, {}),
        "with names of formulas alone": (CELLS, {"double": "S!$A$2", "block": "S!$A$1:$A$2"}),
        "circular": (CELLS | {"A3": "=A4", "A4": "=SUM(A2:A3)"}, NAMES),
        "circular through its name": (CELLS | {"A2": "=double+A1"}, NAMES),
    }
    if what in contents:
        path.write_bytes(contents[what])
    elif what in books:
        make_book(path, *books[what])
    elif what == "another office file":
        with_parts(path, {"xl/workbook.xml": None, "word/document.xml": b"<x/>"})
    else:
        path.unlink()
        if what == "a folder":
            path.mkdir()
    return path


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a text", "{} is not an .xlsx workbook: it is no zip file."),
        ("empty", "{} is not an .xlsx workbook: it is empty."),
        ("cut short", "{} is not an .xlsx workbook: its end is missing, as of a file that was not copied whole."),
        ("encrypted", "{} is encrypted or an old .xls file; save it as .xlsx without a password."),
        ("of damaged parts", "{} is not an .xlsx workbook: a part of it is damaged."),
        ("another office file", "{} is not an .xlsx workbook: it has no xl/workbook.xml."),
        ("without names", "{} has no inputs: an input is a name of one cell without a formula, and it has no names."),
        ("with names of formulas alone", "{} has no inputs: an input is a name of one cell without a formula, and of"),
        ("circular", "{} has a circular reference, from S!A3 to S!A4 to S!A3; allowed are formulas without."),
        ("circular through its name", "{} has a circular reference, from S!A2 to S!A2; allowed are formulas without."),
        ("a folder", "'{}' is a folder; a template is an .xlsx or .toml file or one of "),
        ("missing", "'{}' is not there; a template is an .xlsx or .toml file or one of "),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(
    table: Path, tmp_path: Path, what: str, said: str
) -> None:
    template = unusable(tmp_path, what)
    for options in ([], ["--resume"]):
        result = report(table, template, tmp_path / "out", *options)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
        assert result.stderr.startswith(f"xladdin: {said.format(template)}")
    assert not (tmp_path / "out").exists()


def test_the_command_itself_ends_so_too(table: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xladdin", "report", str(table), "--out", str(tmp_path / "out")]
    template = unusable(tmp_path, "circular")
    done = subprocess.run([*command, "--template", str(template)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


@pytest.mark.parametrize("options", [[], pytest.param(["--workers", "2"], marks=pytest.mark.slow)])
def test_macros_stay_byte_for_byte(table: Path, tmp_path: Path, options: list[str]) -> None:
    template = tmp_path / "Own.XLSM"
    with_macros(make_book(tmp_path / "own.xlsx", CELLS, NAMES), template)
    before = parts(template)
    kept = ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/vbaProject.bin"]
    assert b"macroEnabled" in before[kept[0]]
    assert report(table, template, tmp_path / "out", *options).exit_code == 0
    made = sorted((tmp_path / "out").glob("report-*"))
    assert [path.name for path in made] == ["report-1.xlsm", "report-2.xlsm", "report-3.xlsm"]
    for number, path in enumerate(made, 1):
        after = parts(path)
        assert [after[name] for name in kept] == [before[name] for name in kept]
        assert openpyxl.load_workbook(path, data_only=True)["S"]["A2"].value == 2 * number


def test_a_workbook_linked_to_others_keeps_the_links_and_is_computed_with_what_it_has_stored(
    table: Path, tmp_path: Path
) -> None:
    cells = {"A1": 1, "A2": "=[1]Prices!$B$2*A1", "A3": "=[1]Gone!A1", "A4": "=A1+1"}
    template = add_links(make_book(tmp_path / "linked.xlsx", cells, NAMES))
    result = report(table, template, tmp_path / "out")
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "xladdin: linked.xlsx refers to other workbooks in 2 places, S!A2 first, and is computed with the values "
            "that it has stored of them, 1 of which have none and give #REF!.",
        ],
    )
    for number in (1, 2, 3):
        path = tmp_path / "out" / f"report-{number}.xlsx"
        kept = parts(path)
        assert {name: kept[name] for name in (LINK, LINK_TO, DATA_LINK)}.items() <= parts(template).items()
        assert b"externalReference " in kept["xl/workbook.xml"]
        assert openpyxl.load_workbook(path, keep_links=False)["S"]["A2"].value == "=[1]Prices!$B$2*A1"
        shown = openpyxl.load_workbook(path, data_only=True, keep_links=False)["S"]
        assert [shown[cell].value for cell in ("A2", "A3", "A4")] == [5 * number, "#REF!", number + 1]
    _, *lines = report(table, template, tmp_path / "out", "--explain").stdout.splitlines()
    assert lines == [
        "S!A2: it refers to another workbook, of which the stored values are used: =[my prices.xlsx]Prices!$B$2*A1",
        "S!A3: it refers to another workbook, of which no value is stored: =[my prices.xlsx]Gone!A1",
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"entry": [], "note": []}, "{} has no rows; a table has a line of column names and at least one row below"),
        ({"Entry": [1], "entry": [2]}, "{}, line 1: the columns 'Entry' and 'entry (2)' are named like the same input"),
        (
            {"stop-price": [1], "Stop price": [2]},
            "{}, line 1: the columns 'stop-price' and 'Stop price' are named like",
        ),
        ({"price": [1]}, "{} has no column that is named like an input of own.xlsx; the columns are price, the inputs"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, kind: str, columns: dict[str, list[int]], said: str
) -> None:
    template = make_book(tmp_path / "own.xlsx", CELLS, NAMES | {"stop_price": "S!$A$5"})
    path = tmp_path / f"t.{kind}"
    frame = polars.DataFrame(columns, schema=dict.fromkeys(columns, polars.Int64))
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in [frame.columns, *frame.rows()]:
            book.active.append(row)
        book.save(path)
    else:
        {"csv": frame.write_csv, "parquet": frame.write_parquet}[kind](path)
    result = report(path, template, tmp_path / "out")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
    assert result.stderr.startswith(f"xladdin: {said.format(path)}")
    assert not (tmp_path / "out").exists()


def test_a_file_without_a_byte_is_no_table(tmp_path: Path) -> None:
    template = make_book(tmp_path / "own.xlsx", CELLS, NAMES)
    for kind in ("csv", "xlsx", "parquet"):
        path = tmp_path / f"t.{kind}"
        path.touch()
        result = report(path, template, tmp_path / "out")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
        assert result.stderr.startswith(f"xladdin: {path} ")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory is read in /proc, which is not here")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_million_rows_take_no_more_memory_than_a_few(tmp_path: Path, kind: str) -> None:
    rows = 1_000_000
    template = make_book(tmp_path / "own.xlsx", CELLS, NAMES)
    table = tmp_path / f"t.{kind}"
    frame = polars.DataFrame(
        {
            "client": [f"Client {row}" for row in range(rows)],
            "entry": ["100" if row % 2000 == 0 else "x" for row in range(rows)],
        }
    )
    {"csv": frame.write_csv, "parquet": frame.write_parquet}[kind](table)
    command = [sys.executable, "-m", "xladdin", "report", str(table), "--template", str(template)]
    with subprocess.Popen([*command, "--out", str(tmp_path / "out")], stderr=subprocess.DEVNULL) as process:
        highest = 0
        while process.poll() is None:
            # Not the figure of wait4, in which is what the tests themselves take.
            lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
            highest = max([highest, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
            time.sleep(0.2)
    assert process.returncode == 1
    assert len(list((tmp_path / "out").glob("report-*.xlsx"))) == rows // 2000
    with (tmp_path / "out" / "rejected.csv").open() as file:
        assert sum(1 for _ in file) == rows - rows // 2000 + 1
    assert 0 < highest < 300_000  # kilobytes

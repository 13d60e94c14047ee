"""A workbook's stored values are what it is held against, and are not lost to what we can't compute."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.table import Table
from support.books import make_book, parts, with_parts

from xladdin.cli import main
from xladdin.workbook import oracle
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate

CELLS = {"A1": 2, "A2": "=A1*2", "A3": "=CUBEVALUE(A1)", "A4": "=A3+1", "A5": "=A2+1"}
STORED = {"A2": "4", "A3": "10", "A4": "11", "A5": "5"}


def stored(tmp_path: Path, values: dict[str, str]) -> Path:
    """A workbook as a spreadsheet would have saved it, with these values of its formulas."""
    path = make_book(tmp_path / "mine.xlsx", CELLS, {"one": "S!$A$1", "end": "S!$A$4", "sum": "S!$A$5"})
    part = "xl/worksheets/sheet1.xml"
    sheet = parts(path)[part].decode()
    for cell, value in values.items():
        start = sheet.index("</f>", sheet.index(f'<c r="{cell}"')) + len("</f>")
        end = sheet.index("</c>", start)
        sheet = f"{sheet[:start]}<v>{value}</v>{sheet[end:]}"
    return with_parts(path, {part: sheet.encode()})


def values_of(path: Path) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(path, data_only=True).active
    return {cell: sheet[cell].value for cell in STORED}


def test_what_is_computed_otherwise_is_named(tmp_path: Path) -> None:
    found = oracle.compared(read_model(stored(tmp_path, STORED | {"A2": "40"})))
    assert [(each.place.reference, each.stored, each.reason) for each in found.differences] == [
        ("S!A2", 40.0, ""),
        ("S!A3", 10.0, "CUBEVALUE is not one of the functions known here"),
    ]
    assert found.equal == 2
    assert "S!A2 holds 40 and is 4 here: =A1*2" in found.lines()


def test_what_cannot_be_computed_keeps_its_value_and_what_depends_on_it_is_computed(tmp_path: Path) -> None:
    recalculate(read_model(stored(tmp_path, STORED)), tmp_path / "done.xlsx")
    assert values_of(tmp_path / "done.xlsx") == {"A2": 4, "A3": 10, "A4": 11, "A5": 5}


def test_an_old_value_is_none_where_an_input_has_changed(tmp_path: Path) -> None:
    recalculate(read_model(stored(tmp_path, STORED)), tmp_path / "done.xlsx", {"one": 3})
    assert values_of(tmp_path / "done.xlsx") == {"A2": 6, "A3": "#NAME?", "A4": "#NAME?", "A5": 7}


def test_rows_of_a_batch_are_told_apart(tmp_path: Path) -> None:
    same, other = compute(read_model(stored(tmp_path, STORED)), [{"one": 2.0}, {"one": 3.0}])
    assert [row[Place("S", 4, 1)] for row in (same, other)] == [11, "#NAME?"]


def test_results_that_depend_on_what_differs_are_doubtful(tmp_path: Path) -> None:
    found = oracle.doubtful_results(read_model(stored(tmp_path, STORED)))
    assert {name: each.place.reference for name, each in found.items()} == {"end": "S!A3"}


@pytest.mark.parametrize(("values", "code"), [(STORED, 1), ({"A2": "4", "A5": "5"}, 0)])
def test_check_prints_it_all(tmp_path: Path, values: dict[str, str], code: int) -> None:
    result = CliRunner().invoke(main, ["check", str(stored(tmp_path, values))])
    assert result.exit_code == code
    assert ("S!A3 holds 10 and can't be computed here" in result.output) is bool(code)
    assert "are computed as stored" in result.output


def test_a_report_of_doubtful_results_is_made_on_trust_alone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("one\n2\n")
    arguments = ["report", str(tmp_path / "t.csv"), "--template", str(stored(tmp_path, STORED))]
    refused = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "out")])
    assert refused.exit_code == 3
    assert "the result end of mine.xlsx comes out otherwise than it is stored: S!A3 holds 10" in refused.stderr
    assert not (tmp_path / "out").exists()
    trusted = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "out"), "--trust"])
    assert trusted.exit_code == 0
    assert "--trust goes on" in trusted.stderr
    (line,) = csv.DictReader((tmp_path / "out" / "manifest.csv").read_text().splitlines())
    assert line["trusted"] == "end"


def table_stored(tmp_path: Path, value: str) -> Path:
    """A workbook with a table of one row whose computed column is stored so."""
    book = openpyxl.Workbook()
    sheet = book.active
    for cell, content in {"A1": "one", "B1": "twice", "A2": 2, "B2": "=A2*2"}.items():
        sheet[cell] = content
    sheet.add_table(Table(displayName="list", ref="A1:B2"))
    book.save(tmp_path / "list.xlsx")
    part = "xl/worksheets/sheet1.xml"
    text = parts(tmp_path / "list.xlsx")[part].decode()
    start = text.index("</f>") + len("</f>")
    text = f"{text[:start]}<v>{value}</v>{text[text.index('</c>', start) :]}"
    return with_parts(tmp_path / "list.xlsx", {part: text.encode()})


@pytest.mark.parametrize(("value", "code"), [("4", 0), ("40", 3)])
@pytest.mark.parametrize("is_kept", [False, True], ids=["into", "update"])
def test_a_table_of_doubtful_results_is_filled_on_trust_alone(
    tmp_path: Path, value: str, code: int, is_kept: bool
) -> None:
    (tmp_path / "t.csv").write_text("one\n2\n3\n")
    book = table_stored(tmp_path, value)
    report = ["report", str(tmp_path / "t.csv"), "--template", str(book), "--into", str(tmp_path / "out.xlsx")]
    arguments = ["update", str(book), str(tmp_path / "t.csv"), "--key", "one"] if is_kept else report
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == code
    assert ("the result twice of list.xlsx comes out otherwise than it is stored" in found.stderr) is bool(code)
    if code:
        trusted = CliRunner().invoke(main, [*arguments, "--trust"])
        assert (trusted.exit_code, "--trust goes on" in trusted.stderr) == (0, True)


def test_a_workbook_that_is_filled_in_says_what_is_doubtful(tmp_path: Path) -> None:
    book = stored(tmp_path, STORED)
    found = CliRunner().invoke(main, ["new", str(book), "--set", "one=3", "-o", str(tmp_path / "new.xlsx")])
    assert found.exit_code == 0
    assert "the result end of mine.xlsx comes out otherwise than it is stored" in found.stderr

"""Text that begins like a formula is text in every file that is written."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from support.books import make_book, make_portfolio
from support.command import call, report

TEXTS = [
    "=1+1",
    "+1+cmd|'/c calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://127.0.0.1:9/","x")',
    "=WEBSERVICE(A1)",
    "x;=1+1;y",
    "\uff1d1+1",
    "\t=1+1",
    "'=1+1",
]
_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_FORMULA = re.compile(r"<(?:\w+:)?f\b[^>]*>([^<]*)")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    cells = {"A1": 1, "A2": "=A1*2", "A3": "me", "A4": "=A3"}
    names = {"entry": "S!$A$1", "double": "S!$A$2", "client": "S!$A$3", "who": "S!$A$4"}
    return make_book(tmp_path / "own.xlsx", cells, names)


def table_of(path: Path, header: list[str], *rows: list[object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def formulas_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [text for name in sheets for text in _FORMULA.findall(archive.read(name).decode())]


def texts_in(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith(("xl/worksheets/sheet", "xl/sharedStrings"))]
        return "".join(archive.read(name).decode() for name in names)


def test_in_every_report_and_the_summary(template: Path, tmp_path: Path) -> None:
    table = table_of(tmp_path / "t.csv", ["entry", "client"], *([row, text] for row, text in enumerate(TEXTS, 1)))
    assert report(table, template, tmp_path / "out").exit_code == 0
    made = sorted(path for path in (tmp_path / "out").glob("*.xlsx") if path.name != "summary.xlsx")
    assert len(made) == len(TEXTS)
    for path in made:
        assert sorted(formulas_in(path)) == ["A1*2", "A3"]
    summary = tmp_path / "out" / "summary.xlsx"
    assert not [each for each in formulas_in(summary) if "1+1" in each or "calc" in each or "WEBSERVICE" in each]
    assert "WEBSERVICE(A1)" in texts_in(summary)


def test_in_the_lists_of_a_run(template: Path, tmp_path: Path) -> None:
    rows = [[row, text] for row, text in enumerate(TEXTS, 1)] + [[text, "x"] for text in TEXTS]
    table = table_of(tmp_path / "t.csv", ["entry", "client"], *rows)
    assert report(table, template, tmp_path / "out").exit_code == 1
    for name in ("manifest.csv", "rejected.csv"):
        with (tmp_path / "out" / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert any("calc" in cell for cell in cells), name
        for cell in cells:
            is_number = re.fullmatch(r"-?[\d.]+", cell) is not None
            assert is_number or not re.search(r"(?:^|[;\t])[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell), (name, cell)


def test_a_list_of_rejected_rows_is_read_as_it_was(template: Path, tmp_path: Path) -> None:
    table = table_of(tmp_path / "t.csv", ["entry", "client"], *(["x", text] for text in TEXTS))
    assert report(table, template, tmp_path / "out").exit_code == 1
    listed = (tmp_path / "out" / "rejected.csv").read_text(encoding="utf-8-sig")
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(listed.replace(",x,", ",7,"), encoding="utf-8")
    assert report(corrected, template, tmp_path / "again").exit_code == 0
    found = [
        openpyxl.load_workbook(path)["S"]["A3"].value
        for row in range(1, len(TEXTS) + 1)
        for path in (tmp_path / "again").glob(f"*-{row}.xlsx")
    ]
    assert found == [text.strip("\t") for text in TEXTS]


def test_in_one_workbook_of_all_rows(tmp_path: Path) -> None:
    portfolio = make_portfolio(tmp_path / "portfolio.xlsx")
    rows = [[text, "long", 50_000, 1, 51_000] for text in TEXTS]
    into = []
    for name, given in (("plain", [["BTC", *row[1:]] for row in rows]), ("odd", rows)):
        table = table_of(tmp_path / f"{name}.csv", ["Coin", "Side", "Entry", "Quantity", "Price"], *given)
        target = tmp_path / f"{name}-made.xlsx"
        done = call("report", table, "--template", portfolio, "--into", target, "--defaults")
        assert done.exit_code == 0, done.output
        into.append(target)
    plain, odd = into
    assert formulas_in(odd) == formulas_in(plain)
    assert "WEBSERVICE(A1)" in texts_in(odd)


def test_in_a_workbook_that_is_filled_in_by_hand(template: Path, tmp_path: Path) -> None:
    for number, text in enumerate(TEXTS):
        target = tmp_path / f"new-{number}.xlsx"
        assert call("new", template, "-o", target, "--set", f"client={text}").exit_code == 0
        assert sorted(formulas_in(target)) == ["A1*2", "A3"]

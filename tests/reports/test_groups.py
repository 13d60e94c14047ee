"""One report for all rows of a client."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from support.reports import differing, files

from xladdin.cli import main

ROWS = """client,name,day,coin,quantity,price,email
ann,Ann,2026-01-02,BTC,1,50000,ann@x.org
bob,Bob,2026-01-02,ETH,3,2000,bob@x.org
ann,Ann,2026-01-02,ETH,2,2500,ann@x.org
cy,Cy,2026-01-02,SOL,10,100,
ann,Ann,2026-01-02,SOL,5,200,ann@x.org
"""
FEES = "client,Kind,Paid\nann,trade,3\ncy,trade,1\nann,funding,4\nann,other,5\n"


def make_statement(path: Path) -> Path:
    """A statement with a table of holdings, one of fees, single inputs and totals of both."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Statement"
    for address, value in {
        **{"A1": "Name", "B1": "Example", "A2": "Day", "B2": 46024, "A3": "Best price", "B3": 1, "A4": "Total"},
        "B4": "=SUM(holdings[Value])-SUM(fees[Paid])",
        **{
            "A5": "In words",
            "B5": '=B1&": "&COUNTA(holdings[Coin])&" of "&TEXT(B4,"0")',
            "A6": "Share",
            "B6": "=B4/B3",
        },
        **{"A8": "Coin", "B8": "Quantity", "C8": "Price", "D8": "Value", "A9": "X", "B9": 1, "C9": 2, "D9": "=B9*C9"},
        **{"A11": "below", "B11": "=B4*2"},
    }.items():
        sheet[address] = value
    sheet["B2"].number_format = "yyyy-mm-dd"
    sheet.add_table(Table(displayName="holdings", ref="A8:D9"))
    other = book.create_sheet("Costs")
    for row in (("Kind", "Paid"), ("none", 0)):
        other.append(row)
    other.add_table(Table(displayName="fees", ref="A1:B2"))
    cells = {"name": "$B$1", "day": "$B$2", "total": "$B$4", "in_words": "$B$5", "share": "$B$6"}
    for name, cell in cells.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"Statement!{cell}")
    best = DefinedName("best", attr_text="Statement!$B$3", comment="The largest of the rows.")
    book.defined_names["best"] = best
    book.save(path)
    return path


def grouped(folder: Path, rows: str, *options: str) -> Result:
    (folder / "t.csv").write_text(rows, encoding="utf-8")
    template = folder / "statement.xlsx"
    if not template.exists():
        make_statement(template)
    source = ["report", str(folder / "t.csv"), "--template", str(template), "--out", str(folder / "out")]
    by = () if "--group-by" in options else ("--group-by", "client")
    return CliRunner().invoke(main, [*source, "--trust", *by, "--map", "price=Price", *options])


def statement(path: Path) -> dict[str, Any]:
    """The values of a statement's names, and its rows."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["Statement"]
    found = {name: sheet[each.attr_text.rpartition("!")[2]].value for name, each in book.defined_names.items()}
    first, last = sheet.tables["holdings"].ref.split(":")
    rows = [tuple(cell.value for cell in row) for row in sheet[first:last][1:]]
    return {**found, "rows": rows}


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


WITH_BEST = ("--set", "best=10")


def test_all_rows_of_a_client_fill_the_table_wherever_they_stand(tmp_path: Path) -> None:
    result = grouped(tmp_path, ROWS, *WITH_BEST)
    assert (result.exit_code, result.stdout) == (0, f"3 reports and a summary in {tmp_path / 'out'}.\n"), result.stderr
    ann = statement(tmp_path / "out" / "ann.xlsx")
    assert ann["rows"] == [("BTC", 1, 50000, 50000), ("ETH", 2, 2500, 5000), ("SOL", 5, 200, 1000)]
    assert (ann["name"], ann["total"], ann["in_words"], ann["share"]) == ("Ann", 56000, "Ann: 3 of 56000", 5600)
    assert str(ann["day"]).startswith("2026-01-02")
    bob = statement(tmp_path / "out" / "bob.xlsx")
    assert (bob["rows"], bob["in_words"]) == ([("ETH", 3, 2000, 6000)], "Bob: 1 of 6000")
    below = openpyxl.load_workbook(tmp_path / "out" / "ann.xlsx", data_only=True)["Statement"]
    assert [below["B13"].value, below["A13"].value] == [112000, "below"]
    manifest = listed(tmp_path / "out" / "manifest.csv")
    assert [(line["row"], line["line"], line["file"], line["total"]) for line in manifest] == [
        ("1", "2", "ann.xlsx", "56000.0"),
        ("2", "3", "bob.xlsx", "6000.0"),
        ("3", "5", "cy.xlsx", "1000.0"),
    ]


def test_a_report_of_a_group_is_that_of_its_rows_alone(tmp_path: Path) -> None:
    rows = "symbol,side,entry,quantity,leverage,price,mmr,margin mode\n"
    own = ["BTC,long,50000,1,5,51000,1%,isolated\n", "ETH,short,2000,3,10,1900,2%,isolated\n"]
    (tmp_path / "one.csv").write_text(rows + "".join(own), encoding="utf-8")
    other = "SOL,long,100,2,3,110,1%,isolated\n"
    (tmp_path / "all.csv").write_text(
        f"client,{rows}"
        + "".join(f"{client},{row}" for client, row in zip("aba", [own[0], other, own[1]], strict=True)),
        encoding="utf-8",
    )
    source = ("--template", "positions", "--allow-errors")
    one = CliRunner().invoke(main, ["report", str(tmp_path / "one.csv"), *source, "--into", str(tmp_path / "a.xlsx")])
    out = ("--group-by", "client", "--out", str(tmp_path / "out"))
    many = CliRunner().invoke(main, ["report", str(tmp_path / "all.csv"), *source, *out])
    assert (one.exit_code, many.exit_code) == (0, 0), one.stderr + many.stderr
    with zipfile.ZipFile(tmp_path / "a.xlsx") as alone, zipfile.ZipFile(tmp_path / "out" / "a.xlsx") as of_many:
        assert sorted(alone.namelist()) == sorted(of_many.namelist())
        assert [name for name in alone.namelist() if alone.read(name) != of_many.read(name)] == []


@pytest.mark.parametrize(
    ("old", "new", "lines", "said"),
    [
        (
            "ann,Ann,2026-01-02,ETH",
            "ann,Anne,2026-01-02,ETH",
            [2, 4, 6],
            "column name: found 'Anne'; it is 'Ann' in line 2",
        ),
        ("ann,Ann,2026-01-02,SOL", "ann,Ann,2026-01-03,SOL", [2, 4, 6], "column day: found '2026-01-03'"),
        ("ETH,2,2500", "ETH,two,2500", [2, 4, 6], "column quantity: found 'two'"),
        ("cy,Cy", ",Cy", [5], "column client: found ''; it is blank"),
        ("cy,Cy", "c/y,Cy", [5], "column client: found 'c/y'; it is part of a file name"),
        ("cy,Cy", "ANN,Cy", [2, 4, 5, 6], "found 'ann'; other rows have 'ANN'"),
    ],
)
def test_a_client_of_whom_a_row_cannot_be_used_gets_no_report(
    tmp_path: Path, old: str, new: str, lines: list[int], said: str
) -> None:
    result = grouped(tmp_path, ROWS.replace(old, new), *WITH_BEST)
    assert result.exit_code == 1
    rejected = listed(tmp_path / "out" / "rejected.csv")
    assert [int(row["rejected line"]) for row in rejected] == lines
    assert any(said in row["rejected because"] for row in rejected)
    made = {path.stem for path in (tmp_path / "out").glob("*.xlsx")} - {"summary"}
    lost = {5: {"cy"}, 4: {"ann", "cy"}, 3: {"ann"}}[len(lines) if lines[0] == 2 else lines[0]]
    assert made == {"ann", "bob", "cy"} - lost
    # The list is a table to make the rest of, when it is corrected.
    assert list(rejected[0])[2:] == ROWS.splitlines()[0].split(",")


def test_half_of_the_clients_are_half_though_one_has_most_rows(tmp_path: Path) -> None:
    bad = ROWS.replace("ETH,2,2500", "ETH,two,2500")
    assert grouped(tmp_path, bad, *WITH_BEST, "--fail-above", "33%").exit_code == 1
    assert grouped(tmp_path, bad, *WITH_BEST, "--fail-above", "34%").exit_code == 0


def test_what_the_template_calls_an_aggregate_is_one(tmp_path: Path) -> None:
    rows = ROWS.replace("price,email", "price,best").replace("ann@x.org", "7").replace("bob@x.org", "2")
    rows = rows.replace("SOL,5,200,7", "SOL,5,200,9").replace("SOL,10,100,", "SOL,10,100,4")
    assert grouped(tmp_path, rows).exit_code == 0
    assert [statement(tmp_path / "out" / f"{client}.xlsx")["best"] for client in ("ann", "bob", "cy")] == [9, 2, 4]


def test_a_second_file_fills_a_second_table_by_the_same_key(tmp_path: Path) -> None:
    (tmp_path / "fees.csv").write_text(FEES, encoding="utf-8")
    result = grouped(tmp_path, ROWS, *WITH_BEST, "--with", f"fees={tmp_path / 'fees.csv'}")
    assert result.exit_code == 0, result.stderr
    totals = [statement(tmp_path / "out" / f"{client}.xlsx")["total"] for client in ("ann", "bob", "cy")]
    assert totals == [56000 - 12, 6000, 1000 - 1]
    costs = openpyxl.load_workbook(tmp_path / "out" / "ann.xlsx")["Costs"]
    assert costs.tables["fees"].ref == "A1:B4"
    assert [[cell.value for cell in row] for row in costs["A2:B4"]] == [["trade", 3], ["funding", 4], ["other", 5]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (FEES.replace("funding,4", "funding,four"), "fees.csv, line 4, column Paid: found 'four'"),
        ("Kind,Paid\ntrade,3\n", "'client' is no column of"),
    ],
)
def test_a_second_file_that_cannot_be_used_is_said(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "fees.csv").write_text(content, encoding="utf-8")
    result = grouped(tmp_path, ROWS, *WITH_BEST, "--with", f"fees={tmp_path / 'fees.csv'}")
    assert (result.exit_code in (1, 2), said in result.stderr) == (True, True), result.stderr
    assert not (tmp_path / "out" / "ann.xlsx").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--group-by", "nobody"), "--group-by 'nobody' is no column of"),
        (("--with", "fees"), "--with 'fees' gives no list"),
        (("--with", "holdings=t.csv"), "--with 'holdings=t.csv' gives no list"),
        (("--name", "{coin}"), "column coin: found 'ETH'; it is 'BTC' in line 2"),
    ],
)
def test_what_cannot_be_grouped_is_said(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    result = grouped(tmp_path, ROWS, *WITH_BEST, *options)
    assert (result.exit_code in (1, 2), said in result.stderr) == (True, True), result.stderr


def test_a_second_file_needs_a_key(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(ROWS, encoding="utf-8")
    source = ["report", str(tmp_path / "t.csv"), "--template", str(make_statement(tmp_path / "s.xlsx"))]
    result = CliRunner().invoke(main, [*source, "--out", str(tmp_path / "out"), "--with", "fees=t.csv"])
    assert (result.exit_code, "--group-by" in result.stderr) == (2, True)


def test_a_run_goes_on_with_the_clients_that_changed(tmp_path: Path) -> None:
    grouped(tmp_path, ROWS, *WITH_BEST)
    before = (tmp_path / "out" / "bob.xlsx").stat().st_mtime_ns
    (tmp_path / "out" / "cy.xlsx").unlink()
    again = grouped(tmp_path, ROWS.replace("ETH,2,2500", "ETH,4,2500"), *WITH_BEST, "--resume")
    assert again.stdout == f"2 reports and a summary in {tmp_path / 'out'}, 1 more there already.\n", again.stderr
    assert (tmp_path / "out" / "bob.xlsx").stat().st_mtime_ns == before
    assert statement(tmp_path / "out" / "ann.xlsx")["total"] == 61000
    manifest = listed(tmp_path / "out" / "manifest.csv")
    assert [line["file"] for line in manifest] == ["ann.xlsx", "bob.xlsx", "cy.xlsx"]


def test_workers_make_the_same_files(tmp_path: Path) -> None:
    rows = ROWS.splitlines()[0] + "\n"
    for client in range(30):
        for row in range(1 + client % 4):
            rows += f"c{client},C {client},2026-01-02,BTC,{row + 1},{client + 100},\n"
    result = grouped(tmp_path, rows, *WITH_BEST)
    assert result.exit_code == 0, result.output
    alone = files(tmp_path / "out")
    assert sum(name.startswith("c") for name in alone) == 30
    result = grouped(tmp_path, rows, *WITH_BEST, "--workers", "2")
    assert result.exit_code == 0, result.output
    assert differing(files(tmp_path / "out"), alone) == []


def test_a_mailer_gets_what_it_needs_of_what_may_be_sent(tmp_path: Path) -> None:
    result = grouped(tmp_path, ROWS.replace("SOL,10,100", "SOL,10,"), "--set", "best=0", "--address", "email")
    assert result.exit_code == 1  # a share of nothing is an error, in all of them
    assert listed(tmp_path / "out" / "made.csv") == []
    result = grouped(tmp_path, ROWS, *WITH_BEST, "--address", "email")
    assert "made.csv: 1 without an address: cy.xlsx." in result.stderr
    assert listed(tmp_path / "out" / "made.csv") == [
        {"file": "ann.xlsx", "key": "ann", "address": "ann@x.org"},
        {"file": "bob.xlsx", "key": "bob", "address": "bob@x.org"},
        {"file": "cy.xlsx", "key": "cy", "address": ""},
    ]
    assert grouped(tmp_path, ROWS, *WITH_BEST, "--address", "mail").exit_code == 2
    result = grouped(tmp_path, ROWS, *WITH_BEST, "--address", "name", "--quiet")
    assert "made.csv: 3 without an address: ann.xlsx ('Ann' is none)" in result.stderr
    assert [line["address"] for line in listed(tmp_path / "out" / "made.csv")] == ["", "", ""]


def test_check_says_how_many_reports_there_would_be_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "fees.csv").write_text(FEES, encoding="utf-8")
    options = (*WITH_BEST, "--with", f"fees={tmp_path / 'fees.csv'}")
    assert grouped(tmp_path, ROWS, *options).exit_code == 0
    (tmp_path / "t.csv").write_text(ROWS.replace("ETH,2,2500", "ETH,two,2500"), encoding="utf-8")
    source = ["check", str(tmp_path / "t.csv"), "--template", str(tmp_path / "statement.xlsx")]
    result = CliRunner().invoke(main, [*source, "--group-by", "client", "--map", "price=Price", *options])
    assert result.exit_code == 1
    assert "rows that can be used: 2, rejected: 3\nreports that can be made: 2, not: 1\n" in result.stdout
    assert "column quantity: found 'two'" in result.stdout
    assert "rows of 2 client for the list fees" in result.stdout
    alone = CliRunner().invoke(main, [*source[:2], "--group-by", "client"])
    assert (alone.exit_code, "--template" in alone.stderr) == (2, True)


def test_the_manifest_says_what_comes_from_the_template(tmp_path: Path) -> None:
    grouped(tmp_path, ROWS.replace("name,day", "who,day"), *WITH_BEST)
    lines = listed(tmp_path / "out" / "manifest.csv")
    assert [line["from_template"] for line in lines] == ["name"] * len(lines)


def test_a_list_of_rejected_rows_prunes_nothing(tmp_path: Path) -> None:
    grouped(tmp_path, ROWS.replace("ETH,2,2500", "ETH,two,2500"), *WITH_BEST)
    corrected = (tmp_path / "out" / "rejected.csv").read_text(encoding="utf-8").replace("two", "2")
    assert grouped(tmp_path, corrected, *WITH_BEST, "--prune").exit_code == 2
    result = grouped(tmp_path, corrected, *WITH_BEST, "--resume")
    assert (result.exit_code, "--prune" in result.stderr) == (0, False), result.stderr
    assert sorted(path.name for path in (tmp_path / "out").glob("*.xlsx")) == [
        "ann.xlsx",
        "bob.xlsx",
        "cy.xlsx",
        "summary.xlsx",
    ]


def test_blanks_around_what_all_rows_of_a_client_have_are_no_difference(tmp_path: Path) -> None:
    rows = ROWS.replace("ann,Ann", " ann ,Ann", 1).replace("name,day", "who,day")
    result = grouped(tmp_path, rows, *WITH_BEST, "--map", "client=name", "--address", "email")
    assert result.exit_code == 0, result.stderr
    assert {line["file"] for line in listed(tmp_path / "out" / "made.csv")} == {"ann.xlsx", "bob.xlsx", "cy.xlsx"}


def test_the_night_after_a_list_of_rejected_rows_knows_all_reports_again(tmp_path: Path) -> None:
    grouped(tmp_path, ROWS.replace("ETH,2,2500", "ETH,two,2500"), *WITH_BEST)
    corrected = (tmp_path / "out" / "rejected.csv").read_text(encoding="utf-8").replace("two", "2")
    assert grouped(tmp_path, corrected, *WITH_BEST).exit_code == 0
    result = grouped(tmp_path, ROWS.replace("ETH,2,2500", "ETH,3,2500"), *WITH_BEST, "--resume", "--prune")
    assert result.exit_code == 0, result.stderr
    assert {line["file"] for line in listed(tmp_path / "out" / "manifest.csv")} == {"ann.xlsx", "bob.xlsx", "cy.xlsx"}


def test_keys_that_only_one_of_two_tables_has_are_told(tmp_path: Path) -> None:
    (tmp_path / "fees.csv").write_text(FEES.replace("cy,", "cyy,"))
    options = ("--with", f"fees={tmp_path / 'fees.csv'}", *WITH_BEST)
    result = grouped(tmp_path, ROWS, *options)
    assert result.exit_code == 0
    assert f"fees.csv, for the list fees: no rows of 2 client of {tmp_path / 't.csv'}: bob, cy." in result.stderr
    assert f"fees.csv, for the list fees: rows of 1 client not in {tmp_path / 't.csv'}: cyy." in result.stderr
    checked = CliRunner().invoke(
        main,
        ["check", str(tmp_path / "t.csv"), "--template", str(tmp_path / "statement.xlsx"), "--group-by", "client"]
        + ["--map", "price=Price", *options],
    )
    assert "rows of 1 client not in" in checked.stdout
    assert "no rows of 2 client of" in checked.stdout


def test_a_blank_of_what_is_one_for_a_client_is_not_the_example(tmp_path: Path) -> None:
    rows = ROWS.replace("cy,Cy,", "cy,,")
    result = grouped(tmp_path, rows, *WITH_BEST)
    assert (result.exit_code, "line 5, column name: found ''; it is blank and needed" in result.stderr) == (1, True)
    assert grouped(tmp_path, rows, *WITH_BEST, "--blank", "default").exit_code == 0


def test_what_a_template_without_a_table_of_rows_can_be_given_is_said(tmp_path: Path) -> None:
    table = tmp_path / "rigs.csv"
    table.write_text("client,model,number,hash rate,power,price\na,S21,40,200,3500,3200\n")
    given = ["check", str(table), "--template", "mining-leveraged", "--group-by", "client"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 3
    assert "its list rigs is filled by --set rigs=FILE" in result.stderr
    given = ["report", str(table), "--template", "positions", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, given)
    assert (result.exit_code, "--group-by COLUMN" in result.stderr) == (3, True)

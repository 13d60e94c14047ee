"""What would be read of a table, said without writing anything."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from support.command import call
from support.flags import failing_check


def rows(path: Path, count: int) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["My book"]
    return [[sheet.cell(row, column).value for column in (2, 3, 4, 5, 6, 9)] for row in range(6, 6 + count)]


def test_check_says_what_would_be_read_and_writes_nothing(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(
        "Konto;Seite;Einstieg;Menge;Hebel\nA;long;61.240,50;0,02;10\nB;up;7,5;1;5\nSumme;;;;\n".encode("cp1252")
    )
    result = call("check", table, "--template", "positions", "--set", "price=5", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["form"], found["header"], found["usable"], found["rejected"]) == (
        *("UTF-8, semicolons between the values", 1, 1, 1),
    )
    assert {each["column"]: each["input"] for each in found["columns"]} == {
        **{"Seite": "Side", "Einstieg": "Entry", "Menge": "Quantity", "Hebel": "Leverage"},
    }
    assert found["rows"][0]["Entry"] == 61240.5
    assert found["unused"] == ["Konto"]
    assert found["faults"] == ["line 3, column Seite: found 'up'; allowed is one of long, short"]
    lacking = call("check", table, "--template", "positions")
    assert (lacking.exit_code, "missing: Price" in lacking.stdout) == (3, True)
    assert "Einstieg -> entry" in call("check", table).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_check_names_the_file_s_own_columns_and_how_to_give_what_is_missing(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L,Exit Type,Trade Time(UTC+0),Create Time\n"
        "OPUSDT,Close Long,500,0.63,0.64,4.65,Trade,2026-02-05 10:05:40,2026-02-05 10:05:40\n"
    )
    result = call("check", table, "--template", "positions")
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert {"  Contracts -> Symbol", "  Qty -> Quantity", "  Entry Price -> Entry"} <= set(lines)
    assert "not used: Exit Price, Closed P&L, Create Time, Trade Time(UTC+0), Exit Type" in lines
    assert (
        'missing: Leverage, Price; --map "COLUMN=Leverage" says which column is one, --set "Leverage=VALUE" gives one '
        "value for all rows"
    ) in lines


BOOK = """symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr,contract,client
BTCUSDT,bybit,long,cross,64000,0.15,10,62500,0.5%,,ann
ETHUSDT,bybit,short,isolated,3100,4,8,3180,1%,,ann
BTCUSD,binance,short,isolated,65000,{coins},4,62500,0.4%,inverse,ben
"""


def test_rows_of_which_the_result_would_be_an_error_are_named_as_report_counts_them(tmp_path: Path) -> None:
    """A cross position without a wallet and an inverse one in coins were usable rows, and a report that fails."""
    table, wallets = tmp_path / "t.csv", tmp_path / "w.csv"
    options = ("--template", "positions", "--set", f"wallets={wallets}")
    for venue, coins, failing in (("bybit", 13000, {}), ("okx", 0.2, {2: "Every row can be", 4: "Inverse quantity"})):
        table.write_text(BOOK.format(coins=coins), encoding="utf-8")
        wallets.write_text(f"venue,wallet balance\n{venue},2500\n", encoding="utf-8")
        found = call("check", table, *options)
        lines = re.findall(r"^line (\d+), by itself: Checks!\w+ (CHECK FAILED: .*)$", found.stdout, re.MULTILINE)
        named = {line: failing_check(flag) for line, flag in lines}
        assert {int(line) for line in named} == set(failing), found.stdout
        assert all(named[str(line)].startswith(reason) for line, reason in failing.items())
        assert "rows that can be used: 3, rejected: 0" in found.stdout
        assert f"the workbook of all rows; with an error or a failing check: {int(bool(failing))}" in found.stdout
        made = call("report", table, *options, "--into", tmp_path / "one.xlsx", "--force")
        assert found.exit_code == made.exit_code == int(bool(failing))


def test_reports_of_many_rows_and_of_one_are_computed_by_check(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(BOOK.format(coins=0.2), encoding="utf-8")
    found = call("check", table, "--template", "positions", "--group-by", "client", "--json")
    data = json.loads(found.stdout)
    assert (found.exit_code, data["reports"], data["with_errors"]) == (1, 2, 2)
    assert data["computed"] == "2 of 2 reports; with an error or a failing check: 2"
    assert [each.partition(":")[0] for each in data["errors"]] == [
        "client ann",
        "line 2, by itself",
        "client ben",
        "line 4, by itself",
    ]
    rows = "entry,side,leverage,amount\n50000,long,5,1000\n50000,long,1,1000\n"
    table.write_text(rows, encoding="utf-8")
    found = call("check", table, "--template", "futures-planner", "--defaults")
    assert (found.exit_code, "line 3: " in found.stdout) == (1, True), found.stdout
    assert "computed: 2 of 2 reports; with an error or a failing check: 1" in found.stdout
    assert call("report", table, "--template", "futures-planner", "--defaults", "--out", tmp_path / "o").exit_code == 1


def test_a_day_of_an_own_workbook_is_said_as_a_day_and_rows_by_the_lines_of_the_file(tmp_path: Path) -> None:
    """Neither cell has a validation; one is blank and only looks like a day."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "S"
    for row, (name, value, number_format) in enumerate(
        [("day", datetime.date(2026, 11, 27), "yyyy-mm-dd"), ("due", None, "d.m.yyyy"), ("days", "=B2-B1", "0")], 1
    ):
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, value).number_format = number_format
        book.defined_names[name] = DefinedName(name, attr_text=f"S!$B${row}")
    book.save(tmp_path / "own.xlsx")
    table = tmp_path / "t.csv"
    table.write_text("Deadlines\n\nday;due\n13.11.2026;28.12.2026\n")
    result = call("check", table, "--template", tmp_path / "own.xlsx")
    assert (result.exit_code, "line 4: day 2026-11-13, due 2026-12-28\n" in result.stdout) == (0, True), result.stdout


def test_check_finds_as_many_reports_as_are_made_with_addresses(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = ("a,a@x.org,BTC", "a,A@x.org,ETH", "b,b@x.org,BTC", "b,b@x.org,ETH")
    lines = "".join(f"{each},okx,long,isolated,9,1,2,9,1%\n" for each in rows)
    table.write_text(f"client,email,symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr\n{lines}")
    options = ("--template", "positions", "--group-by", "client")
    for address, count in ((("--address", "email"), 1), ((), 2)):
        found = json.loads(call("check", table, *options, *address, "--json").stdout)
        out = tmp_path / f"out-{count}"
        call("report", table, *options, *address, "--out", out)
        assert (found["reports"], len(list(out.glob("?.xlsx"))), found["unused"]) == (
            count,
            count,
            [] if address else ["email"],
        )
    wrong = call("check", table, *options, "--address", "mail")
    assert (wrong.exit_code, "--address 'mail' is no column" in wrong.stderr) == (2, True)
    single = call("check", table, "--address", "email")
    assert (single.exit_code, "--template says which" in single.stderr) == (2, True)

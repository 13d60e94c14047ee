"""What would be read of a table, said without writing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
from support.command import call


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

"""positions, who is liquidated first: every position has one place, however many are liquidated by the same move."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import call

HEADERS = ("symbol", "venue", "side", "margin mode", "entry", "quantity", "leverage", "price", "mmr")
PLACES = 8


def written(path: Path, headers: Iterable[str], rows: Iterable[Iterable[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path


def isolated(symbol: str, entry: float, value: float, leverage: float = 10, side: str = "long") -> tuple[Any, ...]:
    """A position at its entry price: what liquidates it does not depend on how much it is."""
    return (symbol, "bybit", side, "isolated", entry, value / entry, leverage, entry, 0.01)


def listed(path: Path) -> list[tuple[Any, ...]]:
    """The symbols, venues, sides and moves of the list."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Calculations"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(place for place, row in enumerate(rows) if "Of equal ones" in row)
    columns = [rows[head].index(title) for title in ("Symbol", "Venue", "Side", "Common move\nof price")]
    found = [tuple(row[column] for column in columns) for row in rows[head + 1 : head + 1 + PLACES]]
    return [row for row in found if any(row)]


def into(folder: Path, rows: list[tuple[Any, ...]], *options: str | Path) -> Path:
    table = written(folder / "positions.csv", HEADERS, rows)
    out = folder / "book.xlsx"
    made = call("report", table, "--template", "positions", "--into", out, *options)
    assert made.exit_code == 0, made.stderr
    return out


# The same move of 2, 3 and all; with the same exposure, with nearly the same, and with moves that differ by the last
# digits that a number has: 0.1+0.2 is not 0.3 there.
TIES = {
    "two": [isolated("A", 100, 600), isolated("B", 50, 600), isolated("C", 10, 600, 5)],
    "three of four": [isolated("A", 3, 600), *(isolated(name, 7, 600, 20) for name in "BCD")],
    "all": [
        isolated(name, price, 6000) for name, price in zip("ABCDEF", (60000, 3000, 150, 0.3, 0.07, 1.1), strict=True)
    ],
    "nearly equal exposures": [isolated("A", 60000, 6000), isolated("B", 3000, 6000.0000001), isolated("C", 150, 6000)],
    "last digits": [
        isolated(name, entry, 600, 3) for name, entry in zip("ABCD", (0.3, 0.1 + 0.2, 0.7, 2.1), strict=True)
    ],
    "more than places": [isolated(f"S{number}", 1 + number / 7, 600) for number in range(12)],
}


@pytest.mark.parametrize("rows", TIES.values(), ids=TIES)
def test_every_position_has_one_place(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    found = listed(into(tmp_path, rows))
    symbols = [row[0] for row in found]
    assert len(symbols) == len(set(symbols)) == min(len(rows), PLACES)
    moves = [abs(row[3]) for row in found]
    assert moves == pytest.approx(sorted(moves), abs=1e-9)


def test_equal_ones_stand_in_the_order_of_the_list(tmp_path: Path) -> None:
    found = listed(into(tmp_path, TIES["three of four"]))
    assert [row[0] for row in found] == ["B", "C", "D", "A"]


def test_positions_of_one_wallet_have_a_place_each(tmp_path: Path) -> None:
    rows = [
        ("BTCUSDT", "bybit", "long", "cross", 60000, 0.1, 5, 60000, 0.005),
        ("ETHUSDT", "bybit", "short", "cross", 3000, 2, 5, 3000, 0.005),
        ("SOLUSDT", "bybit", "long", "cross", 150, 10, 5, 150, 0.01),
    ]
    wallets = written(tmp_path / "wallets.csv", ("venue", "wallet balance"), [("bybit", 1200)])
    found = listed(into(tmp_path, rows, "--set", f"wallets={wallets}"))
    assert [row[0] for row in found] == ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    assert len({row[3] for row in found}) == 1


def test_the_same_symbol_at_two_venues_is_two_positions(tmp_path: Path) -> None:
    first = isolated("BTCUSDT", 60000, 6000)
    found = listed(into(tmp_path, [first, (first[0], "okx", *first[2:]), (*first[:2], "short", *first[3:])]))
    assert {row[:3] for row in found} == {
        ("BTCUSDT", "bybit", "long"),
        ("BTCUSDT", "okx", "long"),
        ("BTCUSDT", "bybit", "short"),
    }


def test_in_a_report_of_a_client_and_computed_again_too(tmp_path: Path) -> None:
    rows = [(client, *row) for client in ("x", "y") for row in TIES["all"]]
    table = written(tmp_path / "positions.csv", ("client", *HEADERS), rows)
    options = ("--group-by", "client", "--map", "client=portfolio", "--out", tmp_path / "reports")
    made = call("report", table, "--template", "positions", *options)
    assert made.exit_code == 0, made.stderr
    books = [tmp_path / "reports" / f"{client}.xlsx" for client in ("x", "y")]
    for book in books:
        again = tmp_path / "again.xlsx"
        assert call("recalc", book, "-o", again, "--force").exit_code == 0
        for path in (book, again):
            assert sorted(row[0] for row in listed(path)) == list("ABCDEF")


def test_places_that_nobody_takes_are_blank(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(into(tmp_path, TIES["two"]), data_only=True)
    rows = list(book["Calculations"].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if "Of equal ones" in row)
    taken = [any(row[2:]) for row in rows[head + 1 : head + 1 + PLACES]]
    assert taken == [True] * 3 + [False] * (PLACES - 3)


def test_a_net_exposure_of_nothing_has_no_minus(tmp_path: Path) -> None:
    """0.1+0.2-0.3 is 5.6e-17, and the other way round as much below zero."""
    rows = [isolated("A", 1, 0.3), isolated("B", 1, 0.1, 10, "short"), isolated("C", 1, 0.2, 10, "short")]
    sheet = openpyxl.load_workbook(into(tmp_path, rows), data_only=True)["Dashboard"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if str(cell.value).endswith(" net")]
    assert said == ["0.60 gross, 0.00 net"]


def test_a_position_that_no_move_liquidates_comes_last(tmp_path: Path) -> None:
    """Its wallet has more than it can lose; another is liquidated by a rise of more than all of the price."""
    rows = [
        ("ADAUSDT", "okx", "long", "cross", 1, 100, 5, 1, 0.01),
        ("BTCUSDT", "gate", "short", "cross", 60000, 0.01, 5, 60000, 0.01),
        isolated("ETHUSDT", 3000, 600),
    ]
    wallets = written(tmp_path / "wallets.csv", ("venue", "wallet balance"), [("okx", 1_000_000), ("gate", 900)])
    found = listed(into(tmp_path, rows, "--set", f"wallets={wallets}"))
    assert [row[0] for row in found] == ["ETHUSDT", "BTCUSDT", "ADAUSDT"]
    assert found[-1][3] == "never"

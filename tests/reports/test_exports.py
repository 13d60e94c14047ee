"""Exports in the form in which venues write them: a person's own numbers come out, or one sentence."""

from __future__ import annotations

import csv
import math
import tomllib
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.workbook.defined_name import DefinedName
from support.command import call
from support.exports import EXPORTS, report

from xladdin.cli import main
from xladdin.reports import exports
from xladdin.reports.table import open_table

SAID = {
    "thousand-dots.csv": ("--decimal", ","),
    "bot-log.tsv": ("--set", "quantity=1"),
}


def expected() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (EXPORTS / "expected.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], []).append(row)
    return found


@pytest.mark.parametrize("name", [name for name, rows in expected().items() if rows[0]["side"]])
def test_what_an_export_says_comes_out(tmp_path: Path, name: str) -> None:
    result, made = report(EXPORTS / name, tmp_path, *SAID.get(name, ()))
    assert len(made) == len(expected()[name]), result.stderr
    names = {"exit": "exit_price", "realised_after_fees": "realised"}
    for row, found in zip(expected()[name], made, strict=True):
        for field in ("symbol", "side", "entry", "quantity", "exit", "realised_after_fees"):
            value = found[names.get(field, field)]
            if not row[field]:
                continue
            if field in ("symbol", "side"):
                assert str(value).casefold() == row[field].casefold()
            else:
                assert value == pytest.approx(float(row[field]), rel=1e-14)
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kraken-futures-log.csv", ["Kraken futures account log", "funding paid 0.0002 ETH", "fee 0.0004 ETH"]),
        ("nexo.csv", ["interest", "no loan and no position"]),
        ("thousand-dots.csv", ["'65.000'", "--decimal"]),
    ],
)
def test_what_has_no_position_or_two_meanings_is_refused_in_one_sentence(
    tmp_path: Path, name: str, said: list[str]
) -> None:
    result, made = report(EXPORTS / name, tmp_path)
    assert (result.exit_code, made, result.stderr.count("\n")) == (3, [], 1)
    assert all(words in result.stderr for words in said)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("mark", "entry"), [(",", 65000), (".", 65)])
def test_a_number_of_two_meanings_is_read_as_it_was_said(tmp_path: Path, mark: str, entry: float) -> None:
    _, ((made),) = report(EXPORTS / "thousand-dots.csv", tmp_path, "--decimal", mark)
    assert made["entry"] == entry


def test_what_else_the_exports_hold(tmp_path: Path) -> None:
    _, first = report(EXPORTS / "binance-position-history.csv", tmp_path)
    assert [(row["margin_mode"], row["profit"]) for row in first] == [("Cross", 17.4), ("Isolated", -38.4)]
    (tmp_path / "two").mkdir()
    _, second = report(EXPORTS / "ccxt-positions.csv", tmp_path / "two")
    assert (second[0]["price"], second[0]["leverage"], second[0]["maintenance_margin_rate"]) == (1.71, 10, 0.0065)
    (tmp_path / "three").mkdir()
    _, third = report(EXPORTS / "latin1.csv", tmp_path / "three")
    assert third[0]["client"] == "M\u00fcller & S\u00f6hne"
    (tmp_path / "four").mkdir()
    result, fourth = report(EXPORTS / "titled.csv", tmp_path / "four")
    assert fourth[0]["leverage"] == 10
    assert "not counted as a row: line 6 (Total)" in result.stderr


SOURCES = sorted(path.stem for path in (Path(exports.__file__).parent / "sources").glob("*.toml"))


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_known_by_its_own_header_and_by_no_other(name: str) -> None:
    source = exports.read_source(Path(exports.__file__).parent / "sources" / f"{name}.toml")
    header = [names[0] for names in source.header]
    known = [each for each in exports.sources() if each.knows(header)]
    assert max(known, key=lambda each: len(each.header)).name == source.name
    if source.kind == "fills":
        found = source.found_in(header)
        assert {"symbol", "direction", "price", "quantity"} <= set(found)


def test_a_user_adds_a_source_with_a_file_of_his_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    text = 'name = "My broker"\nkind = "positions"\nheader = ["Wert", "Kaufkurs", "Stk"]\n'
    text += '[columns]\nsymbol = "Wert"\nentry = "Kaufkurs"\nquantity = { column = "Stk", absolute = true }\n'
    text += 'side = { column = "Stk", as_text = "side" }\n'
    assert tomllib.loads(text)
    (folder / "broker.toml").write_text(text)
    monkeypatch.setenv(exports.OF_USERS, str(folder))
    exports.sources.cache_clear()
    table = tmp_path / "t.csv"
    table.write_text("Wert,Kaufkurs,Stk\nABC,5.5,-3\n")
    try:
        result, (made,) = report(table, tmp_path)
    finally:
        exports.sources.cache_clear()
    assert "read as: My broker." in result.stderr
    assert (made["side"], made["quantity"], made["entry"]) == ("short", 3, 5.5)


def test_an_inverse_position_is_rejected_where_the_workbook_knows_no_contract(tmp_path: Path) -> None:
    table = open_table(EXPORTS / "ccxt-positions.csv")
    source = exports.recognised(table)
    assert source is not None
    frame = next(exports.in_our_words(table, source).frames(10))
    assert frame.data["contract"].to_list() == ["linear", "inverse"]
    assert math.isclose(frame.data["quantity"].to_list()[1], 10000)
    arguments = ["report", str(EXPORTS / "ccxt-positions.csv"), "--template", "futures-planner", "--defaults"]
    result = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "out")])
    assert "1 report and a summary" in result.output
    assert "line 3, column contract: found 'inverse'" in result.stderr


def test_a_workbook_for_fills_gets_fills(tmp_path: Path) -> None:
    """One that has the columns of an export under their own names is for what the export holds itself."""
    book = openpyxl.Workbook()
    names = ("Time", "Symbol", "Side", "Price", "Quantity", "Fee")
    for row, name in enumerate(names, 1):
        book.active.cell(row, 2, "x")
        book.defined_names[name] = DefinedName(name, attr_text=f"Sheet!$B${row}")
    book.save(tmp_path / "fills.xlsx")
    arguments = ["report", str(EXPORTS / "binance-trade-history.csv"), "--template", str(tmp_path / "fills.xlsx")]
    result = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "out")])
    assert "3 reports and a summary" in result.stdout


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (
            "symbol,positionSide,positionAmt,entryPrice,markPrice,leverage,marginType,liquidationPrice",
            "BTCUSDT,BOTH,500 USDT,60000,61000,5,cross,0",
            "column quantity: found '500 USDT'; USDT is not what the input quantity counts",
        ),
        (
            "Time,Symbol,Side,Price,Quantity,Fee",
            "2026-01-01 00:00:00,BTCUSDT,buy,60000,500 USDT,0.1",
            "line 2, column Quantity: found '500 USDT'; allowed is a quantity in its own unit",
        ),
    ],
)
def test_a_unit_in_a_cell_of_an_export_counts_too(tmp_path: Path, header: str, row: str, words: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"{header}\n{row}\n")
    result, made = report(table, tmp_path)
    assert "read as" in result.output or "allowed is a quantity" in result.output
    assert words in result.output
    assert made == []


@pytest.mark.parametrize(
    ("name", "told"), [("binance-trade-history", ""), ("bybit-closed-pnl", "2 closed positions count")]
)
def test_closed_positions_in_a_book_of_open_ones_are_told(name: str, told: str, tmp_path: Path) -> None:
    given = ("--template", "positions", "--set", "leverage=10", "--set", "mmr=0.5%")
    made = (*given, "--set", "price=1", "--into", tmp_path / "a.xlsx", "--quiet", "--allow-errors")
    result = call("report", EXPORTS / f"{name}.csv", *made)
    said = [
        line for line in result.stderr.splitlines() if "as open in positions.xlsx, which takes no exit price" in line
    ]
    assert (len(said), all(told in line for line in said)) == (bool(told), True), result.stderr
    mapped = call("check", EXPORTS / f"{name}.csv", *given, "--map", "exit_price=Price")
    assert "takes no exit price" not in mapped.stdout


def test_a_symbol_without_a_position_is_no_row(tmp_path: Path) -> None:
    """Binance's API lists every symbol of an account."""
    table = tmp_path / "t.csv"
    table.write_text(
        "symbol,positionAmt,entryPrice,markPrice,leverage\nBTCUSDT,0.1,97000,96000,10\nETHUSDT,0.0,0.0,3300,20\n"
        "SOLUSDT,-3,150,140,5\n"
    )
    result, made = report(table, tmp_path)
    assert result.exit_code == 0, result.stderr
    assert [(row["symbol"], row["side"], row["quantity"]) for row in made] == [
        *(("BTCUSDT", "long", 0.1), ("SOLUSDT", "short", 3)),
    ]

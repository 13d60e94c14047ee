"""What a number of a table is counted in: converted where it is known to be another, and else asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.books import named_values
from support.command import call

PLAN = "client,symbol,side,entry,amount,leverage,maintenance_margin_rate"
RIGS = "model,number,hash rate,power,price"


def rigs(folder: Path, header: str, row: str, *options: str) -> tuple[int, str, list[Any]]:
    """How it ends that a plan of a mine is given a rig, what is said, and the rig."""
    (folder / "rigs.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    target = folder / "mine.xlsx"
    result = call("new", "mining-leveraged", "-o", target, "--set", f"rigs={folder / 'rigs.csv'}", *options)
    if result.exit_code:
        return result.exit_code, result.stderr, []
    book = openpyxl.load_workbook(target)
    sheet, _, cells = book.defined_names["_list_rigs"].attr_text.rpartition("!")
    first = book[sheet.strip("'")][cells.replace("$", "")][0]
    return 0, result.stderr, [cell.value for cell in first]


def plan(folder: Path, header: str, row: str, *options: str) -> tuple[int, str, Any]:
    """How it ends that a plan is made of a row, what is said, and the amount in it."""
    (folder / "t.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    result = call("report", folder / "t.csv", "--template", "futures-planner", "--out", folder / "out", *options)
    path = folder / "out" / "report-1.xlsx"
    if not path.exists():
        return result.exit_code, result.stderr, None
    book = openpyxl.load_workbook(path)
    sheet, _, cell = book.defined_names["amount"].attr_text.rpartition("!")
    return result.exit_code, result.stderr, book[sheet.strip("'")][cell.replace("$", "")].value


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("model,number,hash rate,power (kW),price", "S21,40,200,3.5,3200"),
        ("model,number,hash rate,power (MW),price", "S21,40,200,0.0035,3200"),
        ("model,number,hash rate,power kW,price", "S21,40,200,3.5,3200"),
        ("model,number,hash rate (PH/s),power [W],price (USD)", "S21,40,0.2,3500,3200"),
        ("model,number,hash rate (GH/s),power,price (USDT)", "S21,40,200000,3500,3200"),
        (RIGS, "S21,40,200 TH/s,3500 W,3200 USD"),
        (RIGS, "S21,40,0.2 PH/s,3.5 kW,3200 USD"),
        (RIGS, "S21,40,0.2 ph/s,3.5 kw,3200"),
        ("model,number,hash rate,power (kW),price", "S21,40,200,3500 W,3200"),
    ],
)
def test_multiples_of_a_unit_are_converted_in_a_header_and_in_a_cell(tmp_path: Path, header: str, row: str) -> None:
    code, said, rig = rigs(tmp_path, header, row)
    assert code == 0, said
    assert (rig[:4], rig[-1]) == (["S21", 40, 200, 3500], 3200)


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        ("power (hp)", "4.7", "line 1: the column 'power (hp)' is in hp"),
        ("power (mw)", "0.0035", "line 1: the column 'power (mw)' is in mw"),
        ("power (kWh)", "84", "allowed is W, kW or MW"),
        ("power", "3500 J", "line 2, column power: found '3500 J'"),
        ("power", "3500 BTC", "BTC is not what the input Power counts; allowed is a number in W, kW or MW"),
        ("power", "0.2 TH/s", "TH/s is not what the input Power counts"),
    ],
)
def test_a_unit_that_is_not_known_is_refused(tmp_path: Path, header: str, row: str, words: str) -> None:
    code, said, _ = rigs(tmp_path, RIGS.replace("power", header), f"S21,40,200,{row},3200")
    assert (code, words in said) == (3, True), said


def test_the_price_of_a_rig_is_in_the_currency_of_the_plan(tmp_path: Path) -> None:
    code, said, _ = rigs(tmp_path, RIGS.replace("price", "price (EUR)"), "S21,40,200,3500,3200")
    assert (code, "the column 'price (EUR)' is in EUR" in said, "allowed is USD a rig" in said) == (3, True, True), said
    code, said, _ = rigs(tmp_path, RIGS.replace("price", "price (k USD)"), "S21,40,200,3500,3.2")
    assert (code, "is in k USD" in said) == (3, True)
    code, said, rig = rigs(tmp_path, RIGS.replace("price", "price (USD/rig)"), "S21,40,200,3500,3200")
    assert (code, rig[-1:]) == (0, [3200]), said


@pytest.mark.parametrize("unit", ["BTC", "EUR", "kUSD", "k USDT", "TEUR", "Mio USD", "GBP", "\u20ac"])
def test_money_in_another_unit_is_refused_in_a_header(tmp_path: Path, unit: str) -> None:
    code, said, _ = plan(tmp_path, PLAN.replace("amount", f"amount ({unit})"), "a,BTCUSDT,long,50000,1000,10,0.5%")
    assert (code, f"line 1: the column 'amount ({unit})' is in {unit}" in said) == (3, True), said
    assert "allowed is USDT or another dollar" in said
    said_by_hand = ("--map", f"amount ({unit})=amount")
    code, said, amount = plan(
        tmp_path, PLAN.replace("amount", f"amount ({unit})"), "a,BTCUSDT,long,50000,1000,10,0.5%", *said_by_hand
    )
    assert (code, amount) == (0, 1000), said


@pytest.mark.parametrize(("cell", "found"), [("0.2 BTC", "BTC"), ("1000 EUR", "EUR"), ("\u20ac1000", "\u20ac")])
def test_money_in_another_unit_is_refused_in_a_cell(tmp_path: Path, cell: str, found: str) -> None:
    code, said, _ = plan(tmp_path, PLAN, f"a,BTCUSDT,long,50000,{cell},10,0.5%")
    assert (code, f"line 2, column amount: found '{cell}'; {found} is not what the input amount counts" in said) == (
        1,
        True,
    ), said


@pytest.mark.parametrize(
    ("header", "row", "options"),
    [
        (PLAN.replace("amount", "amount (USD)"), "a,BTCUSDT,long,50000,1000,10,0.5%", ()),
        (PLAN, "a,BTCUSDT,long,50000,$1000,10x,0.5%", ()),
        (PLAN.replace("amount", "amount (EUR)"), "a,BTCUSDT,long,50000,1000,10,0.5%", ("--set", "currency=EUR")),
        (f"{PLAN},currency", "a,BTCUSDT,long,50000 EUR,1000 EUR,10,0.5%,EUR", ()),
        (f"{PLAN.replace('amount', 'amount (EUR)')},currency", "a,BTCUSDT,long,50000,1000,10,0.5%,EUR", ()),
        (PLAN.replace("amount", "amount (BTC)"), "a,BTCUSDT,long,50000,1000,10,0.5%", ("--set", "sizing=quantity")),
    ],
)
def test_money_is_in_the_currency_that_is_said(tmp_path: Path, header: str, row: str, options: tuple[str, ...]) -> None:
    code, said, amount = plan(tmp_path, header, row, *options)
    assert (code, amount) == (0, 1000), said


def test_each_row_is_in_its_own_currency(tmp_path: Path) -> None:
    header = f"{PLAN.replace('amount', 'amount (EUR)')},currency"
    (tmp_path / "t.csv").write_text(
        f"{header}\na,BTCUSDT,long,50000,1000,10,0.5%,USDT\nb,BTCUSDT,long,50000,1000,10,0.5%,EUR\n"
    )
    result = call("report", tmp_path / "t.csv", "--template", "futures-planner", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "line 2, column amount (EUR): found '1000'; EUR is not what the input amount counts" in result.stderr
    assert [path.name for path in (tmp_path / "out").glob("report-*")] == ["report-2.xlsx"]


@pytest.mark.parametrize(
    ("given", "words"),
    [("amount=1000 EUR", "EUR is not what amount counts"), ("amount=0.2 BTC", "BTC is not what amount counts")],
)
def test_one_value_for_all_rows_is_in_the_currency_too(tmp_path: Path, given: str, words: str) -> None:
    header = PLAN.replace("amount,", "")
    code, said, _ = plan(tmp_path, header, "a,BTCUSDT,long,50000,10,0.5%", "--set", given)
    assert (code, words in said) == (2, True), said
    both = ("--set", "amount=1000 EUR", "--set", "currency=EUR")
    code, said, amount = plan(tmp_path, header, "a,BTCUSDT,long,50000,10,0.5%", *both)
    assert (code, amount) == (0, 1000), said


@pytest.mark.parametrize(
    ("header", "words"),
    [("funding_rate (8h)", "is in 8h"), ("leverage (max)", "is in max"), ("stop (BTC)", "is in BTC")],
)
def test_what_stands_in_brackets_is_a_unit_of_the_input(tmp_path: Path, header: str, words: str) -> None:
    name = header.partition(" ")[0]
    names = PLAN.replace(name, header) if name in PLAN else f"{PLAN},{header}"
    row = "a,BTCUSDT,long,50000,1000,10,0.5%" + ("" if name in PLAN else ",0.0001")
    code, said, _ = plan(tmp_path, names, row)
    assert (code, words in said) == (3, True), said


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("stake_apr", "2.9%", 0.029),
        ("stake_apr (%)", "2.9", 0.029),
        ("stake_apr (% p.a.)", "2.9", 0.029),
        ("stake_apr (bps)", "290", 0.029),
        ("stake_apr", "0.57%", 0.0057),
    ],
)
def test_a_percentage_is_the_nearest_number_to_its_decimals(
    tmp_path: Path, header: str, cell: str, value: float
) -> None:
    (tmp_path / "t.csv").write_text(f"capital,{header}\n10,{cell}\n")
    result = call("report", tmp_path / "t.csv", "--template", "staking-loop", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    book = openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx")
    sheet, _, place = book.defined_names["stake_apr"].attr_text.rpartition("!")
    assert book[sheet.strip("'")][place.replace("$", "")].value == value


def test_a_percentage_given_by_hand_is_the_nearest_number_too(tmp_path: Path) -> None:
    assert call("new", "staking-loop", "-o", tmp_path / "one.xlsx", "--set", "stake_apr=2.9%").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    sheet, _, place = book.defined_names["stake_apr"].attr_text.rpartition("!")
    assert book[sheet.strip("'")][place.replace("$", "")].value == 0.029


@pytest.mark.parametrize(
    ("said", "apr"),
    [("11% p.a.", 0.11), ("11 % p. a.", 0.11), ("11% a year", 0.11), ("11%/year", 0.11), ("0.1%/day", "%/day")],
)
def test_a_rate_of_a_year_is_one_in_a_cell_too(tmp_path: Path, said: str, apr: float | str) -> None:
    given = call("new", "staking-loop", "-o", tmp_path / "one.xlsx", "--set", f"borrow_apr={said}")
    (tmp_path / "t.csv").write_text(f"client,borrow_apr\nann,{said}\n", encoding="utf-8")
    read = call("report", tmp_path / "t.csv", "--template", "staking-loop", "--defaults", "--out", tmp_path / "out")
    if isinstance(apr, str):
        assert (given.exit_code, f"{apr} is not what borrow_apr counts" in given.stderr) == (2, True), given.stderr
        assert (read.exit_code, f"{apr} is not what the input borrow_apr counts" in read.stderr) == (1, True)
        return
    found = [named_values(path)["borrow_apr"] for path in (tmp_path / "one.xlsx", tmp_path / "out" / "report-1.xlsx")]
    assert found == [apr, apr], (given.stderr, read.stderr)


TARIFFS = [
    ("0.048 USD/kWh", 0.048),
    ("4.8 ct/kWh", 0.048),
    ("4.8 cents per kWh", 0.048),
    ("4.5 ct", 0.045),
    ("$0.048/kWh", 0.048),
    ("48 USD / MWh", 0.048),
    ("0.048 EUR/kWh", "EUR/kWh"),
    ("0.048 USD/day", "USD/day"),
    ("5 apples", "apples"),
]


@pytest.mark.parametrize(("said", "tariff"), TARIFFS)
def test_money_by_something_is_converted_or_refused_by_its_unit(tmp_path: Path, said: str, tariff: float | str) -> None:
    given = call("new", "mining-hedge", "-o", tmp_path / "one.xlsx", "--set", f"tariff={said}")
    if isinstance(tariff, str):
        assert (given.exit_code, f"{tariff} is not what tariff counts" in given.stderr) == (2, True), given.stderr
    else:
        assert named_values(tmp_path / "one.xlsx")["tariff"] == tariff, given.stderr


def test_money_by_something_in_cells_and_in_a_header(tmp_path: Path) -> None:
    rows = "".join(f"{number},{said}\n" for number, (said, _) in enumerate(TARIFFS))
    (tmp_path / "t.csv").write_text(f"client,tariff\n{rows}", encoding="utf-8")
    (tmp_path / "header.csv").write_text("client,tariff (ct/kWh)\nann,4.8\n", encoding="utf-8")
    options = ("--template", "mining-hedge", "--defaults", "--out")
    cells = call("report", tmp_path / "t.csv", *options, tmp_path / "out")
    for number, (_, tariff) in enumerate(TARIFFS):
        report = tmp_path / "out" / f"report-{number + 1}.xlsx"
        if isinstance(tariff, str):
            assert f"{tariff} is not what the input tariff counts" in cells.stderr
            assert not report.exists()
        else:
            assert named_values(report)["tariff"] == tariff
    header = call("report", tmp_path / "header.csv", *options, tmp_path / "headed")
    assert named_values(tmp_path / "headed" / "report-1.xlsx")["tariff"] == 0.048, header.stderr

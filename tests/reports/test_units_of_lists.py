"""The money of a workbook's lists is in the currency of the workbook, and in coins where a contract is inverse."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from support.command import call

POSITIONS = """account,symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr
a,BTCUSDT,bybit,long,cross,61240,0.2,10,61900,0.5%
"""
COINS = """symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr,contract,wallet name
BTCUSD,binance,long,cross,60000,12000,5,61900,0.4%,inverse,BTC
BTCUSDT,binance,short,cross,61240,0.2,10,61900,0.5%,,
"""
COIN_WALLETS = "venue,wallet balance,contract,wallet name\nbinance,0.5 BTC,inverse,BTC\nbinance,3000 USDT,linear,\n"


def with_wallets(folder: Path, positions: str, wallets: str, *options: str) -> tuple[int, str]:
    """How it ends that a book is made of positions with these wallets, and what is said."""
    (folder / "p.csv").write_text(positions, encoding="utf-8")
    (folder / "w.csv").write_text(wallets, encoding="utf-8")
    given = ("--template", "positions", "--into", folder / "book.xlsx", "--set", f"wallets={folder / 'w.csv'}")
    result = call("report", folder / "p.csv", *given, *options)
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("wallets", "words"),
    [
        ("venue,wallet balance\nbybit,5500 EUR\n", "line 2, column wallet balance: found '5500 EUR'; EUR is not what"),
        ("venue,wallet balance (EUR)\nbybit,5500\n", "line 1: the column 'wallet balance (EUR)' is in EUR"),
        ("venue,wallet balance (BTC)\nbybit,0.5\n", "line 1: the column 'wallet balance (BTC)' is in BTC"),
        ("venue,wallet balance\nbybit,0.5 BTC\n", "found '0.5 BTC'; BTC is not what the input Wallet balance counts"),
    ],
)
def test_the_rows_of_a_list_are_in_the_currency_of_the_workbook(tmp_path: Path, wallets: str, words: str) -> None:
    code, said = with_wallets(tmp_path, POSITIONS, wallets)
    assert (code, words in said, "allowed is" in said and "USDT or another dollar" in said) == (3, True, True), said
    in_euros = ("--set", "currency=EUR")
    assert (in_euros[1] in said) == ("EUR" in wallets), said
    assert ("inverse as Contract says that it is in coins" in said) == ("BTC" in wallets), said
    code, said = with_wallets(tmp_path, POSITIONS, wallets, *in_euros)
    assert (code == 0) == ("EUR" in wallets), said


@pytest.mark.parametrize("balance", ["5500 USDT", "$5500", "5500 USDC", "5500"])
def test_all_dollars_are_one_in_a_list_too(tmp_path: Path, balance: str) -> None:
    code, said = with_wallets(tmp_path, POSITIONS, f"venue,wallet balance\nbybit,{balance}\n")
    assert code == 0, said
    assert openpyxl.load_workbook(tmp_path / "book.xlsx")["Inputs"]["C42"].value == 5500


@pytest.mark.parametrize(
    ("header", "first"), [("wallet balance", "0.5 BTC"), ("wallet balance (BTC)", "0.5"), ("wallet balance", "0.5")]
)
def test_an_inverse_wallet_is_in_coins_and_a_linear_one_beside_it_is_not(
    tmp_path: Path, header: str, first: str
) -> None:
    coins = COIN_WALLETS.replace("wallet balance", header).replace("0.5 BTC", first)
    code, said = with_wallets(tmp_path, COINS, coins)
    assert code == 0, said
    swapped = coins.replace("inverse,BTC", "linear,BTC")
    code, said = with_wallets(tmp_path, COINS, swapped, "--force")
    assert (code, "BTC is not what the input Wallet balance counts" in said) == (
        (1, False) if (header, first) == ("wallet balance", "0.5") else (3, True)
    ), said


def test_an_inverse_wallet_is_not_in_money(tmp_path: Path) -> None:
    code, said = with_wallets(tmp_path, COINS, COIN_WALLETS.replace("0.5 BTC", "30000 EUR"))
    assert (code, "line 2, column wallet balance: found '30000 EUR'" in said) == (3, True), said
    assert "allowed is a number in coins" in said
    assert "currency=EUR" not in said


def test_an_inverse_position_is_worth_money_and_its_fees_are_coins(tmp_path: Path) -> None:
    header, first, second = COINS.splitlines()
    rows = f"{header},fees paid\n{first.replace('12000', '12000 USD')},0.0001 BTC\n{second},2 USDT\n"
    code, said = with_wallets(tmp_path, rows, COIN_WALLETS)
    assert code == 0, said
    in_coins = rows.replace("12000 USD", "0.2 BTC")
    code, said = with_wallets(tmp_path, in_coins, COIN_WALLETS, "--force")
    assert "line 2, column quantity: found '0.2 BTC'; BTC is not what the input Quantity counts" in said, said
    assert code == 1
    code, said = with_wallets(tmp_path, rows.replace("2 USDT", "0.0001 BTC"), COIN_WALLETS, "--force")
    assert "line 3, column fees paid: found '0.0001 BTC'; BTC is not what the input Fees paid counts" in said, said


def test_a_header_says_nothing_of_a_cell_that_is_blank(tmp_path: Path) -> None:
    header, first, second = COINS.splitlines()
    code, said = with_wallets(tmp_path, f"{header},margin (USDT)\n{first},\n{second},\n", COIN_WALLETS)
    assert (code, "margin (USDT)" in said) == (0, False), said


def test_the_rows_of_a_list_for_each_report_are_in_the_currency_too(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(POSITIONS, encoding="utf-8")
    lists = tmp_path / "w.csv"
    table = ("report", tmp_path / "p.csv", "--template", "positions", "--group-by", "account", "--out", tmp_path / "o")
    lists.write_text("account,venue,wallet balance\na,bybit,5500 EUR\n", encoding="utf-8")
    result = call(*table, "--with", f"wallets={lists}")
    assert (result.exit_code, "EUR is not what the input Wallet balance counts" in result.stderr) == (1, True)
    assert not list((tmp_path / "o").glob("report-*"))
    lists.write_text("account,venue,wallet balance (BTC)\na,bybit,5500\n", encoding="utf-8")
    result = call(*table, "--with", f"wallets={lists}")
    assert (result.exit_code, "'wallet balance (BTC)' is in BTC" in result.stderr) == (3, True), result.stderr
    lists.write_text("account,venue,wallet balance (EUR)\na,bybit,5500\n", encoding="utf-8")
    result = call(*table, "--with", f"wallets={lists}", "--set", "currency=EUR")
    assert result.exit_code == 0, result.stderr


def test_the_currency_that_is_given_is_that_of_the_rigs(tmp_path: Path) -> None:
    rigs = tmp_path / "rigs.csv"
    rigs.write_text("model,number,hash rate,power,price (EUR)\nS21,40,200,3500,3200\n", encoding="utf-8")
    new = ("new", "mining-leveraged", "--set", f"rigs={rigs}", "-o", tmp_path / "mine.xlsx")
    result = call(*new)
    assert result.exit_code == 3
    assert "allowed is USD a rig" in result.stderr
    assert "--set currency=EUR says that all money is in it" in result.stderr
    result = call(*new, "--set", "currency=EUR")
    assert result.exit_code == 0, result.stderr
    assert openpyxl.load_workbook(tmp_path / "mine.xlsx")["Inputs"]["G63"].value == 3200

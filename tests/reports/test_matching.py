"""Columns to inputs: by the units in their headers, and by what was said."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.books import make_portfolio
from support.command import call
from support.exports import report


@pytest.mark.parametrize(
    ("header", "cell", "read"), [("MMR %", "0.65", 0.0065), ("MMR (bps)", "65", 0.0065), ("mmr", "0.65%", 0.0065)]
)
def test_a_header_says_its_unit(tmp_path: Path, header: str, cell: str, read: float) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,quantity,{header}\nlong,1,1,{cell}\n")
    _, (made,) = report(table, tmp_path)
    assert made["maintenance_margin_rate"] == pytest.approx(read, rel=1e-15)


@pytest.mark.parametrize("header", ["Size (USDT)", "Qty (Cont)", "quantity [$]", "Size (k BTC)"])
def test_a_quantity_in_another_unit_is_asked_about(header: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,{header}\nlong,65000,1000\n")
    refused, _ = report(table, tmp_path)
    assert refused.exit_code == 3
    assert f"line 1: the column '{header}' is in" in refused.output
    taken, made = report(table, tmp_path, "--map", f"{header}=quantity")
    assert taken.exit_code == 0, taken.output
    assert made[0]["quantity"] == 1000


def test_a_price_in_thousands_is_asked_about_and_one_with_a_currency_is_not(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,Entry Price (k USDT),Size (BTC)\nlong,65,1\n")
    refused, _ = report(table, tmp_path)
    assert refused.exit_code == 3
    assert "is in k USDT, which is not what the input entry" in refused.output
    table.write_text("side,Entry Price (USDT),Size (BTC)\nlong,65000,1\n")
    taken, made = report(table, tmp_path)
    assert taken.exit_code == 0, taken.output
    assert made[0]["entry"] == 65000


def test_what_was_said_of_columns_is_kept_on_wish(tmp_path: Path) -> None:
    template = make_portfolio(tmp_path / "template.xlsx")
    table = tmp_path / "t.csv"
    table.write_text("ding,a,b,c\nBTC,1,2,3\n")
    said = ["--map", "ding=Coin", "--map", "a=entry", "--map", "b=quantity", "--map", "c=price"]
    arguments = ["report", table, "--template", template, "--into"]
    assert call(*arguments, tmp_path / "one.xlsx").exit_code == 3
    assert call(*arguments, tmp_path / "two.xlsx", *said, "--keep-map").exit_code == 0
    assert call(*arguments, tmp_path / "three.xlsx").exit_code == 0
    assert (tmp_path / "two.xlsx").read_bytes() == (tmp_path / "three.xlsx").read_bytes()
    (tmp_path / "t.csv.map.toml").write_text("columns = 3\n")
    assert "t.csv.map.toml says no columns and inputs" in call(*arguments, tmp_path / "four.xlsx").stderr
    for wrong, words in (("x", "says no column and input"), ("nix=entry", "that"), ("a=nix", "names an input 'nix'")):
        (tmp_path / "t.csv.map.toml").unlink(missing_ok=True)
        result = call(*arguments, tmp_path / "five.xlsx", "--map", wrong)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert words in result.stderr

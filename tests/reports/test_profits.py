"""Realised profits that the move of the price can't have given."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.exports import report


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        ("BTCUSDT,Buy,0.1,90000,92000,189.99", True),  # a short that earns from a rise
        ("BTCUSDT,Sell,0.1,90000,92000,189.99", False),
        ("BTCUSDT,Sell,1,90000,92000,189.99", False),  # costs of 2% of the value
        ("BTCUSDT,Sell,10,90000,100000,189.99", True),
        ("BTCUSDT,Sell,0.1,90000,90010,-8.9", False),  # costs turn a small move
        ("BTCUSD,Sell,9000,90000,92000,0.0021", False),  # inverse: 9000 * (1 / 90000 - 1 / 92000) coins
    ],
)
def test_a_profit_that_the_move_can_not_give_is_a_doubt(row: str, is_told: bool, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L,Trade Time(UTC+0)\n"
        f"{row},2026-11-03 08:00:00\n"
    )
    result, made = report(table, tmp_path, "--quiet")
    assert (result.exit_code, len(made)) == (0, 1), result.stderr
    assert ("no usual costs explain it" in result.stderr) == is_told, result.stderr
    if row.startswith("BTCUSDT,Buy"):
        assert "line 2 is a short of 0.1 from 90,000 to 92,000, which earns -200, and its realised" in result.stderr


@pytest.mark.parametrize(("funding", "is_told"), [(310, False), (-310, False), (0, True)])
def test_a_profit_that_the_costs_of_its_row_explain_is_none(funding: float, is_told: bool, tmp_path: Path) -> None:
    """100 by the move, 9.05 of fees and 310 of funding in three months, which is paid or earned by the list's sign."""
    table = tmp_path / "t.csv"
    table.write_text(
        "symbol,side,entry,exit price,quantity,leverage,fees,funding,realised\n"
        f"BTCUSDT,long,90000,91000,0.1,3,9.05,{funding},-219.05\n"
    )
    result, made = report(table, tmp_path, "--quiet")
    assert (result.exit_code, len(made)) == (0, 1), result.stderr
    assert ("no usual costs explain it" in result.stderr) == is_told, result.stderr

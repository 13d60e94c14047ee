"""Mark prices of one symbol that do not fit each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import call

HEADER = "client,symbol,venue,side,margin mode,entry,quantity,leverage,mmr,price\n"


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ("9610", "BTCUSDT is 9,610 in line 3 and 96,100 in line 2"),
        ("96900", ""),
        ("80000", ""),
    ],
)
def test_prices_of_one_symbol_are_held_against_each_other_in_all_reports(price: str, told: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = [
        f"a,BTCUSDT,binance,long,isolated,{price},0.1,5,0.5%,96100",
        f"b,btcusdt,okx,long,isolated,{price},0.1,5,0.5%,{price}",
    ]
    rows += ["a,ETHUSDT,okx,long,isolated,3000,1,5,0.5%,3000", "a,SOLUSDT,okx,long,isolated,150,1,5,0.5%,150"]
    table.write_text(HEADER + "\n".join(rows))
    given = ("--template", "positions", "--group-by", "client", "--map", "client=portfolio", "--quiet")
    result = call("report", table, *given, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert ("the prices of one symbol differ" in result.stderr, told in result.stderr) == (bool(told), True)

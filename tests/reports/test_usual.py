"""What is far from what is usual of a field is taken, and said; what is real is not doubted."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from support.command import call
from support.exports import EXPORTS

from xladdin.reports.usual import unusual_settings
from xladdin.templates import find, library
from xladdin.workbook.filled_lists import lists_of
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model

POSITIONS = "symbol,venue,side,margin mode,entry,quantity,leverage,price,mmr\n"
TEMPLATES = [path.stem for path in sorted(library.folder().glob("*.xlsx"))]


def positions(path: Path, *rates: str) -> Path:
    rows = [f"BTCUSDT,bybit,long,isolated,64000,0.{number},2,62500,{rate}\n" for number, rate in enumerate(rates, 1)]
    path.write_text(POSITIONS + "".join(rows), encoding="utf-8")
    return path


def test_a_rate_of_percent_among_fractions_is_said_wherever_it_is_taken(tmp_path: Path) -> None:
    table = positions(tmp_path / "t.csv", "0.02", "0.4", "0.4%", "0.45", "0.3", "0.26")
    said = (
        "t.csv, column mmr: line 3 has 40%, line 5 has 45%, line 6 has 30% and 1 more are such, "
        "and usual is 0% to 25%: it is taken as it stands."
    )
    mine, options = tmp_path / "mine.xlsx", ("--template", "positions")
    assert said in call("check", table, *options).stdout
    made = call("report", table, *options, "--into", mine, "--quiet")
    assert (made.exit_code, said in made.stderr) == (0, True), made.stderr
    table = positions(tmp_path / "new.csv", "0.27")
    updated = call("update", mine, table, "--key", "symbol", "--quiet")
    assert "new.csv, column mmr: line 2 has 27%, and usual is" in updated.stderr
    grouped = call("report", table, *options, "--group-by", "venue", "--out", tmp_path / "out", "--quiet")
    assert "new.csv, column mmr: line 2 has 27%, and usual is" in grouped.stderr


@pytest.mark.parametrize(
    ("template", "given", "said"),
    [
        ("mining-leveraged", "tariff=5", "tariff is 5 USD a kWh, and usual is 0.005 to 0.6 USD a kWh"),
        ("mining-leveraged", "pool_fee=100%", "pool_fee is 100%, and usual is 0% to 10%"),
        ("mining-leveraged", "uptime=0.97%", "uptime is 0.97%, and usual is 20% to 100%"),
        ("mining-hedge", "efficiency=500", "efficiency is 500 J/TH, and usual is 4 to 200 J/TH"),
        ("futures-planner", "funding_rate=-4%", "funding_rate is -4%, and usual is -3% to 3%"),
        ("staking-loop", "stake_apr=35%", "stake_apr is 35%, and usual is -5% to 30%"),
        ("staking-loop", "borrow_apr=65%", "borrow_apr is 65%, and usual is -5% to 60%"),
        ("staking-loop", "round_trip_cost=0.1", "round_trip_cost is 10%, and usual is 0% to 3%"),
        ("staking-loop", "depeg=0.5", "depeg is 50%, and usual is 0% to 40%"),
        ("mining-leveraged", "difficulty_growth=0.5", "difficulty_growth is 50%, and usual is -20% to 20%"),
        ("mining-leveraged", "later_growth=0.3", "later_growth is 30%, and usual is -20% to 20%"),
        ("mining-leveraged", "price_growth=0.3", "price_growth is 30%, and usual is -15% to 15%"),
        ("mining-leveraged", "block_reward=6.25", "block_reward is 6.25 coins, and usual is 1.5 to 5 coins"),
        ("mining-leveraged", "difficulty=140", "difficulty is 140, and usual is 1e+12 to 1e+17"),
        ("mining-leveraged", "tax_rate=0.7", "tax_rate is 70%, and usual is 0% to 60%"),
        ("mining-hedge", "difficulty_growth=0.5", "difficulty_growth is 50%, and usual is -20% to 20%"),
        ("position-sizing", "risk=0.5", "risk is 50%, and usual is 0.02% to 10%"),
        ("position-sizing", "kelly_cap=0.5", "kelly_cap is 50%, and usual is 0.05% to 25%"),
        ("liquidation-probability", "drift=0.5", "drift is 50%, and usual is -40% to 40%"),
        ("liquidation-ladder", "daily_move=0.5", "daily_move is 50%, and usual is 0.2% to 20%"),
    ],
)
def test_what_is_given_by_hand_is_doubted_too(tmp_path: Path, template: str, given: str, said: str) -> None:
    assert said in call("new", template, "-o", tmp_path / "one.xlsx", "--set", given).stderr


@pytest.mark.parametrize(
    ("template", "given"),
    [
        ("staking-loop", ("stake_apr=30%", "borrow_apr=60%", "depeg=0.3", "round_trip_cost=0.5%")),
        ("staking-loop", ("stake_apr=0.3", "borrow_apr=0.35")),
        ("collateral-loan", ("apr=55%",)),
        ("mining-leveraged", ("difficulty_growth=-15%", "price_growth=15%", "later_growth=0.15", "tax_rate=45%")),
        ("mining-leveraged", ("difficulty_growth=0.15", "block_reward=3.4", "depreciation=60%", "pool_fee=4%")),
        ("position-sizing", ("risk=0.1", "win_rate=0.9", "kelly_cap=0.2")),
        ("liquidation-probability", ("volatility=250%", "drift=30%", "carry=-0.5")),
        ("liquidation-ladder", ("daily_move=0.15",)),
    ],
)
def test_what_is_real_is_not_doubted(tmp_path: Path, template: str, given: tuple[str, ...]) -> None:
    options = [option for each in given for option in ("--set", each)]
    made = call("new", template, "-o", tmp_path / "one.xlsx", *options)
    assert (made.exit_code in (0, 1), "usual" in made.stderr) == (True, False), made.stderr


@pytest.mark.parametrize("name", ["stake_apr", "borrow_apr"])
def test_a_half_of_a_year_is_asked_about(tmp_path: Path, name: str) -> None:
    made = call("new", "staking-loop", "-o", tmp_path / "one.xlsx", "--set", f"{name}=0.5")
    ways = f"--set '{name}=0.5' can be 0.5% or 50%; allowed is 0.5% (or 0.005) or 50%, so written."
    assert (made.exit_code, made.stderr) == (2, f"xladdin: {ways}\n")
    table = tmp_path / "t.csv"
    table.write_text(f"client,{name}\nann,0.5\n", encoding="utf-8")
    read = call("report", table, "--template", "staking-loop", "--out", tmp_path / "out", "--defaults")
    assert (read.exit_code, f"column {name}: found 0.5, which can be 50% or 0.5%" in read.stderr) == (3, True)
    for written in ("0.5%", "0.005", "50%"):
        made = call("new", "staking-loop", "-o", tmp_path / "one.xlsx", "--force", "--set", f"{name}={written}")
        assert made.exit_code == 0, made.stderr


def test_the_price_of_all_rigs_for_that_of_one_is_said(tmp_path: Path) -> None:
    rigs = tmp_path / "rigs.csv"
    for price, is_said in ((128000, True), (17000, False)):
        rigs.write_text(f"model,number,hash rate,power,price\nS21,40,200,3500,{price}\n", encoding="utf-8")
        told = call("new", "mining-leveraged", "-o", tmp_path / "one.xlsx", "--force", "--set", f"rigs={rigs}").stderr
        said = "rigs.csv, column price: line 2 has 128,000 USD a rig, and usual is 15 to 40,000 USD a rig"
        assert (said in told, "usual" in told) == (is_said, is_said), told


def test_kilowatts_for_watts_are_said(tmp_path: Path) -> None:
    rigs = tmp_path / "rigs.csv"
    for header in ("power", "watts"):
        rigs.write_text(f"model,number,hash rate,{header},price\nS21,25,234,3.51,3900\n", encoding="utf-8")
        told = call("new", "mining-leveraged", "-o", tmp_path / "one.xlsx", "--force", "--set", f"rigs={rigs}").stderr
        assert f"rigs.csv, column {header}: line 2 has 3.51 W, and usual is 8 to 20,000 W" in told


def test_a_range_holds_for_what_it_is_counted_in(tmp_path: Path) -> None:
    options = ("--set", "currency=RUB", "--set", "tariff=5")
    assert "usual is" not in call("new", "mining-leveraged", "-o", tmp_path / "one.xlsx", *options).stderr


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_example_of_a_template_is_doubted(tmp_path: Path, name: str) -> None:
    model = read_model(find(name))
    assert unusual_settings(model, {each: item.default for each, item in model.inputs.items()}) == []
    for each in lists_of(model):
        rows = range(each.table.first_row, each.table.last_row + 1)
        places = [[Place(each.table.sheet, row, item.place.column) for item in each.inputs.values()] for row in rows]
        with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(each.inputs)
            writer.writerows([model.constants.get(place, "") for place in row] for row in places)
        found = call("check", tmp_path / "t.csv", "--template", name)
        assert "usual is" not in found.output, found.output


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.*sv")), ids=lambda path: path.name)
def test_no_export_of_a_venue_is_doubted(path: Path) -> None:
    assert "usual is" not in call("check", path, "--template", "positions", "--defaults").output

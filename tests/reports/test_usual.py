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
    ],
)
def test_what_is_given_by_hand_is_doubted_too(tmp_path: Path, template: str, given: str, said: str) -> None:
    assert said in call("new", template, "-o", tmp_path / "one.xlsx", "--set", given).stderr


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

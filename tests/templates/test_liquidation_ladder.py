"""liquidation-ladder: the figures are the Python functions', and what can't be is said, never shown as a number."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import absolute_coordinate
from openpyxl.workbook.defined_name import DefinedName
from support.flags import failing_check
from support.results import result, results

from xladdin import templates
from xladdin.core import venues
from xladdin.core.functions import liquidation, position, risk, tiers
from xladdin.templates import library
from xladdin.udfs import LEV_TIERS
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model

TIERS = [list(row) for row in LEV_TIERS("binance", "BTCUSDT", 46294)]  # of 2026-09-29


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("liquidation-ladder"))


def cases() -> list[dict[str, Any]]:
    """Twenty positions: both sides, both kinds of method, sizes in the first four tiers."""
    sizes = [(80000.0, 1000.0, 20.0), (64250.5, 40000, 15), (3.25, 9000, 60), (0.0000125, 250, 3), (101000, 90000, 40)]
    return [
        {
            "entry": entry,
            "margin": margin,
            "leverage": leverage,
            "side": side,
            "method": method,
            "liquidation_fee": 0.0005,
            "target_liquidation": entry * (0.8 if side == "long" else 1.2),
        }
        for (entry, margin, leverage), side, method in itertools.product(sizes, ("long", "short"), ("delta", "okx"))
    ]


def liquidated_at(given: dict[str, Any], leverage: float, side: str, frozen: bool) -> float:
    entry, margin, fee = given["entry"], given["margin"], given["liquidation_fee"]
    size = margin * leverage
    if frozen:
        rate = tiers.maintenance_margin(size, TIERS) / size
        return liquidation.liquidation_price(entry, leverage, rate, side, "entry", fee)
    return tiers.tiered_liquidation_price(entry, size / entry, margin, TIERS, side, fee)


def expected(given: dict[str, Any]) -> dict[str, float]:
    entry, margin, leverage, side = (given[name] for name in ("entry", "margin", "leverage", "side"))
    size, quantity = position.position_size(margin, leverage), position.quantity(margin, leverage, entry)
    held = tiers.maintenance_margin(size, TIERS)
    target, method, fee = given["target_liquidation"], given["method"], given["liquidation_fee"]
    at_target = quantity * target
    rate = held / size if method == "delta" else tiers.maintenance_margin(at_target, TIERS) / at_target
    sign = 1 if side == "long" else -1
    price = liquidated_at(given, leverage, side, method == "delta")
    return {
        "position_size": size,
        "quantity": quantity,
        "maintenance_margin": held,
        "tier_leverage": tiers.maximum_leverage(size, TIERS),
        "liquidation_price": price,
        "liquidation_distance": liquidation.liquidation_distance(entry, price, side),
        "bankruptcy_price": liquidation.bankruptcy_price(entry, leverage, side),
        "margin_to_add": liquidation.top_up(entry, quantity, margin, rate, target, side, method, fee),
        "safe_leverage": risk.stop_leverage(entry, entry * (1 - sign * 0.15), held / size, side, method, fee),
    }


def test_results_are_the_functions(model: Model) -> None:
    sets = cases()
    for given, found in zip(sets, results(model, sets), strict=True):
        for name, value in expected(given).items():
            # The two orders of the same few operations differ by roundings of the last digits.
            assert found[name] == pytest.approx(value, rel=1e-12), (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given


def test_every_rung_is_the_functions(model: Model) -> None:
    rungs = [place for place, value in model.constants.items() if place.sheet == "Calculations" and value == 50]
    row = min(place.row for place in rungs if place.column == 2)
    sets = cases()
    for given, values in zip(sets, compute(model, sets), strict=True):
        columns = itertools.product(("long", "short"), (True, False))
        for column, (side, frozen) in enumerate(columns, 4):
            price = liquidated_at(given, 50, side, frozen)
            assert values[Place("Calculations", row, column)] == pytest.approx(price, rel=1e-12), given


def test_bad_inputs_are_named(model: Model) -> None:
    cases = [
        ({"leverage": 0}, "Leverage"),
        ({"leverage": "ten"}, "Leverage"),
        ({"entry": -80000}, "Entry price"),
        ({"margin": 0}, "Margin"),
        ({"side": "sideways"}, "Side"),
        ({"method": "nowhere"}, "Venue or method"),
        ({"liquidation_fee": 0.5}, "Liquidation fee"),
        ({"target_liquidation": -1}, "Liquidation price you want"),
        ({"largest_addition": 0}, "Most you could add"),
        ({"daily_move": 0}, "A typical day's move"),
        ({"watch_distance": 1.5}, "WATCH when nearer than"),
        ({"symbol": "x" * 41}, "Symbol"),
        ({"danger_distance": 0.2}, "DANGER is nearer than WATCH"),
        ({"target_liquidation": 81000}, "Wanted price is on the losing side"),
        ({"leverage": 110, "margin": 5000}, "Venue offers this leverage"),
        ({"leverage": 125, "liquidation_fee": 0.01}, "Position can be opened"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases = [
        (
            {"entry": -80000},
            ["quantity", "liquidation_price", "liquidation_distance", "margin_to_add", "safe_leverage"],
        ),
        ({"leverage": 0}, ["position_size", "liquidation_price", "liquidation_distance", "margin_to_add"]),
        ({"leverage": "ten"}, ["position_size", "quantity", "liquidation_price", "margin_to_add", "safe_leverage"]),
        ({"margin": 0}, ["maintenance_margin_rate", "liquidation_price", "liquidation_distance", "margin_to_add"]),
        ({"side": "sideways"}, ["liquidation_price", "liquidation_distance", "bankruptcy_price", "margin_to_add"]),
        ({"method": "nowhere"}, ["liquidation_price", "margin_to_add", "safe_leverage"]),
        ({"leverage": 125, "liquidation_fee": 0.01}, ["liquidation_price", "liquidation_distance", "daily_moves_away"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def with_tiers(folder: Path, tables: list[list[list[Any]]]) -> list[dict[str, Any]]:
    """The outputs with each of some tables of tiers: their cells are given names, so that one call computes all."""
    book = openpyxl.load_workbook(templates.workbook_path("liquidation-ladder"))
    title, _, reference = book.defined_names["tiers"].attr_text.rpartition("!")
    cells = list(itertools.chain.from_iterable(book[title.strip("'")][reference]))
    names = [f"tier_cell_{cell.column_letter}_{cell.row}" for cell in cells]
    for name, cell in zip(names, cells, strict=True):
        book.defined_names[name] = DefinedName(name, attr_text=f"{title}!{absolute_coordinate(cell.coordinate)}")
    path = folder / "named.xlsx"
    book.save(path)
    sets = [
        dict(itertools.zip_longest(names, itertools.chain.from_iterable(tiers), fillvalue=None)) for tiers in tables
    ]
    return results(read_model(path), sets)


TIERS_THAT_ARE_NONE = {
    "floors out of order": [[0, 0.004, 125], [800000, 0.005, 100], [300000, 0.0065, 75]],
    "rates falling": [[0, 0.01, 125], [300000, 0.005, 100]],
    "not from zero": [[1000, 0.004, 125]],
    "a word": [[0, "low", 125]],
}


def test_tiers_that_are_none_are_named_and_others_taken(tmp_path: Path) -> None:
    tables = [*TIERS_THAT_ARE_NONE.values(), [[0, 0.01, 50], [10000, 0.02, 25]]]
    *refused, taken = with_tiers(tmp_path, tables)
    for wrong, found in zip(TIERS_THAT_ARE_NONE, refused, strict=True):
        assert failing_check(found["overall_flag"]) == "Margin tiers are in order", wrong
        assert found["verdict"] == "CHECK", wrong
        assert isinstance(found["maintenance_margin"], str), wrong
        assert isinstance(found["tier_leverage"], str), wrong
    assert taken["maintenance_margin"] == pytest.approx(300, rel=1e-12)
    assert taken["tier_leverage"] == 25
    assert taken["overall_flag"] == "ALL CHECKS PASS"


def test_what_can_not_be_liquidated_is_safe(model: Model) -> None:
    found = result(model, {"leverage": 1, "target_liquidation": 10})
    assert found["liquidation_price"] == "#N/A"
    assert found["verdict"] == "SAFE"
    assert found["risk_in_words"] == "It can't be liquidated."


def test_its_words_name_the_venues_on_the_entry_value() -> None:
    """What it says of the two formulas is what the venues are today."""
    text = library.text_path("liquidation-ladder").read_text(encoding="utf-8")
    said = [line for line in text.splitlines() if "ntry value: " in line]
    assert len(said) == 2
    for line in said:
        named = line.partition("ntry value: ")[2].partition("ark ")[0]
        for venue in venues.VENUES:
            assert (venue.name in named) == (venue.rule.basis == venues.ENTRY), venue.name


def test_old_tiers_are_said_beside_the_figure(model: Model) -> None:
    found = result(model, {"as_of": 46294 + 91})
    assert found["tiers_age"] == 91
    assert found["risk_in_words"].endswith("THE MARGIN TIERS ARE 91 DAYS OLD.")
    assert "OLD" not in result(model, {"as_of": 46294 + 90})["risk_in_words"]


def test_the_tiers_of_the_example_are_those_of_the_dated_set(model: Model) -> None:
    text = tomllib.loads(library.text_path("liquidation-ladder").read_text(encoding="utf-8"))
    assert text["tables"]["tiers"]["example"] == TIERS

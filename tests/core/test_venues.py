"""What a word for a venue means, and that everything that depends on a venue reads it from one file."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from xladdin.core import venues
from xladdin.templates import workbook_path
from xladdin.workbook import one_formula

ROOT = Path(__file__).parents[2]
WITH_METHOD = (
    *("futures-planner", "liquidation-ladder", "liquidation-probability", "funding-planner", "position-sizing"),
    *("mining-hedge", "positions"),
)


def test_bybit_is_on_the_mark_price_since_september_2025() -> None:
    # The page of 2026-05-27: long of 50,000, 10x, 0.5%, an inverse contract.
    price = one_formula.evaluate('=LEV_LIQPRICE(50000,10,0.5%,"long","bybit",0,"inverse")')
    assert price == pytest.approx(45681.82, abs=0.005)
    older = one_formula.evaluate('=LEV_LIQPRICE(50000,10,0.5%,"long","bybit 2024",0,"inverse")')
    assert older == pytest.approx(45662.10, abs=0.005)


def test_a_year_is_one_in_which_a_rule_was_seen() -> None:
    last = max(int(rule.seen[:4]) for venue in venues.VENUES for rule in venue.rules)
    formula = '=LEV_LIQPRICE(50000,10,0.5%,"long","bybit {year}")'
    assert one_formula.evaluate(formula.format(year=last)) == one_formula.evaluate(formula.replace(" {year}", ""))
    assert one_formula.evaluate(formula.format(year=last + 1)) == "#VALUE!"


def test_rules_of_a_venue_follow_one_another() -> None:
    for venue in venues.VENUES:
        for newer, older in zip(venue.rules, venue.rules[1:], strict=False):
            assert older.since <= older.until < newer.since, venue.word


@pytest.mark.parametrize("name", WITH_METHOD)
def test_a_template_offers_every_venue(name: str) -> None:
    book = openpyxl.load_workbook(workbook_path(name))
    lists = [rule.formula1 for sheet in book for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    (offered,) = {text.strip('"') for text in lists if "binance" in text}
    assert offered.split(",") == list(venues.METHODS)


def test_no_other_file_lists_venues() -> None:
    several = re.compile("|".join(rf'"{word}"' for word in venues.WORDS))
    listing = [
        path.name
        for path in (ROOT / "xladdin").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if path.name != "venues.py" and len(several.findall(line)) > 1
    ]
    assert listing == []

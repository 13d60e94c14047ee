"""docs/from-the-exchange.md: every formula on the page gives what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xladdin.core import venues
from xladdin.core.errors import CODES
from xladdin.workbook import one_formula

PAGE = (Path(__file__).parents[1] / "docs/from-the-exchange.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("line", LINES)
def test_the_formula_gives_what_the_page_says(line: str) -> None:
    formula, arrow, shown = line.partition(" -> ")
    assert formula.startswith("=")
    assert arrow
    value = one_formula.evaluate(formula)
    if shown in CODES:
        assert value == shown
        return
    decimals = len(shown.partition(".")[2])
    assert value == pytest.approx(float(shown.replace(",", "")), rel=0, abs=0.5001 * 10**-decimals)


def test_what_to_do_with_a_venues_number_for_no_liquidation_price() -> None:
    (formula,) = re.findall(r"`(=IF\(OR\(A2=.*?)`", PAGE)
    for given, expected in (('""', "#N/A"), ("0", "#N/A"), ("999999", "#N/A"), ("-5", "#N/A"), ("45500", 45500)):
        assert one_formula.evaluate(formula.replace("A2", given)) == expected, given


def test_every_venue_is_on_the_page() -> None:
    words = [venue.name for venue in venues.VENUES if venue.name not in PAGE]
    assert words == ["Kraken", "BingX"], "of which no position was found"

"""Numbers that others have published, computed by the formula that a user would type."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from xladdin.workbook import one_formula

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))


CASES = rows("published_cases.csv")
ERRORS = rows("published_errors.csv")
SOURCES = {row["id"]: row["source"] for row in rows("published_sources.csv")}
TIERS: dict[str, list[dict[str, float]]] = json.loads((HERE / "tiers_sample.json").read_text())

POSITIONS = rows("exchange_positions.csv")
PEERS = rows("peers.csv")

BINANCE_BTC = "{0,0.004;50000,0.005;250000,0.01;1000000,0.025;5000000,0.05}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_the_published_number_comes_out(case: dict[str, str]) -> None:
    value = one_formula.evaluate(case["formula"])
    assert value == pytest.approx(float(case["expected"]), rel=0, abs=float(case["within"])), SOURCES[case["id"]]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in POSITIONS + PEERS])
def test_what_an_exchange_or_another_program_gave_comes_out(case: dict[str, str]) -> None:
    value = one_formula.evaluate(case["formula"])
    assert value == pytest.approx(float(case["expected"]), rel=0, abs=float(case["within"])), case["source"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in ERRORS])
def test_the_error_of_a_source_does_not(case: dict[str, str]) -> None:
    value = one_formula.evaluate(case["formula"])
    assert value == pytest.approx(float(case["right"]), rel=1e-9), case["why"]
    assert not math.isclose(value, float(case["published"]), rel_tol=5e-4), case["why"]


def test_every_case_has_its_source() -> None:
    asked = [case["id"] for case in CASES + ERRORS]
    assert sorted(asked) == sorted(SOURCES)
    assert all(SOURCES.values())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=LEV_LIQPROB(105,100,20%,0.5,10%)", 0.656018),
        ('=LEV_LIQCROSS(1535443.01,1456.84,3683.979,10%,"long",135365)', 1114.78),
        (f"=LEV_LIQTIERED(32481.98,109.488,1535443.01,{BINANCE_BTC})", 18778.73),
        (f"=LEV_LIQTIERED(32481.98,109.488,300000,{BINANCE_BTC})", 30351.88),
    ],
)
def test_examples_of_the_documentation(formula: str, expected: float) -> None:
    digits = 6 if expected < 1 else 2
    assert round(one_formula.evaluate(formula), digits) == expected


@pytest.mark.parametrize("pair", TIERS)
def test_the_deduction_of_every_tier_is_the_published_one(pair: str) -> None:
    tiers = TIERS[pair]
    with_leverage = ";".join(
        f"{tier['minNotional']:.0f},{tier['maintenanceMarginRate']!r},{tier['maxLeverage']:.0f}" for tier in tiers
    )
    for tier in tiers:
        size = tier["minNotional"]
        rate = tier["maintenanceMarginRate"]
        assert one_formula.evaluate(f"=LEV_MMR({size!r},{{{with_leverage}}})") == rate
        assert one_formula.evaluate(f"=LEV_MAXLEVERAGE({size!r},{{{with_leverage}}})") == tier["maxLeverage"]
        inside = (tier["minNotional"] + tier["maxNotional"]) / 2
        required = one_formula.evaluate(f"=LEV_MAINTMARGIN({inside!r},{{{with_leverage}}})")
        # Both are sums of up to twelve rounded products of the size of inside * rate.
        assert inside * rate - required == pytest.approx(tier["cum"], rel=0, abs=1e-14 * inside)

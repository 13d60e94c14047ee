"""PMT, FV, PV and NPER, held against an account that is kept period by period."""

from __future__ import annotations

from pathlib import Path

import mpmath
import pytest
from support.books import make_book, value_of

from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, read_model

PERIODS = 24
FORMULAS = {
    "B1": "=FV(rate,24,payment,present,due)",
    "B2": "=PMT(rate,24,present,future,due)",
    "B3": "=PV(rate,24,payment,future,due)",
    "B4": "=NPER(rate,B2,present,future,due)",
    "B5": "=FV(rate,24,payment)",
    "B6": "=PMT(rate,24,present)",
    "B7": "=PV(rate,24,payment)",
    "B8": "=NPER(rate,B6,present)",
}
NAMES = {"rate": 0.01, "payment": -150, "present": 4000, "future": -700, "due": 0}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    cells = FORMULAS | {f"A{row}": value for row, value in enumerate(NAMES.values(), 1)}
    names = {name: f"S!$A${row}" for row, name in enumerate(NAMES, 1)}
    results = {f"result_{row}": f"S!$B${row}" for row in range(1, len(FORMULAS) + 1)}
    return read_model(make_book(tmp_path_factory.mktemp("money") / "own.xlsx", cells, names | results))


def in_the_end(rate: float, payment: float, present: float, due: float) -> float:
    """What an account comes to that is paid into at the start or at the end of each period."""
    balance = present
    for _ in range(PERIODS):
        balance = (balance + payment) * (1 + rate) if due else balance * (1 + rate) + payment
    return balance


@pytest.mark.parametrize("rate", [0.01, 0.0, -0.005, 0.2])
@pytest.mark.parametrize("due", [0, 1])
def test_an_account_comes_to_what_is_said(model: Model, rate: float, due: int) -> None:
    (values,) = compute(model, [{"rate": rate, "due": due}])
    at = {name: values[output.place] for name, output in model.outputs.items()}
    payment, present, future = NAMES["payment"], NAMES["present"], NAMES["future"]
    near = {"rel": 1e-12, "abs": 1e-9}  # two dozen periods' roundings, of amounts of thousands and more
    assert at["result_1"] == pytest.approx(-in_the_end(rate, payment, present, due), **near)
    assert -in_the_end(rate, at["result_2"], present, due) == pytest.approx(future, **near)
    assert -in_the_end(rate, payment, at["result_3"], due) == pytest.approx(future, **near)
    assert at["result_4"] == pytest.approx(PERIODS, rel=1e-12)
    # Left out are a future and a present of nothing, and payments at the end.
    assert at["result_5"] == pytest.approx(-in_the_end(rate, payment, 0, 0), **near)
    assert in_the_end(rate, at["result_6"], present, 0) == pytest.approx(0, abs=1e-9 * (1 + rate) ** PERIODS)
    assert in_the_end(rate, payment, at["result_7"], 0) == pytest.approx(0, abs=1e-9 * (1 + rate) ** PERIODS)
    assert at["result_8"] == pytest.approx(PERIODS, rel=1e-12)


def test_a_word_for_a_number_is_an_error(model: Model) -> None:
    (values,) = compute(model, [{"rate": "one"}])
    assert {values[output.place] for output in model.outputs.values()} == {"#VALUE!"}


@pytest.mark.parametrize("rate", ["0.01", "1e-4", "1e-7", "1e-9", "1e-13", "-1e-9"])
def test_a_small_rate_loses_no_digits(tmp_path: Path, rate: str) -> None:
    """(1 + rate) ** n - 1 as it stands is wrong by 8e-8 of it at a rate of 1e-9."""
    with mpmath.workdps(50):
        growth = (1 + mpmath.mpf(rate)) ** 36
        payment = -66_000 * mpmath.mpf(rate) * growth / (growth - 1)
        worth = {
            f"=PMT({rate},36,66000)": payment,
            f"=FV({rate},36,-100)": 100 * (growth - 1) / mpmath.mpf(rate),
            f"=PV({rate},36,-100)": 100 * (growth - 1) / mpmath.mpf(rate) / growth,
        }
    for formula, expected in worth.items():
        assert value_of(tmp_path, formula, {}) == pytest.approx(float(expected), rel=1e-14), formula

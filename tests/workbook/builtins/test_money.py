"""Functions of money, with the values of Excel's documentation; some against an account kept period by period."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import mpmath
import pytest
from support.books import make_book, value_of

from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

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


FLOWS: dict[str, Any] = {
    **{f"A{row}": value for row, value in enumerate([-70000, 12000, 15000, 18000, 21000, 26000], 1)},
    **{f"B{row}": value for row, value in enumerate([-120000, 39000, 30000, 21000, 37000, 46000], 1)},
    **{f"C{row}": value for row, value in enumerate([-10000, 2750, 4250, 3250, 2750], 1)},
    **{f"D{row}": value for row, value in enumerate([39448, 39508, 39751, 39859, 39904], 1)},  # from January 1, 2008 on
    **{"E1": -100, "E2": "text", "E3": 110, "E4": "=1/0", "E5": "=NA()"},
}


@pytest.mark.parametrize(
    ("formula", "expected", "digits"),
    [
        ("=PMT(0.08/12,10,10000)", -1037.03, 2),
        ("=PMT(0.08/12,10,10000,0,1)", -1030.16, 2),
        ("=FV(0.06/12,10,-200,-500,1)", 2581.40, 2),
        ("=PV(0.08/12,12*20,500)", -59777.15, 2),
        ("=NPER(0.12/12,-100,-1000,10000,1)", 59.6738657, 7),
        ("=IPMT(0.1/12,1,3*12,8000)", -66.67, 2),
        ("=IPMT(0.1,3,3,8000)", -292.45, 2),
        ("=PPMT(0.1/12,1,2*12,2000)", -75.62, 2),
        ("=PPMT(0.08,10,10,200000)", -27598.05, 2),
        ("=RRI(96,10000,11000)", 0.0009933, 7),
        ("=PDURATION(0.025,2000,2200)", 3.86, 2),
        ("=EFFECT(0.0525,4)", 0.0535427, 7),
        ("=NOMINAL(0.053543,4)", 0.05250032, 8),
        ("=SLN(30000,7500,10)", 2250.0, 9),
        ("=SYD(30000,7500,10,1)", 4090.91, 2),
        ("=SYD(30000,7500,10,10)", 409.09, 2),
        ("=DB(1000000,100000,6,1,7)", 186083.33, 2),
        ("=DB(1000000,100000,6,2,7)", 259639.42, 2),
        ("=DB(1000000,100000,6,6,7)", 55841.76, 2),
        ("=DB(1000000,100000,6,7,7)", 15845.10, 2),
        ("=DDB(2400,300,10*365,1)", 1.32, 2),
        ("=DDB(2400,300,10*12,1,2)", 40.0, 2),
        ("=DDB(2400,300,10,2,1.5)", 306.0, 2),
        ("=DDB(2400,300,10,10)", 22.12, 2),
        ("=VDB(2400,300,10*365,0,1)", 1.32, 2),
        ("=VDB(2400,300,10*12,6,18)", 396.31, 2),
        ("=VDB(2400,300,10*12,6,18,1.5)", 311.81, 2),
        ("=VDB(2400,300,10,0,0.875,1.5)", 315.0, 2),
        ("=IRR(A1:A5)", -0.021245, 6),
        ("=IRR(A1:A6)", 0.086631, 6),
        ("=IRR(A1:A3,-10%)", -0.443507, 6),
        ("=MIRR(B1:B6,10%,12%)", 0.126094, 6),
        ("=MIRR(B1:B4,10%,12%)", -0.048045, 6),
        ("=MIRR(B1:B6,10%,14%)", 0.134759, 6),
        ("=XNPV(0.09,C1:C5,D1:D5)", 2086.65, 2),
        ("=XIRR(C1:C5,D1:D5,0.1)", 0.373362535, 7),
        ("=FVSCHEDULE(1,{0.09,0.11,0.1})", 1.33089, 9),
        ("=DOLLARDE(1.02,16)", 1.125, 9),
        ("=DOLLARDE(1.1,32)", 1.3125, 9),
        ("=DOLLARFR(1.125,16)", 1.02, 9),
        ("=DOLLARFR(1.125,32)", 1.04, 9),
    ],
)
def test_money_is_as_documented(tmp_path: Path, formula: str, expected: float, digits: int) -> None:
    assert value_of(tmp_path, formula, FLOWS) == pytest.approx(expected, abs=0.51 * 10**-digits)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # Interest and what is paid back are what an account has that is kept period by period.
        ("=IPMT(0.1,1,3,1000,0,1)", 0.0),
        ("=IPMT(0.1,2,3,1000,0,1)", -0.1 * (1000 - 1000 / (1 + 1 / 1.1 + 1 / 1.21))),
        ("=PPMT(0.1,1,3,1000,0,1)+PPMT(0.1,2,3,1000,0,1)+PPMT(0.1,3,3,1000,0,1)", -1000.0),
        # What is worth nothing has nothing to lose, and of a life of one all goes at once.
        ("=DB(0,0,5,1)", 0.0),
        ('=VALUE(DB(0,0,5,1)&"")', 0.0),  # a number, and no blank
        ("=DDB(0,0,5,1)", 0.0),
        ("=DDB(100,10,1,1)", 90.0),
        ("=DDB(100,0,2,2)", 0.0),
        ("=DDB(100,90,5,2)", 0.0),
        ("=DDB(100,0,5,0.5)", 100 * (1 - math.sqrt(0.6))),
        # Over all of its life it loses all but what is left; from 6 on half of 629.1456 would be less than the salvage.
        ("=VDB(2400,300,10,0,10)", 2100.0),
        ("=VDB(2400,300,10,6,10)", 2400 * 0.8**6 - 300),
        ("=VDB(2400,300,10,0.9,1.2)", 0.3 * 480 * 0.82),  # 0.9 of the first fifth is gone, and of what is left 0.3
        # The rate of one payment back is plain, from wherever it is looked for; text is no flow.
        ("=IRR({-100,110})", 0.1),
        ("=IRR({-100,110},9)", 0.1),
        ("=IRR({-100,110},1000000)", 0.1),
        ("=IRR({-100,1},0.5)", -0.99),
        ("=IRR({-1000000,20000000})", 19.0),
        ("=IRR({-1000000,7000000,90000000})", (7 + math.sqrt(409)) / 2 - 1),
        ("=IRR({-100,230,-132},0.25)", 0.2),  # (1.1 - x) (1.2 - x) has two roots: the one near the guess
        ("=IRR({-100,230,-132},0.05)", 0.1),
        ("=FV(-1,0,100)", 0.0),
        ("=FV(-1,2,100)", -100.0),  # of which the first is lost
        ("=IRR({-1000000,20000000},100)", 19.0),
        ("=XIRR({-0.5,0.6},{39448,39813})", 0.2),
        ("=IRR({-100,0,121},50)", 0.1),
        ("=IRR({-100,110},1E200)", 0.1),
        ("=IRR({100,-110},1E200)", 0.1),
        ("=IRR(E1:E3)", 0.1),
        ("=XIRR({-100,121},{36526,37256})", 0.1),  # two years of 365 days
        ("=NPV(0.1,110,121)", 200.0),
        ("=XNPV(0.21,{100,121},{36526,36891})", 200.0),
        ("=DOLLARDE(-1.1,4)", -1.25),
        ("=DOLLARFR(1.25,4.9)", 1.1),
    ],
)
def test_money_of_simple_amounts(tmp_path: Path, formula: str, expected: float) -> None:
    assert value_of(tmp_path, formula, FLOWS) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=FV(-1,-1,100)", "#DIV/0!"),  # nothing is left to divide by
        ("=PV(-1,2,100)", "#DIV/0!"),
        ("=IPMT(0.1,0,3,8000)", "#NUM!"),
        ("=IPMT(0.1,4,3,8000)", "#NUM!"),
        ("=PPMT(0.1,4,3,8000)", "#NUM!"),
        ("=PDURATION(0,1,2)", "#NUM!"),
        ("=EFFECT(0,4)", "#NUM!"),
        ("=NOMINAL(0,4)", "#NUM!"),
        ("=SLN(30000,7500,0)", "#DIV/0!"),
        ("=SYD(30000,7500,10,11)", "#NUM!"),
        ("=SYD(30000,7500,0,1)", "#NUM!"),
        ("=DB(-1,0,6,1)", "#NUM!"),
        ("=DB(1000000,100000,6,7)", "#NUM!"),
        ("=DB(1000000,100000,6,1,13)", "#NUM!"),
        ("=DDB(2400,300,10,11)", "#NUM!"),
        ("=DDB(2400,300,10,1,0)", "#NUM!"),
        ("=VDB(2400,300,10,5,4)", "#NUM!"),
        ("=VDB(2400,300,10,0,11)", "#NUM!"),
        ("=IRR({1,2})", "#NUM!"),
        ("=IRR({-1,-2})", "#NUM!"),
        ("=IRR({0,0})", "#NUM!"),
        ("=IRR({0.001,-0.0015,0.001})", "#NUM!"),
        ("=IRR({1E-12,-1.5E-12,1E-12})", "#NUM!"),
        ("=IRR({1000,-1500,1000})", "#NUM!"),  # 1000 (1 - 1.5 x + x x) is never nothing
        ("=IRR(E1:E4)", "#DIV/0!"),
        ("=MIRR({1,2},0.1,0.1)", "#DIV/0!"),
        ("=MIRR({-100},0.1,0.1)", "#DIV/0!"),
        ("=NPV(0.1,E1:E5)", "#DIV/0!"),
        ("=NPV(-1,100)", "#DIV/0!"),
        ("=XNPV(0.1,{100,121},{36526,36525})", "#NUM!"),  # before the first day
        ("=XNPV(0.1,{100,121},{36526})", "#NUM!"),
        ("=XNPV(0.1,E4:E5,D1:D2)", "#DIV/0!"),
        ('=XNPV(0.1,{100,121},{36526,"day"})', "#VALUE!"),
        ("=XNPV(-0.5,{100,121},{36526,36891})", "#NUM!"),
        ('=XIRR({-100,121},{"day",36891})', "#VALUE!"),
        ("=XIRR({100,121},{36526,36891})", "#NUM!"),
        ('=FVSCHEDULE(1,{0.09,"x"})', "#VALUE!"),
        ("=FVSCHEDULE(1,E5)", "#N/A"),
        ("=DOLLARDE(1.02,-1)", "#NUM!"),
        ("=DOLLARDE(1.02,0.5)", "#DIV/0!"),
        ("=DOLLARFR(1.125,-1)", "#NUM!"),
        ("=DOLLARFR(1.125,0)", "#DIV/0!"),
    ],
)
def test_what_is_no_money_is_an_error(tmp_path: Path, formula: str, expected: str) -> None:
    assert value_of(tmp_path, formula, FLOWS) == expected

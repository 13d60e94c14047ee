"""mining-leveraged: the figures are those of the mine lived through month by month, and what can't be is said."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import call
from support.flags import failing_check
from support.results import result, results

from tools.examples import EXAMPLES
from xladdin import templates
from xladdin.core.functions import lending, mining
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model

MONTH = 365 / 12
TODAY = datetime.date(2026, 11, 26)
# The rigs that the template comes with: number, TH/s, W and price.
RIGS = [(12, 234, 3510, 3300), (4, 473, 5676, 8600)]
RIG_COST = sum(number * cost for number, _, _, cost in RIGS)


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("mining-leveraged"))


def drawn(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    term = draw.randint(1, 60)
    coins = seed % 4 == 0
    price = draw.uniform(5e4, 3e5)
    return {
        "credit_share": 0.0 if seed == 1 else 1.0 if seed == 4 else draw.uniform(0, 0.79),
        "apr": 0.0 if seed == 2 else draw.uniform(0, 0.3),
        "repayment": "one sum" if seed % 3 == 0 else "instalments",
        "term_months": term,
        "grace_months": draw.randint(0, term - 1),
        "balloon_share": draw.uniform(0, 1),
        "secured_by": "coins" if coins else "rigs",
        "collateral_coins": draw.uniform(2, 9) * 74000 / 50000,
        "tariff": draw.uniform(0.01, 0.15),
        "uptime": draw.uniform(0.5, 1),
        "curtailed_hours": draw.uniform(0, 8),
        "pool_fee": draw.uniform(0, 0.04),
        "plan_months": draw.randint(term, 60),
        "depreciation": draw.uniform(0, 0.6),
        "resale_follows": draw.uniform(0, 1),
        "price": price,
        "difficulty": draw.uniform(5e13, 3e14),
        "price_growth": draw.uniform(-0.05, 0.05),
        "difficulty_growth": draw.uniform(-0.05, 0.1),
        "first_months": draw.randint(0, 60),
        "later_growth": draw.uniform(-0.05, 0.05),
        "halving_date": TODAY + datetime.timedelta(days=draw.randint(1, 2500)),
        "tax_rate": draw.uniform(0, 0.5),
        "hedge_share": 0.0 if seed % 5 == 0 else draw.uniform(0, 1),
        "hedge_price": price * draw.uniform(0.2, 2.9),
        "largest_basis": 2.0,
    }


def loan_of(given: dict[str, Any]) -> list[tuple[float, float, float]]:
    """The loan's payments by the closed forms of PMT, IPMT and PPMT: payment, interest, what is owed after it."""
    borrowed, rate, term = RIG_COST * given["credit_share"], given["apr"] / 12, given["term_months"]
    whole = given["repayment"] == "one sum"
    grace = 0 if whole else given["grace_months"]
    balloon = borrowed if whole else given["balloon_share"] * borrowed
    count = term - grace
    growth = (1 + rate) ** count
    pmt = (borrowed * growth - balloon) * rate / (growth - 1) if rate else (borrowed - balloon) / count
    rows = [(borrowed * rate, borrowed * rate, borrowed)] * grace
    for period in range(1, count + 1):
        before = (1 + rate) ** (period - 1)
        owed = borrowed * before - (pmt * (before - 1) / rate if rate else pmt * (period - 1))
        ipmt = owed * rate
        ppmt = pmt - ipmt
        rows.append((pmt, ipmt, owed - ppmt) if period < count else (pmt + balloon, ipmt, 0.0))
    return rows


def lived(given: dict[str, Any]) -> dict[str, Any]:
    """The plan month by month, in plain Python."""
    running = given["uptime"] * (1 - given["curtailed_hours"] / 24)
    hashrate = sum(number * terahash for number, terahash, _, _ in RIGS) * running
    watts = sum(number * drawn for number, _, drawn, _ in RIGS) * running
    power = watts / 1000 * 24 * MONTH * given["tariff"]
    halving = (given["halving_date"] - TODAY).days / MONTH
    loan = loan_of(given)
    cash, alone, difficulty = RIG_COST * (given["credit_share"] - 1), -RIG_COST, given["difficulty"]
    lines: dict[str, list[float]] = {"cash": [], "worth": [], "alone": [], "ltv": [], "earned": [], "hedge": []}
    switched_off = None
    for month in range(1, given["plan_months"] + 1):
        price = given["price"] * (1 + given["price_growth"]) ** (month - 1)
        if month > 1:
            difficulty *= 1 + given["difficulty_growth" if month - 1 <= given["first_months"] else "later_growth"]
        before = max(0.0, min(1.0, halving - (month - 1)))
        reward = 3.125 * before + 1.5625 * (1 - before)
        coins = hashrate * 1e12 * 86400 * reward / difficulty / 2**32 * MONTH * (1 - given["pool_fee"])
        earned = max(0.0, coins * price - power)
        if not earned and switched_off is None:
            switched_off = month
        payment, interest, owed = loan[month - 1] if month <= len(loan) else (0.0, 0.0, 0.0)
        hedged = given["hedge_share"] * coins if earned and month <= len(loan) else 0.0
        hedge = hedged * (given["hedge_price"] - price)
        cash += earned + hedge - payment - given["tax_rate"] * max(0.0, earned + hedge - interest)
        alone += earned + hedge - given["tax_rate"] * max(0.0, earned + hedge)
        moved = (1 + given["price_growth"]) ** month
        resale = RIG_COST * (1 - given["depreciation"]) ** (month / 12) * (1 + given["resale_follows"] * (moved - 1))
        security = given["collateral_coins"] * given["price"] * moved if given["secured_by"] == "coins" else resale
        lines["cash"].append(cash)
        lines["worth"].append(cash + resale - owed)
        lines["alone"].append(alone)
        lines["ltv"].append(owed / security)
        lines["earned"].append(earned)
        lines["hedge"].append(hedge)
    return {**lines, "switched_off": switched_off, "resale": resale, "loan": loan}


def for_good(line: list[float]) -> float | str:
    """The month from which on a line is never below zero again."""
    below = max((month for month, value in enumerate(line, 1) if value < 0), default=0)
    return below + 1 if below < len(line) else "never"


def first_stretch(line: list[float]) -> tuple[float | str, float | str]:
    """The first month in which a line is not below zero, and the last of those that follow on it."""
    marks = [value >= 0 for value in line]
    if not any(marks):
        return "never", "never"
    start = marks.index(True)
    return start + 1, next((month for month in range(start, len(marks)) if not marks[month]), len(marks))


def first(line: list[float], limit: float) -> float | str:
    return next((month for month, value in enumerate(line, 1) if value >= limit), "not in plan")


def expected(given: dict[str, Any]) -> dict[str, Any]:
    plan = lived(given)
    borrowed = RIG_COST * given["credit_share"]
    security = given["collateral_coins"] * given["price"] if given["secured_by"] == "coins" else RIG_COST
    follows = 1.0 if given["secured_by"] == "coins" else given["resale_follows"]
    liquidated: float | str = "never"
    if borrowed:
        moved = 1 + (lending.loan_price(borrowed, security, 0.8) - 1) / follows
        liquidated = given["price"] * moved if moved > 0 else "never"
    running = given["uptime"] * (1 - given["curtailed_hours"] / 24)
    hashrate = sum(number * terahash for number, terahash, _, _ in RIGS) * running
    return {
        "rig_cost": RIG_COST,
        "borrowed": borrowed,
        "hash_price": mining.hash_price(given["difficulty"], 3.125, given["price"]),
        "daily_coins": mining.hash_revenue(hashrate, given["difficulty"], 3.125, 1, given["pool_fee"]),
        "dearest_payment": max(payment for payment, _, _ in plan["loan"]),
        "total_interest": sum(interest for _, interest, _ in plan["loan"]),
        "loan_to_value": borrowed / security,
        "liquidation_price": liquidated,
        "margin_call_month": first(plan["ltv"], 0.7),
        "liquidation_month": first(plan["ltv"], 0.8),
        "switch_off_month": plan["switched_off"] or "not in plan",
        "earned_total": sum(plan["earned"]),
        "hedge_total": sum(plan["hedge"]),
        "cash_at_end": plan["cash"][-1],
        "net_profit": plan["cash"][-1] + plan["resale"],
        "profit_alone": plan["alone"][-1] + plan["resale"],
        "payback_month": for_good(plan["cash"]),
        "payback_sold": first_stretch(plan["worth"])[0],
        "payback_sold_until": first_stretch(plan["worth"])[1],
    }


def test_results_are_the_mine_lived_through(model: Model) -> None:
    sets = [drawn(seed) for seed in range(24)]
    for given, found in zip(sets, results(model, sets), strict=True):
        size = RIG_COST + lived(given)["resale"] + sum(map(abs, lived(given)["hedge"])) + sum(lived(given)["earned"])
        for name, value in expected(given).items():
            # Differences of amounts of the size of all that is earned and paid round in its last digits.
            close = value if isinstance(value, str) else pytest.approx(value, rel=1e-12, abs=1e-12 * size)
            assert found[name] == close, (given, name)
        assert found["overall_flag"] == "ALL CHECKS PASS", given
        assert found["verdict"] in ("SAFE", "WATCH", "DANGER"), given


def test_the_loan_is_that_of_pmt_ipmt_and_ppmt(model: Model) -> None:
    sets = [drawn(seed) for seed in range(40, 48)]
    cells_of = table_of(model, "The loan, month by month")
    for given, values in zip(sets, compute(model, sets), strict=True):
        rows = loan_of(given)
        for row, (payment, interest, owed) in enumerate(rows):
            found = [values[cell] for cell in cells_of(row)]
            wanted = [payment, interest, payment - interest, owed]
            assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12 * RIG_COST), (given, row)


def table_of(model: Model, title: str) -> Any:
    """The places of payment, interest, principal and owed in each row of the table of that title."""
    (top,) = [place for place, value in model.constants.items() if value == title]

    def cells(row: int) -> list[Any]:
        return [top._replace(row=top.row + 3 + row, column=top.column + column) for column in (1, 2, 3, 4)]

    return cells


def test_bad_inputs_are_named(model: Model) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"credit_share": 1.2}, "Rigs bought on credit"),
        ({"credit_share": "half"}, "Rigs bought on credit"),
        ({"apr": 11}, "Interest"),
        ({"repayment": "never"}, "Repayment"),
        ({"term_months": 2.5}, "Term of the loan"),
        ({"term_months": 0}, "Term of the loan"),
        ({"grace_months": 24}, "Grace is shorter than the loan"),
        ({"balloon_share": -0.1}, "Balloon"),
        ({"secured_by": "a house"}, "Secured by"),
        ({"tariff": -0.05}, "Price of power"),
        ({"curtailed_hours": 25}, "Curtailed"),
        ({"plan_months": 12}, "Loan ends within the plan"),
        ({"depreciation": 1}, "Rigs lose"),
        ({"price": -1}, "Price of the coin"),
        ({"difficulty": 0}, "Difficulty"),
        ({"difficulty": 110}, "Less than the whole network mines"),
        ({"halving_date": TODAY}, "Halving is ahead"),
        ({"margin_call_ltv": 0.9}, "Margin call before liquidation"),
        ({"credit_share": 0.85}, "Loan can be opened"),
        ({"secured_by": "coins", "collateral_coins": 0.4}, "Loan can be opened"),
        ({"reward_after": 4}, "Block reward does not grow"),
        ({"danger_distance": 0.9}, "DANGER is nearer than WATCH"),
    ]
    for (bad, failing), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        assert found["verdict"] == "CHECK", bad
        assert failing_check(found["overall_flag"]) == failing, bad
        assert found["payback_in_words"] == found["risk_in_words"] == "No answer: see Checks.", bad


def test_no_number_comes_out_of_nonsense(model: Model) -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"credit_share": "half"}, ["borrowed", "own_money", "net_profit", "payback_month", "liquidation_price"]),
        ({"repayment": "never"}, ["instalment", "total_interest", "net_profit", "payback_month"]),
        ({"term_months": 0}, ["total_interest", "net_profit", "payback_month"]),
        ({"grace_months": 24}, ["instalment", "net_profit", "payback_month"]),
        ({"secured_by": "a house"}, ["collateral_value", "loan_to_value", "liquidation_price"]),
        ({"tariff": -0.05}, ["daily_power", "daily_net", "net_profit", "rigs_paid_days"]),
        ({"price": -1}, ["daily_revenue", "net_profit", "switch_off_price", "payback_month"]),
        ({"difficulty": 0}, ["daily_revenue", "net_profit", "rigs_paid_days", "payback_month"]),
        ({"pool_fee": 1.5}, ["daily_coins", "net_profit", "payback_month"]),
        ({"plan_months": 0}, ["cash_at_end", "net_profit"]),
    ]
    for (bad, without_value), found in zip(cases, results(model, [bad for bad, _ in cases]), strict=True):
        for name in without_value:
            assert isinstance(found[name], str), (bad, name, found[name])


def with_a_rig(folder: Path, column: int, value: Any) -> tuple[dict[str, Any], int]:
    """The results with another value in the first row of rigs, and the number of that row."""
    book = openpyxl.load_workbook(templates.workbook_path("mining-leveraged"))
    sheet = book["Inputs"]
    (row,) = [cell.row for cell in sheet["B"] if cell.value == "Air, 234 TH"]
    sheet.cell(row, column).value = value
    book.save(folder / "changed.xlsx")
    return result(read_model(folder / "changed.xlsx"), {}), row


@pytest.mark.parametrize(("column", "value"), [(5, 3.51), (5, 1160), (4, 234000), (4, 0.234)])
def test_power_and_hash_rate_that_do_not_fit_each_other_are_said(tmp_path: Path, column: int, value: float) -> None:
    """A rig of 234 TH/s takes 1,170 W at 5 J/TH, about half of the best that was sold in 2026."""
    found, row = with_a_rig(tmp_path, column, value)
    assert failing_check(found["overall_flag"]) == f"Power in W fits hash rate in TH/s: Air, 234 TH in row {row}"
    assert found["verdict"] == "CHECK"


def test_a_rig_of_the_best_kind_is_none_that_is_said(tmp_path: Path) -> None:
    found, _ = with_a_rig(tmp_path, 5, 234 * 9.5)
    assert found["overall_flag"] == "ALL CHECKS PASS"


@pytest.mark.parametrize(
    ("given", "is_said"),
    [
        ({"price": 65000}, True),  # 97,000 is the futures price of the template
        ({"price": 65000, "hedge_price": 66000}, False),
        ({"price": 65000, "hedge_share": 0}, False),
        ({"price": 65000, "largest_basis": 0.5}, False),
    ],
)
def test_a_futures_price_that_is_far_from_the_coin_is_said(
    model: Model, given: dict[str, Any], *, is_said: bool
) -> None:
    said = result(model, given)["overall_flag"]
    assert failing_check(said) == ("Futures price is near spot" if is_said else "")


@pytest.mark.parametrize(
    ("column", "value", "failing"),
    [
        (7, None, "Rigs are filled in"),
        (3, "a dozen", "Rigs are filled in"),
        (4, None, "Rigs are filled in"),
        (3, -2, "Rigs are above zero"),
        (7, 0, "Rigs are above zero"),
    ],
)
def test_a_bad_rig_is_named_and_no_number_comes_of_it(column: int, value: Any, failing: str, tmp_path: Path) -> None:
    found, row = with_a_rig(tmp_path, column, value)
    assert failing_check(found["overall_flag"]) == f"{failing}: Air, 234 TH in row {row}"
    for name in ("rig_cost", "hashrate", "daily_net", "net_profit", "payback_month"):
        assert isinstance(found[name], str), name


def test_money_that_never_comes_back_is_said_first(model: Model) -> None:
    found = result(model, {"tariff": 0.3, "depreciation": 0.6})
    assert found["verdict"] == "DANGER"
    assert found["payback_month"] == found["payback_sold"] == found["rigs_paid_days"] == "never"
    assert found["payback_in_words"] == "Your money NEVER comes back in 36 months, not even with the rigs sold."
    assert found["switch_off_month"] == 1


# Selling the rigs gives the money back from the first month on, and towards the plan's end no more.
WITH_A_STRETCH = {
    "credit_share": 0.3,
    "apr": 0.11,
    "repayment": "instalments",
    "term_months": 24,
    "grace_months": 3,
    "balloon_share": 0.2,
    "secured_by": "rigs",
    "tariff": 0.048,
    "uptime": 0.97,
    "curtailed_hours": 1,
    "pool_fee": 0.01,
    "plan_months": 36,
    "depreciation": 0.3,
    "resale_follows": 0.5,
    "price": 88000,
    "difficulty": 1.46e14,
    "price_growth": 0.01,
    "difficulty_growth": 0.015,
    "first_months": 12,
    "later_growth": 0.01,
    "halving_date": datetime.date(2028, 4, 12),
    "tax_rate": 0.1,
    "hedge_share": 0.25,
    "hedge_price": 97000,
}


def test_money_that_selling_the_rigs_gives_back_for_some_months_alone_is_said_with_them(model: Model) -> None:
    worth = lived(WITH_A_STRETCH)["worth"]
    assert worth[15] > 0 > worth[-1]
    found = result(model, WITH_A_STRETCH)
    since, until = first_stretch(worth)
    assert until == 36 or worth[int(until)] < 0
    assert (found["payback_sold"], found["payback_sold_until"]) == (since, until)
    assert found["payback_in_words"] == (
        "In cash alone your money does not come back in 36 months; with the rigs sold, only in months "
        f"{since} to {until}."
    )
    assert found["verdict"] == "DANGER"  # the plan is to run to its end


def test_the_tile_says_the_months_in_which_selling_the_rigs_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    given = [f"{name}={WITH_A_STRETCH[name]}" for name in ("credit_share", "tariff", "price", "difficulty")]
    call("new", "mining-leveraged", "-o", str(path), *(word for each in given for word in ("--set", each)))
    shown = [str(cell.value) for row in openpyxl.load_workbook(path, data_only=True)["Dashboard"] for cell in row]
    since, until = first_stretch(lived(WITH_A_STRETCH)["worth"])
    assert f"in cash; rigs sold: month {since} to {until}" in shown
    assert "a loss after 36 months" in shown  # why it is DANGER, and not how far the liquidation is


def test_money_that_comes_back_in_two_stretches_is_said_with_both(model: Model) -> None:
    """Before the halving selling is enough, after it no more, and once the coin has grown it is again."""
    given = WITH_A_STRETCH | {"price_growth": 0.02, "later_growth": 0.0, "plan_months": 50, "tariff": 0.07}
    worth = lived(given)["worth"]
    found = result(model, given)
    (since, until), again = first_stretch(worth), for_good(worth)
    assert since < until < again
    assert f"in months {since} to {until} and from month {again} on" in found["payback_in_words"]


def test_money_that_comes_back_says_when(model: Model) -> None:
    found = result(model, {"price_growth": 0.04})
    assert found["payback_in_words"] == (
        f"Your money is back in cash in month {found['payback_month']:.0f} of 36, loan and tax paid."
    )


def test_a_plan_that_reaches_the_liquidation_is_danger(model: Model) -> None:
    found = result(model, {"price_growth": -0.08, "depreciation": 0.6, "credit_share": 0.7})
    assert found["verdict"] == "DANGER"
    assert f"YOUR OWN PLAN IS LIQUIDATED IN MONTH {found['liquidation_month']:.0f}" in found["risk_in_words"]


def test_a_fall_that_liquidates_the_loan_has_no_profit(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    terms = ["credit_share=70%", "secured_by=rigs", "margin_call_ltv=70%", "liquidation_ltv=85%"]
    call("new", "mining-leveraged", "-o", str(path), *(word for term in terms for word in ("--set", term)))
    book = openpyxl.load_workbook(path, data_only=True)
    rows = {row[1]: row[2:9] for row in book["Calculations"].iter_rows(values_only=True) if isinstance(row[1], float)}
    assert set(rows[-0.5] + rows[-0.4]) == {"liquidated"}  # the rigs follow by half: from -35.3% on
    assert all(isinstance(cell, float) for cell in rows[-0.3])
    said = [cell.value for row in book["Dashboard"] for cell in row if "Liquidated when" in str(cell.value)]
    assert "falls 35.3% today" in said[0]
    assert "past its margin call ALREADY" in said[0]


def test_without_a_loan_there_is_nothing_to_liquidate(model: Model) -> None:
    found = result(model, {"credit_share": 0})
    assert found["liquidation_price"] == "never"
    assert found["net_profit"] == pytest.approx(found["profit_alone"], rel=1e-12)
    assert found["loan_in_words"] == "No loan: 74,000.00 USD of rigs are your own."
    assert not found["risk_in_words"]
    assert "loan" not in found["profit_in_words"]


def test_without_a_loan_the_dashboard_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    given = ("credit_share=0", "apr=0.15", "balloon_share=0.1")
    said = call("new", "mining-leveraged", "-o", str(path), *(word for each in given for word in ("--set", each)))
    assert [line for line in said.stderr.splitlines() if "changes no result" in line or "change no result" in line] == [
        "xladdin: apr and balloon_share change no result with the other inputs as they are."
    ]
    shown = [str(cell.value) for row in openpyxl.load_workbook(path, data_only=True)["Dashboard"] for cell in row]
    about = [each for each in shown if "on credit" in each or "liquidat" in each or "margin call" in each]
    assert about == []
    assert [each for each in shown if "No loan" in each] == ["No loan: 74,000.00 USD of rigs are your own."]


def test_rigs_wholly_on_credit_need_coins_and_have_no_return(model: Model) -> None:
    found = result(model, {"credit_share": 1, "secured_by": "coins"})
    assert found["overall_flag"] == "ALL CHECKS PASS"
    assert found["leverage"] == found["net_return"] == "all borrowed"


def test_the_example_is_sound(model: Model) -> None:
    assert result(model, EXAMPLES["mining-leveraged"])["overall_flag"] == "ALL CHECKS PASS"

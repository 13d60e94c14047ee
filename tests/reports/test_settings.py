"""Values that are given by hand."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import to_excel
from support.command import call

from xladdin.core.errors import UserError
from xladdin.reports.settings import settings
from xladdin.templates import find
from xladdin.workbook.model_reader import read_model


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (["entry=61,240.50"], {"entry": 61240.5}),
        (["Leverage=10x", "SIDE=Short"], {"leverage": 10, "side": "short"}),
        (["avg price=5"], {"entry": 5}),
        (["note="], {"note": None}),
        (["note=a=b"], {"note": "a=b"}),
        (["entry=0,055"], {"entry": 0.055}),  # no thousands begin with a zero
        (["entry=5,5"], {"entry": 5.5}),
        ([], {}),
    ],
)
def test_a_value_is_read_as_a_table_would_be(workbook: Path, given: list[str], values: dict[str, Any]) -> None:
    found = settings(read_model(workbook), given)
    assert {name: value.casefold() if isinstance(value, str) else value for name, value in found.items()} == values


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("entry", "--set 'entry' has no equals sign; allowed is NAME=VALUE"),
        ("price of=5", "names no input of own.xlsx; the inputs are"),
        ("entry=-1", "--set 'entry=-1': found '-1'; allowed is a number above 0"),
        ("entry=61.000", "--set 'entry=61.000': 61.000 is 61 here, and elsewhere 61000"),
        ("side=up", "allowed is one of long, short"),
    ],
)
def test_what_is_no_value_of_an_input_is_a_sentence(workbook: Path, given: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        settings(read_model(workbook), [given])
    assert said in str(caught.value)


@pytest.mark.parametrize("given", [["entry=5", "entry=6"], ["entry=5", "avg price=6"], ["note=", "Note=x"]])
def test_a_value_that_is_given_twice_is_refused(workbook: Path, given: list[str]) -> None:
    with pytest.raises(UserError, match="a second value; allowed is one"):
        settings(read_model(workbook), given)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("03/04/2026", "1900-01-01, written 2026-04-03 or 2026-03-04."),
        ("2028-14-04", "1900-01-01, written as 2026-12-31, or today."),
        ("soon", "1900-01-01, written as 2026-12-31, or today."),
        ("1850-01-01", "allowed is a date at least 1900-01-01."),
    ],
)
def test_a_date_that_is_refused_is_told_how_it_is_written(raw: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        settings(read_model(find("futures-planner")), [f"as_of={raw}"])
    assert str(caught.value).endswith(said)


def test_a_day_may_be_that_on_which_it_runs() -> None:
    model = read_model(find("futures-planner"))
    before = datetime.date.today()
    found = settings(model, ["as of=Today"])["as_of"]
    first, last = (float(to_excel(day)) for day in (before, datetime.date.today()))
    assert first <= found <= last
    with pytest.raises(UserError, match="allowed is a date"):
        settings(model, ["as_of=yesterday"])
    assert settings(model, ["price_source=today"]) == {"price_source": "today"}


def test_a_part_of_a_name_is_answered_with_the_input_and_its_choice(tmp_path: Path) -> None:
    result = call("new", "staking-loop", "-o", tmp_path / "one.xlsx", "--set", "leverage=4")
    assert result.exit_code == 2
    assert "names no input of staking-loop.xlsx; did you mean chosen_leverage, with sizing=leverage; " in result.stderr


@pytest.mark.parametrize(
    ("template", "given", "said"),
    [
        ("mining-leveraged", "prise=65000", "did you mean price; the inputs are"),
        ("mining-leveraged", "rig=r.csv", "names no input or list; did you mean rigs."),
        ("staking-loop", "stake_apr=3.1", "3.1% is written 3.1% or 0.031."),
        ("mining-leveraged", "price_growth=1.5", "1.5% is written 1.5% or 0.015."),
        ("funding-planner", "funding_rate=0.1", "0.1% is written 0.1% or 0.001."),
        ("futures-planner", "close_fee=0.05", "can be 0.05% or 5%; allowed is 0.05% (or 0.0005) or 5%, so written."),
    ],
)
def test_what_is_nearly_right_is_told_how_it_is_written(tmp_path: Path, template: str, given: str, said: str) -> None:
    result = call("new", template, "-o", tmp_path / "one.xlsx", "--set", given)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("written", ["0.05%", "0.0005", "5%"])
def test_what_is_said_to_be_allowed_of_two_meanings_is_taken(tmp_path: Path, written: str) -> None:
    result = call("new", "futures-planner", "-o", tmp_path / "one.xlsx", "--set", f"close_fee={written}")
    assert result.exit_code == 0, result.stderr

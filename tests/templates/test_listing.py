"""What templates there are, and what can be filled in in each."""

from __future__ import annotations

import json

import pytest
from support.command import call

from xladdin import templates


def test_a_line_each_and_one_in_full() -> None:
    listed = call("templates")
    assert listed.exit_code == 0
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines] == templates.names()
    assert max(map(len, lines)) <= 80
    assert not any("\u2026" in line for line in lines)
    one = call("templates", "futures-planner")
    assert "leverage" in one.stdout
    assert "position-sizing" not in one.stdout


@pytest.mark.parametrize(
    ("name", "known", "allowed"),
    [
        ("futures-planner", "side", "one of long, short"),
        ("collateral-loan", "apr", "a number from 0 to 1"),
    ],
)
def test_inputs_as_data_say_what_is_allowed(name: str, known: str, allowed: str) -> None:
    (found,) = json.loads(call("templates", name, "--json").stdout)["templates"]
    assert found["name"] == name
    assert {item["name"]: item["allowed"] for item in found["inputs"]}[known] == allowed
    assert {item["name"] for item in found["outputs"]} >= {"overall_flag"}


def test_a_template_that_is_none_is_wrong_use() -> None:
    result = call("templates", "future-planner")
    assert result.exit_code == 2
    assert "did you mean futures-planner" in result.stderr


def test_the_columns_of_its_lists_are_said_too() -> None:
    shown = call("templates", "positions").stdout
    assert "the list positions" in shown
    assert "Maintenance margin rate" in shown
    (found,) = json.loads(call("templates", "positions", "--json").stdout)["templates"]
    columns = {each["name"]: [column["name"] for column in each["columns"]] for each in found["lists"]}
    assert {"Venue", "Wallet balance"} <= set(columns["wallets"])
    assert {"Symbol", "Entry", "Quantity"} <= set(columns["positions"])

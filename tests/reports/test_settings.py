"""Values that are given by hand."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import to_excel

from xladdin.core.errors import UserError
from xladdin.reports.settings import settings
from xladdin.templates import find
from xladdin.workbook.model import read_model


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (["entry=61,240.50"], {"entry": 61240.5}),
        (["Leverage=10x", "SIDE=Short"], {"leverage": 10, "side": "short"}),
        (["avg price=5"], {"entry": 5}),
        (["note="], {"note": None}),
        (["note=a=b"], {"note": "a=b"}),
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


def test_a_day_may_be_that_on_which_it_runs() -> None:
    model = read_model(find("futures-planner"))
    before = datetime.date.today()
    found = settings(model, ["as of=Today"])["as_of"]
    first, last = (float(to_excel(day)) for day in (before, datetime.date.today()))
    assert first <= found <= last
    with pytest.raises(UserError, match="allowed is a date"):
        settings(model, ["as_of=yesterday"])
    assert settings(model, ["price_source=today"]) == {"price_source": "today"}

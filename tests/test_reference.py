"""What is derived from the catalogue for people and programs."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from xladdin import reference
from xladdin.core import venues
from xladdin.core.catalog import functions
from xladdin.core.errors import UserError


def test_every_venue_says_as_of_when_and_who_says_so() -> None:
    for venue in reference.venues_as_json()["venues"]:
        for rule in venue["rules"]:
            assert all(rule[known] for known in ("basis", "since", "seen", "source")), venue["word"]
        assert venue["rules"][0]["until"] == "", "the first rule is today's"


def test_every_function_is_in_the_data_with_all_that_is_known_of_it() -> None:
    data = json.loads(json.dumps(reference.as_json()))
    assert data["schema"] == "xladdin.functions/1"
    assert [entry["name"] for entry in data["functions"]] == list(functions())
    for entry in data["functions"]:
        computes = ("arguments", "equation", "references") if functions()[entry["name"]].arguments else ()
        for key in ("group", "usage", "summary", "result", "examples", *computes):
            assert entry[key], (entry["name"], key)
        assert (entry["native"] is None) != (entry["no_native"] is None)


@pytest.mark.parametrize("name", ["LEV_LIQPRICE", "liqprice", " lev_liqprice "])
def test_a_function_is_found_by_its_name(name: str) -> None:
    (entry,) = reference.as_json(name)["functions"]
    assert entry["name"] == "LEV_LIQPRICE"
    assert entry["arguments"][3] == {
        "name": "side",
        "unit": "text",
        "domain": '"long" or "short"',
        "required": False,
        "default": "long",
        "help": "Direction of the position.",
    }


def test_a_name_that_is_none_gets_the_nearest() -> None:
    with pytest.raises(UserError, match=r"There is no function 'LIQPRISE'.*LEV_LIQPRICE"):
        reference.find("LIQPRISE")


def test_the_console_shows_each_function_and_one_in_full() -> None:
    console = Console(file=io.StringIO(), width=200)
    reference.show(console)
    assert isinstance(console.file, io.StringIO)
    for name in functions():
        assert name in console.file.getvalue()
    assert "LEV_RATIO(position_size, margin)" in console.file.getvalue()
    assert "[contract]" in console.file.getvalue()
    console = Console(file=io.StringIO(), width=200)
    reference.show(console, "LEV_LIQPRICE")
    assert isinstance(console.file, io.StringIO)
    assert "=LEV_LIQPRICE(50000, 10, 0.01)   gives 45500" in console.file.getvalue()


def test_the_words_of_the_table_of_venues_are_words_of_theirs() -> None:
    rules = venues.dated()
    listed = [(venue.word, rule) for venue in venues.VENUES for rule in venue.rules]
    for (word, *_), (plain, rule) in zip(reference.venue_rows(), listed, strict=True):
        assert rules[word] is rule
        assert word.split()[0] == plain

"""The texts of a template, and the same template with others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.template_texts import GOOD

from xladdin.templates import library
from xladdin.templates.formulas import parsed
from xladdin.templates.read import read_template
from xladdin.templates.translation import Texts


@pytest.fixture
def texts_of(tmp_path: Path) -> Any:
    """The texts of good.toml with further results, and a piece for what is more than one."""

    def read(*results: str) -> Texts:
        text = GOOD.replace("[pieces]", """[pieces]\n"s(count)" = 'IF({count}=1,"","s")'""")
        lines = "".join(f"\n{result}" for result in results)
        (tmp_path / "mine.toml").write_text(f"{text}\n[results.More]{lines}\n", encoding="utf-8")
        return Texts(read_template(tmp_path / "mine.toml", library.fields_path()))

    return read


def test_labels_sentences_and_headings_are_texts(texts_of: Any) -> None:
    needed = texts_of('more = { label = "More", formula = "1", note = "Of it." }').needed
    assert {"Rent", "Terms", "Let at all", "Of it.", "{income:money} {currency} in {days:0} days."} <= set(needed)
    assert not {"income", "{paid(days)}", "SAFE", "EUR", "{currency}", "money", ""} & set(needed)


def test_a_text_in_a_formula_is_one_and_a_word_that_it_asks_for_is_none(texts_of: Any) -> None:
    few = 'IF(COUNTIF({plan.word},"<>EUR")>0,"some ""few""","{days:0} days")'
    formula = f'IF(currency="USD",{few},TEXT(days,"0.0"))'
    texts = texts_of(f"more = {{ label = 'More', formula = '{formula}' }}")
    assert {'some "few"', "{days:0} days"} <= set(texts.needed)
    changed = texts.changed(lambda text: "{days:0} Tage" if "days" in text else f"<{text}>")
    made = changed.results["<More>"]["more"].formula
    assert made == formula.replace('some ""few""', '<some ""few"">').replace("{days:0} days", "{days:0} Tage")
    assert parsed(made)


@pytest.mark.parametrize(
    ("text", "other", "differs"),
    [
        ("{income:money} in {days:0} days", "{days:0} Tage: {income:money}", ""),
        ('{IF(days>1,"many {days:0}","one")}', '{IF(days>1,"viele {days:0}","einer")}', ""),
        ('{IF(days>1,"many {days:0}","one")}', '{IF(days>2,"viele {days:0}","einer")}', "should be"),
        ('{IF(days>1,"many {days:0}","one")}', '{IF(days>1,"viele","einer")}', "should be"),
        ("{income:money} a day", "{income:whole} am Tag", "{income:whole} should be {income:money}"),
        ('{IF(currency="USD","a","b")}', '{IF(currency="US-Dollar","c","d")}', "should be"),
        ('{IF(currency="","","b")}', '{IF(currency="c","","d")}', "should be"),
        ("{days:0} day{{s(days)}}", '{days:0} {IF(days=1,"Tag","Tage")}', ""),
        ("{days:0} day{{s(days)}}", '{days:0} {IF(days=2,"Tag","Tage")}', "should be"),
        ("{days:0} day{{s(days)}}", "{days:0} Tage", "is missing"),
        ('in {days:0}{IF(days>1,", all","")}', 'in {days:0}{IF(days>1,"; alle",".")}', ""),
        ('{TEXT(days,"0.0")} days', '{TEXT(days,"0.00")} Tage', "should be"),
    ],
)
def test_figures_are_those_of_the_text(texts_of: Any, text: str, other: str, differs: str) -> None:
    found = texts_of(f"more = {{ sentence = '{text}' }}").differs(text, other)
    assert bool(found) == bool(differs)
    assert differs in found

"""Texts with something odd in the place of any value: each is said in a sentence, or builds."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from support.template_texts import GOOD

from xladdin.core.errors import UserError
from xladdin.templates import library
from xladdin.templates.build import without_values
from xladdin.templates.read import read_template

VALUE = re.compile(r"(?<== )(\"[^\"]*\"|'[^']*'|[^\[{\s][^,\s}\]]*)")
ODD = [
    *("7", "-1", "1.5", "nan", "100000000", "true", "2026-01-01", "[]", "{}", '["a"]', "{ a = 1 }", "[[]]"),
    *('""', '"x"', '"{x}"', '"{"', '"=A1"', '"A1:B2"', '"days"', '"plan.cost"', '"{plan.cost}"', '"{previous.cost}"'),
    *('"@side"', '"{row}"', '"{days:0}"', '"{1,2}"', "'\"'", '"percent"', '"venues"', '"LEV_RATIO(1)"', '"income"'),
]


@pytest.mark.parametrize("seed", range(8))
def test_a_value_is_something_odd(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    text = tmp_path / "mine.toml"
    places = list(VALUE.finditer(GOOD))
    for _ in range(30):
        place = draw.choice(places)
        text.write_text(GOOD[: place.start()] + draw.choice(ODD) + GOOD[place.end() :], encoding="utf-8")
        said = refusal(text)
        assert said == "" or (said.startswith(f"{text}, line ") and said.endswith("."))


def refusal(text: Path) -> str:
    """Why a text is refused, or nothing where it builds; whatever else goes wrong is not caught."""
    try:
        template = read_template(text, library.fields_path())
    except UserError as error:
        return str(error)
    without_values(template)
    return ""

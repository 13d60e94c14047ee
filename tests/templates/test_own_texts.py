"""What every workbook says besides its template's texts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.template_texts import GOOD

from xladdin import templates
from xladdin.templates import library
from xladdin.templates.build import without_values
from xladdin.templates.languages import own_texts_of
from xladdin.templates.own_texts import OwnTexts
from xladdin.templates.read import read_template

LANGUAGES = sorted(path.name for path in (library.folder() / library.LANGUAGES).iterdir())


class Asked(Mapping[str, str]):
    """A language that has nothing, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def get(self, text: str, otherwise: Any = None) -> Any:
        self.texts.add(text)
        return otherwise

    def __getitem__(self, text: str) -> str:
        raise KeyError(text)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_what_every_workbook_says_is_there_in_each_language(tmp_path: Path) -> None:
    asked = Asked()
    texts = [*map(library.text_path, templates.names()), *sorted((library.folder() / "examples").glob("*.toml"))]
    for count in (1, 2, 4, 5):
        texts.append(tmp_path / f"{count}.toml")
        texts[-1].write_text(f"steps = {['Do.'] * count}\n{GOOD}\n[words]\nGONE = 'grey'\n", encoding="utf-8")
    for text in texts:
        without_values(read_template(text, library.fields_path()), OwnTexts(asked))
    for language in LANGUAGES:
        found = texts_of(language).keys()
        assert {text for text in asked.texts if any(map(str.isalpha, text))} - found == set()
        assert found - asked.texts == set()


def texts_of(language: str) -> dict[str, str]:
    path = library.folder() / library.LANGUAGES / language / "workbook.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "12,500.25%"), ("de", "12.500,25%"), ("es", "12.500,25%"), ("fr", "12,500.25%")]
)
def test_a_number_has_the_marks_of_the_language(language: str, shown: str) -> None:
    assert own_texts_of(library.fields_path(), language).number("12,500.25%") == shown

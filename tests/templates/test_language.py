"""The words of the language: what each makes of a cell, seen in the built workbook."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from support.template_texts import GOOD

from xladdin.templates import library

FOLDER = library.folder()
TEXTS = [*map(library.text_path, library.names()), *sorted((FOLDER / "examples").glob("*.toml"))]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_schema_takes_every_text_of_ours(path: Path) -> None:
    schema = json.loads((library.folder() / "template.schema.json").read_text(encoding="utf-8"))
    text = json.loads(
        json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str)
    )  # a date is a text there
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(text)] == []


def test_the_schema_finds_a_word_that_is_none() -> None:
    schema = json.loads((library.folder() / "template.schema.json").read_text(encoding="utf-8"))
    text = tomllib.loads(GOOD.replace("[rules]", "[rulez]"))
    (error,) = jsonschema.Draft202012Validator(schema).iter_errors(text)
    assert "rulez" in error.message


def test_no_heading_and_no_colour_stands_for_what_a_template_has_not(build: Any) -> None:
    has_all = texts(build())
    has_none = texts(
        build(
            ('[checks]\nincome = { plain = "rate*days" }\n', ""),
            ('[rules]\n"Let at all" = { holds = "days>0", note = "At least a day" }', ""),
            ('word = "SAFE"', 'word = "GOOD"'),
        )
    )
    assert {"Rules between inputs", "Results against native formulas", "SAFE", "DANGER"} <= has_all
    assert has_all - has_none >= {"Rules between inputs", "Results against native formulas", "SAFE"}
    assert "WATCH" not in has_all | has_none
    assert "DANGER" in has_none


def texts(book: openpyxl.Workbook) -> set[str]:
    """All that stands on Read me and Checks."""
    rows = [row for title in ("Read me", "Checks") for row in book[title].iter_rows(values_only=True)]
    return {str(value) for row in rows for value in row}

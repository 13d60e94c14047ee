"""The line of each key and item of a TOML text."""

from __future__ import annotations

import tomllib
from typing import Any

from xladdin.templates.toml_lines import lines_of

TEXT = """# a comment with [brackets] = and "quotes"
title = "a # b"

[one."two three"]
inside = { a = 1, b = [
    "x",  # a comment
    "]",
] }
long = \"\"\"
many
lines = 5
\"\"\"
after.dotted = 1

[[items]]
name = "first"
[[items]]
name = 'second'
[items.more]
deep = true
"""


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path} - {()} | {each for key, inner in pairs for each in paths(inner, (*path, key))}


def test_every_key_and_item_has_a_line() -> None:
    assert set(lines_of(TEXT)) == paths(tomllib.loads(TEXT))


def test_the_lines_are_where_a_person_looks() -> None:
    lines = lines_of(TEXT)
    assert lines["title",] == 2
    assert lines["one", "two three", "inside", "b", 1] == 7
    assert lines["one", "two three", "after", "dotted"] == 13
    assert (lines["items", 0, "name"], lines["items", 1, "name"], lines["items", 1, "more", "deep"]) == (16, 18, 20)

"""The changes of which nothing can be seen are still those that `tools/mutate.py` could make."""

from __future__ import annotations

import csv
import functools

from tools import mutate


@functools.cache
def _changes(module: str) -> set[tuple[str, str]]:
    path = f"xladdin/{module}"
    text = (mutate.ROOT / path).read_text(encoding="utf-8")
    return {(each.before, each.after) for each in mutate.changes_of(path, text)}


def test_what_is_said_to_change_nothing_is_a_change_of_a_line_that_is_there() -> None:
    with mutate.EQUIVALENT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    gone = [row for row in rows if (row["before"], row["after"]) not in _changes(row["module"])]
    assert not gone, "the line is another now: take the row out, or look at the change again"
    assert all(row["reason"] for row in rows)
    assert rows == sorted(rows, key=lambda row: (row["module"], row["before"], row["after"]))


def test_a_change_that_nobody_can_see_is_not_tried() -> None:
    known = mutate.equivalent()
    tried = mutate.chosen(["core", "workbook/builtins"], 10_000, 1)
    assert len(tried) > 1000
    assert not {(each.path, each.before, each.after) for each in tried} & known

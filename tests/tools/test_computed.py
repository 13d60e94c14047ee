"""The page of what is computed says what a workbook shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.books import make_book

from tools.computed import computed, computed_page
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model_reader import read_model

# Each takes any of these as something, or says what else it takes.
_ARGUMENTS = ["", "1", "1,1", "1,1,1", "1,1,1,1", "1,1,1,1,1", "1,1,1,1,1,1", "A1", "A1,1", "A1,A1", "A1,A1,A1"]


def is_known(folder: Path, name: str) -> bool:
    """Whether a formula with the function is computed with any of these arguments."""
    cells = {f"B{row}": f"={name}({arguments})" for row, arguments in enumerate(_ARGUMENTS, 1)}
    cells["C1"] = f"={name}(x,x)"
    plan = compile_model(read_model(make_book(folder / "book.xlsx", {"A1": 1, **cells}, {})))
    reason = f"{name} is not one of the functions known here"
    return reason not in plan.uncomputed.values()


@pytest.mark.parametrize("which", [0, 1, 2], ids=["own", "engine", "not"])
def test_a_function_is_where_the_page_has_it(tmp_path: Path, which: int) -> None:
    names = computed()[which]
    assert names
    assert [name for name in names if is_known(tmp_path, name) is (which == 2)] == []


def test_the_page_names_each_function_once() -> None:
    page = computed_page()
    names = [name for found in computed() for name in found]
    assert [name for name in names if page.count(f"`{name}`") != 1] == []

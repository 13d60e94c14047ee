"""What all functions of spreadsheets have in common, whichever it is."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.books import value_of

from xladdin.core.errors import NA
from xladdin.workbook import columns
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.builtins.operators import BINARY
from xladdin.workbook.builtins.registry import Kind

# Those that choose, count or ask, and so have an answer although something is an error.
CATCHING = {
    *("NA", "TRUE", "FALSE", "PI", "ROWS", "COLUMNS", "TODAY", "NOW", "ERROR.TYPE", "TYPE"),
    *(name for name in BUILTINS if name.startswith(("IS", "COUNT", "AVERAGEIF"))),
    *("SUMIF", "SUMIFS", "MAXIFS", "MINIFS", "INDEX", "XLOOKUP", "XMATCH"),
}
OF_COLUMNS = {name for name, known in BUILTINS.items() if not (known.is_lazy or known.by_row)} - CATCHING
TYPICAL = {Kind.TEXT: "abc", Kind.TRUTH: True}
ARGUMENTS: dict[str, list[Any]] = {
    "TEXT": [5.0, "0.00"],
    "SUBSTITUTE": ["abc", "b", "x", 1.0],
    "FIND": ["b", "abc", 1.0],
    "SEARCH": ["b", "abc", 1.0],
    "MID": ["abc", 1.0, 1.0],
    "REPLACE": ["abc", 1.0, 1.0, "x"],
    "REPT": ["abc", 2.0],
    "RIGHT": ["abc", 2.0],
    "NUMBERVALUE": ["1.5", ".", ","],
    "REGEXTEST": ["abc", "b", 0.0],
    "REGEXREPLACE": ["abc", "b", "x", 0.0, 0.0],
    "DATE": [2024.0, 1.0, 1.0],
    "VLOOKUP": [1.0, 1.0, 1.0, 0.0],
    "HLOOKUP": [1.0, 1.0, 1.0, 0.0],
    "DATEDIF": [45000.0, 45010.0, "d"],
    "EDATE": [45000.0, 1.0],
    "EOMONTH": [45000.0, 1.0],
}


def arguments_of(name: str, count: int, number: float) -> list[Any]:
    if name in BINARY:
        return [number] * count
    known = BUILTINS[name]
    return [TYPICAL.get(known.kind(index), number) for index in range(count)]


@pytest.mark.parametrize("number", [1.0, 0.0, -1.0, 2.5])
@pytest.mark.parametrize("name", sorted(OF_COLUMNS | set(BINARY)))
def test_an_error_among_the_arguments_is_what_a_function_gives(name: str, number: float) -> None:
    known = BUILTINS.get(name)
    call, counts = (known.call, range(known.required, min(known.most, 5) + 1)) if known else (BINARY[name], [2])
    for count in counts:
        for place in range(count):
            arguments = list(ARGUMENTS.get(name, arguments_of(name, count, number))[:count])
            arguments[place] = NA
            in_rows = [np.array([each, each]) if isinstance(each, float) else each for each in arguments]
            with np.errstate(all="ignore"):
                found = [call(*arguments), *itertools.islice(columns.elements(call(*in_rows), 2), 2)]
            assert [columns.to_cell(value) for value in found] == ["#N/A"] * 3, (count, place)


@pytest.mark.parametrize(
    "formula",
    [
        "NORM.DIST(1,2)",
        "IRR({-1,2},0.1,5)",
        "QUARTILE({1,2},1,2)",
        "ISO.CEILING(1,2,3)",
        "FLOOR.PRECISE(1,2,3)",
        "CEILING.PRECISE(1,2,3)",
        "GEOMEAN()",
        "MUNIT(2,2)",
        f"SUM({','.join(['1'] * 256)})",
    ],
)
def test_fewer_or_more_arguments_than_a_function_takes_are_no_call_of_it(tmp_path: Path, formula: str) -> None:
    assert value_of(tmp_path, f"={formula}", {}) == "#NAME?"


def test_as_many_arguments_as_excel_lets_anybody_write(tmp_path: Path) -> None:
    assert value_of(tmp_path, f"=SUM({','.join(['1'] * 255)})", {}) == 255


@pytest.mark.parametrize(
    "formula",
    ["DEGREES(1E308)", "MDETERM({1E200,1;1,1E200})", "NPV(-0.999999999,1E305,1E305)", "FVSCHEDULE(1E300,{1E300})"],
)
def test_what_is_too_large_for_a_cell_is_an_error(tmp_path: Path, formula: str) -> None:
    assert value_of(tmp_path, f"={formula}", {}) == "#NUM!"

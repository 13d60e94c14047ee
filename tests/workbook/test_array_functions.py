"""What all functions of spreadsheets have in common, whichever it is."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from xladdin.core.errors import NA
from xladdin.workbook import columns
from xladdin.workbook.array_functions import BINARY, NATIVE

# Those that choose, count or ask, and so have an answer although something is an error.
CATCHING = {
    *("IF", "IFS", "IFERROR", "IFNA", "SWITCH", "CHOOSE", "NA", "TRUE", "FALSE", "PI", "ROWS", "COLUMNS"),
    *(name for name in NATIVE if name.startswith(("IS", "COUNT"))),
    *("SUMIF", "SUMIFS", "AVERAGEIF", "INDEX", "XLOOKUP"),
}
ARGUMENTS: dict[str, list[Any]] = {
    "TEXT": [5.0, "0.00"],
    "SUBSTITUTE": ["abc", "b", "x", 1.0],
    "FIND": ["b", "abc", 1.0],
    "SEARCH": ["b", "abc", 1.0],
    "MID": ["abc", 1.0, 1.0],
    "DATE": [2024.0, 1.0, 1.0],
    "EDATE": [45000.0, 1.0],
    "EOMONTH": [45000.0, 1.0],
}


@pytest.mark.parametrize("number", [1.0, 0.0, -1.0, 2.5])
@pytest.mark.parametrize("name", sorted({*NATIVE, *BINARY} - CATCHING))
def test_an_error_among_the_arguments_is_what_a_function_gives(name: str, number: float) -> None:
    known = NATIVE.get(name)
    call, counts = (known.call, range(known.fewest, min(known.most, 5) + 1)) if known else (BINARY[name], [2])
    for count in counts:
        for place in range(count):
            arguments = ARGUMENTS.get(name, [number] * count)[:count]
            arguments[place] = NA
            in_rows = [np.array([each, each]) if isinstance(each, float) else each for each in arguments]
            with np.errstate(all="ignore"):
                found = [call(*arguments), *itertools.islice(columns.elements(call(*in_rows), 2), 2)]
            assert [columns.to_cell(value) for value in found] == ["#N/A"] * 3, (count, place)

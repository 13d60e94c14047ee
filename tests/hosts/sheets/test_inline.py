"""The formulas for Google Sheets that need nothing installed, evaluated by an engine that knows LET."""

from __future__ import annotations

import re
from pathlib import Path

import ironcalc
import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from support.calls_in_cells import write_cells
from support.vectors import Vector, all_vectors, few_or_all_vectors, same

from xladdin import __version__
from xladdin.core.catalog import Function, functions
from xladdin.core.errors import UserError
from xladdin.hosts.sheets.inline import inlined, takes_whole_ranges

# What Google's list of functions has of those that our formulas are made of (Google Docs Editors Help, "Google Sheets
# function list", read 2026-11).
DOCUMENTED = {
    *("ABS", "AND", "COLUMNS", "COUNT", "EXP", "FILTER", "HSTACK", "IF", "IFERROR", "INDEX", "INT", "ISERR", "ISERROR"),
    *(
        "ISTEXT",
        "LAMBDA",
        "LET",
        "LN",
        "LOOKUP",
        "MAP",
        "MAX",
        "MIN",
        "MMULT",
        "NA",
        "NORM.S.DIST",
        "OR",
        "PI",
        "REDUCE",
    ),
    *("ROWS", "SCAN", "SEQUENCE", "SIGN", "SQRT", "SUM", "SUMPRODUCT", "TOCOL", "TRANSPOSE", "TRIM", "VSTACK"),
}


def has_single_values(function: Function, vector: Vector) -> bool:
    """Whether every argument that is not taken whole is one cell."""
    given = zip(function.arguments, vector.arguments, strict=False)
    return not any(argument.kind.broadcasts and isinstance(value, list) for argument, value in given)


@few_or_all_vectors
def test_every_call_of_single_values_gives_what_the_core_gives(every: int, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    asked, row = [], 1
    for vector in all_vectors()[::every]:
        function = functions()[vector.function]
        if function.native and has_single_values(function, vector):
            formula, height = write_cells(sheet, row, vector)
            plain = inlined(f"={formula}")
            sheet.cell(row, 40, ArrayFormula(f"AN{row}", plain) if takes_whole_ranges(formula) else plain)
            asked.append((vector, row))
            row += height
    book.save(tmp_path / "inline.xlsx")
    model = ironcalc.load_from_xlsx(str(tmp_path / "inline.xlsx"), "en", "UTC", "en")
    model.evaluate()
    wrong = [
        f"{vector}: {given!r}, not {vector.expected!r}"
        for vector, given in ((vector, model.get_cell_value(0, row, 40)) for vector, row in asked)
        if not same(given, vector.expected)
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}\n" + "\n".join(wrong[:20])


def test_only_functions_that_google_documents_are_in_them() -> None:
    for name, function in functions().items():
        if function.native:
            formula = inlined(f"={name}({','.join(f'A{index}' for index in range(1, len(function.arguments) + 1))})")
            called = re.findall(r"(?:_xlfn\.)?(?:_xlws\.)?([\w.]+)\(", formula)
            assert set(called) <= DOCUMENTED, name


def test_a_workbook_says_of_which_version_its_formulas_are() -> None:
    assert inlined('=LEV_VERSION()&"!"') == f'="xladdin {__version__}, formulas without Python"&"!"'


def test_calls_inside_calls_and_text_that_speaks_of_one() -> None:
    formula = inlined('=LEV_SIZE(LEV_RATIO(A1,2),5)&"LEV_SIZE(1,2)"&{1,2}')
    assert formula.count("LEV_") == 1
    assert formula.endswith('&"LEV_SIZE(1,2)"&{1,2}')
    assert inlined("=SUM(A1:A3)") == "=SUM(A1:A3)"


def test_a_formula_that_gets_too_long_is_refused_in_a_sentence() -> None:
    nested = "A1"
    for _ in range(80):
        nested = f"LEV_LIQPRICE({nested},10,1%)"
    with pytest.raises(UserError, match=r"takes [\d,]+ characters without our functions, .* takes 50,000"):
        inlined(f"={nested}")

"""Compiled formulas against the formula engine, cell by cell, and what is left to the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from support import second_engine
from support.agreement import AS_THE_ENGINE, POWERS, Known, differences, left_to_others, watch
from support.books import make_book
from support.inputs import every_template, few_or_many_sets, random_inputs

from xladdin import templates
from xladdin.core.errors import UnreadableError
from xladdin.workbook import columns, compute, engine
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model

ROWS = 3
# The 15 digits to which spreadsheets agree, less one for sums that are added in another order.
TOLERANCE = 1e-14


def workbook_of(tmp_path: Path, *formulas: str, **inputs: Any) -> Path:
    """A workbook with named inputs in column A and formulas in column B."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, (name, value) in enumerate(inputs.items(), 1):
        sheet.cell(row, 1, value).number_format = "0.00"
        book.defined_names[name] = DefinedName(name, attr_text=f"Sheet!$A${row}")
    for row, formula in enumerate(formulas, 1):
        sheet.cell(row, 2, formula)
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def _without_percentages(text: Any) -> str:
    return re.sub(r"below 0\.01%|\d+(\.\d+)?%", "", str(text))


# Where the engine is no second opinion on what Excel does.
OF_THE_ENGINE = [
    Known(
        "the error of an IF's condition is not caught by a function around it",
        lambda cell: "ISNA(IF(" in cell.formula and cell.theirs in cell.errors,
    ),
    Known(
        "ABS takes no array, within SUMPRODUCT either",
        lambda cell: "(ABS('" in cell.formula and "SUMPRODUCT(" in cell.formula and cell.theirs == "#VALUE!",
    ),
    Known(
        "TEXT takes the first of sections whichever's condition holds, so a percentage is 21% and not 20.7%",
        lambda cell: (
            '"[=0]0%;' in cell.formula and _without_percentages(cell.ours) == _without_percentages(cell.theirs)
        ),
    ),
    POWERS,
]


def by_the_engine(model: Model, given: Mapping[str, Sequence[Any]], count: int) -> dict[Place, list[Any]]:
    """What the formula engine gives for each cell, set by set."""
    workbook = second_engine.filled(model)
    found: dict[Place, list[Any]] = {place: [] for place in model.formulas}
    for row in range(count):
        for name, values in given.items():
            workbook.set_value(*model.inputs[name].place, values[row])
        for place, value in zip(found, workbook.evaluate_cells([tuple(at) for at in found]), strict=True):
            found[place].append(engine.from_engine(value))
    return found


@few_or_many_sets
def test_every_cell_is_what_the_formula_engine_gives(name: str, count: int) -> None:
    model = read_model(templates.find(name))
    given = random_inputs(model, count)
    theirs = by_the_engine(model, given, count)
    assert differences(watch(model, given, count, AS_THE_ENGINE), theirs, OF_THE_ENGINE) == []


@pytest.mark.parametrize(
    ("formula", "rate", "moved"),
    [
        ("=rate*3", 0.07, 1e-13),
        ("=rate-0.1-0.2", 0.3, 1e-14),  # the engine shows what rounding leaves
        ("=PMT(rate,36,66000)", 0.01, 1e-9),
        ("=PMT(rate,36,66000)", 1e-6, 1e-6),
        ("=PMT(rate,36,66000)", 1e-9, 1e-3),  # the engine is 8e-8 of it off
        ("=PMT(rate,36,66000)", 1e-11, 1e-5),  # and here it takes the rate for none
        ("=PMT(rate,36,66000)*36+66000", 1e-9, 0.1),
    ],
)
def test_what_is_more_than_the_rounding_of_either_is_a_difference(
    tmp_path: Path, formula: str, rate: float, moved: float
) -> None:
    model = read_model(workbook_of(tmp_path, formula, rate=rate))
    given = {"rate": [rate, rate]}
    watched = watch(model, given, 2, AS_THE_ENGINE)
    theirs = by_the_engine(model, given, 2)
    assert differences(watched, theirs, OF_THE_ENGINE) == []
    theirs[next(iter(theirs))][1] += moved
    (found,) = differences(watched, theirs, OF_THE_ENGINE)
    assert found.startswith("set 1, Sheet!R1C2: ")


@every_template
def test_a_row_does_not_depend_on_the_others_of_its_batch(name: str) -> None:
    plan = compile_model(read_model(templates.find(name)))
    assert left_to_others(plan) == {}
    given = random_inputs(plan.model, ROWS)
    whole = compute.evaluate(plan, {name: columns.from_values(values) for name, values in given.items()}, ROWS)
    for row in range(ROWS):
        alone = compute.evaluate(plan, {name: columns.from_values([values[row]]) for name, values in given.items()}, 1)
        for place in plan.model.value_places():
            if place not in alone:  # it is the same in every row
                continue
            ours = next(iter(columns.elements(alone[place], 1)))
            among = list(zip(range(ROWS), columns.elements(whole[place], ROWS), strict=False))[row][1]
            assert columns.to_cell(ours) == columns.to_cell(among), place


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=IF(x>2,"big",1/0)', ["#DIV/0!", "#DIV/0!", "big", "big"]),
        ('=IFERROR(1/(x-2),"none")', [-1.0, "none", 1.0, 0.5]),
        ('=x&" times"', ["1 times", "2 times", "3 times", "4 times"]),
        ("=blank+x", [1.0, 2.0, 3.0, 4.0]),
        ('=blank&"|"', ["|"] * 4),
        ("=blank=0", [True] * 4),
        ('=blank=""', [True] * 4),
        ('=x<"1"', [True] * 4),
        ('="a"<TRUE', [True] * 4),
        ('="A"="a"', [True] * 4),
        ("=(x>2)+1", [1.0, 1.0, 2.0, 2.0]),
        ("=ROUND((x-2.5)*10,-1)", [-20.0, -10.0, 10.0, 20.0]),
        ("=ROUND(x*0.005,2)", [0.01, 0.01, 0.02, 0.02]),
        ("=-x^2", [1.0, 4.0, 9.0, 16.0]),
        ("=(x-1)^0", ["#NUM!", 1.0, 1.0, 1.0]),
        ("=(x-1)^-1", ["#DIV/0!", 1.0, 0.5, 1 / 3]),
        ("=(1/(x-1))^0", ["#DIV/0!", 1.0, 1.0, 1.0]),
        ("=1^(1/(x-1))", ["#DIV/0!", 1.0, 1.0, 1.0]),
        ("=ROUND(x,1/(x-1))", ["#DIV/0!", 2.0, 3.0, 4.0]),
        # Operators look at 15 digits of a number.
        ("=0.1*x=x/10", [True] * 4),
        ('=IF(0.1*x>x/10,"above","not above")', ["not above"] * 4),
        ('=(0.1*x)<=IF(x>0,x/10,"")', [True] * 4),
        ("=NORMSINV(x/4)", [-0.6744897501960817, 0.0, 0.6744897501960817, "#NUM!"]),
        ("=MOD(x-3,3)", [1.0, 2.0, 0.0, 1.0]),
        ("=INT(x-2.5)", [-2.0, -1.0, 0.0, 1.0]),
        ("=1E308*10^x", ["#NUM!"] * 4),
        ("=INDEX({10,20;30,40},MIN(x,2),2)", [20.0, 40.0, 40.0, 40.0]),
        ("=MATCH(x,{1,3},1)", [1.0, 1.0, 2.0, 2.0]),
        ('=_xlfn.XLOOKUP(x,{1,3},{"a","b"},"none")', ["a", "none", "b", "none"]),
        ('=VLOOKUP(x,{1,"a";3,"b"},2)', ["a", "a", "b", "b"]),
        ("=VLOOKUP(x,A1,1,FALSE)+HLOOKUP(x,A1,1)", [2.0, 4.0, 6.0, 8.0]),
        ('=VLOOKUP(x,{1,"a";3,"b"},2,1/(x-1))', ["#DIV/0!", "a", "b", "b"]),
        ("=CHOOSE(x,10,20,30)", [10.0, 20.0, 30.0, "#VALUE!"]),
        ('=_xlfn.IFS(x<2,"low",x<4,"middle")', ["low", "middle", "middle", "#N/A"]),
        ("=SUMPRODUCT({1;2;3}*({1;2;3}>=x))", [6.0, 5.0, 3.0, 0.0]),
        ('=SUM(A1:A2,x,"2")', [4.0, 6.0, 8.0, 10.0]),
        ("=MAX(A2:A2)", [0.0] * 4),
        ("=AND(x>1,x<4)", [False, True, True, False]),
        ('=TEXT(x*1234.565,"#,##0.00")', ["1,234.57", "2,469.13", "3,703.70", "4,938.26"]),
        ('=TEXT(x-2.5,"+0%;-0%")', ["-150%", "-50%", "+50%", "+150%"]),
        ('=TEXT(-x/100,"0.0")', ["0.0", "0.0", "0.0", "0.0"]),
        ('=TEXT(x*-0.02,"0.0;-0.0")', ["-0.0", "-0.0", "-0.1", "-0.1"]),
        ('=TEXT(-x,"yyyy")', ["#VALUE!"] * 4),
        ('=TEXT(46000+x,"yyyy-mm-dd")', ["2025-12-10", "2025-12-11", "2025-12-12", "2025-12-13"]),
        ('=COUNTIF(A1:A2,">2")', [0.0, 0.0, 1.0, 1.0]),
        ("=EDATE(DATE(2024,1,31),x)", [45351.0, 45382.0, 45412.0, 45443.0]),
        ("=ISNUMBER(x)*NOT(ISBLANK(x))", [1.0] * 4),
        ('=IFERROR(LEV_LIQPRICE(45500,x,0,,"mark"),"no")', ["no", 22750.0, 45500 * 2 / 3, 34125.0]),
        ("=LEV_AVGENTRY(A1:A1,{1})", [1.0, 2.0, 3.0, 4.0]),
    ],
)  # fmt: skip
def test_a_formula_means_what_it_means_in_a_spreadsheet(tmp_path: Path, formula: str, expected: list[Any]) -> None:
    plan = compile_model(read_model(workbook_of(tmp_path, formula, x=1, blank=None)))
    assert plan.fallbacks == {}
    cells = compute.evaluate(plan, {"x": np.array([1.0, 2.0, 3.0, 4.0])}, 4)
    (place,) = plan.model.formulas
    found = [columns.to_cell(value) for _, value in zip(range(4), columns.elements(cells[place], 4), strict=False)]
    assert [type(value) for value in found] == [type(value) for value in expected]
    assert found == [pytest.approx(value, rel=TOLERANCE) if type(value) is float else value for value in expected]


def test_a_function_of_the_engine_is_computed_row_by_row_with_the_reason(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, "=IMSUM(x,1)", "=B1*2", "=x+1", x=1)
    plan = compile_model(read_model(path))
    assert {place.row: reason for place, reason in plan.fallbacks.items()} == {
        1: "IMSUM is computed by the formula engine",
    }
    cells = compute.evaluate(plan, {"x": np.array([1.0, 5.0])}, 2)
    by_row = {place.row: cells[place].tolist() for place in plan.model.formulas}
    assert by_row == {1: ["2", "6"], 2: [4.0, 12.0], 3: [2.0, 6.0]}


def test_an_array_formula_is_computed_for_all_rows(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, x=2)
    book = openpyxl.load_workbook(path)
    book.active["B1"] = ArrayFormula("B1:B2", "=LEV_SIZE({1;2},x)")
    book.save(path)
    plan = compile_model(read_model(path))
    cells = compute.evaluate(plan, {"x": np.array([2.0, 3.0])}, 2)
    assert [cells[place].tolist() for place in plan.model.value_places()] == [[2.0, 3.0], [4.0, 6.0]]


def test_a_circular_reference_is_named(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, "=B2+x", "=B1", x=1)
    with pytest.raises(UnreadableError, match=r"circular reference.*Sheet!B[12].*Sheet!B[12]"):
        compile_model(read_model(path))


def test_references_to_a_table_are_its_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["size", "twice"], [1, "=T[[#This Row],[size]]*2"], [5, "=T[[#This Row],[size]]*2"]):
        sheet.append(row)
    sheet.add_table(Table(displayName="T", ref="A1:B3"))
    sheet["D1"] = '=SUM(T[twice])&" "&COUNTA(T[[#All],[size]])&T[[#Headers],[size]]'
    book.save(tmp_path / "t.xlsx")
    plan = compile_model(read_model(tmp_path / "t.xlsx"))
    assert plan.fallbacks == {}
    assert [plan.constants[place] for place in plan.model.formulas] == ["12 3size", 2.0, 10.0]


def test_a_formula_of_more_operators_than_the_parser_takes(tmp_path: Path) -> None:
    cells = {"A1": 3, "A2": f"={'A1+' * 1500}A1-4*A1", "A3": f"=A1{'*1' * 2500}*2"}
    model = read_model(make_book(tmp_path / "own.xlsx", cells, {}))
    (found,) = compute.compute(model, [{}])
    assert [found[Place("S", row, 1)] for row in (2, 3)] == [3 * 1501 - 12, 6]


def test_a_subtotal_of_a_single_range_is_compiled(tmp_path: Path) -> None:
    cells = {"A1": 3, "A2": "=A1*2", "A3": "=SUBTOTAL(9,A1:A2)", "A4": "=SUBTOTAL(9,A1:A3,A1)"}
    plan = compile_model(model := read_model(make_book(tmp_path / "own.xlsx", cells, {})))
    assert not plan.fallbacks
    (found,) = compute.compute(model, [{}])
    assert [found[Place("S", row, 1)] for row in (3, 4)] == [9, 12]  # a subtotal leaves out other subtotals

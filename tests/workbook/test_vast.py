"""What a formula names costs nothing, what it computes is counted, and a chain is as long as it likes."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.books import make_book
from support.command import call

from xladdin.core.errors import UnreadableError
from xladdin.workbook import oracle
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.compute import compute
from xladdin.workbook.file import budget
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model

A1 = Place("S", 1, 1)


def value_of(tmp_path: Path, formula: str) -> object:
    path = make_book(tmp_path / "b.xlsx", {"A1": f"={formula}", "A2": "a", "B2": 5, "C2": "x*y"}, {})
    return next(compute(read_model(path), [{}]))[A1]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("COUNTBLANK(F:H)", 3.0 * 2**20),
        ("COUNTBLANK(F1:XFC1048575)", 16378.0 * 1048575),
        ('COUNTIF(F:H,"")', 3.0 * 2**20),
        ("SUM(B2:XFC1048575)", 5.0),
        ("SUM(OFFSET(B2,0,0,1048575,16000))", 5.0),
        ('SEARCH("a*c","xxabcabc")', 3.0),
        ('SEARCH("*c","xxabc")', 1.0),
        ('SEARCH("c*z","xxabcabc")', "#VALUE!"),
        ('SEARCH("*a*a*a*a*a*a*a*b",REPT("a",30000))', "#VALUE!"),
        ('COUNTIF(C2,"x~*y")+COUNTIF(C2,"*x*y*")+COUNTIF(C2,"x?y")+COUNTIF(C2,"y*")', 3.0),
        ('REGEXREPLACE("abcabc","(b)(c)","<$2$1>",2)', "abca<cb>"),
        ('LEN(SUBSTITUTE("ab","b",REPT("c",32767),1))', "#VALUE!"),
        ('LEN(SUBSTITUTE(REPT("x",30000),"x",REPT("y",30000)))', "#VALUE!"),
        ("COMBIN(1E9,5E8)", "#NUM!"),
        ("COMBIN(1000,2)", 499500.0),
        ("NETWORKDAYS(1,1E15)", "#NUM!"),
        ("SUM(FREQUENCY({1;2;3;5},{4;2})*{1;10;100})", 121.0),
        ("ROWS(UNIQUE({1;1;2;3},,TRUE))", 2.0),
    ],
)
def test_it_is_computed_at_once(tmp_path: Path, formula: str, value: object) -> None:
    assert value_of(tmp_path, formula) == value


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("SUM(SEQUENCE(20000,20000))", "an array of 20,000 x 20,000 values"),
        ("SUM(SEQUENCE(20000)*SEQUENCE(1,20000))", "an array of 20,000 x 20,000 values"),
        ("SUM(WRAPROWS({1,2,3},1E8))", "an array of 1 x 100,000,000 values"),
        ("SUM(WRAPROWS(SEQUENCE(3000),2E6))", "an array of 1 x 2,000,000 values"),
        ("REDUCE(0,SEQUENCE(600000),LAMBDA(a,b,a+b))", "too many steps"),
        ("VDB(1E12,1,1E12,0,1E12)", "too many steps"),
    ],
)
def test_what_is_too_much_is_said_with_its_cell_and_how_to_allow_it(tmp_path: Path, formula: str, said: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        value_of(tmp_path, formula)
    assert str(refused.value).startswith(f"{tmp_path / 'b.xlsx'}, cell S!A1: ")
    assert said in str(refused.value)
    assert "--max-size" in str(refused.value)


def test_more_is_computed_when_it_is_allowed(tmp_path: Path) -> None:
    formula = "REDUCE(0,SEQUENCE(600),LAMBDA(a,b,a+b))"
    with budget.allowed(100_000), pytest.raises(UnreadableError, match="too many steps"):
        value_of(tmp_path, formula)
    with budget.allowed(200_000):
        assert value_of(tmp_path, formula) == 180300.0


@pytest.mark.parametrize("formula", ["A{below}+1", "OFFSET(A{row},1,0)+1", 'IF(B1=0,INDIRECT("A{below}"),1)+1'])
def test_a_chain_of_cells_is_as_long_as_it_likes(tmp_path: Path, formula: str) -> None:
    count = 1500
    cells = {f"A{row}": "=" + formula.format(row=row, below=row + 1) for row in range(1, count + 1)}
    path = make_book(tmp_path / "b.xlsx", cells, {})
    assert next(compute(read_model(path), [{}]))[A1] == count


def test_a_circle_is_named_however_long(tmp_path: Path) -> None:
    cells = {f"A{row}": f"=A{row % 1500 + 1}" for row in range(1, 1501)}
    with pytest.raises(UnreadableError, match="has a circular reference, from S!A"):
        next(compute(read_model(make_book(tmp_path / "b.xlsx", cells, {})), [{}]))


def test_running_totals_of_formulas_are_right_wherever_they_begin_and_end(tmp_path: Path) -> None:
    count = 700
    cells: dict[str, object] = {"E1": 3}
    for row in range(1, count + 1):
        kept = "a" if row == 400 else f"={row}*$E$1" if row % 7 else row * 3
        cells |= {f"A{row}": kept, f"B{row}": f"=SUM(A{row // 3 + 1}:A{row})", f"C{row}": f"=COUNT(A$1:B{row})"}
    model = read_model(make_book(tmp_path / "b.xlsx", cells, {"step": "S!$E$1"}))
    numbers = [0 if row == 400 else row for row in range(1, count + 1)]
    for step, found in zip((3, 5), compute(model, [{}, {"step": 5.0}]), strict=True):
        values = [number * (step if row % 7 else 3) for row, number in enumerate(numbers, 1)]
        for row in range(1, count + 1):
            assert found[Place("S", row, 2)] == sum(values[row // 3 : row]), row
            assert found[Place("S", row, 3)] == 2 * row - (row >= 400), row


def test_a_circle_through_long_ranges_is_named(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"A{row}": f"=B{row}" for row in range(1, 601)}
    cells |= {f"B{row}": row for row in range(1, 601)} | {"B300": "=SUM(A1:A600)"}
    with pytest.raises(UnreadableError, match=r"circular reference, from S!(A300|B300) to S!(A300|B300)"):
        next(compute(read_model(make_book(tmp_path / "b.xlsx", cells, {})), [{}]))


def test_a_result_of_a_long_range_depends_on_an_input_far_in_it(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"A{row}": f"={row}" for row in range(1, 601)} | {"A500": "=E1", "B1": "=SUM(A2:A600)"}
    model = read_model(make_book(tmp_path / "b.xlsx", cells | {"E1": 1}, {"given": "S!$E$1"}))
    plan = compile_model(model)
    assert Place("S", 1, 5) in plan.needed_by([Place("S", 1, 2)])
    assert Place("S", 1, 2) in oracle.dependents(plan, [Place("S", 1, 5)])
    assert Place("S", 1, 5) not in plan.needed_by([Place("S", 400, 1)])


def test_what_takes_long_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells: dict[str, object] = {f"A{row}": f"=SUM(B$1:B{row})" for row in range(1, 101)}
    path = make_book(tmp_path / "b.xlsx", cells, {})
    quiet = call("recalc", path, "-o", tmp_path / "quiet.xlsx")
    monkeypatch.setattr(budget, "_WORTH_A_WORD", 0.0004)
    told = call("recalc", path, "-o", tmp_path / "told.xlsx")
    assert quiet.stderr.startswith(f"{tmp_path / 'quiet.xlsx'}: 100 values")
    reading, looking, done = told.stderr.splitlines()
    assert reading.startswith(f"xladdin: {path} has 1 MB of cells (sheets: 1, formulas: 100, names: 0): it takes some ")
    assert looking.startswith(f"xladdin: {path} has formulas that look at 5,050 cells together: it takes ")
    assert done.startswith(f"{tmp_path / 'told.xlsx'}: 100 values")

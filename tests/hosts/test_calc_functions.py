"""Every function in a real Calc, against the same function in Python."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from support.calc import Calc, enter, fill, values
from support.cells import CATALOGUE, call, example, numbers, row, same

from xladdin import __version__
from xladdin.core.catalog import Function, functions

pytestmark = pytest.mark.hosts

TWELVE_DIGITS = 1e-12
ROWS_OF_EACH = 100
WIDTH = 4  # columns that the cells of one argument may fill
MOST_ARGUMENTS = max(len(function.arguments) for function in CATALOGUE.values())

# What a cell of a spreadsheet can be, of the bad ones. An error is a formula that makes it.
ERRORS = {"#NUM!": "=LEV_RATIO(1;0)", "#VALUE!": '=1+"x"', "#N/A": "=NA()", "#DIV/0!": "=1/0"}
HOSTILE = [*ERRORS, "abc", "1", 0.0, -1.0, 1.0, 1e308, -1e308, 1e-308, 5e-324]


def letters(column: int) -> str:
    return chr(65 + column) if column < 26 else letters(column // 26 - 1) + chr(65 + column % 26)


def written(value: Any) -> Any:
    return ERRORS.get(value, value) if isinstance(value, str) else value


class Cells:
    """Cells that fill up from the top, a line of arguments after another."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []

    def add(self, arguments: list[Any]) -> str:
        """The references to the arguments, put into cells; a left-out one stays left out."""
        top = len(self.rows)
        blocks = [value if isinstance(value, list) else [[value]] for value in arguments]
        self.rows += [[None] * (WIDTH * MOST_ARGUMENTS) for _ in range(max(map(len, blocks)))]
        references = []
        for index, block in enumerate(blocks):
            left = index * WIDTH
            for y, line in enumerate(block):
                for x, value in enumerate(line):
                    self.rows[top + y][left + x] = written(value)
            first = f"{letters(left)}{top + 1}"
            last = f"{letters(left + len(block[0]) - 1)}{top + len(block)}"
            left_out = block == [[None]]
            references.append(
                "" if left_out else first if not isinstance(arguments[index], list) else f"{first}:{last}"
            )
        return ";".join(references)


def arguments(function: Function, dice: random.Random) -> list[Any]:
    """A row of cells, every fifth with something bad among them."""
    cells = row(function, dice)
    if dice.random() < 0.2:
        index = dice.randrange(len(cells))
        argument = function.arguments[index]
        if argument.kind.broadcasts:
            # Zero is what Calc makes of a blank cell, and no word of a choice.
            cells[index] = dice.choice([bad for bad in HOSTILE if bad or argument.kind.words is None])
    return cells


def first(result: Any) -> Any:
    """What a single cell shows."""
    return result[0][0] if isinstance(result, list) else result


def test_each_function_gives_what_python_gives(calc: Calc) -> None:
    dice = random.Random(4)
    cells = Cells()
    asked = [(name, arguments(function, dice)) for name, function in CATALOGUE.items() for _ in range(ROWS_OF_EACH)]
    found = calc.formulas([f"={name}({cells.add(values)})" for name, values in asked], cells.rows)
    wrong = [
        f"{name}{values}: Calc {shown}, Python {first(call(name, *values))}"
        for (name, values), shown in zip(asked, found, strict=True)
        if not same(shown, first(call(name, *values)), TWELVE_DIGITS)
    ]
    assert not wrong, "\n".join(wrong[:20])
    assert sum(isinstance(value, str) for value in found) > 100  # errors are among them


@pytest.mark.parametrize("name", [name for name, function in CATALOGUE.items() if function.columns])
def test_an_array_formula_shows_all_rows(calc: Calc, name: str) -> None:
    given = example(CATALOGUE[name])[: -min(len(CATALOGUE[name].columns), 2)]
    expected = call(name, *given)[:60]
    cells = Cells()
    references = cells.add(given)
    with calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        fill(sheet, cells.rows)
        filled = sheet.getCellRangeByPosition(60, 0, 60 + len(expected[0]) - 1, len(expected) - 1)
        filled.setArrayFormula(f"={name}({references})")
        document.calculateAll()
        found = values(filled)
    for line, wanted in zip(found, expected, strict=True):
        assert all(same(one, other, TWELVE_DIGITS) for one, other in zip(line, wanted, strict=True)), wanted


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, function in CATALOGUE.items()
        if any(argument.kind.broadcasts for argument in function.arguments) and not function.columns
    ],
)
def test_a_column_of_rows_gives_what_python_gives(calc: Calc, name: str) -> None:
    function, dice = CATALOGUE[name], random.Random(name)
    height = 40
    blocks = []
    for argument, value in zip(function.arguments, example(function), strict=True):
        if argument.kind.broadcasts and argument.kind.words is None:
            blocks.append([[numbers(argument.kind, dice)] for _ in range(height)])
            for bad in ("", "abc", 0.0, -1e308):
                blocks[-1][dice.randrange(height)] = [bad]
        elif argument.kind.broadcasts:
            blocks.append([[dice.choice([*argument.kind.words, "", "sideways"])] for _ in range(height)])
        else:
            blocks.append(value)
    cells = Cells()
    references = cells.add(blocks)
    with calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        fill(sheet, cells.rows)
        filled = sheet.getCellRangeByPosition(60, 0, 60, height - 1)
        filled.setArrayFormula(f"={name}({references})")
        document.calculateAll()
        found = values(filled)
    expected = call(name, *blocks)
    assert [len(expected), len(expected[0])] == [height, 1]
    assert all(same(mine[0], theirs[0], TWELVE_DIGITS) for mine, theirs in zip(found, expected, strict=True))
    assert any(isinstance(line[0], str) for line in expected)
    assert any(isinstance(line[0], float) for line in expected)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=LEV_LIQPRICE(50000;10;1%)", 45500),
        ('=LEV_LIQPRICE(50000;10;1%;;"mark")', 50000 * 0.9 / 0.99),
        ("=LEV_LIQPRICE(50000;10;1%;A1)", 45500),  # a blank cell for a choice is its default
        ('=LEV_LIQPRICE(50000;10;1%;"sideways")', "#VALUE!"),
        ("=LEV_LIQPRICE(A1;10;1%)", "#NUM!"),  # Calc hands a single blank cell over as 0
        ("=LEV_LIQPRICE(A1:A1;10;1%)", "#N/A"),  # and a range of one as what it is
        ("=LEV_PROFIT(100;110;2;A1:A1)", 20),
        ("=LEV_LIQPRICE(;10;1%)", "#N/A"),
        ("=LEV_LIQPRICE(50000)", "#N/A"),
        ("=LEV_LIQPRICE(1/0;10;1%)", "#DIV/0!"),
        ("=LEV_LIQPRICE(NA();10;1%)", "#N/A"),
        ("=LEV_RATIO(TRUE();2)", 0.5),
        ("=MAX(0;LEV_RATIO(1;0))", 0),  # Calc loses an add-in's error there
        ("=MAX(0;SUM(LEV_RATIO(1;0);-5))", "#NUM!"),  # and not here
        ("=SUM(LEV_SIZE({1;2;3};2))", 12),
        ("=SUM(LEV_SIZE({1;2;3};{1|10}))", 66),
        ("=LEV_SIZE({1;2;3};{1;2})", "#VALUE!"),
        ("=LEV_AVGENTRY({100|200};{1|3})", 175),
    ],
)
def test_what_a_person_types(calc: Calc, formula: str, shown: float | str) -> None:
    (found,) = calc.formulas([formula])
    assert found == (shown if isinstance(shown, str) else pytest.approx(shown, rel=TWELVE_DIGITS))


def test_it_says_what_it_is(calc: Calc) -> None:
    (shown,) = calc.formulas(["=LEV_VERSION()"])
    assert shown.startswith(f"xladdin {__version__}, LibreOffice Calc, Python 3.")
    assert "margin tiers of 20" in shown


def test_an_error_in_a_range_can_be_made_a_blank(calc: Calc) -> None:
    cells = [[100.0], ["=1/0"], [300.0]]
    assert calc.formulas(["=SUM(LEV_SIZE(A1:A3;2))"], cells) == ["Err:504"]  # Calc's own: the function is never asked
    with calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        fill(sheet, cells)
        filled = sheet.getCellRangeByName("C1:C3")
        filled.setArrayFormula('=LEV_SIZE(IFERROR(A1:A3;"");2)')
        document.calculateAll()
        assert values(filled) == [[200.0], ["#N/A"], [600.0]]


def test_ten_thousand_hostile_calls_leave_calc_standing(calc: Calc) -> None:
    dice = random.Random(10_000)
    long_text = '"' + "x" * 5000 + '"'
    hostile = [
        *("", "0", "-1", "1E308", "-1E308", "1E-308", "5E-324", "TRUE()", "PI()", "1/0", "NA()", "SQRT(-1)"),
        *('"abc"', '"LONG"', '"inverse"', '""', '"#NUM!"', '"\U0001f4a5\u202e\u0000"'.replace("\0", ""), long_text),
        *("A1", "A1:C3", "A1:A1", "A1:A400", "ZZ1", "{1}", "{1;2}", "{1|2;3}", '{1;"a"}', "{0;0.004|50000;0.005}"),
        *("LEV_RATIO(1;0)", "LEV_SIZE(A1:C3;2)", "A1:C3*2", 'INDIRECT("A1")', "10^10"),
        *["1%", "0.5", "10", "100"] * 6,  # enough good ones for the bad to come as far as the arithmetic
    ]
    names = list(CATALOGUE)
    formulas = [
        f"={dice.choice(names)}({';'.join(dice.choices(hostile, k=dice.randint(0, 10)))})" for _ in range(10_000)
    ]
    cells = [["text", 1.0, None], [None, -1.0, "=NA()"], [1e308, "=1/0", "x"]]
    with calc.open() as document:
        found = [value for (value,) in enter(document, formulas, cells).getDataArray()]
    assert len(found) == 10_000
    assert all(value is None or math.isfinite(value) for value in found)  # an error, or a number
    assert sum(value is not None for value in found) > 100
    assert calc.formulas(["=LEV_LIQPRICE(50000;10;1%)"]) == [pytest.approx(45500)]


def test_the_wizard_knows_every_function_and_argument(calc: Calc) -> None:
    descriptions = calc.service("com.sun.star.sheet.FunctionDescriptions")
    known = {}
    for index in range(descriptions.getCount()):
        properties = {item.Name: item.Value for item in descriptions.getByIndex(index)}
        known[properties["Name"]] = properties
    for name, function in functions().items():
        assert known[name]["Description"] == function.summary
        arguments = known[name]["Arguments"] or ()  # LEV_VERSION has none
        shown = [(argument.Name, argument.IsOptional) for argument in arguments]
        assert [argument for argument, _ in shown] == [argument.name for argument in function.arguments]
        for argument in arguments:
            assert function.argument_help[argument.Name] in argument.Description

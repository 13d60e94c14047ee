"""What is given random input. Each raises what nobody may see; an error in a sentence is no harm."""

from __future__ import annotations

import datetime
import functools
import json
import math
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner
from hostile.files import book, cell, rows
from support.books import make_portfolio

from fuzz.mutate import mutated, mutated_package, mutated_text
from xladdin import templates, udfs
from xladdin.cli import main
from xladdin.core.errors import UserError
from xladdin.templates import library
from xladdin.templates.build import without_values
from xladdin.templates.read import read_template
from xladdin.workbook import columns, compute
from xladdin.workbook.builtins.all import BUILTINS
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.reference_functions.all import FUNCTIONS
from xladdin.workbook.render import recalculate

ROOT = Path(__file__).parent.parent.parent
Target = Callable[[random.Random, Path], str]

_CELLS: list[Any] = [
    *(None, "", " ", "long", "SHORT", "5", "1e3", "#N/A", "#NUM!", "é", True, False, 0.0, -0.0, 1.0, -1.0, 0.5, 1e-9),
    *(5e-324, 1e308, -1e308, 1e15, math.inf, -math.inf, math.nan, 10, -3, 10**30, 0.1, 100.0, 50000.0),
]
_OBJECTS: list[Any] = [
    *(
        b"1",
        1j,
        Decimal("sNaN"),
        Decimal("1.5"),
        datetime.date(2026, 1, 1),
        datetime.timedelta(1),
        object(),
        int,
        [],
        {},
    ),
    *(
        np.datetime64("2026-01-01"),
        np.timedelta64(1, "D"),
        np.bytes_(b"x"),
        np.array([1.0, 2.0]),
        np.array(3),
        [[np.array([1])]],
    ),
    *(np.float32(1.5), np.int64(7), np.bool_(True), (1, 2), {1}, range(3), [[1], [2, 3]], [[[1]]], "x" * 1000),
]


def functions(dice: random.Random, folder: Path) -> str:
    """A function of ours on what a cell may hold, alone and as a range: the same, and nothing raised."""
    name = dice.choice(list(udfs.FUNCTIONS))
    function = udfs.FUNCTIONS[name]
    arguments = function.signature.arguments
    count = dice.randint(function.signature.required, len(arguments))
    height = dice.choice([1, 2, 5])
    given = [[dice.choice(_CELLS) for _ in range(height)] for _ in range(count)]
    said = f"{name}{given!r}"
    try:
        if function.signature.columns:
            function(*[[[value] for value in column] for column in given])
            return said
        alone = [
            function(
                *[
                    column[row] if argument.kind.broadcasts else [[v] for v in column]
                    for column, argument in zip(given, arguments, strict=False)
                ]
            )
            for row in range(height)
        ]
        together = function(*[[[value] for value in column] for column in given])
    except Exception as error:
        raise AssertionError(said) from error
    for row in range(height):
        one = alone[row]
        one = one[0][0] if isinstance(one, list) else one
        other = together[row][0] if isinstance(together, list) and len(together) == height else None
        assert not (isinstance(one, float) and not math.isfinite(one)), said
        if other is not None and isinstance(one, float) and isinstance(other, float):
            assert one == other or abs(one - other) <= 1e-12 * max(abs(one), abs(other)), (said, one, other)
        elif other is not None and not any(map(is_odd, _row(given, row))):
            assert type(one) is type(other) and one == other, (said, one, other)
    return said


def _row(given: list[list[Any]], row: int) -> list[Any]:
    return [column[row] for column in given]


def is_odd(value: Any) -> bool:
    """Whether a value is at the very end of what a float holds, where range and scalar may differ in the kind of error."""
    return isinstance(value, (int, float)) and (abs(value) > 1e300 or 0 < abs(value) < 1e-300 or value != value)


def objects(dice: random.Random, folder: Path) -> str:
    """A function of ours on Python objects that no cell holds: an error, and nothing raised."""
    name = dice.choice(list(udfs.FUNCTIONS))
    function = udfs.FUNCTIONS[name]
    count = dice.randint(function.signature.required, len(function.signature.arguments))
    given = [dice.choice(_OBJECTS if dice.random() < 0.5 else _CELLS) for _ in range(count)]
    try:
        function(*given)
    except Exception as error:
        raise AssertionError(f"{name}{given!r}"[:300]) from error
    return name


_NAMES = sorted({*BUILTINS, *FUNCTIONS, *udfs.FUNCTIONS} - {"LAMBDA"})
_ATOMS = (
    *(
        "1",
        "0",
        "-1",
        "0.5",
        "1E3",
        "100",
        '"x"',
        '""',
        '"5"',
        "TRUE",
        "FALSE",
        "#N/A",
        "B1",
        "A10",
        "A11",
        "A10:A14",
        "B10:C14",
    ),
    *("entry", "double", "list[entry]", "{1,2;3,4}", "$B10", "A:A", "Z99", "ROW()", "S!B1", "A10:A10"),
)


def _formula(dice: random.Random, depth: int = 3) -> str:
    if not depth or dice.random() < 0.3:
        return dice.choice(_ATOMS)
    if dice.random() < 0.35:
        sign = dice.choice(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">="])
        return f"({_formula(dice, depth - 1)}{sign}{_formula(dice, depth - 1)})"
    count = dice.choice([0, 1, 1, 2, 2, 3, 3, 4, 5])
    return f"{dice.choice(_NAMES)}({','.join(_formula(dice, depth - 1) for _ in range(count))})"


_VOLATILE = ("RAND", "NOW", "TODAY", "CELL", "INFO")


def formulas(dice: random.Random, folder: Path) -> str:
    """Formulas of a workbook for several rows at once and for each alone: the same, and nothing raised."""
    texts = [_formula(dice) for _ in range(4)]
    lines = [
        cell(f"A{10 + n}", dice.choice([1, 2.5, -3, "x"])) + cell(f"B{10 + n}", n) + cell(f"C{10 + n}", n * n)
        for n in range(5)
    ]
    lines += [cell(f"E{15 + n}", formula=text) for n, text in enumerate(texts)]
    path = folder / "f.xlsx"
    book(rows(*lines))(path)
    said = " | ".join(texts)
    try:
        model = read_model(path)
        values = [float(dice.choice([0, 1, 50, -2])), dice.choice([3.5, "long", None]), 7.0]
        plan = compile_model(model)
        column = columns.from_values([columns.from_cell(value) for value in values])
        together = compute.evaluate(plan, {"entry": column}, 3)
        alone = [next(compute.compute(model, [{"entry": value}])) for value in values]
    except UserError:
        return said
    except Exception as error:
        raise AssertionError(said) from error
    if any(name in said for name in _VOLATILE):
        return said
    for place in model.formulas:
        found = [columns.to_cell(value) for value in columns.elements(together[place], 3)]
        for row, value in enumerate(found):
            assert _is_same(value, alone[row][place]), (said, place.reference, values[row], value, alone[row][place])
    return said


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or abs(one - other) <= 1e-11 * max(abs(one), abs(other))
    return type(one) is type(other) and one == other


@functools.cache
def _workbooks() -> list[bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book(
            rows(
                cell("A10", formula="SUM(B1:B2)"),
                cell("A11", "text"),
                '<c r="A12"><f t="array" ref="A12:B13">{1,2;3,4}</f></c>',
            )
        )(folder / "a.xlsx")
        make_portfolio(folder / "b.xlsx")
        return [
            *((folder / each).read_bytes() for each in ("a.xlsx", "b.xlsx")),
            templates.find("position-sizing").read_bytes(),
        ]


def workbooks(dice: random.Random, folder: Path) -> str:
    """A mutated workbook: read, computed and written, or refused."""
    data = mutated_package(dice.choice(_workbooks()), dice)
    path = folder / "w.xlsx"
    path.write_bytes(data)
    try:
        recalculate(read_model(path), folder / "made.xlsx")
        read_model(folder / "made.xlsx")
    except UserError as error:
        assert len(str(error)) < 1000, str(error)[:200]
    return ""


@functools.cache
def _texts() -> list[str]:
    return [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "templates").glob("*.toml"))
        if path.stem != "fields"
    ]


def template_texts(dice: random.Random, folder: Path) -> str:
    """A mutated template's text: built, or refused with its line."""
    path = folder / "mine.toml"
    path.write_text(mutated_text(dice.choice(_texts()), dice), encoding="utf-8", errors="replace")
    try:
        without_values(read_template(path, library.fields_path()))
    except UserError as error:
        assert len(str(error)) < 3000, str(error)[:200]
    return ""


_TABLES = (
    b'Entry price;Leverage;Side;Note\n50000;10;long;a\n40.000,5;5x;short;"b;c"\n\n;;;\n1e3;2;L;=1+1\n',
    b"symbol,side,entryPrice,contracts,leverage,markPrice,liquidationPrice\nBTC/USDT:USDT,long,50000,1,10,51000,45000\n",
    b"time\tside\tprice\tamount\n2026-01-01 10:00:00\tbuy\t1,5\t2\n01/02/2026\tsell\t1.6\t1\n",
)


def tables(dice: random.Random, folder: Path) -> str:
    """A mutated table through check: said, or refused."""
    path = folder / f"t.{dice.choice(['csv', 'csv', 'tsv', 'txt', 'xlsx', 'parquet', 'zip', 'gz'])}"
    is_book = path.suffix == ".xlsx"
    path.write_bytes(
        mutated_package(dice.choice(_workbooks()), dice) if is_book else mutated(dice.choice(_TABLES), dice)
    )
    return _command(["check", str(path), "--template", "futures-planner"])


_WORDS = (
    *(
        "eval",
        "new",
        "report",
        "check",
        "recalc",
        "templates",
        "functions",
        "venues",
        "tiers",
        "doctor",
        "template",
        "update",
    ),
    *(
        "--json",
        "--help",
        "-o",
        "--out",
        "--into",
        "--name",
        "{row}",
        "{",
        "--template",
        "futures-planner",
        "nowhere.xlsx",
    ),
    *(
        "=1+1",
        "=LEV_SIZE(1,2)",
        "=1/0",
        "=(",
        "-1",
        "",
        "\u202e",
        "x" * 300,
        "--workers",
        "0",
        "--set",
        "entry=5",
        "entry",
        "=",
        "t.csv",
    ),
    *(
        "--sheet",
        "--header",
        "9",
        "--map",
        "a=b",
        "--resume",
        "--force",
        "--debug",
        "--max-size",
        "1MB",
        "LEV_SIZE",
        "binance",
        "show",
    ),
)


def commands(dice: random.Random, folder: Path) -> str:
    """A command line of words at random: an exit code that is listed, and no traceback."""
    (folder / "t.csv").write_bytes(_TABLES[0])
    words = [dice.choice(_WORDS) for _ in range(dice.randint(1, 7))]
    if {"doctor", "--debug"} & {*words}:
        return ""
    return _command(words)


def _command(words: list[str]) -> str:
    done = CliRunner().invoke(main, words)
    said = f"{json.dumps(words)}: {done.exit_code}: {done.output[-300:]}"
    assert done.exit_code in (0, 1, 2, 3), said
    assert done.exception is None or isinstance(done.exception, SystemExit), said
    assert "Traceback" not in done.output, said
    return said


TARGETS: dict[str, Target] = {
    "functions, cells": functions,
    "functions, Python objects": objects,
    "formulas, batch against row": formulas,
    "workbooks, mutated": workbooks,
    "templates' texts, mutated": template_texts,
    "tables, mutated": tables,
    "command lines": commands,
}

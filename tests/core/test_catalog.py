"""Each function of the catalogue says all that its users need to know, and says it within what Excel shows."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re

import pytest
from support.cells import CATALOGUE

from xladdin import udfs
from xladdin.core.catalog import GROUPS, Function, describe, functions, number
from xladdin.core.functions.liquidation import liquidation_price
from xladdin.core.functions.simulation import paper_trade
from xladdin.workbook import one_formula

FUNCTIONS = [pytest.param(function, id=name) for name, function in CATALOGUE.items()]
EXCEL_HELP = 255  # characters that Excel shows of a help text


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_documented(function: Function) -> None:
    assert re.fullmatch(r"LEV_[A-Z]+", function.name)
    assert function.summary.endswith(".")
    assert len(function.summary) <= EXCEL_HELP
    unit, meaning = function.result
    assert unit
    assert meaning.endswith(".")
    assert "#NUM!" in meaning or "#N/A" in meaning
    assert function.equation
    assert function.references
    assert function.examples
    assert bool(function.native) != bool(function.no_native)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_its_arguments_are_documented_as_they_are_declared(function: Function) -> None:
    assert list(function.argument_help) == [argument.name for argument in function.arguments]
    for argument in function.arguments:
        assert argument.kind.unit
        help_text = function.argument_help[argument.name]
        assert help_text.endswith(".")
        assert len(help_text) <= EXCEL_HELP
        assert function.argument_types[argument.name] == describe(argument)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_required_arguments_come_first(function: Function) -> None:
    required = [argument.required for argument in function.arguments]
    assert required == sorted(required, reverse=True)
    for argument in function.arguments:
        names = [other.name for other in function.arguments]
        if argument.kind.is_series and isinstance(argument.default, str):
            assert argument.default in names
        elif argument.default is None:
            assert argument.required or argument.kind.read_table
        elif argument.kind.words is None:
            assert argument.kind.low <= argument.default <= argument.kind.high


@pytest.mark.parametrize("function", FUNCTIONS)
def test_its_examples_are_what_a_cell_shows(function: Function) -> None:
    for formula, value in function.examples:
        assert one_formula.evaluate(formula) == float(value), formula


@pytest.mark.parametrize("function", FUNCTIONS)
def test_its_native_formula_uses_its_arguments_and_no_other_function_of_ours(function: Function) -> None:
    if function.native:
        assert "LEV_" not in function.native
        for argument in function.arguments:
            assert re.search(rf"\b{argument.name}\b", function.native), argument.name


@pytest.mark.parametrize("group", GROUPS)
def test_the_examples_run_as_python(group: str) -> None:
    module = importlib.import_module(f"xladdin.core.functions.{group}")
    result = doctest.testmod(module)
    assert result.attempted >= sum(function.group == group for function in CATALOGUE.values())
    assert result.failed == 0


def test_every_function_has_its_line_in_the_module_of_cells() -> None:
    lines = [name for name in vars(udfs) if name.startswith("LEV_")]
    assert sorted(lines) == sorted(functions())
    for name in lines:
        assert getattr(udfs, name).__name__ == name


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        ("> 0", [5e-324, 1e308], [0.0, -1.0]),
        (">= 0 and < 1", [0.0, 1 - 2**-53], [-5e-324, 1.0]),
        ("> -1 and < 1", [-1 + 2**-53, 0.5], [-1.0, 1.0]),
        ("<= 1", [1.0, -1e308], [1 + 2**-52]),
    ],
)
def test_the_bounds_of_a_domain(domain: str, inside: list[float], outside: list[float]) -> None:
    kind = number("anything", domain)
    assert all(kind.low <= value <= kind.high for value in inside)
    assert not any(kind.low <= value <= kind.high for value in outside)


def test_a_domain_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="a bound starts with"):
        number("anything", "= 3")


def test_what_is_no_number_and_arrays_that_do_not_fit_are_named() -> None:
    with pytest.raises(TypeError, match=r"LEV_LIQPRICE takes a number .* for entry, not 'a'"):
        liquidation_price("a", 10, 0.01)
    with pytest.raises(ValueError, match=r"LEV_LIQPRICE takes arrays of one shape, not entry \(3,\), leverage \(2,\)"):
        liquidation_price([1.0, 2.0, 3.0], [1.0, 2.0], 0.01)


def test_what_may_be_chosen_of_rows_is_said_in_full() -> None:
    column = next(each for each in CATALOGUE["LEV_AMORTIZE"].arguments if each.name == "column")
    assert column.kind.domain == '"all", "payment", "interest", "principal" or "balance"'


def test_python_sees_what_a_default_is_and_nothing_where_it_is_another_series() -> None:
    shown = inspect.signature(paper_trade)
    assert [shown.parameters[name].default for name in ("opens", "side", "column", "row")] == [None, "long", "all", 0]
    assert str(inspect.signature(liquidation_price)).startswith("(entry, leverage, mmr, side='long', method='entry'")

"""The stub says of every function what it takes."""

from __future__ import annotations

import ast
import inspect

import pytest
from support.cells import CATALOGUE

import xladdin
from tools import public

STUB = ast.parse(public.stub())
DECLARED = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_function_is_declared_with_the_arguments_that_it_takes(name: str) -> None:
    call = getattr(xladdin, CATALOGUE[name].python_name)
    parameters = inspect.signature(call).parameters
    declared = DECLARED[CATALOGUE[name].python_name].args
    assert [each.arg for each in declared.args] == list(parameters)
    optional = [each for each in parameters.values() if each.default is not inspect.Parameter.empty]
    assert len(declared.defaults) == len(optional)


def test_words_are_written_out_and_a_number_alone_gives_a_number() -> None:
    text = public.stub()
    assert 'Side = Literal["long", "short", "buy", "sell", 1, -1]' in text
    assert '"bybit 2024",' in text
    first = next(node for node in STUB.body if isinstance(node, ast.FunctionDef) and node.name == "liquidation_price")
    assert first.returns is not None
    assert ast.unparse(first.returns) == "float"

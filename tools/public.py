"""The stub of the package, by which checkers and editors see what `import xladdin` finds when it is asked for."""

from __future__ import annotations

import inspect
import json

import xladdin
from xladdin.core.calls import Argument
from xladdin.core.catalog import Function, functions

_WIDTH = 100
_LONGEST = 120
_HEAD = '''\
# Made by `make generated` of the catalogue and of __init__.py.

from typing import Any, Literal, Protocol, overload

from numpy import floating, integer
from numpy.typing import NDArray

{imports}

__version__: str
FORMAT: int
_OTHERS: dict[str, str]

class Series(Protocol):
    """A Series of pandas or polars."""

    def to_numpy(self, *args: Any, **kwargs: Any) -> Any: ...

class Expression(Protocol):
    """An expression of polars."""

    @property
    def meta(self) -> Any: ...

Number = float | int | floating[Any] | integer[Any]
Column = NDArray[Any] | list[Any] | tuple[Any, ...] | Series | Expression
'''


def stub() -> str:
    """The text of xladdin/__init__.pyi."""
    known = sorted(functions().values(), key=lambda function: function.python_name)
    choices = {_alias(each): each for function in known for each in function.arguments if _is_shared(each)}
    parts = [
        _HEAD.format(imports="\n".join(f"from {module} import {name} as {name}" for name, module in _others())),
        *(f"{name} = {_words(argument)}\n" for name, argument in sorted(choices.items())),
        *(text for function in known for text in _declared(function)),
        "def _modules() -> dict[str, str]: ...",
        "",
    ]
    return "\n".join(parts)


def _others() -> list[tuple[str, str]]:
    return sorted(xladdin._OTHERS.items(), key=lambda other: (other[1], other[0]))


def _declared(function: Function) -> list[str]:
    """A function's signature: numbers alone give a number, anything else what goes with it."""
    if function.signature.gives_text:
        return [_signature(function, "str", takes_columns=False)]
    if function.columns or not all(argument.kind.broadcasts for argument in function.arguments):
        return [_signature(function, "Any", takes_columns=True)]
    alone, general = (_signature(function, result, takes_columns=result == "Any") for result in ("float", "Any"))
    return [f"@overload\n{alone}", f"@overload\n{general}"]


def _signature(function: Function, result: str, *, takes_columns: bool) -> str:
    call = getattr(xladdin, function.python_name)
    lines = [
        _wrapped(f"    {name}: {_type(argument, takes_columns)}{'' if argument.required else ' = ...'},")
        for name, argument in zip(inspect.signature(call).parameters, function.arguments, strict=True)
    ]
    arguments = "\n".join(["", *lines, ""]) if lines else ""
    return f'def {function.python_name}({arguments}) -> {result}:\n    """{function.summary}"""\n    ...\n'


def _wrapped(line: str) -> str:
    """A line that is too long as the formatter breaks it, before each of the types."""
    return line if len(line) <= _LONGEST else line.replace(" | ", "\n    | ")


def _type(argument: Argument, takes_columns: bool) -> str:
    kind = argument.kind
    if kind.is_text:
        return "str"
    if kind.read_table is not None:
        return "Column"
    plain = "Number"
    if kind.words is not None:
        plain = _alias(argument) if _is_shared(argument) else _words(argument)
    found = plain if not (takes_columns or kind.is_series) else f"{plain} | Column"
    return found if argument.required else f"{found} | None"


def _is_shared(argument: Argument) -> bool:
    """Whether a choice has a name of its own: that of its argument, for those of many functions."""
    return argument.kind.words is not None and argument.name in ("contract", "side", "sides", "tiering") + (
        ("method",) if len(argument.kind.words) > 9 else ()
    )


def _alias(argument: Argument) -> str:
    return "Side" if argument.name == "sides" else argument.name.capitalize()


def _words(argument: Argument) -> str:
    words = [word if isinstance(word, str) else int(word) for word in argument.kind.words or {} if word != ""]
    together = f"Literal[{', '.join(map(json.dumps, words))}]"
    if len(together) < _WIDTH:
        return together
    return "\n".join(["Literal[", *(f"    {json.dumps(word)}," for word in words), "]"])

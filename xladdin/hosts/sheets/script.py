"""The functions as Apps Script for Google Sheets: each native formula turned into JavaScript, on a small runtime."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import formualizer

from xladdin import __version__
from xladdin.core import calls, catalog
from xladdin.core.calls import Argument
from xladdin.core.catalog import Function
from xladdin.core.errors import CODES
from xladdin.core.functions.normal import SCALED_ERFC
from xladdin.workbook.file.writing import write_whole

_RUNTIME = files(__package__).joinpath("runtime.js").read_text("utf-8")
_OPENING = """\
// xladdin {version}: the mathematics of leverage for Google Sheets, made by `xladdin build sheets`.
//
// Paste all of it into Extensions, Apps Script, in place of what is there, and save; then type
// =LEV_LIQPRICE(50000, 10, 1%) into a cell. An error shows
// as its text, such as #NUM!, since a custom function can't return an error to a cell.
"""


def build(path: Path) -> Path:
    """Write the script.

    Parameters
    ----------
    path : Path
        The file to write; its folder must exist.

    Returns
    -------
    Path
        The same file.

    Raises
    ------
    UserError
        When the file can't be written.
    """
    write_whole(path, script().encode())
    return path


def script() -> str:
    """All functions that have a native formula, and the runtime that they stand on."""
    known = [function for function in catalog.functions().values() if function.native]
    coefficients = f"const LEV_ERFC = {json.dumps(SCALED_ERFC)};\n"
    return "\n".join([_OPENING.format(version=__version__), coefficients, _RUNTIME, *map(_function, known)])


def _function(function: Function) -> str:
    """A function with the comment that Sheets shows as its help."""
    names = [_identifier(argument.name) for argument in function.arguments]
    help_lines = [f" * {function.summary}", " *"]
    for argument in function.arguments:
        kind = "any" if argument.required else "any="
        help_lines.append(f" * @param {{{kind}}} {argument.name} {function.argument_help[argument.name]}")
    help_lines += [f" * @return {function.result[1]}", " * @customfunction"]
    declared = ", ".join(map(_declaration, function.arguments))
    body = f"({', '.join(names)}) => {expression(function.native)}"
    called = (
        expression(function.native) if function.signature.gives_text else f"levCall([{declared}], {body}, arguments)"
    )
    return (
        "/**\n" + "\n".join(line.replace("*/", "* /") for line in help_lines) + "\n */\n"
        f"function {function.name}({', '.join(argument.name for argument in function.arguments)}) {{\n"
        f"  return {called};\n}}\n"
    )


def _declaration(argument: Argument) -> str:
    """What the runtime needs to know of an argument, as JavaScript."""
    kind = argument.kind
    if kind.read_table is not None:
        check = f"({_identifier('table_rows')}) => {expression(kind.native_table)}"
        return f'{{ kind: "table", required: {json.dumps(argument.required)}, check: {check} }}'
    known: dict[str, Any] = {"kind": "series" if kind.is_series else "cell", "required": argument.required}
    if kind.repeats:
        known["repeats"] = True
    if not argument.required:
        known["value"] = argument.default
    if kind.words is not None:
        known["words"] = {_key(each): value for each, value in kind.words.items()}
    else:
        known |= {
            name: bound
            for name, bound in (("low", kind.low), ("high", kind.high))
            if math.isfinite(bound) and abs(bound) < calls.LARGEST
        }
    return json.dumps(known)


def _key(word: str | float) -> str:
    """A word as the runtime looks for it: a number as JavaScript writes it."""
    return word if isinstance(word, str) else f"{word:g}"


def expression(formula: str) -> str:
    """A formula of our native ones as an expression of JavaScript on the runtime.

    Raises
    ------
    ValueError
        When it has a function that the runtime lacks: add it to `runtime.js`.
    """
    return _expression(formualizer.parse(f"={formula}").to_dict())


def _expression(node: dict[str, Any]) -> str:
    match node:
        case {"node_type": "Literal", "value": str(text)} if text in CODES:
            return f"LEV_ERRORS[{json.dumps(text)}]"
        case {"node_type": "Literal", "value": value}:
            return json.dumps(value)
        case {"node_type": "Reference", "reference": str(name)}:
            return _identifier(name)
        case {"node_type": "UnaryOp", "operator": "-", "operand": operand}:
            return f"levNegative({_expression(operand)})"
        case {"node_type": "UnaryOp", "operator": "+", "operand": operand}:
            return _expression(operand)
        case {"node_type": "UnaryOp", "operator": "%", "operand": operand}:
            return f'levOperator["/"]({_expression(operand)}, 100)'
        case {"node_type": "BinaryOp", "operator": operator, "left": left, "right": right}:
            return f"levOperator[{json.dumps(operator)}]({_expression(left)}, {_expression(right)})"
        case {"node_type": "Function", "name": name, "args": arguments}:
            return _call(name.upper(), arguments)
    raise ValueError(f"{node.get('node_type')} can't stand in a native formula for Google Sheets")


def _call(name: str, arguments: list[dict[str, Any]]) -> str:
    match name:
        case "IF":
            condition, *branches = map(_expression, arguments)
            return f"levIf({', '.join([condition, *(f'() => {branch}' for branch in branches)])})"
        case "LET":
            *named, result = arguments
            pairs = zip(named[::2], named[1::2], strict=True)
            bindings = "".join(f"const {_expression(key)} = {_expression(bound)}; " for key, bound in pairs)
            return f"(() => {{ {bindings}return {_expression(result)}; }})()"
        case "LAMBDA":
            *parameters, value = map(_expression, arguments)
            return f"({', '.join(parameters)}) => {value}"
    if f"  {name}:" not in _RUNTIME and f"  {name}(" not in _RUNTIME and f'  "{name}":' not in _RUNTIME:
        raise ValueError(f"{name} is not in runtime.js")
    return f"levFunction[{json.dumps(name)}]({', '.join(map(_expression, arguments))})"


def _identifier(name: str) -> str:
    """A name of a formula as one of JavaScript, out of the way of its reserved words and of case."""
    return f"${name.lower()}"

"""Formulas that need nothing installed: each call of ours as one LET of functions that Google Sheets documents too."""

from __future__ import annotations

import re
from collections.abc import Callable

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from xladdin.core import catalog
from xladdin.core.catalog import Function
from xladdin.core.errors import UserError
from xladdin.core.native_formula import guarded, stored

# Characters that a cell of Sheets is said to hold, by others than Google; it was not tried.
# The marks that a file puts before newer names count, for what is counted there is not known. Excel takes 8,192.
LONGEST_CELL = 50_000

# What is in a bracket, of the text before it and its arguments.
Bracket = Callable[[str, list[str]], str]


def inlined(formula: str) -> str:
    """A formula as a file stores it, with each call of ours in plain functions.

    Parameters
    ----------
    formula : str
        With or without its equals sign.

    Returns
    -------
    str
        The same where no function of ours is called.

    Raises
    ------
    UserError
        When it calls a function that has no native formula, or gets longer than a cell takes.
    """
    if "LEV_" not in formula.upper():
        return formula
    sign = "=" if formula.startswith("=") else ""
    text = sign + _rebuilt(formula.removeprefix("="), _plain)
    if len(text) > LONGEST_CELL:
        raise UserError(
            f"{formula[:60]} takes {len(text):,} characters without our functions, and a cell of Google Sheets takes "
            f"{LONGEST_CELL:,}; compute parts of it in cells of their own."
        )
    return text


def takes_whole_ranges(formula: str) -> bool:
    """Whether a formula calls a function that takes a range whole: Sheets computes that in an array formula only."""
    called = formula.upper()
    return any(
        f"{name}(" in called and any(not argument.kind.broadcasts for argument in function.arguments)
        for name, function in catalog.functions().items()
    )


def _plain(opening: str, arguments: list[str]) -> str:
    """A call of ours in plain functions; any other bracket as it is."""
    function = catalog.functions().get(opening.removesuffix("(").upper())
    if function is None:
        return f"{opening}{','.join(arguments)}{')' if opening.endswith('(') else '}'}"
    if not function.native:
        raise UserError(f"{function.name} has no form without our functions: {function.no_native}")
    return _call(function, [argument.strip() for argument in arguments])


def _call(function: Function, arguments: list[str]) -> str:
    """Each argument gets a name first: it may be a formula, and it stands in the checks several times."""
    names = [f"{argument.name}_given" for argument in function.arguments]
    given = [name if text else "" for name, text in zip(names, arguments, strict=False)]
    inner = _short_names(stored(_rebuilt(guarded(function, given), _documented)), list(filter(None, given)))
    bound = "".join(f"{_short(index)},{text}," for index, text in enumerate(filter(None, arguments)))
    return f"_xlfn.LET({bound}{inner})" if bound else inner


def _short_names(formula: str, first: list[str]) -> str:
    """A stored formula whose local names are short: a cell takes so and so many characters."""
    found = dict.fromkeys([f"_xlpm.{name}" for name in first] + re.findall(r"_xlpm\.\w+", formula))
    short = {name: _short(index) for index, name in enumerate(found)}
    return re.sub(r"_xlpm\.\w+", lambda name: short[name[0]], formula)


def _short(index: int) -> str:
    """A local name that reads as no cell: a_, b_, ..., z_, aa_, ..."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return f"_xlpm.{letters}_"


def _documented(opening: str, arguments: list[str]) -> str:
    """A function that Google Sheets does not document, by one that it does."""
    if opening == "TAKE(":
        taken, rows = arguments
        return f"FILTER({taken},SEQUENCE(ROWS({taken}))<={rows})"
    return f"{opening}{','.join(arguments)}{')' if opening.endswith('(') else '}'}"


def _rebuilt(formula: str, bracket: Bracket) -> str:
    """A formula with what is in each of its brackets made anew, the innermost first."""
    levels: list[list[str]] = [[""]]  # of each open bracket, the texts between its commas
    openings: list[str] = []
    for token in Tokenizer(f"={formula}").items:
        if token.subtype == Token.OPEN:
            openings.append(token.value)
            levels.append([""])
        elif token.subtype == Token.CLOSE:
            arguments = levels.pop()
            levels[-1][-1] += bracket(openings.pop(), arguments)
        elif token.type == Token.SEP and token.value == "," and openings[-1:] != ["{"]:
            levels[-1].append("")
        else:
            levels[-1][-1] += token.value
    return ",".join(levels[0])

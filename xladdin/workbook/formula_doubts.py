"""What of a formula that somebody typed looks like a slip: a name that there is not, a decimal comma, 80 for 80%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import formualizer
from formualizer import TokenSubType, TokenType

from xladdin.core.calls import Argument
from xladdin.core.catalog import functions
from xladdin.core.suggestions import nearest
from xladdin.workbook import engine
from xladdin.workbook.builtins.all import BUILTINS

_CELL = re.compile(r"(.*!)?\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?", re.IGNORECASE)
_NUMBER_WITH_UNIT = re.compile(r"[$\u20ac]?\s*(\d[\d_]*(?:\.\d+)?)([kmbt]?)[a-z\u00d7]*", re.IGNORECASE)
_POINT_OF_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.000)+")
_COMPUTED_IN_ARRAY = re.compile(r"\{[^{}]*[%*/^(][^{}]*\}")
_ZEROS = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "t": 1_000_000_000_000}
_OTHER_QUOTES = re.compile("[\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019']")
_TWO_HUNDRED_PERCENT = 2.0  # from here on a number is rather one of percent, of what may be any fraction
_LARGE_FEE = 0.01  # of the traded value, so that 0.1 is rather 0.1%
_LARGE_FUNDING = 0.005  # of a settlement, so that 0.01 is rather 0.01%
_LONG = 3.0  # years to hold a position, so that days are rather meant
_THOUSAND = 3  # digits behind a comma of thousands


def doubts(formula: str, value: Any) -> Iterator[str]:
    """What is to be said of a formula that could be computed.

    Parameters
    ----------
    formula : str
        With or without its equals sign.
    value : object
        What it gives, an error as its text.

    Yields
    ------
    str
        The middle of a sentence.
    """
    tokens = [token for token in formualizer.tokenize("=" + formula.strip().removeprefix("=")) if token]
    if value in ("#NAME?", "#REF!"):
        yield from _unknown(tokens)
    yield from _commas(tokens, is_error=value == "#VALUE!")
    yield from _points(tokens)
    yield from _percents(tokens)
    if _COMPUTED_IN_ARRAY.search(re.sub(r'"[^"]*"|#[A-Z/]+[0!?A]*', "", formula)):
        yield "Excel takes plain values alone in an array in braces: 0.4% is written 0.004 there"


def _unknown(tokens: Sequence[Any]) -> Iterator[str]:
    """The functions and words that mean nothing."""
    if named := [name for name, arguments in _calls(tokens) if any(_is_named(name, each) for each in arguments)]:
        takes = ", ".join(argument.name for argument in functions()[named[0]].arguments)
        yield f"arguments have no names in a formula; {named[0]} takes, in this order, {takes}"
        return
    known = {*functions(), *BUILTINS, *engine.known_functions()}
    by_python_name = {function.python_name: name for name, function in functions().items()}
    for token in tokens:
        text = token.value.strip()
        if token.token_type == TokenType.Func and token.subtype == TokenSubType.Open:
            name = text.removesuffix("(").strip()
            if name.upper() in known:
                continue
            near = by_python_name.get(nearest(name, by_python_name), "")
            near = f"LEV_{name}".upper() if f"LEV_{name}".upper() in known else nearest(name, known) or near
            meant = f"; did you mean {near}" if near else "; functions have their English names"
            yield f"there is no function {name}{meant}"
    yield from map(_of_a_word, _references(tokens))


def _references(tokens: Sequence[Any]) -> list[str]:
    """The cells and names of a formula."""
    return [
        token.value.strip()
        for token in tokens
        if token.token_type == TokenType.Operand and token.subtype == TokenSubType.Range
    ]


def _of_a_word(text: str) -> str:
    if _CELL.fullmatch(text):
        return f"there is no cell {text}: a formula here stands in no sheet, so write its value"
    if number := _NUMBER_WITH_UNIT.fullmatch(text):
        return f"{text} is no number; write {float(number[1].replace('_', '')) * _ZEROS[number[2].casefold()]:.15g}"
    return f'{text} is no name; a word stands in quotation marks: "{_OTHER_QUOTES.sub("", text)}"'


def _calls(tokens: Sequence[Any]) -> Iterator[tuple[str, list[list[Any]]]]:
    """The calls of our functions, each with its arguments as tokens."""
    open_calls: list[tuple[str, list[list[Any]]]] = []
    for token in tokens:
        text = token.value.strip()
        if not text:
            continue
        if text == "," and token.token_type == TokenType.Sep and open_calls:
            open_calls[-1][1].append([])
            continue
        if text in (")", "}") and open_calls:
            name, arguments = open_calls.pop()
            if name in functions():
                yield name, [] if arguments == [[]] else arguments
            continue
        if open_calls:
            open_calls[-1][1][-1].append(token)
        if text.endswith(("(", "{")):
            open_calls.append((text.removesuffix("(").strip().upper(), [[]]))


def _commas(tokens: Sequence[Any], *, is_error: bool) -> Iterator[str]:
    """The numbers that seem to be written with a comma: of decimals, or between thousands."""
    depth = 0
    seps = [place for place, token in enumerate(tokens) if token.value == ","]
    has_spaces = any(place + 1 < len(tokens) and not tokens[place + 1].value.strip() for place in seps)
    for place, token in enumerate(tokens):
        depth += token.value.count("{") - token.value.count("}") if token.token_type == TokenType.Array else 0
        if token.value != "," or depth or not 0 < place < len(tokens) - 1:
            continue
        whole, part = tokens[place - 1].value, tokens[place + 1].value
        if not (whole.isdigit() and part.isdigit()):
            continue
        percent = "%" if place + 2 < len(tokens) and tokens[place + 2].value == "%" else ""
        is_thousands = len(part) == _THOUSAND and whole != "0"
        is_part_of_one = whole == "0" and int(part) and (percent or is_error)  # 0,2 may be two arguments
        is_thousand = is_thousands and part.startswith("0")  # nobody begins a number so
        if not (token.token_type == TokenType.OpInfix or has_spaces or is_thousand or is_part_of_one):
            continue
        meant = f"{whole}{part}" if is_thousands else f"{whole}.{part}"
        yield f"{whole},{part}{percent} is two arguments, {whole} and {part}{percent}; one number is {meant}{percent}"


def _points(tokens: Sequence[Any]) -> Iterator[str]:
    """The numbers that seem to be written with points between thousands."""
    for token in tokens:
        if is_thousands_by_point(token.value):
            yield f"{token.value} is {float(token.value):g}; thousands are written {token.value.replace('.', '')}"


def is_thousands_by_point(text: str) -> bool:
    """Whether a number is written as whole thousands with a point, as 61.000, which is 61 here."""
    return _POINT_OF_THOUSANDS.fullmatch(text) is not None


def _is_named(name: str, written: Sequence[Any]) -> bool:
    """Whether an argument begins with its name and an equals sign, as in Python."""
    words = [token.value.strip() for token in written if token.value.strip()]
    names = [argument.name for argument in functions()[name].arguments]
    return len(words) > 1 and words[0] in names and words[1] == "="


def _percents(tokens: Sequence[Any]) -> Iterator[str]:
    """The fractions that are written as a number of percent, where such a number is allowed and is not meant."""
    for name, arguments in _calls(tokens):
        for argument, written in zip(functions()[name].arguments, arguments, strict=False):
            text = "".join(token.value for token in written).strip()
            try:
                number = float(text)
            except ValueError:
                continue
            kind = argument.kind
            if kind.unit == "years" and number >= _LONG:
                yield f"{argument.name} is {text}; {text} days are written {text}/365"
            if kind.unit.startswith("fraction") and _least(argument) <= abs(number) <= kind.high:
                percent = f"{text}% is written {text}% or {number / 100:.15g}"
                yield f"{argument.name} is {text}, which is {number:,.0%}; {percent}"


def _least(argument: Argument) -> float:
    """From which number on a fraction is rather one of percent."""
    if argument.kind.unit == "fraction of the traded value":
        return _LARGE_FEE
    if argument.kind.unit == "fraction a settlement":
        return _LARGE_FUNDING
    is_usually_all = argument.default == 1 or argument.kind.is_series  # the uptime of a rig, the pegs of coins
    return 1.0 if argument.kind.high <= 1 and not is_usually_all else _TWO_HUNDRED_PERCENT

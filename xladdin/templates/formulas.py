"""Formulas as a template's text writes them: the spreadsheet's own, with braces.

Outside a quoted text, braces hold what has no name of its own in the workbook: a column (`{move}`), a piece of formula
that is written once (`{kept}`, `{profit(target)}`), a header of a grid (`{row}`). Inside a quoted text they hold a
figure and how it is shown: "liquidated at {liquidation_price:price}".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xladdin.core.errors import quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.templates.places import NUMBER_MARKS
from xladdin.templates.styles import IN_WORDS, is_format

_HOLE = re.compile(r"[a-z][a-z0-9_]*(?:\.{1,2}[a-z0-9_]+)*")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_LONGEST_QUOTED = 60
_COMPARISON = re.compile(r"[<>=]")


class BracesError(ValueError):
    """Braces or quotation marks that don't close, or that hold nothing."""


@dataclass(frozen=True)
class Hole:
    """What stands in braces outside a text: a name, with arguments where it is a piece that takes some."""

    name: str
    arguments: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Figure:
    """What stands in braces inside a text: a formula, and the format that it is shown in."""

    formula: Formula
    shown: str


@dataclass(frozen=True)
class Words:
    """A text with figures in it."""

    parts: tuple[str | Figure, ...]


Formula = tuple["str | Hole | Words", ...]


@dataclass(frozen=True)
class Piece:
    """A part of a formula that has a name, and the names of what is put into it."""

    parameters: tuple[str, ...]
    formula: Formula


@functools.lru_cache(maxsize=4096)
def parsed(text: str) -> Formula:
    """A formula's parts.

    Raises
    ------
    BracesError
        When a quotation mark or a brace is not closed.
    """
    parts: list[str | Hole | Words] = []
    code = ""
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = _end_of_text(text, at)
            parts += [code, words(text[at + 1 : end - 1].replace('""', '"'))]
            code, at = "", end
        elif text[at] == "{" and (name := _HOLE.match(text, at + 1)):
            end = _end_of_pair(text, at)
            parts += [code, _hole(text[at + 1 : end - 1], name[0])]
            code, at = "", end
        else:
            code, at = code + text[at], at + 1
    parts.append(code)
    return tuple(part for part in parts if part != "")


@functools.lru_cache(maxsize=4096)
def words(text: str) -> Words:
    """A text's parts.

    Raises
    ------
    BracesError
        When a quotation mark or a brace is not closed.
    """
    parts: list[str | Figure] = []
    at = 0
    while (start := text.find("{", at)) >= 0:
        end = _end_of_pair(text, start)
        formula, shown = _split_off_format(text[start + 1 : end - 1])
        if not formula.strip():
            raise BracesError("the braces {} hold nothing")
        parts += [text[at:start], Figure(parsed(formula), shown)]
        at = end
    parts.append(text[at:])
    return Words(tuple(part for part in parts if part != ""))


def with_texts(formula: str, change: Callable[[str], str]) -> str:
    """A formula with its quoted texts changed, each as a whole with the figures in it.

    Raises
    ------
    BracesError
        When a quotation mark or a brace is not closed.
    """
    out, at = "", 0
    while at < len(formula):
        end = _end_of_text(formula, at) if formula[at] == '"' else at + 1
        part = formula[at:end]
        out += _quoted(change(part[1:-1].replace('""', '"'))) if part[0] == '"' else part
        at = end
    return out


def piece(name: str, text: str) -> tuple[str, Piece]:
    """A piece as the text of a template defines it: "profit(exit)", and its formula."""
    called, _, rest = name.partition("(")
    parameters = tuple(parameter.strip() for parameter in rest.rstrip(")").split(",")) if rest else ()
    return called.strip(), Piece(parameters, parsed(text))


class Pieces:
    """The pieces of formula that a template may use, put in where they are called."""

    def __init__(self, pieces: Mapping[str, Piece]) -> None:
        self._pieces = pieces

    def code(self, formula: Formula, resolve: Callable[[str], str]) -> str:
        """A formula as a cell holds it, without the equals sign; `resolve` gives what a name in braces stands for.

        Raises
        ------
        BracesError
            When a piece is given too much or too little, or holds itself.
        """
        return self._code(formula, resolve, {}, ())

    def text(self, said: Words, resolve: Callable[[str], str]) -> str:
        """A text with figures as a formula that gives it."""
        return self._text(said, resolve, {}, ())

    def _code(
        self, formula: Formula, resolve: Callable[[str], str], given: Mapping[str, str], within: tuple[str, ...]
    ) -> str:
        out = ""
        for part in formula:
            if isinstance(part, str):
                out += part
            elif isinstance(part, Words):
                out += self._text(part, resolve, given, within)
            else:
                out += self._put_in(part, resolve, given, within)
        return out

    def _put_in(
        self, hole: Hole, resolve: Callable[[str], str], given: Mapping[str, str], within: tuple[str, ...]
    ) -> str:
        if hole.name in given:
            return given[hole.name]
        if hole.name not in self._pieces:
            if hole.arguments:
                raise BracesError(f"{{{hole.name}(...)}} is no piece of formula")
            return resolve(hole.name)
        if hole.name in within:
            raise BracesError(f"the piece {hole.name} holds itself")
        called = self._pieces[hole.name]
        if len(called.parameters) != len(hole.arguments):
            wanted = f"takes {', '.join(called.parameters)}" if called.parameters else "takes nothing"
            raise BracesError(f"the piece {hole.name} {wanted}, and is given {len(hole.arguments)}")
        arguments = [self._code(argument, resolve, given, within) for argument in hole.arguments]
        inner = dict(zip(called.parameters, arguments, strict=True))
        return self._code(called.formula, resolve, inner, (*within, hole.name))

    def _text(
        self, said: Words, resolve: Callable[[str], str], given: Mapping[str, str], within: tuple[str, ...]
    ) -> str:
        joined: list[str] = []
        literal: str | None = None  # the text so far that the next one is added to
        for part in said.parts:
            plain: str | None = None
            if isinstance(part, str):
                plain, code = part, ""
            else:
                code = self._code(part.formula, resolve, given, within)
                if part.shown:
                    code = _shown(code, part.shown)
                elif (inside := _plain_text(code)) is not None:
                    plain = inside
                elif len(said.parts) > 1 and _compares(code):
                    code = f"({code})"
            if plain is not None:
                literal = plain if literal is None else literal + plain
                continue
            if literal is not None:
                joined.append(_quoted(literal))
                literal = None
            joined.append(code)
        if literal is not None or not joined:
            joined.append(_quoted(literal or ""))
        return "&".join(joined)


def shortened(text: str) -> str:
    """A formula or text as a sentence about it quotes it."""
    return text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 3]}..."


def _shown(code: str, shown: str) -> str:
    known = IN_WORDS.get(shown)
    if known is None and not is_format(shown):
        near = did_you_mean(shown, IN_WORDS) or f"; there are {', '.join(IN_WORDS)}, or one such as 0.0"
        raise BracesError(f"there is no format {shown!r} for a figure{near}")
    doubled = shown.replace('"', '""')
    return _FORMAT.sub(_with_own_marks, known or f'TEXT({{0}},"{doubled}")').format(code)


_FORMAT = re.compile(r'"(?:[^"]|"")*"')
_PARTS = re.compile(r'""[^"]*""|\\.|[.,]|[^.,"\\]+')


def _with_own_marks(found: re.Match[str]) -> str:
    """A format as the formula that gives it: TEXT takes the marks of the language that the spreadsheet has."""
    marks = {".": f'"&LEFT({NUMBER_MARKS.address})&"', ",": f'"&RIGHT({NUMBER_MARKS.address})&"'}
    return '"' + "".join(marks.get(part, part) for part in _PARTS.findall(found[0][1:-1])) + '"'


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _plain_text(code: str) -> str | None:
    """What a formula says that is nothing but a text."""
    if len(code) > 1 and code[0] == '"' and _end_of_text(code, 0) == len(code):
        return code[1:-1].replace('""', '"')
    return None


def _compares(code: str) -> bool:
    """Whether a formula compares outside all brackets and texts: & would bind what is beside it first."""
    depth = 0
    at = 0
    while at < len(code):
        if code[at] == '"':
            at = _end_of_text(code, at)
            continue
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if not depth and _COMPARISON.match(code[at]):
            return True
        at += 1
    return False


def _hole(inside: str, name: str) -> Hole:
    rest = inside[len(name) :].strip()
    if not rest:
        return Hole(name)
    if not (rest.startswith("(") and rest.endswith(")")):
        raise BracesError(f"{{{inside}}} is neither a name nor a piece with what it is given")
    return Hole(name, tuple(parsed(argument.strip()) for argument in _split(rest[1:-1], ",")))


def _split_off_format(inside: str) -> tuple[str, str]:
    """The formula and the format of a figure: what stands behind the last colon outside brackets."""
    parts = _split(inside, ":")
    return (":".join(parts[:-1]), parts[-1].strip()) if len(parts) > 1 else (inside, "")


def _split(text: str, separator: str) -> list[str]:
    parts, depth, at, start = [], 0, 0, 0
    while at < len(text):
        if text[at] == '"':
            at = _end_of_text(text, at)
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if not depth and text[at] == separator:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def _end_of_text(text: str, start: int) -> int:
    """Behind the quotation mark that closes a text; figures in it may hold quotation marks of their own."""
    at = start + 1
    while at < len(text):
        if text[at] == "{":
            at = _end_of_pair(text, at)
        elif text[at] == '"':
            if text[at + 1 : at + 2] != '"':
                return at + 1
            at += 2
        else:
            at += 1
    raise BracesError("a quotation mark is not closed")


def _end_of_pair(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`."""
    closing = [_PAIRS[text[start]]]
    at = start + 1
    while at < len(text):
        if text[at] == '"':
            at = _end_of_text(text, at)
            continue
        if text[at] in _PAIRS:
            closing.append(_PAIRS[text[at]])
        elif text[at] == closing[-1]:
            closing.pop()
            if not closing:
                return at + 1
        at += 1
    raise BracesError(f"the {text[start]} of {quoted(shortened(text[start:]))} is not closed")

"""Formulas, texts with figures and charts: all that is named in them is there, and none is worked out from itself."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import formualizer
from openpyxl.utils import FORMULAE

from xladdin.core import catalog
from xladdin.core.errors import quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.templates.faults import Fault
from xladdin.templates.formulas import BracesError, shortened
from xladdin.templates.language import Axis, Chart, Grid, Lines, Result, Series, Table, Template
from xladdin.templates.meaning import NEWER_FUNCTIONS, OWN_NAMES, Meaning
from xladdin.templates.places import NUMBER_MARKS, named_cells
from xladdin.templates.references import NOWHERE, Scope, UnknownReferenceError
from xladdin.templates.toml_lines import Path

LONGEST_FORMULA = 8192  # characters that a cell takes
_POSITION = re.compile(r"^\w+Error at position \d+: ")  # in the formula as the cell has it, which nobody sees
_TOKEN = re.compile(r"TokenSpan \{.*start: (\d+), end: (\d+) \}")  # as the parser names what it did not expect
# A spreadsheet would take the row in which the formula happens to stand.
_WIDE = (
    "it takes several cells where one stands: name one of them, such as .last, or give them to a function, such as SUM"
)
_HEADERS = {"row": "$B$1", "column": "$C$1"}  # stand in for a grid's headers while a formula is checked


class _Said(NamedTuple):
    """A formula or a text of a template, where it is said, and what it works out."""

    path: Path
    text: str
    scope: Scope = NOWHERE
    is_text: bool = False
    result: str = ""


def formula_faults(template: Template) -> list[Fault]:
    """What is wrong with the formulas of a template whose names and parts are right."""
    try:
        meaning = Meaning(template)
    except BracesError as error:
        return [Fault(("pieces",), str(error))]
    checker = _Checker(meaning)
    faults = [fault for said in _all_said(meaning) for fault in checker.faults(said)]
    faults += _chart_faults(meaning)
    faults += _sentence_faults(template)
    if not faults and (names := _circle(checker.used)):
        faults.append(Fault(checker.paths[names[0]], f"it is worked out from itself: {' from '.join(names)}"))
    return faults


class _Checker:
    """Checks one formula after the other, and keeps what each is worked out from."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        areas = dict(named_cells(meaning.places))
        self._names = {*OWN_NAMES, *areas}
        self._wide = {name for name, area in areas.items() if (area.top, area.left) != (area.bottom, area.right)}
        self._functions = set(catalog.functions()) | FORMULAE | NEWER_FUNCTIONS
        self.used: dict[str, set[str]] = {}
        self.paths: dict[str, Path] = {}

    def faults(self, said: _Said) -> Iterator[Fault]:
        resolved: set[str] = set()
        used = self.used.setdefault(said.result, set()) if said.result else set()
        if said.result:
            self.paths.setdefault(said.result, said.path)
        try:
            code = self._meaning.code(said.text, self._recording(said.scope, resolved, used), is_text=said.is_text)
        except (BracesError, UnknownReferenceError) as error:
            yield Fault(said.path, str(error))
            return
        if len(code) > LONGEST_FORMULA:
            yield Fault(said.path, f"the formula has {len(code):,} characters, and a cell takes {LONGEST_FORMULA:,}")
            return
        try:
            formualizer.parse(f"={code}")
            tokens = [token for token in formualizer.tokenize(f"={code}") if token]
        except (ValueError, formualizer.ParserError, formualizer.TokenizerError) as error:
            yield Fault(said.path, f"{quoted(shortened(said.text))} is no formula: {_reason(error, code)}")
            return
        yield from _token_faults(said.path, tokens)
        calls = 0
        for token in tokens:
            value = token.value
            if str(token.token_type) == "Func":
                calls += 1 if str(token.subtype) == "Open" else -1
            if not calls and not said.is_text and str(token.subtype) == "Range" and self._is_wide(value, resolved):
                yield Fault(said.path, _WIDE)
            if str(token.subtype) == "Open" and value not in ("(", "{"):
                yield from self._function_faults(said.path, value.removesuffix("("))
            elif str(token.subtype) == "Range" and value not in resolved:
                used.add(value)
                yield from self._name_faults(said.path, value)

    def _is_wide(self, value: str, resolved: set[str]) -> bool:
        """Whether a part of a formula is several cells."""
        is_column = value in resolved and (":" in value or "[" in value) and "#This Row" not in value
        return is_column or value in self._wide

    def _recording(self, scope: Scope, resolved: set[str], used: set[str]) -> Callable[[str], str]:
        """Resolves braces as they are going to be, and keeps what they lead to."""

        def resolve(name: str) -> str:
            found = self._meaning.references.resolve(name, scope)
            resolved.add(found)
            if name not in scope.held and "previous" not in name.split("."):
                used.add(".".join(name.split(".")[:2]) if "." in name else f"{scope.block}.{name}")
            return found

        return resolve

    def _function_faults(self, path: Path, name: str) -> Iterator[Fault]:
        plain = name.removeprefix("_xlfn.").removeprefix("_xlws.")
        if plain not in self._functions:
            yield Fault(path, f"there is no function {plain}{did_you_mean(plain, self._functions)}")

    def _name_faults(self, path: Path, name: str) -> Iterator[Fault]:
        if name in (*self._names, NUMBER_MARKS.address) or name.upper() in ("TRUE", "FALSE"):
            return
        if any(character.isdigit() for character in name) or "!" in name or ":" in name:
            hint = "; a formula names what it uses, and a column stands in braces"
            yield Fault(path, f"{name} is no name here{did_you_mean(name, self._names) or hint}")
        else:
            yield Fault(path, f"no input, result or figure is called {name}{did_you_mean(name, self._names)}")


def _all_said(meaning: Meaning) -> Iterator[_Said]:
    template = meaning.template
    for section, inputs in template.inputs.items():
        for name, line in inputs.items():
            yield _Said(("inputs", section, name, "unit"), line.unit, is_text=True)
    for section, results in template.results.items():
        for name, result in results.items():
            yield from _said_in_line(("results", section, name), name, result)
    for name, block in template.calculations.items():
        path: Path = ("calculations", name)
        if isinstance(block, Lines):
            for key, result in block.lines.items():
                yield from _said_in_line((*path, "lines", key), key, result)
        elif isinstance(block, Table):
            yield from _said_in_table(path, name, block, meaning)
        else:
            yield from _said_in_grid(path, name, block)
    for title, sheet in template.sheets.items():
        first = meaning.places.lists[sheet.name].first
        for key, column in sheet.columns.items():
            if column.formula:
                where = ("sheets", title, "columns", key, "formula")
                yield _Said(where, column.formula, Scope(sheet.name, first), result=f"{sheet.name}.{key}")
    yield from _said_on_dashboard(template)
    for name, check in template.checks.items():
        yield _Said(("checks", name, "ours"), check.ours or name)
        yield _Said(("checks", name, "plain"), check.plain)
    for label, rule in template.rules.items():
        yield _Said(("rules", label, "holds"), rule.holds)
        if rule.where:
            yield _Said(("rules", label, "where"), rule.where)


def _said_in_line(path: Path, name: str, line: Result) -> Iterator[_Said]:
    yield _Said((*path, "unit"), line.unit, is_text=True)
    if line.formula:
        yield _Said((*path, "formula"), line.formula, result=name)
    if line.sentence:
        yield _Said((*path, "sentence"), line.sentence, is_text=True, result=name)
    if line.otherwise:
        yield _Said((*path, "otherwise"), line.otherwise, is_text=True, result=name)
    for place, case in enumerate(line.verdict):
        if case.when:
            yield _Said((*path, "verdict", place, "when"), case.when, result=name)
        yield _Said((*path, "verdict", place, "because"), case.because, is_text=True)


def _said_in_table(path: Path, name: str, table: Table, meaning: Meaning) -> Iterator[_Said]:
    body = meaning.places.bodies[name]
    given = table.rows if isinstance(table.rows, list) else []
    for place, cells in enumerate(given):
        for key, cell in cells.items():
            if isinstance(cell, str) and key != "row":
                scope = Scope(name, body.first + place)
                yield _Said((*path, "rows", place, key), cell, scope, result=f"{name}.{key}")
    for key, column in table.columns.items():
        if column.formula and not (given and all(key in cells for cells in given)):
            # The first row that it stands in, and the last: what it takes from another table is there for all.
            for row in {min(body.first + bool(column.first), body.last), body.last}:
                yield _Said(
                    (*path, "columns", key, "formula"), column.formula, Scope(name, row), result=f"{name}.{key}"
                )
        if column.first:
            yield _Said((*path, "columns", key, "first"), column.first, Scope(name, body.first), result=f"{name}.{key}")


def _said_in_grid(path: Path, name: str, grid: Grid) -> Iterator[_Said]:
    yield _Said((*path, "cell"), grid.cell, Scope(name, 0, _HEADERS), result=f"{name}.body")
    for place, mark in enumerate(grid.marks):
        yield _Said((*path, "marks", place, "when"), mark.when, Scope(name, 0, {"cell": "$C$2"}))
    for side in ("rows", "columns"):
        axis: Axis = getattr(grid, side)
        scope = Scope(held={"previous": "$B$2"})
        for place, value in enumerate(axis.values):
            if isinstance(value, str):
                yield _Said((*path, side, "values", place), value, scope, result=f"{name}.{side}")
        if axis.first:
            yield _Said((*path, side, "first"), axis.first, NOWHERE, result=f"{name}.{side}")
            yield _Said((*path, side, "next"), axis.next, scope, result=f"{name}.{side}")


def _said_on_dashboard(template: Template) -> Iterator[_Said]:
    said = template.dashboard
    yield _Said(("dashboard", "heading"), said.heading, is_text=True)
    for place, card in enumerate(said.cards):
        yield _Said(("dashboard", "cards", place, "shows"), card.shows)
        yield _Said(("dashboard", "cards", place, "caption"), card.caption, is_text=True)


def _chart_faults(meaning: Meaning) -> Iterator[Fault]:
    for place, chart in enumerate(meaning.template.dashboard.charts):
        path = ("dashboard", "charts", place)
        if not chart.lines:
            yield Fault((*path, "lines"), "a chart has at least one line")
        if len(chart.alternative_text.strip()) < 1:
            yield Fault((*path, "alternative_text"), "it says what one sees, for those who can't")
        for number, line in enumerate(chart.lines):
            yield from _series_faults((*path, "lines", number), chart, line, meaning)


def _series_faults(path: Path, chart: Chart, line: Series, meaning: Meaning) -> Iterator[Fault]:
    if bool(line.name) == bool(line.name_from):
        yield Fault(path, "a line has a name, or a cell that holds it (name_from)")
    sizes = {}
    for key in ("x", "y", "name_from"):
        said = getattr(line, key)
        if not said and key == "name_from":
            continue
        try:
            area = meaning.references.area(said)
        except UnknownReferenceError as error:
            yield Fault((*path, key), str(error))
            continue
        sizes[key] = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if meaning.is_text(said) and (key == "y" or (key == "x" and chart.kind == "scatter")):
            yield Fault((*path, key), f"{said} holds texts, which have no place on an axis of numbers")
    if "x" in sizes and "y" in sizes and sizes["x"] != sizes["y"]:
        yield Fault(path, f"{line.x} and {line.y} are not of the same length: {sizes['x']} and {sizes['y']}")


def _sentence_faults(template: Template) -> Iterator[Fault]:
    results = {name: line for lines in template.results.values() for name, line in lines.items()}
    sentences = [name for name, line in results.items() if not line.label]
    for place, name in enumerate(template.dashboard.sentences):
        if name not in sentences:
            near = did_you_mean(name, sentences)
            yield Fault(("dashboard", "sentences", place), f"no sentence is called {name}{near}")
    verdicts = [name for name, line in results.items() if line.verdict]
    for section, lines in template.results.items():
        for name, line in lines.items():
            if line.reasons_of and line.reasons_of not in verdicts:
                near = did_you_mean(line.reasons_of, verdicts)
                yield Fault(("results", section, name, "reasons_of"), f"no verdict is called {line.reasons_of}{near}")


def _circle(used: dict[str, set[str]]) -> list[str]:
    """Names that are worked out from each other in a circle, the first of them again at the end; or none."""
    done: set[str] = set()
    for start in used:
        way: list[str] = []
        on_way: set[str] = set()
        stack = [(start, iter(sorted(used[start])))] if start not in done else []
        if stack:
            way, on_way = [start], {start}
        while stack:
            name, following = stack[-1]
            for other in following:
                if other in on_way:
                    return [*way[way.index(other) :], other]
                if other in used and other not in done:
                    stack.append((other, iter(sorted(used[other]))))
                    way.append(other)
                    on_way.add(other)
                    break
            else:
                done.add(name)
                on_way.discard(way.pop())
                stack.pop()
    return []


def _token_faults(path: Path, tokens: list[formualizer.Token]) -> Iterator[Fault]:
    """What the parser takes and a spreadsheet's file does not, or means otherwise."""
    for token, following in itertools.zip_longest(tokens, tokens[1:]):
        kind, value = str(token.token_type), token.value
        if (kind, value) == ("OpInfix", ","):
            yield Fault(path, "a comma stands between the arguments of a function only; decimals have a point")
        elif kind in ("OpPrefix", "OpPostfix") and value in ("@", "#"):
            yield Fault(path, f"{value} has no place in a formula here")
        elif (kind, value) == ("Array", "{") and following is not None and following.value == "}":
            yield Fault(path, "the braces {} hold nothing")
        elif str(token.subtype) == "Number" and math.isinf(float(value)):
            yield Fault(path, f"{shortened(value)} is no number that a cell takes")


def _reason(error: Exception, code: str) -> str:
    """Why the parser refuses a formula, in words."""
    text = _POSITION.sub("", str(error).partition("\n")[0]).rstrip(".")
    if (found := _TOKEN.search(text)) is not None:
        return f"{f'={code}'[int(found[1]) : int(found[2])]} can't stand where it does"
    if "No tokens" in text or "end of tokens" in text:
        return "something is missing at its end"
    return text[:1].lower() + text[1:]

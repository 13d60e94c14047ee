"""A template with its places: what each of its formulas and texts is in a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import msgspec

from xladdin.core import venues
from xladdin.templates.formulas import Pieces, parsed, piece, words
from xladdin.templates.language import Case, Result, Table, Template
from xladdin.templates.own_texts import ENGLISH, OwnTexts
from xladdin.templates.places import Places, places_of
from xladdin.templates.references import NOWHERE, References, Scope

# Names that every workbook has: on Checks and on Read me.
OWN_NAMES = ("checks_failed", "overall_flag", "check_tolerance", "functions_available")

# Whether the method in a cell is on this basis; which venues are is said in one place.
OWN_PIECES = {
    "on_entry_value(method)": venues.condition("{method}", venues.ENTRY),
    "on_mark_value(method)": venues.condition("{method}", venues.MARK),
}

# Functions newer than the file format are stored with a prefix.
_NEWER = """
ARRAYTOTEXT BYCOL BYROW CEILING.MATH CONCAT DAYS DROP EXPAND FILTER FLOOR.MATH FORECAST.LINEAR HSTACK IFNA IFS
ISOWEEKNUM LAMBDA LET MAP MAXIFS MINIFS NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION
PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.INC QUARTILE.INC RANK.AVG RANK.EQ REDUCE RRI SCAN SEQUENCE SORT SORTBY
STDEV.P STDEV.S SWITCH T.DIST T.INV TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNIQUE VAR.P VAR.S
VSTACK XLOOKUP XMATCH XOR
"""
NEWER_FUNCTIONS = frozenset(_NEWER.split())
_SHEET_FUNCTIONS = {"FILTER", "SORT"}
_CALL = re.compile(r"\"(?:[^\"]|\"\")*\"|\b([A-Z][A-Z0-9.]*)\(")


class Meaning:
    """What formulas, texts and results of one template are in their cells."""

    def __init__(self, template: Template, own: OwnTexts = ENGLISH) -> None:
        self.template = template
        self.own = own
        self.places: Places = places_of(template)
        self.references = References(template, self.places)
        self.pieces = Pieces(dict(piece(name, text) for name, text in (OWN_PIECES | template.pieces).items()))

    @property
    def uses_our_functions(self) -> bool:
        """Whether any LEV_ function is in it; a workbook without one computes anywhere."""
        return b"LEV_" in msgspec.json.encode(self.template)

    def code(self, text: str, resolve: Callable[[str], str], *, is_text: bool = False) -> str:
        """A formula, or a text with figures as the formula that gives it; `resolve` is for what stands in braces.

        Raises
        ------
        BracesError
            When braces or quotation marks are not as they should be.
        """
        made = self.pieces.text(words(text), resolve) if is_text else self.pieces.code(parsed(text), resolve)
        return _stored(made)

    def formula(self, text: str, scope: Scope = NOWHERE) -> str:
        """A formula as its cell holds it, without the equals sign."""
        return self.code(text, lambda name: self.references.resolve(name, scope))

    def words(self, text: str) -> str:
        """A text with figures as a formula that gives it, without the equals sign."""
        return self.code(text, lambda name: self.references.resolve(name, NOWHERE), is_text=True)

    def shown(self, text: str, *, otherwise: str = "") -> str:
        """A text as its cell holds it: a formula where it has figures in it, `otherwise` where one is an error."""
        if "{" not in text:
            return text
        return f"=IFERROR({self.words(text)},{_quoted(otherwise)})" if otherwise else f"={self.words(text)}"

    def result(self, line: Result) -> str:
        """The formula of a line of results."""
        if line.formula:
            return self.formula(line.formula)
        if line.verdict:
            return self._first_that_holds('"CHECK"', [(case.when, _quoted(case.word)) for case in line.verdict])
        if line.reasons_of:
            cases = [(case.when, self.words(case.because)) for case in self.verdict_of(line.reasons_of)]
            return self._first_that_holds(_quoted(self.own("Something is not right: see Checks.")), cases)
        said = self.words(line.sentence)
        if line.otherwise is not None:
            return f"IFERROR({said},{self.words(line.otherwise)})"
        failing = next(
            (f'{name}="CHECK"' for name, other in self._results() if other.verdict),
            "checks_failed>0",
        )
        no_answer, nothing = (_quoted(self.own(text)) for text in ("No answer: see Checks.", "No answer."))
        return f"IF({failing},{no_answer},IFERROR({said},{nothing}))"

    def is_text(self, name: str) -> bool:
        """Whether what a chart takes from here holds texts, which have no height."""
        block, _, rest = name.partition(".")
        column = rest.partition(".")[0]
        formats = {known: line.format for known, line in self._results()}
        formats |= {known: line.format for lines in self.template.inputs.values() for known, line in lines.items()}
        known = self.template.calculations.get(block)
        if isinstance(known, Table) and column in known.columns:
            return known.columns[column].format in ("text", "verdict")
        for rows in self.template.sheets.values():
            if rows.name == block and column in rows.columns:
                return rows.columns[column].format in ("text", "verdict")
        return formats.get(name) in ("text", "verdict")

    @property
    def as_of(self) -> str:
        """The line on the dashboard of which day the prices are and whose, where these are inputs."""
        names = self.places.names
        # Spreadsheets count the days before these differently, and show those after them differently.
        no_day = "OR(N(as_of)<DATE(1900,3,1),N(as_of)>DATE(9999,12,31))"
        is_day = f'IF({no_day},{_quoted(self.own("no day"))},"{{as_of:date}}")'
        day = self.own("As of {day}").replace("{day}", f"{{{is_day}}}") if "as_of" in names else ""
        said = self.own(", prices from {price_source}" if day else "Prices from {price_source}")
        source = f'{{IF(price_source="","",{_quoted(said)})}}' if "price_source" in names else ""
        return self.shown(day + source)

    @property
    def optional(self) -> set[str]:
        """The inputs that may be left blank."""
        return {name for lines in self.template.inputs.values() for name, line in lines.items() if line.optional}

    @property
    def verdicts(self) -> list[str]:
        """The names of all verdicts."""
        return [name for name, line in self._results() if line.verdict]

    def verdict_of(self, name: str) -> list[Case]:
        """The cases of a verdict by its name, or none."""
        return next((line.verdict for known, line in self._results() if known == name), [])

    def _results(self) -> Iterable[tuple[str, Result]]:
        return ((name, line) for lines in self.template.results.values() for name, line in lines.items())

    def _first_that_holds(self, failing: str, cases: list[tuple[str, str]]) -> str:
        *steps, (_, otherwise) = cases
        for when, said in reversed(steps):
            otherwise = f"IF({self.formula(when)},{said},{otherwise})"
        return f"IF(checks_failed>0,{failing},{otherwise})"


def _quoted(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def _stored(formula: str) -> str:
    def mark(found: re.Match[str]) -> str:
        name = found[1]
        if name not in NEWER_FUNCTIONS:
            return found[0]
        return f"_xlfn.{'_xlws.' if name in _SHEET_FUNCTIONS else ''}{name}("

    return _CALL.sub(mark, formula)

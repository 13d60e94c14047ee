"""What a workbook's own data validation allows in a cell."""

from __future__ import annotations

import csv
import functools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import numpy as np
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.cell_range import MultiCellRange

from xladdin.workbook.columns import from_cell, text
from xladdin.workbook.file.sheet import Address, reference_of

_VALIDATIONS = re.compile(rb"<((?:\w+:)?)dataValidations\b[^>]*?(?:/>|>.*?</\1dataValidations>)", re.DOTALL)
_WITHOUT_PREFIX = re.compile(rb"(</?)\w+:(?=\w)|\s\w+:\w+=\"[^\"]*\"")
_COMPARISONS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "greaterThan": (operator.gt, "above"),
    "greaterThanOrEqual": (operator.ge, "at least"),
    "lessThan": (operator.lt, "below"),
    "lessThanOrEqual": (operator.le, "at most"),
    "equal": (operator.eq, "equal to"),
    "notEqual": (operator.ne, "other than"),
}

_MEASURED = {"whole": "a whole number", "textLength": "text of a length", "date": "a date", "time": "a time"}


@dataclass(frozen=True)
class Rule:
    """One data validation: the cells it is for, and what it allows there.

    A bound that is a formula can't be checked before the workbook is computed and is left to the workbook; the other
    bound is checked all the same.
    """

    cells: MultiCellRange
    kind: str  # "list", "decimal", "whole", "date", "time", "textLength" or another, which allows anything here
    operator: str
    first: float | None
    second: float | None
    words: tuple[str, ...]
    allows_blank: bool

    def __contains__(self, address: Address) -> bool:
        return reference_of(address) in self.cells

    @property
    def is_guess(self) -> bool:
        """Whether it is no validation of the workbook, but what an example suggests."""
        return not self.cells.ranges

    @property
    def is_number(self) -> bool:
        return self.kind in ("decimal", "whole")

    @property
    def is_date(self) -> bool:
        return self.kind in ("date", "time")

    @property
    def is_checked(self) -> bool:
        """Whether it is known what it allows."""
        return self.kind in ("list", "decimal", "whole", "date", "time", "textLength")

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.kind == "list":
            return "one of " + ", ".join(self.words)
        kind = _MEASURED.get(self.kind, "a number")
        if self.operator in ("between", "notBetween") and self.first is not None and self.second is not None:
            outside = "" if self.operator == "between" else "not "
            return f"{kind} {outside}from {self._shown(self.first)} to {self._shown(self.second)}"
        known = [f"{word} {self._shown(bound)}" for word, _, bound in self._comparisons]
        return " ".join([kind, *known])

    def _shown(self, bound: float) -> str:
        """A bound as the rule's cell shows it: a day or a time of it where it is one."""
        if not self.is_date:
            return f"{bound:.15g}"
        return str(from_excel(bound)).removesuffix(" 00:00:00")

    def admits(self, value: Any) -> bool:
        """Whether a value may stand in the cell."""
        if value is None:
            return self.allows_blank
        if self.kind == "list":
            return not self.words or text(from_cell(value)).casefold() in {word.casefold() for word in self.words}
        if self.kind == "textLength":
            return self._compares(len(str(value)))
        if not (self.is_number or self.is_date):
            return True
        number = from_cell(value)  # a date is its serial number
        if not isinstance(number, float) or (self.kind == "whole" and number != int(number)):
            return False
        return self._compares(number)

    def admits_numbers(self, values: Any) -> Any:
        """Where the numbers of an array may stand in the cell, by a rule for numbers."""
        allowed = np.isfinite(values)
        if self.kind == "whole":
            allowed &= values == np.trunc(values)
        if self.operator == "notBetween":
            return allowed & np.fromiter(map(self._compares, values.tolist()), np.bool_, len(values))
        for _, compare, bound in self._comparisons:
            allowed &= compare(values, bound)
        return allowed

    def _compares(self, value: float) -> bool:
        if self.operator == "notBetween":
            return self.first is None or self.second is None or not self.first <= value <= self.second
        return all(compare(value, bound) for _, compare, bound in self._comparisons)

    @functools.cached_property
    def _comparisons(self) -> list[tuple[str, Callable[[Any, Any], Any], float]]:
        """What a value is compared with: each bound that is known, and how."""
        sides = {"between": [("greaterThanOrEqual", self.first), ("lessThanOrEqual", self.second)]}
        pairs = sides.get(self.operator, [(self.operator, self.first)])
        return [
            (_COMPARISONS[sign][1], _COMPARISONS[sign][0], bound)
            for sign, bound in pairs
            if bound is not None and sign in _COMPARISONS
        ]


def rules_in(xml: bytes, words_of: Callable[[str], tuple[str, ...]]) -> list[Rule]:
    """The data validations of a sheet.

    Parameters
    ----------
    xml : bytes
        The sheet's part.
    words_of : callable
        The words in the cells that a reference or name leads to.
    """
    found = _VALIDATIONS.search(xml)
    if found is None:
        return []
    elements = ElementTree.fromstring(_WITHOUT_PREFIX.sub(rb"\1", found[0]))
    return [_rule(element, words_of) for element in elements]


def _rule(element: ElementTree.Element, words_of: Callable[[str], tuple[str, ...]]) -> Rule:
    first, second = (element.findtext(name) for name in ("formula1", "formula2"))
    try:
        cells = MultiCellRange(element.get("sqref", ""))
    except (TypeError, ValueError):
        shown = element.get("sqref", "")[:60]
        raise ValueError(f"a data validation is for {shown!r}; allowed are ranges such as B2:B9") from None
    kind = element.get("type", "any")
    return Rule(
        cells=cells,
        kind=kind if kind != "none" else "any",
        operator=element.get("operator", "between"),
        first=_number(first),
        second=_number(second),
        words=_words(first, words_of) if kind == "list" else (),
        allows_blank=element.get("allowBlank") in ("1", "true"),
    )


def _number(formula: str | None) -> float | None:
    try:
        return float(formula) if formula is not None else None
    except ValueError:
        return None


def _words(text: str | None, words_of: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The words of a list: written out, or in a range of the workbook."""
    if not text:
        return ()
    if text.startswith('"'):
        return tuple(word.strip() for word in next(csv.reader([text.strip('"')])))
    return words_of(text)

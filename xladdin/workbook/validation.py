"""What a workbook's own data validation allows in a cell."""

from __future__ import annotations

import csv
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xladdin.workbook.sheet import Address, reference_of

_COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "greaterThan": (operator.gt, "above"),
    "greaterThanOrEqual": (operator.ge, "at least"),
    "lessThan": (operator.lt, "below"),
    "lessThanOrEqual": (operator.le, "at most"),
    "equal": (operator.eq, "equal to"),
    "notEqual": (operator.ne, "other than"),
}

_MEASURED = {"whole": "a whole number", "textLength": "text of a length"}


@dataclass(frozen=True)
class Rule:
    """One data validation: the cells it is for, and what it allows there.

    A bound that is a formula can't be checked before the workbook is computed and is left to the workbook.
    """

    cells: MultiCellRange
    kind: str  # "list", "decimal", "whole" or another, which allows anything here
    operator: str
    first: float | None
    second: float | None
    words: tuple[str, ...]
    allows_blank: bool

    def __contains__(self, address: Address) -> bool:
        return reference_of(address) in self.cells

    @property
    def is_number(self) -> bool:
        return self.kind in ("decimal", "whole")

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.kind == "list":
            return "one of " + ", ".join(self.words)
        kind = _MEASURED.get(self.kind, "a number")
        if self.first is None:
            return kind
        if self.operator in ("between", "notBetween") and self.second is not None:
            outside = "" if self.operator == "between" else "not "
            return f"{kind} {outside}from {self.first:.15g} to {self.second:.15g}"
        return f"{kind} {_COMPARISONS[self.operator][1]} {self.first:.15g}" if self.operator in _COMPARISONS else kind

    def admits(self, value: Any) -> bool:
        """Whether a value may stand in the cell."""
        if value is None:
            return self.allows_blank
        if self.kind == "list":
            return not self.words or str(value).casefold() in {word.casefold() for word in self.words}
        if self.kind == "textLength":
            return self._compares(len(str(value)))
        if not self.is_number:
            return True
        if isinstance(value, (str, bool)) or (self.kind == "whole" and value != int(value)):
            return False
        return self._compares(value)

    def _compares(self, value: float) -> bool:
        if self.first is None:
            return True
        if self.operator in ("between", "notBetween"):
            inside = self.second is None or self.first <= value <= self.second
            return inside is (self.operator == "between")
        return self.operator not in _COMPARISONS or _COMPARISONS[self.operator][0](value, self.first)


def rules_of(sheet: Worksheet) -> list[Rule]:
    """The data validations of a sheet."""
    return [_rule(validation, sheet) for validation in sheet.data_validations.dataValidation]


def _rule(validation: DataValidation, sheet: Worksheet) -> Rule:
    return Rule(
        cells=validation.sqref,
        kind=validation.type or "any",
        operator=validation.operator or "between",
        first=_number(validation.formula1),
        second=_number(validation.formula2),
        words=_words(validation.formula1, sheet) if validation.type == "list" else (),
        allows_blank=bool(validation.allow_blank),
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _words(text: str | None, sheet: Worksheet) -> tuple[str, ...]:
    """The words of a list: written out, or in a range of the workbook."""
    if not text:
        return ()
    if text.startswith('"'):
        return tuple(word.strip() for word in next(csv.reader([text.strip('"')])))
    book = sheet.parent
    if text in book.defined_names:
        text = book.defined_names[text].attr_text
    title, _, reference = text.rpartition("!")
    source = book[title.strip("'")] if title.strip("'") in book.sheetnames else sheet
    try:
        first_column, first_row, last_column, last_row = range_boundaries(reference)
    except (ValueError, TypeError):
        return ()
    block = source.iter_rows(first_row, last_row, first_column, last_column, values_only=True)
    return tuple(str(value) for row in block for value in row if value is not None)

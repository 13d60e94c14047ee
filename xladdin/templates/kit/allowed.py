"""What an input may hold: said once, and used for its validation, its prompt, its mark and its line on Checks."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.worksheet.datavalidation import DataValidation

LARGEST = 1e12
SMALLEST = 1e-8


@dataclass(frozen=True)
class Allowed:
    """A list of words, a range of numbers (both ends included), or any text up to a length."""

    words: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    whole: bool = False
    length: int = 0

    def described(self, number_format: str) -> str:
        """The rule in words, as prompts and errors say it; bounds as percentages where the cell shows them so."""
        if self.words:
            return "one of " + ", ".join(self.words)
        if self.length:
            return f"text of at most {self.length} characters"
        kind = "a whole number" if self.whole else "a percentage" if "%" in number_format else "a number"
        low, high = (f"{bound * 100:g}%" if "%" in number_format else f"{bound:,g}" for bound in (self.low, self.high))
        if self.high >= LARGEST:
            return f"{kind} above zero" if self.low == SMALLEST else f"{kind} from {low}"
        return f"{kind} from {low} to {high}"

    def validation(self, title: str, help_text: str, number_format: str) -> DataValidation:
        """The validation of a cell, with the prompt that a person sees on selecting it."""
        if self.words:
            rule = DataValidation(type="list", formula1=f'"{",".join(self.words)}"')
        elif self.length:
            rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(self.length))
        else:
            kind = "whole" if self.whole else "decimal"
            rule = DataValidation(type=kind, operator="between", formula1=repr(self.low), formula2=repr(self.high))
        rule.allow_blank = bool(self.length)
        rule.showInputMessage = rule.showErrorMessage = True
        rule.promptTitle = rule.errorTitle = title[:32]
        described = self.described(number_format)
        rule.prompt = f"{help_text} {described[0].upper()}{described[1:]}.".strip()[:255]
        rule.error = f"{title} is {described}."[:255]
        return rule

    def broken(self, cell: str) -> str:
        """A formula that is true where a cell breaks the rule."""
        if self.words:
            return f'ISERROR(SEARCH(","&{cell}&",",",{",".join(self.words)},"))'
        if self.length:
            return f"LEN({cell})>{self.length}"
        whole = f",{cell}=INT({cell})" if self.whole else ""
        return f"NOT(AND(ISNUMBER({cell}),{cell}>={self.low!r},{cell}<={self.high!r}{whole}))"


def one_of(*words: str) -> Allowed:
    """One of these words, chosen from a list."""
    return Allowed(words=words)


def number(low: float = 0, high: float = LARGEST) -> Allowed:
    """A number between two bounds, both included."""
    return Allowed(low=low, high=high)


def whole(low: int, high: int) -> Allowed:
    """A whole number between two bounds, both included."""
    return Allowed(low=low, high=high, whole=True)


def text(length: int = 40) -> Allowed:
    """Any text up to a length; may be blank."""
    return Allowed(length=length)


ABOVE_ZERO = number(SMALLEST)
"""A price, an amount, a quantity."""

FRACTION = number(0, 1)
"""A share or a rate from 0% to 100%."""

"""What an input may hold: said once, and used for its validation, its prompt, its mark and its line on Checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.worksheet.datavalidation import DataValidation

from xladdin.core.suggestions import did_you_mean
from xladdin.core.venues import METHODS
from xladdin.templates.language import Range
from xladdin.templates.own_texts import ENGLISH, OwnTexts

LONGEST_LIST = 250
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
    date: bool = False

    def described(self, number_format: str, own: OwnTexts = ENGLISH) -> str:
        """The rule in words, as prompts and errors say it; bounds as percentages where the cell shows them so."""
        if self.words:
            return own("one of {words}").format(words=", ".join(self.words))
        if self.length:
            return own("text of at most {length} characters").format(length=self.length)
        if self.date:
            return own("a date")
        kind = own("a whole number" if self.whole else "a percentage" if "%" in number_format else "a number")
        shown = (
            f"{bound * 100:.12g}%" if "%" in number_format else f"{bound:,.12g}" for bound in (self.low, self.high)
        )
        low, high = map(own.number, shown)
        if self.high >= LARGEST:
            above = "{kind} above zero" if self.low == SMALLEST else "{kind} from {low}"
            return own(above).format(kind=kind, low=low)
        return own("{kind} from {low} to {high}").format(kind=kind, low=low, high=high)

    def validation(self, title: str, help_text: str, number_format: str, own: OwnTexts = ENGLISH) -> DataValidation:
        """The validation of a cell, with the prompt that a person sees on selecting it."""
        if self.words:
            rule = DataValidation(type="list", formula1=f'"{",".join(self.words)}"')
        elif self.length:
            rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(self.length))
        elif self.date:
            rule = DataValidation(type="date", operator="greaterThanOrEqual", formula1="1")
        else:
            kind = "whole" if self.whole else "decimal"
            rule = DataValidation(type=kind, operator="between", formula1=repr(self.low), formula2=repr(self.high))
        rule.showInputMessage = rule.showErrorMessage = True
        rule.promptTitle = rule.errorTitle = title[:32]
        described = self.described(number_format, own)
        rule.prompt = f"{help_text} {described[0].upper()}{described[1:]}.".strip()[:255]
        rule.error = own("{title} is {described}.").format(title=title, described=described)[:255]
        return rule

    def broken(self, cell: str) -> str:
        """A formula that is true where a cell breaks the rule."""
        if self.words:
            return f'ISERROR(SEARCH(","&{cell}&",",",{",".join(self.words)},"))'
        if self.length:
            return f"LEN({cell})>{self.length}"
        if self.date:
            return f"NOT(AND(ISNUMBER({cell}),{cell}>=1))"
        whole = f",{cell}=INT({cell})" if self.whole else ""
        return f"NOT(AND(ISNUMBER({cell}),{cell}>={self.low!r},{cell}<={self.high!r}{whole}))"


def allowed_of(said: str | list[str] | Range, named: Mapping[str, str | list[str] | Range]) -> Allowed:
    """What a template's text allows.

    Raises
    ------
    ValueError
        When it names what is neither of the language nor under [allowed], or its bounds are none.
    """
    if isinstance(said, list):
        if not said or not all(said) or any("," in word or '"' in word for word in said):
            raise ValueError("a list of words has at least one, and none with a comma or a quotation mark")
        if len(",".join(said)) > LONGEST_LIST:
            raise ValueError(f"a list of words is at most {LONGEST_LIST} characters long with its commas")
        return Allowed(words=tuple(said))
    if isinstance(said, Range):
        return _of_range(said)
    if said in named:
        return allowed_of(named[said], {name: value for name, value in named.items() if name != said})
    if said == "venues":
        return Allowed(words=METHODS)
    if said == "date":
        return Allowed(date=True)
    known = [*named, "venues", "date"]
    raise ValueError(
        f"{said!r} is no name of what is allowed{did_you_mean(said, known) or '; there are ' + ', '.join(known)}"
    )


def _of_range(said: Range) -> Allowed:
    if said.length is not None:
        if said.low is not None or said.high is not None or said.whole:
            raise ValueError("length is for texts, from and to are for numbers: one of them")
        return Allowed(length=said.length)
    low, high = 0 if said.low is None else said.low, LARGEST if said.high is None else said.high
    if low > high:
        raise ValueError(f"from {low:g} is above to {high:g}")
    return Allowed(low=low, high=high, whole=said.whole)

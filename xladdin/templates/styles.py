"""The look of every template: colours, fonts, fills and number formats, each in one place.

Colours that carry a meaning are Okabe and Ito's, which people with any kind of colour blindness can tell apart, and
always stand beside a word. Text on them is black, so that its contrast is above 4.5:1.
"""

from __future__ import annotations

import functools
import re

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

MONEY = "#,##0.00"
PRICE = "[<0.01]0.00000000;[<10]0.0000;#,##0.00"  # coins cost from a millionth to a hundred thousand
# Of money or of coins, as the contract has it. With a condition on what is below -100 Calc shows -50 without a minus.
SETTLED = "[<100]#,##0.00####;#,##0.00"
QUANTITY = "[>=100000]#,##0;[>=100]#,##0.00;#,##0.0000"
WHOLE = "#,##0"
PERCENT = "0.00%"
RATE = "0.0000%"
PROBABILITY = '[=0]0%;[<0.0001]"below 0.01%";0.00%'  # nothing that may happen is shown as never
MULTIPLE = '0.0"x"'
RATIO = "0.00"
DIFFERENCE = "0.0E+00"
TEXT = "@"
GENERAL = "General"
DATE = "yyyy-mm-dd"

_LITERAL = re.compile(r'"[^"]*"|\\.')  # what a format shows as it is
_DIGITS = re.compile(r"[0#?@]")
_A_DATE = re.compile(r"(?=.*[ymdhs])([ymdhs:/., -]|\[[hms]+\])+")
_LONGEST_FORMAT = 255
_MOST_SECTIONS = 4

# What a template's text calls each format; any other is one as the spreadsheet writes it, such as 0.000.
FORMATS = {
    "general": GENERAL,
    "money": MONEY,
    "price": PRICE,
    "quantity": QUANTITY,
    "settled": SETTLED,
    "whole": WHOLE,
    "percent": PERCENT,
    "rate": RATE,
    "probability": PROBABILITY,
    "multiple": MULTIPLE,
    "ratio": RATIO,
    "difference": DIFFERENCE,
    "text": TEXT,
    "verdict": TEXT,
    "date": DATE,
}

# How a figure is shown inside a sentence; {0} is its formula.
IN_WORDS = {
    "price": 'TEXT({0},IF({0}<1,"0.00######","#,##0.00"))',  # as many decimals as a price below 1 needs
    "money": 'TEXT({0},"#,##0.00")',
    # Rounded, or what is left of the difference of equal figures would be -0.00.
    "signed": 'TEXT(ROUND({0},2),"+#,##0.00;-#,##0.00;0.00")',
    "whole": 'TEXT({0},"#,##0")',
    "percent": 'TEXT({0},"0.0%")',
    "signed_percent": 'TEXT(ROUND({0},3),"+0.0%;-0.0%;0.0%")',
    "multiple": 'TEXT({0},"0.0\\x")',  # a text in its place stays as it is
    "probability": 'TEXT({0},"[=0]0%;[<0.0001]""below 0.01%"";0.0%")',
    # By the parts of the day: letters such as yyyy are others in every language.
    "date": 'TEXT(YEAR({0}),"0000")&"-"&TEXT(MONTH({0}),"00")&"-"&TEXT(DAY({0}),"00")',
}

BLACK, BLUE, GREEN, ORANGE, VERMILLION, SKY, YELLOW, PURPLE = (
    "000000",
    "0072B2",
    "009E73",
    "E69F00",
    "D55E00",
    "56B4E9",
    "F0E442",
    "CC79A7",
)
WHITE = "FFFFFF"
NAVY = "1B2A41"
INK = "222B38"
QUIET = "5B6675"
LINE = "C9D1DB"
BAND = "E8EDF3"
INPUT_TEXT = "0033CC"
INPUT_FILL = "FFF9D6"
CARD = "F4F7FA"

COLOURS = {
    "black": BLACK,
    "blue": BLUE,
    "green": GREEN,
    "orange": ORANGE,
    "vermillion": VERMILLION,
    "sky": SKY,
    "yellow": YELLOW,
    "purple": PURPLE,
    "grey": QUIET,
}

# The fill behind each word that a person is to notice.
VERDICTS = {
    "SAFE": GREEN,
    "WATCH": ORANGE,
    "DANGER": VERMILLION,
    "OK": GREEN,
    "CHECK": VERMILLION,
}


def is_format(said: str) -> bool:
    """Whether a text is a number format as a spreadsheet writes it, such as 0.000 or yyyy-mm-dd."""
    bare = _LITERAL.sub("", said)
    return (
        len(said) <= _LONGEST_FORMAT
        and '"' not in bare
        and bare.count(";") < _MOST_SECTIONS
        and (_DIGITS.search(bare) is not None or _A_DATE.fullmatch(bare) is not None)
    )


def format_of(name: str) -> str:
    """The number format that a template's text calls by this name, or writes out."""
    return FORMATS.get(name, name)


_THIN = Side(style="thin", color=LINE)
UNDERLINE = Border(bottom=_THIN)
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@functools.cache
def font(
    size: int = 11, *, bold: bool = False, italic: bool = False, underlined: bool = False, colour: str = INK
) -> Font:
    """The one typeface, in a size, weight and colour."""
    underline = "single" if underlined else None
    return Font(name="Calibri", size=size, bold=bold, italic=italic, underline=underline, color=colour)


@functools.cache
def fill(colour: str) -> PatternFill:
    """A plain background."""
    return PatternFill("solid", start_color=colour, end_color=colour)


@functools.cache
def align(horizontal: str | None = None, *, wrap: bool = False, vertical: str = "center", indent: int = 0) -> Alignment:
    """Where text stands in its cell."""
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap, indent=indent)


def text_shown_as(words: str) -> str:
    """A number format under which a cell shows other words than the text in it."""
    quoted = words.replace('"', '"\\""')
    return f';;;"{quoted}"'


@functools.cache
def marked(colour: str) -> DifferentialStyle:
    """How a conditional format shows what it marks."""
    return DifferentialStyle(
        font=Font(bold=True, color=BLACK), fill=PatternFill("solid", start_color=colour, end_color=colour)
    )

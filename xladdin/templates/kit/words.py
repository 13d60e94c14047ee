"""Numbers inside sentences: formulas that give the text of a number, for results in words."""

from __future__ import annotations


def price_text(formula: str) -> str:
    """A price or quantity, with as many decimals as one below 1 needs."""
    return f'TEXT({formula},IF({formula}<1,"0.00######","#,##0.00"))'


def money_text(formula: str) -> str:
    """An amount."""
    return f'TEXT({formula},"#,##0.00")'


def signed_text(formula: str) -> str:
    """A profit or loss with its sign."""
    return f'TEXT({formula},"+#,##0.00;-#,##0.00;0.00")'


def percent_text(formula: str) -> str:
    """A fraction as a percentage."""
    return f'TEXT({formula},"0.0%")'


def signed_percent_text(formula: str) -> str:
    """A return with its sign."""
    return f'TEXT({formula},"+0.0%;-0.0%;0.0%")'


def multiple_text(formula: str) -> str:
    """A leverage."""
    return f'TEXT({formula},"0.0")&"x"'

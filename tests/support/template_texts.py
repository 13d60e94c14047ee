"""Texts of templates, and what of them stands in the built workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from support.command import call


def formula(book: openpyxl.Workbook, name: str) -> str:
    sheet, _, cell = book.defined_names[name].attr_text.rpartition("!")
    return str(book[sheet.strip("'")][cell.replace("$", "")].value)


def tokens(formula: str) -> list[Token]:
    return list(Tokenizer(formula).items)


GOOD = (Path(__file__).parents[1] / "templates" / "good.toml").read_text(encoding="utf-8")


def refused(text: Path, sentences: list[str]) -> None:
    """Neither checked nor built, and the same is said."""
    built = text.with_suffix(".xlsx")
    for arguments in (("check", str(text)), ("build", str(text), "-o", str(built))):
        result = call("template", *arguments)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert result.stderr == "xladdin: " + "\n".join(sentences) + "\n"
    assert not built.exists()

"""Other workbooks that a workbook refers to: computed with what it has stored of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import Make, add_links, filled, make_book, parts, with_parts

from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.one_formula import evaluate
from xladdin.workbook.render import recalculate


def value(path: Path, formula: Any, names: dict[str, str] | None = None) -> Any:
    """What a formula gives in a linked workbook whose input A1 becomes 3."""
    book = add_links(make_book(path / "link.xlsx", {"A1": 2, "A2": formula}, {"one": "S!$A$1", **(names or {})}))
    return recalculate(read_model(book), path / "done.xlsx", {"one": 3.0})[Place("S", 2, 1)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=[1]Prices!$B$2*A1", 15),
        ("=[1]PRICES!b2*A1", 15),
        ("=SUM('[1]My ''Sheet'!$A$1:$A$3)*A1", 33),
        ("=SUM([1]Prices!B:B)", 12),
        ('=VLOOKUP("eth",[1]Prices!A:B,2,FALSE)*A1', 21),
        ("=[1]!rate+A1", 10),
        ("=[1]Prices!C9+A1", 3),  # a blank cell
        ('=[1]Prices!D1&"[1]Prices!B2"', "TRUE[1]Prices!B2"),
        ("=[1]Prices!E1", "#N/A"),
        ("=BITAND([1]Prices!B2,A1+4)", 5),  # by the formula engine
        (("A2:A3", "=[1]Prices!B2:B3*A1"), 15),
    ],
)
def test_a_stored_value_is_computed_with(tmp_path: Path, formula: Any, expected: Any) -> None:
    assert value(tmp_path, formula) == expected


@pytest.mark.parametrize(
    "formula",
    ["=[1]Gone!A1", "=[1]Unknown!A1*A1", "=[2]Prices!A1", "=[3]Prices!A1", "=[1]!Table[x]", "=BITAND([1]Gone!A1,A1)"],
)
def test_what_is_not_stored_is_a_reference_error(tmp_path: Path, formula: str) -> None:
    assert value(tmp_path, formula) == "#REF!"


@pytest.mark.parametrize(
    ("text", "expected"), [("[1]Prices!$B$2", 8), ("[1]Prices!$B$2*2", 13), ("[1]Gone!$A$1", "#REF!")]
)
def test_a_name_may_stand_for_another_workbook(tmp_path: Path, text: str, expected: Any) -> None:
    assert value(tmp_path, "=far+A1", {"far": text}) == expected


def test_a_part_of_a_link_that_is_missing_or_empty_keeps_nobody_out(tmp_path: Path) -> None:
    for changed in (
        {"xl/externalLinks/externalLink1.xml": None},
        {"xl/externalLinks/_rels/externalLink1.xml.rels": None},
    ):
        book = with_parts(add_links(make_book(tmp_path / "b.xlsx", {"A1": 2, "A2": "=[1]Gone!A1"}, {})), changed)
        assert read_model(book).formulas == {Place("S", 2, 1): "=[1]Gone!A1"}


def test_formulas_with_stored_values_are_compiled_like_any(tmp_path: Path) -> None:
    book = add_links(make_book(tmp_path / "b.xlsx", {"A1": 2, "A2": "=[1]Prices!B2*A1"}, {"one": "S!$A$1"}))
    assert compile_model(read_model(book)).fallbacks == {}


def test_the_links_stay_byte_for_byte(tmp_path: Path) -> None:
    value(tmp_path, "=[1]Prices!B2")
    before, after = parts(tmp_path / "link.xlsx"), parts(tmp_path / "done.xlsx")
    kept = ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", *(name for name in before if "externalLink" in name)]
    assert len(kept) == 5
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert b"<externalReference xmlns:r=" in after["xl/workbook.xml"]


@pytest.mark.parametrize("formula", ["=[other.xlsx]S!A1+1", "=[1]S!A1", "=FILTERXML([1]S!A1,A1)", "='[a b.xlsx]S'!A1"])
def test_a_reference_into_another_workbook_has_no_value(make: Make, formula: str) -> None:
    path = make({"A1": 1, "A2": formula}, {"one": "S!$A$1"})
    assert str(filled(path)["A2"].value).startswith("#")
    assert evaluate(formula).startswith("#")

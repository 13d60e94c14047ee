"""References in formulas."""

from __future__ import annotations

import pytest

from xladdin.workbook.references import Area, NoReferenceError, area_of, around_rows, is_external, rewritten, shifted


@pytest.mark.parametrize(
    ("reference", "area"),
    [
        ("B7", Area("S", 7, 2, 7, 2)),
        ("$A$1:$C$9", Area("S", 1, 1, 9, 3)),
        ("C9:A1", Area("S", 1, 1, 9, 3)),
        ("A:B", Area("S", 1, 1, 1_048_576, 2)),
        ("3:4", Area("S", 3, 1, 4, 16_384)),
        ("'It''s'!B7", Area("It's", 7, 2, 7, 2)),
    ],
)
def test_a_reference_is_an_area(reference: str, area: Area) -> None:
    assert area_of(reference, "S") == area


@pytest.mark.parametrize("reference", ["[1]S!A1", "One:Two!A1", "A0", "XFE1", "name", "A1048577"])
def test_what_names_no_cells_here_is_none(reference: str) -> None:
    with pytest.raises(NoReferenceError):
        area_of(reference, "S")


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=A1+$A1+A$1+$A$1", "=B3+$A3+B$1+$A$1"),
        ("=SUM(A1:B2,S!C3)", "=SUM(B3:C4,S!D5)"),
        ('="A1"&A1', '="A1"&B3'),
        ("=A:A+1:1", "=B:B+3:3"),
        ("=SUM($4:$4,$A:$A,$4:5)", "=SUM($4:$4,$A:$A,$4:7)"),
        ("=LOG10(A1)+name", "=LOG10(B3)+name"),
    ],
)
def test_a_formula_two_rows_below_and_one_column_to_the_right(formula: str, moved: str) -> None:
    assert shifted(formula, 2, 1) == moved


def test_a_formula_in_any_row_knows_how_far_each_of_its_cells_is() -> None:
    marked = around_rows("=B8*$C8+D$2+E7", 8)
    assert "".join(str(100 + part) if isinstance(part, int) else part for part in marked) == "=B100*$C100+D$2+E99"


def test_references_alone_are_rewritten() -> None:
    assert rewritten('=IF(é>A1,"A1",A1B)', str.lower) == '=IF(é>a1,"A1",a1b)'


def test_another_workbook_is_told_from_a_table() -> None:
    assert [is_external(text) for text in ("[1]S!A1", "'[a b.xlsx]S'!A1", "T[Amount]", "S!A1")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_whole_column_is_as_long_as_what_is_in_it() -> None:
    assert area_of("A:A", "S").within(9, 3) == Area("S", 1, 1, 9, 1)
    assert area_of("A1:A5", "S").within(2, 1) == Area("S", 1, 1, 5, 1)

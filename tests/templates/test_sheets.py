"""The sheets of every template: their order, protection, print set-up, and that all can be read."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from support.books import value_of

from xladdin import __version__, templates
from xladdin.templates import styles


def test_an_ampersand_in_a_title_is_one_in_the_footer(build: Any) -> None:
    book = build(('title = "Rent"', 'title = "R&D"'))
    assert book["Inputs"].oddFooter.left.text == "R&&D"
    assert book["Inputs"]["B1"].value == "R&D"


SHEETS = ["Dashboard", "Inputs", "Calculations", "Checks", "Read me"]


def test_sheets(built: Any) -> None:
    """The five in their order; a sheet of its own, after Inputs, may hold a table that grows."""
    holding = [sheet.title for sheet in built.formulas.worksheets if sheet.tables]
    assert built.formulas.sheetnames == [*SHEETS[:2], *holding, *SHEETS[2:]]
    assert all(sheet.sheet_state == "visible" for sheet in built.formulas.worksheets)


def test_each_sheet_leads_to_every_other(built: Any) -> None:
    titles = built.formulas.sheetnames
    for sheet in built.formulas.worksheets:
        linked = [cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink]
        assert linked == [f"'{title}'!A1" for title in titles if title != sheet.title]


def test_links_stand_together_below_the_flag(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        rows = {cell.row for row in sheet.iter_rows(max_row=4) for cell in row if cell.hyperlink}
        assert rows in ({3}, {3, 4}) or sheet.title == "Read me"
        # What is below two lines of links keeps its distance from them.
        assert (sheet.row_dimensions[4].height or 17) >= (24 if 4 in rows else 17)


def test_nothing_merged_or_hidden(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        assert not sheet.merged_cells.ranges
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())


def test_no_release_is_named_so_that_none_rewrites_the_file(built: Any) -> None:
    """Its number would stand in a cell's text or in a footer."""
    assert not [place for place, cell in built.cells() if __version__ in str(cell.value)]
    for sheet in built.formulas.worksheets:
        assert __version__ not in str(sheet.oddFooter.right.text)


def test_formulas_are_locked_and_sheets_protected_without_password(built: Any) -> None:
    assert not [place for place, cell in built.formula_cells() if not cell.protection.locked]
    for sheet in built.formulas.worksheets:
        assert sheet.protection.sheet == (not sheet.tables)  # a table on a protected sheet can't grow
        assert not sheet.protection.password


def test_labels_units_and_notes_are_not_cut_off(built: Any) -> None:
    """A text that has a filled neighbour fits its column, whose width is counted in digits: letters are narrower."""
    for title in ("Inputs", "Checks", "Read me"):
        sheet = built.formulas[title]
        for row in sheet.iter_rows(min_row=5):
            for cell, right in itertools.pairwise(row):
                if isinstance(cell.value, str) and cell.data_type != "f" and right.value is not None:
                    room = sheet.column_dimensions[cell.column_letter].width * (0.95 if cell.font.b else 1.2)
                    assert max(map(len, cell.value.split("\n"))) <= room, f"{title}!{cell.coordinate}: {cell.value}"


def test_a_heading_and_its_unit_are_a_line_each(built: Any) -> None:
    """A third line is cut off."""
    sheet = built.formulas["Calculations"]
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            if isinstance(cell.value, str) and "\n" in cell.value:
                room = sheet.column_dimensions[cell.column_letter].width * 1.15
                assert max(map(len, cell.value.split("\n"))) <= room, f"{cell.coordinate}: {cell.value}"


def test_what_is_on_a_card_is_not_cut_off(built: Any) -> None:
    """Its label and, as it is computed with the example, its caption."""
    sheet = built.values["Dashboard"]
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            if isinstance(cell.value, str) and cell.fill.fill_type == "solid":
                room = sheet.column_dimensions[cell.column_letter].width * 11 / cell.font.sz
                assert len(cell.value) <= room, f"{cell.coordinate}: {cell.value}"


def printed_scale(sheet: Any) -> float:
    """How small a sheet is on A4: 7 pixels a character and 5 around it, rows of 17 points, margins as they are set."""
    _, _, right, bottom = range_boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))
    columns = [sheet.column_dimensions[get_column_letter(column)].width for column in range(1, right + 1)]
    inches = [(7 * width + 5) / 96 for width in columns]
    page, margins = sheet.page_setup, sheet.page_margins
    across, down = (11.69, 8.27) if page.orientation == "landscape" else (8.27, 11.69)
    again = sum(inches[:4]) * (page.fitToWidth - 1)
    scale = (across - margins.left - margins.right) * page.fitToWidth / (sum(inches) + again)
    if page.fitToHeight:
        height = sum(sheet.row_dimensions[row].height or 17 for row in range(1, bottom + 1)) / 72
        scale = min(scale, (down - margins.top - margins.bottom) * page.fitToHeight / height)
    return min(1.0, scale)


def test_print_set_up(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        assert sheet.print_area
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert printed_scale(sheet) >= 0.6, sheet.title  # else pages side by side, or one below the other
        assert sheet.print_title_rows
        assert sheet.oddFooter.center.text


def test_a_note_above_a_wide_list_is_not_cut_off_on_its_second_page() -> None:
    """What runs over the columns that stand on each page again is cut there; each page says which row is which."""
    sheet = openpyxl.load_workbook(templates.workbook_path("positions"))["Positions"]
    assert sheet.page_setup.fitToWidth > 1
    assert sheet.print_title_cols == "$A:$D"
    head = sheet[sheet.tables["positions"].ref][0]
    assert [cell.value for cell in head[:3]] == ["Symbol", "Venue", "Side"]
    notes = [cell for row in sheet[f"B4:AL{head[0].row - 1}"] for cell in row if cell.value]
    assert {cell.column_letter for cell in notes} == {"E"}
    assert len(notes) > 3


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (10131.9855, "10,131.99"),
        (-18220.571234, "-18,220.571234"),
        (82.177675, "82.177675"),
        (-50.25, "-50.25"),
        (0.000215, "0.000215"),
        (0, "0.00"),
    ],
)
def test_an_amount_of_money_or_coins_has_the_digits_that_its_size_needs(
    tmp_path: Path, value: float, shown: str
) -> None:
    assert value_of(tmp_path, f'=TEXT({value},"{styles.format_of("settled")}")', {}) == shown

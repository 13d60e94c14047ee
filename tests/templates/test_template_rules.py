"""What every template keeps to, checked on the built files."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries

from xladdin import __version__

SHEETS = ["Dashboard", "Inputs", "Calculations", "Checks", "Read me"]
STRUCTURAL = {"INDEX", "MATCH", "ROUND", "ROUNDUP", "ROUNDDOWN", "LOOKUP", "XLOOKUP", "VLOOKUP", "LARGE", "SMALL"}
STRUCTURAL |= {"LEFT", "RIGHT", "MID", "DATE", "SEQUENCE", "CHOOSE", "LOG", "RANK"}
VOLATILE = {"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"}
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def tokens(formula: str) -> list[Token]:
    return list(Tokenizer(formula).items)


def loose_numbers(formula: str) -> Iterator[str]:
    """The numbers other than 0 and 1 that are not arguments of a structural function."""
    calls: list[str] = []
    for token in tokens(formula):
        if token.type in (Token.FUNC, Token.PAREN, Token.ARRAY):
            if token.subtype == Token.OPEN:
                calls.append(token.value.rstrip("({").upper())
            elif token.subtype == Token.CLOSE:
                calls.pop()
        elif (
            token.type == Token.OPERAND
            and token.subtype == Token.NUMBER
            and float(token.value) not in (0, 1)
            and not (calls and calls[-1] in STRUCTURAL)
        ):
            yield token.value


def test_loose_numbers_are_found() -> None:
    assert list(loose_numbers("=A1*2")) == ["2"]
    assert list(loose_numbers("=IF(A1>0,ROUND(A1*1,2),-1)")) == []
    assert list(loose_numbers("=INDEX(A1:C3,(A1*3),2)")) == ["3"]


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


def test_the_flag_is_quiet_when_all_checks_pass_and_loud_when_not(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        assert (sheet["B3"].font.sz, sheet["B3"].fill.fill_type) == (9, None)
        (rule,) = [rule for cells in sheet.conditional_formatting if "B3" in cells.sqref for rule in cells.rules]
        assert rule.formula == ['LEFT($B$3,3)<>"ALL"']


def test_charts_end_before_the_edge_of_the_print(built: Any) -> None:
    sheet = built.formulas["Dashboard"]
    _, _, right, bottom = range_boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))
    for chart in sheet._charts:
        assert chart.anchor.to.col < right  # counted from 0: the frame ends where a further column begins
        assert chart.anchor.to.row < bottom


def test_charts_keep_the_values_of_their_cells(built: Any) -> None:
    """A previewer draws what is stored in the chart."""
    with zipfile.ZipFile(built.path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    for text in charts:
        sources = re.findall(r"<f>[^<]*</f><(?:num|str)Cache>.*?</(?:num|str)Cache>", text)
        assert len(sources) == text.count("<f>")
        assert all("<pt idx" in source for source in sources)


def test_nothing_merged_or_hidden(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        assert not sheet.merged_cells.ranges
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())


def test_no_constant_in_a_formula(built: Any) -> None:
    found = {place: list(loose_numbers(text_of(cell))) for place, cell in built.formula_cells()}
    assert not {place: numbers for place, numbers in found.items() if numbers}


def test_no_release_is_named_so_that_none_rewrites_the_file(built: Any) -> None:
    """Its number would stand in a cell's text or in a footer."""
    assert not [place for place, cell in built.cells() if __version__ in str(cell.value)]
    for sheet in built.formulas.worksheets:
        assert __version__ not in str(sheet.oddFooter.right.text)


def text_of(cell: Any) -> str:
    """A cell's formula, that of an array formula too."""
    return str(getattr(cell.value, "text", cell.value))


def test_no_volatile_function(built: Any) -> None:
    for place, cell in built.formula_cells():
        called = {token.value.rstrip("(").upper() for token in tokens(text_of(cell)) if token.type == Token.FUNC}
        assert not called & VOLATILE, place


def test_no_function_of_ours_straight_in_a_maximum(built: Any) -> None:
    """Calc leaves an error of ours out of a MAX or MIN, and makes FALSE of it in NOT; within SUM it keeps it."""
    losing = {"MAX", "MIN", "MAXA", "MINA", "NOT"}
    for place, cell in built.formula_cells():
        assert losing.isdisjoint(around_ours(text_of(cell))), place


def around_ours(formula: str) -> Iterator[str]:
    """The function that each of ours stands in; IF hands on what is in it."""
    calls: list[str] = []
    for token in tokens(formula):
        if token.type in (Token.FUNC, Token.PAREN, Token.ARRAY):
            if token.subtype == Token.OPEN:
                name = token.value.rstrip("({").upper()
                if name.startswith("LEV_"):
                    yield next((call for call in reversed(calls) if call not in ("", "IF")), "")
                calls.append(name)
            elif token.subtype == Token.CLOSE:
                calls.pop()


def test_what_is_around_ours_is_found() -> None:
    assert list(around_ours("=MAX(0,IF(A1>0,(LEV_SIZE(1,LEV_RATIO(2,1))-1),0))")) == ["MAX", "LEV_SIZE"]
    assert list(around_ours("=MAX(0,SUM(LEV_SIZE(1,2),-1))+LEV_SIZE(1,2)")) == ["SUM", ""]


def test_every_formula_has_a_value_and_none_is_an_error(built: Any) -> None:
    for place, cell in built.formula_cells():
        value = built.values[cell.parent.title][cell.coordinate].value
        assert value is not None, place
        assert not str(value).startswith("#"), (place, value)


def test_formulas_are_locked_and_sheets_protected_without_password(built: Any) -> None:
    assert not [place for place, cell in built.formula_cells() if not cell.protection.locked]
    for sheet in built.formulas.worksheets:
        assert sheet.protection.sheet == (not sheet.tables)  # a table on a protected sheet can't grow
        assert not sheet.protection.password


def test_every_input_has_validation_with_a_prompt(built: Any) -> None:
    places = list(built.input_cells())
    assert places
    for place, cell in places:
        (rule,) = [rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref]
        assert rule.type, place
        assert rule.showInputMessage, place
        assert rule.showErrorMessage, place
        assert rule.prompt, place
        assert len(rule.promptTitle) <= 32, place
        assert len(rule.prompt) <= 255, place


def test_names(built: Any) -> None:
    """Each name is one cell, an unlocked value (an input) or a formula (an output), or a range of unlocked cells."""
    for name, defined in built.formulas.defined_names.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
        title, _, reference = defined.attr_text.rpartition("!")
        left, top, right, bottom = range_boundaries(reference)
        sheet = built.formulas[title.strip("'")]
        if (left, top) == (right, bottom):
            cell = sheet.cell(top, left)
            assert (cell.data_type == "f") == cell.protection.locked, name
        else:
            block = sheet.iter_rows(top, bottom, left, right)
            assert not any(cell.protection.locked for row in block for cell in row), name


def test_labels_units_and_notes_are_not_cut_off(built: Any) -> None:
    """A text that has a filled neighbour fits its column."""
    sheet = built.formulas["Inputs"]
    for row in sheet.iter_rows(min_row=5):
        for cell, right in itertools.pairwise(row):
            if isinstance(cell.value, str) and cell.data_type != "f" and right.value is not None:
                width = sheet.column_dimensions[cell.column_letter].width
                assert len(cell.value) <= width + 3, f"{cell.coordinate}: {cell.value}"


def test_overall_flag_on_every_sheet(built: Any) -> None:
    for sheet in built.values.worksheets:
        assert sheet["B3"].value == "ALL CHECKS PASS"


def test_at_least_six_checks_against_native_formulas(built: Any) -> None:
    sheet = built.formulas["Checks"]
    natives = [
        row[3].value for row in sheet.iter_rows() if row[5].data_type == "f" and str(row[3].value).startswith("=")
    ]
    assert len(natives) >= 6
    assert not [formula for formula in natives if "LEV_" in formula]


def test_print_set_up(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        assert sheet.print_area
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1 or sheet.tables  # a wide list is printed on pages side by side
        assert sheet.print_title_rows
        assert sheet.oddFooter.center.text


def test_read_me(built: Any) -> None:
    words = [str(row[0]) for row in built.values["Read me"].iter_rows(min_col=2, max_col=2, values_only=True)]
    for part in ("Purpose", "In three steps", "Colours", "Assumptions", "Limits", "Functions", "Format", "Not advice"):
        assert part in words


def test_charts_have_titles_axes_and_alternative_text(built: Any) -> None:
    with zipfile.ZipFile(built.path) as archive:
        charts = [name for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        drawings = [name for name in archive.namelist() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]
        assert charts
        for name in charts:
            check_chart(ElementTree.fromstring(archive.read(name)))
        described = [
            frame.get("descr", "")
            for name in drawings
            for frame in ElementTree.fromstring(archive.read(name)).iter(f"{DRAWING}cNvPr")
        ]
    assert len(described) == len(charts)
    assert all(len(text) > 30 for text in described)


def check_chart(root: ElementTree.Element) -> None:
    assert root.find(f"{CHART}chart/{CHART}title") is not None
    axes = [axis for kind in ("valAx", "catAx", "dateAx") for axis in root.iter(f"{CHART}{kind}")]
    assert len(axes) >= 2
    for axis in axes:
        deleted = axis.find(f"{CHART}delete")
        assert deleted is not None
        assert deleted.get("val") == "0"
        title = axis.find(f"{CHART}title")
        assert title is not None
        words = "".join(title.itertext())
        assert re.search(r"\(.+\)", words), f"axis {words!r} has no unit"


def relative_luminance(colour: str) -> float:
    channels = [int(colour[-6:][place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, paper: str) -> float:
    lighter, darker = sorted((relative_luminance(ink), relative_luminance(paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_text(built: Any) -> None:
    for place, cell in built.cells():
        paper = cell.fill.start_color.rgb if cell.fill.fill_type == "solid" else "FFFFFFFF"
        assert contrast(str(cell.font.color.rgb), str(paper)) >= 4.5, place


def test_contrast_of_marked_text(built: Any) -> None:
    for sheet in built.formulas.worksheets:
        for cells in sheet.conditional_formatting:
            for rule in cells.rules:
                if rule.dxf is not None:
                    ink, paper = rule.dxf.font.color.rgb, rule.dxf.fill.start_color.rgb
                    assert contrast(ink, paper) >= 4.5, f"{sheet.title}!{cells.sqref}"

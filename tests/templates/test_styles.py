"""Colours: all that is written can be read."""

from __future__ import annotations

from typing import Any


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

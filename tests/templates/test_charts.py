"""Charts."""

from __future__ import annotations

import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl.utils import range_boundaries

from xladdin import templates

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


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


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("liquidation-probability", "Where the price may go, and where you are liquidated"),
        ("liquidation-probability", "Probability by day, at your leverage"),
        ("position-sizing", "What a losing run leaves of the account"),
    ],
)
def test_an_axis_of_time_or_losses_ends_with_its_figures(name: str, title: str) -> None:
    """Lines over categories go from edge to edge; of points the axis has the last one as its end."""
    with zipfile.ZipFile(templates.workbook_path(name)) as archive:
        parts = [part for part in archive.namelist() if part.startswith("xl/charts/chart")]
        roots = [ElementTree.fromstring(archive.read(part)) for part in parts]
    (chart,) = [
        root
        for root in roots
        if any("".join(each.itertext()).strip() == title for each in root.iterfind(f"{CHART}chart/{CHART}title"))
    ]
    if next(chart.iter(f"{CHART}lineChart"), None) is not None:
        (crossing,) = chart.iter(f"{CHART}crossBetween")
        assert crossing.get("val") == "midCat"
        return
    xs = [float(value.text or "") for line in chart.iter(f"{CHART}xVal") for value in line.iter(f"{CHART}v")]
    across = next(chart.iter(f"{CHART}valAx"))
    end = across.find(f"{CHART}scaling/{CHART}max")
    assert end is not None
    assert float(end.get("val", "")) == max(xs)

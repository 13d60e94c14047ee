"""Charts: titles, units and both axes always shown, lines that can be told apart without colour."""

from __future__ import annotations

import itertools
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import AreaChart, BarChart, LineChart, ScatterChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as ChartSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from xladdin.templates.language import Chart, ChartAxis, Series
from xladdin.templates.meaning import Meaning
from xladdin.templates.places import Area
from xladdin.templates.styles import BLACK, COLOURS, INK, LINE, QUIET, format_of
from xladdin.workbook.builtins.number_formats import formatter

_POSITIONS = {"above": "t", "below": "b", "left": "l", "right": "r"}
_DASHES = {"solid": "solid", "dashed": "dash", "long dashed": "lgDash", "dotted": "sysDot"}


def chart_of(said: Chart, meaning: Meaning, workbook: Workbook) -> Any:
    """A chart that can be placed on a sheet of a workbook whose cells are written."""
    made = _empty(said.kind)
    made.title = _title(said.title, 1400, bold=True)
    made.title.overlay = False
    made.display_blanks = "gap"
    made.roundedCorners = False
    made.legend.position = "b"
    made.legend.overlay = False
    made.legend.txPr = _text_style(1000)
    _style_axis(made.x_axis, said.x, "General")
    _style_axis(made.y_axis, said.y, "#,##0")
    made.x_axis.tickLblPos = made.y_axis.tickLblPos = "low"  # at the edge, also where values go below zero
    made.x_axis.majorGridlines = None
    made.legend.legendEntry = [
        LegendEntry(idx=place, delete=True) for place, line in enumerate(said.lines) if line.label
    ]
    own = [line for line in said.lines if not line.kind]
    made.series = [_series(said.kind, line, place, meaning, workbook) for place, line in enumerate(own)]
    over = [line for line in said.lines if line.kind]
    if over:
        added = LineChart()
        added.series = [_series("line", line, place, meaning, workbook) for place, line in enumerate(over, len(own))]
        made += added
    made.alternative_text = said.alternative_text
    return made


def _empty(kind: str) -> Any:
    match kind:
        case "scatter":
            made: Any = ScatterChart()
            made.scatterStyle = "lineMarker"
        case "line":
            made = LineChart()
            made.y_axis.crossBetween = "midCat"  # the lines begin and end at the edges
        case "column" | "stacked column":
            made = BarChart()
            made.type = "col"
            made.gapWidth = 60
        case "area" | "stacked area":
            made = AreaChart()
    if kind.startswith("stacked"):
        made.grouping = "stacked"
    if kind == "stacked column":
        made.overlap = 100
    return made


def _series(kind: str, line: Series, place: int, meaning: Meaning, workbook: Workbook) -> Any:
    """One series of a chart; in charts of categories `x` may be a column of texts."""
    area = meaning.references.area
    name = SeriesLabel(strRef=_texts(area(line.name_from), workbook)) if line.name_from else SeriesLabel(v=line.name)
    of_x = area(line.x)
    x = (
        AxDataSource(strRef=_texts(of_x, workbook))
        if meaning.is_text(line.x)
        else AxDataSource(numRef=_numbers(of_x, workbook))
    )
    y = NumDataSource(numRef=_numbers(area(line.y), workbook))
    if kind == "scatter":
        made: Any = XYSeries(idx=place, order=place, tx=name, xVal=x, yVal=y)
    else:
        made = ChartSeries(idx=place, order=place, tx=name, cat=x, val=y)
    colour = COLOURS[line.colour]
    made.smooth = False if kind in ("scatter", "line") else None
    if kind in ("scatter", "line"):
        made.spPr = GraphicalProperties(ln=_line_style(line, colour))
        made.marker = _marker(line, colour)
        made.dLbls = _label(line) if line.label else None
    else:
        made.spPr = GraphicalProperties(solidFill=colour)
        made.spPr.ln = LineProperties(solidFill=colour, w=9525)
    return made


def _label(line: Series) -> DataLabelList:
    """The name of a series beside its marks."""
    return DataLabelList(
        dLblPos=_POSITIONS[line.label],
        showSerName=True,
        showVal=False,
        showCatName=False,
        showLegendKey=False,
        showPercent=False,
        showBubbleSize=False,
        txPr=_text_style(900),
    )


def _numbers(area: Area, workbook: Workbook) -> NumRef:
    """Cells of numbers, with room for what formulas will give: a previewer computes none."""
    rows = workbook[area.sheet].iter_rows(area.top, area.bottom, area.left, area.right, values_only=True)
    values = itertools.chain.from_iterable(rows)
    known = [NumVal(idx=place, v=value) for place, value in enumerate(values) if isinstance(value, (int, float))]
    return NumRef(f=area.address, numCache=NumData(formatCode="General", ptCount=area.count, pt=known))


def _texts(area: Area, workbook: Workbook) -> StrRef:
    """Cells of texts, and of numbers as they are shown."""
    cells = itertools.chain.from_iterable(workbook[area.sheet].iter_rows(area.top, area.bottom, area.left, area.right))
    known = [
        StrVal(idx=place, v=cell.value if isinstance(cell.value, str) else formatter(cell.number_format)(cell.value))
        for place, cell in enumerate(cells)
        if cell.value is not None and cell.data_type != "f"
    ]
    return StrRef(f=area.address, strCache=StrData(ptCount=area.count, pt=known))


def _line_style(line: Series, colour: str) -> LineProperties:
    if not line.width:
        return LineProperties(noFill=True)
    return LineProperties(solidFill=colour, w=int(line.width * 12700), prstDash=_DASHES[line.dash])


def _marker(line: Series, colour: str) -> Marker:
    if not line.mark:
        return Marker(symbol="none")
    outline = LineProperties(solidFill=BLACK, w=9525)
    return Marker(symbol=line.mark, size=line.size, spPr=GraphicalProperties(solidFill=colour, ln=outline))


def _style_axis(axis: Any, said: ChartAxis, otherwise: str) -> None:
    axis.title = _title(said.title, 1000, bold=False)
    axis.title.overlay = False
    axis.number_format = format_of(said.format) if said.format else otherwise
    axis.numFmt.sourceLinked = False
    axis.delete = False
    axis.txPr = _text_style(900)
    axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=QUIET, w=9525))
    if axis.majorGridlines is not None:
        axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350))
    axis.scaling.min, axis.scaling.max, axis.majorUnit = said.least, said.most, said.step
    if said.logarithmic:
        axis.scaling.logBase = 10
    if said.at_least:
        axis.crosses = "min"


def _characters(size: int, bold: bool) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=INK, latin=Font(typeface="Calibri"))


def _title(words: str, size: int, *, bold: bool) -> Title:
    characters = _characters(size, bold)
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=characters), r=[RegularTextRun(rPr=characters, t=words)], endParaRPr=None
    )
    title = Title()
    title.tx = _rich(paragraph)
    return title


def _rich(paragraph: Paragraph) -> Any:
    return Text(rich=RichText(bodyPr=RichTextProperties(), p=[paragraph]))


def _text_style(size: int) -> RichText:
    characters = _characters(size, bold=False)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=characters), endParaRPr=characters)])

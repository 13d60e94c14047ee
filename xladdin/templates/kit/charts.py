"""Charts: titles, units and both axes always shown, lines that can be told apart without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from openpyxl.chart import AreaChart, BarChart, LineChart, ScatterChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel, XYSeries
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

from xladdin.templates.kit.styles import BLACK, BLUE, INK, LINE, QUIET

Kind = Literal["scatter", "line", "column", "stacked column", "area", "stacked area"]
Mark = Literal["circle", "diamond", "triangle", "square", "x"]
Dash = Literal["solid", "dash", "sysDot", "lgDash"]


@dataclass(frozen=True)
class Line:
    """One series: what it is called, where its numbers are, and how it looks.

    `name` is a text, or the address of a cell that holds it ("Calculations!$B$4"). `x` and `y` are addresses of
    ranges; in charts of categories `x` is the same for all, and `words` says that it holds texts. `mark` alone
    (width 0) draws points without a line.
    """

    name: str
    x: str
    y: str
    colour: str = BLUE
    dash: Dash = "solid"
    mark: Mark | None = None
    width: float = 2.25
    size: int = 9
    words: bool = False


def chart(
    kind: Kind,
    title: str,
    x_title: str,
    y_title: str,
    lines: list[Line],
    *,
    alternative_text: str,
    x_format: str = "General",
    y_format: str = "#,##0",
) -> Any:
    """A chart that can be placed on a sheet; `x_title` and `y_title` say their units."""
    made = _empty(kind)
    made.title = _title(title, 1400, bold=True)
    made.title.overlay = False
    made.display_blanks = "gap"
    made.roundedCorners = False
    made.legend.position = "b"
    made.legend.overlay = False
    made.legend.txPr = _text_style(1000)
    _style_axis(made.x_axis, x_title, x_format)
    _style_axis(made.y_axis, y_title, y_format)
    made.x_axis.tickLblPos = made.y_axis.tickLblPos = "low"  # at the edge, also where values go below zero
    made.x_axis.majorGridlines = None
    made.series = [_series(kind, line, place) for place, line in enumerate(lines)]
    made.alternative_text = alternative_text
    return made


def _empty(kind: Kind) -> Any:
    match kind:
        case "scatter":
            made: Any = ScatterChart()
            made.scatterStyle = "lineMarker"
        case "line":
            made = LineChart()
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


def _series(kind: Kind, line: Line, place: int) -> Any:
    name = SeriesLabel(strRef=StrRef(line.name)) if "!" in line.name else SeriesLabel(v=line.name)
    x = AxDataSource(strRef=StrRef(line.x)) if line.words else AxDataSource(numRef=NumRef(f=line.x))
    y = NumDataSource(numRef=NumRef(f=line.y))
    if kind == "scatter":
        made: Any = XYSeries(idx=place, order=place, tx=name, xVal=x, yVal=y)
    else:
        made = Series(idx=place, order=place, tx=name, cat=x, val=y)
    made.smooth = False if kind in ("scatter", "line") else None
    if kind in ("scatter", "line"):
        made.spPr = GraphicalProperties(ln=_line_style(line))
        made.marker = _marker(line)
    else:
        made.spPr = GraphicalProperties(solidFill=line.colour)
        made.spPr.ln = LineProperties(solidFill=line.colour, w=9525)
    return made


def _line_style(line: Line) -> LineProperties:
    if not line.width:
        return LineProperties(noFill=True)
    return LineProperties(solidFill=line.colour, w=int(line.width * 12700), prstDash=line.dash)


def _marker(line: Line) -> Marker:
    if line.mark is None:
        return Marker(symbol="none")
    outline = LineProperties(solidFill=BLACK, w=9525)
    return Marker(symbol=line.mark, size=line.size, spPr=GraphicalProperties(solidFill=line.colour, ln=outline))


def _style_axis(axis: Any, title: str, number_format: str) -> None:
    axis.title = _title(title, 1000, bold=False)
    axis.title.overlay = False
    axis.number_format = number_format
    axis.numFmt.sourceLinked = False
    axis.delete = False
    axis.txPr = _text_style(900)
    axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=QUIET, w=9525))
    if axis.majorGridlines is not None:
        axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350))


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

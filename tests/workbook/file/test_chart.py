"""The values that a chart keeps are those of its cells, whatever they become."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName
from support.inputs import every_template, random_inputs

from xladdin import templates
from xladdin.workbook import columns, compute
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import Renderer

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
TAG = f"{{{CHART}}}"
STALE = "-12345"
FORMS = [("c", False), ("", True)]  # the prefix of the tags, and whether each has a line of its own
SHEET = "It's <a sheet> & more"


def is_chart(part: str) -> bool:
    return re.fullmatch(r"xl/charts/chart\d+\.xml", part) is not None


def with_charts(path: Path, target: Path, change: Any) -> Path:
    """A copy of a workbook whose charts' XML is changed."""
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            data = before.read(part)
            after.writestr(part, change(data) if is_chart(part) else data)
    return target


def with_stale_values(chart: bytes, *, prefix: str = "c", lines: bool = False) -> bytes:
    """A chart that keeps a value of long ago, with the format of the axis, for the first cell of each reference."""
    ElementTree.register_namespace("c", CHART)
    root = ElementTree.fromstring(chart)
    for kind in ("num", "str"):
        for reference in root.iter(f"{TAG}{kind}Ref"):
            cache = ElementTree.SubElement(reference, f"{TAG}{kind}Cache")
            if kind == "num":
                ElementTree.SubElement(cache, f"{TAG}formatCode").text = "0.00"
            ElementTree.SubElement(cache, f"{TAG}ptCount", val="1")
            point = ElementTree.SubElement(cache, f"{TAG}pt", idx="0")
            ElementTree.SubElement(point, f"{TAG}v").text = STALE
    if lines:
        ElementTree.indent(root)
    written = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return written if prefix else re.sub(rb"(</?)c:|(xmlns):c(?==)", rb"\1\2", written)


def rendered(model: Model, given: dict[str, list[Any]], count: int) -> list[bytes]:
    """The reports of a workbook for sets of inputs, made as one batch."""
    plan = compile_model(model)
    inputs = {name: columns.from_values(values) for name, values in given.items()}
    return list(Renderer(plan).render(compute.evaluate(plan, inputs, count), count))


def kept(report: bytes) -> dict[tuple[str, int], tuple[str, str, int, dict[int, str]]]:
    """Of each reference of each chart: its kind, its cells, and the count and values that are kept of them."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        for part in filter(is_chart, archive.namelist()):
            for element in ElementTree.fromstring(archive.read(part)).iter():
                cache = next((child for child in element if child.tag.endswith("Cache")), None)
                if cache is not None:
                    points = {int(point.attrib["idx"]): point[0].text or "" for point in cache.iter(f"{TAG}pt")}
                    (count,) = (int(each.attrib["val"]) for each in cache.iter(f"{TAG}ptCount"))
                    reference = element.findtext(f"{TAG}f") or ""
                    found[part, len(found)] = cache.tag.removeprefix(TAG), reference, count, points
    return found


def in_cells(book: Any, reference: str) -> list[Any]:
    """What a workbook holds in the cells of a chart's reference."""
    title, _, cells = reference.rpartition("!")
    sheet = book[title[1:-1].replace("''", "'") if title.startswith("'") else title]
    left, top, right, bottom = range_boundaries(cells)
    return [cell for row in sheet.iter_rows(top, bottom, left, right) for cell in row]


def expected(kind: str, cells: list[Any]) -> dict[int, str | float]:
    """The values to keep: as a number only what is one, as a label all that is not blank."""
    if kind == "numCache":
        return {
            index: to_excel(cell.value) if cell.data_type == "d" else float(cell.value)
            for index, cell in enumerate(cells)
            if cell.data_type in ("n", "d") and cell.value is not None
        }
    return {index: shown(cell.value) for index, cell in enumerate(cells) if cell.value is not None}


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else f"{value:.15g}"


def check(report: bytes, model: Model) -> int:
    """Hold what the charts of a report keep of changing cells against the cells; gives the number of gaps."""
    changing = {*model.value_places(), *(item.place for item in model.inputs.values())}
    book = openpyxl.load_workbook(io.BytesIO(report), data_only=True)
    gaps = []
    for kind, reference, count, points in kept(report).values():
        cells = in_cells(book, reference)
        if changing.isdisjoint(Place(cell.parent.title, cell.row, cell.column) for cell in cells):
            continue
        found = {index: float(text) for index, text in points.items()} if kind == "numCache" else points
        assert (reference, found) == (reference, expected(kind, cells))
        assert (reference, count) == (reference, len(cells))
        gaps.append(count - len(points))
    assert gaps
    return sum(gaps)


@every_template
def test_a_report_keeps_the_values_of_its_cells(name: str, tmp_path: Path) -> None:
    prefix, lines = FORMS[templates.names().index(name) % len(FORMS)]
    template = with_charts(
        templates.find(name), tmp_path / "kept.xlsx", lambda xml: with_stale_values(xml, prefix=prefix, lines=lines)
    )
    model = read_model(template)
    given = {input_: [*values, "n/a"] for input_, values in random_inputs(model, 1).items()}
    usual, bad = rendered(model, given, 2)
    check(usual, model)
    assert check(bad, model) > 0


OWN = {
    "B1": 2.5,
    "B2": "=10/x",
    "B3": '=IF(x=0,"none",x)',
    "B5": "=x>1",
    "B6": "=x",
    "C1": "=x/3",
    "C2": '="a <b> & "&x',
    "C3": "=x>1",
    "C4": "=1/x",
    "C6": "=x*100",
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workbook of a user's own: a chart of column B, a blank in it, with column C for its labels."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet["A1"] = 1
    for place, value in OWN.items():
        sheet[place] = value
    quoted = SHEET.replace("'", "''")
    book.defined_names["x"] = DefinedName("x", attr_text=f"'{quoted}'!$A$1")
    chart = BarChart()
    series = Series(Reference(sheet, min_col=2, min_row=1, max_row=6), title_from_data=False)
    chart.append(series)
    chart.set_categories(Reference(sheet, min_col=3, min_row=1, max_row=6))
    sheet.add_chart(chart, "E1")
    book.save(tmp_path / "own.xlsx")
    return tmp_path / "own.xlsx"


def labelled(chart: bytes) -> bytes:
    """The chart with labels of text, as a spreadsheet writes them where one of the cells holds text."""
    return re.sub(rb"(<(?:c:)?cat>.*?)numRef(.*?)numRef", rb"\1strRef\2strRef", chart, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("x", "points"),
    [(4.0, {0: "2.5", 1: "2.5", 2: "4.0", 5: "4.0"}), (0.0, {0: "2.5", 5: "0.0"}), ("n/a", {0: "2.5"})],
)
def test_what_is_no_number_is_a_gap_and_a_label_is_any_text(
    own: Path, tmp_path: Path, x: Any, points: dict[int, str]
) -> None:
    template = with_charts(own, tmp_path / "kept.xlsx", lambda xml: with_stale_values(labelled(xml)))
    model = read_model(template)
    (report,) = rendered(model, {"x": [x]}, 1)
    check(report, model)
    values, labels = sorted(kept(report).values())
    assert values == ("numCache", "'It''s <a sheet> & more'!$B$1:$B$6", 6, points)
    assert labels[0] == "strCache"


def test_an_entity_of_any_kind_in_a_reference_is_read(own: Path, tmp_path: Path) -> None:
    template = with_charts(
        own,
        tmp_path / "kept.xlsx",
        lambda xml: with_stale_values(xml).replace(b"It''s", b"It&#39;&apos;s").replace(b"more'", b"more&#x27;"),
    )
    assert b"&#39;" in zipfile.ZipFile(template).read("xl/charts/chart1.xml")
    model = read_model(template)
    check(*rendered(model, {"x": [4.0]}, 1), model)


def test_a_chart_that_keeps_nothing_stays_as_it_is(own: Path) -> None:
    (report,) = rendered(read_model(own), {"x": [4.0]}, 1)
    with zipfile.ZipFile(own) as before, zipfile.ZipFile(io.BytesIO(report)) as after:
        assert after.read("xl/charts/chart1.xml") == before.read("xl/charts/chart1.xml")


def test_what_is_kept_of_another_workbook_and_of_a_count_that_is_not_said(own: Path, tmp_path: Path) -> None:
    def changed(xml: bytes) -> bytes:
        labels, values, rest = with_stale_values(xml).partition(b"<c:val>")
        labels = labels.replace(b"'It''s &lt;a sheet&gt; &amp; more'", b"[1]Sheet1")
        return labels + values + re.sub(rb"<c:ptCount [^>]*/>", b"", rest)

    template = with_charts(own, tmp_path / "kept.xlsx", changed)
    (report,) = rendered(read_model(template), {"x": [4.0]}, 1)
    external, ours = kept(report).values()
    assert external[1:] == ("[1]Sheet1!$C$1:$C$6", 1, {0: STALE})
    assert ours[2:] == (6, {0: "2.5", 1: "2.5", 2: "4.0", 5: "4.0"})

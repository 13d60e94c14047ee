"""Where formulas stand in the parts of a workbook."""

from __future__ import annotations

import pytest

from xladdin.workbook.file.formulas import changed_text, holds_formulas, with_formulas


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        ("xl/workbook.xml", True),
        ("xl/worksheets/sheet12.xml", True),
        ("xl/tables/table1.xml", True),
        ("xl/charts/chart1.xml", True),
        ("xl/styles.xml", False),
        ("xl/worksheets/_rels/sheet1.xml.rels", False),
        ("docProps/app.xml", False),
    ],
)
def test_parts_that_may_hold_formulas(part: str, holds: bool) -> None:
    assert holds_formulas(part) is holds


@pytest.mark.parametrize(
    "xml",
    [
        "<f>{}</f>",
        '<x:f t="shared" ref="A1:A2">{}</x:f>',
        "<definedName name='a'>{}</definedName>",
        "<calculatedColumnFormula>{}</calculatedColumnFormula>",
        "<formula1>{}</formula1>",
        '<cfvo type="num" val="{}"/>',
        '<hyperlink ref="A1" location="{}"/>',
    ],
)
def test_each_formula_is_changed_as_what_it_spells(xml: str) -> None:
    before = xml.format("A1&amp;&quot;x&quot;&lt;B2")
    seen: list[str] = []
    assert with_formulas(before.encode(), lambda formula: seen.append(formula) or formula).decode() == before
    assert seen == ['A1&"x"<B2']
    after = with_formulas(before.encode(), lambda formula: formula.replace("A1", "C3")).decode()
    assert after == xml.format("C3&amp;&quot;x&quot;&lt;B2")


def test_a_shared_formula_without_text_and_other_elements_stay() -> None:
    xml = b'<c r="A1"><f t="shared" si="0"/><v>1</v></c><formatCode>0</formatCode>'
    assert with_formulas(xml, lambda _: "changed") == xml


def test_what_does_not_change_keeps_its_spelling() -> None:
    assert changed_text(b"A1&gt;1", lambda formula: formula) == b"A1&gt;1"

"""What the cells of a worksheet hold."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from xladdin.workbook.file.cells import read_cells, shared_strings


def read(cells: str) -> list[Any]:
    xml = f"<worksheet><sheetData><row r='1'>{cells}</row></sheetData></worksheet>"
    return read_cells(xml.encode(), ["first", "second"])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c r='A1'><v>5</v></c>", 5),
        ("<c r='A1'><v>1E-3</v></c>", 0.001),
        ("<c r='A1' t='s'><v>1</v></c>", "second"),
        ("<c r='A1' t='b'><v>1</v></c>", True),
        ("<c r='A1' t='e'><v>#N/A</v></c>", "#N/A"),
        ("<c r='A1' t='e'><v>#SPILL!</v></c>", "#VALUE!"),
        ("<c r='A1' t='str'><v>a_x000a_b</v></c>", "a\nb"),
        ("<c r='A1' t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is></c>", "ab"),
    ],
)
def test_a_value_is_read_by_its_kind(cell: str, value: Any) -> None:
    (found,) = read(cell)
    assert (found.address, found.value, type(found.value)) == ((1, 1), value, type(value))


def test_a_formula_has_its_text_and_what_its_tag_says() -> None:
    array, shared, own = read(
        "<c r='A1'><f t='array' ref='A1:A2'>B1:B2*2</f><v>4</v></c><c r='B1'><f t='shared' si='0'/></c>"
        "<c r='C1' cm='1'><f ca='1'>NOW()</f></c>"
    )
    assert (array.formula.text, array.formula.kind, array.formula.attributes["ref"]) == ("B1:B2*2", "array", "A1:A2")
    assert (shared.formula.kind, shared.value) == ("shared", None)
    assert (own.formula.kind, own.is_dynamic) == ("", True)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("<c r='A1'><v>five</v></c>", "cell A1 holds 'five'"),
        ("<c r='B7' t='s'><v>9</v></c>", "cell B7 holds '9'"),
        ("<c r='B7' t='s'><v>-1</v></c>", "cell B7 holds '-1'"),
        ("<c r='A1'><v>1_0</v></c>", "cell A1 holds '1_0'"),
        ("<c r='A1'><v>inf</v></c>", "cell A1 holds 'inf'"),
        ("<c r='XFE1'><v>1</v></c>", "a cell says that it is 'XFE1'"),
    ],
)
def test_what_no_cell_holds_is_named(cell: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(cell)


def test_shared_strings_are_without_reading_marks() -> None:
    xml = b"<sst><si><t>a</t></si><si><r><t>b</t></r><r><t>c</t></r><rPh><t>no</t></rPh></si><si/></sst>"
    assert shared_strings(ElementTree.fromstring(xml)) == ["a", "bc", ""]

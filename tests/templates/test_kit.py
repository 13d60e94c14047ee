"""The kit: what a template's writer gets wrong is said at once, and a table to fill in takes only what it may."""

from __future__ import annotations

import io

import openpyxl
import pytest

from xladdin.templates.kit import FRACTION, Column, InputColumn, Template, number, styles, text


def empty() -> Template:
    return Template("Title", "Purpose.", steps=["One.", "Two.", "Three."], assumptions=["A."], limits=["L."])


def test_a_table_to_fill_in() -> None:
    book = empty()
    columns = [InputColumn("Floor", "quote", number()), InputColumn("Rate", "of value", FRACTION, styles.PERCENT)]
    floors, rates = book.calculations.input_table("tiers", "Tiers", "", columns, [[0, 0.004], [50000, 0.005]], 5)
    assert book.address("tiers") == f"{floors.partition(':')[0]}:{rates.partition(':')[2]}"
    sheet = openpyxl.load_workbook(io.BytesIO(book.to_bytes()))["Calculations"]
    first_row = int(floors.rpartition("$")[2]) - 4
    assert [cell.value for cell in sheet[first_row][1:3]] == [0, 0.004]
    assert sheet.cell(first_row + 4, 3).value is None
    assert not sheet.cell(first_row + 4, 3).protection.locked
    (rate,) = [rule for rule in sheet.data_validations.dataValidation if f"C{first_row}" in rule.sqref]
    assert rate.allow_blank
    assert "from 0% to 100%" in rate.prompt


def test_a_table_that_grows() -> None:
    book = empty()
    doubled = Column("Twice", "", lambda place, row: "sizes[[#This Row],[Size]]+sizes[[#This Row],[Size]]")
    sheet = book.table_sheet("Sizes")
    addresses = sheet.excel_table("sizes", [InputColumn("Size", "", number()), doubled], [[1], [2]])
    assert addresses == {"Size": "Sizes!$B$6:$B$7", "Twice": "Sizes!$C$6:$C$7"}
    made = openpyxl.load_workbook(io.BytesIO(book.to_bytes()))
    assert made.sheetnames == ["Read me", "Inputs", "Sizes", "Calculations", "Dashboard", "Checks"]
    assert not made["Sizes"].protection.sheet
    table = made["Sizes"].tables["sizes"]
    assert table.ref == "B5:C7"
    assert [column.name for column in table.tableColumns] == ["Size", "Twice"]
    assert table.tableColumns[1].calculatedColumnFormula.attr_text == made["Sizes"]["C6"].value.removeprefix("=")


@pytest.mark.parametrize("name", ["Entry", "btc1", "r", "a", "entry price", "entry_2"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        empty().inputs.input(name, "Label", 1, "", "", number())


def test_a_name_twice_and_a_note_too_long() -> None:
    book = empty()
    book.inputs.input("symbol", "Symbol", "BTC", "", "", text())
    with pytest.raises(ValueError, match="named twice"):
        book.results.output("symbol", "Symbol", "1+1", "", "")
    with pytest.raises(ValueError, match="longer than"):
        book.inputs.input("client", "Client", "", "", "n" * 47, text())

"""Formulas with the values that Excel has for them, of the kinds that spreadsheets have given otherwise.

The values are those of Excel's documentation and of workbooks that it saved.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from support.books import make_book, parts, with_parts

from xladdin.workbook.compiler import compile_model
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate

CELLS = {"A1": 5, "A3": True, "A4": "text", "A5": -3, "A6": "5"}
LETTERS = {
    **{f"C{row}": letter for row, letter in enumerate(["a", "b", "a", "c"], 1)},
    **{f"D{row}": row for row in range(1, 5)},
}


def value_of(tmp_path: Path, formula: str, cells: dict[str, Any] = CELLS | LETTERS) -> Any:
    model = read_model(make_book(tmp_path / "book.xlsx", cells | {"F1": formula}, {}))
    (values,) = compute(model, [{}])
    return values[Place("S", 1, 6)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # A single cell is a range: its text, conditions and blanks do not count.
        ("=AVERAGE(A1,A2)", 5.0),
        ("=PRODUCT(A1,A2)", 5.0),
        ("=MIN(A1,A2)", 5.0),
        ("=MAX(A5,A2)", -3.0),
        ("=COUNT(A1,A2,A3)", 1.0),
        ("=SUM(A1,A3)", 5.0),
        ("=SUM(A1,A4)", 5.0),
        ('=SUM(A1,TRUE,"2")', 8.0),
        ("=AND(A1,A2)", True),
        ("=SUMSQ(A3:A3)", 0.0),
        # Arrays where one value is expected.
        ('=SUM(SUMIF(C1:C4,{"a","b"},D1:D4))', 6.0),
        ('=SUM(COUNTIF(C1:C4,{"a","b"}))', 3.0),
        ('=LOOKUP(2,1/(C1:C4="a"),D1:D4)', 3.0),
        ("=SUMPRODUCT(MOD(ROW(D1:D4),2)*D1:D4)", 4.0),
        ('=SUMPRODUCT(SMALL(D1:D4,ROW(INDIRECT("1:2"))))', 3.0),
        ("=SUMPRODUCT(SUBTOTAL(9,OFFSET(D1,ROW(D1:D4)-1,0)))", 10.0),
        ("=SUMPRODUCT(1/COUNTIF(C1:C4,C1:C4))", 3.0),
        # Arrays of references: a function of ranges is computed of each.
        ('=SUM(COUNTIF(INDIRECT({"C1:C2","C3:C4"}),"a"))', 2.0),
        ('=SUM(COUNTIF(INDIRECT({"C1:C2";"C3:C4"}),{"a","b"}))', 3.0),
        ('=SUMPRODUCT(SUMIF(INDIRECT("S!C"&{1,3}&":C4"),"a",INDIRECT("S!D"&{1,3}&":D4")))', 7.0),
        ('=SUM(SUMIFS(INDIRECT({"D1:D2","D3:D4"}),INDIRECT({"C1:C2","C3:C4"}),"a"))', 4.0),
        ('=SUM(COUNTIF(OFFSET(C1,{0,2},0,2),"a"))', 2.0),
        ('=SUM(COUNTIF(OFFSET(C1,{0,-2},0,2),"a"))', "#REF!"),
        ("=SUM(SUBTOTAL(9,OFFSET(D1,{0,3},0)))", 5.0),
        ("=SUM(N(OFFSET(D1,{0,3},0)))", 5.0),
        # Of a single cell it is what that holds.
        ("=TYPE(A1)", 1.0),
        ("=TYPE(A4)", 2.0),
        ("=TYPE(D1:D4)", 64.0),
        ("=N(D2:D4)", 2.0),
        ('=T(C2:C4)', "b"),
        # INDEX leads to a cell, as a reference does, or to a whole row or column.
        ("=MAX(INDEX(A1:A5,2),A5)", -3.0),
        ("=AVERAGE(INDEX(A1:A5,2),A5)", -3.0),
        ("=COUNT(INDEX(A1:A6,6))", 0.0),
        ("=SUM(INDEX(C1:D4,A2,2))", 10.0),
        ("=SUM(INDEX(D1:D4,A7))", 10.0),
        ("=SUM(INDEX(D1:D4,2))", 2.0),
        ("=SUM(INDEX(D:D,2),1)", 3.0),
        # A blank is no case of text or of a condition.
        ('=SWITCH(A2,FALSE,"yes","no")', "no"),
        ('=SWITCH(A2,"","yes","no")', "no"),
        ('=SWITCH(A2,0,"yes","no")', "yes"),
        ('=SWITCH(1/0,0,"yes","no")', "#DIV/0!"),
        # Halving ends where it meets an equal one, in what does not ascend too.
        ('=LOOKUP("d",{"d","b","s","r","a"},{1,2,3,4,5})', 1.0),
        ('=MATCH(534,{"number";0;1;2;534;9999999999;-9999999999})', 5.0),
        ('=MATCH(2,{1;"x";2;2;2;3})', 5.0),
        ("=MATCH(1,D1:D4,-1)", 1.0),
        ("=INDEX(D1:D4,-1)", "#VALUE!"),
        ('=HLOOKUP(1,"nothing",1)', "#VALUE!"),
        # The rest of a division is exact.
        ("=MOD(5,1E-10)", 9.999981783901343e-11),
        ("=MOD(10.0000000001,0.1)", 9.999945316252479e-11),
        ("=MOD(-3,2)", 1.0),
        ("=ACOT(1E13)*1E13", 1.0),
        ("=FISHER(1E-10)", 1.000000082740371e-10),
        ("=CODE(CHAR(129))", 129.0),
        ("=LCM(A3,2)", "#VALUE!"),
        ("=LCM(D1:D5)", 0.0),
        # The periods of what loses value begin at a broken start.
        ("=VDB(1,0,14,0.5,1.5,1.25,FALSE)", 0.08529974489795919),
        ("=VDB(1,0,14,3.5,4.5,1.25,FALSE)", 0.06872629045468406),
        ("=VDB(1,0,14,13.5,14,1.25,FALSE)", 0.03436314522734203),
        ("=ROUND(VDB(2400,300,120,6,18,1.5),2)", 311.81),
        # Outside of arrays ROW is the first row.
        ('=SUM(LARGE(D1:D4,ROW(INDIRECT("1:2"))))', 4.0),
        ("=SUMPRODUCT(LARGE(D1:D4,{1,2}))", 7.0),
        # Payments in advance, blanks among flows, the last part of a year.
        ("=ROUND(IPMT(0.01,2,12,1000,0,1),4)", -9.1203),
        ("=ROUND(IPMT(0.01,2,12,1000,0,1)+PPMT(0.01,2,12,1000,0,1)-PMT(0.01,12,1000,0,1),9)", 0.0),
        ("=ROUND(DB(1000000,100000,6,7,7),2)", 15845.10),
        ("=ROUND(DDB(2400,300,10,10),2)", 22.12),
        # What is looked up and not found.
        ('=_xlfn.XLOOKUP("z",C1:C4,D1:D4,,0)', "#N/A"),
        ('=_xlfn.XLOOKUP("a",C1:C4,D1:D4,,0,-1)', 3.0),
        ("=_xlfn.XLOOKUP(FALSE,C1:C4,D1:D4,,-1)", 4.0),
        # Criteria.
        ("=COUNTIF(A1:A6,5)", 2.0),
        ('=COUNTIF(A1:A6,"TRUE")', 1.0),
        ('=COUNTIF(A:A,"<>x")', 1048576.0),
        ('=COUNTIF(D1:D4,"<"&A2)', 0.0),
        ('=SUMIF(D1:D4,">2",D1)', 7.0),
        # Numbers.
        ("=FLOOR(5,0)", "#DIV/0!"),
        ("=1-0.9-0.1", 0.0),
        ("=ROWS(A:A)", 1048576.0),
        ("=CEILING.MATH(-5.5,2,TRUE)", -6.0),
        ("=DAY(45)", 14.0),
        ("=YEAR(A2)", 1900.0),
        # Texts that spell numbers.
        ('="2024-01-10"+1', 45302.0),
        ('=VALUE("12:00")', 0.5),
        ('="--8"+0', "#VALUE!"),
        ('=VALUE("$1,234.50")', 1234.5),
        ('=VALUE("(5)")', -5.0),
        ('=TEXT(1234567,"0.00E+00")', "1.23E+06"),
        ('=TEXT(1234.5,"_($* #,##0.00_)")', " $1,234.50 "),
        ('=TEXT(0.5,"# ?/?")', " 1/2"),
        # References that are computed, and that are not looked at.
        ("=SUM(INDEX(C1:D4,0,2))", 10.0),
        ("=SUM(D1:INDEX(D:D,3))", 6.0),
        ("=SUM((D1,D3))", 4.0),
        ("=SUM(C1:D2 D2:D4)", 2.0),
        ("=ROW(F1)+COLUMN(F1)", 7.0),
        ('=CELL("address",F1)', "$F$1"),
        ("=IF(TRUE,1,F1)", 1.0),
        # Functions of arrays, and of functions.
        ("=SUM(MMULT({1,2;3,4},{1;1}))", 10.0),
        ("=_xlfn.LET(_xlpm.x,D2,_xlpm.x*10)", 20.0),
        ("=_xlfn.REDUCE(0,D1:D4,_xlfn.LAMBDA(_xlpm.t,_xlpm.v,_xlpm.t+_xlpm.v))", 10.0),
        ("=SUM(_xlfn.MAP(D1:D4,_xlfn.LAMBDA(_xlpm.v,_xlpm.v^2)))", 30.0),
        ("=" + "+".join(["D1"] * 300), 300.0),
        ('=REPT("x",30000)&REPT("y",30000)', "#VALUE!"),
        # Cells that are led to.
        ('=OFFSET(D1,"x",0)', "#VALUE!"),
        ("=SUM(OFFSET(D1,0,0,0))", "#REF!"),
        ("=SUM(OFFSET(D1,-1,0))", "#REF!"),
        ("=SUM(OFFSET(C1:D2,0,0,,3))", 3.0),
        ("=SUM(OFFSET(D4,0,0,-2,-2))", 7.0),
        ("=SUM(OFFSET(INDIRECT(\"nowhere\"),1,1))", "#REF!"),
        ("=SUM(INDIRECT(1/0))", "#DIV/0!"),
        ('=INDIRECT("R1C4",FALSE)', 1.0),
        ('=INDIRECT("R[1]C[-2]",FALSE)', 2.0),
        ('=SUM(INDIRECT("S!R1C4:R4C4",FALSE))', 10.0),
        ('=SUM(INDIRECT("RC4:R[2]C4",FALSE))', 6.0),
        ('=SUM(INDIRECT("C4",FALSE))', 10.0),
        ('=COUNT(INDIRECT("R2",FALSE))', 1.0),
        ('=INDIRECT("nowhere",FALSE)', "#REF!"),
        ('=INDIRECT("R[-5]C1",FALSE)', "#REF!"),
        ('=INDIRECT("R1C99999",FALSE)', "#REF!"),
        ("=SUM(INDEX({1,2;3,4},0,2))", 6.0),
        ("=SUM(INDEX({1,2;3,4},2,0))", 7.0),
        ("=SUM(INDEX({1,2;3,4},0))", 10.0),
        ("=SUM(INDEX({1,2;3,4},3,0))", "#REF!"),
        ('=SUM(INDEX({1,2;3,4},"x",0))', "#VALUE!"),
        ("=INDEX((D1:D2,D3:D4),1,1,2)", 3.0),
        ("=INDEX((D1:D2,D3:D4),1,1,3)", "#REF!"),
        ("=SUM(INDEX(D1:D4,-1,0))", "#VALUE!"),
        ("=SUM(INDEX(D1:D4,5,0))", "#REF!"),
        ("=SUM(INDEX(D1:D4,1/0,0))", "#DIV/0!"),
        ("=SUM(INDEX(D:D,3))", 3.0),
        ("=INDEX(D:D,1/0)", "#DIV/0!"),
        ('=SUM(INDEX(INDIRECT("nowhere"),1,0))', "#REF!"),
        ('=SUM(_xlfn.XLOOKUP("b",C1:C4,C1:D4))', 2.0),
        ("=SUM(_xlfn.XLOOKUP(2,{1;2},{1,2;3,4}))", 7.0),
        ('=AVERAGEIF(C1:C4,"a",D1)', 2.0),
        ('=SUMIF(C1:C4,"a",D1:D4)', 4.0),
        # Where cells stand, and what they are.
        ("=ROWS({1,2;3,4})+COLUMNS({1,2,3})", 5.0),
        ('=ROWS(INDIRECT("1:3"))', 3.0),
        ('=ROWS(INDIRECT("nowhere"))', "#REF!"),
        ("=COLUMNS(OFFSET(D1,0,0,1,2))", 2.0),
        ('=ROW(INDIRECT("nowhere"))', "#REF!"),
        ('=ROW(INDIRECT("D3"))', 3.0),
        ("=ROW()", 1.0),
        ("=COLUMN()", 6.0),
        ("=SUMPRODUCT(COLUMN(C1:E1))", 12.0),
        ("=ISREF(D1)", True),
        ("=ISREF(5)", False),
        ('=ISREF(INDIRECT("D1"))', True),
        ('=ISREF(INDIRECT("nowhere"))', False),
        ("=_xlfn.ISFORMULA(D1)", False),
        ("=_xlfn.ISFORMULA(F1)", True),
        ("=_xlfn.FORMULATEXT(D1)", "#N/A"),
        ("=_xlfn.FORMULATEXT(F1)", "=FORMULATEXT(F1)"),
        ("=AREAS(B2:D4)", 1.0),
        ("=AREAS((B2:D4,E5,F6:I9))", 3.0),
        ("=AREAS(B2:D4 B2)", 1.0),
        ("=_xlfn.SHEET()", 1.0),
        ("=_xlfn.SHEET(D1)", 1.0),
        ('=_xlfn.SHEET("S")', 1.0),
        ('=_xlfn.SHEET("nowhere")', "#N/A"),
        ("=_xlfn.SHEET(1/0)", "#DIV/0!"),
        ("=_xlfn.SHEETS()", 1.0),
        ("=_xlfn.SHEETS(D1:D4)", 1.0),
        ('=CELL("row",D3)', 3.0),
        ('=CELL("col",D3)', 4.0),
        ('=CELL("contents",D3)', 3.0),
        ('=CELL("contents",A2)', 0.0),
        ('=CELL("type",A2)', "b"),
        ('=CELL("type",A4)', "l"),
        ('=CELL("type",D3)', "v"),
        ('=CELL("row",INDIRECT("nowhere"))', "#REF!"),
        ('=CELL("address",INDIRECT("D3"))', "$D$3"),
        ("=ADDRESS(2,3)", "$C$2"),
        ("=ADDRESS(2,3,2)", "C$2"),
        ("=ADDRESS(2,3,3)", "$C2"),
        ("=ADDRESS(2,3,4)", "C2"),
        ("=ADDRESS(2,3,,FALSE)", "R2C3"),
        ("=ADDRESS(2,3,2,FALSE)", "R2C[3]"),
        ('=ADDRESS(2,3,1,FALSE,"[Book1]Sheet1")', "[Book1]Sheet1!R2C3"),
        ('=ADDRESS(2,3,1,FALSE,"EXCEL SHEET")', "'EXCEL SHEET'!R2C3"),
        ("=ADDRESS(0,1)", "#VALUE!"),
        ('=ADDRESS("x",1)', "#VALUE!"),
        ("=ADDRESS(1/0,1)", "#DIV/0!"),
        # References that are made of others.
        ("=SUM(D1:D2 C1:C2)", "#NULL!"),
        ('=SUM(INDIRECT("nowhere"):D1)', "#REF!"),
        ('=SUM(D1:INDIRECT("nowhere"))', "#REF!"),
        ('=SUM(D2:INDIRECT("D3"))', 5.0),
        ("=_xlfn.SINGLE(D1:D4)", 1.0),
        ("=_xlfn.SINGLE(D2:D4)", "#VALUE!"),
        ("=SUM(_xlfn.ANCHORARRAY(D1))", "#REF!"),
        # Names inside a formula.
        ("=_xlfn.LET(_xlpm.x,D2*10,_xlpm.x+_xlpm.x)", 40.0),
        ("=_xlfn.LET(_xlpm.x,D2,_xlpm.y,_xlpm.x+D3,_xlpm.x*_xlpm.y)", 10.0),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.x*_xlpm.x)(D2+1)", 9.0),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.x)(1,2)", "#VALUE!"),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.y,_xlpm.x+_xlpm.y)(1)", "#VALUE!"),
        ("=_xlfn.LAMBDA(_xlpm.x,5)()", "#VALUE!"),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlop.y,_xlpm.x+_xlop.y)(1)", 1.0),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlop.y,_xlpm.x+_xlpm.y)(1,D2)", 3.0),
        ('=_xlfn.LAMBDA(_xlpm.x,_xlop.y,IF(_xlfn.ISOMITTED(_xlop.y),"none","some"))(1)', "none"),
        ('=_xlfn.LAMBDA(_xlpm.x,_xlpm.y,IF(_xlfn.ISOMITTED(_xlpm.y),"none","some"))(1,)', "none"),
        ('=_xlfn.LAMBDA(_xlpm.x,_xlpm.y,IF(_xlfn.ISOMITTED(_xlpm.y),"none","some"))(1,D2)', "some"),
        # Conditions and references that are chosen.
        ("=SUM(IF(D1=1,D1:D2,D3:D4))", 3.0),
        ("=SUM(CHOOSE(2,D1:D2,D3:D4))", 7.0),
        ('=SUM(CHOOSE(3,D1:D2,D3:D4))', "#VALUE!"),
        ("=SUM(CHOOSE(1/0,D1:D2,D3:D4))", "#DIV/0!"),
        ('=SUM(IF("x",D1:D2,D3:D4))', "#VALUE!"),
        ("=SUM(IF(D1=2,D1:D2))", 0.0),
        ("=SUMPRODUCT(IFERROR(1/{1,0,2},0))", 1.5),
        ("=ROWS(IF(D1=1,D1:D3,D4))", 3.0),
        ("=SUM(CHOOSE({1,2},D1,D4))", 5.0),
        ('=SUM(IF({TRUE,FALSE},D3,D4))', 7.0),
        ("=-D3%", -0.03),
        ("=SUM(-{1,2;3,4})", -10.0),
        ("=SUM({1,2;-3,4})", 4.0),
        ("=[Other.xlsx]S!A1", "#REF!"),
        ('=SUM(INDIRECT("S!C4",FALSE))', 10.0),
        ('=SUM(INDIRECT("C3:C[-2]",FALSE))', 10.0),
        ('=SUM(INDIRECT("R[1]:R[2]",FALSE))', 5.0),
        ('=INDIRECT("R0C1",FALSE)', "#REF!"),
        ('=INDIRECT("R1C1:",FALSE)', "#REF!"),
        ('=SUM(INDIRECT("",FALSE))', "#REF!"),
        ("=SUM(INDEX({1,2;3,4},-1,0))", "#VALUE!"),
        ("=SUM(INDEX({1,2;3,4},0,3))", "#REF!"),
        ('=SUM(N(INDIRECT({"D1","D1"})))', 2.0),
        ("=SUM(INDEX(D1:D4,{1;2},1))", 3.0),
        ("=ROWS(CHOOSE(3,D1:D2,D3:D4))", "#VALUE!"),
        ("=_xlfn.SINGLE(_xlfn.LET(_xlpm.x,D1:D4,_xlpm.x))", 1.0),
        ("=@D1:D4", 1.0),
        ("=SUM(D1#)", "#REF!"),
        ("=N(OFFSET(D1,1,0))", 2.0),
        ('=INDIRECT("nosheet!A1")', "#REF!"),
        ('=INDIRECT("D1+")', "#REF!"),
        ('=INDIRECT("nosheet!R1C1",FALSE)', "#REF!"),
        ("=SUM(#REF!:D1)", "#REF!"),
        ("=N(A3)", 1.0),
        ("=N(A4)", 0.0),
        ("=T(A1)", ""),
        ("=T(A4)", "text"),
        ('=SUM(INDEX(INDIRECT("C1:D1"),2))', 1.0),
        ("=SUM(OFFSET(D1,{1},0))", 2.0),
        ("=SUBTOTAL(1,D1:D4)", 2.5),
        ("=SUBTOTAL(101,D1:D4)", 2.5),
        ("=SUBTOTAL(4,D1:D2,D3)", 3.0),
        ("=SUBTOTAL(12,D1:D4)", "#VALUE!"),
        ("=SUBTOTAL(0,D1:D4)", "#VALUE!"),
        ("=SUBTOTAL(1/0,D1:D4)", "#DIV/0!"),
        ('=SUBTOTAL(9,INDIRECT("nowhere"))', "#REF!"),
        ("=SUBTOTAL(9,#REF!)", "#REF!"),
        ("=SUBTOTAL(D1+8,D1:D4)", 10.0),
        ('=SUM(INDIRECT("D1:D"))', "#REF!"),
        ('=SUM(INDIRECT("5"))', "#REF!"),
        ('=SUM(INDIRECT("D"))', "#REF!"),
        ('=SUM(INDIRECT("D0"))', "#REF!"),
        ('=SUM(INDIRECT("D4:D1"))', 10.0),
    ],
)  # fmt: skip
def test_a_formula_has_the_value_that_excel_gives(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-9) if isinstance(expected, float) else expected)


def saved(tmp_path: Path, book: openpyxl.Workbook) -> Model:
    book.save(tmp_path / "book.xlsx")
    return read_model(tmp_path / "book.xlsx")


def test_an_array_formula_follows_its_inputs_in_all_of_its_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B1"], sheet["A5"], sheet["A6"], sheet["A7"] = 100, 1, 2, 3
    sheet["C5"] = ArrayFormula("C5:C7", "=A5:A7*B1")
    sheet["D1"] = "=INDEX(C5:C7,2)"
    book.defined_names["price"] = DefinedName("price", attr_text="Sheet!$B$1")
    model = saved(tmp_path, book)
    (values,) = compute(model, [{"price": 150.0}])
    assert [values[Place("Sheet", *at)] for at in ((5, 3), (6, 3), (7, 3), (1, 4))] == [150, 300, 450, 300]


def test_a_what_if_table_follows_its_inputs(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["D4"] = 100, 1, "=A1*B1"
    for row in (5, 6, 7):
        sheet.cell(row, 3, row - 4)
        sheet.cell(row, 4, 0)
    sheet["D5"] = DataTableFormula(ref="D5:D7", r1="B1", dt2D=False, dtr=False)
    sheet["E1"] = "=SUM(D5:D7)"
    book.defined_names["price"] = DefinedName("price", attr_text="Sheet!$A$1")
    model = saved(tmp_path, book)
    first, second = compute(model, [{}, {"price": 150.0}])
    assert [first[Place("Sheet", 1, 5)], second[Place("Sheet", 1, 5)]] == [600, 900]


def test_names_of_a_sheet_win_and_relative_ones_are_relative(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["B1"], sheet["B2"] = 1, 2, "=glob", "=left*10"
    sheet["B3"] = "=left"
    sheet["A3"] = 7
    book.defined_names["glob"] = DefinedName("glob", attr_text="Sheet!$A$1")
    book.defined_names["left"] = DefinedName("left", attr_text="Sheet!XFD1")
    sheet.defined_names["glob"] = DefinedName("glob", attr_text="Sheet!$A$2")
    (values,) = compute(saved(tmp_path, book), [{}])
    assert [values[Place("Sheet", row, 2)] for row in (1, 2, 3)] == [2, 20, 7]


def test_a_relative_name_in_the_same_formula_of_two_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, hours in enumerate((7.5, 7.25), 1):
        sheet.cell(row, 1, hours)
        sheet.cell(row, 2, "=hours*10")
        sheet.cell(row, 3, "=SUM(hours,1)")
    book.defined_names["hours"] = DefinedName("hours", attr_text="Sheet!$A1")
    (values,) = compute(saved(tmp_path, book), [{}])
    assert list(values.values()) == [75, 8.5, 72.5, 8.25]


@pytest.mark.parametrize("is_filtered", [True, False])
def test_hidden_rows_of_a_table_count_unless_its_filter_hides_them(tmp_path: Path, is_filtered: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["n"], [1], [2], [4]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    table = openpyxl.worksheet.table.Table(displayName="T", ref="A1:A4")
    table.autoFilter = openpyxl.worksheet.filters.AutoFilter(ref="A1:A4")
    if is_filtered:
        table.autoFilter.add_filter_column(0, ["1", "4"])
    sheet.add_table(table)
    sheet["C1"], sheet["C2"] = "=SUBTOTAL(9,T[n])", "=SUBTOTAL(109,T[n])"
    (values,) = compute(saved(tmp_path, book), [{}])
    assert list(values.values()) == [5 if is_filtered else 7, 5]


def test_a_what_if_table_whose_input_was_deleted_has_no_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["D4"], sheet["C5"], sheet["D5"] = "=A1*2", 1, 0
    sheet["D5"] = DataTableFormula(ref="D5", r1="B1", dt2D=False, dtr=False, del1=True)
    (values,) = compute(saved(tmp_path, book), [{}])
    assert values[Place("Sheet", 5, 4)] == "#REF!"


def test_a_formula_that_no_sheet_has_leaves_the_others_alone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = "=SIN(_xlfn.LAMBDA(_xlpm.x,_xlpm.x))", "=1+1"
    sheet["A3"], sheet["B1"], sheet["B2"] = ArrayFormula("A3", "=PERCENTILE(B1:B2,B:B)"), 1, 2
    model = saved(tmp_path, book)
    (values,) = compute(model, [{}])
    assert list(values.values()) == ["#NAME?", 2, "#NAME?"]
    assert {place.row for place in compile_model(model).uncomputed} == {1, 3}


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet["A1"] = 43839  # 10 January 2024
    sheet["B1"], sheet["B2"], sheet["B3"] = "=YEAR(A1)", "=DATE(2024,1,10)=A1", '=TEXT(A1,"yyyy-mm-dd")'
    (values,) = compute(saved(tmp_path, book), [{}])
    assert list(values.values()) == [2024, True, "2024-01-10"]


def test_a_value_under_a_merged_cell_counts(tmp_path: Path) -> None:
    path = make_book(tmp_path / "book.xlsx", {"A1": 1, "B1": 5, "A2": "=SUM(A1:B1)"}, {})
    sheet = parts(path)["xl/worksheets/sheet1.xml"]
    merged = sheet.replace(b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')
    (values,) = compute(read_model(with_parts(path, {"xl/worksheets/sheet1.xml": merged})), [{}])
    assert list(values.values()) == [6]


def test_rows_of_drawings_in_a_sheet_stay_as_they_are(tmp_path: Path) -> None:
    path = make_book(tmp_path / "book.xlsx", {"A1": 1, "A2": "=A1*2"}, {"one": "S!$A$1", "far": "S!$B$9"})
    control = (
        b'<controls><control shapeId="1"><controlPr><anchor xmlns:xdr="urn:x"><from><xdr:col>1</xdr:col>'
        b"<xdr:row>10</xdr:row></from></anchor></controlPr></control></controls>"
    )
    sheet = parts(path)["xl/worksheets/sheet1.xml"].replace(b"</worksheet>", control + b"</worksheet>")
    recalculate(read_model(with_parts(path, {"xl/worksheets/sheet1.xml": sheet})), tmp_path / "done.xlsx")
    with zipfile.ZipFile(tmp_path / "done.xlsx") as done:
        after = done.read("xl/worksheets/sheet1.xml")
    assert control in after
    assert b'<row r="9">' in after


def test_columns_without_their_tables_name_and_names_of_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Amount", "Twice"], [1, "=[Amount]*2"], [5, "=[@Amount]*2"]):
        sheet.append(row)
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="T", ref="A1:B3"))
    sheet["D1"] = "=SUM(all_of_it)"
    book.defined_names["all_of_it"] = DefinedName("all_of_it", attr_text="T[Amount]")
    (values,) = compute(saved(tmp_path, book), [{}])
    assert {place.reference: value for place, value in values.items()} == {
        "Sheet!D1": 6, "Sheet!B2": 2, "Sheet!B3": 10
    }  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=OFFSET(D1,1)", "OFFSET takes 3 to 5 arguments"),
        ('=INDIRECT("D1",TRUE,1)', "INDIRECT takes 1 to 2 arguments"),
        ("=INDEX(D1:D4)", "INDEX takes 2 to 3 arguments, not 1"),
        ("=_xlfn.XLOOKUP(1,D1:D4)", "XLOOKUP takes 3 to 6 arguments, not 2"),
        ("=SUMIF(D1:D4)", "SUMIF takes 2 to 3 arguments, not 1"),
        ("=ROWS(D1,D2)", "ROWS takes 1 to 1 arguments, not 2"),
        ("=N(D1,D2)", "N takes 1 to 1 arguments, not 2"),
        ("=ISREF()", "ISREF does not take 0 arguments"),
        ("=ADDRESS(1)", "ADDRESS takes 2 to 5 arguments"),
        ('=CELL("row")', "CELL is asked of the cell that was changed last"),
        ("=CELL(A4,D1)", "what CELL is asked is not written out"),
        ('=CELL("color",D1)', "CELL of color is not known here"),
        ('=_xlfn.SHEET(INDIRECT("D1"))', "a reference that is known only when it is computed"),
        ("=SUM(_xlfn.ANCHORARRAY(D1:D2))", "a spilled range is asked of what is no cell"),
        ("=_xlfn.LET(_xlpm.x,1)", "LET takes names and values in turn"),
        ("=_xlfn.LET(1,2,3)", "a name is expected in a LET or LAMBDA"),
        ("=_xlfn.LET(_xlpm.x,5,_xlpm.X,6,_xlpm.x)", "X stands twice among the names of a LET or LAMBDA"),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.x,1)(1,2)", "x stands twice among the names of a LET or LAMBDA"),
        ("=_xlfn.LET(A1,5,A1)", "A1 is a cell, and no name for a LET or LAMBDA"),
        ("=_xlfn.LET(_xlpm.xfd1048576,5,_xlpm.xfd1048576)", "xfd1048576 is a cell"),
        ("=_xlfn.LAMBDA(R1C1,1)(2)", "R1C1 is a cell"),
        ("=_xlfn.LET($A$1,5,1)", "$A$1 is no name for a LET or LAMBDA: a letter comes first"),
        ("=_xlfn.LAMBDA([y],x,1)(2,3)", "an optional parameter stands before one that is not"),
        ("=_xlfn.LET([x],1,2)", "a name of LET has no brackets"),
        ("=_xlfn.LAMBDA()", "LAMBDA takes what is computed"),
        ("=_xlfn.LET(_xlpm.x,1,_xlpm.x(2))", "what is called is no function"),
        ("=SUMIFS(D1:D4,C1:C4)", "SUMIFS takes"),
        ("=SUBTOTAL(9)", "SUBTOTAL takes at least 2 arguments"),
        ("=SUBTOTAL(9,5)", "SUBTOTAL is given what is no reference"),
        ("=AGGREGATE(9,4)", "AGGREGATE takes at least 3 arguments"),
    ],
)
def test_what_no_cell_takes_is_left_with_its_reason(tmp_path: Path, formula: str, reason: str) -> None:
    model = read_model(make_book(tmp_path / "book.xlsx", CELLS | LETTERS | {"F1": formula}, {}))
    assert reason in compile_model(model).uncomputed[Place("S", 1, 6)]
    assert value_of(tmp_path, formula) == "#NAME?"


def test_the_cells_that_an_array_formula_fills(tmp_path: Path) -> None:
    cells = LETTERS | {"H1": ("H1:H3", "=D1:D3*2"), "G1": "=SUM(_xlfn.ANCHORARRAY(H1))", "G2": "=SUM(H1#)"}
    cells |= {"G3": "=_xlfn.FORMULATEXT(H2)", "G4": "=_xlfn.ISFORMULA(H3)"}
    (values,) = compute(read_model(make_book(tmp_path / "book.xlsx", cells, {})), [{}])
    assert [values[Place("S", row, 7)] for row in range(1, 5)] == [12.0, 12.0, "{=D1:D3*2}", True]


def test_a_name_of_several_ranges(tmp_path: Path) -> None:
    cells = LETTERS | {"G1": "=SUM(parts)", "G2": "=AREAS(parts)", "G3": "=INDEX(parts,1,1,2)"}
    (values,) = compute(read_model(make_book(tmp_path / "book.xlsx", cells, {"parts": "S!$D$1,S!$D$3:$D$4"})), [{}])
    assert [values[Place("S", row, 7)] for row in range(1, 4)] == [8.0, 2.0, 3.0]


def test_a_name_that_cannot_be_read_leads_nowhere(tmp_path: Path) -> None:
    cells = LETTERS | {"G1": '=SUM(INDIRECT("odd"))', "G2": '=SUM(INDIRECT("good"))'}
    names = {"odd": "S!$D$1+(", "good": "S!$D$1:$D$2"}
    (values,) = compute(read_model(make_book(tmp_path / "book.xlsx", cells, names)), [{}])
    assert [values[Place("S", row, 7)] for row in (1, 2)] == ["#REF!", 3.0]


def test_the_same_cells_of_several_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "first"
    for title, value in (("second", 2), ("third", 3), ("after", 40)):
        book.create_sheet(title)["A1"] = value
    sheet["A1"] = 1
    sheet["B1"], sheet["B2"], sheet["B3"] = "=SUM(first:third!A1)", "=MAX(second:after!A1:A9)", "=COUNT(first:after!A1)"
    sheet["B4"], sheet["B5"], sheet["B6"] = "=_xlfn.SHEETS(first:third!A1)", "=_xlfn.SHEET(third!A1)", "=_xlfn.SHEETS()"
    (values,) = compute(saved(tmp_path, book), [{}])
    assert [values[Place("first", row, 2)] for row in range(1, 7)] == [6, 40, 4, 3, 3, 4]


# The example of the documentation of AGGREGATE.
SCORES = {f"A{row}": value for row, value in enumerate(["=1/0", 72, 30, "=SQRT(-1)", 31, 96, 32, 81, 33, 53, 34], 1)}
SCORES |= {f"B{row}": value for row, value in enumerate([82, 65, 95, 63, 53, 71, 55, 83, 100, 91, 89], 1)}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=AGGREGATE(4,6,A1:A11)", 96.0),
        ("=AGGREGATE(14,6,A1:A11,3)", 72.0),
        ("=AGGREGATE(15,6,A1:A11)", "#VALUE!"),
        ("=AGGREGATE(12,6,A1:A11,B1:B11)", 68.0),
        ("=MAX(A1:A2)", "#DIV/0!"),
        ("=AGGREGATE(9,4,A1:A3)", "#DIV/0!"),
        ("=AGGREGATE(20,6,A1:A11)", "#VALUE!"),
        ("=AGGREGATE(0,6,A1:A11)", "#VALUE!"),
        ("=AGGREGATE(9,8,A1:A11)", "#VALUE!"),
        ('=AGGREGATE("x",6,A1:A11)', "#VALUE!"),
        ("=AGGREGATE(14,6,A1:A11/(B1:B11>90),2)", 33.0),
        ("=AGGREGATE(15,6,A1:A11,1)", 30.0),
        ("=AGGREGATE(2,6,A1:A11)", 9.0),
        ("=AGGREGATE(9,6,A1:A3,B1)", 184.0),
        ("=AGGREGATE(9,0,B1:B2,C1)", 147.0),
        ("=AGGREGATE(9,4,B1:B2,C1)", 294.0),
        ('=AGGREGATE(9,6,INDIRECT("nowhere"))', "#REF!"),
    ],
)
def test_an_aggregate_leaves_out_what_it_is_told(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, SCORES | {"C1": "=SUBTOTAL(9,B1:B2)"})
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-9) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(T[n])", 7.0),
        ("=SUM(T)", 7.0),
        ("=ROWS(T[#All])", 5.0),
        ("=ROWS(T[#Data])", 3.0),
        ("=T[[#Totals],[n]]", 8.0),
        ("=T[[#Headers],[n]]", "n"),
        ("=ROWS(T[[#Headers],[#Data],[n]])", 4.0),
        ("=SUM(T[[#Data],[#Totals],[n]])", 15.0),
        ('=SUM(INDIRECT("T[n]"))', 7.0),
        ('=SUM(INDIRECT("T[m]"))', "#REF!"),
        ('=SUM(INDIRECT("T[[#Headers],[#Totals],[n]]"))', "#REF!"),
    ],
)
def test_the_parts_of_a_table(tmp_path: Path, formula: str, expected: Any) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["n"], [1], [2], [4], [8]):  # the last one is a row of totals
        sheet.append(row)
    table = openpyxl.worksheet.table.Table(displayName="T", ref="A1:A5", totalsRowCount=1)
    sheet.add_table(table)
    sheet["C1"] = formula
    (values,) = compute(saved(tmp_path, book), [{}])
    assert values[Place("Sheet", 1, 3)] == expected

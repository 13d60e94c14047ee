"""Functions of texts, with the values of their documentation or such as anybody can see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import make_book, value_of

from xladdin.workbook.builtins import text
from xladdin.workbook.compute import compute
from xladdin.workbook.file.budget import OverBudgetError
from xladdin.workbook.model_reader import read_model

CELLS = {"A1": "Fluorine", "A2": "MF8C", "A3": 5.0, "A4": None}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=LEFT("Sale Price",4)', 'Sale'),
        ('=RIGHT("Sale Price",5)', 'Price'),
        ('=MID("Fluid Flow",7,20)', 'Flow'),
        ('=MID("abc",5,1)', ''),
        ('=MID("abc",0,1)', '#VALUE!'),
        ('=LEN("Phoenix, AZ")', 11.0),
        ('=UPPER("straße")', 'STRASSE'),
        ('=LOWER("E. E. Cummings")', 'e. e. cummings'),
        ('=PROPER("this is a TITLE")', 'This Is A Title'),
        ('=TRIM(" First   Quarter ")', 'First Quarter'),
        ('=SUBSTITUTE("Quarter 1, 2011","1","2",3)', 'Quarter 1, 2012'),
        ('=SUBSTITUTE("Sales Data","Sales","Cost")', 'Cost Data'),
        ('=REPLACE("abcdefghijk",6,5,"*")', 'abcde*k'),
        ('=FIND("M","Miriam McGovern",3)', 8.0),
        ('=FIND("m","Miriam McGovern")', 6.0),
        ('=FIND("x","abc")', '#VALUE!'),
        ('=SEARCH("e","Statements",6)', 7.0),
        ('=SEARCH("r?x","Profit Rate")', '#VALUE!'),
        ('=SEARCH("R?te","Profit Rate")', 8.0),
        ('=EXACT("Word","word")', False),
        ('=REPT("*-",3)', '*-*-*-'),
        ('=REPT("a",-1)', '#VALUE!'),
        ('=CHAR(65)', 'A'),
        ('=CODE("A")', 65.0),
        ('=UNICHAR(8364)', '€'),
        ('=UNICODE("€")', 8364.0),
        ('=VALUE("$1,000")', 1000.0),
        ('=VALUE("abc")', '#VALUE!'),
        ('=NUMBERVALUE("2.500,27",",",".")', 2500.27),
        ('=NUMBERVALUE("3.5%")', 0.035),
        ('=_xlfn.CONCAT("a",1,TRUE)', 'a1TRUE'),
        ('=_xlfn.TEXTJOIN(", ",TRUE,"a","","b")', 'a, b'),
        ('=_xlfn.TEXTJOIN("-",FALSE,"a","","b")', 'a--b'),
        ('=_xlfn.TEXTBEFORE("Red riding hood","hood")', 'Red riding '),
        ('=_xlfn.TEXTAFTER("a-b-c","-",2)', 'c'),
        ('=_xlfn.TEXTAFTER("abc","-")', '#N/A'),
        ('=_xlfn.REGEXTEST("alfalfa","^a")', True),
        ('=_xlfn.REGEXEXTRACT("order 66","[0-9]+")', '66'),
        ('=_xlfn.REGEXREPLACE("a1b2","[0-9]","#")', 'a#b#'),
        ('=CLEAN("a"&CHAR(7)&"b")', 'ab'),
        ('=LEN(A4)', 0.0),
        ('="a"&A3&A4', 'a5'),
        ('=SEARCH("a","abc",10)', '#VALUE!'),
        ('=SEARCH("a","abc",0)', '#VALUE!'),
        ('=SUBSTITUTE("abc","b","x",0)', '#VALUE!'),
        ('=SUBSTITUTE("abc","","x")', 'abc'),
        ('=SUBSTITUTE("abc","b","x",2)', 'abc'),
        ('=REPLACE("abc",0,1,"x")', '#VALUE!'),
        ('=CHAR(0)', '#VALUE!'),
        ('=CODE("")', '#VALUE!'),
        ('=UNICHAR(0)', '#VALUE!'),
        ('=UNICODE("")', '#VALUE!'),
        ('=VALUE(TRUE)', '#VALUE!'),
        ('=NUMBERVALUE("1","")', '#VALUE!'),
        ('=NUMBERVALUE("1.2,3",".",",")', '#VALUE!'),
        ('=NUMBERVALUE("1.2.3")', '#VALUE!'),
        ('=NUMBERVALUE("")', 0.0),
        ('=NUMBERVALUE("9%%")', 0.0009),
        ('=_xlfn.TEXTJOIN(",",TRUE,"a",1/0)', '#DIV/0!'),
        ('=DOLLAR(1234.567,2)', '$1,234.57'),
        ('=DOLLAR(1234.567,-2)', '$1,200'),
        ('=DOLLAR(-1234.567,-2)', '($1,200)'),
        ('=DOLLAR(-0.123,4)', '($0.1230)'),
        ('=DOLLAR(1,128)', '#VALUE!'),
        ('=HYPERLINK("http://example.com","shown")', 'shown'),
        ('=HYPERLINK("http://example.com")', 'http://example.com'),
        ('=_xlfn.VALUETOTEXT("Hello",1)', '"Hello"'),
        ('=_xlfn.VALUETOTEXT("Hello",0)', 'Hello'),
        ('=_xlfn.VALUETOTEXT(#VALUE!)', '#VALUE!'),
        ('=_xlfn.VALUETOTEXT(1234.01234)', '1234.01234'),
        ('=INDEX(_xlfn.VALUETOTEXT({1,TRUE}),1,2)', 'TRUE'),
        ('=_xlfn.ARRAYTOTEXT({TRUE,#VALUE!;1234.01234,"Seattle"},0)', 'TRUE, #VALUE!, 1234.01234, Seattle'),
        ('=_xlfn.ARRAYTOTEXT({TRUE,#VALUE!;1234.01234,"Seattle"},1)', '{TRUE,#VALUE!;1234.01234,"Seattle"}'),
        ('=_xlfn.ENCODEURL("http://a.com/Profit and Loss")', 'http%3A%2F%2Fa.com%2FProfit%20and%20Loss'),
        ('=_xlfn.TEXTAFTER("abc","-",1,0,1)', ''),
        ('=_xlfn.TEXTBEFORE("abc","-",1,0,1)', 'abc'),
        ('=_xlfn.TEXTAFTER("a-b-c","-",-1)', 'c'),
        ('=_xlfn.TEXTBEFORE("a-b-c","-",0)', '#VALUE!'),
        ('=_xlfn.TEXTBEFORE(1/0,"-")', '#DIV/0!'),
        ('=_xlfn.TEXTAFTER("abc","-",1,0,0,"none")', 'none'),
        ('=_xlfn.TEXTAFTER("aXb","x",1,1)', 'b'),
        ('=_xlfn.REGEXTEST("a","(")', '#VALUE!'),
        ('=_xlfn.REGEXTEST("A","a")', False),
        ('=_xlfn.REGEXTEST("A","a",1)', True),
        ('=_xlfn.REGEXTEST("A","a",2)', '#VALUE!'),
        ('=_xlfn.REGEXREPLACE("SoniaBrown","([A-Z][a-z]+)([A-Z][a-z]+)","$2, $1")', 'Brown, Sonia'),
        ('=_xlfn.REGEXREPLACE("a1b2c3","[0-9]","#",2)', 'a1b#c3'),
        ('=_xlfn.REGEXREPLACE("a1b2c3","[0-9]","#",-1)', 'a1b2c#'),
        ('=_xlfn.REGEXREPLACE(REPT("a",30000),"a","bb")', '#VALUE!'),
        ('=_xlfn.REGEXREPLACE(REPT("a",30000),"a","bbb")', '#VALUE!'),
        ('=_xlfn.REGEXEXTRACT("abc","[0-9]")', '#N/A'),
        ('=INDEX(_xlfn.REGEXEXTRACT("a1b22","[0-9]+",1),2)', '22'),
        ('=INDEX(_xlfn.REGEXEXTRACT("a-b","(.)-(.)",2),1,2)', 'b'),
        ('=_xlfn.TEXTJOIN(",",TRUE,{"a",#N/A})', '#N/A'),
        ('=_xlfn.REGEXEXTRACT("a","(")', '#VALUE!'),
        ('=_xlfn.VALUETOTEXT(1,2)', '#VALUE!'),
        ('=_xlfn.ARRAYTOTEXT({1,2},"x")', '#VALUE!'),
        ('=LEN(RIGHT("abc",0))', 0.0),
        ('=LEN(REPT("abc",0))', 0.0),
        ('=SEARCH("","abc",4)', 4.0),
        ('=SEARCH("","abc",5)', '#VALUE!'),
        ('=LEN(REPT("a",32767))', 32767.0),
        ('=LEN(_xlfn.TEXTJOIN("",TRUE,REPT("a",32766),"b"))', 32767.0),
        ('=_xlfn.UNICODE(_xlfn.UNICHAR(1))', 1.0),
        ('=DOLLAR(1234.567,1)', '$1,234.6'),
        ('=_xlfn.TEXTBEFORE("a-b-c","-")', 'a'),
        ('=_xlfn.TEXTAFTER("a-b-c","-")', 'b-c'),
        ('=LEN(_xlfn.REGEXREPLACE(REPT("a",16383)&"b","a","bb"))', 32767.0),
        ('=RIGHT("abc")', 'c'),
        ('=LEFT("abc")', 'a'),
        ('=SEARCH("a","abca")', 1.0),
        ('=FIND("a","abca")', 1.0),
        ('=DOLLAR(1234.567)', '$1,234.57'),
        ('=_xlfn.VALUETOTEXT("a")', 'a'),
        ('=_xlfn.ARRAYTOTEXT({"a",1})', 'a, 1'),
        ('=_xlfn.REGEXTEST("ABC","b")', False),
        ('=_xlfn.REGEXEXTRACT("aBb","b")', 'b'),
    ],
)  # fmt: skip
def test_a_text_is_what_excel_makes_of_it(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12, abs=0) if isinstance(expected, float) else expected)


def test_the_format_of_a_number_may_be_another_in_each_row(tmp_path: Path) -> None:
    cells = {"A1": "0.0", "A2": 5.0, "A3": "=TEXT(A2,A1)", "A4": "=TEXT(7,A1)"}
    model = read_model(make_book(tmp_path / "book.xlsx", cells, {"form": "S!$A$1", "size": "S!$A$2"}))
    rows = compute(model, [{"form": "0.00", "size": 1.0}, {"form": "0%", "size": 2.0}, {"size": 3.0}])
    assert [list(row.values()) for row in rows] == [["1.00", "7.00"], ["200%", "700%"], ["3.0", "7.0"]]


def test_a_pattern_that_does_not_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_LONGEST_SEARCH", 0.01)
    with pytest.raises(OverBudgetError, match="is looked for longer than"):
        value_of(tmp_path, '=_xlfn.REGEXTEST(REPT("a",60)&"!","(a|aa|a?)+$")', {})

"""Functions of texts, with the values of their documentation or such as anybody can see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.books import value_of

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
    ],
)  # fmt: skip
def test_a_text_is_what_excel_makes_of_it(tmp_path: Path, formula: str, expected: Any) -> None:
    found = value_of(tmp_path, formula, CELLS)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)

"""Hostile workbooks: what their cells, formulas, names and parts say."""

from __future__ import annotations

import re

from hostile.files import (
    HEAD,
    MAIN,
    OFFICE,
    SHEET,
    STRINGS,
    STYLES,
    TABLE,
    WORKBOOK,
    Hostile,
    bomb,
    book,
    cell,
    formulas,
    plain_parts,
    relations,
    rows,
    sheet,
    table,
    workbook,
)

LAST = "XFD1048576"
_SUM = "+".join


def _numbered(count: int, formula: str) -> str:
    """A formula for each of so many rows, from row 10 on: {row} is its own, {before} the one above."""
    return rows(*(cell(f"A{row}", formula=formula.format(row=row, before=row - 1)) for row in range(10, 10 + count)))


def _filled(count: int, formula: str) -> str:
    """So many rows of two numbers and a formula of them."""
    return rows(
        *(
            cell(f"A{row}", row)
            + cell(f"B{row}", row * 2)
            + cell(f"C{row}", formula=formula.format(row=row, before=row - 1))
            for row in range(10, 10 + count)
        )
    )


def _array(reference: str, text: str) -> str:
    return rows(f'<c r="A10"><f t="array" ref="{reference}">{text}</f></c>')


def _merges(*areas: str) -> str:
    return (
        f'<mergeCells count="{len(areas)}">' + "".join(f'<mergeCell ref="{each}"/>' for each in areas) + "</mergeCells>"
    )


def _rule(area: str, formula: str = '"a,b"') -> str:
    return f'<dataValidations><dataValidation type="list" sqref="{area}"><formula1>{formula}</formula1></dataValidation></dataValidations>'


def _raw(*cells: str) -> str:
    return rows(*cells)


def _in_the_sheet(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


_DEEP = 5000
_ORDINARY = [
    Hostile("chain-255.xlsx", book(formulas(_SUM(["B1"] * 255)))),
    Hostile("chain-256.xlsx", book(formulas(_SUM(["B1"] * 256)))),
    Hostile("chain-257.xlsx", book(formulas(_SUM(["B1"] * 257)))),
    Hostile("chain-2000.xlsx", book(formulas(_SUM(["B1"] * 2000)))),
    Hostile("chain-of-texts-257.xlsx", book(formulas("&".join(["B1"] * 257)))),
    Hostile(
        "itself-not-read.xlsx",
        book(
            formulas(
                "ROW(A10)",
                "COLUMN(A11)",
                "SHEET(A12)",
                "AREAS(A13)",
                "ISREF(A14)",
                "ISFORMULA(A15)",
                "FORMULATEXT(A16)",
                'CELL("row",A17)',
            )
        ),
    ),
    Hostile("a0.xlsx", book(formulas("A0+1"))),
    Hostile(
        "cdata.xlsx",
        book(
            rows(
                '<c r="A10"><f><![CDATA[1<2]]></f></c>', '<c r="A11" t="inlineStr"><is><t><![CDATA[<&>]]></t></is></c>'
            )
        ),
    ),
    Hostile(
        "comments.xlsx",
        book(
            rows(
                '<c r="A10"><!-- a --><v><!-- b -->5<!-- c --></v></c><!-- d -->',
                '<?instruction?><c r="A11"><v>6</v></c>',
            )
        ),
    ),
    Hostile(
        "utf-16.xlsx",
        book(parts={SHEET: sheet(rows(cell("A10", "Größe"))).replace("UTF-8", "UTF-16").encode("utf-16")}),
    ),
    Hostile(
        "utf-16-undeclared.xlsx",
        book(parts={SHEET: sheet(rows(cell("A10", "Größe"))).removeprefix(HEAD).encode("utf-16")}),
    ),
    Hostile(
        "latin-1.xlsx",
        book(parts={SHEET: sheet(rows(cell("A10", "Größe"))).replace("UTF-8", "ISO-8859-1").encode("latin-1")}),
    ),
    Hostile(
        "strict.xlsx",
        book(
            parts={
                part: (text if isinstance(text, bytes) else text.encode())
                .replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
                .replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
                for part, text in plain_parts().items()
            }
        ),
    ),
    Hostile("parts-in-another-case.xlsx", book(parts={SHEET: None, "XL/Worksheets/Sheet1.xml": sheet()})),
    Hostile(
        "prefixed.xlsx",
        book(parts={SHEET: re.sub(r"<(/?)(?=\w)", r"<\1x:", sheet().removeprefix(HEAD)).replace("xmlns=", "xmlns:x=")}),
    ),
    Hostile(
        "absolute-target.xlsx",
        book(parts={"xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "/xl/worksheets/sheet1.xml"))}),
    ),
]

_HANGS = [
    Hostile("sumif-2000.xlsx", book(_filled(2000, "SUMIF(A$10:A$2009,A{row},B$10:B$2009)")), is_heavy=True),
    Hostile("running-sum-5000.xlsx", book(_filled(5000, "SUM(A$10:A{row})")), is_heavy=True),
    Hostile("running-sum-20000.xlsx", book(_filled(20_000, "SUM(A$10:A{row})")), is_heavy=True),
    Hostile("running-sum-of-formulas-20000.xlsx", book(_filled(20_000, "SUM(C$9:C{before})+A{row}")), is_heavy=True),
    Hostile("rank-20000.xlsx", book(_filled(20_000, "RANK(A{row},A$10:A$20009)")), is_heavy=True),
    Hostile("vlookup-2000.xlsx", book(_filled(2000, "VLOOKUP(A{row},A$10:B$2009,2,FALSE)")), is_heavy=True),
    Hostile("chain-of-cells-20000.xlsx", book(_numbered(20_000, "N(A{before})+1")), is_heavy=True),
    Hostile("chain-of-cells-100000.xlsx", book(_numbered(100_000, "N(A{before})+1")), is_heavy=True),
    Hostile("balance-20000.xlsx", book(_filled(20_000, "N(C{before})+A{row}")), is_heavy=True),
    Hostile(
        "merges-100000.xlsx", book(after=_merges(*(f"A{row}:B{row}" for row in range(10, 100_010)))), is_heavy=True
    ),
    Hostile("merge-of-the-sheet.xlsx", book(after=_merges(f"A10:{LAST}"))),
    Hostile("merge-of-a-million.xlsx", book(after=_merges("A10:ALL1009"))),
    Hostile("array-of-the-sheet.xlsx", book(_array(f"A10:{LAST}", "1"))),
    Hostile("array-of-25-million.xlsx", book(_array("A10:GJH5009", "1"))),
    Hostile("array-of-a-million.xlsx", book(_array("A10:ALL1009", "1"))),
    Hostile(
        "what-if-of-the-sheet.xlsx",
        book(rows(f'<c r="B11"><f t="dataTable" ref="B11:{LAST}" dt2D="1" r1="B1" r2="A1"/></c>')),
    ),
    Hostile(
        "names-doubling-60.xlsx",
        book(
            formulas("n60"),
            names={"n0": "1", **{f"n{number}": f"n{number - 1}+n{number - 1}" for number in range(1, 61)}},
        ),
    ),
    Hostile(
        "names-300-deep.xlsx",
        book(formulas("n300"), names={"n0": "1", **{f"n{number}": f"n{number - 1}+1" for number in range(1, 301)}}),
    ),
    Hostile("names-of-themselves.xlsx", book(formulas("one"), names={"one": "two+1", "two": "one+1"})),
    Hostile(
        "names-100000.xlsx",
        book(
            rows(*(cell(f"A{number + 10}", number) for number in range(100_000))),
            names={f"name{number}": f"S!$A${number + 10}" for number in range(100_000)},
        ),
        is_heavy=True,
    ),
    Hostile("cell-zzzz20.xlsx", book(_raw(cell("ZZZZ20", 1)))),
    Hostile("row-10000000.xlsx", book(f'<row r="10000000">{cell("A10000000", 1)}</row>')),
    Hostile("rule-of-the-sheet.xlsx", book(after=_rule(f"A10:{LAST}", "S!$A:$XFD"))),
    Hostile("rules-100000.xlsx", book(after=_rule(" ".join(f"A{row}" for row in range(10, 100_010)))), is_heavy=True),
    Hostile(
        "filter-of-the-sheet.xlsx",
        book(
            rows('<c r="A10"><v>1</v></c>').replace('r="10"', 'r="10" hidden="1"'),
            after='<autoFilter ref="A1:XFD1048576"><filterColumn colId="0"/></autoFilter>',
        ),
    ),
    Hostile("table-of-the-sheet.xlsx", book(parts={TABLE: table("D1:E1048576")}), is_heavy=True),
    Hostile("table-of-a-million-columns.xlsx", book(parts={TABLE: table("D1:XFD2")})),
    Hostile(
        "area-of-the-sheet.xlsx",
        book(formulas("SUM(F:XFD)", "SUM(F1:XFD1048576)", "COUNTBLANK(F:XFD)", "ROWS(A:XFD)*COLUMNS(A:XFD)")),
    ),
    Hostile("products-of-the-sheet.xlsx", book(formulas("SUMPRODUCT(F:XFD*F:XFD)")), is_heavy=True),
    Hostile("offset-of-the-sheet.xlsx", book(formulas("SUM(OFFSET(F1,0,0,1048576,16000))"))),
    Hostile("sequence-of-the-sheet.xlsx", book(formulas("SUM(SEQUENCE(1048576,16384))"))),
    Hostile("sequence-of-100-million.xlsx", book(formulas("SUM(SEQUENCE(10000,10000))"))),
    Hostile("random-of-100-million.xlsx", book(formulas("SUM(RANDARRAY(10000,10000))"))),
    Hostile("unit-of-20000.xlsx", book(formulas("SUM(MUNIT(20000))"))),
    Hostile("made-array.xlsx", book(formulas("SUM(MAKEARRAY(10000,10000,LAMBDA(r,c,r*c)))"))),
    Hostile("expanded.xlsx", book(formulas("ROWS(EXPAND(1,1000000,10000,0))"))),
    Hostile("by-a-column-and-a-row.xlsx", book(formulas("SUM(SEQUENCE(20000)*SEQUENCE(1,20000))"))),
    Hostile("lambda-without-end.xlsx", book(formulas("loop(1)"), names={"loop": "LAMBDA(x,loop(x+1))"})),
    Hostile("long-text.xlsx", book(formulas('REPT("x",30000)&REPT("y",30000)'))),
    Hostile(
        "texts-doubling-40.xlsx",
        book(rows(cell("A10", "x"), *(cell(f"A{row}", formula=f"A{row - 1}&A{row - 1}") for row in range(11, 51)))),
    ),
    Hostile(
        "text-of-a-billion.xlsx",
        book(
            formulas(
                'REPT("x",1000000000)',
                'LEN(SUBSTITUTE(REPT("x",30000),"x",REPT("y",30000)))',
                'TEXT(1,REPT("0",30000))',
                'LEN(TEXTJOIN(REPT("x",30000),FALSE,SEQUENCE(30000)))',
            )
        ),
    ),
    Hostile(
        "large-numbers.xlsx",
        book(
            formulas(
                "FACT(1E9)",
                "COMBIN(1E9,5E8)",
                "10^1E9",
                "2^1024",
                "BASE(1E15,2)",
                "ROMAN(3999)",
                "PERMUT(1E9,5E8)",
                "FACTDOUBLE(1E9)",
                "MULTINOMIAL(1E9,1E9)",
                "LCM(1E15,1E15-1)",
            )
        ),
    ),
    Hostile(
        "wildcards.xlsx",
        book(
            formulas(
                'SEARCH("*a*a*a*a*a*a*a*b",REPT("a",30000))',
                'COUNTIF(A20,"*a*a*a*a*a*a*a*b")',
                'MATCH("*a*a*a*a*a*a*b",A20:A20,0)',
            )
            + f'<row r="20">{cell("A20", "a" * 30000)}</row>'
        ),
    ),
    Hostile(
        "regular-expression.xlsx",
        book(
            formulas(
                'REGEXTEST(REPT("a",40),"^(a+)+$b")',
                'REGEXEXTRACT(REPT("a",40),"(a|aa)+$b")',
                'REGEXREPLACE(REPT("a",1000),"a","$0$0")',
            )
        ),
        is_heavy=True,
    ),
    Hostile(
        "days-of-all-times.xlsx",
        book(
            formulas(
                "NETWORKDAYS(1,2958465)",
                "WORKDAY(1,2000000)",
                "WORKDAY(1,1E15)",
                "EDATE(1,1E15)",
                'SUM(WORKDAY.INTL(1,SEQUENCE(1000),"1111110"))',
                "DATE(1E9,1E9,1E9)",
            )
        ),
        is_heavy=True,
    ),
    Hostile(
        "rates-without-end.xlsx",
        book(
            formulas(
                "RATE(1E6,-1,1E9,0)",
                "IRR(SEQUENCE(1000))",
                "XIRR(SEQUENCE(100),SEQUENCE(100))",
                "CUMIPMT(0.01,1E9,1,1,1E9,0)",
                "VDB(1E9,1,1E9,0,1E9)",
            )
        ),
        is_heavy=True,
    ),
    Hostile("simulation-of-a-million.xlsx", book(formulas("SUM(LEV_SIZE(SEQUENCE(1000000),2))")), is_heavy=True),
    Hostile("formula-of-8193.xlsx", book(formulas("1" + "+1" * 4096))),
    Hostile("formula-of-a-million.xlsx", book(formulas("1" + "+1" * 500_000)), is_heavy=True),
    Hostile("brackets-5000-deep.xlsx", book(formulas("(" * _DEEP + "1" + ")" * _DEEP))),
    Hostile("functions-5000-deep.xlsx", book(formulas("ABS(" * _DEEP + "1" + ")" * _DEEP))),
    Hostile("if-300-deep.xlsx", book(formulas("IF(B1>1,1," * 300 + "1" + ")" * 300))),
    Hostile("functions-64-deep.xlsx", book(formulas("ABS(" * 64 + "B1" + ")" * 64))),
    Hostile("minus-5000.xlsx", book(formulas("-" * _DEEP + "1"))),
    Hostile("percent-5000.xlsx", book(formulas("1" + "%" * _DEEP))),
    Hostile("powers-300.xlsx", book(formulas("^".join(["1"] * 300)))),
    Hostile("compared-300.xlsx", book(formulas("=".join(["1"] * 300)))),
    Hostile("arguments-5000.xlsx", book(formulas("SUM(" + ",".join(["1"] * 5000) + ")"))),
    Hostile("array-of-constants.xlsx", book(formulas("SUM({" + ";".join(["1,2,3"] * 5000) + "})"))),
    Hostile("unions-300.xlsx", book(formulas("SUM((" + ",".join(["B1"] * 300) + "))"))),
    Hostile("ranges-of-ranges.xlsx", book(formulas(":".join(["F1"] * 300)))),
    Hostile("circle.xlsx", book(formulas("A11", "A10"))),
    Hostile(
        "circle-of-5000.xlsx",
        book(rows(*(cell(f"A{row}", formula=f"A{row + 1 if row < 5009 else 10}") for row in range(10, 5010)))),
    ),
]

_BOMBS = [
    Hostile(
        "bomb-sheet.xlsx",
        bomb(
            SHEET,
            sheet().partition("</sheetData>")[0],
            b" " * 2**20,
            1500,
            "</sheetData>" + sheet().partition("</sheetData>")[2],
        ),
        is_heavy=True,
    ),
    Hostile(
        "bomb-styles.xlsx",
        bomb(STYLES, HEAD + f'<styleSheet xmlns="{MAIN}">', b"<x/>" * 2**18, 1000, "</styleSheet>"),
        is_heavy=True,
    ),
    Hostile(
        "bomb-strings.xlsx",
        bomb(STRINGS, HEAD + f'<sst xmlns="{MAIN}">', b"<si><t>xxxx</t></si>" * 2**16, 600, "</sst>"),
        is_heavy=True,
    ),
    Hostile(
        "bomb-workbook.xlsx",
        bomb(WORKBOOK, HEAD + f'<workbook xmlns="{MAIN}">', b"<x/>" * 2**18, 300, "</workbook>"),
        is_heavy=True,
    ),
    Hostile(
        "cells-300000.xlsx",
        book(
            rows(
                *(
                    "".join(cell(f"{column}{row}", row * 7919 % 1_000_003) for column in "ABC")
                    for row in range(10, 100_010)
                )
            )
        ),
        is_heavy=True,
    ),
    Hostile("bomb-elsewhere.xlsx", bomb("xl/media/image1.bin", "", b"\0" * 2**20, 3000, ""), is_heavy=True),
    Hostile(
        "bomb-rows-50-mb.xlsx",
        bomb(
            SHEET,
            sheet().partition("</sheetData>")[0],
            b'<row r="11"><c r="A11"><v>1</v></c></row>' * 2**15,
            40,
            "</sheetData>" + sheet().partition("</sheetData>")[2],
        ),
        is_heavy=True,
    ),
    Hostile(
        "billion-laughs.xlsx",
        book(
            parts={
                SHEET: HEAD
                + '<!DOCTYPE x [<!ENTITY a0 "ha">'
                + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
                + "]>"
                + sheet(rows('<c r="A10" t="inlineStr"><is><t>&a10;</t></is></c>')).removeprefix(HEAD)
            }
        ),
    ),
    Hostile(
        "billion-laughs-in-styles.xlsx",
        book(
            parts={
                STYLES: HEAD
                + '<!DOCTYPE x [<!ENTITY a0 "ha">'
                + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
                + f']><styleSheet xmlns="{MAIN}"><x>&a10;</x></styleSheet>'
            }
        ),
    ),
    Hostile(
        "quadratic.xlsx",
        book(
            parts={
                SHEET: HEAD
                + f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
                + sheet(rows('<c r="A10" t="inlineStr"><is><t>' + "&a;" * 20_000 + "</t></is></c>")).removeprefix(HEAD)
            }
        ),
    ),
    Hostile(
        "external-file.xlsx",
        book(
            parts={
                SHEET: HEAD
                + '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                + sheet(rows('<c r="A10" t="inlineStr"><is><t>&a;</t></is></c>')).removeprefix(HEAD)
            }
        ),
    ),
    Hostile(
        "external-address.xlsx",
        book(
            parts={
                SHEET: HEAD
                + '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>'
                + sheet().removeprefix(HEAD)
            }
        ),
    ),
    Hostile("elements-100000-deep.xlsx", book(parts={SHEET: sheet(after="<x>" * 100_000 + "</x>" * 100_000)})),
    Hostile(
        "strings-100000-deep.xlsx",
        book(parts={STRINGS: HEAD + f'<sst xmlns="{MAIN}"><si>' + "<r>" * 100_000 + "</r>" * 100_000 + "</si></sst>"}),
    ),
    Hostile(
        "attributes-100000.xlsx",
        book(
            parts={SHEET: sheet(rows('<c r="A10" ' + " ".join(f'a{n}="1"' for n in range(100_000)) + "><v>1</v></c>"))}
        ),
        is_heavy=True,
    ),
    Hostile(
        "not-utf-8.xlsx", book(parts={SHEET: sheet(rows(cell("A10", "@"))).encode().replace(b"@", b"\xff\xfe\xfa")})
    ),
    Hostile("nul-within.xlsx", book(parts={SHEET: sheet(rows(cell("A10", "@"))).encode().replace(b"@", b"\0")})),
    Hostile("surrogate.xlsx", book(rows('<c r="A10" t="inlineStr"><is><t>&#xD800;</t></is></c>'))),
    Hostile(
        "escaped-surrogate.xlsx",
        book(
            rows('<c r="A10" t="inlineStr"><is><t>_xD800_ _x0000_ _xFFFF_</t></is></c>', cell("A11", formula='A10&"!"'))
        ),
    ),
    Hostile("never-closed.xlsx", book(parts={SHEET: sheet()[:-20]})),
    Hostile("no-data.xlsx", book(parts={SHEET: HEAD + f'<worksheet xmlns="{MAIN}"/>'})),
    Hostile("sheet-is-html.xlsx", book(parts={SHEET: "<html><body>Sign in</body></html>"})),
    Hostile("sheet-is-empty.xlsx", book(parts={SHEET: ""})),
    Hostile("two-sheetdata.xlsx", book(after='<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')),
    Hostile("unknown-encoding.xlsx", book(parts={SHEET: sheet().replace("UTF-8", "x-nobody")})),
]

_CELLS = [
    Hostile("number-nan.xlsx", book(_raw("<c r='A10'><v>NaN</v></c>".replace("'", '"')))),
    Hostile("number-inf.xlsx", book(_raw('<c r="A10"><v>INF</v></c>'))),
    Hostile("number-1e5000.xlsx", book(_raw('<c r="A10"><v>1e5000</v></c>'))),
    Hostile("number-0x10.xlsx", book(_raw('<c r="A10"><v>0x10</v></c>'))),
    Hostile("number-1_000.xlsx", book(_raw('<c r="A10"><v>1_000</v></c>'))),
    Hostile("number-of-5000-digits.xlsx", book(_raw(f'<c r="A10"><v>{"9" * 5000}</v></c>'))),
    Hostile("number-arabic.xlsx", book(_raw('<c r="A10"><v>١٢٣</v></c>'))),
    Hostile("date-is-text.xlsx", book(_raw('<c r="A10" t="d"><v>soon</v></c>'))),
    Hostile(
        "date-of-year-9999.xlsx",
        book(
            _raw('<c r="A10" s="1"><v>2958466</v></c>', '<c r="A11" s="1"><v>-1</v></c>', cell("A12", formula="A10+1"))
        ),
    ),
    Hostile("truth-is-maybe.xlsx", book(_raw('<c r="A10" t="b"><v>maybe</v></c>'))),
    Hostile("error-is-none.xlsx", book(_raw('<c r="A10" t="e"><v>#OOPS!</v></c>'))),
    Hostile("kind-is-none.xlsx", book(_raw('<c r="A10" t="zz"><v>1</v></c>'))),
    Hostile("style-99999.xlsx", book(_raw('<c r="A10" s="99999"><v>1</v></c>'))),
    Hostile("style-minus-1.xlsx", book(_raw('<c r="A10" s="-1"><v>1</v></c>'))),
    Hostile("style-zz.xlsx", book(_raw('<c r="A10" s="zz"><v>1</v></c>'))),
    Hostile("string-99999.xlsx", book(_raw('<c r="A10" t="s"><v>99999</v></c>'))),
    Hostile("string-minus-1.xlsx", book(_raw('<c r="A10" t="s"><v>-1</v></c>'))),
    Hostile("string-zz.xlsx", book(_raw('<c r="A10" t="s"><v>zz</v></c>'))),
    Hostile("cell-a0.xlsx", book(_raw('<c r="A0"><v>1</v></c>'))),
    Hostile("cell-1a.xlsx", book(_raw('<c r="1A"><v>1</v></c>'))),
    Hostile("cell-nothing.xlsx", book(_raw('<c r=""><v>1</v></c>'))),
    Hostile("cell-lower-case.xlsx", book(_raw('<c r="a10"><v>1</v></c>'))),
    Hostile("cell-of-another-row.xlsx", book(_raw('<c r="A99"><v>1</v></c>'))),
    Hostile("cell-twice.xlsx", book(_raw('<c r="A10"><v>1</v></c><c r="A10"><v>2</v></c>'))),
    Hostile(
        "cells-backwards.xlsx",
        book(
            '<row r="12"><c r="C12"><v>1</v></c><c r="A12"><v>1</v></c></row><row r="11"><c r="A11"><v>1</v></c></row>'
        ),
    ),
    Hostile("row-abc.xlsx", book('<row r="abc"><c r="A10"><v>1</v></c></row>')),
    Hostile("row-0.xlsx", book('<row r="0"><c r="A10"><v>1</v></c></row>')),
    Hostile("row-minus-1.xlsx", book('<row r="-1"><c><v>1</v></c></row>')),
    Hostile("cell-outside-a-row.xlsx", book('<c r="A10"><v>1</v></c>')),
    Hostile("cell-in-a-cell.xlsx", book(_raw('<c r="A10"><c r="A11"><v>1</v></c></c>'))),
    Hostile(
        "input-is-an-error.xlsx",
        book(parts={SHEET: sheet().replace(cell("B1", 50), '<c r="B1" t="e"><v>#N/A</v></c>')}),
    ),
    Hostile("shared-without-first.xlsx", book(_raw('<c r="A10"><f t="shared" si="7"/><v>1</v></c>'))),
    Hostile(
        "shared-si-is-x.xlsx",
        book(_raw('<c r="A10"><f t="shared" si="x" ref="A10:A11">B1</f></c>', '<c r="A11"><f t="shared" si="x"/></c>')),
    ),
    Hostile("array-without-area.xlsx", book(_raw('<c r="A10"><f t="array">1</f></c>'))),
    Hostile("array-area-is-zz.xlsx", book(_raw('<c r="A10"><f t="array" ref="zz">1</f></c>'))),
    Hostile("array-elsewhere.xlsx", book(_raw('<c r="A10"><f t="array" ref="F20:G21">{1,2;3,4}</f></c>'))),
    Hostile(
        "arrays-on-each-other.xlsx",
        book(
            _raw(
                '<c r="A10"><f t="array" ref="A10:B11">{1,2;3,4}</f></c><c r="B10"><f t="array" ref="A10:B11">{5,6;7,8}</f></c>'
            )
        ),
    ),
    Hostile("array-on-an-input.xlsx", book(_raw('<c r="A10"><f t="array" ref="A1:B10">1</f></c>'))),
    Hostile("formula-kind-is-zz.xlsx", book(_raw('<c r="A10"><f t="zz">1+1</f></c>'))),
    Hostile("what-if-of-zz.xlsx", book(_raw('<c r="A10"><f t="dataTable" ref="zz" r1="zz"/></c>'))),
    Hostile(
        "what-if-at-the-edge.xlsx",
        book('<row r="1"><c r="A1"><f t="dataTable" ref="A1:B2" r1="B1" dt2D="1" r2="D2"/></c></row>'),
    ),
    Hostile(
        "formula-is-none.xlsx", book(formulas("1+", ")(", "SUM(1;2)", "'", '"', "{1", "#REF!", "#OOPS!", "@", "=1"))
    ),
    Hostile(
        "formula-of-connections.xlsx",
        book(
            formulas(
                'WEBSERVICE("http://127.0.0.1:9/")',
                'RTD("x",,"y")',
                'CALL("kernel32","WinExec","JJJ","calc",1)',
                'IMAGE("http://127.0.0.1:9/")',
                "cmd|'/c calc'!A0",
                'HYPERLINK("http://127.0.0.1:9/","x")',
                'INDIRECT("[/etc/passwd]x!A1")',
                'SQL.REQUEST("x")',
                'EXEC("calc")',
                'REGISTER("a","b")',
                'IMPORTDATA("http://127.0.0.1:9/")',
            )
        ),
    ),
    Hostile("formula-of-marks.xlsx", book(formulas("1\u202e+1", "\u200b1", "Ａ１", "1\u00a0+\u00a01"))),
    Hostile(
        "name-of-python.xlsx",
        book(formulas('__import__("os")', "LEV_.__class__()", "LEV___CLASS__()", "xladdin.eval(1)")),
    ),
]

_NAMED = [
    Hostile("name-without-text.xlsx", book(names={"empty": ""})),
    Hostile("name-without-name.xlsx", book(names={"": "S!$A$10"})),
    Hostile("name-twice.xlsx", book(names=[("Entry", "S!$A$10"), ("ENTRY", "S!$A$11")])),
    Hostile(
        "name-of-no-sheet.xlsx",
        book(names={"gone": "Gone!$A$1", "broken": "#REF!", "odd": "S!$A", "more": "S!A1:B2:C3"}),
    ),
    Hostile(
        "name-of-a-sheet-99.xlsx",
        book(
            parts={
                WORKBOOK: workbook().replace(
                    "<definedName ",
                    '<definedName name="far" localSheetId="99">1</definedName><definedName name="x" localSheetId="x">1</definedName><definedName ',
                    1,
                )
            }
        ),
    ),
    Hostile(
        "name-is-markup.xlsx", book(names={"a<b>&\"'": "S!$A$10", "{0.__class__}": "S!$A$11", "..\\..\\x": "S!$A$12"})
    ),
    Hostile("name-of-50000-characters.xlsx", book(names={"n" * 50_000: "S!$A$10"})),
    Hostile(
        "sheet-without-name.xlsx",
        book(parts={WORKBOOK: workbook(sheets='<sheet name="" sheetId="1" r:id="rId1"/>').replace("S!", "''!")}),
    ),
    Hostile(
        "sheet-twice.xlsx",
        book(
            parts={
                WORKBOOK: workbook(
                    sheets='<sheet name="S" sheetId="1" r:id="rId1"/><sheet name="S" sheetId="2" r:id="rId1"/>'
                )
            }
        ),
    ),
    Hostile(
        "sheet-with-marks.xlsx",
        book(
            parts={
                WORKBOOK: workbook(sheets='<sheet name="[]:*?/\\" sheetId="1" r:id="rId1"/>').replace(
                    "S!", "'[]:*?/\\'!"
                )
            }
        ),
    ),
    Hostile(
        "sheet-leads-nowhere.xlsx",
        book(parts={WORKBOOK: workbook(sheets='<sheet name="S" sheetId="1" r:id="rId99"/>')}),
    ),
    Hostile(
        "sheets-10000.xlsx",
        book(
            parts={
                WORKBOOK: workbook(
                    sheets='<sheet name="S" sheetId="1" r:id="rId1"/>'
                    + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 10_000))
                )
            }
        ),
        is_heavy=True,
    ),
    Hostile("no-relations.xlsx", book(parts={"xl/_rels/workbook.xml.rels": None})),
    Hostile("no-workbook.xlsx", book(parts={WORKBOOK: None})),
    Hostile("no-content-types.xlsx", book(parts={"[Content_Types].xml": None})),
    Hostile(
        "relation-out-of-the-package.xlsx",
        book(parts={"xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "../../../../../../etc/passwd"))}),
    ),
    Hostile(
        "relation-to-a-file.xlsx",
        book(
            parts={
                "xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "file:///etc/passwd")).replace(
                    "Target=", 'TargetMode="External" Target='
                )
            }
        ),
    ),
    Hostile(
        "chart-sheet-alone.xlsx",
        book(parts={"xl/_rels/workbook.xml.rels": relations(("rId1", "chartsheet", "worksheets/sheet1.xml"))}),
    ),
    Hostile("no-part-of-a-table.xlsx", book(parts={TABLE: None})),
    Hostile("table-is-zz.xlsx", book(parts={TABLE: table("zz")})),
    Hostile("table-without-columns.xlsx", book(parts={TABLE: table(columns="<tableColumns/>")})),
    Hostile("table-of-too-many-columns.xlsx", book(parts={TABLE: table("D1:Z2")})),
    Hostile("table-at-the-end.xlsx", book(parts={TABLE: table("D1048576:E1048576")})),
    Hostile("table-of-nonsense.xlsx", book(parts={TABLE: "<table"})),
    Hostile(
        "tables-twice.xlsx",
        book(
            parts={
                "xl/worksheets/_rels/sheet1.xml.rels": relations(
                    ("rId1", "table", "../tables/table1.xml"), ("rId2", "table", "../tables/table1.xml")
                )
            }
        ),
    ),
    Hostile("relations-of-nonsense.xlsx", book(parts={"xl/worksheets/_rels/sheet1.xml.rels": "<x"})),
    Hostile("styles-of-nonsense.xlsx", book(parts={STYLES: "<styleSheet"})),
    Hostile(
        "style-format-is-x.xlsx", book(parts={STYLES: plain_parts()[STYLES].replace('numFmtId="14"', 'numFmtId="x"')})
    ),  # type: ignore[union-attr, arg-type]
    Hostile("strings-of-nonsense.xlsx", book(rows('<c r="A10" t="s"><v>0</v></c>'), parts={STRINGS: "<sst><si>"})),
    Hostile("rule-of-zz.xlsx", book(after=_rule("zz zz:zz"))),
    Hostile("rule-of-a-long-list.xlsx", book(after=_rule("B1", '"' + ",".join(["a"] * 75_000) + '"'))),
    Hostile(
        "link-leads-nowhere.xlsx",
        book(
            formulas("[1]S!A1"),
            parts={
                "xl/_rels/workbook.xml.rels": relations(
                    ("rId1", "worksheet", "worksheets/sheet1.xml"),
                    ("rId9", "externalLink", "externalLinks/externalLink1.xml"),
                ),
                WORKBOOK: workbook(more='<externalReferences><externalReference r:id="rId9"/></externalReferences>'),
            },
        ),
    ),
    Hostile(
        "link-of-nonsense.xlsx",
        book(
            formulas("[1]S!A1"),
            parts={
                "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><externalBook><sheetNames><sheetName val="S"/></sheetNames><sheetDataSet><sheetData sheetId="99"><row r="x"><cell r="ZZZZ9"><v>1e9999</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>',
                "xl/_rels/workbook.xml.rels": relations(
                    ("rId1", "worksheet", "worksheets/sheet1.xml"),
                    ("rId9", "externalLink", "externalLinks/externalLink1.xml"),
                ),
                WORKBOOK: workbook(more='<externalReferences><externalReference r:id="rId9"/></externalReferences>'),
            },
        ),
    ),
    Hostile(
        "drawing-leads-nowhere.xlsx",
        book(
            parts={
                "xl/worksheets/_rels/sheet1.xml.rels": relations(
                    ("rId1", "table", "../tables/table1.xml"), ("rId2", "drawing", "../drawings/drawing9.xml")
                )
            }
        ),
    ),
    Hostile(
        "chart-of-nonsense.xlsx",
        book(
            parts={
                "xl/charts/chart1.xml": "<c:chartSpace",
                "xl/drawings/drawing1.xml": "<x",
                "xl/worksheets/_rels/sheet1.xml.rels": relations(
                    ("rId1", "table", "../tables/table1.xml"), ("rId2", "drawing", "../drawings/drawing1.xml")
                ),
            }
        ),
    ),
    Hostile(
        "macros.xlsx",
        book(
            parts={
                "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 nothing",
                "xl/_rels/workbook.xml.rels": relations(
                    ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "vbaProject", "vbaProject.bin")
                ),
            }
        ),
    ),
]

WORKBOOKS = [*_ORDINARY, *_HANGS, *_BOMBS, *_CELLS, *_NAMED]

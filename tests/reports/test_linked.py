"""Templates that refer to other workbooks."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from support.books import DATA_LINK, LINK, LINK_TO, add_links, make_book, parts
from support.command import report

NAMES = {"entry": "S!$A$1", "double": "S!$A$2"}


def test_a_workbook_linked_to_others_keeps_the_links_and_is_computed_with_what_it_has_stored(
    table: Path, tmp_path: Path
) -> None:
    cells = {"A1": 1, "A2": "=[1]Prices!$B$2*A1", "A3": "=[1]Gone!A1", "A4": "=A1+1"}
    template = add_links(make_book(tmp_path / "linked.xlsx", cells, NAMES))
    result = report(table, template, tmp_path / "out")
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "xladdin: linked.xlsx refers to other workbooks in 2 places, S!A2 first, and is computed with the values "
            "that it has stored of them, 1 of which have none and give #REF!.",
        ],
    )
    for number in (1, 2, 3):
        path = tmp_path / "out" / f"report-{number}.xlsx"
        kept = parts(path)
        assert {name: kept[name] for name in (LINK, LINK_TO, DATA_LINK)}.items() <= parts(template).items()
        assert b"externalReference " in kept["xl/workbook.xml"]
        assert openpyxl.load_workbook(path, keep_links=False)["S"]["A2"].value == "=[1]Prices!$B$2*A1"
        shown = openpyxl.load_workbook(path, data_only=True, keep_links=False)["S"]
        assert [shown[cell].value for cell in ("A2", "A3", "A4")] == [5 * number, "#REF!", number + 1]
    _, *lines = report(table, template, tmp_path / "out", "--explain").stdout.splitlines()
    assert lines == [
        "S!A2: it refers to another workbook, of which the stored values are used: =[my prices.xlsx]Prices!$B$2*A1",
        "S!A3: it refers to another workbook, of which no value is stored: =[my prices.xlsx]Gone!A1",
    ]

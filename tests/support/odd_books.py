"""Workbooks that people have and that no library writes: made of openpyxl's, part by part."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
LINK = "xl/externalLinks/externalLink1.xml"
LINK_TO = "xl/externalLinks/_rels/externalLink1.xml.rels"
DATA_LINK = "xl/externalLinks/externalLink2.xml"

# As Excel writes it of a file in the cloud: three sheets, of which one could not be read; a name; a value of each kind.
_LINK = f"""<externalLink xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 mc:Ignorable="xxl21" xmlns:xxl21="http://schemas.microsoft.com/office/spreadsheetml/2021/extlinks2021">
<externalBook xmlns:r="{OFFICE}" r:id="rId1"><xxl21:alternateUrls driveId="a" itemId="b"/>
<sheetNames><sheetName val="Prices"/><sheetName val="My 'Sheet"/><sheetName val="Gone"/></sheetNames>
<definedNames><definedName name="rate" refersTo="='Prices'!$B$3"/></definedNames><sheetDataSet>
<sheetData sheetId="0"><row r="1"><cell r="D1" t="b"><v>1</v></cell><cell r="E1" t="e"><v>#N/A</v></cell></row>
<row r="2"><cell r="A2" t="str"><v>btc</v></cell><cell r="B2"><v>5</v></cell></row>
<row r="3"><cell r="A3" t="str"><v>eth</v></cell><cell r="B3"><v>7</v></cell></row></sheetData>
<sheetData sheetId="1"><row r="1"><cell r="A1"><v>1</v></cell></row><row r="3"><cell r="A3"><v>10</v></cell></row>
</sheetData><sheetData sheetId="2" refreshError="1"/></sheetDataSet></externalBook></externalLink>"""
_LINK_TO = f"""<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath"
 Target="https://example.com/desk/my%20prices.xlsx" TargetMode="External"/></Relationships>"""
_DATA_LINK = f"""<externalLink xmlns="{MAIN}"><ddeLink xmlns:r="{OFFICE}" ddeService="Feed" ddeTopic="Spot">
<ddeItems><ddeItem name="BTC" advise="1"/></ddeItems></ddeLink></externalLink>"""


def make_book(path: Path, cells: Mapping[str, Any], names: Mapping[str, str]) -> Path:
    """A workbook of one sheet, S; a pair is an array formula with its range."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for address, value in cells.items():
        sheet[address] = ArrayFormula(*value) if isinstance(value, tuple) else value
    for name, text in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    book.save(path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(path: Path, changed: Mapping[str, bytes | None]) -> Path:
    """Replace parts of a file, add some, or take away those that are None."""
    found = {name: text for name, text in (parts(path) | changed).items() if text is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in found.items():
            archive.writestr(name, text)
    return path


def add_links(path: Path) -> Path:
    """Link a workbook to another one and to a program that sends values."""
    found = parts(path)
    references, relations, types = "", "", ""
    for number in (1, 2):
        name = f"externalLinks/externalLink{number}.xml"
        references += f'<externalReference xmlns:r="{OFFICE}" r:id="rId9{number}"/>'
        relations += f'<Relationship Id="rId9{number}" Type="{OFFICE}/externalLink" Target="{name}"/>'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
        types += f'<Override PartName="/xl/{name}" ContentType="{kind}"/>'

    def before(part: str, mark: str, text: str) -> bytes:
        return found[part].decode().replace(mark, text + mark, 1).encode()

    workbook = found["xl/workbook.xml"].decode()
    return with_parts(
        path,
        {
            "xl/workbook.xml": workbook.replace(
                "</sheets>", f"</sheets><externalReferences>{references}</externalReferences>", 1
            ).encode(),
            "xl/_rels/workbook.xml.rels": before("xl/_rels/workbook.xml.rels", "</Relationships>", relations),
            "[Content_Types].xml": before("[Content_Types].xml", "</Types>", types),
            LINK: _LINK.encode(),
            LINK_TO: _LINK_TO.encode(),
            DATA_LINK: _DATA_LINK.encode(),
        },
    )

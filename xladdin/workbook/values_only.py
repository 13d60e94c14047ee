"""A finished workbook as its values: no formula, and nothing of the model that could be looked up in it.

Formulas become the values that are stored of them, whatever made them. Names go, hidden sheets, validations, what is
stored of other workbooks, connections and queries; and what a conditional format or a link says by a name that goes.
Visible sheets stay as they look, with charts, formats, notes, print areas, and the names and hidden cells that a chart
needs; but what a template says of filling it in, which is false of values, goes.
"""

from __future__ import annotations

import functools
import html
import itertools
import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from xladdin.core.errors import UserError
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.package import Member, Package
from xladdin.workbook.file.sheet import CELL, address_of
from xladdin.workbook.references import Area, area_of

NOT_OF_VALUES = "_not_of_values"  # the hidden name of cells that are about the formulas and what is to be filled in
_FORMULA = re.compile(rb"<((?:\w+:)?)f\b[^>]*?(?:/>|>.*?</\1f>)", re.DOTALL)
_KIND = re.compile(rb'\st="([^"]*)"')
_VALUE = re.compile(rb"<((?:\w+:)?)v\b[^>]*>(.*?)</\1v>", re.DOTALL)
_OF_AN_ARRAY = re.compile(rb'\s(?:cm|ph)="[^"]*"')
_NAMES = re.compile(rb"<((?:\w+:)?)definedNames\b.*?</\1definedNames>", re.DOTALL)
_NAME = re.compile(rb"<((?:\w+:)?)definedName\b([^>]*)>(.*?)</\1definedName>", re.DOTALL)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?/>")
_HIDDEN = re.compile(rb'\sstate="(?:hidden|veryHidden)"')
_VALIDATIONS = re.compile(rb"<((?:\w+:)?)dataValidations\b.*?(?:</\1dataValidations>)", re.DOTALL)
_EXTENDED_VALIDATIONS = re.compile(rb"<((?:\w+:)?)ext\b[^>]*>\s*<(\w+:)dataValidations\b.*?</\1ext>", re.DOTALL)
_FORMAT = re.compile(rb"<((?:\w+:)?)conditionalFormatting\b.*?</\1conditionalFormatting>", re.DOTALL)
_RULE = re.compile(rb"<((?:\w+:)?)cfRule\b[^>]*?(?:/>|>.*?</\1cfRule>)", re.DOTALL)
_RULE_FORMULA = re.compile(rb"<((?:\w+:)?)(?:formula|f)>(.*?)</\1(?:formula|f)>", re.DOTALL)
_LINK = re.compile(rb'<(?:\w+:)?hyperlink\b[^>]*?\slocation="([^"]*)"[^>]*?/>')
_LINKS = re.compile(rb"<((?:\w+:)?)hyperlinks\b[^>]*>\s*</\1hyperlinks>")
_COLUMN_FORMULA = re.compile(
    rb"<((?:\w+:)?)(calculatedColumnFormula|totalsRowFormula)\b[^>]*?(?:/>|>.*?</\1\2>)", re.DOTALL
)
_OTHER_WORKBOOKS = re.compile(rb"<((?:\w+:)?)externalReferences\b.*?</\1externalReferences>", re.DOTALL)
_CHART_SOURCE = re.compile(rb"<(?:\w+:)?f>([^<]*)</(?:\w+:)?f>")
_AREA = re.compile(r"(?:'(?:[^']|'')*'|[^',]+)![^,]+")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_GOING = ("xl/calcChain.xml", "xl/externalLinks/", "xl/connections.xml", "xl/queryTables/", "customXml/", "xl/model/")
_WORKBOOK, _STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
_STRING = re.compile(rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</\1si>)", re.DOTALL)
_SHARED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\st="s")[^>]*>\s*<(?:\w+:)?v\b[^>]*>\s*(\d+)\s*<')


def values_only(data: bytes, name: str) -> bytes:
    """A finished workbook's file with its values alone.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What it is called, for what is said of it.

    Raises
    ------
    UserError
        When it has macros, or no sheet that can be seen.
    """
    package = packages.open_package(Path(name), data)
    if "xl/vbaProject.bin" in package.members:
        raise UserError(f"{name} has macros, which are no values; allowed with --values is an .xlsx workbook.")
    going = _going(package)
    members = {part: _kept(part, member, going) for part, member in package.members.items() if part not in going.parts}
    if (going.sheets or going.cells) and _STRINGS in members:
        members[_STRINGS] = _only_shown(members)
    return packages.Layout(Package(package.path, members), []).join({})


def _only_shown(members: Mapping[str, Member]) -> Member:
    """The texts that sheets share without those that only what is gone had."""
    package = Package(Path(), dict(members))
    used: set[int] = set()
    for part in members:
        if part.startswith("xl/worksheets/sheet"):
            used |= {int(number) for number in _SHARED.findall(package.read(part))}
    numbers = itertools.count()
    text = _STRING.sub(
        lambda found: found[0] if next(numbers) in used else b"<%bsi><%bt/></%bsi>" % ((found[1],) * 3),
        package.read(_STRINGS),
    )
    return packages.compress(text)


class _Going:
    """What goes: parts, numbers of sheets, names, cells by the part of their sheet; the same in all of a template."""

    def __init__(
        self,
        parts: frozenset[str],
        sheets: Mapping[int, bytes],
        names: frozenset[str],
        cells: Mapping[str, Sequence[Area]],
    ) -> None:
        self.parts = parts
        self.sheets = sheets
        self.cells = cells
        known = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
        self.words = re.compile(rf"(?<![\w.])(?:(?:{known})(?![\w.(])|LEV_)", re.IGNORECASE)
        self.names = names
        self.texts: dict[tuple[str, int, int], Member] = {}


@functools.lru_cache(maxsize=4)
def _known(
    workbook: bytes, charts: tuple[bytes, ...], parts: tuple[str, ...], relations: tuple[tuple[str, bytes], ...]
) -> _Going:
    read = dict(relations)
    sources = " ".join(html.unescape(each.decode()) for chart in charts for each in _CHART_SOURCE.findall(chart))
    names = {
        html.unescape(dict(_ATTRIBUTE.findall(attributes)).get(b"name", b"").decode())
        for _, attributes, _ in _NAME.findall(workbook)
    }
    kept = {name for name in names if name.startswith("_xlnm.") or re.search(rf"\b{re.escape(name)}\b", sources)}
    targets = _targets(read.get("xl/_rels/workbook.xml.rels", b""), "xl")
    sheets: dict[int, bytes] = {}
    going = {part for part in parts if part.startswith(_GOING)}
    titles: dict[str, str] = {}
    for number, found in enumerate(_SHEET.findall(workbook)):
        attributes = dict(_ATTRIBUTE.findall(found.replace(b"r:id", b"rid")))
        title = html.unescape(attributes.get(b"name", b"").decode())
        part = titles[title] = targets.get(attributes.get(b"rid", b"").decode(), "")
        if not _HIDDEN.search(found) or _is_read(title, sources):
            continue
        sheets[number] = found
        going |= _with_its_own(part, parts, read)
    if len(sheets) == len(titles):
        raise UserError("A workbook has no sheet that can be seen; --values has nothing to keep.")
    going |= {_relations_of(part) for part in list(going)} & set(parts)
    cells: dict[str, list[Area]] = {}
    for area in _not_of_values(workbook):
        cells.setdefault(titles.get(area.sheet, ""), []).append(area)
    return _Going(frozenset(going), sheets, frozenset(names - kept), cells)


def _not_of_values(workbook: bytes) -> list[Area]:
    """The cells that say what is false of values."""
    for _, attributes, text in _NAME.findall(workbook):
        if dict(_ATTRIBUTE.findall(attributes)).get(b"name") == NOT_OF_VALUES.encode():
            return [area_of(each, "") for each in _AREA.findall(html.unescape(text.decode())) if "#REF!" not in each]
    return []


def _going(package: Package) -> _Going:
    charts = tuple(
        package.read(part) for part in package.members if part.startswith("xl/charts/chart") and part.endswith(".xml")
    )
    relations = tuple((part, package.read(part)) for part in package.members if part.endswith(".rels"))
    sources = tuple(b"".join(b"<f>%b</f>" % each for each in _CHART_SOURCE.findall(chart)) for chart in charts)
    return _known(package.read(_WORKBOOK), sources, tuple(package.members), relations)


def _is_read(title: str, sources: str) -> bool:
    """Whether a chart reads cells of a sheet."""
    quoted = title.replace("'", "''")
    return f"'{quoted}'!" in sources or re.search(rf"(?<![\w']){re.escape(title)}!", sources) is not None


def _targets(relations: bytes, folder: str) -> dict[str, str]:
    found = {}
    for element in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", relations):
        attributes = dict(_ATTRIBUTE.findall(element))
        if attributes.get(b"TargetMode") != b"External":
            target = attributes.get(b"Target", b"").decode()
            found[attributes.get(b"Id", b"").decode()] = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
    return found


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _with_its_own(part: str, parts: tuple[str, ...], read: Mapping[str, bytes]) -> set[str]:
    """A part and those that only it leads to: the drawings, tables and notes of a sheet."""
    found = {part}
    for target in _targets(read.get(_relations_of(part), b""), posixpath.dirname(part)).values():
        if target in parts and target.startswith(
            ("xl/drawings/", "xl/tables/", "xl/comments", "xl/charts/", "xl/threaded")
        ):
            found |= _with_its_own(target, parts, read)
    return found


def _kept(part: str, member: Member, going: _Going) -> Member:
    """A part that stays, without what it shows of the model; the same text gives the same."""
    change = _CHANGES.get(part) or next((change for start, change in _BY_START if part.startswith(start)), None)
    if change is None or not part.endswith((".xml", ".rels")):
        return member
    key = (part, member.checksum, member.size)
    if key in going.texts:
        return going.texts[key]
    text = Package(Path(), {part: member}).read(part)
    changed = change(_without(text, going.cells[part]) if part in going.cells else text, going)
    found = member if changed == text else packages.compress(changed)
    if not part.startswith("xl/worksheets/sheet"):  # these differ from report to report
        going.texts[key] = found
    return found


def _without(text: bytes, areas: Sequence[Area]) -> bytes:
    """A sheet without some cells, and the formats they have."""

    def cell(found: re.Match[bytes]) -> bytes:
        row, column = address_of(dict(_ATTRIBUTE.findall(found[2]))[b"r"].decode())
        is_one = any(
            area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column for area in areas
        )
        return b"" if is_one else found[0]

    return CELL.sub(cell, text)


def _sheet(text: bytes, going: _Going) -> bytes:
    def cell(found: re.Match[bytes]) -> bytes:
        whole = found[0]
        if not _FORMULA.search(whole):
            return whole
        start, end = whole.split(b">", 1)
        start, end = _OF_AN_ARRAY.sub(b"", start), _FORMULA.sub(b"", end)
        kind = _KIND.search(start)
        if kind is None or kind[1] != b"str":
            return start + b">" + end
        value = _VALUE.search(end)
        prefix = found[1]
        inside = b'<%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (
            *(prefix, prefix),
            value[2] if value else b"",
            *(prefix, prefix),
        )
        return (
            _KIND.sub(b' t="inlineStr"', start) + b">" + (_VALUE.sub(lambda _: inside, end) if value else inside + end)
        )

    def formatting(found: re.Match[bytes]) -> bytes:
        rules = _RULE.sub(lambda rule: b"" if _tells(rule[0], going) else rule[0], found[0])
        return rules if _RULE.search(rules) else b""

    text = CELL.sub(cell, text)
    text = _EXTENDED_VALIDATIONS.sub(b"", _VALIDATIONS.sub(b"", text))
    text = _FORMAT.sub(formatting, text)
    text = _LINK.sub(lambda link: b"" if going.words.search(html.unescape(link[1].decode())) else link[0], text)
    return _LINKS.sub(b"", text)


def _tells(rule: bytes, going: _Going) -> bool:
    """Whether a rule is said by a name that goes, or by a function of ours."""
    formulas = (html.unescape(each[1].decode()) for each in _RULE_FORMULA.findall(rule))
    return any(going.words.search(formula) for formula in formulas)


def _workbook(text: bytes, going: _Going) -> bytes:
    numbers: dict[int, int] = {}
    for number in range(len(_SHEET.findall(text))):
        if number not in going.sheets:
            numbers[number] = len(numbers)

    def name(found: re.Match[bytes]) -> bytes:
        attributes = dict(_ATTRIBUTE.findall(found[2]))
        if html.unescape(attributes.get(b"name", b"").decode()) in going.names:
            return b""
        own = attributes.get(b"localSheetId")
        if own is None:
            return found[0]
        if not own.isdigit() or int(own) not in numbers:
            return b""
        return found[0].replace(b'localSheetId="%b"' % own, b'localSheetId="%d"' % numbers[int(own)])

    for sheet in going.sheets.values():
        text = text.replace(sheet, b"")
    text = _NAMES.sub(lambda names: _NAME.sub(name, names[0]), text)
    text = re.sub(rb"<((?:\w+:)?)definedNames\b[^>]*>\s*</\1definedNames>", b"", text)
    text = _OTHER_WORKBOOKS.sub(b"", text)
    if going.sheets:
        text = re.sub(rb'\s(?:activeTab|firstSheet)="\d+"', b"", text)
    return text


def _table(text: bytes, going: _Going) -> bytes:
    return _COLUMN_FORMULA.sub(b"", text)


def _relations(text: bytes, going: _Going) -> bytes:
    names = {posixpath.basename(part) for part in going.parts}

    def kept(found: re.Match[bytes]) -> bytes:
        target = dict(_ATTRIBUTE.findall(found[0])).get(b"Target", b"").decode()
        return b"" if posixpath.basename(target) in names and b"External" not in found[0] else found[0]

    return re.sub(rb"<(?:\w+:)?Relationship\b[^>]*/>", kept, text)


def _content_types(text: bytes, going: _Going) -> bytes:
    def kept(found: re.Match[bytes]) -> bytes:
        part = dict(_ATTRIBUTE.findall(found[0])).get(b"PartName", b"").decode().lstrip("/")
        return b"" if part in going.parts else found[0]

    return re.sub(rb"<(?:\w+:)?Override\b[^>]*/>", kept, text)


def _properties(text: bytes, going: _Going) -> bytes:
    """The list of sheets and names that an application has written beside the workbook."""
    return re.sub(rb"<(HeadingPairs|TitlesOfParts)\b.*?</\1>", b"", text, flags=re.DOTALL)


_CHANGES = {
    _WORKBOOK: _workbook,
    "[Content_Types].xml": _content_types,
    "docProps/app.xml": _properties,
    "xl/_rels/workbook.xml.rels": _relations,
    "_rels/.rels": _relations,
}
_BY_START = (
    ("xl/worksheets/_rels/", _relations),
    ("xl/worksheets/", _sheet),
    ("xl/tables/", _table),
)

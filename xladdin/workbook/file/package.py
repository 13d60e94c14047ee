"""A workbook file as its parts: read once, and written again with some of them replaced.

The parts that do not change are copied as the compressed bytes that they are, so that writing a report costs no more
than compressing what is new in it.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, NamedTuple
from xml.etree import ElementTree

from xladdin.core.errors import UnreadableError, quoted
from xladdin.workbook.file.budget import budget, refuse

compressor: ModuleType
try:
    from isal import isal_zlib as compressor
except ModuleNotFoundError:  # several times slower, and otherwise the same
    compressor = zlib
_LEVEL = 1
_LONGEST_NAME = 60  # characters of a part's name in a message
_BEST = 9
_LAST_BLOCK = b"\x03\x00"  # of a deflated stream: one without content
_LARGEST = 0xFFFF_FFFF

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_SHARED = struct.Struct("<5H3L2H")
_CENTRAL = struct.Struct("<4sH26s3H2L")
_END = struct.Struct("<4s4H2LH")
_OLD_FILE_MAGIC = b"\xd0\xcf\x11\xe0"
_DOS_DATE = (1 << 5) | 1  # 1 January 1980, the earliest that a zip can say: the same input gives the same bytes
_DEFLATED = 8
_UTF8 = 0x800


class Member(NamedTuple):
    """One part as it stands in a zip: its compressed bytes and what the directory says of them."""

    data: bytes
    checksum: int
    size: int
    method: int = _DEFLATED
    stored: int = 0  # the length of compressed data that are kept elsewhere

    @property
    def compressed(self) -> int:
        return self.stored or len(self.data)


@dataclass(frozen=True)
class Package:
    """The parts of a workbook file, in their order."""

    path: Path
    members: dict[str, Member]
    data: bytes = field(default=b"", repr=False)

    def read(self, part: str) -> bytes:
        """The text of a part."""
        member = self.members.get(part)
        if member is None:
            raise UnreadableError(f"{self.path} is damaged: it has no {part}.")
        text = member.data if member.method != _DEFLATED else self._unpacked(part, member)
        if len(text) != member.size or compressor.crc32(text) != member.checksum:
            raise UnreadableError(f"{self.path} is damaged: its part {part} is not what the file says of it.")
        return text

    def parse(self, part: str) -> ElementTree.Element:
        """The XML of a part.

        Raises
        ------
        UnreadableError
            When it is none, or has a document type: entities are for nothing but harm in a workbook.
        """
        text = self.read(part)
        parser = ElementTree.XMLParser(target=_Tree())
        try:
            parser.feed(text)
            root: ElementTree.Element = parser.close()
            return root
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise UnreadableError(f"{self.path} is damaged: its part {part} can't be read: {error}.") from None

    def _unpacked(self, part: str, member: Member) -> bytes:
        stream = zlib.decompressobj(-15)
        try:
            return stream.decompress(member.data, member.size + 1)  # not more than the file admitted to
        except zlib.error as error:
            raise UnreadableError(f"{self.path} is damaged: its part {part} can't be unpacked: {error}.") from None


class _Tree(ElementTree.TreeBuilder):
    """What makes a tree of XML without a document type."""

    def doctype(self, *_: object) -> None:
        raise ValueError("it has a document type, which no part of a workbook has")


def open_package(path: Path, data: bytes | None = None) -> Package:
    """Read a workbook file, or take it as read when its bytes are given.

    Raises
    ------
    UnreadableError
        When the file is missing, encrypted, not a workbook, or damaged.
    """
    raw = _read(path) if data is None else data
    if raw.startswith(_OLD_FILE_MAGIC):
        raise UnreadableError(f"{path} is encrypted or an old .xls file; save it as .xlsx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if data is None:
            _check(path, infos)
        members = {info.filename: _member(raw, info) for info in infos}
    except (zipfile.BadZipFile, struct.error, NotImplementedError, zlib.error) as error:
        raise UnreadableError(f"{path} is not an .xlsx workbook: {_why_no_zip(raw, error)}.") from None
    if "xl/workbook.xml" not in members:
        raise UnreadableError(f"{path} is not an .xlsx workbook: it has no xl/workbook.xml.")
    return Package(path, members, raw)


def _read(path: Path) -> bytes:
    most = budget().size
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise UnreadableError(f"{path} is a pipe or a device; allowed is a file.")
        size = path.stat().st_size
        if size > most:
            raise refuse(f"{path} has {size:,} bytes", size, most)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror or error}.") from None


def _check(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse what no spreadsheet writes, before anything of it is unpacked.

    Raises
    ------
    UnreadableError
        When there is too much of it, a part is packed too small, one is in it twice, or one would leave its folder.
    """
    limits = budget()
    if len(infos) > limits.members:
        raise UnreadableError(f"{path} has {len(infos):,} parts; allowed are {limits.members:,}.")
    size = sum(info.file_size for info in infos)
    if size > limits.size:
        raise refuse(f"{path} unpacks to {size:,} bytes", size, limits.size)
    seen = set()
    for info in infos:
        name = info.filename
        ratio = info.file_size // max(info.compress_size, 1)
        if info.file_size > limits.large and ratio > limits.ratio:
            what = f"{path}: its part {quoted(name[:_LONGEST_NAME])} unpacks to {ratio:,} times its size"
            raise refuse(what, ratio, limits.ratio)
        if name in seen:
            raise UnreadableError(f"{path} is damaged: its part {quoted(name[:_LONGEST_NAME])} is in it twice.")
        if name.startswith("/") or ".." in re.split(r"[/\\]", name) or re.match("[A-Za-z]:", name):
            raise UnreadableError(
                f"{path} is damaged: its part {quoted(name[:_LONGEST_NAME])} would leave the folder that the file is "
                "unpacked into."
            )
        seen.add(name)


def _why_no_zip(raw: bytes, error: Exception) -> str:
    if not raw:
        return "it is empty"
    if "not a zip file" not in str(error):
        return str(error)
    is_start = raw.startswith(b"PK")
    return "its end is missing: it was not copied whole" if is_start else "it is no zip file"


def sheet_parts(package: Package) -> dict[str, str]:
    """The part of each worksheet by the sheet's name, in the order of the tabs; others, such as of macros, have none.

    Raises
    ------
    UnreadableError
        When there is no worksheet, or the part of one is missing.
    """
    workbook = package.parse("xl/workbook.xml")
    relations = package.parse("xl/_rels/workbook.xml.rels")
    targets = {relation.get("Id", ""): relation for relation in relations}
    found = {}
    for sheet in workbook.iterfind(".//{*}sheet"):
        relation = targets.get(relation_of(sheet))
        if relation is not None and relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            part = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
            if part not in package.members:
                raise UnreadableError(f"{package.path} is damaged: its sheet {sheet.get('name', '')!r} has no {part}.")
            found[sheet.get("name", "")] = part
    if not found:
        raise UnreadableError(f"{package.path} has no worksheet; allowed is an .xlsx workbook with at least one.")
    return found


def relation_of(element: ElementTree.Element) -> str:
    """The relation that an element names, whichever edition of Open XML it is of."""
    return next((value for key, value in element.attrib.items() if key.endswith("/relationships}id")), "")


def relations_of(package: Package, part: str) -> list[ElementTree.Element]:
    """What a part leads to: an element for each, with its Id, Type and Target."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    return list(package.parse(relations)) if relations in package.members else []


def related(package: Package, part: str, kind: str) -> list[str]:
    """The parts that a part leads to by relations of a kind."""
    folder = posixpath.dirname(part)
    actual = {each.casefold(): each for each in package.members}  # of a part's name the case does not count
    targets = [
        posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/")
        for relation in relations_of(package, part)
        if relation.get("Type", "").endswith(kind)
    ]
    return [actual.get(target.casefold(), target) for target in targets]


def compress(text: bytes) -> Member:
    """A part's text as a member of a zip."""
    stream = compressor.compressobj(_LEVEL, _DEFLATED, -15)
    data = stream.compress(text) + stream.flush()
    return Member(data, compressor.crc32(text), len(text))


@dataclass(frozen=True, slots=True)
class Segment:
    """Text at the start or the end of a part that many files share, compressed once for all of them."""

    text: bytes
    data: bytes
    checksum: int


def segment(text: bytes) -> Segment:
    """Text compressed so that other compressed text can stand before and after it."""
    if not text:
        return Segment(b"", b"", 0)
    stream = zlib.compressobj(_BEST, _DEFLATED, -15)
    return Segment(text, stream.compress(text) + stream.flush(zlib.Z_FULL_FLUSH), zlib.crc32(text))


def compress_between(start: Segment, text: bytes, end: Segment) -> Member:
    """A part's text as a member of a zip, of which only the middle is new."""
    stream = compressor.compressobj(_LEVEL, _DEFLATED, -15)
    middle = stream.compress(text) + stream.flush(zlib.Z_FULL_FLUSH)
    checksum = compressor.crc32(end.text, compressor.crc32(text, start.checksum))
    data = b"".join((start.data, middle, end.data, _LAST_BLOCK))
    return Member(data, checksum, len(start.text) + len(text) + len(end.text))


def with_members(package: Package, replaced: Mapping[str, Member]) -> bytes:
    """The package's file with some of its members replaced."""
    return Layout(package, list(replaced)).join(replaced)


def with_part(package: Package, part: str, change: Callable[[bytes], bytes]) -> Package:
    """The package with one part's text changed."""
    return Package(package.path, package.members | {part: compress(change(package.read(part)))})


class Layout:
    """The bytes around the parts of a package of which only some are replaced, made once for many files.

    What stays the same stands first in the file, so that all of it is one piece.
    """

    def __init__(self, package: Package, changing: Iterable[str]) -> None:
        self._changing = [(name, name.encode()) for name in changing]
        names = {name for name, _ in self._changing}
        fixed = {name: member for name, member in package.members.items() if name not in names}
        self._count = len(fixed) + len(self._changing)
        chunks, directory, self._offset = _packed(fixed.items(), 0)
        self._start = b"".join(chunks)
        self._directory = b"".join(directory)

    def join(self, replaced: Mapping[str, Member]) -> bytes:
        """The whole file with these members in the place of those that change."""
        chunks, directory, offset = [self._start], [self._directory], self._offset
        for name, encoded in self._changing:
            header, line, data = _entry(encoded, replaced[name], offset)
            chunks += (header, data)
            directory.append(line)
            offset += len(header) + len(data)
        tail = b"".join(directory)
        end = _END.pack(b"PK\x05\x06", 0, 0, self._count, self._count, len(tail), offset, 0)
        return b"".join((*chunks, tail, end))


def write_stream(file: BinaryIO, package: Package, texts: Mapping[str, Iterable[bytes]]) -> None:
    """Write a package with some of its parts as their text comes, so that their length does not matter.

    Raises
    ------
    ValueError
        When a part grows beyond what a zip of this kind holds (4 GB).
    """
    fixed = {name: member for name, member in package.members.items() if name not in texts}
    chunks, directory, offset = _packed(fixed.items(), 0)
    file.writelines(chunks)
    for name, text in texts.items():
        file.write(b"\0" * (_LOCAL_HEADER.size + len(name.encode())))
        member = _compressed_into(file, text)
        (header, _), lines, end = _packed([(name, member)], offset)
        end += member.compressed
        file.seek(offset)
        file.write(header)
        file.seek(end)
        directory += lines
        offset = end
    tail = b"".join(directory)
    count = len(directory)
    file.write(tail + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(tail), offset, 0))


def _compressed_into(file: BinaryIO, text: Iterable[bytes]) -> Member:
    """Compress text into a file; the member's data are there, and not in the member."""
    stream = compressor.compressobj(_LEVEL, _DEFLATED, -15)
    checksum = size = compressed = 0
    for chunk in text:
        checksum = compressor.crc32(chunk, checksum)
        size += len(chunk)
        compressed += file.write(stream.compress(chunk))
    compressed += file.write(stream.flush())
    if max(size, compressed) > _LARGEST:
        raise ValueError("a sheet of more than 4 GB does not fit a workbook file")
    return Member(b"", checksum, size, stored=compressed)


def _packed(members: Iterable[tuple[str, Member]], offset: int) -> tuple[list[bytes], list[bytes], int]:
    """The members as they stand in a zip from this offset on, their lines of its directory, and where they end."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    for name, member in members:
        header, line, data = _entry(name.encode(), member, offset)
        chunks += (header, data)
        directory.append(line)
        offset += len(header) + len(data)
    return chunks, directory, offset


def _entry(name: bytes, member: Member, offset: int) -> tuple[bytes, bytes, bytes]:
    """A member's header and its line of the directory when it stands at this offset, and its data."""
    # What both have in common: how it is compressed, when it is from, its sizes, the length of its name.
    shared = _SHARED.pack(
        20, _UTF8, member.method, 0, _DOS_DATE, member.checksum, member.compressed, member.size, len(name), 0
    )
    header = b"PK\x03\x04" + shared + name
    return header, _CENTRAL.pack(b"PK\x01\x02", 20, shared, 0, 0, 0, 0, offset) + name, member.data


def with_fixed_times(file: bytes) -> bytes:
    """A workbook file without the time at which it was made: the same content gives the same bytes."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for info in archive.infolist():
            text = archive.read(info)
            if info.filename == "docProps/core.xml":
                text = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", text)
            members[info.filename] = compress(text)
    return Layout(Package(Path(), members), []).join({})


def _member(raw: bytes, info: zipfile.ZipInfo) -> Member:
    if info.header_offset + _LOCAL_HEADER.size > len(raw):
        raise zipfile.BadZipFile("it says that a part of it stands behind its end")
    header = _LOCAL_HEADER.unpack_from(raw, info.header_offset)
    start = info.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
    if header[0] != b"PK\x03\x04":
        raise zipfile.BadZipFile("a part of it is damaged")
    if info.flag_bits & 1:
        raise zipfile.BadZipFile("a part of it is encrypted")
    if info.compress_type not in (0, _DEFLATED):
        raise zipfile.BadZipFile("a part is compressed in a way that workbooks do not use")
    return Member(raw[start : start + info.compress_size], info.CRC, info.file_size, info.compress_type)

"""Hostile packages: zips that lie, climb or never end, and files that are none."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from hostile.files import SHEET, WORKBOOK, Hostile, Make, add_member, book, plain_parts, sheet, written, zipped


def _changed(change: Callable[[bytes], bytes]) -> Make:
    """A plain workbook whose bytes are changed."""

    def make(path: Path) -> None:
        zipped(path, plain_parts())
        path.write_bytes(change(path.read_bytes()))

    return make


def _with_members(*names: str, method: int = zipfile.ZIP_DEFLATED) -> Make:
    """A plain workbook with members of these names among its own."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, text in plain_parts().items():
                archive.writestr(name, text)
            for name in names:
                archive.writestr(name, "x")

    return make


def _twice(path: Path) -> None:
    zipped(path, plain_parts())
    text = sheet("<row/>").encode()
    add_member(path, SHEET, text, zlib.crc32(text), len(text), method=0)


def _lying(size: int, checksum: int | None = None) -> Make:
    """A sheet that says it is of another size than it is."""

    def make(path: Path) -> None:
        zipped(path, {name: text for name, text in plain_parts().items() if name != SHEET})
        text = sheet().encode()
        packed = zlib.compress(text, wbits=-15)
        add_member(path, SHEET, packed, zlib.crc32(text) if checksum is None else checksum, size)

    return make


def _overlapping(path: Path) -> None:
    """Members that all stand on the same bytes."""
    zipped(path, plain_parts())
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos = archive.infolist()
    target = next(info for info in infos if info.filename == SHEET).header_offset
    for info in infos:
        if info.filename == WORKBOOK:
            start = raw.rindex(WORKBOOK.encode()) - 4
            raw = raw[:start] + target.to_bytes(4, "little") + raw[start + 4 :]
    path.write_bytes(raw)


def _encrypted(data: bytes) -> bytes:
    return re.sub(rb"(PK\x01\x02.{4})\0\0", b"\\1\x01\x00", data, flags=re.DOTALL)


def _offset_beyond(data: bytes) -> bytes:
    place = data.index(b"PK\x01\x02") + 42
    return data[:place] + b"\xff\xff\xff\x7f" + data[place + 4 :]


def _many(count: int) -> Make:
    return _with_members(*(f"xl/x{number}" for number in range(count)))


def _nested(path: Path) -> None:
    inner = path.with_name("inner.xlsx")
    zipped(inner, plain_parts())
    zipped(path, {"inner.xlsx": inner.read_bytes()})
    inner.unlink()


_NOISE = random.Random(20).randbytes(100_000)

PACKAGES = [
    Hostile("nothing.xlsx", written(b"")),
    Hostile("noise.xlsx", written(_NOISE)),
    Hostile("text.xlsx", written(b"entry\n1\n")),
    Hostile("html.xlsx", written(b"<html><table><tr><td>entry</td></tr></table></html>")),
    Hostile("old.xlsx", written(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))),
    Hostile("zip-magic-alone.xlsx", written(b"PK\x03\x04")),
    Hostile("no-directory.xlsx", _changed(lambda data: data[: data.index(b"PK\x01\x02")])),
    Hostile("cut-in-half.xlsx", _changed(lambda data: data[: len(data) // 2])),
    Hostile("without-its-end.xlsx", _changed(lambda data: data[:-5])),
    Hostile("noise-within.xlsx", _changed(lambda data: data[:300] + _NOISE[:200] + data[500:])),
    Hostile("before-it-noise.xlsx", _changed(lambda data: b"#!/bin/sh\n" + data)),
    Hostile("behind-it-noise.xlsx", _changed(lambda data: data + b"noise")),
    Hostile("pdf-before.xlsx", _changed(lambda data: b"%PDF-1.7\n" + data)),
    Hostile("offset-beyond.xlsx", _changed(_offset_beyond)),
    Hostile("encrypted-member.xlsx", _changed(_encrypted)),
    Hostile("bzip2.xlsx", _with_members(method=zipfile.ZIP_BZIP2)),
    Hostile("lzma.xlsx", _with_members(method=zipfile.ZIP_LZMA)),
    Hostile("stored.xlsx", _with_members(method=zipfile.ZIP_STORED)),
    Hostile(
        "climbing.xlsx", _with_members("../../outside.txt", "/outside.txt", "..\\..\\outer.txt", "C:\\outside.txt")
    ),
    Hostile(
        "names-odd.xlsx",
        _with_members("xl/\u202egpj.exe", "xl/CON", "xl/a\tb", "xl/e\u0301", "xl/\u00e9", "xl/" + "n" * 60_000),
    ),
    Hostile("member-twice.xlsx", _twice),
    Hostile("size-too-large.xlsx", _lying(4_000_000_000)),
    Hostile("size-too-small.xlsx", _lying(10)),
    Hostile("checksum-wrong.xlsx", _lying(len(sheet().encode()), checksum=1)),
    Hostile("overlapping.xlsx", _overlapping),
    Hostile("members-100000.xlsx", _many(100_000), is_heavy=True),
    Hostile("members-5000.xlsx", _many(5000)),
    Hostile("zip-in-zip.xlsx", _nested),
    Hostile("comment.xlsx", _changed(lambda data: data[:-2] + b"\x05\x00hello")),
    Hostile("no-xl.xlsx", lambda path: zipped(path, {"word/document.xml": "<x/>"})),
    Hostile("binary.xlsx", book(parts={WORKBOOK: None, "xl/workbook.bin": b"\x83\x01\x00"})),
    Hostile("folder.xlsx", lambda path: path.mkdir()),
    Hostile("gone.xlsx", lambda path: None),
    Hostile("pipe.xlsx", lambda path: os.mkfifo(path)),
    Hostile("device.xlsx", lambda path: path.symlink_to("/dev/zero")),
    Hostile("symlink-to-itself.xlsx", lambda path: path.symlink_to(path)),
]

"""A workbook file as its parts."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.books import make_book

from xladdin.core.errors import UnreadableError
from xladdin.workbook.file.package import (
    Layout,
    compress,
    compress_between,
    open_package,
    segment,
    sheet_parts,
    with_fixed_times,
    with_members,
    with_part,
    write_stream,
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return make_book(tmp_path / "own.xlsx", {"A1": 1, "A2": "=A1*2"}, {})


def contents(file: bytes | Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_written_is_what_was_read(own: Path) -> None:
    package = open_package(own)
    assert contents(with_members(package, {})) == contents(own)
    assert sheet_parts(package) == {"S": "xl/worksheets/sheet1.xml"}


def test_a_part_is_replaced_and_the_others_stay_byte_for_byte(own: Path) -> None:
    package = open_package(own)
    before = contents(own)
    made = contents(with_members(with_part(package, "xl/styles.xml", lambda text: text + b"<!-- -->"), {}))
    assert made.pop("xl/styles.xml") == before.pop("xl/styles.xml") + b"<!-- -->"
    assert made == before


def test_one_layout_makes_many_files(own: Path) -> None:
    layout = Layout(open_package(own), ["xl/styles.xml"])
    for text in (b"", b"a", b"b" * 100_000):
        assert contents(layout.join({"xl/styles.xml": compress(text)}))["xl/styles.xml"] == text


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_a_middle_between_what_is_compressed_already(start: bytes, middle: bytes, end: bytes) -> None:
    member = compress_between(segment(start), middle, segment(end))
    whole = start + middle + end
    assert zlib.decompress(member.data, -15) == whole
    assert (member.checksum, member.size) == (zlib.crc32(whole), len(whole))


def test_a_part_as_a_stream_is_a_part(own: Path, tmp_path: Path) -> None:
    with (tmp_path / "made.xlsx").open("wb") as file:
        write_stream(file, open_package(own), {"xl/styles.xml": (b"x" * 1000 for _ in range(500))})
    assert contents(tmp_path / "made.xlsx") == contents(own) | {"xl/styles.xml": b"x" * 500_000}


def test_the_time_at_which_a_file_was_made_goes(own: Path) -> None:
    core = contents(with_fixed_times(own.read_bytes()))["docProps/core.xml"]
    assert core.count(b"2000-01-01T00:00:00Z") == 2


def test_a_part_that_can_not_be_unpacked_is_named(own: Path) -> None:
    raw = own.read_bytes()
    with zipfile.ZipFile(own) as archive:
        info = archive.getinfo("xl/styles.xml")
    start = info.header_offset + 30 + len(info.filename)
    package = open_package(own, raw[: start + 10] + bytes(20) + raw[start + 30 :])
    with pytest.raises(UnreadableError, match=r"its part xl/styles\.xml can't be unpacked"):
        package.read("xl/styles.xml")

"""Hostile tables: text without end or marks, columns that are no values, files that lie about their kind."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars

from hostile.files import Hostile, Make, written

_GOOD = b"entry\n1\n2\n"


def _parquet(**columns: object) -> Make:
    return lambda path: polars.DataFrame(columns).write_parquet(path)


def _cast(kind: polars.DataType | type[polars.DataType], *values: object) -> Make:
    return lambda path: polars.DataFrame({"entry": polars.Series(values).cast(kind)}).write_parquet(path)


def _cut(path: Path) -> None:
    polars.DataFrame({"entry": list(range(1000))}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-100])


TABLES = [
    Hostile("nothing.csv", written(b"")),
    Hostile("header-alone.csv", written(b"entry\n")),
    Hostile("nul-within.csv", written(b"entry\n1\n\x00\n3\n")),
    Hostile("nul-5-mb.csv", written(bytes(5_000_000))),
    Hostile("nul-500-mb.csv", lambda path: _sparse(path, 500_000_000), is_heavy=True),
    Hostile("utf-16.csv", written(_GOOD.decode().encode("utf-16"))),
    Hostile("utf-32.csv", written(_GOOD.decode().encode("utf-32"))),
    Hostile("latin-1.csv", written("entry;größe\n1;2\n".encode("latin-1"))),
    Hostile("cr-alone.csv", written(b"entry\r1\r2\r")),
    Hostile("never-closed.csv", written(b'entry,note\n1,"a\n2,b\n3,c\n')),
    Hostile("never-closed-5-mb.csv", written(b'entry,note\n1,"' + b"a\n" * 2_500_000)),
    Hostile("quotes-1-mb.csv", written(b"entry\n" + b'"' * 1_000_001 + b"\n")),
    Hostile(
        "columns-10000.csv",
        written(",".join(f"c{n}" for n in range(10_000)).encode() + b"\n" + b"1," * 9_999 + b"1\n"),
        is_heavy=True,
    ),
    Hostile("columns-100000.csv", written(",".join(f"c{n}" for n in range(100_000)).encode() + b"\n"), is_heavy=True),
    Hostile("header-200-mb.csv", lambda path: path.write_bytes(b"a" * 200_000_000 + b"\n1\n"), is_heavy=True),
    Hostile("header-1-mb.csv", written(b"a" * 1_000_000 + b"\n1\n")),
    Hostile("line-200-mb.csv", lambda path: path.write_bytes(b"entry\n" + b"1" * 200_000_000 + b"\n"), is_heavy=True),
    Hostile(
        "quoted-200-mb.csv", lambda path: path.write_bytes(b'entry\n"' + b"1" * 200_000_000 + b'"\n'), is_heavy=True
    ),
    Hostile("value-1-mb.csv", written(b"entry\n" + b"1" * 1_000_000 + b"\n")),
    Hostile("1e5000.csv", written(b"entry\n1e5000\n-1e5000\n1e-5000\nnan\ninf\n0x10\n1_0\n")),
    Hostile("digits-of-others.csv", written("entry\n１２\n١٢\n".encode())),
    Hostile("header-twice.csv", written(b"entry,entry\n1,2\n")),
    Hostile("header-is-a-formula.csv", written(b"\"=cmd|'/c calc'!A0\",entry\n1,2\n")),
    Hostile("formulas.csv", written(b"entry,note\n=1+1,x\n1,=cmd|'/c calc'!A0\n")),
    Hostile("surrogate.csv", written(b"entry,note\n1,\xed\xa0\x80\n")),
    Hostile("binary.csv", written(bytes(range(256)) * 100)),
    Hostile("zip.csv", written(b"PK\x03\x04 nothing")),
    Hostile("folder.csv", lambda path: path.mkdir()),
    Hostile("gone.csv", lambda path: None),
    Hostile("lists.parquet", _parquet(entry=[[1, 2], [3]])),
    Hostile("structs.parquet", _parquet(entry=[{"a": 1}, {"a": 2}])),
    Hostile("bytes.parquet", _parquet(entry=[b"1", b"\xff"])),
    Hostile("categories.parquet", _cast(polars.Categorical, "1", "x")),
    Hostile("times-with-zone.parquet", _cast(polars.Datetime("us", "Europe/Berlin"), 0, 1)),
    Hostile("times.parquet", _cast(polars.Time, 0, 1)),
    Hostile("durations.parquet", _cast(polars.Duration("us"), 0, 1)),
    Hostile("nulls.parquet", _parquet(entry=[None, None])),
    Hostile("no-columns.parquet", lambda path: polars.DataFrame().write_parquet(path)),
    Hostile("cut.parquet", _cut),
    Hostile("text.parquet", written(_GOOD)),
    Hostile(
        "bomb.csv.gz",
        lambda path: path.write_bytes(gzip.compress(b"entry\n" + bytes(2**20)) + gzip.compress(bytes(2**24), 9) * 60),
        is_heavy=True,
    ),
    Hostile("noise.csv.gz", written(b"\x1f\x8b\x08 nothing at all")),
]


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)

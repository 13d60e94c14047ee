"""What a run of reports leaves in its folder, and how two such folders differ.

The parts of a report are held against each other, not how they are packed: ISA-L has packed the same text otherwise now
and then, in one of some thousand files.
"""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def files(folder: Path) -> dict[str, Any]:
    """Everything in a folder but the lock; of the manifest, all but the times and what goes by how a file is packed."""
    found: dict[str, Any] = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        found["manifest.csv"] = [
            {name: value for name, value in line.items() if name not in ("time", "size", "crc32")}
            for line in csv.DictReader(file)
        ]
    return found


def differing(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """The files of which one folder has none or another one, each with where it begins to differ."""
    return [
        f"{name}: {how}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name) and (how := _how(found.get(name), expected.get(name)))
    ]


def _how(one: Any, other: Any) -> str:
    """In what two files differ that are not the same bytes, or nothing where they are only packed otherwise."""
    if one is None or other is None:
        return f"only in what was {'expected' if one is None else 'found'}"
    if not (isinstance(one, bytes) and zipfile.is_zipfile(io.BytesIO(one)) and zipfile.is_zipfile(io.BytesIO(other))):
        return f"{one!r:.200}, not {other!r:.200}"
    mine, theirs = _parts(one), _parts(other)
    if list(mine) != list(theirs):
        return f"the parts {list(mine)}, not {list(theirs)}"
    for part, text in mine.items():
        if text != theirs[part]:
            start = max(_first_difference(text, theirs[part]) - 60, 0)
            return f"{part} from {start} on is {text[start : start + 120]!r}, not {theirs[part][start : start + 120]!r}"
    return ""


def _first_difference(one: bytes, other: bytes) -> int:
    return next(place for place, (mine, theirs) in enumerate(itertools.zip_longest(one, other)) if mine != theirs)


def _parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

"""The one table in a .zip or a .gz, and a folder for what has to be written anew to be read."""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
import weakref
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from xladdin.core.errors import UnreadableError

_LARGEST = 8 << 30  # bytes of an unpacked table: what is larger is no table but a trap


class Scratch:
    """A folder that goes with this."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="xladdin-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Unpacked:
    """A file as it can be read, and the folder that holds it as long as this is kept, where it is a copy."""

    path: Path
    folder: Scratch | None = field(default=None, repr=False)


def is_standard_input(path: Path) -> bool:
    """Whether a table is what another program writes: text, or Parquet."""
    return str(path) == "-"


def _spooled() -> Unpacked:
    folder = Scratch()
    source = sys.stdin.buffer
    start = source.read(4)
    target = folder.path / ("table.parquet" if start == b"PAR1" else "table.csv")
    with target.open("wb") as file:
        file.write(start)
        _copy(source, file, Path("-"))
    return Unpacked(target, folder)


def unpacked(path: Path) -> Unpacked:
    """A file itself, or the one that is packed in it.

    Raises
    ------
    UnreadableError
        When a .zip holds no file or several, or can't be unpacked.
    """
    if is_standard_input(path):
        return _spooled()
    kind = path.suffix.lower()
    if kind not in (".zip", ".gz"):
        return Unpacked(path)
    folder = Scratch()
    try:
        if kind == ".gz":
            target = folder.path / f"table{Path(path.stem).suffix}"
            with gzip.open(path) as source, target.open("wb") as file:
                _copy(source, file, path)
            return Unpacked(target, folder)
        with zipfile.ZipFile(path) as archive:
            names = [
                info.filename for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename
            ]
            if len(names) != 1:
                raise UnreadableError(f"{path} holds {len(names)} files; allowed is a .zip of one table.")
            target = folder.path / f"table{PurePosixPath(names[0]).suffix}"
            with archive.open(names[0]) as source, target.open("wb") as file:
                _copy(source, file, path)
            return Unpacked(target, folder)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise UnreadableError(f"{path} can't be unpacked: {str(error).rstrip('.')}.") from None


def _copy(source: object, file: object, path: Path) -> None:
    size = 0
    while piece := source.read(1 << 20):  # type: ignore[attr-defined]
        size += len(piece)
        if size > _LARGEST:
            raise UnreadableError(f"{path} holds more than {_LARGEST >> 30} GB; unpack it and split it in several.")
        file.write(piece)  # type: ignore[attr-defined]


def rewritten(source: Unpacked) -> Unpacked:
    """A place for a copy of a file in another form."""
    folder = Scratch()
    return Unpacked(folder.path / source.path.name, folder)

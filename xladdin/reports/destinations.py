"""Where reports go: a folder, or any place that fsspec knows by its URL (s3://, gs://, abfs://, memory:// ...)."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock

from xladdin.core.errors import UserError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_MODE = 0o666  # of which the umask takes away; without it a file may be executed
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?")  # one letter is a drive of Windows
_HERE = ("file", "local")  # the schemes of this machine
_WHOLE = re.compile(r"\w+://(/|[A-Za-z]:)")

_AT_ONCE = 100  # files that are on their way to a URL
_START = 200  # bytes, by which a file of ours is known
LOCK = ".lock"  # the file that one run at a time has
UNFINISHED = ".unfinished"  # the folder of files that are being written: what is in it is nobody's report


def is_url(place: str) -> bool:
    return "://" in place


def check_place(place: str) -> None:
    """Refuse what is meant as a URL and would be a folder or file here: s3:x, and file://host/x.

    Raises
    ------
    UserError
        When it is.
    """
    found = _SCHEME.match(place)
    if found is None:
        return
    scheme, slashes = found[1].lower(), found[2]
    if scheme in _HERE and slashes and not _WHOLE.match(place):
        raise UserError(f"{place} names another machine; allowed is {scheme}:///FOLDER, a whole path of this one.")
    if not slashes:
        from fsspec.registry import available_protocols

        if scheme in available_protocols():
            raise UserError(
                f"{place} is not written as a URL, which begins with {scheme}://; a file or folder of that name is "
                f"./{place}."
            )


def here(place: str) -> str:
    """The path of what is on this machine, which may be given as a URL too; any other URL as it is."""
    return place.removeprefix("file://")


def absolute(place: str) -> str:
    """A folder as those know it who work in another one."""
    return place if is_url(place) else str(Path(place).absolute())


def write_all(place: str, files: Iterable[tuple[str, bytes]], *, is_there: bool = False) -> None:
    """Write files, each whole or not at all; to a URL several at a time.

    Parameters
    ----------
    place : str
        The folder or URL.
    files : iterable
        The names in it, and what each is to hold.
    is_there : bool
        Whether the folder was there when the run began: then one that has gone is not made anew.

    Raises
    ------
    UserError
        When one can't be written.
    """
    if is_url(place):
        system, root = _system(place)
        files = iter(files)
        while some := {f"{root}/{name}": data for name, data in itertools.islice(files, _AT_ONCE)}:
            with readable_errors(next(iter(some))):
                _pipe(system, some)
        return
    unfinished = f"{place}/{UNFINISHED}/{uuid.uuid4().hex}"
    for name, data in files:
        target = f"{place}/{name}"
        with readable_errors(target):
            try:
                _write_and_move(unfinished, target, data)
            except FileNotFoundError:  # the first file of a folder
                if is_there:
                    check_there(place)
                Path(unfinished).parent.mkdir(parents=not is_there, exist_ok=True)
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                _write_and_move(unfinished, target, data)


def _pipe(system: AbstractFileSystem, files: Mapping[str, bytes]) -> None:
    try:
        system.pipe(files)
    except FileNotFoundError:  # a store that has folders, such as SFTP, and this is the first file of one
        for folder in dict.fromkeys(path.rpartition("/")[0] for path in files):
            system.makedirs(folder, exist_ok=True)
        system.pipe(files)


def exists(place: str, name: str) -> bool:
    """Whether a file is there."""
    if is_url(place):
        system, root = _system(place)
        return bool(system.exists(f"{root}/{name}"))
    return os.path.exists(f"{place}/{name}")  # noqa: PTH110  (called for every row)


def check_new(target: str | Path, *, force: bool) -> None:
    """Refuse a file that may not be written: this is the one rule for every file that a command writes.

    Parameters
    ----------
    target : str or Path
        The file, or a URL.
    force : bool
        Whether one that is there may be written over. One that is open in a spreadsheet never is: whoever saves it
        there would write over it in turn.

    Raises
    ------
    UserError
        When its folder is not there, or it is open in a spreadsheet, or there already.
    """
    check_place(str(target))
    if is_url(str(target)):
        place, _, name = str(target).rpartition("/")
        is_there = exists(f"{place}/", name)
    else:
        check_folder_of(target)
        check_closed(target)
        is_there = Path(target).exists()
    if is_there and not force:
        raise UserError(f"{target} is there already; choose another name, or write over it with --force.")


def path_of(place: str | Path, name: str) -> str:
    """A file of a place as people write it."""
    return f"{place}/{name}" if is_url(str(place)) else str(Path(place, name))


def check_folder_of(target: str | Path) -> None:
    """Refuse a file in a folder that is not there: it is a slip of the pen oftener than a wish for a new one.

    Raises
    ------
    UserError
        When it is not.
    """
    folder = Path(target).parent
    if not folder.is_dir():
        raise UserError(f"{target} can't be written: there is no folder {folder}; make it, or choose another place.")


def check_closed(target: str | Path) -> None:
    """Refuse a file that is open in a spreadsheet, by the file that LibreOffice and Excel put beside it.

    Raises
    ------
    UserError
        When it is.
    """
    path = Path(target)
    for name in locks_of(path.name):
        if (path.parent / name).exists():
            raise UserError(says_open(str(target), str(path.parent / name)))


def locks_of(name: str) -> tuple[str, str]:
    """The files beside one of this name that say that it is open: LibreOffice's, and Excel's."""
    return f".~lock.{name}#", f"~${name}"


def says_open(target: str, lock: str) -> str:
    """A file is open, in one sentence."""
    return f"{target} is open in a spreadsheet; close it there, or delete {lock} if none has it open."


def content(place: str, name: str) -> bytes | None:
    """What a file of a folder holds, or None where there is none that can be read."""
    try:
        return Path(place, name).read_bytes()
    except OSError:
        return None


def sizes(place: str) -> dict[str, int]:
    """All files at a URL, each with its size: one list, where asking for each would take the night."""
    system, root = _system(place)
    with readable_errors(place, "read"):
        system.invalidate_cache()
        found = system.find(root, detail=True)
    start = len(root.strip("/")) + 1
    return {path.strip("/")[start:]: int(said["size"]) for path, said in found.items()}


def names(place: str, *, is_deep: bool) -> Iterator[str]:
    """The names of the files in a folder or at a URL; with those in its folders, relative to it, if these count."""
    if is_url(place):
        yield from sizes(place)
        return
    with readable_errors(place, "read"):
        if not is_deep:
            if Path(place).is_dir():
                yield from (entry.name for entry in os.scandir(place) if not entry.is_dir())
            return
        for folder, _, files in os.walk(place):
            within = os.path.relpath(folder, place).replace(os.sep, "/")
            yield from (name if within == "." else f"{within}/{name}" for name in files)


@contextlib.contextmanager
def locked(place: str) -> Iterator[None]:
    """A folder for this run alone; the system itself gives it back when the run ends, however it does.

    Raises
    ------
    UserError
        When another run has it, or it can't be made.
    """
    lock = filelock.FileLock(f"{place}/{LOCK}", timeout=0)
    try:
        with readable_errors(place):
            Path(place).mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except filelock.Timeout:
        raise UserError(
            f"Another run makes reports in {place} now; wait until it has ended, or choose another --out."
        ) from None
    except NotImplementedError:  # a file system that knows no locks
        pass
    try:
        yield
    finally:
        lock.release()


def start_of(place: str, name: str) -> bytes | None:
    """The first bytes of a file, or None where none is there that can be read."""
    try:
        if is_url(place):
            system, root = _system(place)
            path = f"{root}/{name}"
            return bytes(system.head(path, _START)) if system.isfile(path) else None
        with Path(place, name).open("rb") as file:
            return file.read(_START)
    except (OSError, ValueError):
        return None  # is said where it is written


def fetch(place: str, name: str, target: Path) -> bool:
    """Copy a file of a URL here, if it is there."""
    system, root = _system(place)
    with readable_errors(path_of(place, name), "read"):
        if not system.exists(f"{root}/{name}"):
            return False
        system.get_file(f"{root}/{name}", str(target))
    return True


def send(source: Path, place: str, name: str) -> None:
    """Copy a file from here to a URL, where it is whole or not there."""
    system, root = _system(place)
    with readable_errors(path_of(place, name)):
        system.makedirs(root, exist_ok=True)
        system.put_file(str(source), f"{root}/{name}")


def remove(place: str, name: str) -> None:
    """Delete a file, if it is there.

    Raises
    ------
    UserError
        When it can't be deleted.
    """
    with readable_errors(path_of(place, name)):
        if is_url(place):
            system, root = _system(place)
            if system.exists(f"{root}/{name}"):
                system.rm_file(f"{root}/{name}")
        else:
            Path(place, name).unlink(missing_ok=True)


def clear_unfinished(place: str) -> None:
    """Delete what a run that was killed left half-written."""
    if not is_url(place):
        shutil.rmtree(Path(place, UNFINISHED), ignore_errors=True)


def check_there(place: str) -> None:
    """Refuse a folder that was there when the run began and is not any more.

    Raises
    ------
    UserError
        When it has gone.
    """
    if not Path(place).is_dir():
        raise UserError(f"{place} is not there: it has gone, or is a folder that not all workers see.")


def _write_and_move(unfinished: str, target: str, data: bytes) -> None:
    try:
        file = os.open(unfinished, _NEW_FILE, _MODE)  # called for every report: the least there is to it
        try:
            remaining = memoryview(data)
            while remaining:
                remaining = remaining[os.write(file, remaining) :]
        finally:
            os.close(file)
        os.replace(unfinished, target)  # noqa: PTH105
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _system(place: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs

        system, root = url_to_fs(place)
    except ImportError as error:
        raise UserError(f"{place} needs a package that is not installed: {error}; see docs/scaling.md.") from None
    except ValueError as error:
        raise UserError(f"{place} is no place for reports: {error}.") from None
    except OSError as error:  # some ask their server at once
        raise UserError(f"{place} can't be reached: {error.strerror or error}.") from None
    return system, str(root).rstrip("/")


class readable_errors:  # noqa: N801  (a context manager that costs no generator for every report)
    """The system's refusal to write, or to read, as one sentence."""

    def __init__(self, target: str, done: str = "written") -> None:
        self._target, self._done = target, done

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError) and not isinstance(error, filelock.Timeout):
            raise UserError(f"{self._target} can't be {self._done}: {error.strerror or error}.") from None

"""What stands where reports are to go: a file that no run has made, or one that is open in a spreadsheet."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from xladdin.core.errors import UserError
from xladdin.reports import destinations
from xladdin.reports.naming import compared

_LOCK = re.compile(r"\.~lock\.(?P<open>.+)#|~\$(?P<owned>.+)")  # as `destinations.locks_of` names them


def in_the_way(
    place: str, option: str, ending: str, is_ours: Callable[[str], bool], *, is_deep: bool, force: bool
) -> dict[str, str]:
    """List the files of a folder that a report may not be written over; the folder is looked through once.

    Parameters
    ----------
    place : str
        The folder, or a URL.
    option : str
        The option that names it.
    ending : str
        How the files end that are to be written.
    is_ours : callable
        Whether a run has made a file that ends so.
    is_deep : bool
        Whether the folders in it count too.
    force : bool
        Whether what no run has made may be written over; what is open never is.

    Returns
    -------
    dict
        By the file's name as file systems compare it, the sentence that says why.
    """
    found = {}
    for name in destinations.names(place, is_deep=is_deep):
        folder, _, last = name.rpartition("/")
        if lock := _LOCK.fullmatch(last):
            of = posixpath.join(folder, lock["open"] or lock["owned"])
            found[compared(of)] = destinations.says_open(
                destinations.path_of(place, of), destinations.path_of(place, name)
            )
        elif name.lower().endswith(ending) and not force and not is_ours(name):
            found.setdefault(
                compared(name),
                f"{destinations.path_of(place, name)} is there and is of no run that made reports here, whose own are "
                f"replaced; choose another {option}, or write over it with --force.",
            )
    return found


def refuse(files: Iterable[str], found: dict[str, str]) -> None:
    """Refuse to write over the first of these that is in the way.

    Raises
    ------
    UserError
        When one is.
    """
    for file in files:
        if why := found.get(compared(file)):
            raise UserError(why)

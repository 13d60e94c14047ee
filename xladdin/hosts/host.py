"""What is known of a host, which is wherever our functions are called from, and how one is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xladdin import installed

# A call that is made through each host, and what it gives.
PROBE = ("LEV_LIQPRICE", (50000, 10, 0.01), 45500.0)


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, whether it works, what was found and what mends it.

    What is not set up is no fault of anybody who has not asked for it.
    """

    host: str
    what: str
    works: bool
    found: str
    mend: str = ""
    is_set_up: bool = True


@dataclass(frozen=True)
class Host:
    """A host: what the commands can do for it, and what the README says of it.

    Attributes
    ----------
    name : str
        What the commands call it.
    where, how, proved : str
        Its line of the README's table.
    findings : callable
        What `xladdin doctor` says of it.
    edition : callable, optional
        Makes of a computed workbook the one that this host opens; left out where it opens the workbook as it is.
    macro_edition : callable, optional
        The same, for a workbook that carries the functions as macros.
    build, built : callable and str, optional
        Writes the file that the application loads, and what that file is.
    beside : str
        The ending of a second file that is written with it, if there is one.
    install, installed : callable and str, optional
        Puts it where the application looks and gives a sentence that says so, and what that does.
    """

    name: str
    where: str
    how: str
    proved: str
    findings: Callable[[], Iterator[Finding]]
    edition: Callable[[Path, Path], object] | None = None
    macro_edition: Callable[[Path, Path], object] | None = None
    build: Callable[[Path], object] | None = None
    built: str = ""
    beside: str = ""
    install: Callable[[], str] | None = None
    installed: str = ""


def package(host: str, name: str, extra: str, needed: str = "") -> Finding:
    """Whether a package of an extra of ours is installed, and what it is needed for where that is not all."""
    from importlib.metadata import PackageNotFoundError, version  # of which most commands have no need

    try:
        return Finding(host, name, True, version(name))
    except PackageNotFoundError:
        found = f"not installed; needed {needed}" if needed else "not installed"
        return Finding(host, name, False, found, installed.again(extra), is_set_up=False)


def live(host: str, what: str, call: Callable[[], Any], mend: str) -> Finding:
    """A function called through a host; whatever goes wrong there is the finding."""
    name, arguments, expected = PROBE
    written = f"{name}({', '.join(map(str, arguments))})"
    try:
        given = call()
    except Exception as error:  # whatever keeps a host from computing is what is asked here
        return Finding(host, what, False, f"{written} failed: {str(error) or type(error).__name__}", mend)
    return Finding(host, what, given == expected, f"{written} = {given}", mend)

"""The manifest of a run to a URL, a file for every batch: stores can't add to one, and a power cut comes unasked.

The parts are there as long as the run goes on; the next run goes on by those of one that did not end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xladdin.reports import destinations, manifest

_LIST = ".files"  # the ending of the lists of what is about to be written


class Parts:
    """The parts of a manifest at a URL, those of an earlier run too."""

    def __init__(self, out: str) -> None:
        self._place = f"{out}/{destinations.UNFINISHED}"
        there = sorted(destinations.sizes(self._place))
        self._names = [name for name in there if name.endswith(".csv")]
        self._lists = [name for name in there if name.endswith(_LIST)]

    def fetch(self, folder: Path) -> Iterator[Path]:
        """Copies of what there is, in the order in which they were made."""
        for name in self._names:
            path = folder / f"part-{name}"
            if destinations.fetch(self._place, name, path):
                yield path
                path.unlink()

    def begun(self, folder: Path) -> Iterator[str]:
        """The files that an earlier run began."""
        for name in self._lists:
            path = folder / f"part-{name}"
            if destinations.fetch(self._place, name, path):
                yield from path.read_text(encoding="utf-8").splitlines()
                path.unlink()

    def begin(self, files: Sequence[str]) -> None:
        """Note which files are about to be written, so that they are known as a run's though it is killed.

        Raises
        ------
        UserError
            When they can't be.
        """
        name = f"{len(self._lists) + 1:08}{_LIST}"
        destinations.write_all(self._place, [(name, "".join(f"{file}\n" for file in files).encode())])
        self._lists.append(name)

    def add(self, columns: Sequence[str], texts: Sequence[bytes]) -> None:
        """Send the lines of a batch.

        Raises
        ------
        UserError
            When they can't be.
        """
        number = int(self._names[-1].partition(".")[0]) + 1 if self._names else 1
        name = f"{number:08}.csv"
        destinations.write_all(self._place, [(name, manifest.as_file(columns, texts))])
        self._names.append(name)

    def clear(self) -> None:
        """Remove them: the manifest itself has all of it now."""
        for name in [*self._names, *self._lists]:
            destinations.remove(self._place, name)
        self._names.clear()
        self._lists.clear()

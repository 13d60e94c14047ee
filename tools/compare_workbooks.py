"""Two folders of workbooks held against each other, part by part: `python -m tools.compare_workbooks OLD NEW`.

For a change that is to leave the workbooks as they are: what differs is listed, and the number of parts that are equal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from xladdin.workbook.file.comparison import differences
from xladdin.workbook.file.package import open_package


def compared(old: Path, new: Path) -> Iterator[str]:
    """A line for each workbook of the two folders, and one for each part of it that differs."""
    names = sorted({path.name for folder in (old, new) for path in folder.glob("*.xlsx")})
    for name in names:
        if missing := [str(folder) for folder in (old, new) if not (folder / name).is_file()]:
            yield f"{name}: not in {missing[0]}"
            continue
        found = differences(old / name, new / name)
        parts = len(open_package(old / name).members)
        yield f"{name}: {parts - len(found)} of {parts} parts are equal"
        yield from (f"    {difference}" for difference in found)


def main() -> None:
    """The command; it fails when anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.compare_workbooks", description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    arguments = parser.parse_args()
    lines = list(compared(arguments.old, arguments.new))
    print("\n".join(lines))
    sys.exit(any(line.startswith("    ") or "not in" in line for line in lines))


if __name__ == "__main__":
    main()

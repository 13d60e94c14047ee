"""A release: the version and the changelog's date written, committed and tagged. `python -m tools.release 0.2.0`."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
PACKAGE = ROOT / "xladdin" / "__init__.py"
_UNRELEASED = "## [Unreleased]\n"
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def released(changelog: str, version: str, day: datetime.date) -> str:
    """The changelog with what is unreleased under a version and its day.

    Raises
    ------
    ValueError
        When nothing is unreleased, or the version is there already.
    """
    before, _, after = changelog.partition(_UNRELEASED)
    unreleased = after.partition("\n## ")[0]
    if "\n- " not in unreleased:
        raise ValueError(f"{CHANGELOG.name} has no line under [Unreleased], so there is nothing to release.")
    if f"\n## [{version}]" in changelog:
        raise ValueError(f"{CHANGELOG.name} has {version} already; give the next version.")
    return f"{before}{_UNRELEASED}\n## [{version}] - {day.isoformat()}\n{after}"


def main(arguments: list[str]) -> None:
    """Make the release, or say in a sentence why not."""
    if len(arguments) != 1 or not _VERSION.fullmatch(arguments[0]):
        sys.exit(f"{' '.join(arguments) or 'Nothing'} is no version; wanted is one such as 0.2.0.")
    (version,) = arguments
    if _git("status", "--porcelain"):
        sys.exit("The checkout has changes that are not committed; commit them first.")
    try:
        changelog = released(
            CHANGELOG.read_text(encoding="utf-8"), version, datetime.datetime.now().astimezone().date()
        )
    except ValueError as error:
        sys.exit(str(error))
    CHANGELOG.write_text(changelog, encoding="utf-8")
    package = PACKAGE.read_text(encoding="utf-8")
    PACKAGE.write_text(re.sub(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', package), encoding="utf-8")
    _git("commit", "--all", "--message", f"Release {version}")
    _git("tag", "--annotate", f"v{version}", "--message", f"xladdin {version}")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main(sys.argv[1:])

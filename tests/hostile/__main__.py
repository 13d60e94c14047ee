"""`make hostile`: every hostile file through every command, and a table of what became of each."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

import polars  # noqa: F401  what every command imports is imported once

import xladdin.reports.run  # noqa: F401
import xladdin.workbook.render  # noqa: F401
from hostile.files import Hostile
from hostile.packages import PACKAGES
from hostile.running import Became, commands, prepare, run
from hostile.tables import TABLES
from hostile.workbooks import WORKBOOKS

ALL = [*PACKAGES, *WORKBOOKS, *TABLES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only files whose name has one of these in it")
    parser.add_argument("--command", help="only this command")
    parser.add_argument("--quick", action="store_true", help="not what is heavy")
    options = parser.parse_args()
    tried = faults = 0
    for case in ALL:
        if options.quick and case.is_heavy:
            continue
        if options.names and not any(name in case.name for name in options.names):
            continue
        for command, arguments in commands(case).items():
            if options.command and command != options.command:
                continue
            became = tried_once(case, arguments)
            tried += 1
            fault = became.fault or _unexpected(case, command, became)
            faults += bool(fault)
            said = " ".join(became.said.split())[:230]
            print(
                f"{'FAULT' if fault else 'ok':5} {case.name:32} {command:6} {became.code:3} {became.seconds:5.1f}s {became.memory / 2**20:5.0f}MB {fault:30} {said}",
                flush=True,
            )
    print(f"{tried} runs, {faults} faults")
    sys.exit(bool(faults))


def tried_once(case: Hostile, arguments: tuple[str, ...]) -> Became:
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        folder = Path(name)
        prepare(folder)
        case.make(folder / case.name)
        return run(tuple(each.replace("{file}", case.name) for each in arguments), folder)


def _unexpected(case: Hostile, command: str, became: Became) -> str:
    said = case.said_by(command)
    if not said:
        return "" if became.code <= 1 else "refused"
    return "" if became.code > 1 and re.search(said, became.said) else "taken" if became.code <= 1 else "says otherwise"


if __name__ == "__main__":
    shutil.rmtree(Path(tempfile.gettempdir()) / "hostile-none", ignore_errors=True)
    main()

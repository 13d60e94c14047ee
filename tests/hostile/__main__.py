"""`make hostile`: every hostile file through every command, and a table of what became of each."""

from __future__ import annotations

import argparse
import collections
import sys

from hostile.every import EVERY
from hostile.judging import commands, judged
from hostile.running import prepare_process, tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only files whose name has one of these in it")
    parser.add_argument("--command", help="only this command")
    parser.add_argument("--quick", action="store_true", help="not what is heavy")
    options = parser.parse_args()
    prepare_process()
    came: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    faults = 0
    for case in EVERY:
        if (options.quick and case.is_heavy) or not any(name in case.name for name in options.names or [""]):
            continue
        for command in commands(case):
            if options.command in (None, command):
                became = tried(case, command)
                fault = judged(case, command, became)
                faults += bool(fault)
                came[command]["FAULT" if fault else "taken" if became.code <= 1 else "refused in a sentence"] += 1
                print(
                    f"{'FAULT' if fault else 'ok':5} {case.name:32} {command:6} {became.code:3} {became.seconds:5.1f} s"
                    f" {became.memory / 2**20:5.0f} MB  {fault:30} {' '.join(became.said.split())[:230]}",
                    flush=True,
                )
    print()
    for command, counted in came.items():
        print(f"{command:6} " + ", ".join(f"{count} {what}" for what, count in sorted(counted.items())))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

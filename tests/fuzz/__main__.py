"""`make fuzz`: random input for everything that reads, for so many seconds each, and a table of what was found.

Each input follows from its number, so that a crash is made again by `python -m fuzz TARGET --only NUMBER`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

from fuzz.targets import TARGETS, Target

_LONGEST = 20  # seconds of one input


class HangsError(BaseException):
    """An input that takes too long."""


def _ring(*_: object) -> None:
    raise HangsError


def once(target: Target, number: int, folder: Path) -> str:
    """Give one input; what it raised, or nothing."""
    signal.alarm(_LONGEST)
    try:
        target(random.Random(number), folder)
    except HangsError:
        return f"takes more than {_LONGEST} s"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        cause = error.__cause__ or error
        place = traceback.extract_tb(cause.__traceback__)[-1]
        return f"{type(cause).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"
    finally:
        signal.alarm(0)
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="?", help="only targets with this in their name")
    parser.add_argument("--seconds", type=float, default=30.0, help="for each target")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="only this input")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _ring)
    warnings.simplefilter("ignore")
    failed = 0
    print(f"{'given':30} {'inputs':>8} {'seconds':>8} {'kinds of crash':>15}")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name, contextlib.chdir(name):
        os.environ["COLUMNS"] = "200"
        for title, target in TARGETS.items():
            if options.target and options.target not in title:
                continue
            found: dict[str, str] = {}
            start, number = time.monotonic(), options.first if options.only is None else options.only
            while time.monotonic() - start < options.seconds:
                if wrong := once(target, number, Path(name)):
                    found.setdefault(wrong.partition(": ")[0], f"input {number}: {wrong[:500]}")
                number += 1
                if options.only is not None:
                    break
            failed += len(found)
            tried = number - options.first
            print(f"{title:30} {tried:8,} {time.monotonic() - start:8.0f} {len(found):15}", flush=True)
            for each in found.values():
                print(f"    {each}", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

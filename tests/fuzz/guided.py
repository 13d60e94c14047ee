"""The same targets with inputs that are led to new lines of the product, by atheris where it is installed, by hand:

python -m fuzz.guided "formulas, batch against row" -max_total_time=3600
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import atheris


class Given(random.Random):
    """Dice whose throws are the bytes that they are given, and zero after these."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._data = int.from_bytes(data, "little")

    def getrandbits(self, k: int) -> int:
        taken = self._data & ((1 << k) - 1)
        self._data >>= -(-k // 8) * 8
        return taken

    def random(self) -> float:
        return self.getrandbits(53) / 2.0**53


def main() -> None:
    title, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["xladdin"]):
        targets: Any = __import__("fuzz.targets", fromlist=["TARGETS"])
    target = targets.TARGETS[title]
    warnings.simplefilter("ignore")
    os.environ["COLUMNS"] = "200"
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name, contextlib.chdir(name):
        atheris.Setup(
            [sys.argv[0], "-max_len=600", "-len_control=0", *options], lambda data: target(Given(data), Path(name))
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()

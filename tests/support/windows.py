"""A real Windows Python with xladdin in it, under Wine, as `tools/windows-python` makes it."""

from __future__ import annotations

import os
import subprocess
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.vectors import LEFT_OUT

FOLDER = Path(__file__).parents[2] / "build/windows"


@dataclass(frozen=True)
class Currency:
    """A cell that is formatted as money: Excel hands its value over as a type of its own."""

    value: float


@dataclass(frozen=True)
class Date:
    """A cell that is formatted as a date."""

    serial: float


def is_there() -> bool:
    return (FOLDER / "ready").is_file()


def run(*words: str, folder: Path | None = None, as_bytes: bool = False) -> subprocess.CompletedProcess[Any]:
    """A program of that Windows with pipes at all three ends: Wine's Python takes nothing else."""
    environment = os.environ | {
        "WINEPREFIX": str(FOLDER / "prefix"),
        "WINEDEBUG": "-all",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    text: dict[str, Any] = {} if as_bytes else {"text": True, "encoding": "utf-8", "errors": "replace"}
    return subprocess.run(
        ["wine", *words],
        input=b"" if as_bytes else "",
        capture_output=True,
        cwd=folder,
        env=environment,
        timeout=300,
        check=False,
        **text,
    )


def python(*words: str, folder: Path | None = None, as_bytes: bool = False) -> subprocess.CompletedProcess[Any]:
    return run(str(FOLDER / "python/python.exe"), *words, folder=folder, as_bytes=as_bytes)


def windows_path(path: Path) -> str:
    """A path of this machine as that Windows sees it: Z: is the root."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


def call_over_com(calls: Sequence[tuple[str, Sequence[Any]] | str], folder: Path) -> list[Any]:
    """What xlwings' COM server answers to calls that are made as the add-in's VBA makes them.

    A call is a function's name and its cells, or the word "die", which ends Python.
    """
    (library,) = (FOLDER / "python").glob("xlwings64-*.dll")
    interpreter = windows_path(FOLDER / "python/python.exe")
    paths = ";".join(["false", r"C:\x\xladdin.xlam", r"C:\x\xladdin.xlam", "", "", "", ""]).replace("\\", "\\\\")
    start = (
        f'import sys, os;import xlwings.utils;xlwings.utils.prepare_sys_path(\\"{paths}\\");'
        "import xlwings; xlwings.serve('$(CLSID)')"
    )
    command, asked, answers = (folder / name for name in ("command.txt", "calls.txt", "answers.txt"))
    command.write_text(f'cmd.exe  /K ""{interpreter}" -B -c "{start}""', encoding="utf-8")
    lines = [call if isinstance(call, str) else "\t".join([call[0], *map(_written, call[1])]) for call in calls]
    asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run(str(FOLDER / "client.exe"), *map(windows_path, (library, command, asked, answers)))
    assert done.returncode == 0, done.stdout + done.stderr
    return [_read(line) for line in answers.read_text(encoding="utf-8").splitlines()]


def _written(value: Any) -> str:
    """A value as the client reads it."""
    match value:
        case list():
            cells = "|".join(_written(cell) for row in value for cell in row)
            return f"A:{len(value)}:{len(value[0])}:{cells}"
        case None:
            return "z"
        case bool():
            return f"b:{int(value)}"
        case int() | float():
            return f"n:{float(value)!r}"
        case Currency():
            return f"c:{value.value!r}"
        case Date():
            return f"d:{value.serial!r}"
    # The VBA hands a left-out argument over as a blank, and an error as its text.
    return "z" if value is LEFT_OUT else "s:" + urllib.parse.quote(value, safe=" #!/?.,()-")


def _read(line: str) -> Any:
    """An answer: a cell, a list of rows, or the sentence of a failure."""
    if line.startswith("A:"):
        _, rows, columns, cells = line.split(":", 3)
        values = list(map(_cell, cells.split("|")))
        return [values[row * int(columns) : (row + 1) * int(columns)] for row in range(int(rows))]
    return _cell(line)


def _cell(written: str) -> Any:
    kind, _, body = written.partition(":")
    match kind:
        case "n":
            return float(body)
        case "s":
            return body
        case "b":
            return body == "1"
        case "z":
            return None
    return written

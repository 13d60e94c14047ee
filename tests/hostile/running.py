"""A command on a hostile file, in a process of its own with limits, and what came of it."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from hostile.files import Hostile, book

LONGEST = float(os.environ.get("HOSTILE_SECONDS", "60"))  # seconds of the processor: the most that is told beforehand
LARGEST = 2**30  # bytes of memory
_LONGEST_SENTENCE = 500
_UNTOLD = 10.0  # seconds of the processor that a command may take without saying so before
_TOLD = re.compile(r"^xladdin: .* it takes .* compute it once.*\n", re.MULTILINE)
_WALL = 240.0  # seconds of the clock on a busy machine
_OTHERWISE = (
    "folder.xlsx",
    "gone.xlsx",
    "pipe.xlsx",
    "device.xlsx",
    "symlink-to-itself.xlsx",
    "nulls.parquet",
)  # by command
_IDLE = 20.0  # seconds of the clock after which what has done nothing only waits
_NOT_FOR_PEOPLE = (
    "Traceback (most recent call last)",
    "panicked at",
    "RUST_BACKTRACE",
    "Error: ",
    "polars",
    "calamine",
    "openpyxl",
)

OF_WORKBOOKS = {
    "recalc": ("recalc", "{file}", "-o", "made.xlsx"),
    "new": ("new", "{file}", "-o", "made.xlsx"),
    "check": ("check", "{file}"),
    "out": ("report", "rows.csv", "--template", "{file}", "--out", "made", "--defaults"),
    "into": ("report", "rows.csv", "--template", "{file}", "--into", "made.xlsx", "--defaults"),
    "table": ("report", "{file}", "--template", "plain.xlsx", "--out", "made"),
}
OF_TABLES = {
    "check": ("check", "{file}", "--template", "plain.xlsx"),
    "out": ("report", "{file}", "--template", "plain.xlsx", "--out", "made"),
    "into": ("report", "{file}", "--template", "plain.xlsx", "--into", "made.xlsx"),
}


@dataclass(frozen=True)
class Became:
    """What came of a command.

    Attributes
    ----------
    code : int
        Its exit code; of a signal, minus its number.
    said : str
        What it said on both outputs.
    seconds : float
        Of the processor.
    memory : int
        The most that it held, in bytes.
    """

    code: int
    said: str
    seconds: float
    memory: int

    @property
    def fault(self) -> str:
        """What is wrong with it in any case: nothing that is made and no sentence that is said may be so."""
        if self.seconds > LONGEST or self.code == -signal.SIGXCPU:
            return "hangs"
        if self.seconds > _UNTOLD and not _TOLD.search(self.said):
            return f"takes {self.seconds:.0f} s and does not say so"
        if self.memory > LARGEST:
            return f"takes {self.memory / 2**20:,.0f} MB"
        if self.code < 0:
            return f"ends by signal {-self.code}"
        for text in _NOT_FOR_PEOPLE:
            if text in self.said:
                return f"says {text.strip()!r}"
        if self.code not in (0, 1, 2, 3):
            return f"ends with {self.code}"
        lines = [line for line in _TOLD.sub("", self.said).splitlines() if line]
        if self.code >= 2 and len(lines) != 1:
            return f"says {len(lines)} lines"
        if any(len(line) > _LONGEST_SENTENCE for line in lines):
            return f"says a line of {max(map(len, lines)):,} characters"
        return ""


def prepare(folder: Path) -> None:
    """What the commands need beside the file."""
    (folder / "rows.csv").write_text("entry\n7\n8\n", encoding="utf-8")
    book()(folder / "plain.xlsx")


def commands(case: Hostile) -> dict[str, tuple[str, ...]]:
    return OF_WORKBOOKS if case.name.endswith((".xlsx", ".xlsm")) else OF_TABLES


def run(arguments: tuple[str, ...], folder: Path) -> Became:
    """Run a command in a folder, in a child of this process, so that nothing has to be imported again."""
    from xladdin import cli

    output = folder / "said.txt"
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        code = 99
        try:
            os.chdir(folder)
            opened = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            os.dup2(opened, 1)
            os.dup2(opened, 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
            resource.setrlimit(resource.RLIMIT_CPU, (int(LONGEST) + 1, int(LONGEST) + 5))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            try:
                cli.main(list(arguments), standalone_mode=True)
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
            except BaseException:
                import traceback

                traceback.print_exc()
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    usage, status = _waited(child)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    said = output.read_text(encoding="utf-8", errors="replace")
    return Became(code, said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def prepare_process() -> None:
    """Import what every command imports, once for all children."""
    import polars  # noqa: F401

    import xladdin.workbook.render  # noqa: F401


def tried(case: Hostile, command: str) -> Became:
    """A command on a hostile file, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        folder = Path(name)
        prepare(folder)
        _make(case, folder / case.name)
        return run(tuple(each.replace("{file}", case.name) for each in commands(case)[command]), folder)


def _make(case: Hostile, path: Path) -> None:
    """Write a file in a child: what polars starts in a process is not there in its children, who would wait for it."""
    child = os.fork()
    if not child:
        code = 1
        try:
            case.make(path)
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0, f"{case.name} can't be made"


def judged(case: Hostile, command: str, became: Became) -> str:
    """What is wrong with what came of a command; empty where nothing is."""
    if became.fault or command == "table" or case.name in _OTHERWISE:
        return became.fault
    if not case.said:
        return "" if became.code <= 1 else "is refused"
    if became.code <= 1:
        return "is taken"
    return "" if case.said in became.said else "says otherwise"


def _waited(child: int) -> tuple[resource.struct_rusage, int]:
    """Wait for a child; one that takes too much memory, or only waits, is ended."""
    start = time.monotonic()
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            return usage, status
        passed = time.monotonic() - start
        if passed > _WALL or (passed > _IDLE and _is_idle(child)) or _memory_of(child) > 1.5 * LARGEST:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)


def _is_idle(process: int) -> bool:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] == "S" and int(fields[11]) + int(fields[12]) < os.sysconf("SC_CLK_TCK")


def _memory_of(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0

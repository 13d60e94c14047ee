"""A command on a hostile file, in a process of its own with limits, and what came of it."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

from hostile.files import Hostile
from hostile.judging import LARGEST, LONGEST, Became, commands, prepare

_WALL = 240.0  # seconds of the clock on a busy machine
_IDLE = 20.0  # seconds of the clock after which what has done nothing only waits


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

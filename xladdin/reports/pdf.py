"""Finished workbooks as PDF, by LibreOffice: several at a time, each kept for many files and ended when it hangs."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice.installation import find_program
from xladdin.workbook.file.writing import write_whole
from xladdin.workbook.values_only import values_only

FILES = 50  # that one LibreOffice makes before it is started anew
_PATIENCE = 60.0  # seconds without a new file, after which it hangs
_LOOK = 0.05  # seconds between looks at what it has made
_ATTEMPTS = 2  # at a file that a LibreOffice ended at or hung over
_END = b"%%EOF"


def find_office() -> Path:
    """LibreOffice's program.

    Raises
    ------
    UserError
        When it is not installed.
    """
    office = find_program("soffice")
    if office is None:
        raise UserError("--pdf needs LibreOffice, which was not found; install it, or put soffice on the PATH.")
    return office


def pdf_name(file: str) -> str:
    """The PDF of a report, relative to the folder of the PDFs."""
    return f"{file.rpartition('.')[0]}.pdf"


def remove_pdfs(target: Path, files: Iterable[str]) -> None:
    """Remove the PDFs that an earlier run made of reports that are gone, or have errors now.

    Raises
    ------
    UserError
        When one can't be removed.
    """
    for file in files:
        path = target / pdf_name(file)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"{path} can't be removed: {error.strerror or error}.") from None


def make_pdfs(
    office: Path,
    out: Path,
    files: Sequence[str],
    target: Path,
    count: int,
    progress: Callable[[int], None] = lambda made: None,
) -> list[str]:
    """Make a PDF of each report that has none yet, or an older one.

    Parameters
    ----------
    office : Path
        LibreOffice's program.
    out : Path
        The folder of the reports.
    files : sequence of str
        The reports in it.
    target : Path
        The folder of the PDFs.
    count : int
        How many LibreOffices there may be at a time.
    progress : callable
        Is told how many were made, each time some are.

    Returns
    -------
    list of str
        The reports of which LibreOffice makes no PDF.

    Raises
    ------
    UserError
        When a PDF can't be written, or LibreOffice can't be started.
    """
    waiting = [file for file in files if not _is_made(out / file, target / pdf_name(file))]
    jobs: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    size = max(1, min(FILES, -(-len(waiting) // count)))
    batches = [waiting[first : first + size] for first in range(0, len(waiting), size)]
    for batch in batches:
        jobs.put(batch)
    stopped = threading.Event()
    with ThreadPoolExecutor(count) as threads:
        running = [
            threads.submit(_work_off, office, out, target, jobs, progress, stopped)
            for _ in range(min(count, len(batches)))
        ]
        try:
            return [file for each in running for file in each.result()]
        except BaseException:
            stopped.set()
            raise


def _is_made(report: Path, pdf: Path) -> bool:
    try:
        return pdf.stat().st_mtime_ns >= report.stat().st_mtime_ns
    except OSError:
        return False


def _work_off(
    office: Path,
    out: Path,
    target: Path,
    jobs: queue.SimpleQueue[list[str]],
    progress: Callable[[int], None],
    stopped: threading.Event,
) -> list[str]:
    """Make the PDFs of one batch after the other, by a LibreOffice with settings of its own; and give what fails."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="xladdin-", ignore_cleanup_errors=True) as name:
        while not stopped.is_set():
            try:
                files = jobs.get_nowait()
            except queue.Empty:
                break
            attempts = dict.fromkeys(files, 0)
            while attempts and not stopped.is_set():
                for file, data in _made_of(office, out, list(attempts), Path(name), stopped):
                    write_whole(target / pdf_name(file), data)
                    del attempts[file]
                    progress(1)
                if attempts and not stopped.is_set():  # it ended or hung over the first that is missing
                    first = next(iter(attempts))
                    attempts[first] += 1
                    if attempts[first] >= _ATTEMPTS:
                        failed.append(first)
                        del attempts[first]
    return failed


def _made_of(
    office: Path, out: Path, files: Sequence[str], folder: Path, stopped: threading.Event
) -> Iterator[tuple[str, bytes]]:
    """The PDFs that one LibreOffice makes of reports before it ends, or hangs and is ended."""
    for number, file in enumerate(files):
        try:
            report = (out / file).read_bytes()
        except OSError as error:
            raise UserError(f"{out / file} can't be read: {error.strerror or error}.") from None
        (folder / f"{number}.xlsx").write_bytes(values_only(report, file))
    command = [
        *(str(office), f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
        *("--headless", "--norestore", "--nologo", "--nolockcheck", "--convert-to", "pdf:calc_pdf_Export"),
        *("--outdir", str(folder), *(str(folder / f"{number}.xlsx") for number in range(len(files)))),
    ]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UserError(f"{office} can't be started: {error.strerror or error}.") from None
    done = 0
    last = time.monotonic()
    try:
        while done < len(files):
            has_ended = process.poll() is not None
            found = next(  # it makes them in their order; one of which it can't is passed over
                ((number, data) for number in range(done, len(files)) if (data := _whole(folder / f"{number}.pdf"))),
                None,
            )
            if found:
                yield files[found[0]], found[1]
                done, last = found[0] + 1, time.monotonic()
            elif has_ended or stopped.is_set() or time.monotonic() - last > _PATIENCE:
                break
            else:
                time.sleep(_LOOK)
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
    finally:
        _end(process)
        for number in range(len(files)):
            (folder / f"{number}.xlsx").unlink(missing_ok=True)
            (folder / f"{number}.pdf").unlink(missing_ok=True)


def _whole(pdf: Path) -> bytes | None:
    """A PDF that is written to its end."""
    try:
        data = pdf.read_bytes()
    except OSError:
        return None
    return data if _END in data[-64:] else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a LibreOffice with the program that it started."""
    if process.poll() is None:
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()

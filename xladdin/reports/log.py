"""A log of runs that one can keep: a line for each thing that happened, as JSON or as text, added to a file."""

from __future__ import annotations

import datetime
import logging
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from xladdin.core.errors import UserError
from xladdin.reports.destinations import LOCK, check_folder_of

_OF_JSON = (".json", ".jsonl", ".ndjson")
# What else a run writes ends so: workbooks and the ones of before, lists, PDFs, what is said of columns, the lock.
_OF_OTHERS = (".xlsx", ".xlsm", ".bak", ".csv", ".pdf", ".toml", ".lock")
_OURS = re.compile(  # how each of our lines begins
    rb'\{"time":"[^"]+","run":"[0-9a-f]{12}","level":"|\d{4}-\d\d-\d\dT[\d:.]+\+00:00 [0-9a-f]{12} [A-Z]+ '
)
_START = 100  # bytes of a first line that show whose it is


class RunLog:
    """What a run tells its log; without a file it goes nowhere.

    Attributes
    ----------
    run : str
        By which the lines of one run are known.
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        self.run = uuid.uuid4().hex[:12]
        self._logger = logger

    def note(self, level: int, event: str, **details: Any) -> None:
        """Add one line.

        Parameters
        ----------
        level : int
            As of `logging`.
        event : str
            What happened, in a sentence or a word.
        **details
            Figures and names that belong to it.
        """
        if self._logger:
            self._logger.log(level, event, extra={"run": self.run, "details": details})


def check_log(path: Path, others: Iterable[Path]) -> None:
    """Refuse a log in the place of a file that is something else.

    Parameters
    ----------
    path : Path
        The log.
    others : iterable of Path
        What the command was given besides.

    Raises
    ------
    UserError
        When it is one of these, has a name as other files of a run have, or is there and is no log of ours.
    """
    own = "choose another file for the log"
    if os.path.realpath(path) in map(os.path.realpath, others):
        raise UserError(f"--log {path} is a file that the command reads or writes itself; {own}.")
    if path.suffix.lower() in _OF_OTHERS or path.name == LOCK:
        raise UserError(f"--log {path} has the name of another kind of file; {own}, such as run.log or run.jsonl.")
    if not path.is_file():  # a new one, or a device such as /dev/stderr
        return
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise UserError(f"--log {path} can't be read: {error.strerror or error}.") from None
    if start and not _OURS.match(start):
        raise UserError(f"--log {path} is there and is no log of xladdin's; {own}.")


@contextmanager
def run_log(path: Path | None) -> Iterator[RunLog]:
    """A log that is open as long as a run lasts.

    Parameters
    ----------
    path : Path, optional
        The file; one that ends in .jsonl or .json gets JSON, any other text. Without it nothing is kept.

    Raises
    ------
    UserError
        When the file can't be written.
    """
    if path is None:
        yield RunLog()
        return
    check_folder_of(path)
    try:
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UserError(f"--log {path} can't be written: {error.strerror or error}.") from None
    handler.setFormatter(_Json() if path.suffix.lower() in _OF_JSON else _Text())
    logger = logging.Logger("xladdin", logging.INFO)  # of its own: what an application logs stays its own
    logger.addHandler(handler)
    try:
        yield RunLog(logger)
    finally:
        handler.close()


def _time(record: logging.LogRecord) -> str:
    return datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        known = {"time": _time(record), "run": record.__dict__["run"], "level": record.levelname.lower()}
        details: Mapping[str, Any] = record.__dict__["details"]
        return orjson.dumps({**known, "event": record.getMessage(), **details}, default=str).decode()


class _Text(logging.Formatter):
    """Time, run, level, and what happened, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        details = record.__dict__["details"]
        shown = "".join(f" {name}={orjson.dumps(value, default=str).decode()}" for name, value in details.items())
        event = " ".join(record.getMessage().split())
        return f"{_time(record)} {record.__dict__['run']} {record.levelname:<7} {event}{shown}"

"""Processes on this machine that make reports, and end when they are told to."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from multiprocessing.connection import Connection
from typing import Any


class Processes(ProcessPoolExecutor):
    """Processes on this machine, which end when a pipe of theirs is closed, or whoever holds its other end is dead.

    Python's own way to end them is a message in a queue; a process that was killed while it waited for one has left
    the queue locked, and the others would wait for ever.
    """

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")  # a forked copy of threads that read tables could hang
        self._end_of_workers, self._held = context.Pipe(duplex=False)
        self._given: set[Future[Any]] = set()
        super().__init__(count, mp_context=context, initializer=_prepare_worker, initargs=(self._end_of_workers,))

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = super().submit(function, *args, **named)
        self._given.add(future)
        future.add_done_callback(self._given.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, after what they have in hand where it is waited for."""
        if wait:
            wait_for(list(self._given))
        elif sys.version_info < (3, 11, 5):  # which goes on writing to dead workers, and waits for ever
            vars(self)["_call_queue"]._reader.close()
        self._held.close()
        super().shutdown(wait, cancel_futures=cancel_futures)


def _prepare_worker(end: Connection) -> None:
    """A worker leaves Ctrl-C to the one who started it, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(end,), daemon=True).start()


def _end_with(end: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        end.recv_bytes()  # nothing is ever sent
    os._exit(1)

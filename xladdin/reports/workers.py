"""Who makes the batches: this process, several, or a Dask cluster, all by the interface of concurrent.futures."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Any, TypeVar, cast

from xladdin import installed
from xladdin.core.errors import UserError

Job = TypeVar("Job")
Result = TypeVar("Result")

_ATTEMPTS = 3
_AHEAD = 3  # batches waiting for each worker, so that none is ever idle


class _Here(Executor):
    """This process: a job is done when it is handed in."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args, **named))
        return future


class _OnCluster(Executor):
    """The workers of a Dask cluster, as long as its scheduler answers."""

    def __init__(self, client: Any, scheduler: str) -> None:
        self._client = client
        self._scheduler = scheduler
        self._check()
        self._executor = client.get_executor(pure=False, retries=_ATTEMPTS)

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        self._check()
        future: Future[Any] = self._executor.submit(function, *args, **named)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take back what is not done; without a scheduler nobody would answer that."""
        if self._client.status == "running":
            self._executor.shutdown(wait=False)

    def _check(self) -> None:
        if self._client.status in ("closing", "closed"):
            raise UserError(f"The Dask scheduler at {self._scheduler} answers no longer.")


@contextlib.contextmanager
def workers(count: int, scheduler: str | None) -> Iterator[tuple[Callable[[], Executor], int]]:
    """What starts an executor, and how many jobs to hand in at a time.

    Raises
    ------
    UserError
        When the scheduler can't be reached, or Dask is not installed.
    """
    if scheduler:
        with _dask(scheduler) as (client, threads):
            yield (lambda: _OnCluster(client, scheduler)), threads * _AHEAD
    elif count > 1:
        from xladdin.reports.processes import Processes

        yield (lambda: Processes(count)), count * _AHEAD
    else:
        yield _Here, 1


def in_order(
    function: Callable[[Job], Result], jobs: Iterable[Job], start: Callable[[], Executor], ahead: int
) -> Generator[tuple[Job, Result], None, None]:
    """Each job with its result, in the order of the jobs; what a worker that died had in hand is done by another.

    Raises
    ------
    UserError
        When workers die time and again, or what a job itself raises.
    """
    executor = start()
    waiting: collections.deque[tuple[Job, Future[Result]]] = collections.deque()

    def submitted(job: Job) -> Future[Result]:
        try:
            return executor.submit(function, job)
        except BrokenExecutor as death:  # noticed when the job is asked for
            future: Future[Result] = Future()
            future.set_exception(death)
            return future

    def first() -> tuple[Job, Result]:
        nonlocal executor
        for _ in range(_ATTEMPTS):
            try:
                done = waiting[0][1].result()
                return waiting.popleft()[0], done
            except (BrokenExecutor, CancelledError) as death:
                reason = death
                executor.shutdown(wait=False)
                executor = start()
                again = [(job, submitted(job)) for job, _ in waiting]
                waiting.clear()
                waiting.extend(again)
        raise UserError(f"Workers died {_ATTEMPTS} times over the same batch: {str(reason) or type(reason).__name__}.")

    try:
        for job in jobs:
            waiting.append((job, submitted(job)))
            if len(waiting) >= ahead:
                yield first()
        while waiting:
            yield first()
    finally:
        for _, future in waiting:
            future.cancel()
        executor.shutdown()


@contextlib.contextmanager
def _dask(scheduler: str) -> Iterator[tuple[Any, int]]:
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise UserError(f"A Dask scheduler needs Dask: {installed.again('cluster')}") from None
    try:
        client: Any = cast(Any, Client)(scheduler, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise UserError(f"No Dask scheduler answers at {scheduler}: {error}.") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UserError(f"The Dask scheduler at {scheduler} has no workers; start at least one.")
        try:
            yield client, threads
        except KilledWorker as death:
            raise UserError(f"Workers died {death.allowed_failures + 1} times over the same batch.") from None

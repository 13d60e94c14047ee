"""What stands before the server: who may ask, how much, and how long it may take to do so."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

LARGEST_REQUEST = 32 * 2**20  # bytes: a million numbers, as Excel writes them
MOST_CELLS = 2**20  # of a result: a column of a sheet
MOST_WORK = 20 * 2**20  # cells of a result times those of the longest range that each of them looks at
MOST_CONNECTIONS = 500
LONGEST_WAIT = 10.0  # seconds for a request to come in
_MOST_READ = 8 * LARGEST_REQUEST  # bytes that are read and thrown away, so that the one who sends hears why
EXCEL = re.compile(r"https://([\w-]+\.)*(officeapps\.live\.com|excel\.cloud\.microsoft)")
_OWN = re.compile(r"https?://(localhost|127\.0\.0\.1)(:\d+)?")
_PRIVATE = b"access-control-request-private-network"


class RefusedError(Exception):
    """A request that is not answered, with the status and the sentence for it."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def guarded(inner: App, prefix: str, call: str) -> App:
    """An application that only pages of Excel and its own may ask, with the token; only one path takes anything."""

    async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        headers = dict(scope["headers"])
        try:
            _check(scope, headers, prefix, call)
        except RefusedError as refused:
            await refuse(refused, receive, send)
            return
        is_preflight = scope["method"] == "OPTIONS" and _PRIVATE in headers
        kept = [(name, value) for name, value in scope["headers"] if name != _PRIVATE]

        async def mended(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": _mended(message.get("headers", ()), is_preflight)}
            await send(message)

        await inner(scope | {"headers": kept}, receive, mended)

    return application


def _check(scope: dict[str, Any], headers: dict[bytes, bytes], prefix: str, call: str) -> None:
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin and not (EXCEL.fullmatch(origin) or _OWN.fullmatch(origin)):
        raise RefusedError(HTTPStatus.FORBIDDEN, f"A page of {origin[:80]} may not ask; allowed are Excel's own.")
    begins = scope["path"].encode(errors="replace")[: len(prefix) + 1]
    if not hmac.compare_digest(begins, f"{prefix}/".encode()):
        raise RefusedError(HTTPStatus.NOT_FOUND, "There is nothing without this server's token in the address.")
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return
    if scope["method"] != "POST" or scope["path"] != call:
        raise RefusedError(HTTPStatus.NOT_FOUND, "Nothing is taken there; allowed is to POST a call.")
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    if kind != b"application/json":
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A call is application/json.")


def _mended(headers: Iterable[tuple[bytes, bytes]], is_preflight: bool) -> list[tuple[bytes, bytes]]:
    """An answer's headers without the order to go by https for a year, which would be for all that is on localhost."""
    kept = [(name, value) for name, value in headers if name.lower() != b"strict-transport-security"]
    return [*kept, (b"access-control-allow-private-network", b"true")] if is_preflight else kept


async def whole_body(receive: Receive) -> bytes:
    """What a request brings.

    Raises
    ------
    RefusedError
        When it is too much, does not come in time, or not whole.
    """
    try:
        return await asyncio.wait_for(_read(receive), LONGEST_WAIT)
    except TimeoutError:
        raise RefusedError(
            HTTPStatus.REQUEST_TIMEOUT, f"A request has to come in {LONGEST_WAIT:g} seconds, and did not."
        ) from None


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(HTTPStatus.BAD_REQUEST, "The request ended too soon.")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST_REQUEST:
            raise RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A request may have {LARGEST_REQUEST // 2**20} MiB, not more."
            )
        if not message.get("more_body", False):
            return b"".join(chunks)


async def refuse(refused: RefusedError, receive: Receive, send: Send) -> None:
    """Say why a request is not answered, after what it still sends: a connection that is cut says nothing."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_thrown_away(receive), LONGEST_WAIT)
    await answer(send, refused.status, b"text/plain; charset=utf-8", str(refused).encode())


async def _thrown_away(receive: Receive) -> None:
    size = 0
    while size < _MOST_READ:
        message = await receive()
        size += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


async def answer(send: Send, status: HTTPStatus, kind: bytes, body: bytes) -> None:
    """Send a whole answer."""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if status != HTTPStatus.OK:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def hurried(protocol: type[Any]) -> type[Any]:
    """A protocol of uvicorn that ends a connection on which no request has begun for a while."""

    class Hurried(protocol):  # type: ignore[misc]
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._watch(None)

        def _watch(self, before: object) -> None:
            if self.transport.is_closing():
                return
            waits = self.cycle is None or self.cycle.response_complete
            if waits and before is not None and before == id(self.cycle):
                self.transport.close()
                return
            self.loop.call_later(LONGEST_WAIT, self._watch, id(self.cycle) if waits else None)

    return Hurried

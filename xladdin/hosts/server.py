"""Excel on Mac and the web: an xlwings Server with our functions, for this machine alone.

xlwings Server gives Excel the manifest, the list of functions and the script that runs there. The script's calls are
answered here: a column of 10,000 rows would take it ten times as long as the function and the JSON around it. Here too
stands what it leaves open: only this machine may ask, only Excel's own pages may read, and what is no call of a
function of ours is refused in a sentence.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
import os
import re
import signal
import socket
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson

from xladdin import __version__, installed, udfs
from xladdin.core import catalog, running
from xladdin.core.errors import UserError
from xladdin.hosts import guard
from xladdin.hosts.guard import App, Receive, RefusedError, Send
from xladdin.hosts.host import Finding, Host, package
from xladdin.hosts.token import token
from xladdin.workbook.file.formulas import holds_formulas, with_formulas
from xladdin.workbook.file.package import compress, open_package, with_members
from xladdin.workbook.file.writing import write_whole

ADDRESS = "127.0.0.1"
NAMESPACE = "XLADDIN"
LICENSE_VARIABLE = "XLWINGS_LICENSE_KEY"
LICENSE_NOTICE = (
    "xlwings Server is not part of xladdin and has its own licence: PolyForm Noncommercial 1.0.0, or a paid one from "
    "xlwings.org."
)
_SHORT = 2**14  # bytes of a call that is answered at once
_CALL = "/xlwings/custom-functions-call"  # behind the token
_MANIFEST_ID = "6f1cb7f5-3f3c-4f0e-9d0c-0f4f3c8c6a51"  # by which Excel knows the add-in again
# An error as Excel's script interface takes it, from its version 1.4 on; those before show the text.
_KINDS = {
    "#NULL!": "Null",
    "#DIV/0!": "Div0",
    "#VALUE!": "Value",
    "#REF!": "Ref",
    "#NAME?": "Name",
    "#NUM!": "Num",
    "#N/A": "NotAvailable",
}
_ERRORS: dict[Any, dict[str, str]] = {text: {"type": "Error", "errorType": kind} for text, kind in _KINDS.items()}
_WITHOUT_ERRORS = (None, "1.1", "1.2", "1.3")
_SETTINGS = {
    "XLWINGS_ON_SERVER": "true",
    "XLWINGS_FUNCTIONS_NAMESPACE": NAMESPACE,
    "XLWINGS_PROJECT_NAME": "xladdin",
    "XLWINGS_MANIFEST_ID_PROD": _MANIFEST_ID,
    "XLWINGS_ENVIRONMENT": "prod",
    "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_ENABLE_HOTRELOAD": "false",
    "XLWINGS_CORS_ALLOW_ORIGINS": "[]",
    "XLWINGS_LOG_LEVEL": "WARNING",
}


def serve(
    port: int = 8000, certificate: Path | None = None, key: Path | None = None, say: Callable[[str], None] = print
) -> None:
    """Answer Excel until interrupted.

    Parameters
    ----------
    port : int
        Where to listen, on this machine only.
    certificate, key : Path, optional
        Files of a certificate that this machine's Excel trusts; with them it is https, which Excel on the web asks for.
    say : callable
        Given the lines that tell a person the licence and what to do next.

    Raises
    ------
    UserError
        When xlwings Server is missing, its licence is not named, a file can't be read or the port is in use.
    """
    if not os.environ.get(LICENSE_VARIABLE):
        raise UserError(
            f"{LICENSE_NOTICE} Say which you have by the environment variable {LICENSE_VARIABLE}: noncommercial, or "
            "the key that you bought."
        )
    if (certificate is None) != (key is None):
        raise UserError("A certificate needs its key and a key its certificate; give both or neither.")
    for file in filter(None, (certificate, key)):
        if not file.is_file():
            raise UserError(f"{file} is not a file; a certificate and its key are wanted.")
    prefix = f"/{token()}"
    application = app(prefix)
    uvicorn = _import("uvicorn")
    with _listening(port) as listener:
        scheme = "https" if certificate else "http"
        address = f"{scheme}://localhost:{listener.getsockname()[1]}"
        say(LICENSE_NOTICE)
        say(
            f"xladdin answers Excel at {address}; the add-in's manifest, whose address is for you alone, is "
            f"{address}{prefix}/manifest.xml. Stop it with Ctrl+C."
        )
        protocol = _import("uvicorn.protocols.http.auto").AutoHTTPProtocol
        options: dict[str, Any] = {"log_level": "warning", "server_header": False, "lifespan": "off"}
        options |= {"http": guard.hurried(protocol), "limit_concurrency": guard.MOST_CONNECTIONS}
        if certificate and key:
            options |= {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
        config = uvicorn.Config(application, **options)
        try:
            config.load()
        except ssl.SSLError as error:
            raise UserError(f"{certificate} and {key} are no certificate and its key: {error.reason}.") from None
        # uvicorn ends by the signal that it was given; by this one what is to be cleared away would stay.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        uvicorn.Server(config).run(sockets=[listener])


def app(prefix: str) -> App:
    """The whole application, below a path that has the token: xlwings Server, and what stands in front of it."""
    os.environ.update(_SETTINGS)
    os.environ.update(XLWINGS_APP_PATH=prefix, XLWINGS_STATIC_URL_PATH=f"{prefix}/static")
    # It looks for settings and code in a folder, by default in whatever one it is started in; here it finds nothing.
    empty = tempfile.TemporaryDirectory(prefix="xladdin-server-")
    atexit.register(empty.cleanup)
    os.environ["XLWINGS_PROJECT_DIR"] = empty.name
    _register_functions()
    running.inside("xlwings Server")
    sys.modules["custom_functions"] = udfs
    sys.modules["custom_scripts"] = ModuleType("custom_scripts")
    try:
        inner = _import("xlwings_server.main").main_app
    except _import("xlwings").LicenseError as error:
        raise UserError(f"xlwings Server does not take the key in {LICENSE_VARIABLE}: {error}") from None
    cors = _import("starlette.middleware.cors").CORSMiddleware
    trusted = _import("starlette.middleware.trustedhost").TrustedHostMiddleware
    call = f"{prefix}{_CALL}"
    readable = cors(
        _answering(inner, call),
        allow_origin_regex=guard.EXCEL.pattern,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
    )
    # A page of another site could otherwise reach this machine under a name of its own.
    outer: App = trusted(guard.guarded(readable, prefix, call), allowed_hosts=["localhost", ADDRESS])
    return outer


def with_prefix(source: Path, target: Path) -> None:
    """Write a copy of a workbook whose formulas call the functions by the names that this host stores.

    Raises
    ------
    UserError
        When the source can't be read or the target can't be written.
    """
    package = open_package(source)
    names = "|".join(catalog.functions())
    called = re.compile(rf"(?<![\w.])({names})(?=\()")

    def prefixed(formula: str) -> str:
        return called.sub(rf"_xldudf_{NAMESPACE}_\1", formula)

    changed = {
        part: compress(with_formulas(package.read(part), prefixed)) for part in package.members if holds_formulas(part)
    }
    write_whole(target, with_members(package, changed))


def _register_functions() -> None:
    """Make known to xlwings what it did not see being made: the functions may have been imported before it."""
    _import("xlwings")
    from xladdin.hosts.xlwings_udf import register_all

    register_all(call for call in udfs.FUNCTIONS.values() if not hasattr(call, "__xlfunc__"))


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UserError(
            f"{error.name} is not installed, and `xladdin serve` needs it: {installed.again('server')}"
        ) from None


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"Port {port} can't be used: {reason}. Take another one with --port.") from None
    return listener


def _answering(inner: App, call: str) -> App:
    """The application with the calls of functions answered, long ones beside the loop that all others wait for."""
    beside = ThreadPoolExecutor(2)

    async def answering(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != call or scope["method"] != "POST":
            await inner(scope, receive, send)
            return
        try:
            body = await guard.whole_body(receive)
            is_short = len(body) < _SHORT
            result = (
                _result(body) if is_short else await asyncio.get_running_loop().run_in_executor(beside, _result, body)
            )
            await guard.answer(send, HTTPStatus.OK, b"application/json", result)
        except RefusedError as refused:
            await guard.refuse(refused, receive, send)

    return answering


def _result(body: bytes) -> bytes:
    """The answer to a call, or the reason why it is none."""
    if body.count(b"[") > 2 * guard.MOST_CELLS or body.count(b",") > 4 * guard.MOST_CELLS:
        raise RefusedError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A call may have ranges of {2 * guard.MOST_CELLS:,} rows, not more."
        )
    try:
        call = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"The request is not JSON: {error}.") from None
    name, given = (call.get("func_name"), call.get("args")) if isinstance(call, Mapping) else (None, None)
    if not isinstance(name, str) or not isinstance(given, list):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "A call has a func_name that is text and args that are a list.")
    known = catalog.functions().get(name)
    if known is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"{name[:80]} is no function of xladdin {__version__}.")
    required = sum(argument.required for argument in known.arguments)
    if not required <= len(given) <= len(known.arguments):
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"{name} takes {required} to {len(known.arguments)} arguments, not {len(given)}."
        )
    _check_size(known, given)
    result = udfs.FUNCTIONS[name](*(map(_plain, given) if b"basicValue" in body else given))
    rows = result if isinstance(result, list) else [[result]]
    if call.get("runtime") in _WITHOUT_ERRORS:
        return orjson.dumps({"result": rows})
    return orjson.dumps({"result": [[_ERRORS.get(cell, cell) for cell in row] for row in rows]})


def _plain(argument: Any) -> Any:
    """An argument with plain values: Excel gives errors and formatted numbers as objects that have one."""
    if not isinstance(argument, list):
        return _plain_cell(argument)
    return [[_plain_cell(cell) for cell in row] if isinstance(row, list) else _plain_cell(row) for row in argument]


def _plain_cell(cell: Any) -> Any:
    value = cell.get("basicValue", "#VALUE!") if isinstance(cell, Mapping) else cell
    return "#VALUE!" if isinstance(value, (list, Mapping)) else value


def _check_size(known: catalog.Function, given: list[Any]) -> None:
    """Refuse a call whose answer would have more cells than a column of a sheet, or take a machine's memory."""
    height = width = longest = 1
    for argument, value in zip(known.arguments, given, strict=False):
        if not isinstance(value, list) or not value or not isinstance(value[0], list):
            continue
        if argument.kind.broadcasts:
            height, width = max(height, len(value)), max(width, len(value[0]))
        else:
            longest = max(longest, len(value) * len(value[0]))
    if height * width > guard.MOST_CELLS:
        raise RefusedError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The answer would have {height:,} x {width:,} cells; allowed are {guard.MOST_CELLS:,}.",
        )
    if height * width * longest > guard.MOST_WORK:
        raise RefusedError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"{height * width:,} cells would each look at {longest:,}; allowed are {guard.MOST_WORK:,} together.",
        )


def _findings() -> Iterator[Finding]:
    yield package("server", "xlwings-server", "server")
    named = os.environ.get(LICENSE_VARIABLE)
    yield Finding(
        "server",
        "licence of xlwings Server",
        bool(named),
        f"{LICENSE_VARIABLE} is {'set' if named else 'not set'}",
        f"{'set' if os.name == 'nt' else 'export'} {LICENSE_VARIABLE}=noncommercial, or = the key that a business buys",
        is_set_up=False,
    )


HOST = Host(
    name="server",
    where="Excel on Mac and the web",
    how="`xladdin serve` ([more](docs/excel-mac-web.md))",
    proved="the real server, and Microsoft's own runtime in Chromium: every call. **Not run in Excel.**",
    findings=_findings,
    edition=with_prefix,
)

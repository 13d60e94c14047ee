"""The real server with one page more: the one that stands for Excel on the web. Run with a port, calls and answers.

The page loads Microsoft's own custom functions runtime, which xlwings Server brings along in a folder of its version.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import uvicorn
import xlwings_server

from xladdin.hosts import server

PAGE = Path(__file__).with_name("excel_page.html")


def microsoft_runtime() -> str:
    """Where the server serves Microsoft's runtime."""
    root = Path(xlwings_server.__file__).parent
    (found,) = root.glob("static/vendor/office-js/*/dist/custom-functions-runtime.js")
    return "/" + found.relative_to(root).as_posix()


def with_page(inner: Any, calls: Path, answers: Path) -> Any:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        files = {"/test/page": (PAGE, b"text/html"), "/test/calls": (calls, b"application/json")}
        if scope["type"] != "http" or not scope["path"].startswith("/test/"):
            await inner(scope, receive, send)
            return
        body = b""
        if scope["path"] in files:
            body = files[scope["path"]][0].read_bytes().replace(b"MICROSOFT_RUNTIME", microsoft_runtime().encode())
        else:
            received, more = b"", True
            while more:
                message = await receive()
                received, more = received + message["body"], message.get("more_body", False)
            answers.with_suffix(".part").write_bytes(received)
            answers.with_suffix(".part").replace(answers)
        kind = files.get(scope["path"], (None, b"text/plain"))[1]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    return app


if __name__ == "__main__":
    port, calls, answers = sys.argv[1:]
    uvicorn.run(with_page(server.app(), Path(calls), Path(answers)), port=int(port), log_level="warning")

"""The real server with one page more: the one that stands for Excel on the web. Run with a port, calls and answers.

With the folder of a Pyodide and of the wheels for it as a fourth word, the server is xlwings' own for functions that
run in the page, which is what xlwings Lite is made of.

The page loads Microsoft's own custom functions runtime, which xlwings Server brings along in a folder of its version.
"""

from __future__ import annotations

import importlib
import mimetypes
import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn

PAGE = Path(__file__).with_name("excel_page.html")


def package() -> Path:
    """Where xlwings Server is; it reads its settings as soon as it is imported."""
    found = find_spec("xlwings_server")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def microsoft_runtime() -> str:
    """Where the server serves Microsoft's runtime, behind its own path."""
    root = package()
    (found,) = root.glob("static/vendor/office-js/*/dist/custom-functions-runtime.js")
    return found.relative_to(root).as_posix()


def lite_app(lite: Path, port: str) -> Any:
    """xlwings Server as it serves a project whose functions run in the page: the two lines of our documentation."""
    project = Path(tempfile.mkdtemp(prefix="xladdin-lite-"))
    for folder in ("wasm", "custom_functions", "custom_scripts"):
        (project / folder).mkdir()
    for name in ("config.py", "wasm_runtime.py"):
        shutil.copy(package() / "wasm" / name, project / "wasm")
    (project / "wasm/.env").write_text("XLWINGS_LICENSE_KEY=noncommercial\nXLWINGS_ENVIRONMENT=prod\n")
    wheels = [f"http://127.0.0.1:{port}/test/{path.relative_to(lite.parent)}" for path in wheels_of(lite)]
    (project / "wasm/requirements.txt").write_text("\n".join(wheels))
    (project / "custom_functions/__init__.py").write_text("import xlwings\nfrom xladdin.udfs import *\n")
    (project / "custom_scripts/__init__.py").write_text("")
    os.environ |= {"XLWINGS_ENABLE_WASM": "true", "XLWINGS_PROJECT_DIR": str(project)}
    os.environ |= {"XLWINGS_ENABLE_SOCKETIO": "false", "XLWINGS_ENABLE_HOTRELOAD": "false"}
    sys.path.insert(0, str(project))
    return importlib.import_module("xlwings_server.main").main_app


def wheels_of(lite: Path) -> list[Path]:
    return [*(lite / "wheels").glob("*.whl"), *lite.parent.glob("xladdin-*.whl")]


def with_page(inner: Any, calls: Path, answers: Path, prefix: str, lite: Path | None = None) -> Any:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        files = {"/test/page": (PAGE, b"text/html"), "/test/calls": (calls, b"application/json")}
        if lite is not None:
            served = {f"/test/pyodide/{path.name}": path for path in (lite / "pyodide").iterdir()}
            served |= {f"/test/{path.relative_to(lite.parent)}": path for path in wheels_of(lite)}
            files |= {name: (path, kind_of(path)) for name, path in served.items()}
        if scope["type"] != "http" or not scope["path"].startswith("/test/"):
            await inner(scope, receive, send)
            return
        body = b""
        if scope["path"] in files:
            body = files[scope["path"]][0].read_bytes()
            if scope["path"] == "/test/page":
                body = body.replace(b"MICROSOFT_RUNTIME", microsoft_runtime().encode())
                body = body.replace(b"APP_PATH", prefix.encode())
                body = body.replace(b"ON_WASM", b"true" if lite else b"false")
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


def kind_of(path: Path) -> bytes:
    if path.suffix == ".wasm":
        return b"application/wasm"
    return (mimetypes.guess_type(path.name.replace(".mjs", ".js"))[0] or "application/octet-stream").encode()


if __name__ == "__main__":
    port, calls, answers, *folders = sys.argv[1:]
    lite = Path(*folders) if folders else None
    # Our server imports the functions, which register with an xlwings that is there before them alone.
    prefix = "" if lite else "/a-token-of-the-test"
    inner = lite_app(lite, port) if lite else importlib.import_module("xladdin.hosts.server").app(prefix)
    uvicorn.run(with_page(inner, Path(calls), Path(answers), prefix, lite), port=int(port), log_level="warning")

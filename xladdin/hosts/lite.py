"""xlwings Lite: Python inside Excel on Windows, Mac and the web, in Pyodide; its functions are the module `udfs`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from xladdin import installed
from xladdin.hosts.host import PROBE, Finding, Host, live, package


def _findings() -> Iterator[Finding]:
    yield package("lite", "numpy", "excel")
    yield live("lite", "a call as Lite makes it", _as_lite_calls, installed.again())


def _as_lite_calls() -> object:
    """What `from xladdin.udfs import *` brings, called with a block for each argument."""
    name, arguments, _ = PROBE
    rows = getattr(importlib.import_module("xladdin.udfs"), name)(*([[argument]] for argument in arguments))
    return rows[0][0]


HOST = Host(
    name="lite",
    where="Excel on Windows, Mac and the web, by xlwings Lite",
    how="two lines in its `main.py` ([more](docs/excel-mac-web.md))",
    proved="xlwings' own runtime in two Pyodides, with numpy and without: every call. **Not run in Excel.**",
    findings=_findings,
)

"""xlwings' own way from Excel to a function, run as its own process on stand-ins for the Windows modules it imports.

Reads a list of calls as JSON lines of `[function, [cells, ...]]` as the add-in's VBA hands them over, and writes what
xlwings gives back to it. The modules stand for the transport alone (COM); conversion and dispatch are xlwings'.
"""

from __future__ import annotations

import ctypes
import json
import sys
from types import ModuleType
from unittest.mock import MagicMock

STAND_INS = (
    *("pythoncom", "pywintypes", "win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone"),
    *("win32com", "win32com.client", "win32com.client.dynamic", "win32com.server", "win32com.server.dispatcher"),
    *("win32com.server.exception", "win32com.server.policy", "win32com.server.util"),
)


class NotWrappedError(Exception):
    """What unwrapping a plain value raises on Windows."""


def put_in_place() -> None:
    for name in STAND_INS:
        module: ModuleType = MagicMock(name=name)
        module.__path__ = []  # type: ignore[attr-defined]
        module.__file__ = name
        sys.modules[name] = module
    sys.modules["pywintypes"].TimeType = sys.modules["pywintypes"].com_error = NotWrappedError
    sys.modules["pythoncom"].com_error = NotWrappedError
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(sys.modules["win32com.client"], name, type(name, (), {}))
    sys.modules["win32com.client.dynamic"].CDispatch = sys.modules["win32com.client"].CDispatch
    sys.modules["win32com.server.policy"].DesignatedWrapPolicy = object
    sys.modules["win32com"].server.util.unwrap.side_effect = NotWrappedError
    for name in ("PyDLL", "oledll", "windll"):
        setattr(ctypes, name, MagicMock())


def server() -> object:
    """xlwings' COM server object, whose CallUDF the VBA calls."""
    put_in_place()
    import xlwings
    import xlwings._xlwindows
    import xlwings.com_server
    import xlwings.udfs

    # What the package itself does on Windows.
    xlwings.engines.add(xlwings.Engine(impl=xlwings._xlwindows.engine))
    xlwings.func, xlwings.arg, xlwings.ret = xlwings.udfs.xlfunc, xlwings.udfs.xlarg, xlwings.udfs.xlret

    return xlwings.com_server.XLPython()


def as_vba(cells: object) -> object:
    """Rows as the tuples that COM makes of an array."""
    return tuple(map(as_vba, cells)) if isinstance(cells, list) else cells


def main() -> None:
    excel = server()
    for line in sys.stdin:
        function, arguments = json.loads(line)
        result = excel.CallUDF("xladdin.udfs", function, as_vba(arguments))  # type: ignore[attr-defined]
        print(json.dumps(result))


if __name__ == "__main__":
    main()

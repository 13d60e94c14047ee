"""What xlwings needs to know of a function: its help, its category, and that a range keeps its shape."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from typing import Any

from xlwings import arg, func

from xladdin.core import catalog, running


def register_all(functions: Iterable[Callable[..., Any]]) -> None:
    """Mark functions for xlwings, each with the catalogue's help for it and for each argument."""
    running.inside("xlwings Lite" if sys.platform == "emscripten" else "xlwings")
    for call in functions:
        _register(call)


def _register(call: Callable[..., Any]) -> None:
    known = catalog.declared(call.__name__)
    call.__doc__ = known.summary
    func(category=known.category)(call)
    # xlwings goes by the names of the Python parameters, of which one is `yield_`.
    for parameter, argument in zip(inspect.signature(call).parameters, known.arguments, strict=True):
        # Two dimensions always: otherwise a row and a column arrive alike.
        arg(parameter, ndim=2, err_to_str=True, doc=known.argument_help[argument.name])(call)

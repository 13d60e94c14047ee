"""What runs inside Calc: one method a function, the catalogue's own code behind it.

Calc hands over a number or a boolean as a float, text as str, a range as rows of these (a blank cell in it as ""), a
left-out argument as None, and a single blank cell as 0.0. An error that leaves is the NaN that carries its code, which
is how Calc itself holds one; infinity shows as #NUM! there, and an exception would show as #VALUE!.
"""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Callable
from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo
from org.xladdin import XFunctions

from xladdin.core import calls, catalog, cells, running
from xladdin.core.calls import Argument, Signature
from xladdin.hosts.libreoffice.naming import SERVICE, method_name

Rows = tuple[tuple[float, ...], ...]

SERVICES = (SERVICE, "com.sun.star.sheet.AddIn")


def zero_is_blank(argument: Argument) -> Argument:
    """A choice that takes 0 for what a blank means: a blank cell arrives as 0, which is none of its words."""
    kind = argument.kind
    if kind.words is None or (argument.required and "" not in kind.words):
        return argument
    blank = kind.words[""] if argument.required else argument.default
    return dataclasses.replace(argument, kind=dataclasses.replace(kind, words=kind.words | {0.0: blank}))


def method(signature: Signature) -> Callable[..., Any]:
    """A function as a method that Calc can call."""
    signature = dataclasses.replace(signature, arguments=tuple(map(zero_is_blank, signature.arguments)))
    call = calls.fast_call(signature, lambda args: cells.evaluate_cells(signature, args), float)

    def called_by_calc(self: Functions, *args: Any) -> Rows:
        result = call(*args)
        return ((result,),) if type(result) in (float, str) else as_tuples(result)

    return called_by_calc


def as_tuples(result: Any) -> Rows:
    """A block of numbers as the only form of a range that UNO takes from Python."""
    if isinstance(result, list):
        return tuple(map(tuple, result))
    collects = gc.isenabled()
    gc.disable()  # a hundred thousand new tuples would set it searching for garbage, which none of them is
    try:
        return tuple(zip(*[iter(result.reshape(-1).tolist())] * result.shape[1], strict=True))
    finally:
        if collects:
            gc.enable()


class Functions(unohelper.Base, XFunctions, XServiceInfo):
    """The add-in as Calc knows it: the methods of the interface, and the name of the service."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def getImplementationName(self) -> str:
        return SERVICE

    def supportsService(self, name: str) -> bool:
        return name in SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return SERVICES


running.inside("LibreOffice Calc")
for function in catalog.functions().values():
    setattr(Functions, method_name(function), method(function.signature))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, SERVICE, SERVICES)

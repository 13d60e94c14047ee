"""What the interface and the component call the same things. It is inside the extension too."""

from __future__ import annotations

from xladdin.core.catalog import Function

SERVICE = "xladdin.Functions"


def method_name(function: Function) -> str:
    """What a function is called in the interface, and so in an .ods file."""
    return function.name.removeprefix("LEV_").lower()

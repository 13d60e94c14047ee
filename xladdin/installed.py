"""How this xladdin came here, and so the command by which it gets what it lacks: it is in no package index yet."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname


def again(extra: str = "") -> str:
    """The command that installs xladdin anew from where it came, with an extra of it if need be.

    Parameters
    ----------
    extra : str
        One of those in pyproject.toml, such as "excel".
    """
    return f"{_installer()} --force-reinstall {_source(extra)}"


def package(requirement: str) -> str:
    """The command that installs a package beside xladdin, in the place of another version of it."""
    return f"{_installer()} --force-reinstall {_quoted(requirement)}"


def _installer() -> str:
    """pip of the Python that runs this; where that has none, as in what uv makes, uv's."""
    if find_spec("pip") is None:
        return f"uv pip install --python {_quoted(sys.executable)}"
    return f"{_quoted(sys.executable)} -m pip install"


def _source(extra: str) -> str:
    """The checkout, wheel or address that was installed, as pip keeps it."""
    wanted = f"[{extra}]" if extra else ""
    try:
        kept = json.loads(distribution("xladdin").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        kept = {}
    url = kept.get("url", "")
    if not url:
        return _quoted(f"xladdin{wanted}")
    editable = "--editable " if kept.get("dir_info", {}).get("editable") else ""
    if url.startswith("file:"):
        return f"{editable}{_quoted(url2pathname(unquote(urlsplit(url).path)) + wanted)}"
    return _quoted(f"xladdin{wanted} @ {url}")


def _quoted(text: str) -> str:
    """A word of a command, in marks where a shell would cut it or take it for a pattern."""
    return f'"{text}"' if any(character in text for character in " []<>=@&()'") else text

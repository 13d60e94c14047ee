"""How this xladdin came here, and so the command by which it gets what it lacks: it is in no package index yet."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit


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
    kept = json.loads(_kept_by_pip() or "{}")
    url = kept.get("url", "")
    if not url:
        return _quoted(f"xladdin{wanted}")
    editable = "--editable " if kept.get("dir_info", {}).get("editable") else ""
    if url.startswith("file:"):
        path = unquote(urlsplit(url).path)
        return f"{editable}{_quoted((path.lstrip('/') if sys.platform == 'win32' else path) + wanted)}"
    return _quoted(f"xladdin{wanted} @ {url}")


def _kept_by_pip() -> str | None:
    from importlib.metadata import (  # only here: a run of reports is not to wait for it
        PackageNotFoundError,
        distribution,
    )

    try:
        return distribution("xladdin").read_text("direct_url.json")
    except PackageNotFoundError:
        return None


def _quoted(text: str) -> str:
    """A word of a command, in marks where a shell would cut it or take it for a pattern."""
    return f'"{text}"' if any(character in text for character in " []<>=@&()'") else text

"""The token that stands in every address of the server: the same at every start, or a manifest would not stay good."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from xladdin.core.errors import UserError
from xladdin.core.tier_sets import user_folder

_BYTES = 24
_IS_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


def token() -> str:
    """This user's token, made when there is none; nobody else can read the file that has it.

    Raises
    ------
    UserError
        When it can't be read or kept.
    """
    path = user_folder().parent / "server-token"
    try:
        return _kept(path) or _made(path)
    except OSError as error:
        raise UserError(f"{path}, the server's token, can't be read or written: {error.strerror or error}.") from None


def _kept(path: Path) -> str:
    """What the file has, or nothing where it has no token."""
    text = path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""
    return text if _IS_TOKEN.fullmatch(text) else ""


def _made(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    made = secrets.token_urlsafe(_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{made}\n")
    return made

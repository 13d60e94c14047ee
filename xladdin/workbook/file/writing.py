"""A file is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from xladdin.core.errors import UserError


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UserError
        When it can't be written.
    """
    write_whole_stream(path, lambda file: file.write(data))


def write_whole_stream(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file whole or not at all by what fills it.

    Raises
    ------
    UserError
        When it can't be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                write(file)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror or error}.") from None

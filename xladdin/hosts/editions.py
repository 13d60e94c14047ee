"""A template for the host that it will be opened in: each stores our functions' names in its own way."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xladdin.core.errors import UserError

if TYPE_CHECKING:
    from xladdin.workbook.model import Model

HOSTS = ("add-in", "native", "server")


def write(model: Model, target: Path, inputs: Mapping[str, Any], host: str = "add-in", form: str = "xlsx") -> None:
    """Fill in and compute a workbook, and write it in the form that a host wants.

    Parameters
    ----------
    model : Model
        The workbook.
    target : Path
        Where it is written.
    inputs : mapping
        Values by the name of the input.
    host : str
        One of `HOSTS`.
    form : str
        "xlsx", or "xlsm" for one that carries the functions' macros itself.

    Raises
    ------
    UserError
        When the file can't be written, its ending is another, or host and form do not go together.
    """
    from xladdin.workbook.render import recalculate  # the command line reads this module at every start

    check_ending(target, form)
    if form == "xlsm" and host != "add-in":
        raise UserError(f"--format xlsm has the functions as macros and does not go with --host {host}; choose one.")
    with tempfile.TemporaryDirectory() as folder:
        computed = Path(folder) / "computed.xlsx"
        if host == "native":
            from xladdin.hosts.native import add_names

            recalculate(model, computed, inputs)
            add_names(computed, target)
        elif host == "server":
            from xladdin.hosts.server import with_prefix

            recalculate(model, computed, inputs)
            with_prefix(computed, target)
        elif form == "xlsm" and model.path.suffix.lower() != ".xlsm":
            from xladdin.hosts.excel import with_macros

            recalculate(model, computed, inputs)
            with_macros(computed, target)
        else:
            recalculate(model, target, inputs)


def check_ending(path: Path, form: str) -> None:
    """Refuse a file whose ending says that it is another kind.

    Raises
    ------
    UserError
        When it is.
    """
    if form not in ("xlsx", "xlsm") or path.suffix.lower() != f".{form}":
        allowed = f".{form}" if form in ("xlsx", "xlsm") else ".xlsx or .xlsm"
        raise UserError(f"{path} ends in {path.suffix or 'nothing'}; allowed here is {allowed}.")

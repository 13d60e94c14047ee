"""What all commands have in common: errors as one sentence, and where they are said."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xladdin.core.errors import UserError
from xladdin.hosts.registry import FORMER_NAMES

if TYPE_CHECKING:
    from rich.console import Console

    from xladdin.workbook.model import Model, Place


SOME_REJECTED = 1
STOPPED = 130
FILE = click.Path(path_type=Path, dir_okay=False)


def messages() -> Console:
    from rich.console import Console

    return Console(stderr=True, soft_wrap=True, highlight=False)


def output_console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


_LONGEST_NAME = 80  # characters of a file's name that are shown


def counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


ENGINES = ("own", "libreoffice")
of_an_engine = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="libreoffice: what can't be computed here is computed by the LibreOffice that is installed.",
)


def for_people(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose errors are one sentence and an exit code."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except UserError as error:
            click.echo(f"xladdin: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:  # of which click would make 1, some rows rejected
            click.echo("xladdin: Stopped.", err=True)
            sys.exit(STOPPED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:  # a name that the system takes for none: too long, a folder that may not be searched
            name = str(error.filename or "A file")
            shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
            click.echo(f"xladdin: {shown} can't be read or written: {error.strerror or error}.", err=True)
            sys.exit(UserError.exit_code)

    return guarded


class HostName(click.Choice[str]):
    """The name of a host; what it was called before is taken too, with a word about it."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(present_name(value), param, ctx)


def present_name(host: str) -> str:
    if host not in FORMER_NAMES:
        return host
    click.echo(
        f"xladdin: the host {host} is called {FORMER_NAMES[host]} now; {host} goes with the next release.", err=True
    )
    return FORMER_NAMES[host]


def must_be_new(target: str | Path, *, force: bool) -> None:
    """Refuse to write over a file that is there."""
    from xladdin.reports import destinations

    if destinations.is_url(str(target)):
        place, _, name = str(target).rpartition("/")
        is_there = destinations.exists(f"{place}/", name)
    else:
        is_there = Path(target).exists()
    if is_there and not force:
        raise UserError(f"{target} is there already; choose another name, or write over it with --force.")


def values_of_engine(model: Model, engine: str) -> dict[Place, Any]:
    """What LibreOffice gives for the cells that can't be computed here, where it is asked for and there are such."""
    from xladdin.workbook.compiler import compile_model

    uncomputed = compile_model(model).uncomputed if engine != ENGINES[0] else {}
    if not uncomputed:
        return {}
    from xladdin.hosts.libreoffice.computing import computed_by_libreoffice

    found = computed_by_libreoffice(model)
    return {place: found[place] for place in uncomputed if place in found}

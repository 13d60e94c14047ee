"""What all commands have in common: errors as one sentence, and where they are said."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xladdin.cli.groups import Choice
from xladdin.core.errors import UserError
from xladdin.hosts.registry import FORMER_NAMES
from xladdin.reports.wording import cut
from xladdin.workbook.file import budget

if TYPE_CHECKING:
    from rich.console import Console

    from xladdin.workbook.model import Model, Place


SOME_REJECTED = 1
OWN_FAULT = 4
STOPPED = 130
FILE = click.Path(path_type=Path, dir_okay=False)


def messages() -> Console:
    from rich.console import Console

    return Console(stderr=True, soft_wrap=True, highlight=False)


def output_console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


_LONGEST_NAME = 80  # characters of a file's name that are shown
_LONGEST_SENTENCE = 2000  # of them: what was found is quoted in part already, and this is for what was forgotten
_STANDARD_ERROR = 2
_KEY = re.compile(r"XLADDIN_\w+_(KEY|SECRET|PASSWORD|WALLET)|XLWINGS_LICENSE_KEY", re.IGNORECASE)


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
    """A command whose errors are one sentence and an exit code, whatever library they come from."""

    @functools.wraps(command)
    def guarded(*args: Any, debug: bool = False, **options: Any) -> Any:
        try:
            with contextlib.nullcontext() if debug else _own_words():
                return command(*args, **options)
        except KeyboardInterrupt:  # of which click would make 1, some rows rejected
            click.echo("xladdin: Stopped.", err=True)
            sys.exit(STOPPED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except (SystemExit, GeneratorExit, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BaseException as error:  # a panic of a library in Rust is no Exception
            if debug:
                click.echo(_without_keys(traceback.format_exc()), err=True)
            sentence, code = _told(error)
            click.echo(f"xladdin: {_without_keys(sentence)}", err=True)
            sys.exit(code)

    return click.option("--debug", is_flag=True, help="Show where in the program an error comes from.")(guarded)


def of_any_size(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that reads workbooks, with the option for those that are larger than any ought to be."""

    @functools.wraps(command)
    def sized(*args: Any, max_size: str | None, **options: Any) -> Any:
        size = budget.DEFAULT.size if max_size is None else budget.size_of(max_size)
        with budget.allowed(size), budget.telling(lambda sentence: click.echo(f"xladdin: {sentence}", err=True)):
            return command(*args, **options)

    return click.option(
        "--max-size",
        metavar="SIZE",
        help=f"How much a workbook may be unpacked, such as 500MB; else {budget.shown(budget.DEFAULT.size)}.",
    )(sized)


def _told(error: BaseException) -> tuple[str, int]:
    """An error as one sentence, and the exit code for it."""
    match error:
        case UserError():
            return cut(str(error), _LONGEST_SENTENCE), error.exit_code
        case OSError():  # a name that the system takes for none: too long, a folder that may not be searched
            name = cut(str(error.filename or "A file"), _LONGEST_NAME)
            return f"{name} can't be read or written: {error.strerror or error}.", UserError.exit_code
        case MemoryError():
            return "There is not enough memory for that; with fewer rows or a smaller file there may be.", OWN_FAULT
        case RecursionError():
            return "Something in it refers to itself, or is too deep for this program.", OWN_FAULT
    said = cut(" ".join(str(error).split()), _LONGEST_NAME).rstrip(".")
    return f"That is a fault of xladdin's own ({type(error).__name__}: {said}); --debug shows where it is.", OWN_FAULT


def _without_keys(text: str) -> str:
    """A message without the keys that stand in the environment: a library may quote what it was given."""
    for name, value in os.environ.items():
        if value and _KEY.fullmatch(name):
            text = text.replace(value, "***")
    return text


@contextlib.contextmanager
def _own_words() -> Iterator[None]:
    """Standard error for our sentences: what a library in Rust or a worker writes there by itself goes nowhere."""
    before = sys.stderr
    try:
        is_shared = before.fileno() == _STANDARD_ERROR
    except (AttributeError, OSError, ValueError):
        is_shared = False
    if not is_shared:
        yield
        return
    before.flush()
    kept = os.dup(_STANDARD_ERROR)
    with open(kept, "w", buffering=1, encoding=before.encoding, errors=before.errors) as ours:  # noqa: PTH123
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STANDARD_ERROR)
        os.close(nowhere)
        sys.stderr = ours
        try:
            yield
        finally:
            ours.flush()
            os.dup2(kept, _STANDARD_ERROR)
            sys.stderr = before


class HostName(Choice):
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


def of_a_new_file(
    written: str = "The file to write.", *, required: bool = True, beside: str = ""
) -> Callable[..., Any]:
    """A command that writes a file, with the options -o and --force; what may not be written is refused before it runs.

    Parameters
    ----------
    written : str
        What the help says of the file.
    required : bool
        Whether there has to be one.
    beside : str
        The ending of a second file that is written with it, if there is one.
    """

    def writing(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def checked(*args: Any, output: Path | None, force: bool, **options: Any) -> Any:
            from xladdin.reports import destinations

            if output is not None:
                for target in (output, *([output.with_suffix(beside)] if beside else [])):
                    destinations.check_new(target, force=force)
            return command(*args, output=output, **options)

        over = click.option("--force", is_flag=True, help="Write over a file that is there.")
        return click.option("-o", "--output", type=FILE, required=required, help=written)(over(checked))

    return writing


def values_of_engine(model: Model, engine: str) -> dict[Place, Any]:
    """What LibreOffice gives for the cells that can't be computed here, where it is asked for and there are such."""
    from xladdin.workbook.compiler import compile_model

    uncomputed = compile_model(model).uncomputed if engine != ENGINES[0] else {}
    if not uncomputed:
        return {}
    from xladdin.hosts.libreoffice.computing import computed_by_libreoffice

    found = computed_by_libreoffice(model)
    return {place: found[place] for place in uncomputed if place in found}

"""How a run is told and how it ends: standard output, standard error, the log, and the exit code."""

from __future__ import annotations

import functools
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from xladdin.cli.common import FILE, SOME_REJECTED, STOPPED, counted
from xladdin.core.errors import UserError
from xladdin.reports.remarks import Doubt, doubts_in

if TYPE_CHECKING:
    from xladdin.reports.log import RunLog
    from xladdin.reports.outcome import Outcome


def _share(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """A part of all, written as 2%."""
    if value is None:
        return None
    try:
        share = float(value.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not value.endswith("%") or not 0 <= share <= 1:
        raise click.BadParameter(f"{value!r} is no percentage; allowed is 0% to 100%, such as 2%.")
    return share


_OPTIONS = (
    click.option("--allow-errors", is_flag=True, help="Reports with errors or failing checks are no reason to fail."),
    click.option(
        "--fail-above",
        callback=_share,
        metavar="PERCENT",
        help="Fail only when more than this part of all is rejected or has errors, such as 2%.",
    ),
    click.option("--log", "log_path", type=FILE, help="Add what happens to this file: JSON if it ends in .jsonl."),
    click.option(
        "--quiet", is_flag=True, help="Say only what went wrong or is doubtful, such as a line that is there twice."
    ),
    click.option("--json", "as_json", is_flag=True, help="What the run did as JSON on standard output."),
)


def of_a_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that makes workbooks of a table, with the options of how it is told and how it ends.

    It gets a `Telling` in their place.
    """

    @functools.wraps(command)
    def told(
        *args: Any,
        allow_errors: bool,
        fail_above: float | None,
        log_path: Path | None,
        quiet: bool,
        as_json: bool,
        **options: Any,
    ) -> Any:
        from xladdin.reports.log import check_log, run_log

        if log_path is not None:
            check_log(log_path, _files_in(options))
        with run_log(log_path) as log:
            telling = Telling(log, allow_errors=allow_errors, fail_above=fail_above, quiet=quiet, as_json=as_json)
            try:
                return command(*args, telling=telling, **options)
            except UserError as error:
                telling.failed(str(error), error.exit_code)
                raise
            except KeyboardInterrupt:
                telling.failed("Stopped.", STOPPED)
                raise
            except OSError as error:
                telling.failed(str(error), UserError.exit_code)
                raise

    with_options: Callable[..., Any] = told
    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options


def _files_in(options: Mapping[str, Any]) -> Iterator[Path]:
    """Whatever may be a file in what a command was given: a path, a text, or what stands behind NAME=."""
    from xladdin.reports.destinations import here

    for given in options.values():
        for each in given if isinstance(given, tuple) else (given,):
            if isinstance(each, (str, Path)):
                yield from map(Path, {here(str(each)), str(each).partition("=")[2].strip()} - {""})


@dataclass
class Telling:
    """Where a run is told, and what of it is a failure."""

    log: RunLog
    allow_errors: bool
    fail_above: float | None
    quiet: bool
    as_json: bool
    started: float = field(default_factory=time.monotonic)

    def begin(self, **details: Any) -> None:
        self.log.note(logging.INFO, "started", **details)

    def remarks(self, remarks: Sequence[str]) -> None:
        """Say what is worth saying; of doubts also who wants to hear only of what went wrong."""
        for remark in remarks:
            is_doubt = isinstance(remark, Doubt)
            self.log.note(logging.WARNING if is_doubt else logging.INFO, remark)
            if is_doubt or not self.quiet:
                click.echo(f"xladdin: {remark}", err=True)

    def failed(self, sentence: str, exit_code: int) -> None:
        """Note that a run can't be made or can't go on; the sentence itself is said to people elsewhere."""
        self.log.note(logging.ERROR, sentence, exit_code=exit_code)
        if self.as_json:
            click.echo(json.dumps({"run": self.log.run, "error": sentence, "exit_code": exit_code}, indent=2))

    def end(self, table: Path, outcome: Outcome, made: str, rejected_path: str, list_of_errors: str) -> NoReturn:
        """Say what a run has made and what it could not, and end by it."""
        self.remarks(outcome.remarks[outcome.told :])
        rejected = [f"{table}, line {rejection.line}, {rejection}." for rejection in outcome.first_rejected]
        self._wrong(rejected, outcome.rejected, rejected_path)
        errors = [f"{file}: {cells}." for file, cells in outcome.first_errors]
        self._wrong(errors, outcome.with_errors, list_of_errors)
        code = self._exit_code(outcome)
        self.log.note(logging.INFO if code == 0 else logging.ERROR, "ended", **self._figures(outcome), exit_code=code)
        listed = f", {counted(outcome.rejected, 'row')} rejected ({rejected_path})" if outcome.rejected else ""
        if self.as_json:
            data = {"run": self.log.run, **self._figures(outcome), "exit_code": code, "remarks": outcome.remarks}
            data["doubts"] = doubts_in(outcome.remarks)
            data["first_rejected"] = [{"line": each.line, "why": str(each)} for each in outcome.first_rejected]
            data["first_errors"] = [{"file": file, "cells": cells} for file, cells in outcome.first_errors]
            click.echo(json.dumps(data, indent=2, default=str))
        elif code or not self.quiet:
            click.echo(f"{made}{listed}.", err=code != 0)
        sys.exit(code)

    def _wrong(self, sentences: list[str], count: int, path: str) -> None:
        if (more := count - len(sentences)) > 0 and sentences:
            sentences = [*sentences, f"and {more} more, all in {path}."]
        for sentence in sentences:
            self.log.note(logging.ERROR, sentence)
            click.echo(f"xladdin: {sentence}", err=True)

    def _figures(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "made": outcome.made,
            "kept": outcome.kept,
            "rejected": outcome.rejected,
            "with_errors": outcome.with_errors,
            "seconds": round(time.monotonic() - self.started, 3),
        }

    def _exit_code(self, outcome: Outcome) -> int:
        bad = outcome.lost + (0 if self.allow_errors else outcome.with_errors)
        allowed = 0.0 if self.fail_above is None else self.fail_above * outcome.wanted
        return SOME_REJECTED if bad > allowed else 0

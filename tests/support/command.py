"""The command, of which an exception that is no exit fails the test."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from xladdin.cli import main


def call(*arguments: str | Path, given: str | None = None) -> Result:
    """What a command says and with what it ends, with this on its standard input."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def report(table: Path, template: Path | str, out: Path | str, *options: str) -> Result:
    """A report of each row of a table into a folder."""
    return call("report", table, "--template", template, "--out", out, *options)

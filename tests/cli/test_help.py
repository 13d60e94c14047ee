"""The help of every command, and what is said of a word that is none."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from xladdin.cli import main
from xladdin.cli.examples import EXAMPLES


def commands(command: click.Command, context: click.Context, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that a person sees, and of its groups."""
    yield words
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            if found.hidden:
                continue
            yield from commands(found, context, (*words, name))


ALL = list(commands(main, click.Context(main)))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_help_of_every_command_ends_in_examples(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*words, "--help"]).stdout
    _, _, examples = shown.partition("Examples:\n")
    lines = [line.strip() for line in examples.splitlines()]
    assert lines == EXAMPLES[" ".join(words)]
    assert all(line.startswith(" ".join(["xladdin", *words])) for line in lines)


@pytest.mark.parametrize("line", [line for lines in EXAMPLES.values() for line in lines])
def test_every_example_is_a_command_with_options_that_there_are(line: str) -> None:
    program, *words = shlex.split(line.partition(" >")[0], comments=False)
    assert program == "xladdin"
    command: click.Command = main
    context = click.Context(main, info_name="xladdin")
    while isinstance(command, click.Group) and words:
        _, found, rest = command.resolve_command(context, words)
        command, words = found, rest
        if not isinstance(command, click.Group):
            command.make_context("it", words, parent=context)  # an option that is none raises here


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["reprot"], "There is no command 'reprot'; did you mean report."),
        (["build", "excell", "-o", "x.xlam"], "There is no command 'excell'; did you mean excel."),
        (["template", "chekc", "x.toml"], "There is no command 'chekc'; did you mean check."),
        (["template", "positions"], "'positions'; `xladdin templates positions` shows that template."),
        (["doctor", "--host", "lamda"], "'sheets'; did you mean lambda."),
        (["report", "t.csv", "--template", "x", "--blank", "keeep"], "'default'; did you mean keep."),
        (["new", "futures-planer", "-o", "x.xlsx"], "; did you mean futures-planner; there are "),
        (["new", "futures-planner", "-o", "x.xlsx", "--set", "entri=5"], "; did you mean entry; the inputs are "),
        (["tiers", "binanc", "BTCUSDT"], "did you mean binance?"),
        (["doctor", "--hots", "excel"], "--host"),
    ],
)
def test_a_word_that_is_nearly_one_is_told(words: list[str], meant: str) -> None:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert meant in result.stderr


def test_a_word_that_is_near_none_gets_no_guess() -> None:
    assert CliRunner().invoke(main, ["xyzzy"]).stderr.endswith("There is no command 'xyzzy'.\n")


def test_the_version_by_its_short_option() -> None:
    assert CliRunner().invoke(main, ["-v"]).stdout == CliRunner().invoke(main, ["--version"]).stdout


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_an_option_of_one_value_takes_no_second_one(words: tuple[str, ...]) -> None:
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        command = next(each for each in [command.get_command(click.Context(command), word)] if each)
    for option in command.params:
        if isinstance(option, click.Option) and not (option.is_flag or option.multiple):
            result = CliRunner().invoke(main, [*words, option.opts[-1], "1", option.opts[0], "2"])
            assert (result.exit_code, "is given twice; allowed is one value." in result.stderr) == (2, True)

"""What a shell asks to complete what is typed: a script to put into its settings."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class
from click.shell_completion import split_arg_string as words_of

from xladdin.cli.common import for_people
from xladdin.cli.groups import Choice, Command

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:COMP_WORDS = $commandAst.ToString()
    $env:COMP_CWORD = $wordToComplete
    $env:%(complete_var)s = "powershell_complete"
    %(prog_name)s | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, "ParameterValue", $_)
    }
    Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:%(complete_var)s
}
"""


class PowerShell(ShellComplete):
    """PowerShell, which click does not know: it hands over the line, and the word that is not ended yet."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        words, word = words_of(os.environ["COMP_WORDS"])[1:], os.environ.get("COMP_CWORD", "")
        return (words[:-1] if word and words else words), word

    def format_completion(self, item: CompletionItem) -> str:
        return str(item.value)


add_completion_class(PowerShell)


@click.command(cls=Command)
@click.argument("shell", type=Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
@for_people
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes your shell complete commands.

    It completes options, templates and functions too.

    Put it where the shell reads its settings, and open a new one.
    """
    kind = get_completion_class(shell)
    assert kind is not None, "the words of the argument are those that click knows"
    click.echo(kind(context.find_root().command, {}, "xladdin", "_XLADDIN_COMPLETE").source())


def template_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem | str]:
    """The templates that begin so, and files."""
    from xladdin.templates import names

    found: list[CompletionItem | str] = [name for name in names() if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def function_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The functions that begin so, with or without LEV_ and in any case."""
    from xladdin.core.catalog import functions

    wanted = incomplete.upper().removeprefix("LEV_")
    return [name for name in functions() if name.removeprefix("LEV_").startswith(wanted)]


def venue_words(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The venues that begin so."""
    from xladdin.core.venues import WORDS

    return [word for word in WORDS if word.startswith(incomplete.casefold())]

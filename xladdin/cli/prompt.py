"""A prompt for formulas: names complete as they are typed, and the argument that comes next is explained below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from xladdin.core.catalog import describe, functions

_WORD = re.compile(r"[A-Za-z_]+$")
_TEXT = re.compile(r'"[^"]*"')
_ENDS = ("exit", "quit")


def run(compute: Callable[[str], object]) -> None:
    """Ask for formulas and compute each, until the end of input.

    Parameters
    ----------
    compute : callable
        Computes a formula and shows the result, or why there is none.
    """
    session: PromptSession[str] = PromptSession(
        "= ", completer=Names(), complete_while_typing=True, bottom_toolbar=_help_here
    )
    while True:
        try:
            formula = session.prompt()
        except KeyboardInterrupt:  # gives up a line, as in a shell
            continue
        except EOFError:
            return
        if formula.strip().casefold() in _ENDS:
            return
        if formula.strip():
            compute(formula)


def completions(before: str) -> list[tuple[str, str]]:
    """The functions whose names begin with the word that is being typed, each with its summary."""
    typed = _WORD.search(_TEXT.sub("", before))
    if typed is None or before.count('"') % 2:
        return []
    wanted = typed[0].upper()
    return [(name, known.summary) for name, known in functions().items() if name.startswith((wanted, f"LEV_{wanted}"))]


def argument_help(before: str) -> str:
    """What is to be said of the place that a formula has come to: the call that is open, and its argument."""
    open_calls: list[tuple[str, int]] = []
    word = ""
    for character in re.sub(r'"[^"]*("|$)', "", before):
        if character in "({":
            open_calls.append((word.upper() if character == "(" else "", 0))
        elif character in ")}" and open_calls:
            open_calls.pop()
        elif character == "," and open_calls:
            open_calls[-1] = (open_calls[-1][0], open_calls[-1][1] + 1)
        word = word + character if character.isalnum() or character in "_." else ""
    name, place = next(((name, place) for name, place in reversed(open_calls) if name in functions()), ("", 0))
    if not name:
        return "A formula, such as LEV_LIQPRICE(50000, 10, 1%); Tab completes a name, exit ends"
    known = functions()[name]
    if place >= len(known.arguments):
        return f"{name} takes {len(known.arguments)} arguments"
    argument = known.arguments[place]
    return f"{argument.name}: {known.argument_help[argument.name]} ({describe(argument)})"


class Names(Completer):
    """What Tab offers: the names of functions, each with its bracket and its summary."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        before = document.text_before_cursor
        typed = _WORD.search(before)
        for name, summary in completions(before):
            yield Completion(f"{name}(", start_position=-len(typed[0]) if typed else 0, display_meta=summary)


def _help_here() -> str:
    return argument_help(get_app().current_buffer.document.text_before_cursor)

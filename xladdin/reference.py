"""The catalogue and the venues as people and programs read them: a table, one function in full, plain data."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xladdin.core import venues
from xladdin.core.catalog import Function, describe, functions
from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = "xladdin.functions/1"
_ARGUMENTS_HEADER = ("| argument | what it is | unit, domain, default |", "|---|---|---|")


def find(name: str) -> Function:
    """The function of a name, in any case and with or without LEV_, or of its name in Python.

    Raises
    ------
    UserError
        When there is none.
    """
    known = functions()
    wanted = "LEV_" + name.strip().upper().removeprefix("LEV_")
    if wanted in known:
        return known[wanted]
    by_python_name = {function.python_name: function for function in known.values()}
    if name.strip() in by_python_name:
        return by_python_name[name.strip()]
    parts = [known_name for known_name in known if wanted.removeprefix("LEV_") in known_name]
    near = f"; there are {', '.join(parts)}" if parts else did_you_mean(wanted, known)
    raise UserError(f"There is no function {quoted(name)}{near}; `xladdin functions` lists all.")


def as_json(name: str = "") -> dict[str, Any]:
    """Every function as plain data, or the one of a name."""
    chosen = [find(name)] if name else list(functions().values())
    return {"schema": SCHEMA, "functions": [_as_data(function) for function in chosen]}


def show(console: Console, name: str = "") -> None:
    """A table of all functions by group on a console, or one function in full."""
    from rich.markdown import Markdown
    from rich.table import Table

    if name:
        console.print(Markdown(in_full(find(name))))
        return
    for group, members in groups():
        table = Table(
            title=group.capitalize(), title_justify="left", show_header=False, box=None, pad_edge=False, expand=True
        )
        table.add_column(style="bold", overflow="fold", ratio=2)
        table.add_column(overflow="fold", ratio=3)
        for function in members:
            table.add_row(_usage(function).replace("[", r"\["), function.summary)
        console.print(table)
        console.print()


def show_venues(console: Console) -> None:
    """The venues on a console: what each word means, and as of when."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for title in ("word", "margin on", "tiers", "added", "since", "until", "seen"):
        is_long = title == "added"
        table.add_column(title, overflow="fold", no_wrap=not is_long, min_width=11 if is_long else None)
    for row in venue_rows():
        table.add_row(*row[:7])
    console.print(table)


def venues_as_json() -> dict[str, Any]:
    """The venues as plain data."""
    listed = [venue._asdict() | {"rules": [rule._asdict() for rule in venue.rules]} for venue in venues.VENUES]
    return {"schema": "xladdin.venues/1", "venues": listed}


def venue_rows() -> list[list[str]]:
    """A line of texts for each rule of each venue, with the plain or the newest word for it."""
    words = {
        id(rule): word for word, rule in sorted(venues.dated().items(), key=lambda item: (" " not in item[0], item))
    }
    return [
        [
            words[id(rule)],
            *(rule.basis, rule.tiering, rule.added, rule.since, rule.until, rule.seen),
            *(venue.funding, venue.contracts, venue.rounding),
        ]
        for venue in venues.VENUES
        for rule in venue.rules
    ]


def groups() -> list[tuple[str, list[Function]]]:
    """The functions by the group that they are in."""
    return [(group, list(members)) for group, members in groupby(functions().values(), lambda function: function.group)]


def _usage(function: Function) -> str:
    names = [argument.name if argument.required else f"[{argument.name}]" for argument in function.arguments]
    return f"{function.name}({', '.join(names)})"


def in_full(function: Function) -> str:
    """All that is known of a function, as Markdown."""
    unit, meaning = function.result
    rows = [
        f"| {argument.name} | {function.argument_help[argument.name]} | {describe(argument)} |"
        for argument in function.arguments
    ]
    equation = [textwrap.indent(function.equation, "    ")] if function.equation else []
    references = [f"- {reference}" for reference in function.references]
    parts = [
        f"### {function.name}\n",
        f"`{_usage(function)}`\n",
        f"{function.summary}\n",
        *([*_ARGUMENTS_HEADER, *rows, ""] if rows else []),
        f"**Gives** ({unit}): {meaning}\n",
        *(["**Equation**\n", *equation, ""] if equation else []),
        "**Examples**\n",
        *(f"    {formula}   gives {value}" for formula, value in _examples(function)),
        *(["\n**Sources**\n", *references] if references else []),
        f"\n**Without the add-in**\n\n    {_native(function)}\n",
    ]
    return "\n".join(parts)


def _native(function: Function) -> str:
    if function.signature.gives_text:
        return "A text that is written into the file."
    return f"={function.native}" if function.native else f"There is no such formula: {function.no_native}."


def _examples(function: Function) -> list[tuple[str, str]]:
    gives_text = function.signature.gives_text
    return [(formula, value if gives_text else f"{float(value):.15g}") for formula, value in function.examples]


def _value(shown: str) -> float | str:
    try:
        return float(shown)
    except ValueError:
        return shown


def _as_data(function: Function) -> dict[str, Any]:
    unit, meaning = function.result
    return {
        "name": function.name,
        "group": function.group,
        "python": f"xladdin.core.functions.{function.group}.{function.python_name}",
        "usage": _usage(function),
        "summary": function.summary,
        "arguments": [
            {
                "name": argument.name,
                "unit": argument.kind.unit,
                "domain": argument.kind.domain,
                "required": argument.required,
                "default": argument.shown_default,
                "help": function.argument_help[argument.name],
            }
            for argument in function.arguments
        ],
        "result": {"unit": unit, "meaning": meaning},
        "equation": function.equation,
        "references": function.references,
        "examples": [{"formula": formula, "value": _value(value)} for formula, value in _examples(function)],
        "native": function.native or None,
        "no_native": function.no_native or None,
    }

"""The catalogue as people and programs read it: a table, one function in full, plain data, the reference page.

`python -m xladdin.reference` writes docs/functions.md, docs/venues.md and the function table of the README anew.
"""

from __future__ import annotations

import difflib
import textwrap
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xladdin.core import venues
from xladdin.core.catalog import Function, describe, functions
from xladdin.core.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = "xladdin.functions/1"

README_BEGIN = "<!-- functions: begin (generated, see docs/functions.md for each in full) -->"
README_END = "<!-- functions: end -->"

_INTRODUCTION = """\
# The functions

*Made from the functions themselves by `python -m xladdin.reference`; what you want to change is in their docstrings.*

- An argument in [brackets] may be left out; a blank cell there means its default. Every argument but a range that is
  taken whole may be a number, a row, a column or a block, and the answer fills what they span together.
- Rates and fees are fractions: 0.01 or a cell that shows 1%. Costs are positive, and so is a profit.
- Text for a number, an unknown word and shapes that do not fit are `#VALUE!`; a number outside its domain is `#NUM!`;
  a required cell that is blank is `#N/A`; an error in a cell comes out as the same error. In a range one bad row spoils
  no other.
- "Without the add-in" is the same in plain spreadsheet functions, for arguments inside their domain; a side stands
  there for 1 or -1 and a venue for its method.
- s is 1 for a long and -1 for a short, E the entry, X the exit, L the leverage, Q the quantity, f a fee.
- The venues that a `method` or a `tiering` may name are in [venues.md](venues.md), each with the date of its rule.
"""

_VENUES_INTRODUCTION = """\
# The venues

*Made from `xladdin/core/venues.py` by `python -m xladdin.reference`.*

What a word for a venue means in a cell, and as of when. Venues change their rules: a rule holds from the day in
"since", and "seen" is the day of the newest page or position that shows it. Where a venue has changed its rule, the
word with a year, as "bybit 2024", gives the rule of that year; a year in which it changed, or of which nothing is
known, is no word (`#VALUE!`), and the plain word is the rule of today.

- **margin on**: the maintenance margin is a part of the value at the `entry` or at the `mark` price.
- **tiers**: `marginal` charges each part of a position its own tier's rate, `flat` the whole position the rate of the
  tier that it is in. Empty: not known, or the venue has one rate for every size; the word is no `tiering` then.
- **added**: what stands in the requirement beside the maintenance margin rate. Our functions do not know your fee: give
  it as `fee`. A predicted funding rate that you pay is added to it in the same way.
- **rounding**: what the venue does to the price that it prints. Ours is not rounded.
- **funding every**: the usual interval; the page of a contract says its own.
"""


def find(name: str) -> Function:
    """The function of a name, in any case and with or without LEV_.

    Raises
    ------
    UserError
        When there is none.
    """
    known = functions()
    wanted = "LEV_" + name.strip().upper().removeprefix("LEV_")
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=3) or ["LEV_LIQPRICE"]
    raise UserError(f"there is no function {name!r}; `xladdin functions` lists all, for example {', '.join(near)}")


def as_json(name: str = "") -> dict[str, Any]:
    """Every function as plain data, or the one of a name."""
    chosen = [find(name)] if name else list(functions().values())
    return {"schema": SCHEMA, "functions": [_as_data(function) for function in chosen]}


def show(console: Console, name: str = "") -> None:
    """A table of all functions by group on a console, or one function in full."""
    from rich.markdown import Markdown
    from rich.table import Table

    if name:
        console.print(Markdown(_in_full(find(name))))
        return
    for group, members in _groups():
        table = Table(
            title=group.capitalize(), title_justify="left", show_header=False, box=None, pad_edge=False, expand=True
        )
        table.add_column(style="bold", overflow="fold", ratio=2)
        table.add_column(overflow="fold", ratio=3)
        for function in members:
            table.add_row(_usage(function).replace("[", r"\["), function.summary)
        console.print(table)
        console.print()


def reference_page() -> str:
    """The text of docs/functions.md."""
    parts = [_INTRODUCTION]
    for group, members in _groups():
        parts.append(f"## {group.capitalize()}\n")
        parts.extend(_in_full(function) for function in members)
    return "\n".join(parts)


def readme_table() -> str:
    """The function table of the README, without its markers."""
    lines = ["| function | gives |", "|---|---|"]
    for group, members in _groups():
        lines.append(f"| **{group.capitalize()}** | |")
        lines.extend(
            f"| [`{function.name}`](docs/functions.md#{function.name.lower()}) | {function.summary} |"
            for function in members
        )
    return "\n".join(lines)


def venues_page() -> str:
    """The text of docs/venues.md."""
    header = ["word", "margin on", "tiers", "added", "since", "until", "seen", "funding every", "contracts", "rounding"]
    lines = [_VENUES_INTRODUCTION, f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(row)} |" for row in _venue_rows()]
    lines.append("\n## Sources and remarks\n")
    for venue in venues.VENUES:
        sources = "; before: ".join(rule.source for rule in venue.rules)
        lines.append(f"- **{venue.word}**: {sources}.{f' {venue.note}' if venue.note else ''}")
    return "\n".join(lines) + "\n"


def show_venues(console: Console) -> None:
    """The venues on a console: what each word means, and as of when."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("word", "margin on", "tiers", "added", "since", "until", "seen"):
        table.add_column(title, overflow="fold")
    for row in _venue_rows():
        table.add_row(*row[:7])
    console.print(table)


def venues_as_json() -> dict[str, Any]:
    """The venues as plain data."""
    listed = [venue._asdict() | {"rules": [rule._asdict() for rule in venue.rules]} for venue in venues.VENUES]
    return {"schema": "xladdin.venues/1", "venues": listed}


def _venue_rows() -> list[list[str]]:
    return [
        [
            venue.word if rule is venue.rule else f"{venue.word} {rule.until[:4]} and before",
            *(rule.basis, rule.tiering, rule.added, rule.since, rule.until, rule.seen),
            *(venue.funding, venue.contracts, venue.rounding),
        ]
        for venue in venues.VENUES
        for rule in venue.rules
    ]


def with_table(readme: str) -> str:
    """A README with the function table between its markers made anew."""
    before, _, rest = readme.partition(README_BEGIN)
    _, _, after = rest.partition(README_END)
    return f"{before}{README_BEGIN}\n{readme_table()}\n{README_END}{after}"


def write_documents(root: Path) -> None:
    """Write what is derived from the catalogue into the project's documents."""
    (root / "docs/functions.md").write_text(reference_page(), encoding="utf-8")
    (root / "docs/venues.md").write_text(venues_page(), encoding="utf-8")
    readme = root / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")


def _groups() -> list[tuple[str, list[Function]]]:
    return [(group, list(members)) for group, members in groupby(functions().values(), lambda function: function.group)]


def _usage(function: Function) -> str:
    names = [argument.name if argument.required else f"[{argument.name}]" for argument in function.arguments]
    return f"{function.name}({', '.join(names)})"


def _in_full(function: Function) -> str:
    unit, meaning = function.result
    parts = [
        f"### {function.name}\n",
        f"`{_usage(function)}`\n",
        f"{function.summary}\n",
        "| argument | what it is | unit, domain, default |",
        "|---|---|---|",
        *(
            f"| {argument.name} | {function.argument_help[argument.name]} | {describe(argument)} |"
            for argument in function.arguments
        ),
        f"\n**Gives** ({unit}): {meaning}\n",
        f"**Equation**\n\n{textwrap.indent(function.equation, '    ')}\n",
        "**Examples**\n",
        *(f"    {formula}   gives {value}" for formula, value in _examples(function)),
        "\n**Sources**\n",
        *(f"- {reference}" for reference in function.references),
        f"\n**Without the add-in**\n\n    {_native(function)}\n",
    ]
    return "\n".join(parts)


def _native(function: Function) -> str:
    return f"={function.native}" if function.native else f"There is no such formula: {function.no_native}."


def _examples(function: Function) -> list[tuple[str, str]]:
    return [(formula, f"{float(value):.15g}") for formula, value in function.examples]


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
        "examples": [{"formula": formula, "value": float(value)} for formula, value in _examples(function)],
        "native": function.native or None,
        "no_native": function.no_native or None,
    }


if __name__ == "__main__":
    write_documents(Path(__file__).parents[1])

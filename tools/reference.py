"""What is derived from the catalogue into the documents: docs/functions.md, and the function table of the README."""

from __future__ import annotations

from xladdin.reference import groups, in_full

README_BEGIN = "<!-- functions: begin (generated, see docs/functions.md for each in full) -->"
README_END = "<!-- functions: end -->"

_INTRODUCTION = """\
# The functions

*Made from the functions themselves by `make generated`; what you want to change is in their docstrings.*

- An argument in [brackets] may be left out; a blank cell there means its default. Every argument but a range that is
  taken whole may be a number, a row, a column or a block, and the answer fills what they span together.
- Rates and fees are fractions: 0.01 or a cell that shows 1%. Costs are positive, and so is a profit.
- Text for a number, an unknown word and shapes that do not fit are `#VALUE!`; a number outside its domain is `#NUM!`;
  a required cell that is blank is `#N/A`; an error in a cell comes out as the same error. In a range one bad row spoils
  no other.
- "Without the add-in" is the same in plain spreadsheet functions, for arguments inside their domain; a side stands
  there for 1 or -1 and a venue for its method.
- s is 1 for a long and -1 for a short, E the entry, X the exit, L the leverage, Q the quantity, f a fee.
"""


def page() -> str:
    """The text of docs/functions.md."""
    parts = [_INTRODUCTION]
    for group, members in groups():
        parts.append(f"## {group.capitalize()}\n")
        parts.extend(in_full(function) for function in members)
    return "\n".join(parts)


def table() -> str:
    """The function table of the README, without its markers."""
    lines = ["| function | gives |", "|---|---|"]
    for group, members in groups():
        lines.append(f"| **{group.capitalize()}** | |")
        lines.extend(
            f"| [`{function.name}`](docs/functions.md#{function.name.lower()}) | {function.summary} |"
            for function in members
        )
    return "\n".join(lines)


def with_table(readme: str) -> str:
    """A README with the function table between its markers made anew."""
    before, _, rest = readme.partition(README_BEGIN)
    _, _, after = rest.partition(README_END)
    return f"{before}{README_BEGIN}\n{table()}\n{README_END}{after}"

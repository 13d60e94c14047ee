"""The documents that are derived from the catalogue and the venues, and the table of the README."""

from __future__ import annotations

from xladdin.core import venues
from xladdin.hosts.registry import all_hosts
from xladdin.reference import groups, in_full, venue_rows

_HOSTS_BEGIN = "<!-- hosts: begin (generated from xladdin/hosts) -->"
_HOSTS_END = "<!-- hosts: end -->"

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
- The venues that a `method` or a `tiering` may name are in [venues.md](venues.md), each with the date of its rule.
"""

_VENUES_INTRODUCTION = """\
# The venues

*Made from `xladdin/core/venues.py` by `make generated`.*

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


def functions_page() -> str:
    """The text of docs/functions.md."""
    parts = [_INTRODUCTION, f"{functions_table()}\n"]
    for group, members in groups():
        parts.append(f"## {group.capitalize()}\n")
        parts.extend(in_full(function) for function in members)
    return "\n".join(parts)


def venues_page() -> str:
    """The text of docs/venues.md."""
    header = ["word", "margin on", "tiers", "added", "since", "until", "seen", "funding every", "contracts", "rounding"]
    lines = [_VENUES_INTRODUCTION, f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(row)} |" for row in venue_rows()]
    lines.append("\n## Sources and remarks\n")
    for venue in venues.VENUES:
        sources = "; before: ".join(rule.source for rule in venue.rules)
        lines.append(f"- **{venue.word}**: {sources}.{f' {venue.note}' if venue.note else ''}")
    return "\n".join(lines) + "\n"


def functions_table() -> str:
    """Every function in a line, with a link to where it stands in full."""
    lines = ["| function | gives |", "|---|---|"]
    for group, members in groups():
        lines.append(f"| **{group.capitalize()}** | |")
        lines.extend(f"| [`{function.name}`](#{function.name.lower()}) | {function.summary} |" for function in members)
    return "\n".join(lines)


def hosts_table() -> str:
    """The table of the README that says where the functions work."""
    rows = [f"| {host.where} | {host.how} | {host.proved} |" for host in all_hosts()]
    return "\n".join(["| where | how | what was proved |", "|---|---|---|", *rows])


def with_table(readme: str) -> str:
    """A README with the table between its markers made anew."""
    before, _, rest = readme.partition(_HOSTS_BEGIN)
    _, _, after = rest.partition(_HOSTS_END)
    return f"{before}{_HOSTS_BEGIN}\n{hosts_table()}\n{_HOSTS_END}{after}"

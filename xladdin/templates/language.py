"""What a template's text may say: every word of the language, its kind and its meaning.

The JSON schema that editors complete and check by, and the reader's messages, come from here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

TEXT, WORDS, CODE, EXAMPLE = "text", "words", "code", "example"  # what a translation is to know of a text

Value = Annotated[Any, Meta(description="A number, a text, true, false or a date.")]
Example = Annotated[Value, Meta(extra={"is": EXAMPLE})]
Number = int | float
Colour = Literal["black", "blue", "green", "orange", "vermillion", "sky", "yellow", "purple", "grey"]
Text = Annotated[str, Meta(extra={"is": TEXT})]
Words = Annotated[
    str,
    Meta(description="A text; {braces} in it hold a formula and its format: {net_profit:money}.", extra={"is": WORDS}),
]
Code = Annotated[
    str, Meta(description="A formula without =, by names; {braces} hold columns and pieces.", extra={"is": CODE})
]
Format = Annotated[
    str,
    Meta(
        description="general, money, price, quantity, settled, whole, percent, rate, probability, multiple, ratio, "
        'difference, text, verdict, date, or one as spreadsheets write it: 0.000, #,##0" days".'
    ),
]


class Range(Struct, kw_only=True, forbid_unknown_fields=True):
    """A number between two bounds, both included; or a text up to a length."""

    low: Number | None = field(default=None, name="from")
    high: Number | None = field(default=None, name="to")
    whole: bool = False
    length: Annotated[int, Meta(ge=1, le=255)] | None = None


Allowed = Annotated[
    str | list[str] | Range,
    Meta(
        description='What a cell may hold: {from = 0, to = 1}, with whole = true for whole numbers; ["long", "short"]; '
        "{length = 40}; venues; date; or a name under [allowed]."
    ),
]


class Input(Struct, kw_only=True, forbid_unknown_fields=True):
    """A cell to fill in."""

    label: Text
    allowed: Allowed
    example: Example = None
    unit: Words = ""
    note: Text = ""
    format: Format = "general"
    required: Annotated[bool, Meta(description="The case itself, which a report never takes from the template.")] = (
        False
    )
    optional: Annotated[bool, Meta(description="May be left blank, as a report does where the table has none.")] = False
    of_rows: Annotated[
        Literal["", "sum", "mean", "smallest", "largest", "first", "last"],
        Meta(description="What it is of the rows of a client, where a report is made of many; else all have the same."),
    ] = ""


class Case(Struct, kw_only=True, forbid_unknown_fields=True):
    """One step of a verdict: the word that holds when its condition does and none before it."""

    word: str
    when: Code = ""
    because: Words = ""


class Result(Struct, kw_only=True, forbid_unknown_fields=True):
    """A cell that answers: by a formula, a verdict or a sentence."""

    label: Text = ""
    formula: Code = ""
    verdict: list[Case] = []
    sentence: Words = ""
    reasons_of: Annotated[str, Meta(description="The verdict whose reasons this line gives in words.")] = ""
    otherwise: Annotated[Words | None, Meta(description="What a sentence says when a figure in it is an error.")] = None
    unit: Words = ""
    note: Text = ""
    format: Format = "money"


class Column(Struct, kw_only=True, forbid_unknown_fields=True):
    """A column of a table of formulas."""

    header: Text
    unit: Text = ""
    formula: Code = ""
    first: Annotated[Code, Meta(description="The formula of the first row, where it is another.")] = ""
    numbered_from: int | None = None
    values: list[Number] = []
    format: Format = "money"


class EntryColumn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A column to fill in."""

    header: Annotated[str, Meta(description="What tables and reports name the column by, the same in every language.")]
    shown: Annotated[Text, Meta(description="What its heading shows in place of this; that of a translation.")] = ""
    allowed: Allowed
    unit: Text = ""
    required: Annotated[
        bool,
        Meta(description="A row without it is no row; the table is the case itself, and no report takes its example."),
    ] = False
    format: Format = "general"


class ListColumn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A column of a list that grows: to fill in (`allowed`) or worked out (`formula`)."""

    header: Annotated[str, Meta(description="What references to the column name, the same in every language.")]
    shown: Annotated[Text, Meta(description="What its heading shows in place of this; that of a translation.")] = ""
    allowed: Allowed | None = None
    formula: Code = ""
    required: Annotated[
        bool,
        Meta(description="A row without it is no row; the list is the case itself, and no report takes its example."),
    ] = False
    format: Format = "general"


class Axis(Struct, kw_only=True, forbid_unknown_fields=True):
    """One side of a grid: numbers may be changed (`allowed` says how), texts are formulas."""

    label: Text
    values: list[Number | Code] = []
    first: Code = ""
    next: Annotated[Code, Meta(description="The formula of the others; {previous} is the header before it.")] = ""
    count: Annotated[int, Meta(ge=1, le=500)] | None = None
    format: Format = "general"
    allowed: Allowed | None = None


class Mark(Struct, kw_only=True, forbid_unknown_fields=True):
    """A background for the cells of which a formula holds; {cell} stands for the cell."""

    when: Code
    colour: Colour


class Lines(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="lines"):
    """Figures on the way, each with its name."""

    lines: dict[str, Result]
    title: Text
    new_page: bool = False


class Table(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="table"):
    """A table of formulas, a row below the other."""

    title: Text
    columns: dict[str, Column]
    rows: Annotated[
        int | list[dict[str, Code | int | float]],
        Meta(description="How many; or what stands in each, by column, with `row` as its name."),
    ] = 0
    note: Text = ""
    new_page: bool = False


class Grid(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="grid"):
    """One formula for every {row} and {column}."""

    title: Text
    rows: Axis
    columns: Axis
    cell: Code
    note: Text = ""
    format: Format = "money"
    heat: bool = False
    marks: list[Mark] = []
    new_page: bool = False


Block = Lines | Table | Grid


class Entries(Struct, kw_only=True, forbid_unknown_fields=True):
    """A table to fill in, below the inputs; its body, of four columns at most, is a range of its name."""

    title: Text
    columns: dict[str, EntryColumn]
    rows: Annotated[int, Meta(ge=1, le=1000)]
    example: list[list[Value]] = []
    note: Text = ""


class ListSheet(Struct, kw_only=True, forbid_unknown_fields=True):
    """A sheet of its own with a list that grows as rows are typed below it, or by `xladdin report --into`."""

    name: Annotated[str, Meta(description="What formulas call the list.")]
    columns: dict[str, ListColumn]
    example: list[list[Value]]
    steps: Annotated[list[Text], Meta(description="How it is filled in; not in a copy of values, such as a PDF.")] = []
    notes: list[Text] = []
    widths: list[Number] = []


class Card(Struct, kw_only=True, forbid_unknown_fields=True):
    """A key figure on the dashboard."""

    label: Text
    shows: Code
    format: Format = "money"
    caption: Words = ""


class ChartAxis(Struct, kw_only=True, forbid_unknown_fields=True):
    """An axis: what it shows, with its unit in brackets, and its scale."""

    title: Text
    format: Format = ""
    least: Number | None = None
    most: Number | None = None
    step: Number | None = None
    logarithmic: bool = False
    at_least: Annotated[bool, Meta(description="The other axis crosses this one at its lowest value, not at zero.")] = (
        False
    )


class Series(Struct, kw_only=True, forbid_unknown_fields=True):
    """A line of a chart: where its figures stand, and how it looks."""

    x: str
    y: str
    name: Text = ""
    name_from: Annotated[str, Meta(description="The cell that holds its name.")] = ""
    kind: Literal["line", ""] = ""
    colour: Colour = "blue"
    dash: Literal["solid", "dashed", "long dashed", "dotted"] = "solid"
    mark: Literal["circle", "diamond", "triangle", "square", "x", ""] = ""
    width: Annotated[Number, Meta(description="In points; 0 draws the marks alone.")] = 2.25
    size: Annotated[int, Meta(description="Of the marks.", ge=2, le=72)] = 9
    label: Annotated[
        Literal["above", "below", "left", "right", ""],
        Meta(description="Where the name stands beside the marks; then it is not in the legend."),
    ] = ""


class Chart(Struct, kw_only=True, forbid_unknown_fields=True):
    """A chart on the dashboard."""

    title: Text
    x: ChartAxis
    y: ChartAxis
    lines: list[Series]
    alternative_text: Annotated[Text, Meta(description="What one sees, for those who can't.")]
    kind: Literal["scatter", "line", "column", "stacked column", "area", "stacked area"] = "scatter"
    height: Annotated[int, Meta(description="In rows.", ge=5, le=60)] = 20


class Dashboard(Struct, kw_only=True, forbid_unknown_fields=True):
    """The answer at a glance."""

    heading: Words
    cards: list[Card] = []
    sentences: Annotated[list[str], Meta(description="Results that are sentences, by name.")] = []
    notes: list[Text] = []
    charts: list[Chart] = []


class Check(Struct, kw_only=True, forbid_unknown_fields=True):
    """A figure worked out a second time by plain formulas; `ours` is the result of the check's name, or a formula."""

    plain: Code
    ours: Code = ""
    label: Text = ""
    format: Format = ""
    note: Text = ""


class Rule(Struct, kw_only=True, forbid_unknown_fields=True):
    """What must hold between inputs."""

    holds: Code
    note: Text = ""
    where: Annotated[
        Code,
        Meta(description="Where it does not hold first, such as a row's symbol: beside the check, and in the flag."),
    ] = ""


class Page(Struct, kw_only=True, forbid_unknown_fields=True):
    """A sheet's columns and the way it lies."""

    widths: list[Number] = []
    landscape: bool = False


class Pages(Struct, kw_only=True, forbid_unknown_fields=True):
    """How the sheets are set up that a template may set up."""

    calculations: Page = field(default_factory=Page)


class Template(Struct, kw_only=True, forbid_unknown_fields=True):
    """A workbook as a page of text."""

    title: Text
    purpose: Text
    inputs: dict[Text, dict[str, Input]]
    results: dict[Text, dict[str, Result]]
    dashboard: Dashboard
    steps: Annotated[list[Text], Meta(description="How it is used; not in a copy of values, such as a PDF.")] = []
    assumptions: list[Text] = []
    limits: list[Text] = []
    pieces: Annotated[dict[str, Code], Meta(description="Parts of formulas that are written once.")] = {}
    allowed: Annotated[dict[str, Allowed], Meta(description="What cells may hold, by a name.")] = {}
    words: Annotated[dict[str, Colour], Meta(description="Words of verdicts of your own, and their colours.")] = {}
    tables: dict[str, Entries] = {}
    sheets: dict[str, ListSheet] = {}
    calculations: dict[str, Block] = {}
    checks: dict[str, Check] = {}
    rules: dict[Text, Rule] = {}
    pages: Pages = field(default_factory=Pages)


class Fields(Struct, kw_only=True, forbid_unknown_fields=True):
    """What templates share: whole inputs, kinds of what is allowed, pieces of formulas."""

    inputs: dict[str, Any]
    allowed: dict[str, Allowed] = {}
    pieces: dict[str, Code] = {}


def schema() -> dict[str, Any]:
    """The language as a JSON schema; an input may also be "@side", the one of that name in fields.toml."""
    made = msgspec.json.schema(Template)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    definitions = made["$defs"]
    written = definitions["Input"]
    written["properties"] = {"like": {"type": "string", "description": "An input in fields.toml."}} | written[
        "properties"
    ]
    written["required"] = []
    definitions["Template"]["properties"]["inputs"]["additionalProperties"]["additionalProperties"] = {
        "anyOf": [{"type": "string", "pattern": "^@[a-z_]+$"}, {"$ref": "#/$defs/Input"}]
    }
    return made

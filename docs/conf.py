"""The documentation as a site: `make site`."""

from typing import Any

from pygments.lexers.special import TextLexer

project = "xladdin"
author = "the xladdin authors"
extensions = ["myst_parser", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "xladdin"
html_show_sourcelink = False
# A formula of a spreadsheet and what it gives: nothing that a highlighter knows.
suppress_warnings = ["misc.highlighting_failure"]


def setup(app: Any) -> None:
    app.add_lexer("formulas", TextLexer)

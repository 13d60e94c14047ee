"""What of the project is made from something else, made anew where it is stale; or, with --check, said to be stale.

`make generated` and `make generated-check` call this. Workbooks are held against each other but for last digits.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools import computed, examples, exports, gallery, public, reference
from tools import templates as built
from xladdin import templates
from xladdin.core.errors import UserError
from xladdin.workbook.file.comparison import differences

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"

TEXTS: dict[str, Callable[[], str]] = {
    "xladdin/__init__.pyi": public.stub,
    "docs/functions.md": reference.functions_page,
    "docs/computed-as.md": computed.computed_page,
    "docs/venues.md": reference.venues_page,
    "docs/exports.md": exports.exports_page,
    "README.md": lambda: reference.with_table(README.read_text(encoding="utf-8")),
    "templates/README.md": gallery.text,
    "templates/template.schema.json": built.schema_text,
}


def write() -> None:
    """Make anew what is stale, templates first: the rest is made from them."""
    changed = built.stale()
    for name in changed:
        built.build(name, ROOT / "templates" / f"{name}.xlsx")
    for name in filter(is_stale, examples.EXAMPLES):
        examples.build(name, _example(name))
    for file, text in TEXTS.items():
        (ROOT / file).write_text(text(), encoding="utf-8")
    if undrawn := [name for name in templates.names() if name in changed or not gallery.picture(name).is_file()]:
        gallery.draw(undrawn)


def stale() -> list[str]:
    """The files that are not what they would be made to; of the pictures only whether they are there."""
    found = [f"templates/{name}.xlsx" for name in built.stale()]
    found += [f"workbooks/{name}-example.xlsx" for name in examples.EXAMPLES if is_stale(name)]
    found += [file for file, text in TEXTS.items() if (ROOT / file).read_text(encoding="utf-8") != text()]
    pictures = map(gallery.picture, templates.names())
    return found + [str(picture.relative_to(ROOT)) for picture in pictures if not picture.is_file()]


def _example(name: str) -> Path:
    return ROOT / "workbooks" / f"{name}-example.xlsx"


def is_stale(name: str) -> bool:
    """Whether a worked example is missing or not what its inputs make of its template."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.xlsx"
        examples.build(name, fresh)
        return not _example(name).is_file() or bool(differences(_example(name), fresh))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tools.generated", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, and fail when a file is stale")
    if not parser.parse_args().check:
        try:
            write()
        except UserError as error:
            sys.exit(f"{error}")
    elif found := stale():
        sys.exit(f"Stale: {', '.join(found)}; run `make generated`.")


if __name__ == "__main__":
    main()

"""Change single lines of the product, one at a time, and say which test notices: what none notices has no test.

    python -m tools.mutate [--count 36] [--seed 1] [FOLDER OR FILE ...]

Works in a copy of the checkout, with the Python that it is called by, and ends with 1 where a change survived, with 2
where the suite fails without any. Which lines are changed follows from the seed and the code. Of each change the tests
that go by the module's name run first, and all that `make test` runs only where these pass.
"""

from __future__ import annotations

import argparse
import ast
import copy
import csv
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ["core/functions", "core/calls.py", "core/cells.py", "workbook", "reports"]
LONGEST = 600  # seconds that tests may take before a change counts as one that never ends
ALL = ["-n", "2", "--dist", "loadgroup"]
CAUGHT_BY_TIME = "it never ends"

# Changes that change nothing that can be seen, each with the reason.
EQUIVALENT = Path(__file__).with_name("equivalent_changes.csv")

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Change(NamedTuple):
    """A line of a file, and what it becomes."""

    path: str
    line: int
    before: str
    after: str


def changed(node: ast.AST) -> ast.expr | None:
    """An expression with its sign, comparison, constant or branches turned; None where there is nothing to turn."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[operator]) if type(operator) in SWAPS:
            new.ops = [SWAPS[type(operator)]()]  # type: ignore[list-item]
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) if type(operator) in SWAPS:
            new.op = SWAPS[type(operator)]()  # type: ignore[assignment]
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            return operand
        case ast.IfExp():
            new.body, new.orelse = new.orelse, new.body
        case ast.Constant(value=bool(value)):
            new.value = not value
        case ast.Constant(value=int(value) | float(value)):
            new.value = value + 1
        case _:
            return None
    return new if isinstance(new, ast.expr) else None


def is_left_out(node: ast.AST) -> bool:
    """Whether what stands in a node is not run, has no place of its own in the text, or only guards against us."""
    match node:
        case ast.JoinedStr() | ast.keyword(arg="strict"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes of code that is run: no annotations, and nothing of a decorator."""
    yield tree
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not is_left_out(child):
                yield from nodes(child)


def changes_of(path: str, text: str) -> Iterator[Change]:
    """All changes of single lines of a file."""
    lines = text.splitlines()
    for node in nodes(ast.parse(text)):
        if getattr(node, "lineno", 0) != getattr(node, "end_lineno", -1):
            continue
        number = node.lineno  # type: ignore[attr-defined]
        line = lines[number - 1].encode()
        if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
            span, text_of = (node.value.col_offset, node.value.end_col_offset), "None"
        elif isinstance(node, ast.expr) and (new := changed(node)) is not None:
            text_of = ast.unparse(new)
            span = node.col_offset, node.end_col_offset
            if not isinstance(new, (ast.Constant, ast.Name)):
                text_of = f"({text_of})"
        else:
            continue
        after = (line[: span[0]] + text_of.encode() + line[span[1] :]).decode()
        yield Change(path, number, line.decode().strip(), after.strip())


def equivalent() -> set[tuple[str, str, str]]:
    """The changes that change nothing that can be seen: the file, its line, and what that becomes."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {(f"xladdin/{row['module']}", row["before"], row["after"]) for row in csv.DictReader(file)}


def chosen(where: list[str], count: int, seed: int) -> list[Change]:
    """As many changes as asked for, the same number in each of the rooms, no two of a line."""
    found = []
    known = equivalent()
    for number, room in enumerate(where):
        share = count * (number + 1) // len(where) - count * number // len(where)
        place = ROOT / "xladdin" / room
        files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
        dice = random.Random(f"{seed} {room}")
        all_changes: dict[tuple[str, int], Change] = {}
        for path in files:
            name = path.relative_to(ROOT).as_posix()
            changes = changes_of(name, path.read_text(encoding="utf-8"))
            of_file = [each for each in changes if (name, each.before, each.after) not in known]
            dice.shuffle(of_file)
            all_changes |= {(name, each.line): each for each in of_file}
        found += dice.sample(list(all_changes.values()), min(share, len(all_changes)))
    return found


def copied(folder: Path) -> Path:
    """A copy of the checkout with its changes that are not committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def tests_of(folder: Path, path: str) -> Iterator[list[str]]:
    """What to run for a change of a module: the tests that go by its name, those of its room, and all."""
    module = Path(path)
    room = folder / "tests" / module.parent.relative_to("xladdin")
    for tests in (list(folder.glob(f"tests/**/test_{module.stem}.py")), [room if room.is_dir() else room.parent]):
        if tests:
            yield ["-n", "0", *map(str, tests)]
    yield ALL


def failing(folder: Path, arguments: list[str]) -> str | None:
    """The test that fails first, or None."""
    surroundings = os.environ | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return CAUGHT_BY_TIME
    if done.returncode in (0, 5):  # 5: nothing to run
        return None
    named = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, flags=re.MULTILINE)
    return named[1] if named else (done.stdout + done.stderr).strip().splitlines()[-1]


def noticed_by(folder: Path, change: Change, stamp: int) -> str | None:
    """The test that notices a change."""
    file = folder / change.path
    text = file.read_text()
    lines = text.split("\n")
    before = lines[change.line - 1]
    indent = before[: len(before) - len(before.lstrip())]
    lines[change.line - 1] = indent + change.after
    try:
        _write(file, "\n".join(lines), stamp)
        return next(filter(None, (failing(folder, tests) for tests in tests_of(folder, change.path))), None)
    finally:
        _write(file, text, stamp + 1)


def _write(file: Path, text: str, stamp: int) -> None:
    """Write a module so that what Python has kept of it compiled counts no more."""
    file.write_text(text, encoding="utf-8")
    os.utime(file, (stamp, stamp))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=36)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("where", nargs="*", default=ROOMS, help="below xladdin/")
    given = parser.parse_args()
    survivors = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = copied(Path(temporary))
        if red := failing(folder, ALL):
            print(f"{red} fails without any change: nothing could be said of those that fail with one.")
            return 2
        stamp = int(time.time()) + 10
        for number, change in enumerate(chosen(given.where, given.count, given.seed)):
            by = noticed_by(folder, change, stamp + 2 * number)
            survivors += by is None
            place = f"{change.path.removeprefix('xladdin/')}:{change.line}"
            print(f"{place}\n    - {change.before}\n    + {change.after}\n    {by or 'SURVIVED'}", flush=True)
    print(f"{survivors} survived.")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

"""Workbooks that a spreadsheet saved, computed by us: how many formula cells come out as stored, and which do not.

Every formula's stored value is taken out of a copy of the file before it is computed, so that nothing can be taken from
there. Numbers agree to 1e-9, text exactly, errors by their kind; cells that change by themselves or look into other
workbooks are left out, with what depends on them. Each workbook
is computed in a process of its own: one that takes too long or breaks is counted and named.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xladdin.core.errors import CODES
from xladdin.workbook import columns, compute, oracle
from xladdin.workbook.compiler import Plan, compile_model
from xladdin.workbook.model import Place
from xladdin.workbook.model_reader import read_model

_FORMULA = re.compile(rb"(<((?:\w+:)?)c\b[^>]*>\s*<\2f\b[^>]*?(?:/>|>[^<]*</\2f>))\s*<\2v\b[^>]*?(?:/>|>[^<]*</\2v>)")
_FUNCTION = re.compile(r"([A-Z][A-Z0-9.]+)\(")
KINDS = (
    "equal",
    "number for number",
    "number for error",
    "other value",
    "error for value",
    "other error",
    "not computed",
)


def without_values(data: bytes) -> bytes:
    """A workbook's bytes without what its formulas gave when it was saved."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name.startswith("xl/worksheets/"):
                text = _FORMULA.sub(rb"\1", text)
            after.writestr(name, text)
    return out.getvalue()


def stored_values(path: Path) -> dict[Place, Any]:
    """What each formula of a workbook gave when it was saved."""
    model = read_model(path)
    return {place: columns.to_cell(columns.from_cell(value, model.epoch)) for place, value in model.stored.items()}


def kind_of_difference(ours: Any, theirs: Any) -> str:
    """What became of a cell that a spreadsheet computed otherwise, or "equal"."""
    if type(ours) is not bool and type(theirs) is not bool and isinstance(ours, float) and isinstance(theirs, float):
        is_near = ours == theirs or abs(ours - theirs) <= 1e-9 * max(abs(ours), abs(theirs))
        return "equal" if is_near else "number for number"
    if type(ours) is type(theirs) and ours == theirs:
        return "equal"
    if theirs in CODES:
        return "other error" if ours in CODES else "number for error" if isinstance(ours, float) else "other value"
    return "error for value" if ours in CODES else "other value"


Values = dict[Place, Any]  # of cells as they show; those that are left out are not computed


def _own(path: Path) -> Values:
    plan = compile_model(read_model(path))
    cells = compute.evaluate(plan, {}, 1)
    places = (place for place in plan.model.value_places() if place not in plan.uncomputed)
    return {place: columns.to_cell(columns.full(cells.get(place), 1).tolist()[0]) for place in places}


def _formualizer(path: Path) -> Values:
    """The engine that is asked for single functions, with the whole file."""
    import formualizer

    from xladdin.workbook import engine

    workbook = formualizer.Workbook.from_path(str(path))
    workbook.set_temporal_egress("serial")
    workbook.evaluate_all()
    found = {place: engine.from_engine(workbook.get_value(*place)) for place in read_model(path).value_places()}
    return {place: float(value) if type(value) is int else value for place, value in found.items()}


def _ironcalc(path: Path) -> Values:
    import ironcalc

    workbook = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    workbook.evaluate()
    model = read_model(path)
    sheets = {title: index for index, title in enumerate(model.sheets)}
    return {
        place: workbook.get_cell_value(sheets[place.sheet], place.row, place.column) for place in model.value_places()
    }


def _libreoffice(path: Path) -> Values:
    from xladdin.hosts.libreoffice.computing import computed_by_libreoffice

    return {place: columns.to_cell(value) for place, value in computed_by_libreoffice(read_model(path)).items()}


ENGINES = {"own": _own, "formualizer": _formualizer, "ironcalc": _ironcalc, "libreoffice": _libreoffice}


def compared(path: Path, engine: str = "own") -> dict[str, Any]:
    """One workbook: how many cells of each kind, the differences by function, and the seconds that computing took."""
    theirs = stored_values(path)
    plan = compile_model(read_model(path))
    model = plan.model
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / path.name
        bare.write_bytes(without_values(path.read_bytes()))
        start = time.process_time(), os.times().children_user
        cells = ENGINES[engine](bare)
        seconds = time.process_time() - start[0] + os.times().children_user - start[1]
    kinds: collections.Counter[str] = collections.Counter()
    functions: collections.Counter[str] = collections.Counter()
    lines = []
    for place in _compared_places(plan):
        ours, their = cells.get(place), theirs.get(place)
        if their is None and ours in ("", 0.0):
            their = ours
        kind = kind_of_difference(ours, their)
        kind = "not computed" if kind != "equal" and place not in cells else kind
        kinds[kind] += 1
        if kind != "equal":
            formula = model.formulas.get(place, "part of an array formula")
            functions.update({f"{name} ({kind})" for name in _FUNCTION.findall(formula.upper())} or {f"({kind})"})
            lines.append(f"{path.name} {place.reference} {formula[:200]!r} ours {ours!r} stored {their!r}")
    return {"kinds": kinds, "functions": functions, "lines": lines, "seconds": seconds}


def _compared_places(plan: Plan) -> Iterator[Place]:
    """The cells of formulas that neither change by themselves nor look into another workbook, nor depend on such."""
    apart = oracle.apart(plan)
    yield from (place for place in plan.model.value_places() if place not in apart["volatile"] | apart["linked"])


def _in_a_process(path: Path, seconds: float, engine: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(path), "--engine", engine],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {seconds:g} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["ended without a word"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Compare every workbook of a folder and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[1] / "tests" / "files_of_excel")
    parser.add_argument("--seconds", type=float, default=60, help="how long one workbook may take")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--differences", type=Path, help="a file for a line on each cell that differs")
    parser.add_argument("--engine", choices=ENGINES, default="own", help="who computes")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(compared(options.one, options.engine)))
        return
    paths = sorted(path for path in options.folder.rglob("*.xls[xm]") if not path.name.startswith("~$"))
    with concurrent.futures.ThreadPoolExecutor(options.processes) as pool:
        found = dict(
            zip(paths, pool.map(lambda path: _in_a_process(path, options.seconds, options.engine), paths), strict=True)
        )
    kinds: collections.Counter[str] = collections.Counter()
    functions: collections.Counter[str] = collections.Counter()
    lines = []
    for path, one in found.items():
        if "failed" in one:
            print(f"{path.name}: {one['failed']}")
            continue
        kinds.update(one["kinds"])
        functions.update(one["functions"])
        lines += one["lines"]
    cells = kinds.total()
    done = [one for one in found.values() if "failed" not in one]
    for name, count in functions.most_common(60):
        print(f"{count:8,}  {name}")
    print(
        f"{len(done)} workbooks of {len(paths)}, {cells:,} cells: "
        + ", ".join(f"{kind} {kinds[kind]:,}" for kind in KINDS)
        + f"; {kinds['equal'] / max(cells, 1):.2%} equal, "
        f"{sum(not one['lines'] for one in done)} workbooks without a difference, "
        f"{sum(one['seconds'] for one in done):.0f} s."
    )
    if options.differences:
        options.differences.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Reports: ours beside openpyxl and XlsxWriter, beside the bare cost of the bytes, with workers and with Dask.

Every figure is a median of rounds in which all take turns, so that a busy machine is busy for all of them.
openpyxl loads the template, sets the inputs and saves: it can't store values beside formulas, so it does less.
XlsxWriter writes the same cells, formulas with the values that we computed; no styles and no charts, so it does less.
The floor compresses the parts that differ and writes the files; it computes nothing and makes no text.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from rich.console import Console
from rich.table import Table

from xladdin.reports import batch as batches
from xladdin.reports.batch import Batch, Template
from xladdin.reports.groups import Grouping
from xladdin.reports.into import fill
from xladdin.reports.pdf import find_office, make_pdfs
from xladdin.reports.reading import Said, read_as
from xladdin.reports.run import run
from xladdin.reports.table import open_table
from xladdin.templates import find
from xladdin.workbook import columns, compute, render
from xladdin.workbook.compiler import compile_model
from xladdin.workbook.file import package
from xladdin.workbook.model_reader import read_model

TEMPLATE = find("futures-planner")
_BARE = "the bare making of them"
ONE_BY_ONE = 10  # reports a round of those that take long


def positions(count: int) -> list[dict[str, Any]]:
    """Rows of plausible positions, the same every time."""
    chance = random.Random(20260101)
    rows = []
    for number in range(count):
        side = chance.choice(["long", "short"])
        sign = 1 if side == "long" else -1
        entry = round(chance.uniform(100, 60_000), 2)
        rows.append(
            {
                "client": f"Client {number}",
                "symbol": chance.choice(["BTC", "ETH"]),
                "side": side,
                "entry": entry,
                "amount": round(chance.uniform(100, 10_000), 2),
                "leverage": round(chance.uniform(1, 20), 1),
                "stop": round(entry * (1 - sign * 0.03), 2),
                "target": round(entry * (1 + sign * 0.08), 2),
            }
        )
    return rows


def write_table(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(positions(1)[0]))
        writer.writeheader()
        writer.writerows(positions(count))
    return path


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def changing_parts(files: list[bytes]) -> tuple[package.Layout, list[dict[str, bytes]]]:
    """What of the same report differs from file to file, and the rest of it, ready to be joined with that."""
    packages = [package.open_package(Path("report.xlsx"), data) for data in files]
    names = [name for name, member in packages[0].members.items() if any(p.members[name] != member for p in packages)]
    return package.Layout(packages[0], names), [{name: each.read(name) for name in names} for each in packages]


class Contest:
    """The same reports by everybody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = read_model(TEMPLATE)
        self.plan = compile_model(self.model)
        self.rows = positions(batches.SIZE)
        self.inputs = {name: columns.from_values([row[name] for row in self.rows]) for name in self.rows[0]}
        cells = compute.evaluate(self.plan, self.inputs, len(self.rows))
        self.layout, self.texts = changing_parts(list(render.Renderer(self.plan).render(cells, len(self.rows))))
        places = [*self.model.constants, *self.model.value_places()]
        self.values = [
            {
                place: columns.to_cell(value)
                for place in places
                if place in cells
                for value in [next(v for i, v in enumerate(columns.elements(cells[place], len(self.rows))) if i == row)]
            }
            for row in range(ONE_BY_ONE)
        ]

    def ours(self) -> None:
        batches.make(
            Batch(
                Template(TEMPLATE.name, TEMPLATE.read_bytes()),
                str(self.folder / "ours"),
                [f"{number}.xlsx" for number in range(len(self.rows))],
                self.inputs,
            )
        )

    def floor(self) -> None:
        target = self.folder / "floor"
        target.mkdir(exist_ok=True)
        for number, parts in enumerate(self.texts):
            data = self.layout.join({name: package.compress(text) for name, text in parts.items()})
            with open(target / f"{number}.xlsx", "wb", buffering=0) as file:  # noqa: PTH123
                file.write(data)

    def openpyxl_fill(self) -> None:
        for row in self.rows[:ONE_BY_ONE]:
            book = openpyxl.load_workbook(TEMPLATE)
            for name, value in row.items():
                place = self.model.inputs[name].place
                book[place.sheet].cell(place.row, place.column).value = value
            book.save(self.folder / "filled.xlsx")

    def openpyxl_fresh(self) -> None:
        for values in self.values:
            book = openpyxl.Workbook()
            book.remove(book.active)
            sheets = {name: book.create_sheet(name) for name in self.model.sheets}
            for place, value in values.items():
                content = self.model.formulas.get(place, value)
                sheets[place.sheet].cell(place.row, place.column).value = content
            book.save(self.folder / "fresh.xlsx")

    def xlsxwriter(self) -> None:
        for values in self.values:
            book = xlsxwriter.Workbook(self.folder / "xlsxwriter.xlsx")
            sheets = {name: book.add_worksheet(name) for name in self.model.sheets}
            for place, value in values.items():
                formula = self.model.formulas.get(place)
                if formula:
                    sheets[place.sheet].write_formula(place.row - 1, place.column - 1, formula, None, value)
                else:
                    sheets[place.sheet].write(place.row - 1, place.column - 1, value)
            book.close()


def side_by_side(folder: Path, rounds: int) -> dict[str, float]:
    """Milliseconds for one report."""
    contest = Contest(folder)
    contest.ours()  # compiles the template
    takers = {
        "openpyxl, load, fill, save": (contest.openpyxl_fill, ONE_BY_ONE),
        "openpyxl, fresh": (contest.openpyxl_fresh, ONE_BY_ONE),
        "XlsxWriter": (contest.xlsxwriter, ONE_BY_ONE),
        "xladdin": (contest.ours, batches.SIZE),
        "the floor": (contest.floor, batches.SIZE),
    }
    found: dict[str, list[float]] = {name: [] for name in takers}
    for _ in range(rounds):
        for name, (action, count) in takers.items():
            found[name].append(timed(action) / count * 1000)
    return {name: statistics.median(times) for name, times in found.items()}


# One workbook of many rows: eight columns to fill in, and four with formulas as a person would type them.
HEADERS = ["symbol", "side", "entry", "quantity", "leverage", "rate", "price", "client"]
FORMULAS = {
    "value": "=D{row}*G{row}",
    "profit": "=LEV_PROFIT(C{row},G{row},D{row},1,B{row})",
    "liquidation": "=LEV_LIQPRICE(C{row},E{row},F{row},B{row})",
    "margin": "=I{row}/E{row}",
}


def portfolio(folder: Path, count: int) -> tuple[Path, Path]:
    """A template with one Excel table, and a table of rows to fill it with."""
    rows = [
        [
            row["symbol"],
            row["side"],
            row["entry"],
            1 + n % 9,
            row["leverage"],
            0.005,
            row["entry"] + n % 99,
            row["client"],
        ]
        for n, row in enumerate(positions(count))
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEADERS, *FORMULAS])
    sheet.append([*rows[0], *(formula.format(row=2) for formula in FORMULAS.values())])
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="book", ref="A1:L2"))
    book.save(folder / "portfolio.xlsx")
    with (folder / "portfolio.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    return folder / "portfolio.xlsx", folder / "portfolio.csv"


def one_workbook(folder: Path, count: int, rounds: int) -> dict[str, float]:
    """Seconds for one workbook of so many rows, each with four formulas and their values.

    Ours reads a CSV, checks every cell, computes and writes; XlsxWriter is given the rows with their values.
    """
    template, table = portfolio(folder, count)
    target = folder / "one.xlsx"
    fill(table, template, target)
    stored = openpyxl.load_workbook(target, read_only=True, data_only=True)
    values = list(stored.active.iter_rows(min_row=2, values_only=True))
    gc.freeze()  # or a million cells of the one would be gone through again and again while the other works

    def by_xlsxwriter() -> None:
        book = xlsxwriter.Workbook(folder / "xlsxwriter.xlsx", {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEADERS, *FORMULAS])
        formulas = list(FORMULAS.values())
        for row, members in enumerate(values, 1):
            for column, value in enumerate(members[:8]):
                sheet.write(row, column, value)
            for column, value in enumerate(members[8:], 8):
                sheet.write_formula(row, column, formulas[column - 8].format(row=row + 1), None, value)
        book.close()

    takers: dict[str, Callable[[], object]] = {
        "XlsxWriter, constant_memory": by_xlsxwriter,
        "xladdin": lambda: fill(table, template, target),
    }
    found: dict[str, list[float]] = {name: [] for name in takers}
    for _ in range(rounds):
        for name, action in takers.items():
            found[name].append(timed(action))
    return {name: statistics.median(times) for name, times in found.items()}


def bare_batches(table: Path) -> list[Batch]:
    """The same reports as batches that are read and named already, in a folder that is to be filled in."""
    model = read_model(TEMPLATE)
    reading = read_as(open_table(table), model, Said(), "default")
    template = Template(TEMPLATE.name, TEMPLATE.read_bytes())
    return [
        Batch(
            template,
            "",
            [f"report-{number}.xlsx" for number in rows.numbers[start : start + batches.SIZE]],
            {name: column[start : start + batches.SIZE] for name, column in rows.inputs.items()},
            is_there=True,
        )
        for rows in reading.reader.rows()
        for start in range(0, len(rows.numbers), batches.SIZE)
    ]


def make_bare(bare: list[Batch], out: str) -> None:
    for batch in bare:
        batches.make(replace(batch, place=out))


def cold_start(folder: Path, rounds: int) -> tuple[float, float]:
    """Seconds, and those of the processor, of a command that makes the report of one row."""
    table = write_table(folder / "one.csv", 1)
    seconds, busy = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as out:
            command = [sys.executable, "-m", "xladdin", "report", str(table), "--template", str(TEMPLATE), "--out", out]
            before = os.times()
            subprocess.run(command, capture_output=True, check=True)
            after = os.times()
        seconds.append(after.elapsed - before.elapsed)
        busy.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(seconds), statistics.median(busy)


def whole_runs(folder: Path, count: int, rounds: int, with_dask: bool) -> dict[str, float]:
    """Reports a second of whole runs: table, reports, manifest, summary; and of the bare making of the same."""
    table = write_table(folder / "positions.csv", count)
    bare = bare_batches(table)
    ways: dict[str, dict[str, Any]] = {"1 worker": {}, "2 workers": {"worker_count": 2}}
    cluster = None
    if with_dask:
        from distributed import LocalCluster

        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
        ways["Dask, 2 workers"] = {"scheduler": cluster.scheduler_address}
    found: dict[str, list[float]] = {name: [] for name in (_BARE, *ways)}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as out:
            found[_BARE].append(count / timed(lambda out=out: make_bare(bare, out)))
        for name, how in ways.items():
            with tempfile.TemporaryDirectory(dir=folder) as out:
                found[name].append(count / timed(lambda out=out, how=how: run(table, TEMPLATE, out, **how)))
    if cluster:
        cluster.close()
    return {name: statistics.median(rates) for name, rates in found.items()}


def statement(folder: Path) -> Path:
    """A template of a client's holdings: a table of four columns, its totals, and two single inputs."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Name", "Example"],
        ["Day", 46_000],
        ["Total", "=SUM(holdings[Value])"],
        ["Largest", "=MAX(holdings[Value])"],
        ["In words", '=B1&": "&COUNTA(holdings[Coin])&" of "&TEXT(B3,"0")'],
        [],
        ["Coin", "Quantity", "Price", "Value"],
        ["X", 1, 2, "=B8*C8"],
    ):
        sheet.append(row)
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="holdings", ref="A7:D8"))
    for name, cell in {"name": "$B$1", "day": "$B$2", "total": "$B$3", "largest": "$B$4", "in_words": "$B$5"}.items():
        book.defined_names[name] = openpyxl.workbook.defined_name.DefinedName(name, attr_text=f"Sheet!{cell}")
    book.save(folder / "statement.xlsx")
    return folder / "statement.xlsx"


def write_groups(folder: Path, clients: int, most: int) -> tuple[Path, Path]:
    """Holdings, and positions, of clients with 1 to so many rows each."""
    chance = random.Random(20261126)
    sizes = [chance.randint(1, most) for _ in range(clients)]
    rows = [
        {**row, "client": f"c{client:05}", "name": f"Client {client}", "day": 46_000, "coin": row["symbol"]}
        | {"quantity": 1 + number % 9, "price": row["entry"], "leverage": max(row["leverage"], 2)}
        | {"venue": "bybit", "margin_mode": "isolated", "maintenance_margin_rate": 0.005}
        for client, size in enumerate(sizes)
        for number, row in enumerate(positions(size))
    ]
    of_holdings = ["client", "name", "day", "coin", "quantity", "price"]
    of_positions = ["client", "symbol", "venue", "side", "margin_mode", "entry", "quantity", "leverage"]
    of_positions += ["maintenance_margin_rate", "price", "target", "stop"]
    paths = []
    for name, columns_of in (("holdings", of_holdings), ("accounts", of_positions)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns_of, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        paths.append(folder / f"{name}.csv")
    return paths[0], paths[1]


def grouped(folder: Path, clients: int, most: int, rounds: int) -> dict[str, float]:
    """Milliseconds of the processor for one report of many rows, in a whole run of one process."""
    holdings, accounts = write_groups(folder, clients, most)
    ways = {
        "a statement of four columns": (holdings, statement(folder)),
        "positions, 33 columns and 407 formulas beside them": (accounts, find("positions")),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (table, template) in ways.items():
            with tempfile.TemporaryDirectory(dir=folder) as out:
                start = time.process_time()
                outcome = run(table, template, out, grouping=Grouping("client"), trust=True)
                found[name].append((time.process_time() - start) / clients * 1000)
                assert outcome.made == clients
    return {name: statistics.median(times) for name, times in found.items()}


def as_pdf(folder: Path, count: int) -> tuple[float, float]:
    """Seconds, and those of the processor, for a report as PDF by one LibreOffice; its start is among them."""
    table = write_table(folder / "few.csv", count)
    with tempfile.TemporaryDirectory(dir=folder) as out:
        run(table, TEMPLATE, out, allow_errors=True)
        files = sorted(path.name for path in Path(out).glob("report-*.xlsx"))
        before = os.times()
        assert make_pdfs(find_office(), Path(out), files, Path(out) / "pdf", 1) == []
        after = os.times()
    own = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system - before.children_user - before.children_system
    return (after.elapsed - before.elapsed) / count, (own + others) / count


def microseconds_a_row(folder: Path, count: int) -> float:
    """Reading, checking and mapping a table, of which no report is made."""
    table = write_table(folder / f"read-{count}.csv", count)
    model = read_model(TEMPLATE)

    def read() -> None:
        reading = read_as(open_table(table), model, Said(), "default")
        assert sum(len(rows.lines) for rows in reading.reader.rows()) == count

    return timed(read) / count * 1e6


def peak_memory(folder: Path, count: int) -> dict[str, float]:
    """Megabytes of a process that makes so many reports, and of one that makes a workbook of so many rows."""
    template, rows = portfolio(folder, count)
    table = write_table(folder / f"memory-{count}.csv", count)
    with tempfile.TemporaryDirectory(dir=folder) as out:
        ways = {"reports": (table, TEMPLATE, out), "one workbook": (rows, template, f"{out}/one.xlsx")}
        found = {}
        for name, arguments in ways.items():
            command = [sys.executable, __file__, "--measure-memory", *map(str, arguments)]
            found[name] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def measure_memory(table: str, template: str, target: str) -> None:
    (fill if target.endswith(".xlsx") else run)(Path(table), Path(template), target)
    # Not getrusage: what it says begins with the size of the process that started this one.
    (line,) = (
        line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")
    )
    print(int(line.split()[1]) / 1024)


def show(result: dict[str, Any]) -> None:
    each = result["milliseconds_a_report"]
    ours = each["xladdin"]
    table = Table("", "ms a report", "xladdin is faster by", title="One report of futures-planner")
    for name, milliseconds in each.items():
        table.add_row(name, f"{milliseconds:.3f}", f"{milliseconds / ours:.2f}")
    runs = Table("", "reports a second", title=f"Whole runs of {result['count']:,} reports")
    for name, rate in result["reports_a_second"].items():
        runs.add_row(name, f"{rate:,.0f}")
    cold = Table("", "seconds", title="The report of one row, from a cold start")
    for name, seconds in result["seconds_from_cold"].items():
        cold.add_row(name, f"{seconds:.2f}")
    memory = Table("rows", "reports: peak MB", "one workbook: peak MB", title="Memory of a run")
    for count, found in result["peak_megabytes"].items():
        memory.add_row(f"{int(count):,}", *(f"{megabytes:.0f}" for megabytes in found.values()))
    one = Table("", "seconds", "xladdin is faster by", title=f"One workbook of {result['rows']:,} rows")
    for name, seconds in result["seconds_for_one_workbook"].items():
        one.add_row(name, f"{seconds:.2f}", f"{seconds / result['seconds_for_one_workbook']['xladdin']:.1f}")
    groups = Table("", "ms a report", title=f"One report for 1 to 200 rows, {result['clients']:,} of them")
    for name, milliseconds in result["milliseconds_a_report_of_many_rows"].items():
        groups.add_row(name, f"{milliseconds:.2f}")
    pdf = Table("", "seconds a report", title="As PDF, by one LibreOffice")
    for name, seconds in result["seconds_a_pdf"].items():
        pdf.add_row(name, f"{seconds:.2f}")
    read = Table("", "us a row", title=f"Reading {10 * result['rows']:,} rows")
    read.add_row("read, checked, mapped", f"{result['microseconds_a_row_read']:.2f}")
    text = io.StringIO()
    console = Console(file=text, width=100)
    for each_table in (table, one, runs, cold, groups, pdf, read, memory):
        console.print(each_table)
    print(text.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=20_000, help="reports of a whole run")
    parser.add_argument("--run-rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the one workbook")
    parser.add_argument("--one-rounds", type=int, default=3, help="each takes XlsxWriter most of a minute")
    parser.add_argument("--clients", type=int, default=2_000, help="of the reports of many rows")
    parser.add_argument("--pdfs", type=int, default=50, help="reports as PDF; 0 is for a machine without LibreOffice")
    parser.add_argument("--no-dask", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the reports go; a slow disk is slow for all of them")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--measure-memory", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure_memory:
        measure_memory(*options.measure_memory)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        result = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "count": options.count,
            "clients": options.clients,
            "rows": options.rows,
            "milliseconds_a_report": side_by_side(folder, options.rounds),
            "seconds_for_one_workbook": one_workbook(folder, options.rows, options.one_rounds),
            "reports_a_second": whole_runs(folder, options.count, options.run_rounds, not options.no_dask),
            "seconds_from_cold": dict(zip(("wall", "processor"), cold_start(folder, options.run_rounds), strict=True)),
            "milliseconds_a_report_of_many_rows": grouped(folder, options.clients, 200, options.run_rounds),
            "seconds_a_pdf": dict(zip(("wall", "processor"), as_pdf(folder, options.pdfs), strict=True))
            if options.pdfs
            else {},
            "microseconds_a_row_read": microseconds_a_row(folder, 10 * options.rows),
            "peak_megabytes": {count: peak_memory(folder, count) for count in (options.count // 10, options.count)},
        }
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()

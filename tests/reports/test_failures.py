"""Errors are no success: reports with an error among their results, #NAME? anywhere, or a check that fails."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from support.books import make_book

from xladdin.cli import main

CELLS = {"A1": 1, "A2": "=10/(A1-2)", "A3": "=IF(A1>3,1,0)", "A4": '=IF(A3,"TOO LARGE","ALL WELL")', "A5": "=1/(A1-1)"}
NAMES = {"amount": "S!$A$1", "result": "S!$A$2", "checks_failed": "S!$A$3", "overall_flag": "S!$A$4"}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return make_book(tmp_path / "template.xlsx", CELLS, NAMES)


@pytest.fixture
def report(template: Path, tmp_path: Path) -> Callable[..., Result]:
    (tmp_path / "t.csv").write_text("amount\n1\n2\n3\n4\n", encoding="utf-8")

    def run(*options: str) -> Result:
        source = [str(tmp_path / "t.csv"), "--template", str(template), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(main, ["report", *source, *options])

    return run


def lines(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_reports_with_errors_are_named_by_file_sheet_and_cell(report: Callable[..., Result], tmp_path: Path) -> None:
    result = report()
    assert result.exit_code == 1
    out = tmp_path / "out"
    assert result.stderr.splitlines() == [
        "xladdin: report-2.xlsx: S!A2 #DIV/0!.",
        "xladdin: report-4.xlsx: S!A3 TOO LARGE.",
        f"4 reports and a summary in {out}, 2 with an error or a failing check.",
    ]
    assert [line["errors"] for line in lines(out / "manifest.csv")] == ["", "S!A2 #DIV/0!", "", "S!A3 TOO LARGE"]
    header, *rows = openpyxl.load_workbook(out / "summary.xlsx").active.iter_rows(3, values_only=True)
    assert [dict(zip(header, row, strict=True))["Errors"] for row in rows] == [
        None,
        "S!A2 #DIV/0!",
        None,
        "S!A3 TOO LARGE",
    ]


def test_an_unknown_name_in_any_cell_is_one(tmp_path: Path) -> None:
    cells = {"A1": 1, "A2": "=A1", "B7": "=IF(A1>1,NOSUCH(A1),1)"}
    book = make_book(tmp_path / "template.xlsx", cells, {"amount": "S!$A$1", "result": "S!$A$2"})
    (tmp_path / "t.csv").write_text("amount\n1\n2\n", encoding="utf-8")
    source = ["report", str(tmp_path / "t.csv"), "--template", str(book), "--out", str(tmp_path / "out"), "--trust"]
    result = CliRunner().invoke(main, source)
    assert (result.exit_code, "report-2.xlsx: S!B7 #NAME?." in result.stderr) == (1, True), result.stderr


def test_a_resumed_run_does_not_make_a_success_of_what_was_none(report: Callable[..., Result], tmp_path: Path) -> None:
    assert report().exit_code == 1
    again = report("--resume")
    assert (again.exit_code, "2 with an error" in again.stderr, "4 more there" in again.stderr) == (1, True, True)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--allow-errors",), 0),
        (("--fail-above", "49%"), 1),
        (("--fail-above", "50%"), 0),
        (("--fail-above", "0%"), 1),
        (("--fail-above", "0.02"), 2),
        (("--fail-above", "101%"), 2),
        (("--fail-above", "nan%"), 2),
    ],
)
def test_who_must_can_have_success_with_errors(
    report: Callable[..., Result], options: tuple[str, ...], code: int
) -> None:
    assert report(*options).exit_code == code


def test_rejected_rows_are_a_failure_though_errors_are_allowed(report: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("amount\n1\nx\n", encoding="utf-8")
    assert report("--allow-errors").exit_code == 1
    assert report("--fail-above", "50%", "--resume").exit_code == 0


def test_a_check_that_fails_in_one_workbook_of_all_rows_is_one(tmp_path: Path) -> None:
    rows = "symbol,venue,side,entry,quantity,leverage,maintenance_margin_rate,price\nBTC,,long,5,1,2,{},5\n"
    for rate, code in (("0.01", 0), ("", 1)):
        (tmp_path / "t.csv").write_text(rows.format(rate), encoding="utf-8")
        options = ["--template", "positions", "--into", str(tmp_path / f"{code}.xlsx")]
        result = CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), *options])
        assert (result.exit_code, "Checks!C7 CHECK FAILED" in result.stderr) == (code, bool(code)), result.stderr


def test_what_a_run_did_is_told_to_programs_as_json(report: Callable[..., Result], tmp_path: Path) -> None:
    result = report("--json")
    found = json.loads(result.stdout)
    assert (found["made"], found["with_errors"], found["rejected"], found["exit_code"]) == (4, 2, 0, 1)
    assert found["first_errors"][1] == {"file": "report-4.xlsx", "cells": "S!A3 TOO LARGE"}
    (tmp_path / "t.csv").write_text("other\n1\n", encoding="utf-8")
    failed = report("--json")
    assert (json.loads(failed.stdout)["exit_code"], failed.exit_code) == (3, 3)


@pytest.mark.parametrize("name", ["run.jsonl", "run.log"])
def test_a_log_has_a_line_for_all_that_happened(report: Callable[..., Result], tmp_path: Path, name: str) -> None:
    assert report("--log", str(tmp_path / name)).exit_code == 1
    assert report("--log", str(tmp_path / name), "--allow-errors", "--resume", "--quiet").exit_code == 0
    text = (tmp_path / name).read_text(encoding="utf-8").splitlines()
    if name.endswith(".jsonl"):
        found = [json.loads(line) for line in text]
        assert len({line["run"] for line in found}) == 2
        assert {line["level"] for line in found} == {"info", "error"}
        ends = [line for line in found if line["event"] == "ended"]
        assert [(line["made"], line["kept"], line["exit_code"]) for line in ends] == [(4, 0, 1), (0, 4, 0)]
        assert all(line["time"].endswith("+00:00") for line in found)
    assert sum("report-4.xlsx: S!A3 TOO LARGE" in line for line in text) == 2
    (tmp_path / "t.csv").unlink()
    assert report("--log", str(tmp_path / name)).exit_code == 3
    assert "t.csv is not there" in (tmp_path / name).read_text(encoding="utf-8").splitlines()[-1]


def test_a_log_that_cannot_be_written_is_one_sentence(report: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = report("--log", str(tmp_path / "file" / "run.log"))
    assert (result.exit_code, result.stderr.count("\n"), "there is no folder" in result.stderr) == (2, 1, True)


@pytest.mark.parametrize(
    "name", ["t.csv", "t.xlsx", "notes.txt", "foreign.jsonl", "list.tsv", "made.csv", "t.csv.map.toml"]
)
def test_a_log_is_no_file_of_another_kind(report: Callable[..., Result], tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("My notes\n", encoding="utf-8")
    (tmp_path / "foreign.jsonl").write_text('{"time":"2026-11-27","event":"of another program"}\n', encoding="utf-8")
    (tmp_path / "list.tsv").write_text("", encoding="utf-8")  # of which its first line does not say what it is
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = report("--log", str(tmp_path / name), "--set", f"fees={tmp_path / 'list.tsv'}")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert result.stderr.startswith(f"xladdin: --log {tmp_path / name} ")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_quiet_says_only_what_went_wrong(report: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("amount,colour\n1,red\n3,blue\n", encoding="utf-8")
    loud = report()
    assert (loud.exit_code, loud.stdout.count("\n"), "colour" in loud.stderr) == (0, 1, True)
    quiet = report("--quiet", "--resume")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_quiet_does_not_silence_what_is_doubtful(tmp_path: Path) -> None:
    """A line that is there twice doubles what a client has: a mail at night that nobody gets is no word."""
    rows = ["client_id,symbol,venue,side,entry,quantity,leverage,mmr,price,margin mode,colour"]
    rows += ["A,BTCUSDT,bybit,long,60000,1,5,1%,61000,isolated,red"] * 2
    rows += ["B,ETHUSDT,bybit,long,3000,1,5,1%,3100,cross,red", "Total,,,,,,,,,,"]
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "w.csv").write_text("client_id,venue,wallet balance\nB,bybit,900\nC,bybit,900\n", encoding="utf-8")
    options = ["--template", "positions", "--group-by", "client_id", "--with", f"wallets={tmp_path / 'w.csv'}"]
    options += ["--map", "client_id=portfolio", "--out", str(tmp_path / "out"), "--log", str(tmp_path / "log.jsonl")]
    result = CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), *options, "--quiet"])
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    for doubt in (
        "line 3 is the same as line 2; each is counted",
        "not counted as a row: line 5 (Total)",
        "rows of 1 client_id not in",
        "no rows of 1 client_id of",
    ):
        assert doubt in result.stderr
    assert "columns not used" not in result.stderr
    assert "rows of 2 client_id for the list wallets" not in result.stderr
    found = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    told = {line["event"]: line["level"] for line in found}
    assert [told[event] for event in told if "each is counted" in event] == ["warning"]
    assert [told[event] for event in told if "columns not used" in event] == ["info"]
    loud = CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), *options, "--json", "--resume"])
    data = json.loads(loud.stdout)
    assert set(data["doubts"]) < set(data["remarks"])
    assert any("each is counted" in doubt for doubt in data["doubts"])


def test_an_example_of_the_template_is_said_with_quiet_too(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "client_id,symbol,venue,side,entry,quantity,leverage,mmr,price\nA,BTCUSDT,bybit,long,60000,1,5,1%,61000\n",
        encoding="utf-8",
    )
    options = ["--template", "positions", "--group-by", "client_id", "--map", "client_id=portfolio"]
    options += ["--set", "as_of=today", "--set", "price_source=us", "--out", str(tmp_path / "out"), "--quiet"]
    told = CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), *options])
    assert told.exit_code == 0
    settings = "shock, largest_shock, watch_distance, danger_distance, largest_count, check_tolerance"
    assert told.stderr == (
        f"xladdin: From the template: currency USDT, close_fee 0.055%; and the settings {settings}.\n"
    )
    own = [*options, "--set", "currency=USDT", "--set", "close_fee=0.05%"]
    assert CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), *own]).output == ""
    accepted = CliRunner().invoke(main, ["report", str(tmp_path / "t.csv"), *options, "--defaults"])
    assert "From the template" not in accepted.output

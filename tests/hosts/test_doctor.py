"""The report of what works, and what it says of a broken machine."""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from pathlib import Path

import pytest

from xladdin import __version__, udfs
from xladdin.core.errors import UserError
from xladdin.hosts import doctor, excel
from xladdin.hosts.registry import HOSTS


def by_what(host: str) -> dict[str, doctor.Finding]:
    return {finding.what: finding for finding in doctor.report(host)}


@pytest.mark.parametrize("host", ["python", "lambda"])
def test_hosts_that_need_nothing_work_by_a_real_call(host: str) -> None:
    findings = doctor.report(host)
    assert doctor.works(findings)
    calls = [finding for finding in findings if "LEV_LIQPRICE(50000, 10, 0.01) = 45500.0" in finding.found]
    assert len(calls) == len({"python", host})


def test_every_cross_says_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XLWINGS_LICENSE_KEY", raising=False)
    for host in ("excel", "server"):
        for finding in doctor.report(host):
            assert finding.works or finding.mend, finding
    lines = doctor.as_lines(doctor.report("server"))
    assert any(line.startswith("  not set up  licence") for line in lines)  # nobody's fault who has not asked for it
    assert "XLWINGS_LICENSE_KEY=noncommercial, or" in lines[-1]


def test_the_server_works_once_its_licence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xlwings_server")
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    assert doctor.works(doctor.report("server"))


@pytest.mark.skipif(sys.platform == "win32", reason="there Excel may work")
def test_excel_does_not_work_where_it_is_not() -> None:
    findings = by_what("excel")
    assert not doctor.works(list(findings.values()))
    assert "Windows" in findings["the add-in"].found
    assert findings["xlwings"].works


def test_an_xlwings_that_the_add_in_does_not_name(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version
    monkeypatch.setattr(excel, "version", lambda name: "0.30.0" if name == "xlwings" else real(name))
    finding = by_what("excel")["xlwings' DLL"]
    assert not finding.works
    assert re.search(rf'install .*--force-reinstall "xlwings=={excel.dll_version()}"$', finding.mend)


def test_the_installed_add_in_and_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert not by_what("excel")["the add-in"].works
    excel.install()
    assert by_what("excel")["the add-in"].found.startswith(f"{__version__}, ")
    assert by_what("excel")["the add-in"].works
    monkeypatch.setattr(excel, "__version__", "99.0")
    older = by_what("excel")["the add-in"]
    assert (older.works, older.mend) == (False, "xladdin install excel")
    excel.installed_file().write_text("something else")
    assert "not an add-in that xladdin built" in by_what("excel")["the add-in"].found


def test_a_host_that_fails_is_a_line_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: float) -> None:
        raise ValueError("numpy is broken")

    monkeypatch.setattr(udfs, "LEV_LIQPRICE", fails)
    finding = by_what("python")["a call in Python"]
    assert (finding.works, finding.found) == (False, "LEV_LIQPRICE(50000, 10, 0.01) failed: numpy is broken")
    assert "  FAILS       a call in Python" in "\n".join(doctor.as_lines([finding]))


def test_an_unknown_host_is_refused() -> None:
    with pytest.raises(UserError, match="there are python, "):
        doctor.report("lotus")


@pytest.mark.hosts
def test_the_whole_report_as_data() -> None:
    pytest.importorskip("xladdin.hosts.libreoffice.installation")
    data = doctor.as_data(doctor.report())
    assert {entry["host"] for entry in data} == set(HOSTS)
    assert all({"host", "what", "works", "found", "mend", "is_set_up"} == set(entry) for entry in data)


def test_tiers_that_are_old_say_so_and_damaged_ones_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xladdin.core import tier_sets

    monkeypatch.setattr(tier_sets, "user_folder", lambda: tmp_path)
    old = {"schema": tier_sets.SCHEMA, "venue": "okx", "date": "2020-01-31", "source": "a test"}
    (tmp_path / "okx-2020-01-31.json").write_text(json.dumps(old | {"tables": [], "symbols": {}}))
    finding = by_what("python")["margin tiers of okx"]
    assert finding.works
    assert "tiers of 2020-01-31" in finding.found
    assert "`xladdin tiers fetch okx`" in finding.found
    (tmp_path / "okx-2020-02-01.json").write_text("{")
    finding = by_what("python")["margin tiers"]
    assert not finding.works
    assert "okx-2020-02-01.json is no JSON" in finding.found

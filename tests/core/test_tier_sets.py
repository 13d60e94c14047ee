"""The sets of margin tiers: those that ship, a user's own, and what is said where there is none."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from xladdin.core import tier_sets
from xladdin.core.errors import UnreadableError, UserError
from xladdin.udfs import LEV_LIQTIERED, LEV_MAXLEVERAGE, LEV_TIERDATE, LEV_TIERS
from xladdin.workbook import one_formula

OCTOBER_2024 = datetime.date(2024, 10, 24)
TINY = {
    **{"schema": "xladdin.tiers/1", "venue": "okx", "date": "2026-01-31", "source": "a test"},
    **{"tables": [[[0, 0.004, 100], [1000, 0.01, 50]]], "symbols": {"BTC/USDT:USDT": 0}},
}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of a user's sets."""
    monkeypatch.setattr(tier_sets, "user_folder", lambda: tmp_path)
    tier_sets.read.cache_clear()
    return tmp_path


@pytest.mark.parametrize(
    "spelling",
    ["BTCUSDT", "btcusdt", "BTC/USDT", "BTC-USDT", "BTC_USDT", "BTC/USDT:USDT", " BTC-USDT-SWAP ", "BTCUSDT_PERP"],
)
def test_a_symbol_is_found_in_any_spelling(spelling: str) -> None:
    assert tier_sets.find("binance", OCTOBER_2024).table(spelling)[1] == [50000, 0.005, 100]


def test_symbols_that_ship_are_told_apart_by_their_short_form() -> None:
    for path in tier_sets.SHIPPED.glob("*.json"):
        found = tier_sets.read(path)
        assert len(found.names) == len(found.symbols)
        assert path.name == tier_sets.file_name(found.venue, found.date)


def test_a_live_position_comes_out_with_the_tiers_of_its_day() -> None:
    # What Binance itself reported on 2024-10-24, with the margin that it held.
    rows = LEV_TIERS("binance", "ETHUSDT", 45589)
    assert LEV_LIQTIERED(2614.8, 5.737, 5722.76987864, rows) == pytest.approx(1623.77551366, abs=1.01e-8)


def test_the_newest_set_that_is_not_younger_than_a_day() -> None:
    assert LEV_TIERDATE("binance", 45589) == [[45589.0]]
    assert LEV_TIERDATE("Binance", 45600, 1) == 45589
    assert LEV_TIERDATE("binance", 45588) == "#N/A"
    assert LEV_TIERDATE("binance")[0][0] > 46000


def test_what_is_not_there_is_an_error_and_says_why() -> None:
    assert LEV_TIERS("mtgox", "BTCUSDT") == "#VALUE!"
    assert LEV_TIERS("dydx", "BTCUSDT") == "#N/A"
    assert LEV_TIERS("binance", "BTCUSDTT") == "#N/A"
    assert LEV_TIERS("binance", 7) == "#VALUE!"
    assert LEV_TIERS("binance", None) == "#N/A"
    with pytest.raises(UserError, match="no venue 'binanse'; did you mean binance"):
        tier_sets.find("binanse")
    with pytest.raises(UserError, match="'ETHUSDD'; did you mean ETHUSD"):
        tier_sets.find("binance").table("ETHUSDD")
    with pytest.raises(UserError, match="no tiers of dydx here"):
        tier_sets.find("dydx")
    with pytest.raises(UserError, match="go back to 2024-10-24, and 2024-10-23 is before it"):
        tier_sets.find("binance", datetime.date(2024, 10, 23))


def test_rows_of_tiers_go_into_another_function() -> None:
    assert one_formula.evaluate('=LEV_MAXLEVERAGE(60000,LEV_TIERS("binance","BTCUSDT",45589))') == 100
    assert LEV_MAXLEVERAGE(60000, LEV_TIERS("binance", "BTCUSDT", 45589)) == 100
    assert one_formula.evaluate('=LEV_TIERS("binance","BTCUSDT",45589,"max_leverage",2)') == 100


def test_a_set_of_the_user_is_taken_by_its_day(own: Path) -> None:
    (own / "okx-2026-01-31.json").write_text(json.dumps(TINY))
    assert LEV_TIERS("okx", "BTC-USDT-SWAP") == [[0, 0.004, 100], [1000, 0.01, 50]]
    (own / "binance-2024-10-24.json").write_text(json.dumps(TINY | {"venue": "binance", "date": "2024-10-24"}))
    assert LEV_TIERS("binance", "BTCUSDT", 45589, "floor", 2) == 1000, "of the same day the user's own"
    assert LEV_TIERS("binance", "BTCUSDT", 0, "floor", 2) != 1000, "a newer one is newer"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no JSON"),
        ("{}", "is of schema None"),
        ("[1]", "is of schema 'list'"),
        (json.dumps(TINY | {"schema": "xladdin.tiers/2"}), "is of schema 'xladdin.tiers/2'"),
        (json.dumps(TINY | {"symbols": {"BTC/USDT:USDT": 1}}), "is damaged"),
        (json.dumps(TINY | {"tables": "x"}), "is damaged"),
        (json.dumps(TINY | {"date": "January"}), "is damaged"),
        (json.dumps({key: TINY[key] for key in TINY if key != "tables"}), "is damaged"),
    ],
)
def test_a_damaged_file_is_one_sentence_and_no_number(own: Path, text: str, said: str) -> None:
    (own / "okx-2026-01-31.json").write_text(text)
    with pytest.raises(UnreadableError, match=f"okx-2026-01-31.json {said}"):
        tier_sets.find("okx")
    assert LEV_TIERS("okx", "BTCUSDT") == "#N/A"


def test_files_that_are_no_sets_are_not_looked_at(own: Path) -> None:
    for name in ("notes.json", "okx.json", "okx-soon.json", "okx-2026-01-31.part"):
        (own / name).write_text("no")
    assert [found.venue for found in tier_sets.newest()] == ["binance"]


@pytest.mark.parametrize(
    ("system", "variables", "folder"),
    [
        ("linux", {}, ".local/share"),
        ("linux", {"XDG_DATA_HOME": "elsewhere"}, "elsewhere"),
        ("darwin", {"XDG_DATA_HOME": "elsewhere"}, "Library/Application Support"),
        ("win32", {}, "AppData/Local"),
        ("win32", {"LOCALAPPDATA": "elsewhere"}, "elsewhere"),
    ],
)
def test_where_each_system_keeps_what_a_user_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], folder: str
) -> None:
    monkeypatch.setattr(tier_sets.sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    assert tier_sets.user_folder() == tmp_path / folder / "xladdin" / "tiers"


def test_tiers_are_read_when_they_are_asked_for() -> None:
    loaded = "import sys, xladdin.udfs; print('xladdin.core.tier_sets' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"

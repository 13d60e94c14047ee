"""The documentation as a site: built without a warning, opened and searched in a real browser, from files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.required import need

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.hosts


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(ROOT / "docs"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def shown(page: str) -> str:
    """What a browser makes of a page when its scripts have run."""
    browser = shutil.which("chromium")
    need("chromium", browser)
    command = [str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]
    return subprocess.run([*command, page], capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_first_page_leads_to_all_others_and_shows_its_picture(site: Path) -> None:
    page = shown((site / "index.html").as_uri())
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert [name for name in sorted(pages) if f'href="{name}.html' not in page and name != "index"] == []
    assert 'src="_images/futures-planner.png"' in page
    assert (site / "_images" / "futures-planner.png").is_file()


@pytest.mark.parametrize(("words", "found"), [("rigs", "for-miners.html"), ("LEV_LIQPRICE", "functions.html")])
def test_it_is_searched_without_a_server(site: Path, words: str, found: str) -> None:
    assert found in shown(f"{(site / 'search.html').as_uri()}?q={words}").partition("Search finished")[2]

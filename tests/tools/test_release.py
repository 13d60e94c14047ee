"""A release dates what is unreleased, once, and a tag is of a clean checkout."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import release

DAY = datetime.date(2026, 12, 1)
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n\n## [0.1.0] - 2026-11-26\n\n- The first.\n"


def test_what_is_unreleased_gets_the_version_and_the_day() -> None:
    text = release.released(CHANGELOG, "0.2.0", DAY)
    assert "## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- Something.\n\n## [0.1.0]" in text


@pytest.mark.parametrize(
    ("text", "version"), [(CHANGELOG.replace("- Something.\n", ""), "0.2.0"), (CHANGELOG, "0.1.0")]
)
def test_nothing_is_released_twice_or_empty(text: str, version: str) -> None:
    with pytest.raises(ValueError, match="CHANGELOG"):
        release.released(text, version, DAY)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_release_is_a_commit_and_a_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    for name, value in (("AUTHOR", "A"), ("COMMITTER", "C")):
        monkeypatch.setenv(f"GIT_{name}_NAME", value)
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "nobody@example.com")
    git("init", "--quiet")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    (tmp_path / "package.py").write_text('__version__ = "0.1.0"\nFORMAT = 1\n', encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message", "Start")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "CHANGELOG", tmp_path / "CHANGELOG.md")
    monkeypatch.setattr(release, "PACKAGE", tmp_path / "package.py")
    with pytest.raises(SystemExit, match="two is no version"):
        release.main(["two"])
    release.main(["0.2.0"])
    assert (tmp_path / "package.py").read_text(encoding="utf-8") == '__version__ = "0.2.0"\nFORMAT = 1\n'
    assert git("tag").split() == ["v0.2.0"]
    assert git("status", "--porcelain") == ""
    (tmp_path / "package.py").write_text("changed", encoding="utf-8")
    with pytest.raises(SystemExit, match="not committed"):
        release.main(["0.3.0"])

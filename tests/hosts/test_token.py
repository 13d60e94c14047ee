"""The token of the server: one user's, the same at each start."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xladdin.core.errors import UserError
from xladdin.hosts.token import token


def test_the_token_is_the_users_own_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xladdin.hosts.token.user_folder", lambda: tmp_path / "data" / "tiers")
    path = tmp_path / "data" / "server-token"
    first = token()
    assert first == path.read_text(encoding="utf-8").strip()
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
    assert token() == first
    path.write_text("../\n", encoding="utf-8")
    second = token()
    assert second not in (first, "../")
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0


def test_a_token_that_can_not_be_kept_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("xladdin.hosts.token.user_folder", lambda: tmp_path / "file" / "tiers")
    with pytest.raises(UserError, match="the server's token, can't be read or written: "):
        token()

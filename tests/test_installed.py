"""The command by which a copy of xladdin gets what it lacks, of each way that it may have been installed."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from xladdin import installed


@pytest.mark.skipif(sys.platform == "win32", reason="the paths are those of POSIX")
@pytest.mark.parametrize(
    ("found", "extra", "source"),
    [
        ({"url": "file:///home/ann/xladdin", "dir_info": {}}, "", "/home/ann/xladdin"),
        ({"url": "file:///home/ann/my%20clone", "dir_info": {}}, "excel", '"/home/ann/my clone[excel]"'),
        ({"url": "file:///src/x", "dir_info": {"editable": True}}, "excel", '--editable "/src/x[excel]"'),
        ({"url": "file:///tmp/xladdin-0.1.0-py3-none-any.whl"}, "", "/tmp/xladdin-0.1.0-py3-none-any.whl"),
        ({"url": "https://host.example/xladdin.whl"}, "server", '"xladdin[server] @ https://host.example/xladdin.whl"'),
        (None, "", "xladdin"),
        (None, "excel", '"xladdin[excel]"'),
    ],
)
def test_it_is_installed_from_where_it_came(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, Any] | None, extra: str, source: str
) -> None:
    monkeypatch.setattr(installed, "_kept_by_pip", lambda: json.dumps(found) if found else None)
    monkeypatch.setattr(installed, "find_spec", lambda name: name)
    monkeypatch.setattr(sys, "executable", "/home/ann/.venv/bin/python")
    assert installed.again(extra) == f"/home/ann/.venv/bin/python -m pip install --force-reinstall {source}"


def test_a_place_without_pip_is_one_that_uv_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_kept_by_pip", lambda: None)
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "executable", "/tools/Müller & Söhne/python")
    assert installed.again() == 'uv pip install --python "/tools/Müller & Söhne/python" --force-reinstall xladdin'

"""Tests that need an application of somebody else's: skipped where it is missing, failing where it is asked for."""

from __future__ import annotations

import os

import pytest


def need(application: str, found: object) -> None:
    """Go on only where the application was found; XLADDIN_REQUIRE lists those whose absence is a failure."""
    if found:
        return
    if application in os.environ.get("XLADDIN_REQUIRE", "").replace(",", " ").split():
        pytest.fail(f"{application} is not installed, and XLADDIN_REQUIRE asks for it")
    pytest.skip(f"{application} is not installed")

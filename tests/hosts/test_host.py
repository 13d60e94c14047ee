"""What is looked at of a host."""

from __future__ import annotations

from typing import Any

from xladdin import installed, udfs
from xladdin.hosts.host import PROBE, live, package


def test_a_call_that_works_one_that_is_wrong_and_one_that_fails() -> None:
    def fails() -> Any:
        raise OSError("no such program")

    name, arguments, expected = PROBE
    assert getattr(udfs, name)(*arguments) == expected
    right, wrong, failed = (
        live("x", "a call", call, "do this") for call in (lambda: expected, lambda: expected + 1, fails)
    )
    assert (right.works, right.found) == (True, "LEV_LIQPRICE(50000, 10, 0.01) = 45500.0")
    assert (wrong.works, wrong.mend) == (False, "do this")
    assert (failed.works, failed.found) == (False, "LEV_LIQPRICE(50000, 10, 0.01) failed: no such program")


def test_a_package_that_is_missing_is_named_with_what_mends_it() -> None:
    assert package("x", "numpy", "excel").works
    missing = package("x", "no-such-package", "excel")
    assert (missing.works, missing.mend) == (False, installed.again("excel"))

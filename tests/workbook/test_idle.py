"""An input that is given and changes nothing is said: such as a leverage where the size goes by loops."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import call


@pytest.mark.parametrize(
    ("template", "given", "idle", "mended"),
    [
        ("staking-loop", ["chosen_leverage=5"], ["chosen_leverage"], "sizing=leverage"),
        ("staking-loop", ["chosen_leverage=5", "sizing=leverage", "loops=2"], ["loops"], "sizing=loops"),
        ("mining-leveraged", ["hedge_share=0", "hedge_price=5000"], ["hedge_price"], ""),
        ("mining-leveraged", ["credit_share=0", "apr=0.2", "balloon_share=0.1"], ["apr", "balloon_share"], ""),
        ("futures-planner", ["entry=61000", "stop=60000", "client=me"], [], ""),
        ("futures-planner", ["leverage=10"], [], ""),  # its own
    ],
)
def test_an_input_that_changes_nothing_is_said(
    tmp_path: Path, template: str, given: list[str], idle: list[str], mended: str
) -> None:
    said = call("new", template, "-o", tmp_path / "own.xlsx", *(word for each in given for word in ("--set", each)))
    lines = [line for line in said.stderr.splitlines() if "no result with" in line]
    change = "changes" if len(idle) == 1 else "change"
    names = " and ".join(idle)
    with_it = f"; it does with {mended}" if mended else ""
    assert lines == (
        [f"xladdin: {names} {change} no result with the other inputs as they are{with_it}."] if idle else []
    )

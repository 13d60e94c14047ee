"""What of the hosts is there, what works, and the one command that mends what does not."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import Any

from xladdin.hosts.host import Finding
from xladdin.hosts.registry import all_hosts, host_of

_WIDTH = len("not set up")


def report(host: str | None = None) -> list[Finding]:
    """Look at every host, or at one.

    Parameters
    ----------
    host : str, optional
        Its name.

    Returns
    -------
    list of Finding
        Python's own first, which every host needs.

    Raises
    ------
    UserError
        When there is no such host.
    """
    hosts = all_hosts() if host is None else [host_of("python"), *([host_of(host)] if host != "python" else [])]
    return [finding for each in hosts for finding in each.findings()]


def works(findings: list[Finding]) -> bool:
    return all(finding.works for finding in findings)


def as_data(findings: list[Finding]) -> list[dict[str, Any]]:
    """The report for a program to read."""
    return [asdict(finding) for finding in findings]


def as_lines(findings: list[Finding]) -> list[str]:
    """The report for a person: the hosts, a line for each finding, and below one that does not work what mends it."""
    lines = []
    for name, of_host in itertools.groupby(findings, lambda finding: finding.host):
        lines.append(f"{host_of(name).where} ({name})")
        for finding in of_host:
            state = "works" if finding.works else "FAILS" if finding.is_set_up else "not set up"
            lines.append(f"  {state:<{_WIDTH}}  {finding.what}: {finding.found}")
            if not finding.works and finding.mend:
                lines.append(f"  {'':<{_WIDTH}}  {finding.mend}")
    return lines

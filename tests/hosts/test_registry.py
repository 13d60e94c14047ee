"""One list of hosts: each in its file, under its name, and known to every command."""

from __future__ import annotations

import pytest

from xladdin.core.errors import UserError
from xladdin.hosts import doctor
from xladdin.hosts.registry import FORMER_NAMES, HOSTS, all_hosts, host_of


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_is_in_its_file_under_its_name(name: str) -> None:
    host = host_of(name)
    assert host.name == name
    assert host.where
    assert host.how
    assert host.proved
    assert (host.build is None) == (not host.built)
    assert (host.install is None) == (not host.installed)


def test_a_former_name_is_no_name_of_today_and_leads_to_one() -> None:
    assert FORMER_NAMES.keys().isdisjoint(HOSTS)
    assert set(FORMER_NAMES.values()) <= HOSTS.keys()


def test_what_is_no_host_is_said() -> None:
    with pytest.raises(UserError, match="'lotus' is no host; there are python, "):
        host_of("lotus")


def test_doctor_speaks_of_a_host_under_its_name() -> None:
    for host in all_hosts():
        if host.name != "libreoffice":  # takes a real Calc, see test_calc_functions.py
            assert {finding.host for finding in doctor.report(host.name)} == {"python", host.name}

"""Commands of spreadsheet applications: install, build, serve, doctor."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xladdin.cli.common import FILE, HostName, for_people, of_a_new_file, present_name
from xladdin.cli.examples import epilog
from xladdin.cli.groups import Command, Group
from xladdin.hosts.registry import FORMER_NAMES, HOSTS

if TYPE_CHECKING:
    from xladdin.hosts.host import Host


class _HostGroup(Group):
    """A command for each host that has something to do; a host's file is read when its name is given, or for a list."""

    def __init__(self, *args: Any, has: Callable[[Host], bool], command: Callable[[Host], click.Command], **kw: Any):
        super().__init__(*args, **kw)
        self._has, self._command = has, command

    def list_commands(self, context: click.Context) -> list[str]:
        from xladdin.hosts.registry import all_hosts

        return [host.name for host in all_hosts() if self._has(host)]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        from xladdin.hosts.registry import host_of

        host = host_of(present_name(name)) if name in (*HOSTS, *FORMER_NAMES) else None
        return self._command(host) if host and self._has(host) else None


def _installing(host: Host) -> click.Command:
    @for_people
    def install_host() -> None:
        click.echo(host.install and host.install(), err=True)

    return Command(host.name, callback=install_host, help=host.installed, epilog=epilog(f"install {host.name}"))


def _building(host: Host) -> click.Command:
    @for_people
    @of_a_new_file(beside=host.beside)
    def build_file(output: Path) -> None:
        if host.build:
            host.build(output)
        click.echo(f"{output} is ready; its SHA-256 is {hashlib.sha256(output.read_bytes()).hexdigest()}.", err=True)

    return click.command(host.name, cls=Command, help=host.built, epilog=epilog(f"build {host.name}"))(build_file)


@click.group(cls=_HostGroup, has=lambda host: host.install is not None, command=_installing)
def install() -> None:
    """Put the functions into a spreadsheet application."""


@click.group(cls=_HostGroup, has=lambda host: host.build is not None, command=_building)
def build() -> None:
    """Build what an application loads, without installing it."""


@click.command(cls=Command)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Where to listen, on this machine only.",
)
@click.option("--certificate", type=FILE, help="A certificate that Excel trusts, for https.")
@click.option("--key", type=FILE, help="The file with the certificate's key.")
@for_people
def serve(port: int, certificate: Path | None, key: Path | None) -> None:
    """Answer Excel on Mac and the web through xlwings Server."""
    from xladdin.hosts.server import serve

    serve(port, certificate, key, lambda line: click.echo(line, err=True))


@click.command(cls=Command)
@click.option("--host", type=HostName(HOSTS), help="Only this host, and exit 1 when it does not work.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@for_people
def doctor(host: str | None, as_json: bool) -> None:
    """Say what is installed, what works, and what mends the rest."""
    from xladdin.hosts import doctor

    findings = doctor.report(host)
    click.echo(json.dumps(doctor.as_data(findings), indent=2) if as_json else "\n".join(doctor.as_lines(findings)))
    sys.exit(1 if host and not doctor.works(findings) else 0)

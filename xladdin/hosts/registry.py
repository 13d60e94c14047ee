"""Which hosts there are: a line for each, and all that is known of it in its file.

The commands and the README's table follow from this list. A host's file is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module

from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.hosts.host import Host

# By its name the module with its `HOST`.
HOSTS = {
    "python": "xladdin.hosts.python",
    "libreoffice": "xladdin.hosts.libreoffice.installation",
    "excel": "xladdin.hosts.excel",
    "server": "xladdin.hosts.server",
    "lambda": "xladdin.hosts.lambda_names",
    "lite": "xladdin.hosts.lite",
    "sheets": "xladdin.hosts.sheets.edition",
}
# What the commands still take, until the release after 0.1.
FORMER_NAMES = {"native": "lambda", "add-in": "excel"}


def host_of(name: str) -> Host:
    """The host of a name.

    Raises
    ------
    UserError
        When there is none.
    """
    if name not in HOSTS:
        raise UserError(f"{quoted(name)} is no host{did_you_mean(name, HOSTS)}; there are {', '.join(HOSTS)}.")
    host: Host = import_module(HOSTS[name]).HOST
    return host


def all_hosts() -> list[Host]:
    """Every host, in the order of the list."""
    return list(map(host_of, HOSTS))

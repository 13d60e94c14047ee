"""The command line: thin, one function a command. Data on standard output, messages on standard error.

Exit codes: 0 fine, 1 some rows rejected, a result that is an error or a check that fails, 2 wrong use or no place to
write, 3 unreadable input, 4 a fault of xladdin's own, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import atexit
import gc
import io
import sys

import click

from xladdin import __version__
from xladdin.cli import completion, examples, hosts, reports, templates, tiers, workbooks
from xladdin.cli.groups import Group

# A command begins with a hundred thousand objects that stay: going through them time and again is a seventh of that.
_FEWER_COLLECTIONS = 100_000


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-v", "--version", prog_name="xladdin")
def main() -> None:
    """The mathematics of leverage: functions, template workbooks and batch reports."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe on Windows can't take every character
    gc.set_threshold(_FEWER_COLLECTIONS)
    atexit.register(gc.freeze)  # what is there at the end goes with the process, and is not looked through once more


for _command in (
    *(reports.report, reports.check_table, reports.fetch_table, reports.update),
    *(workbooks.new, workbooks.recalc, workbooks.evaluate, workbooks.functions, workbooks.venues),
    *(templates.templates, templates.template, tiers.tiers),
    *(hosts.install, hosts.build, hosts.serve, hosts.doctor, completion.completion),
):
    main.add_command(_command)
examples.add(main)

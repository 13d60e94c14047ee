"""The list of what a run made that may be sent: the file, whose it is, and the address, for a program that sends it."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import polars

from xladdin.core.errors import UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports import naming
from xladdin.reports.rejected import inert, short
from xladdin.reports.table import Table
from xladdin.reports.wording import listed
from xladdin.workbook.file.writing import write_whole

NAME = "made.csv"


class Mailing:
    """The key and the address of each report, kept on disk: a run may be of any length."""

    def __init__(self, table: Table, pattern: str, address: str) -> None:
        """Begin a list.

        Parameters
        ----------
        table : Table
            The table of the rows.
        pattern : str
            How the reports are named: the columns in it are the key.
        address : str
            The column of the addresses.

        Raises
        ------
        UserError
            When the table has no such column.
        """
        if address not in table.columns:
            raise UserError(
                f"--address {quoted(address)} is no column of {table.path}{did_you_mean(address, table.columns)}; "
                f"its columns are {listed(table.columns)}."
            )
        self._address = address
        self._keys = [name for name in naming.fields(pattern, table.columns) if name in table.columns]
        self._database = sqlite3.connect("")  # a temporary file that goes with the connection
        self._database.execute("CREATE TABLE made (file TEXT PRIMARY KEY, key TEXT, address TEXT) WITHOUT ROWID")

    def note(self, files: Sequence[Any], raw: polars.DataFrame) -> None:
        """Note whose the files of some rows are; a row that gets none has something else in its place."""
        keys = [" ".join(map(_text, row)) for row in zip(*(raw[name].to_list() for name in self._keys), strict=True)]
        addresses = map(_text, raw[self._address].to_list())
        noted = zip(files, keys or [""] * len(files), addresses, strict=True)
        self._database.executemany(
            "INSERT OR REPLACE INTO made VALUES (?, ?, ?)", (row for row in noted if isinstance(row[0], str))
        )

    def write(self, path: Path, made: Iterable[tuple[str, str]], pdf: Path | None) -> list[str]:
        """Write the list.

        Parameters
        ----------
        path : Path
            The file.
        made : iterable of tuple
            Of each report that may be sent, its file, and that of its PDF.
        pdf : Path, optional
            The folder of the PDFs, if there are any.

        Returns
        -------
        list of str
            Which of them have no address, or something else in its place.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["file", "key", "address", *(["pdf"] if pdf else [])])
        without: list[str] = []
        for file, as_pdf in made:
            found = self._database.execute("SELECT key, address FROM made WHERE file = ?", (file,)).fetchone()
            key, address = found or ("", "")
            if "@" not in address:
                without.append(f"{file} ({short(address)} is none)" if address else file)
                address = ""
            writer.writerow([file, inert(key), inert(address), *([str(pdf / as_pdf)] if pdf else [])])
        self._database.close()
        write_whole(path, text.getvalue().encode())
        return without


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()

"""What a run made, and what it could not."""

from __future__ import annotations

from dataclasses import dataclass, field

from xladdin.core.errors import UserError
from xladdin.reports.rejected import SHOWN, Rejection


class StoppedError(UserError):
    """Ctrl-C."""

    exit_code = 130


@dataclass
class Outcome:
    """What a run made, and what it could not.

    Attributes
    ----------
    made, kept, rejected : int
        The reports made, those of an earlier run that are as they would be made, and the rows that can't be used.
    with_errors : int
        Those made or kept that are no success: an error among their results, or a check that fails.
    first_rejected : list of Rejection
        The first few of these.
    first_errors : list of tuple
        The first few reports with errors, each with the cells.
    remarks : list of str
        What is worth saying of the table.
    told : int
        How many of these were told before the run.
    not_made : int, optional
        The reports that rejected rows would have been, where that is another number than that of the rows.
    """

    made: int = 0
    kept: int = 0
    rejected: int = 0
    with_errors: int = 0
    first_rejected: list[Rejection] = field(default_factory=list)
    first_errors: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    told: int = 0
    not_made: int | None = None

    @property
    def lost(self) -> int:
        """How many reports there should have been besides those that are."""
        return self.rejected if self.not_made is None else self.not_made

    @property
    def wanted(self) -> int:
        """How many reports there should have been."""
        return self.made + self.kept + self.lost

    def note_errors(self, file: str, failures: str) -> None:
        """Count a report that is no success."""
        self.with_errors += 1
        if len(self.first_errors) < SHOWN:
            self.first_errors.append((file, failures))

    def note_kept(self, file: str, failures: str) -> None:
        """Count a report of an earlier run that is as it would be made."""
        self.kept += 1
        if failures:
            self.note_errors(file, failures)

    def note_table(self, file: str, rows: int, failures: str) -> None:
        """Count the rows of one workbook that are no success; one of which a check fails is none either."""
        if failures:
            self.with_errors = max(rows, 1)
            self.first_errors.append((file, failures))

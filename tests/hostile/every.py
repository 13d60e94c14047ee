"""All hostile files."""

from __future__ import annotations

from hostile.packages import PACKAGES
from hostile.tables import TABLES
from hostile.workbooks import WORKBOOKS

EVERY = [*PACKAGES, *WORKBOOKS, *TABLES]

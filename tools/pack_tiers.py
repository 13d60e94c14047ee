"""Pack a file of leverage tiers of freqtrade's form as a set that ships.

`python -m tools.pack_tiers FILE VENUE DATE SOURCE`
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from xladdin import tier_files
from xladdin.core import tier_sets


def pack(file: Path, venue: str, date: datetime.date, source: str) -> Path:
    """Write the set into the package's folder."""
    tiers = tier_files.by_symbol(json.loads(file.read_text(encoding="utf-8")), str(file))
    tables = {symbol: tier_files.table(listed) for symbol, listed in tiers.items()}
    path = tier_sets.SHIPPED / tier_sets.file_name(venue, date)
    path.write_text(tier_files.packed(venue, date, source, tables), encoding="utf-8")
    return path


if __name__ == "__main__":
    file, venue, date, source = sys.argv[1:]
    print(pack(Path(file), venue, datetime.date.fromisoformat(date), source))

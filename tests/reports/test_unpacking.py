"""Tables in a .zip or a .gz."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

from support.tables import refused

TEXT = "note,entry\nM\u00fcller,1.5\nB,2\n"


def test_a_zip_of_several_tables_or_none_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TEXT)
        archive.writestr("b.csv", TEXT)
    assert "holds 2 files; allowed is a .zip of one table" in refused(path)
    path.write_bytes(path.read_bytes()[:40])
    assert "can't be unpacked" in refused(path)
    gz = tmp_path / "t.csv.gz"
    gz.write_bytes(gzip.compress(TEXT.encode())[:30])
    assert "can't be unpacked" in refused(gz)

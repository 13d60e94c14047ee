"""Tables as text: encodings, what stands between values, lines before the header, and what is damaged."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from support.tables import read, refused

from xladdin.reports.table import open_table

TEXT = "note,entry\nM\u00fcller,1.5\nB,2\n"


def test_text_files_of_every_kind_and_packing(tmp_path: Path) -> None:
    wanted = [(2, "M\u00fcller", "1.5"), (3, "B", "2")]
    for name, text in (("a.csv", TEXT), ("a.txt", TEXT.replace(",", "|")), ("a.tsv", TEXT.replace(",", "\t"))):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert read(path) == wanted
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        assert read(tmp_path / f"{name}.gz") == wanted
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.write(path, name)
        assert read(tmp_path / f"{name}.zip") == wanted


def test_lines_before_the_header_are_passed_over_or_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('My positions,,\n\nsep=,\nnote,entry,side\n"two\nlines",1,long\n"x, y",2,short\n\n', newline="\n")
    table = open_table(path)
    assert (table.header, table.columns) == (4, ["note", "entry", "side"])
    assert read(path)[0][1:] == ("two\nlines", "1", "long")
    path.write_text("1,2\n3,4\nentry,leverage\n5,6\n")
    assert read(path, header=3) == [(4, "5", "6")]


def test_a_semicolon_file_whose_header_has_a_comma_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('"Preis, USD";leverage\n5;10\n7;3\n')
    assert open_table(path).columns == ["Preis, USD", "leverage"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'a,b\n1,2\n3,"x\n4,5\n', "line 3 has a quotation mark"),
        (b"\0" * 5000, "is no text"),
        (b"a" * 3_000_000, "has a line of more than"),
        (b"a,b\n", "has no rows"),
        (b"\n\n\n", "has no rows"),
    ],
)
def test_damaged_text_is_refused_in_our_words(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert said in refused(path)


def test_more_columns_than_a_sheet_has_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",".join(f"c{number}" for number in range(100_000)) + "\n1,2\n")
    assert refused(path) == f"{path} has 100,000 columns; a table has at most 16,384."


def test_quotation_marks_behind_a_space_are_none_of_the_value(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('note, "entry"\n "S21", "1"\nB, 2\n "say ""so""", "3" \n')
    assert [values for _, *values in read(path)] == [["S21", "1"], ["B", " 2"], ['say "so"', "3"]]

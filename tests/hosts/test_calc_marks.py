"""Sentences in a Calc of another language: TEXT takes formats in the marks of that language."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.required import need
from support.template_texts import GOOD

from xladdin.hosts.libreoffice.installation import find_program
from xladdin.templates import library
from xladdin.templates.build import without_values
from xladdin.templates.read import read_template

pytestmark = pytest.mark.hosts

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop>
</item>
</oor:items>
"""


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "1,234.50 EUR a day, 102.9% of 1,200 since 2026-03-01."),
        ("de-DE", "1.234,50 EUR a day, 102,9% of 1.200 since 2026-03-01."),
        ("es-ES", "1.234,50 EUR a day, 102,9% of 1.200 since 2026-03-01."),
    ],
)
def test_figures_in_a_sentence_are_shown_as_the_language_has_them(tmp_path: Path, locale: str, said: str) -> None:
    sentence = "{rate:money} {currency} a day, {rate/1200:percent} of {1200:whole} since {DATE(2026,3,1):date}."
    text = GOOD.replace("example = 40", "example = 1234.5").replace("to = 1000 }, format", "to = 2000 }, format")
    text = text.replace("{income:money} {currency} in {days:0} days.", sentence)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    book = tmp_path / "mine.xlsx"
    book.write_bytes(without_values(read_template(tmp_path / "mine.toml", library.fields_path())))
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS.format(locale), encoding="utf-8")
    office = find_program("soffice")
    need("libreoffice", office)
    assert office is not None
    options = [
        "--headless",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    ]
    subprocess.run([office, *options, "--outdir", str(tmp_path), str(book)], check=True, capture_output=True)
    assert said in (tmp_path / "mine.csv").read_text(encoding="utf-8")

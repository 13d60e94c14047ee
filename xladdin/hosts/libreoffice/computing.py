"""A workbook computed by the LibreOffice that is installed here: a real spreadsheet for what ours can't compute."""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice.extension import build
from xladdin.hosts.libreoffice.installation import environment, find_program
from xladdin.workbook import columns
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model

_SECONDS = 300
# Of a file that another program saved LibreOffice would take the stored values.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def computed_by_libreoffice(model: Model) -> dict[Place, Any]:
    """What each formula of a workbook's file is in Calc, in a profile of its own with our functions in it.

    Raises
    ------
    UserError
        When LibreOffice is not installed, or can't compute the file.
    """
    office = find_program("soffice")
    if office is None:
        raise UserError("LibreOffice was not found; install it or put it on the PATH, or leave --engine out.")
    with tempfile.TemporaryDirectory(prefix="xladdin-") as name:
        folder = Path(name)
        source = folder / f"source{model.path.suffix.lower()}"
        source.write_bytes(model.package.data or model.path.read_bytes())
        written = _converted(office, folder, source)
        if written is None:
            raise UserError(f"LibreOffice ({office}) can't compute {model.path}.")
        found = read_model(written)
    return {place: columns.from_cell(value, found.epoch) for place, value in found.stored.items()}


def _converted(office: Path, folder: Path, source: Path) -> Path | None:
    """The file as Calc computes and writes it, or nothing where it fails."""
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    with zipfile.ZipFile(build(folder / "xladdin.oxt")) as archive:
        archive.extractall(folder / "extensions" / "xladdin")
    command = [
        *(str(office), f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
        *(f"-env:BUNDLED_EXTENSIONS={(folder / 'extensions').as_uri()}", "--headless", "--convert-to", "xlsx"),
        *("--outdir", str(folder / "computed"), str(source)),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, env=environment())
    except subprocess.TimeoutExpired:
        return None
    written = folder / "computed" / "source.xlsx"
    return written if written.is_file() else None

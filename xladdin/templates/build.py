"""From a template's text to a workbook: its sheets in their order, and the file with every value computed."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from xladdin.templates import styles
from xladdin.templates.blocks import write_calculations, write_entries, write_inputs, write_list, write_results
from xladdin.templates.checks import write_checks
from xladdin.templates.dashboard import LAST_COLUMN, write_dashboard
from xladdin.templates.language import Template
from xladdin.templates.meaning import Meaning
from xladdin.templates.own_texts import ENGLISH, OwnTexts
from xladdin.templates.places import CALCULATIONS, CHECKS, DASHBOARD, INPUT_WIDTHS, INPUTS, READ_ME, named_cells
from xladdin.templates.read_me import write_read_me
from xladdin.templates.saving import to_bytes
from xladdin.templates.sheets import Sheet, finish, new_sheet
from xladdin.workbook.filled_lists import AREA, EXAMPLE, digest
from xladdin.workbook.model import MAY_BE_BLANK
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate


def write(template: Template, path: Path, own: OwnTexts = ENGLISH) -> None:
    """Write a template's workbook with its values computed; the same text gives the same bytes."""
    recalculate(read_model(path, without_values(template, own)), path)


def without_values(template: Template, own: OwnTexts = ENGLISH) -> bytes:
    """A template's workbook as a file whose formulas have no values yet; `own` is what every workbook says."""
    meaning = Meaning(template, own)
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "xladdin"
    workbook.properties.title = template.title
    workbook.properties.description = template.purpose
    of_rows = {name: line.of_rows for lines in template.inputs.values() for name, line in lines.items()}
    for name, area in named_cells(meaning.places):
        said = [MAY_BE_BLANK] if name in meaning.optional else []
        said += [f"{of_rows[name]} of rows"] if of_rows.get(name) else []
        workbook.defined_names[name] = DefinedName(name, attr_text=area.address, comment="; ".join(said) or None)
    for name, text in _names_of_lists(meaning).items():
        workbook.defined_names[name] = DefinedName(name, attr_text=text, hidden=True)
    sheets = _sheets(workbook, meaning)
    write_read_me(sheets[READ_ME], meaning)
    _write_inputs(sheets[INPUTS], meaning)
    for title, rows in template.sheets.items():
        sheets[title].widths(*rows.widths)
        write_list(sheets[title], rows, meaning)
    _write_calculations(sheets[CALCULATIONS], meaning)
    write_dashboard(sheets[DASHBOARD], meaning)
    write_checks(sheets[CHECKS], meaning)
    for sheet in sheets.values():
        finish(sheet, template.title, list(sheets))
    return to_bytes(workbook)


def _names_of_lists(meaning: Meaning) -> dict[str, str]:
    """Where the tables to fill in are, and by what the example rows of lists are known: they are nobody's own."""
    template, places = meaning.template, meaning.places
    areas = {f"{AREA}{name}": body.whole.address for name, body in places.entries.items()}
    examples = {name: entries.example for name, entries in template.tables.items()}
    examples |= {sheet.name: sheet.example for sheet in template.sheets.values()}
    return areas | {f"{EXAMPLE}{name}": f'"{digest(rows)}"' for name, rows in examples.items()}


def _sheets(workbook: Workbook, meaning: Meaning) -> dict[str, Sheet]:
    """All sheets, empty, in their order."""
    tabs = {
        DASHBOARD: (styles.BLUE, LAST_COLUMN),
        INPUTS: (styles.ORANGE, meaning.places.last_columns[INPUTS]),
        **{title: (styles.ORANGE, meaning.places.last_columns[title]) for title in meaning.template.sheets},
        CALCULATIONS: (styles.SKY, meaning.places.last_columns[CALCULATIONS]),
        CHECKS: (styles.GREEN, 7),
        READ_ME: (styles.QUIET, 3),
    }
    verdicts = styles.VERDICTS | {word: styles.COLOURS[colour] for word, colour in meaning.template.words.items()}
    sheets = {}
    for title, (tab, last_column) in tabs.items():
        sheet = new_sheet(workbook, title, tab, last_column, meaning.places.last_rows.get(title, 0))
        sheet.verdicts = verdicts
        sheet.own = meaning.own
        sheet.portrait = title in (CALCULATIONS, DASHBOARD, CHECKS, READ_ME)
        sheet.has_links = title != READ_ME  # which lists them with what is there
        sheet.one_page = title in (READ_ME, INPUTS, DASHBOARD, CHECKS)
        sheets[title] = sheet
    return sheets


def _write_inputs(sheet: Sheet, meaning: Meaning) -> None:
    sheet.widths(*INPUT_WIDTHS, 3, *INPUT_WIDTHS)
    results = {name: line for lines in meaning.template.results.values() for name, line in lines.items()}
    write_inputs(sheet, meaning.places.inputs, meaning)
    write_results(sheet, meaning.places.results, results, meaning)
    for name, entries in meaning.template.tables.items():
        write_entries(sheet, name, entries, meaning)


def _write_calculations(sheet: Sheet, meaning: Meaning) -> None:
    page = meaning.template.pages.calculations
    sheet.widths(*(page.widths or [26, *[14] * 6]))
    sheet.portrait = not page.landscape
    write_calculations(sheet, meaning)

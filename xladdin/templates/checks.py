"""The sheet Checks: inputs within their limits, rules between them, results against plain formulas, and one flag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.workbook.defined_name import DefinedName

from xladdin.templates import styles
from xladdin.templates.allowed import LARGEST, SMALLEST, Allowed, allowed_of
from xladdin.templates.arrays import FUNCTIONS_ARE_MISSING
from xladdin.templates.meaning import Meaning
from xladdin.templates.places import CHECKS, FIRST_COLUMN, FIRST_ROW, NUMBER_MARKS, cell
from xladdin.templates.sheets import Sheet
from xladdin.templates.styles import align, font, format_of
from xladdin.workbook import flag

MISSING = "FUNCTIONS MISSING: see Read me"
_NOT_SO = 'not so: "{rule}"'
_TOLERANCE = 1e-9
_SUMMARY = FIRST_ROW + 1


@dataclass(frozen=True)
class Comparison:
    """A result and the same figure by plain formulas, as Checks shows them."""

    label: str
    ours: str
    plain: str
    number_format: str
    note: str


def comparisons(meaning: Meaning) -> Iterator[tuple[str, Comparison]]:
    """The template's checks by their names, with what they take from the result of the same name."""
    results = {name: line for lines in meaning.template.results.values() for name, line in lines.items()}
    for name, check in meaning.template.checks.items():
        result = results.get(name)
        number_format = check.format or (result.format if result else "money")
        yield (
            name,
            Comparison(
                check.label or (result.label if result else name),
                check.ours or name,
                check.plain,
                format_of(number_format),
                check.note,
            ),
        )


def write_checks(sheet: Sheet, meaning: Meaning) -> None:
    """All of the sheet."""
    sheet.widths(32, 17, 20, 20, 12, 60)
    sheet.heading(FIRST_ROW, meaning.own("Overall"))
    row = _SUMMARY + 5
    row = _write_limits(sheet, row, meaning)  # causes before consequences: the flag names the first check that fails
    first_rule = row + 2
    row = _write_rules(sheet, row, meaning)
    last_rule = row - 2
    row = _write_comparisons(sheet, row, meaning)
    sheet.last_row = row
    _write_overall(sheet, meaning, (first_rule, last_rule) if meaning.template.rules else None)
    sheet.mark_verdicts(f"F{_SUMMARY}:F{row}")


def _write_overall(sheet: Sheet, meaning: Meaning, rules: tuple[int, int] | None) -> None:
    """The flag; `rules` are the first and the last row of the rules: sentences that may say where they do not hold."""
    row = _SUMMARY
    top = row + 5
    verdicts, labels, places = (f"${column}${top}:${column}${sheet.last_row}" for column in "FBD")
    own = meaning.own
    first_failing = f'MATCH("CHECK",{verdicts},0)'
    failing = f"INDEX({labels},{first_failing})"
    if rules:
        first, last = (f"ROWS($F${top}:$F${place})" for place in rules)
        before, after = (part.replace('"', '""') for part in own(_NOT_SO).split("{rule}"))
        not_so = f'"{before}"&{failing}&"{after}"'
        if _says_where(meaning):
            where = f"INDEX({places},{first_failing})"
            not_so += f'&IF({where}="","",": "&{where})'
        failing = f"IF(AND({first_failing}>={first},{first_failing}<={last}),{not_so},{failing})"
    failed = f'"{own("CHECK FAILED: ")}"&{failing}'
    said = f'IF(checks_failed=0,"{own(flag.PASSES)}",{failed})'
    if meaning.uses_our_functions:
        said = f'IF({FUNCTIONS_ARE_MISSING},"{own(MISSING)}",{said})'
    lines = (
        ("Flag", said, styles.GENERAL, flag.NAME, "Shown on every sheet; names the first check that fails"),
        ("Checks that fail", f'COUNTIF({verdicts},"CHECK")', styles.WHOLE, flag.COUNT, "Of all below"),
    )
    for place, (label, formula, number_format, name, note) in enumerate(lines):
        _write_label(sheet, row + place, own(label), own(note))
        sheet.formula(row + place, FIRST_COLUMN + 1, formula, number_format).alignment = align("left")
        _define(sheet, name, row + place)
    tolerance = own("Difference allowed")
    _write_label(sheet, row + 2, tolerance, own("Relative to the figure, or absolute where that is below 1"))
    sheet.value(
        row + 2,
        FIRST_COLUMN + 1,
        _TOLERANCE,
        styles.DIFFERENCE,
        Allowed(low=0, high=0.01),
        tolerance,
    ).alignment = align("left")
    _define(sheet, "check_tolerance", row + 2)
    _write_label(sheet, NUMBER_MARKS.top, own("Marks of numbers"), own("Of decimals and of thousands, in sentences"))
    marks = "MID(1/2,2,1)&MID(FIXED(1000000,0),2,1)"
    sheet.formula(NUMBER_MARKS.top, NUMBER_MARKS.left, marks, styles.GENERAL).alignment = align("left")


def _define(sheet: Sheet, name: str, row: int) -> None:
    address = cell(CHECKS, row, FIRST_COLUMN + 1).address
    sheet.worksheet.parent.defined_names[name] = DefinedName(name, attr_text=address)


def _write_comparisons(sheet: Sheet, row: int, meaning: Meaning) -> int:
    compared = list(comparisons(meaning))
    if not compared:
        return row
    tolerance = f"$C${_SUMMARY + 2}"
    ours = "LEV_ result" if meaning.uses_our_functions else "Result"
    row = _write_headings(sheet, row, "Results against native formulas", "Check", ours, "Native formula", "Difference")
    for _, check in compared:
        _write_label(sheet, row, check.label, check.note)
        sheet.formula(row, 3, meaning.formula(check.ours), check.number_format)
        sheet.formula(row, 4, meaning.formula(check.plain), check.number_format)
        of_texts = f"IF(AND(ISTEXT(C{row}),ISTEXT(D{row})),IF(C{row}=D{row},0,NA()),C{row}-D{row})"
        sheet.formula(row, 5, f"IF(AND(ISERROR(C{row}),ISERROR(D{row})),0,{of_texts})", styles.DIFFERENCE)
        verdict = f'IF(ISERROR(E{row}),"CHECK",IF(E{row}=0,"OK",IF(ABS(E{row})<={tolerance}*MAX(1,ABS(D{row})),'
        sheet.formula(row, 6, verdict + '"OK","CHECK")))', styles.TEXT)
        row += 1
    return row + 1


def _write_rules(sheet: Sheet, row: int, meaning: Meaning) -> int:
    if not meaning.template.rules:
        return row
    where = "Where not" if _says_where(meaning) else ""
    row = _write_headings(sheet, row, "Rules between inputs", "What must be so", "Holds", where, "")
    for label, rule in meaning.template.rules.items():
        _write_label(sheet, row, label, rule.note)
        sheet.formula(row, 3, f"IFERROR({meaning.formula(rule.holds)},FALSE)", styles.GENERAL)
        if rule.where:
            where = f'IF(C{row},"-",IFERROR({meaning.formula(rule.where)},""))'
            sheet.formula(row, 4, where, styles.GENERAL).alignment = align("left")
        sheet.formula(row, 6, f'IF(C{row},"OK","CHECK")', styles.TEXT)
        row += 1
    return row + 1


def _says_where(meaning: Meaning) -> bool:
    return any(rule.where for rule in meaning.template.rules.values())


def _write_limits(sheet: Sheet, row: int, meaning: Meaning) -> int:
    row = _write_headings(sheet, row, "Inputs within their limits", "Check", "Value", "Lowest", "Highest")
    for lines in meaning.template.inputs.values():
        for name, line in lines.items():
            allowed, number_format = allowed_of(line.allowed, meaning.template.allowed), format_of(line.format)
            or_blank = meaning.own(", or blank") if line.optional else ""
            _write_label(sheet, row, line.label, allowed.described(number_format, meaning.own) + or_blank)
            given = f'IF(ISBLANK({name}),"{meaning.own("blank")}",{name})' if line.optional else name
            sheet.formula(row, 3, given, number_format)
            inside = _inside(sheet, row, allowed, number_format)
            inside = f"IF(ISBLANK({name}),TRUE,{inside})" if line.optional else inside
            sheet.formula(row, 6, f'IF({inside},"OK","CHECK")', styles.TEXT)
            row += 1
    return row + 1


def _inside(sheet: Sheet, row: int, allowed: Allowed, number_format: str) -> str:
    """A formula that is true where the input of a row is within its limits, which are written beside it."""
    if allowed.words:
        sheet.worksheet.cell(row, 7, ",".join(allowed.words))  # also what the formula looks in
        return f'ISNUMBER(SEARCH(","&C{row}&",",","&G{row}&","))'
    if allowed.length:
        _write_bound(sheet, row, 5, allowed.length, styles.WHOLE)
        return f"LEN(C{row})<=E{row}"
    if allowed.date:
        return f"AND(ISNUMBER(C{row}),C{row}>=1)"
    _write_bound(sheet, row, 4, allowed.low, _bound_format(allowed.low, number_format))
    _write_bound(sheet, row, 5, allowed.high, _bound_format(allowed.high, number_format))
    inside = f"AND(ISNUMBER(C{row}),C{row}>=D{row},C{row}<=E{row})"
    return f"IF({inside},C{row}=INT(C{row}))" if allowed.whole else inside


def _write_bound(sheet: Sheet, row: int, column: int, value: float, number_format: str) -> None:
    bound = sheet.worksheet.cell(row, column, value)
    bound.number_format = number_format
    bound.font, bound.alignment = font(colour=styles.QUIET), align("right")


def _bound_format(bound: float, number_format: str) -> str:
    return {SMALLEST: "0.00000000", LARGEST: styles.WHOLE}.get(bound, number_format)


def _write_headings(sheet: Sheet, row: int, title: str, what: str, *columns: str) -> int:
    sheet.heading(row, sheet.own(title))
    for column, word in enumerate((what, *columns, "Verdict", "Note"), FIRST_COLUMN):
        middle = "center" if word == "Verdict" else "right"
        horizontal = "left" if word in (what, "Note") else middle
        header = sheet.header(row + 1, column, sheet.own(word), horizontal=horizontal)
        if word == "Note":
            header.alignment = align("left", indent=1)
    return row + 2


def _write_label(sheet: Sheet, row: int, label: str, note: str) -> None:
    left, right = sheet.worksheet.cell(row, FIRST_COLUMN, label), sheet.worksheet.cell(row, 7, note or None)
    left.font, right.font = font(), font(10, colour=styles.QUIET)
    left.alignment, right.alignment = align(), align("left", indent=1)

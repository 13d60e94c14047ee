"""A template's text tried out: read, built in memory and computed with its own example."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from xladdin.core.errors import CODES
from xladdin.templates.build import without_values
from xladdin.templates.library import fields_path
from xladdin.templates.read import read_template
from xladdin.workbook import flag
from xladdin.workbook.compute import compute
from xladdin.workbook.model_reader import read_model


class Trial(NamedTuple):
    """What a template takes and gives, and what is worth a look in what came out."""

    inputs: int
    outputs: int
    remarks: list[str]


def tried(text: Path) -> Trial:
    """Try a template's text out.

    Raises
    ------
    TemplateTextError
        With all faults that it has.
    """
    model = read_model(text.with_suffix(".xlsx"), without_values(read_template(text, fields_path())))
    (values,) = compute(model, [{}])
    remarks = [
        f"{text}: with the example {name} is {values[output.place]}."
        for name, output in model.outputs.items()
        if values[output.place] in CODES
    ]
    if said := flag.failing(model, values):
        remarks.append(f"{text}: with the example the flag on every sheet says {said}.")
    return Trial(len(model.inputs), len(model.outputs), remarks)

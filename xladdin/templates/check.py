"""What a template's text means, checked before anything is written: names, what goes together, formulas, circles."""

from __future__ import annotations

from xladdin.templates.check_formulas import formula_faults
from xladdin.templates.check_names import name_faults
from xladdin.templates.check_parts import part_faults
from xladdin.templates.faults import Fault
from xladdin.templates.language import Template


def faults_in(template: Template) -> list[Fault]:
    """All that is wrong in what a template means; its words are those of the language."""
    faults = [*name_faults(template), *part_faults(template)]
    # A formula can be followed where its places are known, and a name that is none is told once.
    return faults or formula_faults(template)

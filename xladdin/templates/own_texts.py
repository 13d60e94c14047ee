"""What every workbook says besides its template's texts, in the language of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_NUMBER = "1,234.5"  # by which a language shows how it writes one


@dataclass(frozen=True)
class OwnTexts:
    """Gives a text of ours in a language; one that it has not stays as it is."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        return self.texts.get(text, text)

    def number(self, shown: str) -> str:
        """A number that is shown with a comma between thousands and a point before decimals."""
        example = self(_NUMBER)
        return shown.translate(str.maketrans(",.", example[1] + example[-2]))


ENGLISH = OwnTexts()

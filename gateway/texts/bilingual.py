"""A text in the languages that people of a programme read."""

from typing import NamedTuple

Locale = str
"""en or fr."""


class Words(NamedTuple):
    """One text in both languages; what stands in braces is filled in."""

    en: str
    fr: str

    def told(self, locale: Locale) -> str:
        return self.fr if locale == "fr" else self.en
